"""Who changed what, when, by which plan and commit: the journal, asked.

In: what is looked for. Out: entries, oldest first. Before-images are left out: they are large and say
what the steps say.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from flexsync.store.rows import AnyRow, AnySelect, load
from flexsync.store.tables import journal


@dataclass(frozen=True, slots=True)
class Asked:
    """What an audit looks for; what is left empty is not asked. `user` is a key of the files."""

    subscription: str = ""
    user: str = ""
    since: datetime | None = None
    actor: str = ""
    run: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """What one transaction did to one subscription."""

    at: datetime
    actor: str
    subscription: str
    revision: int
    run: str
    plan_digest: str
    commit: str
    chain: str
    steps: tuple[Mapping[str, Any], ...]


def acts(connection: Connection, asked: Asked) -> Iterator[Act]:
    """The acts that answer what was asked."""
    for row in connection.execute(_query(asked)):
        act = _act(row)
        if asked.actor and asked.actor.casefold() not in act.actor.casefold():
            continue
        steps = tuple(step for step in act.steps if not asked.user or _is_about(step, asked.user))
        if steps or not asked.user:
            yield Act(**{**{name: getattr(act, name) for name in Act.__slots__}, "steps": steps})


def done(connection: Connection, operation: str) -> Act | None:
    """The act that an operation names, None when it was not done."""
    row = connection.execute(select(*_COLUMNS).where(journal.c.operation == operation)).first()
    return _act(row) if row else None


_COLUMNS = [column for column in journal.c if column.name not in ("before", "after_digest", "operation")]


def _query(asked: Asked) -> AnySelect:
    query = select(*_COLUMNS)
    if asked.subscription:
        query = query.where(journal.c.subscription == asked.subscription)
    if asked.run:
        query = query.where(journal.c.run == asked.run)
    if asked.since:
        query = query.where(journal.c.at >= asked.since)
    return query.order_by(journal.c.at, journal.c.id)


def _act(row: AnyRow) -> Act:
    steps = tuple(load(row.steps))
    return Act(
        row.at,
        row.actor,
        row.subscription,
        row.revision,
        row.run,
        row.plan_digest,
        row.commit_id,
        row.chain,
        steps,
    )


def _is_about(step: Mapping[str, Any], key: str) -> bool:
    """True when a step is about the user, under the present key or the one before a rename."""
    section, *names = str(step["subject"]).split("/")
    if section not in ("user", "access") or not names:
        return False
    return names[0] == key or (step["kind"] == "user.move_key" and step["before"] == key)
