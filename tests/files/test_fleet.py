"""Facts of a fleet: what its files mean together, and what stops whom."""

from pathlib import Path

import pytest

from flexsync.errors import Where
from tests.support.folders import (
    FLEET,
    all_declared,
    client,
    firm,
    one,
    refused,
    solo,
    told,
    write,
)


def test_a_client_is_the_sum_of_its_layers(tmp_path: Path):
    petit = one(firm(tmp_path, {"clients/petit.yaml": client("boulangerie-petit", "seats: 3\n")}))
    assert petit.usable
    assert petit.problems == ()
    spec = petit.spec
    assert spec is not None
    assert (spec.offer, spec.seats, list(spec.products)) == ("ultraflex", 3, ["compta"])
    assert spec.admin is not None
    assert spec.admin.email == "c.morel@morel.example"
    assert spec.users["j.roux"] is not None
    assert spec.users["j.roux"].given_name == "Julie"


def test_each_value_remembers_its_layer_and_place(tmp_path: Path):
    petit = one(firm(tmp_path, {"clients/petit.yaml": client("boulangerie-petit", "seats: 3\n")}))
    places = petit.places
    assert places is not None
    assert places.layer(("seats",)) == "clients/petit.yaml"
    assert places.where(("seats",)) == Where("clients/petit.yaml", 6, 8)
    assert places.layer(("offer",)) == "defaults"
    assert places.where(("offer",)) == Where("fleet.yaml", 8, 10)
    assert places.layer(("users", "j.roux", "access")) == "profile vat"
    assert places.layer(("users", "j.roux", "email")) == "people"
    assert places.where(("users", "j.roux", "email")).line == 6
    assert places.layer(("admin", "email")) == "people"
    assert places.where(("admin", "email")).line == 5
    assert places.layer(("policy", "drift")) == "built-in"


def test_the_name_fills_the_variable_of_the_shared_password(tmp_path: Path):
    petit = one(firm(tmp_path, {"clients/petit.yaml": client("boulangerie-petit")}))
    assert petit.data["services"]["vat_filing"]["password_from"] == {"env": "FLEX_BOULANGERIE_PETIT_EFILING"}


def test_null_removes_what_a_profile_gave(tmp_path: Path):
    body = "users:\n  j.roux: null\n  m.petit: {civility: monsieur, given_name: Marc, family_name: Petit, "
    body += "email: marc@petit.example}\n"
    petit = one(firm(tmp_path, {"clients/petit.yaml": client("boulangerie-petit", body)}))
    assert list(petit.data["users"]) == ["m.petit"]
    places = petit.places
    assert places is not None
    assert places.where(("users", "j.roux")).line == 7
    assert [problem.code for problem in petit.problems] == ["recipient"]


def test_later_profiles_win_and_profiles_may_build_on_others(tmp_path: Path):
    profiles = "  low: {seats: 5}\n  high: {profiles: [low], policy: {drift: revert}}\nclients:"
    fleet = FLEET.replace("clients:", profiles)
    body = client("a-client").replace("[vat]", "[vat, high]")
    both = one(firm(tmp_path, {"clients/a.yaml": body}, fleet))
    assert (both.data["seats"], both.data["policy"]) == (5, {"drift": "revert"})
    (tmp_path / "clients" / "a.yaml").write_text(body.replace("[vat, high]", "[high, vat]"))
    assert one(firm(tmp_path, fleet=fleet)).data["seats"] == 2


def test_profiles_in_a_circle_stop_the_fleet(tmp_path: Path):
    fleet = FLEET.replace("  vat:\n", "  vat:\n    profiles: [payroll]\n").replace(
        "paye: {}}", "paye: {}}\n    profiles: [vat]"
    )
    assert [problem.code for problem in refused(firm(tmp_path, fleet=fleet))] == ["profile-cycle"]


def test_an_unknown_profile_stops_its_client_and_guesses_what_was_meant(tmp_path: Path):
    files = {"clients/a.yaml": client("a-client").replace("[vat]", "[vta]"), "clients/b.yaml": client("b-client")}
    bad, good = all_declared(firm(tmp_path, files))
    assert told(bad.problems)[0] == "clients/a.yaml:4:12: unknown-profile"
    assert 'Did you mean "vat"?' in bad.problems[0].message
    assert bad.problems[0].source == "profiles: [vta]"
    assert good.usable


def test_an_unknown_profile_or_person_of_the_fleet_file_stops_it(tmp_path: Path):
    assert (
        "unknown-person" in told(refused(firm(tmp_path, fleet=FLEET.replace("person: c.morel", "person: c.morell"))))[0]
    )
    assert (
        "unknown-profile"
        in told(refused(firm(tmp_path, fleet=FLEET.replace("offer: u", "profiles: [xx]\n  offer: u"))))[0]
    )


def test_an_unknown_person_stops_its_client_only(tmp_path: Path):
    files = {"clients/a.yaml": client("a-client", "admin: {person: cmorel}\n"), "clients/b.yaml": client("b-client")}
    bad, good = all_declared(firm(tmp_path, files))
    assert (bad.problems[0].code, bad.problems[0].where) == ("unknown-person", Where("clients/a.yaml", 6, 17))
    assert good.usable


def test_the_key_of_a_person_is_enough_and_names_of_its_own_are_kept(tmp_path: Path):
    body = "users:\n  c.morel: {access: []}\n"
    same = one(firm(tmp_path, {"clients/a.yaml": client("a-client", body)}))
    assert same.data["users"]["c.morel"]["email"] == "c.morel@morel.example"
    own = body.replace("{access: []}", "{given_name: Carl, access: []}")
    other = one(firm(tmp_path, {"clients/a.yaml": client("a-client", own)}))
    assert "email" not in other.data["users"]["c.morel"]
    assert "identity" in [problem.code for problem in other.problems]


def test_a_broken_client_file_stops_nobody_else_and_keeps_its_name(tmp_path: Path):
    files = {"clients/a.yaml": client("a-client", "seats: [\n"), "clients/b.yaml": client("b-client")}
    bad, good = all_declared(firm(tmp_path, files))
    assert (bad.name, bad.spec, bad.where.file) == ("a-client", None, "clients/a.yaml")
    assert {problem.subscription for problem in bad.problems} == {"a-client"}
    assert good.usable


def test_a_link_among_the_clients_is_refused_and_stops_nobody_else(tmp_path: Path):
    folder = firm(tmp_path, {"clients/b.yaml": client("b-client")})
    (tmp_path / "clients" / "a.yaml").symlink_to("/etc/hosts")
    bad, good = all_declared(folder)
    assert told(bad.problems) == ["clients/a.yaml:1:1: file-not-regular"]
    assert good.usable


def test_file_names_that_differ_by_case_only_are_both_refused(tmp_path: Path):
    folder = firm(tmp_path, {"clients/A.yaml": client("a-client"), "clients/a.yaml": client("b-client")})
    if len(folder.glob("clients/*.yaml")) < 2:
        pytest.skip("this file system does not tell case apart")
    found = all_declared(folder)
    assert [[problem.code for problem in each.problems] for each in found] == [["file-case"], ["file-case"]]


def test_a_fleet_among_the_clients_is_no_client(tmp_path: Path):
    only = one(firm(tmp_path, {"clients/a.yaml": FLEET}))
    assert [problem.code for problem in only.problems] == ["kind"]


def test_one_file_needs_no_fleet(tmp_path: Path):
    only = one(write(tmp_path, {"subscription.yaml": solo()}), "subscription.yaml")
    assert only.usable
    assert only.name == "solo-bernard"


def test_a_folder_of_subscriptions_needs_no_fleet(tmp_path: Path):
    found = all_declared(
        write(tmp_path, {"a.yaml": solo("one-a", "a@a.example"), "b.yml": solo("one-b", "b@b.example")})
    )
    assert [each.name for each in found if each.usable] == ["one-a", "one-b"]


def test_an_empty_folder_says_what_to_do(tmp_path: Path):
    (problem,) = refused(write(tmp_path, {}))
    assert problem.code == "nothing-here"
    assert "flexsync init" in problem.message


def test_a_person_or_profile_needs_a_fleet(tmp_path: Path):
    text = (
        solo()
        .replace("offer: flex", "offer: flex\nprofiles: [vat]")
        .replace("civility: madame", "person: x, civility: madame")
    )
    only = one(write(tmp_path, {"subscription.yaml": text}))
    assert {"unknown-profile", "unknown-person"} <= {problem.code for problem in only.problems}


def test_a_catalogue_of_its_own_replaces_the_built_in_one(tmp_path: Path):
    own = """\
apiVersion: flexsync/v1
kind: Catalogue
name: mine
offers: {basic: {label: {fr: Base, en: Basic}, rank: 1}}
products: {ledger: {label: {fr: Livre, en: Ledger}, editions: [one]}}
services: {}
"""
    fleet = FLEET.split("defaults:", maxsplit=1)[0] + "catalogue: catalogue.yaml\n"
    text = solo().replace("offer: flex", "offer: basic").replace("compta", "ledger")
    folder = write(tmp_path, {"fleet.yaml": fleet, "catalogue.yaml": own, "clients/a.yaml": text})
    assert one(folder).usable
    dangling = own.replace("rank: 1", "rank: 1, services: [vat]")
    assert told(refused(write(tmp_path, {"catalogue.yaml": dangling}))) == ["catalogue.yaml:4:68: unknown-reference"]


def test_a_day_that_does_not_exist_is_at_its_place(tmp_path: Path):
    only = one(firm(tmp_path, {"clients/a.yaml": client("a-client", "ends_on: 2026-02-30\n")}))
    assert told(only.problems)[0].startswith("clients/a.yaml:6:10: ")
