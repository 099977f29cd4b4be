"""Rosters: tables of users, one a line, as a layer of settings.

In: the name a layer gives under `users_table`. Out: a Layer, or Problems of the client that asked.
"""

from typing import Any

from flexsync.desired.layers import Cells, Layer
from flexsync.desired.model import Path
from flexsync.desired.source import MAX_TABLE_BYTES, Source
from flexsync.desired.tables import Row, read_table
from flexsync.errors import InvalidFiles, Problem, Where

COLUMNS = ("key", "civility", "given_name", "family_name", "email", "access", "starts_on", "ends_on")
#: Joins several values in one cell.
JOIN = "+"
KEPT = 16


class Rosters:
    """Reads rosters; the last few are kept, because a profile shares one among its clients."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._kept: dict[str, tuple[Layer | None, tuple[Problem, ...]]] = {}

    def read(self, name: str, asked: Where) -> tuple[Layer | None, tuple[Problem, ...]]:
        """The layer of a roster and what is wrong in it; `asked` is the place that names the table."""
        if name not in self._kept:
            if len(self._kept) >= KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[name] = self._read(name)
        layer, problems = self._kept[name]
        return layer, tuple(_at(problem, name, asked) for problem in problems)

    def _read(self, name: str) -> tuple[Layer | None, tuple[Problem, ...]]:
        try:
            content = self._source.read(name, MAX_TABLE_BYTES)
            table = read_table(name, content, COLUMNS, key="key")
        except InvalidFiles as error:
            return None, error.problems
        return roster_layer(name, table.rows), tuple(table.problems)


def roster_layer(name: str, rows: "list[Row] | tuple[Row, ...]") -> Layer:
    """The users of a table as a layer."""
    users: dict[str, Any] = {}
    cells: dict[Path, Where] = {}
    for row in rows:
        key = row.values["key"]
        path: Path = ("users", key)
        users[key] = {column: _value(column, text) for column, text in row.values.items() if column != "key" and text}
        cells[path] = row.where["key"]
        cells |= {(*path, column): where for column, where in row.where.items() if column in users[key]}
    return Layer(name, {"users": users}, Cells(Where(name), cells).where)


def _value(column: str, text: str) -> Any:
    return split(text) if column == "access" else text


def split(text: str) -> list[str]:
    """The values that one cell joins with a plus sign."""
    return [part.strip() for part in text.split(JOIN) if part.strip()]


def _at(problem: Problem, name: str, asked: Where) -> Problem:
    """A table that cannot be read at all is told where it is asked for, so that the reader knows who wants it."""
    whole = problem.where == Where(name) and problem.code.startswith("file-")
    return Problem(problem.code, problem.message, asked, problem.severity) if whole else problem
