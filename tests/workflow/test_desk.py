"""Facts of the desk: which files a command works on."""

import os
from pathlib import Path

import pytest

from flexsync.errors import WrongCommand
from flexsync.workflow.desk import Order, open_desk, place_of
from tests.support.folders import client, firm, solo, write


@pytest.fixture
def morel(tmp_path):
    """A firm with one client, in a folder of its own."""
    firm(tmp_path / "morel", {"clients/petit.yaml": client("boulangerie-petit", "users: {j.roux: {}}\n")})
    return tmp_path / "morel"


def test_a_person_may_mean_a_folder_or_a_file(morel):
    assert place_of(str(morel)) == (morel, "")
    assert place_of(str(morel / "fleet.yaml")) == (morel, "fleet.yaml")
    with pytest.raises(WrongCommand, match="There is no"):
        place_of(str(morel / "nothing"))


@pytest.mark.parametrize("path", ["clients", "clients/petit.yaml"])
def test_a_part_of_a_fleet_is_not_opened_without_it(morel, clock, path):
    with pytest.raises(WrongCommand, match=r"belongs to the fleet.*-t NAME"):
        open_desk(Order(str(morel / path)), clock)


def test_a_part_of_a_fleet_is_known_from_within_its_folder(morel, clock, monkeypatch):
    monkeypatch.chdir(morel / "clients")
    with pytest.raises(WrongCommand, match="belongs to the fleet"):
        open_desk(Order(), clock)


def test_a_fleet_that_cannot_be_used_may_have_any_file_below(morel, clock):
    (morel / "fleet.yaml").write_text("apiVersion: flexsync/v1\nkind: Fleet\nnames: [\n")
    with pytest.raises(WrongCommand, match="Mend it first"):
        open_desk(Order(str(morel / "clients")), clock)


def test_what_a_fleet_does_not_read_stands_by_itself(morel, clock):
    write(morel, {"trial/subscription.yaml": solo()})
    assert open_desk(Order(str(morel / "trial")), clock).fleet.files == ("subscription.yaml",)


def test_another_programs_file_of_that_name_is_no_fleet(tmp_path, clock):
    write(tmp_path, {"fleet.yaml": "defaultNamespace: x\n", "clients/a.yaml": solo()})
    assert open_desk(Order(str(tmp_path / "clients")), clock).size == 1


def test_a_fleet_outside_of_the_repository_has_no_part_in_it(morel, clock):
    (morel / "clients" / ".git").mkdir()
    assert open_desk(Order(str(morel / "clients")), clock).size == 1


def test_a_user_without_identity_is_an_error_where_no_fleet_file_was_opened(tmp_path, clock):
    write(tmp_path, {"a.yaml": solo().replace("seats: 1", "seats: 2") + "users: {j.roux: {access: [compta]}}\n"})
    (found,) = open_desk(Order(str(tmp_path)), clock).declared()
    assert [problem.code for problem in found.problems] == ["identity"]
    assert found.gone == ()


def test_the_store_of_a_fleet_file_is_in_the_folder_of_the_fleet(morel, clock, monkeypatch):
    with (morel / "fleet.yaml").open("a") as file:
        file.write("store: sqlite:///.flexsync/here.db\n")
    for place in (morel, morel / "clients"):
        monkeypatch.chdir(place)
        url = open_desk(Order(os.path.relpath(morel)), clock).store_url
        assert Path(url).absolute().resolve() == morel / ".flexsync" / "here.db"


@pytest.mark.parametrize("written", ["sqlite:////srv/flexsync.db", "postgresql://flexsync@db.example/flexsync"])
def test_a_store_that_is_not_beside_the_fleet_is_where_it_says(morel, clock, written):
    with (morel / "fleet.yaml").open("a") as file:
        file.write(f"store: {written}\n")
    assert open_desk(Order(str(morel)), clock).store_url.removeprefix("sqlite:///") == written.removeprefix(
        "sqlite:///"
    )


def test_a_store_that_was_asked_for_is_taken_from_where_the_command_runs(morel, clock):
    assert open_desk(Order(str(morel), "sqlite:///mine.db"), clock).store_url == "sqlite:///mine.db"


def test_two_folders_give_one_store(morel, flexsync, monkeypatch):
    with (morel / "fleet.yaml").open("a") as file:
        file.write("store: sqlite:///.flexsync/here.db\n")
    assert flexsync("store", "init", "-C", morel).code == 0
    monkeypatch.chdir(morel)
    assert flexsync("store", "info").code == 0
    assert not (morel.parent / "here" / ".flexsync").exists()
