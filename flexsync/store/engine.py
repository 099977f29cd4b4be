"""From a store URL to a SQLAlchemy engine, SQLite or PostgreSQL.

In: `sqlite:///path`, a bare path, or `postgresql://…`. Out: a Place (what is shown of it) and its
engine. It must never show a password, and it must not create a file.
"""

import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from flexsync import paths
from flexsync.errors import StoreUnavailable
from flexsync.text import is_unsafe, shorten

#: Seconds that a transaction waits for another one.
PATIENCE = 30

_FORMS = "Use a path, sqlite:///path/store.db, or postgresql://user@host/database."
_WRITES = "flexsync_writes"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a store is. `path` is the file of a SQLite store; `shown` holds no password."""

    url: URL
    shown: str
    path: Path | None


def locate(url: str) -> Place:
    """The place that `url` names; raises StoreUnavailable with the forms that exist."""
    if not url.strip():
        raise StoreUnavailable(f"No store is named. {_FORMS}")
    if any(is_unsafe(char) for char in url):
        # The text may hold a password, so none of it is shown.
        raise StoreUnavailable(f"The store URL holds a line break or a control character. {_FORMS}")
    scheme, separator, rest = url.partition("://")
    if not separator:
        return _file(Path(url))
    if scheme == "sqlite":
        return _file(_sqlite_path(rest))
    if scheme in ("postgresql", "postgres", "postgresql+psycopg"):
        return _server(url, rest)
    raise StoreUnavailable(f'The store URL begins with "{shorten(scheme, 20)}://", which is no store. {_FORMS}')


def _sqlite_path(rest: str) -> Path:
    if not rest.startswith("/") or rest == "/":
        raise StoreUnavailable("A SQLite URL has three slashes before the path, or four before an absolute one.")
    return Path(rest[1:])


def _file(path: Path) -> Place:
    return Place(URL.create("sqlite", database=str(path)), f"sqlite:///{path}", path)


def _server(url: str, rest: str) -> Place:
    try:
        parsed = make_url(f"postgresql+psycopg://{rest}")
    except (ArgumentError, ValueError):
        raise StoreUnavailable(f"The PostgreSQL URL cannot be read. {_FORMS}") from None
    shown = URL.create("postgresql", parsed.username, None, parsed.host, parsed.port, parsed.database)
    return Place(parsed, shown.render_as_string(), None)


def connect(place: Place) -> Engine:
    """An engine for `place`; nothing is opened yet."""
    return _sqlite(place, place.path) if place.path else _postgresql(place)


def writing(engine: Engine) -> Engine:
    """The same engine for transactions that write: SQLite takes its lock at the beginning."""
    return engine.execution_options(**{_WRITES: True})


def _sqlite(place: Place, path: Path) -> Engine:
    url = place.url if _may_write(path) else _read_only(path)
    engine = create_engine(url, connect_args={"timeout": PATIENCE, "check_same_thread": False}, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _may_write(path: Path) -> bool:
    """True when this user may write the file and, as even a reader has to, files beside it."""
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


def _read_only(path: Path) -> URL:
    """The file as it lies there; with its log beside it, as the writers of that log leave it."""
    log = path.with_name(f"{path.name}-wal")
    how = {"mode": "ro"} if paths.is_there(log) else {"mode": "ro", "immutable": "1"}
    return URL.create("sqlite", database=f"file:{quote(str(path.absolute()))}", query={**how, "uri": "true"})


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver's own BEGIN comes late and lets two writers read the same free seat.
    connection.isolation_level = None
    for pragma in ("foreign_keys = ON", "synchronous = FULL", f"busy_timeout = {PATIENCE * 1000}"):
        connection.execute(f"PRAGMA {pragma}")
    # As PostgreSQL has it.
    connection.create_function("translate", 3, _translate, deterministic=True)


def _translate(text: str | None, old: str, new: str) -> str | None:
    return None if text is None else text.translate(str.maketrans(old, new))


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgresql(place: Place) -> Engine:
    try:
        # Prepared statements do not survive a pooler that shares connections between transactions.
        engine = create_engine(
            place.url,
            connect_args={"connect_timeout": 10, "application_name": "flexsync", "prepare_threshold": None},
            isolation_level="READ COMMITTED",
            hide_parameters=True,
        )
    except ModuleNotFoundError:
        raise StoreUnavailable('PostgreSQL needs its driver: pip install "flexsync[postgres]".') from None
    event.listen(engine, "begin", _begin_postgresql)
    return engine


def _begin_postgresql(connection: Connection) -> None:
    if connection.get_execution_options().get(_WRITES, False):
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{PATIENCE}s'")
