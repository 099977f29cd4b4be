"""Plan to Outcome: the only writer. One subscription, one transaction.

In: a SubscriptionPlan and an open store. Out: an Outcome, and rows: State, people, facts, invitations,
mails and journal, all or none. It must not read files, decide what is desired, or send a mail.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from flexsync.address import email_key
from flexsync.catalogue import Catalogue
from flexsync.clock import today
from flexsync.effects.applied import applied_after
from flexsync.effects.facts import IDENTIFIED, SEALED, facts_after, given
from flexsync.effects.guards import refusals
from flexsync.effects.mails import PROPOSING, invited, mails
from flexsync.errors import Exit, FlexsyncError, PlanUnusable, Refused
from flexsync.plan.change import Change
from flexsync.plan.model import Step, SubscriptionPlan
from flexsync.plan.patch import patch
from flexsync.sealed import seal
from flexsync.snapshot import Account, Snapshot
from flexsync.state import State, digest
from flexsync.store.base import Conflict, Run, RunResult
from flexsync.store.leases import DURATION
from flexsync.store.sql import Store
from flexsync.store.transaction import Saved, Transaction
from flexsync.text import shorten

_ATTEMPTS = 5


class Secrets(Protocol):
    """Where shared passwords are read."""

    def read(self, reference: str) -> str:
        """The value behind a reference such as `env:NAME`; raises Refused when it cannot be read."""
        ...


@dataclass(frozen=True, slots=True)
class Tools:
    """What apply needs beside plan and store. `chance` draws identifiers of services."""

    catalogue: Catalogue
    secrets: Secrets
    chance: random.Random = field(default_factory=random.SystemRandom)

    @property
    def ranks(self) -> dict[str, int]:
        """How much each offer includes."""
        return {code: offer.rank for code, offer in self.catalogue.offers.items()}


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


@dataclass(frozen=True, slots=True)
class Report:
    """A run that ended, and its outcomes in order."""

    run: Run
    outcomes: tuple[Outcome, ...]


def apply_all(
    store: Store,
    plans: Sequence[SubscriptionPlan],
    run: Run,
    tools: Tools,
    *,
    on_outcome: Callable[[Outcome], None] = lambda outcome: None,
    stop: Callable[[], bool] = lambda: False,
) -> Report:
    """Apply `plans` one after the other, whatever becomes of each, and end the run.

    `stop` is asked before each subscription. Raises LockHeld, with nothing written, when another run
    holds one of them. A store that fails ends the run, since nothing else could be written either.
    """
    outcomes: list[Outcome] = []
    with _ended(store, run, outcomes, len(plans)):
        store.lease([plan.name for plan in plans], run)
        for plan in _while_held(store, plans, run, stop):
            outcomes.append(_contained(store, plan, run, tools))
            on_outcome(outcomes[-1])
            if outcomes[-1].exit == Exit.UNAVAILABLE:
                break
    found = store.run(run.id)
    return Report(found[0] if found else run, tuple(outcomes))


def _while_held(
    store: Store, plans: Sequence[SubscriptionPlan], run: Run, stop: Callable[[], bool]
) -> Iterator[SubscriptionPlan]:
    """Plans until `stop`, with the leases renewed well before they end."""
    renewed = store.clock.now()
    for plan in plans:
        if stop():
            return
        if store.clock.now() - renewed > DURATION / 3:
            store.renew(run)
            renewed = store.clock.now()
        yield plan


@contextmanager
def _ended(store: Store, run: Run, outcomes: list[Outcome], planned: int) -> Iterator[None]:
    """Close the run whatever happens."""
    try:
        yield
    except FlexsyncError:
        store.end_run(run, "failed", _counts(outcomes))
        raise
    except BaseException:
        store.end_run(run, "interrupted", _counts(outcomes))
        raise
    store.end_run(run, _result(outcomes, planned), _counts(outcomes))


def _counts(outcomes: Sequence[Outcome]) -> dict[str, int]:
    return dict(Counter(outcome.status for outcome in outcomes))


def _result(outcomes: Sequence[Outcome], planned: int) -> RunResult:
    if any(outcome.exit == Exit.UNAVAILABLE for outcome in outcomes):
        return "failed"
    if len(outcomes) < planned:
        return "interrupted"
    found = {outcome.status for outcome in outcomes}
    bad = found & {"refused", "failed"}
    if not bad:
        return "done"
    if found != bad:
        return "partial"
    return "failed" if "failed" in bad else "refused"


def _contained(store: Store, plan: SubscriptionPlan, run: Run, tools: Tools) -> Outcome:
    """The outcome of one subscription; whatever goes wrong stays within it."""
    try:
        return apply_subscription(store, plan, run, tools)
    except FlexsyncError as error:
        return _failed(plan, str(error), error.exit)
    except Exception as error:
        # A defect of ours in one client must not keep the others waiting.
        return _failed(plan, f"unexpected {type(error).__name__}: {shorten(str(error), 200)}", Exit.FAILED)


def _failed(plan: SubscriptionPlan, message: str, code: Exit) -> Outcome:
    return Outcome(plan.name, "failed", plan.revision, waiting=plan.steps, message=message, exit=code)


def apply_subscription(store: Store, plan: SubscriptionPlan, run: Run, tools: Tools) -> Outcome:
    """Do the ready steps of `plan`, in one transaction; `run` must hold the lease of the subscription.

    Raises PlanUnusable when the store moved since the plan was made, LockHeld when the lease was lost,
    StoreUnavailable when the database fails. In all these cases nothing was written.
    """
    if plan.refused:
        return _refused(plan, "; ".join(trip.message for trip in plan.trips))
    for attempt in range(_ATTEMPTS):
        try:
            with store.transaction(plan.name, run) as transaction:
                return _apply(transaction, plan, tools, store)
        except Refused as refusal:
            return _refused(plan, str(refusal))
        except Conflict:
            if attempt == _ATTEMPTS - 1:
                raise
    raise AssertionError("unreachable")


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
    waiting = tuple(step for step in plan.steps if not step.ready)
    if after is None:
        return Outcome(plan.name, "unchanged", waiting=waiting)
    applied = applied_after(plan, snapshot, after, tools.ranks)
    source = "" if waiting else plan.source
    day = today(store.clock).isoformat()
    facts = facts_after(snapshot.facts, changes, snapshot.current, after, day)
    if not changes and applied == snapshot.applied:
        transaction.touch(source, plan.next_due)
        return Outcome(plan.name, "unchanged", snapshot.revision, waiting=waiting)
    accounts = transaction.accounts(_keys(plan, snapshot.current, after))
    _guard(snapshot, after, changes, accounts)
    saved = Saved(
        state=after,
        applied=applied,
        facts=given(facts, *_service_facts(transaction, changes, after, tools)),
        operation=operation,
        steps=[_plain(step) for step in plan.ready],
        plan_digest=transaction.run.plan_digest,
        source=source,
        next_due=plan.next_due,
    )
    _write(transaction, plan, saved, snapshot, accounts)
    return Outcome(plan.name, "applied", snapshot.revision + 1, plan.ready, waiting)


def _write(
    transaction: Transaction,
    plan: SubscriptionPlan,
    saved: Saved,
    snapshot: Snapshot,
    accounts: Mapping[str, Account],
) -> None:
    changes = [step.change for step in plan.ready]
    created = transaction.save(saved)
    invitations = transaction.invite(invited(changes, saved.state), plan.invitation_days)
    transaction.revoke(_proposed_again(changes), "confirm_email")
    known = {key: account for key, account in accounts.items() if key not in created}
    transaction.enqueue(mails(plan.ready, snapshot.current, saved.state, known, invitations))


def _operation(store_id: str, plan: SubscriptionPlan) -> str:
    """The name of this act: done once, it is never done again."""
    return digest([store_id, plan.name, plan.revision, plan.digest, [_plain(step) for step in plan.ready]])


def _plain(step: Step) -> dict[str, Any]:
    change = step.change
    sides = {"before": change.before, "after": change.after}
    return {"kind": change.kind, "subject": change.subject, **sides, "cause": step.cause}


def _already_done(transaction: Transaction, plan: SubscriptionPlan, snapshot: Snapshot, operation: str) -> Outcome:
    run = transaction.done_by(operation)
    if not run:
        raise PlanUnusable(
            f'"{shorten(plan.name)}" was planned on revision {plan.revision}, the store is at {snapshot.revision}; '
            "plan again."
        )
    message = f"already applied by run {run}; nothing to do"
    waiting = tuple(step for step in plan.steps if not step.ready)
    return Outcome(plan.name, "unchanged", snapshot.revision, waiting=waiting, message=message)


def _keys(plan: SubscriptionPlan, before: State | None, after: State) -> list[str]:
    """Keys of the accounts that the ready steps are about, or tell something."""
    keys = {email_key(notice.to) for step in plan.ready for notice in step.notices}
    changes = [step.change for step in plan.ready]
    keys |= {email_key(change.before) for change in changes if change.kind.endswith(".change_email")}
    return sorted(keys | invited(changes, after).keys())


def _guard(snapshot: Snapshot, after: State, changes: Sequence[Change], accounts: Mapping[str, Account]) -> None:
    found = refusals(snapshot.current, after, changes, snapshot.facts, accounts)
    if found:
        raise Refused(" ".join(found))


def _service_facts(
    transaction: Transaction, changes: Sequence[Change], after: State, tools: Tools
) -> tuple[dict[str, str], dict[str, str]]:
    """Identifiers and sealed passwords of the services that get one, by code."""
    named = sorted({change.parts[1] for change in changes if change.kind in IDENTIFIED})
    sealed = sorted({change.parts[1] for change in changes if change.kind in SEALED})
    references = {code: after.services[code].secret for code in sealed if after.services[code].secret}
    seals = {code: seal(tools.secrets.read(reference)) for code, reference in references.items()}
    return transaction.identifiers(named, tools.chance), seals


def _proposed_again(changes: Sequence[Change]) -> list[str]:
    """Keys of accounts whose new address is proposed: an earlier proposal's link must die."""
    return [email_key(change.before) for change in changes if change.kind in PROPOSING]
