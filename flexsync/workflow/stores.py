"""Which store a command reads or writes.

A store that does not exist yet reads as an empty one, so that a first plan needs no preparation and
writes nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from os.path import normpath
from pathlib import Path
from typing import TYPE_CHECKING

from flexsync.clock import Clock
from flexsync.errors import StoreUnavailable, WrongCommand
from flexsync.paths import reason
from flexsync.snapshot import Account, Snapshot
from flexsync.state import digest
from flexsync.text import did_you_mean, shorten, visible

if TYPE_CHECKING:
    from flexsync.store.base import JournalEntry, Run
    from flexsync.store.sql import Store
    from flexsync.workflow.planning import Reading


class NoStore:
    """What a store that was not created yet knows: nothing but where it will be; a plan for it fits no other."""

    url_shown = "no store yet"

    def __init__(self, url: str) -> None:
        self.id = f"new:{digest(normpath(url.removeprefix('sqlite:///')))}"

    def open_names(self) -> Iterable[str]:
        """No subscription."""
        return ()

    def snapshots(self, names: Sequence[str]) -> dict[str, Snapshot]:
        """No snapshot."""
        return {}

    def accounts(self, keys: Sequence[str]) -> dict[str, Account]:
        """No account."""
        return {}

    def lapsed(self, names: Sequence[str]) -> set[str]:
        """Nobody was invited."""
        return set()


def is_there(url: str) -> bool:
    """False only of a SQLite file that does not exist; a server is always there. Raises StoreUnavailable."""
    path = url.removeprefix("sqlite:///")
    try:
        return "://" in path or bool(Path(path).stat())
    except (FileNotFoundError, NotADirectoryError):
        return False
    except (OSError, ValueError) as error:
        why = reason(error) if isinstance(error, OSError) else "the name is not usable"
        raise StoreUnavailable(f"The store {shorten(path)} cannot be looked at: {why}.") from error


def unknown(store: "Store", name: str) -> WrongCommand:
    """What to raise of a subscription that the store does not have; it tells the nearest name."""
    near = did_you_mean(name, [head.name for head in store.heads()])
    return WrongCommand(f'The store has no subscription "{visible(name)}".{near}')


def run_of(store: "Store", run_id: str) -> "tuple[Run, list[JournalEntry]]":
    """A run and what it did; raises WrongCommand when the store has none of that id."""
    found = store.run(run_id)
    if found is None:
        raise WrongCommand(f'The store has no run "{shorten(run_id)}". Look it up with flexsync runs list.')
    return found


def refuse_unknown(store: "Store", subscription: str, run: str) -> None:
    """Raise WrongCommand when the store has no such subscription or run; either may be empty."""
    if subscription and all(head.name != subscription for head in store.heads()):
        raise unknown(store, subscription)
    if run:
        run_of(store, run)


@contextmanager
def reading(url: str, clock: Clock) -> "Iterator[Reading]":
    """The store at `url`, or an empty one when there is none yet. Raises StoreUnavailable."""
    if not is_there(url):
        yield NoStore(url)
        return
    with existing(url, clock) as store:
        yield store


def existing(url: str, clock: Clock) -> "Store":
    """The store at `url`, to be closed. Raises StoreUnavailable when there is none."""
    from flexsync.store.sql import open_store

    return open_store(url, create=False, clock=clock)


def writing(url: str, clock: Clock) -> "Store":
    """The store at `url`, to be closed, created when it is missing. Raises StoreUnavailable."""
    from flexsync.store.sql import open_store

    return open_store(url, create=True, clock=clock)
