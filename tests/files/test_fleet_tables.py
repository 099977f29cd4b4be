"""Facts of tables in a fleet: rows of clients, rosters of users."""

from pathlib import Path

import pytest

from flexsync.desired.source import Folder
from flexsync.errors import Where
from tests.support.folders import (
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
)


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


def test_a_client_with_two_lines_is_told_once_a_line(tmp_path: Path):
    declared = all_declared(firm(tmp_path, table=HEADER + NOEL + NOEL))
    found = [*(problem for each in declared for problem in each.problems), *across(declared)]
    assert sorted(told(found)) == ["clients.csv:2:1: duplicate-key", "clients.csv:3:1: duplicate-key"]


def test_a_table_with_an_unknown_column_stops_the_fleet(tmp_path: Path):
    assert refused(firm(tmp_path, table="name;sirn\n"))[0].where.file == "clients.csv"


def test_a_table_that_is_missing_stops_the_fleet(tmp_path: Path):
    found = refused(firm(tmp_path, fleet=FLEET.replace("table: clients.csv", "table: other.csv")))
    assert told(found) == ["fleet.yaml:18:41: file-missing"]
    assert found[0].message.startswith("other.csv: ")


def test_all_that_a_fleet_names_and_that_cannot_be_had_is_told_where_it_is_named(tmp_path: Path):
    fleet = FLEET.replace("clients/*.yaml", "../x/*.yaml").replace("table: clients.csv", "table: other.csv")
    source = firm(tmp_path, fleet=f"{fleet}catalogue: prices.yaml\n")
    assert [problem.code for problem in refused(source)] == ["file-missing", "file-pattern", "file-missing"]
    assert {problem.where.file for problem in refused(source)} == {"fleet.yaml"}
    assert all(problem.source for problem in refused(source))


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


def test_the_row_of_a_client_whose_file_cannot_be_read_is_not_used_alone(tmp_path: Path):
    broken = {"clients/fleuriste-noel.yaml": "kind: [\n"}
    (bad,) = all_declared(firm(tmp_path, broken, table=HEADER + NOEL))
    assert (bad.name, bad.usable) == ("fleuriste-noel", False)
    named = {"clients/fleuriste-noel.yaml": "name: fleuriste-noel\nkind: [\n"}
    assert [each.usable for each in all_declared(firm(tmp_path, named, table=HEADER + NOEL))] == [False]


def unreadable(root: Path, how: str, text: str) -> Folder:
    """A firm with the row of Noël, whose client file has another name and cannot be read."""
    source = firm(root, {"clients/n.yaml": text}, table=HEADER + NOEL)
    path = root / "clients" / "n.yaml"
    if how == "utf-16":
        path.write_bytes(text.encode("utf-16"))
    elif how == "link":
        path.rename(root / "elsewhere.yaml")
        path.symlink_to(root / "elsewhere.yaml")
    elif how == "no-name":
        path.write_text(text.replace("name: ", "? name\n: ") + "kind: [\n")
    return source


@pytest.mark.parametrize("how", ["utf-16", "link", "no-name"])
def test_a_row_is_not_used_alone_while_a_file_may_be_about_it(tmp_path: Path, how: str):
    bad, row = all_declared(unreadable(tmp_path, how, client("fleuriste-noel")))
    assert (bad.name, bad.named, bad.usable) == ("", False, False)
    assert (row.name, row.usable) == ("fleuriste-noel", False)
    assert told(row.problems) == ["clients.csv:2:1: row-uncertain"]
    assert "clients/n.yaml" in row.problems[0].message


def test_a_name_that_is_only_guessed_from_that_of_the_file_leaves_other_rows_uncertain(tmp_path: Path):
    row = NOEL.replace("fleuriste-noel", "n") + NOEL
    source = firm(tmp_path, {"clients/n.yaml": "kind: [\n"}, table=HEADER + row)
    assert [(each.name, each.usable) for each in all_declared(source)] == [("n", False), ("fleuriste-noel", False)]


def test_a_broken_file_that_still_says_its_name_stops_only_its_own_row(tmp_path: Path):
    broken = {"clients/n.yaml": "name : other-client\nkind: [\n"}
    bad, row = all_declared(firm(tmp_path, broken, table=HEADER + NOEL))
    assert (bad.name, bad.named) == ("other-client", True)
    assert row.usable
