"""Facts of the desk: which files a command works on."""

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
