"""The right to write: one run at a time for each subscription, for a minute, renewed by the run.

A run that dies blocks nobody longer than its lease. A run that sleeps through its lease may be
overtaken, and is then fenced: every transaction looks first whether the lease is still its own.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from flexsync.errors import LockHeld
from flexsync.store.base import Conflict, Lease
from flexsync.store.rows import AnyRow, chunks, insert_new, locked
from flexsync.store.tables import lease, run
from flexsync.text import shorten

#: How long a run may go without a sign of life.
DURATION = timedelta(seconds=60)

_ATTEMPTS = 3


def take(connection: Connection, names: Sequence[str], run_id: str, now: datetime) -> list[Lease]:
    """Lease all of `names` to a run, or none of them; raises LockHeld naming who holds the first."""
    return [one for part in chunks(names) for one in _take(connection, part, run_id, now)]


def refuse_any(connection: Connection, now: datetime) -> None:
    """Raise LockHeld while any run holds any subscription."""
    columns = (*lease.c, run.c.actor, run.c.host)
    query = select(*columns).join(run, lease.c.run == run.c.id).where(lease.c.until > now)
    _refuse_if_held(connection.execute(query.order_by(lease.c.subscription)).all(), now)


def _take(connection: Connection, names: list[str], run_id: str, now: datetime) -> list[Lease]:
    for _ in range(_ATTEMPTS):
        found = _held(connection, names)
        _refuse_if_held([row for row in found if row.run != run_id and row.until > now], now)
        _take_over(connection, [row.subscription for row in found], run_id, now)
        if _insert(connection, sorted(set(names) - {row.subscription for row in found}), run_id, now):
            return [Lease(*row[: len(lease.c)]) for row in _held(connection, names)]
    raise Conflict("Other runs take the same subscriptions at this moment. Run again.")


def _held(connection: Connection, names: list[str]) -> Sequence[AnyRow]:
    columns = (*lease.c, run.c.actor, run.c.host)
    query = select(*columns).join(run, lease.c.run == run.c.id).where(lease.c.subscription.in_(names))
    return connection.execute(locked(query.order_by(lease.c.subscription))).all()


def _take_over(connection: Connection, names: list[str], run_id: str, now: datetime) -> None:
    if names:
        values = {"run": run_id, "taken_at": now, "until": now + DURATION, "epoch": lease.c.epoch + 1}
        connection.execute(update(lease).where(lease.c.subscription.in_(names)).values(values))


def _insert(connection: Connection, names: list[str], run_id: str, now: datetime) -> bool:
    """True when all of `names` were free; another run may have been quicker."""
    if not names:
        return True
    common = {"run": run_id, "taken_at": now, "until": now + DURATION, "epoch": 1}
    rows = [{"subscription": name, **common} for name in names]
    return len(insert_new(connection, lease, rows, "subscription", lease.c.subscription)) == len(names)


def _refuse_if_held(rows: Sequence[AnyRow], now: datetime) -> None:
    if not rows:
        return
    first = rows[0]
    more = f" (and {len(rows) - 1} more)" if len(rows) > 1 else ""
    holder = f"run {first.run} of {shorten(first.actor)} on {shorten(first.host)}"
    wait = max(1, int((first.until - now).total_seconds()))
    raise LockHeld(
        f'"{shorten(first.subscription)}"{more} is held by {holder}, since {first.taken_at:%H:%M:%S} until '
        f"{first.until:%H:%M:%S} UTC unless renewed. Run again in {wait} s, or when that run is done."
    )


def fence(connection: Connection, name: str, run_id: str) -> None:
    """Lock the lease of `name` until the end of the transaction; raises LockHeld when it is not ours any more."""
    owner = connection.scalar(locked(select(lease.c.run).where(lease.c.subscription == name)))
    if owner == run_id:
        return
    now_held = f"run {owner} took it over" if owner else "it was given back"
    raise LockHeld(
        f'"{shorten(name)}" is no longer held by run {run_id}: its lease ended and {now_held}. '
        "Nothing was written; plan again."
    )


def renew(connection: Connection, run_id: str, now: datetime) -> int:
    """Give a run another minute on all that it holds; the number of leases."""
    return connection.execute(update(lease).where(lease.c.run == run_id).values(until=now + DURATION)).rowcount


def release(connection: Connection, run_id: str, names: Sequence[str] | None = None) -> None:
    """Give back `names`, or all that a run holds."""
    mine = delete(lease).where(lease.c.run == run_id)
    if names is None:
        connection.execute(mine)
    for part in chunks(names or ()):
        connection.execute(mine.where(lease.c.subscription.in_(part)))
