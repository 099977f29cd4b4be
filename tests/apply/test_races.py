"""Many writers on one subscription: one of them wins, nothing is sold twice, nothing is lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from threading import Barrier

import pytest

from flexsync.apply import apply_subscription
from flexsync.errors import Exit, LockHeld, PlanUnusable
from flexsync.state import Person
from flexsync.store.sql import Store, open_store
from flexsync.store.transaction import Saved
from tests.support.stored import (
    NOON,
    PAUL,
    applied,
    atelier,
    brought,
    planned,
    snapshot_of,
    tools,
    user,
    with_user,
)
from tests.support.tables import count

WRITERS = 8
ROUNDS = 5
FULL_BUT_ONE = atelier(seats=3)


def newcomer(number: int) -> Person:
    return Person("madame", f"Prénom{number}", "Nom", f"n{number}@dupont.example")


@pytest.fixture
def stores(store_url, clock):
    """A store of its own for each writer, as different processes have."""
    opened = [open_store(store_url, create=False, clock=clock) for _ in range(WRITERS)]
    yield opened
    for one in opened:
        one.close()


def at_once(act: Callable[[int], object]) -> list[object]:
    """Results of `act` for every writer, all started together."""
    barrier = Barrier(WRITERS)

    def start(number: int) -> object:
        barrier.wait()
        return act(number)

    with ThreadPoolExecutor(WRITERS) as pool:
        return list(pool.map(start, range(WRITERS)))


def test_one_free_seat_is_given_once_a_round(stores: list[Store]):
    brought(stores[0], FULL_BUT_ONE)
    for turn in range(ROUNDS):
        current = snapshot_of(stores[0], "atelier").current
        plans = [
            planned(one, with_user(current, f"new{turn}-{number}", user(newcomer(turn * 100 + number), "paye")))
            for number, one in enumerate(stores)
        ]

        def act(number: int, plans=plans) -> Exit:
            try:
                return applied(stores[number], plans[number]).outcomes[0].exit
            except LockHeld:
                return Exit.LOCKED

        exits = at_once(act)
        assert exits.count(Exit.DONE) == 1
        assert set(exits) <= {Exit.DONE, Exit.LOCKED, Exit.PLAN_UNUSABLE}
        after = snapshot_of(stores[0], "atelier").current
        assert len(after.present) == 3
        leaver = next(key for key in after.present if key.startswith("new"))
        gone = replace(after.users[leaver], status="deactivated", access=())
        brought(stores[0], with_user(after, leaver, gone))
    assert stores[0].check() == []
    invited = [row.recipient for row in stores[0].outbox() if "N2" in row.codes and row.recipient.startswith("n")]
    assert len(invited) == len(set(invited)) == ROUNDS
    assert count(stores[0], "lease") == 0


def test_no_update_is_lost_between_writers_without_leases(stores: list[Store]):
    """The row lock alone is enough: the portal writes so."""
    brought(stores[0], FULL_BUT_ONE)
    run = stores[0].begin_run("portal", actor="paul")

    def act(number: int) -> None:
        for turn in range(ROUNDS):
            with stores[number].transaction("atelier", run) as transaction:
                snapshot = transaction.snapshot()
                more = replace(snapshot.current, seats=snapshot.current.seats + 1)
                transaction.save(Saved(more, more, snapshot.facts, operation=f"{number}-{turn}"))

    at_once(act)
    snapshot = snapshot_of(stores[0], "atelier")
    assert (snapshot.current.seats, snapshot.revision) == (3 + WRITERS * ROUNDS, 1 + WRITERS * ROUNDS)
    assert stores[0].check() == []


def test_the_same_newcomer_in_many_subscriptions_at_once_is_one_account_with_one_invitation(stores: list[Store]):
    def act(number: int) -> str:
        desired = atelier(f"client-{number}", users={"paul": user(PAUL, "paye")})
        return applied(stores[number], planned(stores[number], desired)).outcomes[0].status

    assert at_once(act) == ["applied"] * WRITERS
    assert count(stores[0], "account") == 2
    assert count(stores[0], "invitation") == 2
    assert sum(row.purpose == "activation" for row in stores[0].outbox()) == 2
    assert stores[0].check() == []


def test_a_saved_plan_is_used_by_one_run_only(stores: list[Store]):
    def act(number: int) -> bool:
        try:
            stores[number].begin_run("apply", actor="claire", plan_digest="d1")
        except PlanUnusable:
            return False
        return True

    assert at_once(act).count(True) == 1


def test_a_frozen_holder_is_fenced_when_it_wakes(stores: list[Store], clock):
    from datetime import timedelta

    sleeper, other = stores[:2]
    brought(sleeper, FULL_BUT_ONE)
    plan = planned(sleeper, atelier(seats=9))
    run = sleeper.begin_run("apply", actor="claire", host="ci-1")
    sleeper.lease(["atelier"], run)
    clock.move(timedelta(seconds=61))
    applied(other, planned(other, FULL_BUT_ONE, next_due=date(2026, 3, 1)))
    with pytest.raises(LockHeld, match=r"is no longer held by run .* plan again"):
        apply_subscription(sleeper, plan, run, tools())
    assert snapshot_of(other, "atelier").current == FULL_BUT_ONE
    assert clock.now() > NOON
