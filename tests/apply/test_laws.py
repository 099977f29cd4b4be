"""Laws of plan and apply together, over generated pairs of States, on a real store."""

import random
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings

from flexsync.apply import Strongbox, Tools, apply_all
from flexsync.apply.mails import UNSETTLED
from flexsync.clock import FixedClock
from flexsync.keys import Keys
from flexsync.plan.build import build
from flexsync.plan.model import SubscriptionPlan
from flexsync.snapshot import Snapshot
from flexsync.state import State
from flexsync.store.sql import Store, open_store
from flexsync.store.transaction import Saved
from tests.support.plans import Known, kinds, persons_of, wish
from tests.support.states import AS_OF, CATALOGUE, pairs
from tests.support.stored import Passwords, only
from tests.support.tables import dump

DAY = FixedClock(datetime(AS_OF.year, AS_OF.month, AS_OF.day, 12, tzinfo=UTC))
BOX = Strongbox(Passwords(A="correct horse", B="battery staple"), random.Random(1), Keys(b"k" * 32))
TOOLS = Tools(CATALOGUE, BOX, AS_OF)


@contextmanager
def store_with(template: Path, current: State | None) -> Iterator[Store]:
    """A store that holds `current`, as if the portal had made it."""
    with tempfile.TemporaryDirectory() as folder:
        path = shutil.copyfile(template, Path(folder) / "store.db")
        with open_store(str(path), create=False, clock=DAY) as store:
            if current:
                run = store.begin_run("import", actor="claire")
                with store.transaction(current.name, run) as transaction:
                    transaction.save(Saved(current, current, {}, operation="import"))
                store.end_run(run, "done", {})
            yield store


def plan_of(store: Store, desired: State) -> SubscriptionPlan:
    snapshot = store.snapshots([desired.name]).get(desired.name, Snapshot(desired.name))
    keys = [person.email.lower() for person in persons_of(snapshot.current, desired)]
    return build(wish(desired), snapshot, store.accounts(keys), CATALOGUE, AS_OF, Known())


@settings(max_examples=40, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(pair=pairs())
def test_an_apply_done_again_writes_nothing_and_a_plan_without_blocks_is_empty_afterwards(sqlite_template, pair):
    current, desired = pair
    with store_with(sqlite_template, current) as store:
        plan = plan_of(store, desired)
        outcome = only(apply_all(store, [plan], store.begin_run("apply", actor="claire"), TOOLS).outcomes)
        assert outcome.message == ""
        assert outcome.done == (plan.ready if outcome.status == "applied" else ())
        assert store.check() == []
        rows = dump(store)
        assert only(apply_all(store, [plan], store.begin_run("apply", actor="claire"), TOOLS).outcomes).done == ()
        assert dump(store) == rows
        assert all(row.codes for row in store.outbox())
        again = plan_of(store, desired)
        if all(step.ready and step.change.kind not in UNSETTLED for step in plan.steps):
            assert kinds(again) == []


@settings(max_examples=15, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(pair=pairs())
def test_the_seats_and_accounts_of_the_tables_are_those_of_the_state(sqlite_template, pair):
    current, desired = pair
    with store_with(sqlite_template, current) as store:
        apply_all(store, [plan_of(store, desired)], store.begin_run("apply", actor="claire"), TOOLS)
        state = store.snapshots([desired.name])[desired.name].current
        seats = {(key, user.status) for key, user in state.users.items()}
        assert {(key, status) for _, key, _, status in dump(store)["seat"]} == seats
        keys = {person.email.lower() for person in persons_of(state)}
        assert store.accounts(sorted(keys)).keys() == keys
