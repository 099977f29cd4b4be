"""export: the plan of the files against the store they came from is empty."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from flexsync.desired.catalogue_file import builtin
from flexsync.desired.resolve import resolve
from flexsync.desired.source import Folder
from flexsync.errors import WrongCommand
from flexsync.snapshot import Snapshot
from flexsync.state import to_plain
from flexsync.store.sql import open_store
from flexsync.workflow.draft import Draft
from flexsync.workflow.exporting import Exported, exported, write_new_files
from tests.support.commands import EXAMPLES
from tests.support.folders import all_declared
from tests.support.law_files import AS_OF
from tests.support.states import states
from tests.support.stored import ANNE, atelier, brought, hosted

DAY = AS_OF.isoformat()


def test_the_plan_of_exported_files_is_empty_on_every_store(flexsync, store_url, clock, tmp_path):
    apply = flexsync("apply", "--yes", "-C", EXAMPLES / "firm", "--store", store_url, "--as-of", "2026-11-25")
    assert apply.code == 0
    done = flexsync("export", "--all", "--to", tmp_path / "out", "--store", store_url, "--as-of", "2026-11-25")
    assert (done.code, done.err, len(list((tmp_path / "out").iterdir()))) == (0, "", 150)
    with open_store(store_url, create=False, clock=clock) as store:
        mails = len(store.outbox())
    planned = flexsync("plan", "-C", tmp_path / "out", "--store", store_url, "--as-of", "2026-11-25")
    nothing = "Plan: 0 invite, 0 grant, 0 rename, 0 revoke, 0 deactivate, 0 data mode; 0 drift"
    assert planned.out.splitlines()[-1].partition("; 0 drift")[0] + "; 0 drift" == nothing
    again = flexsync("apply", "--yes", "-C", tmp_path / "out", "--store", store_url, "--as-of", "2026-11-25")
    assert (again.code, again.out.splitlines()[-1]) == (0, "Nothing to apply.")
    with open_store(store_url, create=False, clock=clock) as store:
        assert len(store.outbox()) == mails


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(states())
def test_an_exported_state_comes_back_unless_a_rule_or_a_day_forbids_it(state):
    snapshot = Snapshot(state.name, 1, state, state)
    one = exported(snapshot, builtin(), AS_OF)
    assume(not one.apart)
    (found,) = all_declared(Draft(Folder(Path("nowhere")), {one.file: one.content}))
    assert resolve(found.spec, found.places, snapshot, builtin(), AS_OF).state == state


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_a_state_that_obeys_the_rules_is_exported_whole(data):
    state = hosted(atelier(), **{})
    state = replace(state, users={**state.users, "admin": replace(state.users["l.petit"], person=ANNE)})
    state = replace(state, admin=replace(state.admin, also_user=True), seats=6)
    users = dict(sorted(state.users.items()))
    gone = replace(users["l.petit"], status=data.draw(st.sampled_from(["present", "deactivated"])))
    users["l.petit"] = gone if gone.status == "present" else replace(gone, access=())
    state = replace(state, users=users)
    one = exported(Snapshot(state.name, 1, state, state), builtin(), AS_OF)
    assert one.apart == (), (one.content.decode(), to_plain(state))


@pytest.mark.parametrize("name", ["../evil", "/evil", "a/b", "a\0b", "", "a\nb", "A" * 300])
def test_a_name_that_could_lead_out_of_the_folder_is_refused_and_nothing_is_written(tmp_path, name):
    with pytest.raises(WrongCommand, match="no name for a file"):
        write_new_files(tmp_path / "out", [Exported("first", b"x"), Exported(name, b"x")])
    assert list(tmp_path.rglob("*")) == []


def test_what_was_written_before_a_failure_is_taken_away_again(tmp_path):
    with pytest.raises(WrongCommand, match="cannot be written to: file exists"):
        write_new_files(tmp_path / "out", [Exported("first", b"x"), Exported("first", b"x")])
    assert list((tmp_path / "out").iterdir()) == []


def test_a_file_is_never_written_over(flexsync, sqlite_url, clock, tmp_path):
    with open_store(sqlite_url, create=False, clock=clock) as store:
        brought(store, atelier())
    out = tmp_path / "out"
    out.mkdir()
    (out / "atelier.yaml").symlink_to(tmp_path / "nowhere")
    done = flexsync("export", "atelier", "--to", out, "--store", sqlite_url, "--as-of", DAY)
    assert (done.code, (tmp_path / "nowhere").exists()) == (64, False)
    assert flexsync("export", "atelie", "--store", sqlite_url).code == 64
    assert flexsync("export", "--all", "--store", sqlite_url).code == 64
    assert flexsync("export", "atelier", "--store", sqlite_url, "--as-of", DAY).out.startswith(
        "apiVersion: flexsync/v1\n"
    )
