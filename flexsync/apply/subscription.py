"""Apply one subscription: lock, check that the plan still holds, write.

In: a SubscriptionPlan and an open store. Out: an Outcome; all of it is written, or none.
"""

from dataclasses import dataclass
from typing import Literal

from flexsync.apply.applied import applied_after
from flexsync.apply.writing import Act, Tools, write
from flexsync.errors import Exit, PlanUnusable, Refused
from flexsync.plan.model import Step, SubscriptionPlan
from flexsync.plan.patch import patch
from flexsync.snapshot import Snapshot
from flexsync.state import digest
from flexsync.store.base import Run
from flexsync.store.sql import Store, retried
from flexsync.store.transaction import Transaction
from flexsync.text import shorten


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one subscription. `waiting` steps were not ready; `exit` is DONE when all is well."""

    name: str
    status: Literal["applied", "unchanged", "refused", "failed"]
    revision: int = 0
    done: tuple[Step, ...] = ()
    waiting: tuple[Step, ...] = ()
    message: str = ""
    exit: Exit = Exit.DONE


def apply_subscription(store: Store, plan: SubscriptionPlan, run: Run, tools: Tools) -> Outcome:
    """Do the ready steps of `plan`, in one transaction; `run` must hold the lease of the subscription.

    Raises PlanUnusable when the store moved since the plan was made, LockHeld when the lease was lost,
    StoreUnavailable when the database fails. In all these cases nothing was written.
    """
    if plan.refused:
        return _refused(plan, "; ".join(trip.message for trip in plan.trips))
    try:
        return retried(lambda: _in_transaction(store, plan, run, tools))
    except Refused as refusal:
        return _refused(plan, str(refusal))


def _in_transaction(store: Store, plan: SubscriptionPlan, run: Run, tools: Tools) -> Outcome:
    with store.transaction(plan.name, run) as transaction:
        return _apply(transaction, plan, tools, store)


def _refused(plan: SubscriptionPlan, message: str) -> Outcome:
    return Outcome(plan.name, "refused", plan.revision, waiting=plan.steps, message=message, exit=Exit.REFUSED)


def _apply(transaction: Transaction, plan: SubscriptionPlan, tools: Tools, store: Store) -> Outcome:
    transaction.fence()
    snapshot = transaction.snapshot()
    operation = _operation(store.id, plan)
    if snapshot.revision != plan.revision:
        return _already_done(transaction, plan, snapshot, operation)
    changes = [step.change for step in plan.ready]
    after = patch(snapshot.current, changes)
    if after is None:
        return Outcome(plan.name, "unchanged", waiting=plan.held)
    applied = applied_after(plan, snapshot, after, tools.catalogue.ranks)
    if not changes and applied == snapshot.applied:
        transaction.touch(plan.next_due)
        return Outcome(plan.name, "unchanged", snapshot.revision, waiting=plan.held)
    unkept = write(transaction, snapshot, plan, Act(after, applied, operation), tools)
    return Outcome(plan.name, "applied", snapshot.revision + 1, plan.ready, plan.held, unkept)


def _operation(store_id: str, plan: SubscriptionPlan) -> str:
    """The name of this act: done once, it is never done again."""
    return digest([store_id, plan.name, plan.revision, plan.digest, [step.entry for step in plan.ready]])


def _already_done(transaction: Transaction, plan: SubscriptionPlan, snapshot: Snapshot, operation: str) -> Outcome:
    run = transaction.done_by(operation)
    if not run:
        raise PlanUnusable(
            f'"{shorten(plan.name)}" was planned on revision {plan.revision}, the store is at {snapshot.revision}; '
            "plan again."
        )
    message = f"already applied by run {run}; nothing to do"
    return Outcome(plan.name, "unchanged", snapshot.revision, waiting=plan.held, message=message)
