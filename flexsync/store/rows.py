"""Between rows and values: JSON texts, chunks of names, inserts that both databases know."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Row, Select, Table
from sqlalchemy import Connection as Connection  # noqa: PLC0414 - for acts, which hand it on
from sqlalchemy.dialects import postgresql, sqlite

from flexsync.errors import FlexsyncError
from flexsync.snapshot import Account, Invitation
from flexsync.state import Person, State, canonical, from_plain, to_plain
from flexsync.store.base import Head, Run
from flexsync.store.tables import account, subscription
from flexsync.text import shorten

AnyRow = Row[*tuple[Any, ...]]
AnySelect = Select[*tuple[Any, ...]]
Rows = Sequence[Mapping[str, Any]]

#: Names in one statement; both databases bound the number of parameters.
CHUNK = 500

HEAD = (
    subscription.c.name,
    subscription.c.revision,
    subscription.c.digest,
    subscription.c.applied_digest,
    subscription.c.status,
    subscription.c.source,
    subscription.c.next_due,
)
ACCOUNT = (
    account.c.id,
    account.c.key,
    account.c.owner,
    account.c.civility,
    account.c.given_name,
    account.c.family_name,
    account.c.email,
    account.c.language,
    account.c.password_set_at,
)


def chunks(values: Iterable[str]) -> Iterator[list[str]]:
    """`values` without repeats, sorted, in lists that fit one statement."""
    ordered = sorted(set(values))
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]


def dump(value: Any) -> str:
    """Plain data, a State, or None as text."""
    return canonical(to_plain(value))


def digest_of(text: str) -> str:
    """The digest of what `dump` wrote, as `flexsync.state.digest` makes it."""
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def load(text: str) -> Any:
    """The plain data that `dump` wrote."""
    return json.loads(text)


def state_of(name: str, text: str) -> State | None:
    """The State that `dump` wrote; raises FlexsyncError when the text is damaged."""
    try:
        plain = json.loads(text)
        return None if plain is None else from_plain(plain)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise FlexsyncError(
            f'The stored state of "{shorten(name)}" cannot be read. Run `flexsync store check`, then restore a backup.'
        ) from error


def insert_new(connection: Connection, table: Table, rows: Rows, key: str, *returning: Column[Any]) -> Sequence[AnyRow]:
    """Insert `rows`, passing over those whose `key` exists; `returning` of those that are new."""
    if not rows:
        return ()
    statement = _insert(connection, table).on_conflict_do_nothing(index_elements=[key]).returning(*returning)
    return connection.execute(statement, list(rows)).all()


def upsert(connection: Connection, table: Table, rows: Rows, *key: str) -> None:
    """Insert `rows`, or replace those whose `key` exists."""
    if not rows:
        return
    statement = _insert(connection, table)
    others = {name: statement.excluded[name] for name in rows[0] if name not in key}
    connection.execute(statement.on_conflict_do_update(index_elements=key, set_=others), list(rows))


def _insert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    # Rows are given when it is executed, not here: so the statement is compiled once for any number.
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    return insert(table)


def locked(statement: AnySelect) -> AnySelect:
    """The rows of `statement` locked until the end; SQLite has locked everything already."""
    return statement.with_for_update()


def head_of(row: AnyRow) -> Head:
    """The Head of a row of HEAD columns."""
    return Head(*row[: len(HEAD)])


def person_of(row: AnyRow) -> Person:
    """The Person of a row with ACCOUNT columns."""
    return Person(row.civility, row.given_name, row.family_name, row.email, row.language)


def account_of(row: AnyRow, invitation: Invitation | None = None) -> Account:
    """The Account of a row with ACCOUNT columns."""
    return Account(row.key, person_of(row), row.password_set_at is not None, invitation)


def run_of(row: AnyRow) -> Run:
    """The Run of a row of the `run` table."""
    return Run(
        id=row.id,
        actor=row.actor,
        host=row.host,
        command=row.command,
        started_at=row.started_at,
        commit=row.commit_id,
        plan_digest=row.plan_digest or "",
        ended_at=row.ended_at,
        result=row.result,
        counts=load(row.counts),
    )


def listing_of(state: State) -> dict[str, Any]:
    """The row of the `listing` table that a State has."""
    return {
        "subscription": state.name,
        "customer_code": state.customer_code,
        "legal_name": state.company.legal_name,
        "ends_on": state.ends_on,
    }
