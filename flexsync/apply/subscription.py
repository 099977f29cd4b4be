"""Apply one subscription: lock, check, guard, write, enqueue, journal.

In: a SubscriptionPlan and an open store. Out: an Outcome; all of it is written, or none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from flexsync.address import email_key
from flexsync.apply.applied import applied_after
from flexsync.apply.details import Scene
from flexsync.apply.facts import IDENTIFIED, facts_after, given
from flexsync.apply.guards import refusals
from flexsync.apply.mails import PROPOSING, invited, mails, successor_of
from flexsync.apply.shared import Strongbox, shared
from flexsync.catalogue import Catalogue
from flexsync.errors import Exit, PlanUnusable, Refused
from flexsync.plan.change import Change
from flexsync.plan.model import Step, SubscriptionPlan
from flexsync.plan.patch import patch
from flexsync.snapshot import Account, Snapshot
from flexsync.state import State, digest
from flexsync.store.base import Run
from flexsync.store.sql import Store, retried
from flexsync.store.transaction import Saved, Transaction
from flexsync.text import shorten


@dataclass(frozen=True, slots=True)
class Tools:
    """What apply needs beside plan and store: the box of shared passwords, and the day of the plan."""

    catalogue: Catalogue
    box: Strongbox
    as_of: date


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
    accounts = transaction.accounts(_keys(plan))
    _guard(snapshot, after, changes, accounts)
    facts = facts_after(plan, snapshot.facts, tools.as_of)
    passwords = shared(changes, tools.box)
    saved = Saved(
        state=after,
        applied=applied,
        facts=given(facts, _identifiers(transaction, changes, tools), passwords.sealed),
        operation=operation,
        steps=[step.entry for step in plan.ready],
        plan_digest=transaction.run.plan_digest,
        next_due=plan.next_due,
        successor=successor_of(plan.ready),
    )
    _write(transaction, plan, saved, Scene(snapshot.current, after, saved.facts, tools.as_of), accounts)
    transaction.keep(passwords.kept, passwords.gone)
    return Outcome(plan.name, "applied", snapshot.revision + 1, plan.ready, plan.held, passwords.unkept)


def _write(
    transaction: Transaction,
    plan: SubscriptionPlan,
    saved: Saved,
    scene: Scene,
    accounts: Mapping[str, Account],
) -> None:
    changes = [step.change for step in plan.ready]
    created = transaction.save(saved)
    asked = invited(plan.ready, saved.state) if plan.invites else {}
    invitations = transaction.invite(asked, plan.invitation_days)
    transaction.revoke(_proposed_again(changes), "confirm_email")
    known = {key: account for key, account in accounts.items() if key not in created}
    transaction.enqueue(mails(plan.ready, scene, known, invitations))


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


def _keys(plan: SubscriptionPlan) -> list[str]:
    """Keys of the accounts that the ready steps are about, or tell something."""
    keys = {email_key(notice.to) for step in plan.ready for notice in step.notices}
    changes = [step.change for step in plan.ready]
    keys |= {email_key(change.before) for change in changes if change.kind.endswith(".change_email")}
    keys |= {email_key(change.after["person"]["email"]) for change in changes if change.kind == "admin.replace"}
    return sorted(keys)


def _guard(snapshot: Snapshot, after: State, changes: Sequence[Change], accounts: Mapping[str, Account]) -> None:
    found = refusals(snapshot.current, after, changes, snapshot.facts, accounts)
    if found:
        raise Refused(" ".join(found))


def _identifiers(transaction: Transaction, changes: Sequence[Change], tools: Tools) -> dict[str, str]:
    """Identifiers of the services that get one, by code."""
    named = sorted({change.parts[1] for change in changes if change.kind in IDENTIFIED})
    return transaction.identifiers(named, tools.box.chance)


def _proposed_again(changes: Sequence[Change]) -> list[str]:
    """Keys of accounts whose new address is another one, or none: an earlier proposal's link must die."""
    proposed = [email_key(change.before) for change in changes if change.kind in PROPOSING]
    return proposed + [email_key(change.after) for change in changes if change.kind.endswith("withdraw_email")]
