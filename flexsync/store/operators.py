"""Operators: people who look after the whole fleet; no account of a subscription is one."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, select, update

from flexsync.store.rows import insert_new
from flexsync.store.tables_portal import operator


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator; one that ended stays on the list, and its name is not given again."""

    name: str
    created_at: datetime
    ended_at: datetime | None
    kept: str = field(repr=False)


def find(connection: Connection, name: str) -> Operator | None:
    """The operator of that name, at work or not."""
    row = connection.execute(select(operator).where(operator.c.name == name)).first()
    return Operator(row.name, row.created_at, row.ended_at, row.password_hash) if row else None


def everybody(connection: Connection) -> list[Operator]:
    """All operators, by name."""
    rows = connection.execute(select(operator).order_by(operator.c.name))
    return [Operator(row.name, row.created_at, row.ended_at, row.password_hash) for row in rows]


def add(connection: Connection, name: str, kept: str, now: datetime) -> bool:
    """A new operator; False when the name was given before."""
    row = {"name": name, "password_hash": kept, "created_at": now}
    return bool(insert_new(connection, operator, [row], "name", operator.c.name))


def keep(connection: Connection, name: str, kept: str) -> None:
    """Keep another hash of the same password."""
    connection.execute(update(operator).where(operator.c.name == name).values(password_hash=kept))


def end(connection: Connection, name: str, now: datetime) -> bool:
    """Take an operator's rights; False when there is nobody at work of that name."""
    mine = update(operator).where(operator.c.name == name, operator.c.ended_at.is_(None))
    return bool(connection.execute(mine.values(ended_at=now)).rowcount)
