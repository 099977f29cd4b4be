"""Rosters: tables of users, one a line, as a layer of settings.

In: the name a layer gives under `users_table`. Out: a Layer, or Problems of the client that asked.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from flexsync.desired.layers import Cells, Layer
from flexsync.desired.model import Path
from flexsync.desired.source import MAX_TABLE_BYTES, Source
from flexsync.desired.tables import Row, read_roster
from flexsync.errors import InvalidFiles, Problem, Where

KEPT = 16


class Rosters:
    """Reads rosters; the last few are kept, because a profile shares one among its clients."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._kept: dict[str, tuple[Layer | None, tuple[Problem, ...]]] = {}

    def read(self, name: str, asked: Where) -> tuple[Layer | None, tuple[Problem, ...]]:
        """The layer of a roster and what is wrong in it.

        A file that cannot be had is told at `asked`, where somebody names it.
        """
        if name not in self._kept:
            try:
                content = self._source.read(name, MAX_TABLE_BYTES)
            except InvalidFiles as error:
                return None, tuple(replace(problem, where=asked) for problem in error.problems)
            self._keep(name, _roster(name, content))
        return self._kept[name]

    def _keep(self, name: str, roster: tuple[Layer | None, tuple[Problem, ...]]) -> None:
        if len(self._kept) >= KEPT:
            del self._kept[next(iter(self._kept))]
        self._kept[name] = roster


def _roster(name: str, content: bytes) -> tuple[Layer | None, tuple[Problem, ...]]:
    try:
        rows = read_roster(name, content)
    except InvalidFiles as error:
        return None, error.problems
    return roster_layer(name, rows), tuple(problem for row in rows for problem in row.problems)


def roster_layer(name: str, rows: Iterable[Row]) -> Layer:
    """The users of a table as a layer; a table without lines means that there are none."""
    users: dict[str, Any] = {}
    cells: dict[Path, Where] = {}
    lines: dict[int, str] = {}
    for row in rows:
        if not row.key:
            continue
        users[row.key] = row.data
        cells["users", row.key] = row.where
        cells |= {("users", row.key, *path): where for path, where in row.cells.items()}
        lines[row.where.line] = row.source
    return Layer(name, {"users": users}, Cells(Where(name), cells).where, lambda number: lines.get(number, ""))
