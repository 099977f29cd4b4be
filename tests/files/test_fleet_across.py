"""Facts that need the whole fleet: names, addresses, order, the examples."""

import random
from datetime import date
from pathlib import Path

import pytest

from flexsync.desired.fleet import declared, open_fleet
from flexsync.desired.source import Folder
from tests.support.folders import (
    AS_OF,
    FLEET,
    HEADER,
    NOEL,
    across,
    all_declared,
    client,
    firm,
    refused,
    solo,
    told,
    write,
)


def test_people_are_whole_and_have_one_address_each(tmp_path: Path):
    incomplete = FLEET.replace(", email: j.roux@morel.example", "")
    assert told(refused(firm(tmp_path, fleet=incomplete))) == ["fleet.yaml:6:11: missing"]
    twice = FLEET.replace("j.roux@morel.example", "C.Morel@morel.example")
    assert [problem.code for problem in refused(firm(tmp_path, fleet=twice))] == ["duplicate-email"]


def test_one_name_in_two_places_stops_both(tmp_path: Path):
    files = {"clients/a.yaml": client("a-client"), "clients/b.yaml": client("a-client")}
    problems = across(all_declared(firm(tmp_path, files)))
    assert told(problems) == ["clients/a.yaml:3:7: duplicate-name", "clients/b.yaml:3:7: duplicate-name"]
    assert {problem.subscription for problem in problems} == {"a-client"}


def test_two_rows_of_one_name_stop_both(tmp_path: Path):
    found = all_declared(firm(tmp_path, table=HEADER + NOEL + NOEL))
    assert [each.usable for each in found] == [False, False]
    assert across(found) == ()


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

    found = all_declared(Folder(Path(__file__).parents[2] / "examples" / path), as_of=date.fromisoformat(as_of))
    assert [problem for each in found for problem in each.problems] == []
    assert sum(each.usable for each in found) == count
    assert across(found) == ()
