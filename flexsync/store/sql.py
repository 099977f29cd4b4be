"""The store on SQLite and PostgreSQL: one code path, transactions opened and errors put in words here.

In: names and values. Out: values. It must not decide anything about subscriptions; `flexsync.apply` does.
"""

import platform
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine, select

from flexsync.clock import Clock
from flexsync.errors import StoreUnavailable
from flexsync.faults import point
from flexsync.snapshot import Account, Snapshot
from flexsync.store import audit, backup, chain, checking, invited, leases, reading, runs
from flexsync.store.base import Conflict, Head, Info, JournalEntry, Lease, OutboxRow, Run, RunResult, Status
from flexsync.store.engine import Place, writing
from flexsync.store.opening import opened
from flexsync.store.tables import SCHEMA, store_info
from flexsync.store.transaction import Transaction
from flexsync.store.trouble import told

T = TypeVar("T")

_ATTEMPTS = 5


def open_store(url: str, *, create: bool, clock: Clock) -> "Store":
    """The store at `url`: `sqlite:///path`, a bare path, or `postgresql://…`.

    A missing one is created when `create` is true. Raises StoreUnavailable with what to run, and writes
    nothing to a store of another schema.
    """
    place, engine = opened(url, create=create, clock=clock)
    return Store(place, engine, clock)


def retried(act: Callable[[], T]) -> T:
    """What `act` answers; a Conflict rolled it back whole, so it is done again, a few times."""
    for _ in range(_ATTEMPTS - 1):
        try:
            return act()
        except Conflict:
            continue
    return act()


class Store:
    """An open store. Every method raises StoreUnavailable when the database fails; close it at the end."""

    def __init__(self, place: Place, engine: Engine, clock: Clock) -> None:
        self.engine = engine
        self.clock = clock
        self.url_shown = place.shown
        self._place = place
        self._writing = writing(engine)
        self.id = self.read(lambda connection: str(connection.scalar(select(store_info.c.id))))

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def read(self, query: Callable[[Connection], T]) -> T:
        """What `query` answers, in a transaction that only reads."""
        with told(self.url_shown), self.engine.begin() as connection:
            return query(connection)

    def write(self, change: Callable[[Connection], T]) -> T:
        """What `change` answers, in a transaction that writes; tried again when another one crossed it."""
        return retried(lambda: self._write(change))

    def _write(self, change: Callable[[Connection], T]) -> T:
        with told(self.url_shown), self._writing.begin() as connection:
            return change(connection)

    @contextmanager
    def transaction(self, name: str, run: Run) -> Iterator[Transaction]:
        """One subscription, locked until the block ends; committed then, rolled back when it raises."""
        with told(self.url_shown):
            with self._writing.begin() as connection:
                transaction = Transaction(connection, name, run, self.clock.now())
                point("transaction-begun")
                yield transaction
            point("committed")

    def heads(self) -> Iterator[Head]:
        """Every subscription's Head, by name; no body is read."""
        yield from self.read(reading.heads)

    def open_names(self) -> list[str]:
        """Names of the subscriptions that are not closed."""
        return [head.name for head in self.heads() if head.status != "closed"]

    def snapshots(self, names: Sequence[str]) -> dict[str, Snapshot]:
        """Snapshots by name; names that the store does not know are absent."""
        return self.read(lambda connection: reading.snapshots(connection, names))

    def accounts(self, keys: Sequence[str]) -> dict[str, Account]:
        """Accounts by key (see `flexsync.address.email_key`); unknown keys are absent."""
        return self.read(lambda connection: reading.accounts(connection, keys, self.clock.now()))

    def lapsed(self, names: Sequence[str]) -> set[str]:
        """Those of `names` in which somebody without a password was invited in vain."""
        return self.read(lambda connection: invited.lapsed_in(connection, names, self.clock.now()))

    def statuses(self, names: Sequence[str]) -> dict[str, Status]:
        """Heads, States, active accounts and invitations by name; unknown names are absent."""
        return self.read(lambda connection: reading.statuses(connection, names, self.clock.now()))

    def begin_run(self, command: str, *, actor: str, host: str = "", commit: str = "", plan_digest: str = "") -> Run:
        """Record that a command begins to write; raises PlanUnusable when the saved plan was used before."""
        host = host or platform.node()
        run = Run(runs.new_id(), actor, host, command, self.clock.now(), commit, plan_digest)
        self.write(lambda connection: runs.begin(connection, run))
        point("run-begun")
        return run

    def end_run(self, run: Run, result: RunResult, counts: Mapping[str, int]) -> Run:
        """Record how a run ended, and give back what it still holds."""

        def end(connection: Connection) -> Run:
            leases.release(connection, run.id)
            return runs.end(connection, run, result, counts, self.clock.now())

        ended = self.write(end)
        point("run-ended")
        return ended

    def runs(self, limit: int = 20) -> list[Run]:
        """The last runs, newest first."""
        return self.read(lambda connection: reading.recent_runs(connection, limit))

    def run(self, run_id: str) -> tuple[Run, list[JournalEntry]] | None:
        """A run and its journal, in order; None when there is none of that id."""
        return self.read(lambda connection: reading.one_run(connection, run_id))

    def history(self, name: str) -> list[JournalEntry]:
        """All that was ever done to one subscription, oldest first."""
        return self.read(lambda connection: reading.history(connection, name))

    def outbox(self, *, subscription: str = "", run: str = "") -> list[OutboxRow]:
        """Mails, oldest first: all, or those of one subscription or run."""
        return self.read(lambda connection: reading.outbox_rows(connection, subscription_name=subscription, run_id=run))

    def lease(self, names: Sequence[str], run: Run) -> list[Lease]:
        """Lease all of `names` to a run, or none; raises LockHeld naming run, person, host, since, until."""
        taken = self.write(lambda connection: leases.take(connection, names, run.id, self.clock.now()))
        point("lease-taken")
        return taken

    def renew(self, run: Run) -> int:
        """Another minute on all that a run holds; the number of its leases."""
        return self.write(lambda connection: leases.renew(connection, run.id, self.clock.now()))

    def release(self, run: Run, names: Sequence[str] | None = None) -> None:
        """Give back `names`, or all that a run holds."""
        self.write(lambda connection: leases.release(connection, run.id, names))
        point("lease-released")

    def info(self) -> Info:
        """The store in a few words, and the number of rows by table."""
        return self.read(lambda connection: reading.info(connection, self.url_shown, SCHEMA[-1]))

    def check(self) -> list[str]:
        """What is wrong inside the store, in words; nothing when bodies, tables and journal agree."""
        return self.read(checking.check)

    def acts(self, asked: audit.Asked) -> list[audit.Act]:
        """Who changed what: the acts that answer `asked`, oldest first."""
        return self.read(lambda connection: list(audit.acts(connection, asked)))

    def ends(self) -> list[chain.End]:
        """The end of every subscription's journal, to be kept elsewhere."""
        return self.read(chain.ends)

    def broken(self, kept: Mapping[str, chain.End]) -> list[str]:
        """Where the journal was altered, cut or added to, in words; `kept` are ends written down earlier."""
        return self.read(lambda connection: list(chain.broken(connection, kept)))

    def backup(self, to: Path) -> None:
        """A copy of the store in the new file `to`, taken while others go on working.

        Raises StoreUnavailable when it cannot be written, or when the store is on a server.
        """
        if self._place.path is None:
            raise StoreUnavailable(
                f"The store {self.url_shown} is on a PostgreSQL server. Use its own tool: pg_dump --format=custom."
            )
        with told(self.url_shown):
            backup.copy(self._place.path, to)
