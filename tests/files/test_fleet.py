"""Facts of a fleet: what its files mean together, and what stops whom."""

import random
from pathlib import Path

import pytest

from flexsync.desired.fleet import declared, open_fleet
from flexsync.errors import Where
from tests.support.folders import (
    AS_OF,
    FLEET,
    HEADER,
    NOEL,
    across,
    all_declared,
    client,
    firm,
    one,
    refused,
    told,
    write,
)

SOLO = """\
apiVersion: flexsync/v1
kind: Subscription
name: {name}
offer: flex
seats: 1
products: {{compta: {{}}}}
admin: {{civility: madame, given_name: Léa, family_name: Bernard, email: {email}, also_user: true}}
"""


def solo(name: str = "solo-bernard", email: str = "lea@bernard.example") -> str:
    return SOLO.format(name=name, email=email)


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


def test_people_are_whole_and_have_one_address_each(tmp_path: Path):
    incomplete = FLEET.replace(", email: j.roux@morel.example", "")
    assert told(refused(firm(tmp_path, fleet=incomplete))) == ["fleet.yaml:6:11: missing"]
    twice = FLEET.replace("j.roux@morel.example", "C.Morel@morel.example")
    assert [problem.code for problem in refused(firm(tmp_path, fleet=twice))] == ["duplicate-email"]


def test_the_key_of_a_person_is_enough_and_names_of_its_own_are_kept(tmp_path: Path):
    body = "users:\n  c.morel: {access: []}\n"
    same = one(firm(tmp_path, {"clients/a.yaml": client("a-client", body)}))
    assert same.data["users"]["c.morel"]["email"] == "c.morel@morel.example"
    own = body.replace("{access: []}", "{given_name: Carl, access: []}")
    other = one(firm(tmp_path, {"clients/a.yaml": client("a-client", own)}))
    assert "email" not in other.data["users"]["c.morel"]
    assert "identity" in [problem.code for problem in other.problems]


def test_a_row_of_the_table_is_a_client(tmp_path: Path):
    noel = one(firm(tmp_path, table=HEADER + NOEL))
    assert noel.usable
    assert noel.name == "fleuriste-noel"
    assert noel.data["company"] == {"siren": "987654324", "legal_name": "Fleuriste Noël"}
    places = noel.places
    assert places is not None
    assert places.layer(("company", "siren")) == "clients.csv"
    assert places.where(("company", "siren")) == Where("clients.csv", 2, 16)
    assert places.where(("services", "vat_filing", "sirets", 0)).line == 2
    assert places.layer(("services", "vat_filing", "enabled")) == "profile vat"


def test_a_file_lies_over_the_row_of_its_name(tmp_path: Path):
    files = {"clients/noel.yaml": "apiVersion: flexsync/v1\nkind: Subscription\nname: fleuriste-noel\nseats: 7\n"}
    noel = one(firm(tmp_path, files, table=HEADER + NOEL))
    assert noel.usable
    assert (noel.data["seats"], noel.data["company"]["siren"]) == (7, "987654324")
    assert across([noel]) == ()


def test_files_come_in_order_and_rows_after_them(tmp_path: Path):
    files = {"clients/b.yaml": client("zz-first"), "clients/c.yaml": client("aa-second")}
    found = all_declared(firm(tmp_path, files, table=HEADER + NOEL))
    assert [each.name for each in found] == ["zz-first", "aa-second", "fleuriste-noel"]


def test_a_damaged_row_stops_its_client_only(tmp_path: Path):
    damaged = NOEL.replace("987654324", "9.87654E+08").replace("fleuriste-noel", "fleuriste-blanc")
    bad, good = all_declared(firm(tmp_path, table=HEADER + damaged + NOEL))
    assert (bad.name, bad.usable, good.usable) == ("fleuriste-blanc", False, True)
    assert {problem.where.line for problem in bad.problems} == {2}


def test_a_cell_that_does_not_fit_is_told_in_the_words_of_the_schema(tmp_path: Path):
    only = one(firm(tmp_path, table=HEADER + NOEL.replace("vat;2", "vat;0").replace("Fleuriste Noël", "<b>")))
    assert told(only.problems) == ["clients.csv:2:26: form", "clients.csv:2:34: range"]
    assert only.problems[1].message == "seats: expected a whole number from 1 to 999; found 0. Mend the value."
    assert only.problems[1].source.startswith("fleuriste-noel;")


def test_a_table_with_an_unknown_column_stops_the_fleet(tmp_path: Path):
    assert refused(firm(tmp_path, table="name;sirn\n"))[0].where.file == "clients.csv"


def test_a_table_that_is_missing_stops_the_fleet(tmp_path: Path):
    firm(tmp_path)
    (tmp_path / "clients.csv").unlink()
    assert told(refused(firm(tmp_path, fleet=FLEET.replace("table: clients.csv", "table: other.csv")))) == [
        "other.csv:1:1: file-missing"
    ]


ROSTER = "key;civility;given_name;family_name;email;access;starts_on;ends_on\n"
BLANC = "a.blanc;madame;Agnès;Blanc;agnes@petit.example;compta;;2026-06-30\n"


def test_a_roster_adds_users_and_the_file_that_names_it_may_change_them(tmp_path: Path):
    files = {
        "rosters/petit.csv": ROSTER + BLANC,
        "clients/petit.yaml": client("boulangerie-petit", "users_table: rosters/petit.csv\n"),
    }
    petit = one(firm(tmp_path, files))
    assert petit.usable
    assert petit.data["users"]["a.blanc"]["access"] == ["compta"]
    places = petit.places
    assert places is not None
    assert places.layer(("users", "a.blanc", "email")) == "rosters/petit.csv"
    assert places.where(("users", "a.blanc", "email")).line == 2
    gone = client("boulangerie-petit", "users_table: rosters/petit.csv\nusers: {a.blanc: null}\n")
    assert list(one(firm(tmp_path, {"clients/petit.yaml": gone})).data["users"]) == ["j.roux"]


def test_a_roster_of_a_profile_lies_under_what_comes_later(tmp_path: Path):
    fleet = FLEET.replace("    seats: 2\n", "    seats: 3\n    users_table: rosters/all.csv\n")
    blanc = "users: {a.blanc: {ends_on: null}}\n"
    files = {"rosters/all.csv": ROSTER + BLANC, "clients/a.yaml": client("a-client", blanc)}
    only = one(firm(tmp_path, files, fleet))
    assert only.usable
    assert "ends_on" not in only.data["users"]["a.blanc"]
    assert only.data["users"]["j.roux"]["access"] == ["compta"]


def test_a_roster_without_lines_means_that_users_are_managed(tmp_path: Path):
    fleet = FLEET.replace("    users: {j.roux: {access: [compta]}}\n", "").replace("recipients: [j.roux], ", "")
    files = {"rosters/none.csv": ROSTER, "clients/a.yaml": client("a-client", "users_table: rosters/none.csv\n")}
    only = one(firm(tmp_path, files, fleet))
    assert only.data["users"] == {}
    assert [problem.code for problem in only.problems] == ["first-user"]


@pytest.mark.parametrize("roster", ["rosters/none.csv", "../outside.csv", "/etc/passwd"])
def test_a_roster_that_cannot_be_read_is_told_where_it_is_asked_for(tmp_path: Path, roster: str):
    files = {"clients/a.yaml": client("a-client", f"users_table: {roster}\n"), "clients/b.yaml": client("b-client")}
    bad, good = all_declared(firm(tmp_path, files))
    assert bad.problems[0].where == Where("clients/a.yaml", 6, 14)
    assert bad.problems[0].code in ("file-missing", "file-outside")
    assert good.usable


def test_a_broken_client_file_stops_nobody_else_and_keeps_its_name(tmp_path: Path):
    files = {"clients/a.yaml": client("a-client", "seats: [\n"), "clients/b.yaml": client("b-client")}
    bad, good = all_declared(firm(tmp_path, files))
    assert (bad.name, bad.spec, bad.where.file) == ("a-client", None, "clients/a.yaml")
    assert {problem.subscription for problem in bad.problems} == {"a-client"}
    assert good.usable


def test_the_row_of_a_client_whose_file_cannot_be_read_is_not_used_alone(tmp_path: Path):
    broken = {"clients/fleuriste-noel.yaml": "kind: [\n"}
    (bad,) = all_declared(firm(tmp_path, broken, table=HEADER + NOEL))
    assert (bad.name, bad.usable) == ("fleuriste-noel", False)
    named = {"clients/fleuriste-noel.yaml": "name: fleuriste-noel\nkind: [\n"}
    assert [each.usable for each in all_declared(firm(tmp_path, named, table=HEADER + NOEL))] == [False]


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


def test_one_name_in_two_places_stops_both(tmp_path: Path):
    files = {"clients/a.yaml": client("a-client"), "clients/b.yaml": client("a-client")}
    problems = across(all_declared(firm(tmp_path, files)))
    assert told(problems) == ["clients/a.yaml:3:7: duplicate-name", "clients/b.yaml:3:7: duplicate-name"]
    assert {problem.subscription for problem in problems} == {"a-client"}


def test_two_rows_of_one_name_stop_both(tmp_path: Path):
    found = all_declared(firm(tmp_path, table=HEADER + NOEL + NOEL))
    assert [each.usable for each in found] == [False, False]
    assert len(across(found)) == 2


def test_one_address_with_two_names_stops_both_clients(tmp_path: Path):
    other = solo("one-b").replace("Léa", "Luc")
    third = solo("one-c")
    found = all_declared(write(tmp_path, {"a.yaml": solo("one-a"), "b.yaml": other, "c.yaml": third}))
    problems = across(found)
    assert [(problem.code, problem.subscription) for problem in problems] == [
        ("person-differs", "one-a"),
        ("person-differs", "one-b"),
    ]


def test_who_stands_under_people_is_right_and_only_the_other_is_stopped(tmp_path: Path):
    body = (
        "users:\n  j.roux: null\n"
        "  x: {civility: madame, given_name: J., family_name: Roux, email: J.Roux@morel.example}\n"
    )
    stranger = client("b-client", body).replace("{sirets", "{recipients: [], sirets")
    files = {
        "clients/a.yaml": stranger.replace("b-client", "a-client"),
        "clients/b.yaml": client("b-client"),
        "clients/c.yaml": stranger.replace("b-client", "c-client"),
    }
    problems = across(all_declared(firm(tmp_path, files)))
    assert [problem.subscription for problem in problems] == ["a-client", "c-client"]


def test_the_order_in_which_files_were_written_does_not_matter(tmp_path: Path):
    files = {f"clients/{letter}.yaml": client(f"{letter}-client") for letter in "abcdefgh"}
    names = list(files)
    random.Random(7).shuffle(names)
    plain = [(each.name, each.data) for each in all_declared(firm(tmp_path / "1", files))]
    mixed = [
        (each.name, each.data) for each in all_declared(firm(tmp_path / "2", {name: files[name] for name in names}))
    ]
    assert plain == mixed


def test_clients_are_read_one_at_a_time(tmp_path: Path):
    folder = firm(tmp_path, {"clients/a.yaml": client("a-client"), "clients/b.yaml": client("b-client")})
    stream = declared(open_fleet(folder), AS_OF)
    assert next(stream).name == "a-client"
    (tmp_path / "clients" / "b.yaml").write_text(client("b-renamed"))
    assert next(stream).name == "b-renamed"


@pytest.mark.parametrize(
    ("path", "as_of", "count"), [("guide", "2013-02-15", 1), ("minimal", "2026-01-15", 1), ("firm", "2026-01-15", 150)]
)
def test_the_examples_are_right(path: str, as_of: str, count: int):
    from datetime import date

    from flexsync.desired.source import Folder

    found = all_declared(Folder(Path(__file__).parents[2] / "examples" / path), as_of=date.fromisoformat(as_of))
    assert [problem for each in found for problem in each.problems] == []
    assert sum(each.usable for each in found) == count
    assert across(found) == ()
