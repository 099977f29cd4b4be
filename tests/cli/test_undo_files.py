"""undo of a run of several clients, and what becomes of the files that they share."""

import re

import pytest

from flexsync import faults
from tests.support.undoing import PowerCut, steps

DAY = ("--as-of", "2026-01-15")
FLEET = """\
apiVersion: flexsync/v1
kind: Fleet
name: firm
people:
  c.morel: {civility: madame, given_name: Claire, family_name: Morel, email: c.morel@firm.example}
  j.roux: {civility: madame, given_name: Julie, family_name: Roux, email: j.roux@firm.example}
defaults:
  offer: flex
  seats: 3
  products: {compta: {}}
  admin: {person: c.morel, also_user: true}
clients: CLIENTS
"""
SHARED = FLEET.replace("also_user: true}\n", "also_user: true}\n  users: {j.roux: {}}\n")
TABLE = "name;customer_code\natelier;C1\nboulangerie;C2\n"


@pytest.fixture
def spread(flexsync, store_url, tmp_path):
    """Gives both clients of a table somebody of the defaults: commands on them, the run, and their folder."""

    def spread(clients):
        root = tmp_path / "firm"
        (root / "clients").mkdir(parents=True)
        (root / "clients.csv").write_text(TABLE)

        def on(*words):
            return flexsync(*words, "-C", root, "--store", store_url, *DAY)

        for text in (FLEET, SHARED):
            (root / "fleet.yaml").write_text(text.replace("CLIENTS", clients))
            done = on("apply", "--yes")
        return on, re.search(r"Run (\w+): 2 applied", done.out).group(1), root

    return spread


FILES_TOO = "{files: clients/*.yaml, table: clients.csv}"


def test_what_clients_share_is_overridden_in_each_clients_own_file_and_that_is_said(spread):
    on, run, root = spread(FILES_TOO)
    done = on("undo", run, "--yes")
    assert (done.code, steps(on("plan").out)) == (0, [])
    assert "users.j.roux: defaults (fleet.yaml:12:19) says otherwise to all who share it" in done.out
    assert "j.roux: null" in (root / "clients" / "atelier.yaml").read_text()
    assert (root / "fleet.yaml").read_text().count("users: {j.roux: {}}") == 1


def test_one_subscription_of_several_is_undone_in_its_own_file_alone(spread):
    on, run, root = spread(FILES_TOO)
    assert on("undo", run, "--yes", "--subscription", "atelier").code == 0
    assert steps(on("plan").out) == []
    assert [path.name for path in (root / "clients").iterdir()] == ["atelier.yaml"]


def test_where_files_cannot_say_it_the_store_is_undone_and_the_lines_and_reasons_told(spread):
    on, run, root = spread("{table: clients.csv, files: null}")
    done = on("undo", run, "--yes")
    assert done.code == 4
    assert "atelier: not edited: there is no file of its own to write to" in done.out
    assert "  atelier: reactivate j.roux  fleet.yaml:12:19" in done.out
    assert ("+", "reactivate", "j.roux") in steps(on("plan").out)
    assert sorted(path.name for path in root.iterdir()) == ["clients", "clients.csv", "fleet.yaml"]


def test_after_a_crash_between_two_subscriptions_the_same_command_finishes(spread):
    on, run, _ = spread(FILES_TOO)

    def cut(name):
        if name == "committed":
            raise PowerCut

    faults.install(cut)
    try:
        with pytest.raises(PowerCut):
            on("undo", run, "--yes")
    finally:
        faults.install(None)
    done = on("undo", run, "--yes")
    assert (done.code, done.out.count(": 1 applied")) == (0, 1)
    assert steps(on("plan").out) == []
