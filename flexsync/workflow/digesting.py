"""The digest of a run that did not go well (N14), for those who look after the fleet.

In: a run that ended, its plan, and whom to tell. Out: a row of the outbox for each of them, queued once a run.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from flexsync.address import email_key
from flexsync.apply import Report
from flexsync.errors import Exit
from flexsync.language import DEFAULT
from flexsync.plan.model import Plan
from flexsync.store.queue import Mail, Reminder, enqueue_once
from flexsync.text import shorten

if TYPE_CHECKING:
    from flexsync.store.sql import Store

#: Subscriptions that a digest names; the rest is in `flexsync runs show`.
MOST = 50


def digested(store: "Store", plan: Plan, report: Report, operators: Sequence[str]) -> int:
    """Queue the digest of a run that failed or refused something; the number of mails, 0 when all went well.

    A mail belongs to a subscription of the store; a store that has none gets no digest.
    """
    undone = list(_undone(plan, report))
    name = next(_known(store, [one for one, _ in undone]), "") if undone and operators else ""
    if not name:
        return 0
    change = {"code": "N14", "kind": "run.digest", "subject": "subscription", **_counts(report, undone)}
    run = report.run
    payload = {"legal_name": f"flexsync {run.command} {run.id}", "changes": [change]}
    digests = [_digest(run.id, name, address, payload) for address in operators]
    return store.write(lambda connection: enqueue_once(connection, run.id, digests, store.clock.now()))


def _undone(plan: Plan, report: Report) -> Iterator[tuple[str, str]]:
    """Subscriptions that were refused or failed, by name, and why."""
    for one in plan.subscriptions:
        if one.refused:
            yield one.name, "; ".join(trip.message for trip in one.trips)
    for outcome in report.outcomes:
        if outcome.exit != Exit.DONE:
            yield outcome.name, outcome.message or outcome.status


def _known(store: "Store", names: Sequence[str]) -> Iterator[str]:
    """Names that the store knows, those of `names` first."""
    known = {head.name for head in store.heads()}
    yield from (name for name in names if name in known)
    yield from sorted(known)


def _counts(report: Report, undone: Sequence[tuple[str, str]]) -> dict[str, Any]:
    well = [outcome for outcome in report.outcomes if outcome.exit == Exit.DONE]
    return {
        "done": len(well),
        "waiting": sum(bool(outcome.waiting) for outcome in well),
        "failed": len(undone),
        "undone": [shorten(f"{name}: {why}", 200) for name, why in undone[:MOST]],
    }


def _digest(run: str, name: str, address: str, payload: dict[str, Any]) -> Reminder:
    key = email_key(address)
    return Reminder(f"N14/run/{run}", name, Mail(address, key, DEFAULT, ["N14"], payload))
