"""An online copy of a SQLite store.

In: two paths. Out: a whole file or none; what is there is never overwritten.
"""

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from flexsync import paths
from flexsync.errors import StoreUnavailable


def copy(store: Path, to: Path) -> None:
    """Copy `store` to the new file `to`; raises StoreUnavailable when `to` exists or cannot be written."""
    if paths.is_there(to):
        raise StoreUnavailable(f"The backup {to} exists already. Name a new file; nothing is overwritten.")
    part = to.with_name(f"{to.name}.part")
    try:
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        with closing(sqlite3.connect(store)) as source, closing(sqlite3.connect(part)) as target:
            source.backup(target)
        part.replace(to)
    except (OSError, sqlite3.Error) as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise StoreUnavailable(f"The backup {to} cannot be written: {error}.") from error
