"""The allow-list of drift through the whole command line."""

import shutil
from dataclasses import replace

import pytest

from flexsync.store.transaction import Saved
from tests.support.commands import EXAMPLES

ALLOWED = """
drift_allowed:
  - {subscription: "lingerie-*", subject: user/s.vidal, reason: Her name of before., until: 2026-02-28}
"""


@pytest.fixture
def drifted(flexsync, store, store_url, tmp_path):
    """A command on a fleet in which somebody changed her name in the portal."""
    folder = shutil.copytree(EXAMPLES / "policies", tmp_path / "policies")

    def call(*words, day="2026-01-15"):
        return flexsync(*words, "-C", folder, "--store", store_url, "--as-of", day)

    assert call("apply", "--yes", "--approved-by", "e.aubert").code == 0
    run = store.begin_run("portal", actor="sonia")
    with store.transaction("lingerie-vidal", run) as transaction:
        snapshot = transaction.snapshot()
        one = snapshot.current.users["s.vidal"]
        renamed = replace(one, person=replace(one.person, family_name="Vidal-Roy"))
        state = replace(snapshot.current, users={**snapshot.current.users, "s.vidal": renamed})
        transaction.save(Saved(state, snapshot.applied, snapshot.facts, operation="portal-1"))
    store.end_run(run, "done", {})
    assert call("drift", "--exit-code").code == 2
    fleet = folder / "fleet.yaml"
    fleet.write_text(fleet.read_text() + ALLOWED)
    return call


@pytest.mark.parametrize("command", ["drift", "plan"])
def test_allowed_drift_is_shown_and_does_not_count(drifted, command):
    done = drifted(command, "--exit-code")
    assert done.code == 0
    assert "  * update  s.vidal" in done.out
    assert "      left alone: allowed until 2026-02-28: Her name of before." in done.out
    assert "0 drift; 1 allowed; 0 blocked" in done.out


def test_after_its_day_it_counts_again(drifted):
    done = drifted("drift", "--exit-code", day="2026-03-01")
    assert done.code == 2
    assert "1 drift" in done.out


def test_apply_leaves_it_alone(drifted):
    done = drifted("apply", "--yes")
    assert (done.code, done.out.splitlines()[-1]) == (0, "Nothing to apply.")
