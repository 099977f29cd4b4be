"""What a store holds, row by row, and how many statements it is asked."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event, select

from flexsync.store.sql import Store
from flexsync.store.tables import metadata

#: Written by every run, whatever it finds to do.
OF_RUNS = frozenset({"run", "lease"})


def dump(store: Store, without: frozenset[str] = OF_RUNS) -> dict[str, list[tuple]]:
    """All rows of all tables but `without`."""
    tables = [table for table in metadata.sorted_tables if table.name not in without]
    return store.read(
        lambda connection: {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in tables
        }
    )


def count(store: Store, table: str) -> int:
    return len(dump(store, frozenset())[table])


@contextmanager
def statements(store: Store) -> Iterator[list[str]]:
    """The statements that the store is asked inside the block; an executemany is one."""
    asked: list[str] = []

    def note(connection, cursor, statement, parameters, context, executemany):
        asked.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(store.engine, "before_cursor_execute", note)
