"""What databases say when they fail, in words that tell what to do.

In: an exception of SQLAlchemy. Out: StoreUnavailable, or Conflict when trying again is safe. It must
not let a statement, a value or a password through.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from flexsync.errors import StoreUnavailable
from flexsync.store.base import Conflict

#: Part of what SQLite says, what it means, what to do.
_SQLITE = (
    ("database is locked", "is in use by another process, which did not finish in time", "Run again when it is done."),
    ("database or disk is full", "has no room left", "Nothing was written in part. Make room, then run again."),
    ("malformed", "is damaged", "Run `flexsync store check`, then restore a backup."),
    ("not a database", "is not a flexsync store", "Check --store and FLEXSYNC_STORE."),
    ("readonly database", "is read-only", "Give this user the right to write the file and its folder."),
    ("unable to open", "cannot be opened", "Check that the folder exists and that this user may write to it."),
    ("disk I/O error", "cannot be read or written: the disk reports an error", "Check the disk, then run again."),
    ("no such table", "lacks a table", "Run `flexsync store check`, then restore a backup."),
)
_CONFLICTS = frozenset({"40001", "40P01", "23505", "23503"})
#: Beginnings of SQLSTATE codes of PostgreSQL.
_POSTGRESQL = (
    ("53100", "has no room left on its server", "Nothing was written in part. Make room, then run again."),
    ("53", "has no more resources on its server", "Run again later."),
    ("55P03", "is in use by another process, which did not finish in time", "Run again when it is done."),
    ("57P", "was shut down or restarted by its administrator", "Run again; what was not finished is done then."),
    ("25006", "is read-only", "Use the primary server."),
    ("42501", "refuses this user", "Ask for the right to read and write its tables."),
    ("42P01", "lacks a table", "Run `flexsync store check`, then restore a backup."),
    ("XX", "is damaged", "Run `flexsync store check`, then restore a backup."),
)
#: Part of what PostgreSQL's client says before there is a connection.
_CONNECTING = (
    ("password authentication failed", "refuses the user or the password", "Check the URL (it is not shown here)."),
    ("no password supplied", "asks for a password", "Put one in FLEXSYNC_STORE, or in PGPASSFILE."),
    ("does not exist", "does not exist on its server", "Create the database or the user first."),
)
_UNREACHABLE = ("cannot be reached", "Check that the server runs, and the host and port of the URL.")


@contextmanager
def told(shown: str) -> Iterator[None]:
    """Turn what goes wrong with the store `shown` into words."""
    try:
        yield
    except DBAPIError as error:
        raise _explained(shown, error) from error
    except SQLAlchemyError as error:
        raise StoreUnavailable(f"The store {shown} cannot be used ({type(error).__name__}).") from error


def _explained(shown: str, error: DBAPIError) -> StoreUnavailable:
    state = getattr(error.orig, "sqlstate", None)
    said = str(error.orig)
    if state in _CONFLICTS or "constraint failed" in said:
        return Conflict(f"The store {shown} was changed by another run at the same moment. Run again.")
    what, todo = _meaning(state, said, error.orig)
    return StoreUnavailable(f"The store {shown} {what}. {todo}")


def _meaning(state: str | None, said: str, cause: BaseException | None) -> tuple[str, str]:
    if type(cause).__module__.startswith("sqlite3"):
        found = [(what, todo) for part, what, todo in _SQLITE if part in said]
    elif state:
        found = [(what, todo) for part, what, todo in _POSTGRESQL if state.startswith(part)]
    else:
        found = [*((what, todo) for part, what, todo in _CONNECTING if part in said), _UNREACHABLE]
    unknown = (f"cannot be used ({type(cause).__name__} {state or ''}".rstrip() + ")", "Run `flexsync store check`.")
    return found[0] if found else unknown
