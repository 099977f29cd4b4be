"""Sessions: somebody is signed in as long as a row says so.

In: who signs in, or the hash of a cookie. Out: a Session. The cookie itself is never kept, and a session that
ended is never found again.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, select, update

from flexsync.store.tables_portal import web_session

#: How long a session lives at most, and how long without a sign of life.
LONGEST = timedelta(hours=12)
IDLE = timedelta(hours=2)
#: A sign of life is written at most this often.
NOTED_EVERY = timedelta(minutes=5)
#: Sessions are forgotten so long after the last instant that they could have had.
KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Session:
    """Who is signed in: an account, or an operator by name. `proved_at`: when the password was last typed."""

    hash: str
    account: int | None
    operator: str | None
    csrf: str = field(repr=False)
    proved_at: datetime
    seen_at: datetime


def new_cookie() -> str:
    """A text of 256 random bits that nobody had before."""
    return secrets.token_urlsafe(32)


def begin(
    connection: Connection, hash_of_cookie: str, now: datetime, *, account: int | None = None, operator: str = ""
) -> Session:
    """A new session of an account or of an operator."""
    forget(connection, now)
    new = Session(hash_of_cookie, account, operator or None, new_cookie(), now, now)
    values = {
        "hash": new.hash,
        "account": new.account,
        "operator": new.operator,
        "csrf": new.csrf,
        "created_at": now,
        "proved_at": now,
        "seen_at": now,
        "expires_at": now + LONGEST,
    }
    connection.execute(web_session.insert().values(values))
    return new


def find(connection: Connection, hash_of_cookie: str, now: datetime) -> Session | None:
    """The session that is still alive."""
    mine = select(web_session).where(web_session.c.hash == hash_of_cookie, web_session.c.ended_at.is_(None))
    row = connection.execute(mine.where(web_session.c.expires_at > now, web_session.c.seen_at > now - IDLE)).first()
    return Session(row.hash, row.account, row.operator, row.csrf, row.proved_at, row.seen_at) if row else None


def note(connection: Connection, session: Session, now: datetime) -> None:
    """Write a sign of life."""
    connection.execute(update(web_session).where(web_session.c.hash == session.hash).values(seen_at=now))


def prove(connection: Connection, session: Session, now: datetime) -> None:
    """Note that the password was typed again."""
    connection.execute(update(web_session).where(web_session.c.hash == session.hash).values(proved_at=now))


def end(connection: Connection, hash_of_cookie: str, now: datetime) -> None:
    """End one session."""
    _end(connection, now, web_session.c.hash == hash_of_cookie)


def end_all(connection: Connection, accounts: Iterable[int], now: datetime) -> None:
    """End every session of accounts."""
    ids = sorted(accounts)
    if ids:
        _end(connection, now, web_session.c.account.in_(ids))


def end_of_operator(connection: Connection, name: str, now: datetime) -> None:
    """End every session of an operator."""
    _end(connection, now, web_session.c.operator == name)


def _end(connection: Connection, now: datetime, which: ColumnElement[bool]) -> None:
    connection.execute(update(web_session).where(which, web_session.c.ended_at.is_(None)).values(ended_at=now))


def forget(connection: Connection, now: datetime) -> int:
    """Forget the sessions that could not have lasted until lately; how many they were."""
    return connection.execute(delete(web_session).where(web_session.c.expires_at < now - KEPT)).rowcount
