"""CSV and XLSX tables to rows of plain data, as a YAML layer would give them.

In: the name and the bytes of a table of clients or a roster of users. Out: rows, each with its data,
the place of every value and its own problems, so that one bad row does not stop the others. It must
not judge values beyond what spreadsheets do to them, nor read anything that is not in the bytes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flexsync.desired.columns import CLIENTS, ROSTER, Column
from flexsync.desired.csv_grid import read_csv
from flexsync.desired.grid import MAX_CELL, Grid, Record
from flexsync.desired.model import Path
from flexsync.desired.xlsx_grid import read_xlsx
from flexsync.errors import InvalidFiles, Problem, Where
from flexsync.text import did_you_mean, shorten

FORMULA = ("=", "+", "-", "@")


@dataclass(frozen=True, slots=True)
class Row:
    """One client or one user of a table.

    `key` is the first column, empty when even that cannot be read. `data` is nested plain data
    without empty cells and without cells that have a problem; `cells` are the places of its values.
    """

    key: str
    where: Where
    data: Mapping[str, Any]
    cells: Mapping[Path, Where]
    problems: tuple[Problem, ...] = ()
    source: str = ""

    def line(self, number: int) -> str:
        """The source line, for the caret of a message; empty for any other line."""
        return self.source if number == self.where.line else ""


def read_clients(file: str, content: bytes) -> tuple[Row, ...]:
    """The clients of a table, in its order; raises InvalidFiles when the file or its header is wrong."""
    return _rows(read_grid(file, content), CLIENTS)


def read_roster(file: str, content: bytes) -> tuple[Row, ...]:
    """The users of a roster, in its order; raises InvalidFiles when the file or its header is wrong."""
    return _rows(read_grid(file, content), ROSTER)


def read_grid(file: str, content: bytes) -> Grid:
    """The cells of a CSV or XLSX file; the content tells which, whatever the name says."""
    is_sheet = content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")) or file.lower().endswith((".xlsx", ".xlsm"))
    return read_xlsx(file, content) if is_sheet else read_csv(file, content)


def _rows(grid: Grid, known: Sequence[Column]) -> tuple[Row, ...]:
    columns = _columns(grid, known)
    damaged: dict[int, list[Problem]] = {}
    for problem in grid.problems:
        damaged.setdefault(problem.where.line, []).append(problem)
    if grid.header.number in damaged:
        raise InvalidFiles(damaged[grid.header.number])
    rows = [_row(grid, record, columns, damaged.get(record.number, [])) for record in grid.records]
    return _without_twins(rows, known[0].name)


def _columns(grid: Grid, known: Sequence[Column]) -> list[Column]:
    """The column of each header cell, trailing empty cells left out; raises InvalidFiles."""
    by_name = {column.name: column for column in known}
    names = _trimmed(grid.header.texts)
    problems = []
    for index, name in enumerate(names):
        if name not in by_name:
            problems.append(grid.problem("table-header", grid.header, index, _unknown(name, list(by_name))))
        elif name in names[:index]:
            text = f'the column "{name}" comes twice (first in column {names.index(name) + 1}). Remove one.'
            problems.append(grid.problem("table-header", grid.header, index, text))
    if known[0].name not in names:
        text = f'the column "{known[0].name}" is missing; it says what a row is about.'
        problems.append(grid.problem("table-header", grid.header, 0, text))
    if problems:
        raise InvalidFiles(problems)
    return [by_name[name] for name in names]


def _unknown(name: str, known: list[str]) -> str:
    if not name:
        return "a column without a name. Name it or remove it."
    return f'unknown column "{shorten(name)}".{did_you_mean(name, known)} Known: {", ".join(known)}.'


def _trimmed(texts: Sequence[str]) -> list[str]:
    """The cells up to the last one that is not empty."""
    length = len(texts)
    while length and not texts[length - 1]:
        length -= 1
    return list(texts[:length])


def _row(grid: Grid, record: Record, columns: Sequence[Column], damaged: list[Problem]) -> Row:
    """A row from its cells; a line of the wrong length is not read, its cells may have moved."""
    where = grid.where(record)
    problems = [*damaged, *_length_problems(grid, record, columns)]
    if problems and not grid.sheet:
        return Row("", where, {}, {}, tuple(problems), record.source)
    spoilt = {problem.where for problem in problems}
    data: dict[str, Any] = {}
    cells: dict[Path, Where] = {}
    for index, column in enumerate(columns):
        text = record.texts[index]
        if spoilt and grid.where(record, index) in spoilt:
            continue
        if wrong := cell_problem(text, column):
            code, words = wrong
            problems.append(grid.problem(code, record, index, words, column.name))
        elif text and column.path:
            cells[column.path] = grid.where(record, index)
            _put(data, column.path, column.kind.value(text))
    key = record.texts[next(index for index, column in enumerate(columns) if column.first)]
    return Row(key, where, data, cells, tuple(problems), record.source)


def _length_problems(grid: Grid, record: Record, columns: Sequence[Column]) -> list[Problem]:
    found = len(_trimmed(record.texts))
    if found <= len(columns) <= len(record.texts):
        return []
    shown = max(found, min(len(record.texts), len(columns)))
    text = f"{shown} cells, the header has {len(columns)}. Is a separator missing, or a quote around a cell?"
    return [grid.problem("table-row", record, min(shown, len(columns)) if shown > len(columns) else 0, text)]


def cell_problem(text: str, column: Column) -> tuple[str, str] | None:
    """Code and words of what is wrong with a cell; an empty one leaves its value out."""
    if not text:
        return ("table-cell", "missing. Every row needs one.") if column.first else None
    if len(text) > MAX_CELL:
        return "too-long", f"{len(text)} characters, the limit is {MAX_CELL}."
    if text.startswith(FORMULA):
        return "table-formula", f'"{shorten(text)}" looks like a formula. Write the value itself.'
    if wrong := column.kind.problem(text):
        return "table-cell", wrong
    return None


def _put(data: dict[str, Any], path: Path, value: Any) -> None:
    *parents, last = path
    for part in parents:
        data = data.setdefault(str(part), {})
    data[str(last)] = value


def _without_twins(rows: Sequence[Row], column: str) -> tuple[Row, ...]:
    """Rows that share a key are all wrong: nobody knows which one is meant."""
    places: dict[str, list[int]] = {}
    for row in rows:
        if row.key:
            places.setdefault(row.key, []).append(row.where.line)
    return tuple(_marked(row, places[row.key], column) if len(places.get(row.key, ())) > 1 else row for row in rows)


def _marked(row: Row, lines: list[int], column: str) -> Row:
    others = f"first at line {lines[0]}" if row.where.line != lines[0] else f"again at line {lines[1]}"
    text = f'{column}: "{shorten(row.key)}" is in more than one row ({others}). Keep one.'
    problem = Problem("duplicate-key", text, row.where, source=row.source)
    return replace(row, problems=(*row.problems, problem))
