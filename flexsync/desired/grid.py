"""A table as rows of text, whatever file it came from.

In: nothing; these are the values that the CSV and XLSX readers make. Out: a Grid, from which
`tables` reads rows. It knows no column by name.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flexsync.errors import InvalidFiles, Problem, Where
from flexsync.text import is_unsafe, shorten

MAX_ROWS = 100_000
MAX_COLUMNS = 50
MAX_CELL = 4_096


@dataclass(frozen=True, slots=True)
class Record:
    """One row: the text of each cell and the column of the file in which it begins, from 1."""

    number: int
    texts: Sequence[str]
    columns: Sequence[int]
    source: str = ""

    @property
    def is_empty(self) -> bool:
        """True for the blank rows that spreadsheets leave behind."""
        return not any(self.texts)


@dataclass(frozen=True, slots=True)
class Grid:
    """A header and the rows below it; `problems` are about single cells. `sheet` is empty for CSV."""

    file: str
    header: Record
    records: tuple[Record, ...]
    problems: tuple[Problem, ...] = ()
    sheet: str = ""

    def where(self, record: Record, index: int = 0) -> Where:
        """Place of a cell, or of the end of the row for a cell that is not there."""
        column = record.columns[index] if index < len(record.columns) else len(record.source) + 1
        return Where(self.file, record.number, column)

    def problem(self, code: str, record: Record, index: int, text: str, column: str = "") -> Problem:
        """A problem with one cell; a sheet's cell is named as spreadsheets do."""
        cell = f"{self.sheet}!{cell_name(record.number, index)}" if self.sheet else ""
        label = f"{column} ({cell})" if column and cell else column or cell
        message = f"{label}: {text}" if label else text
        return Problem(code, message, self.where(record, index), source=record.source)


def refuse(code: str, message: str, where: Where, source: str = "") -> InvalidFiles:
    """The refusal of a whole file for one reason."""
    return InvalidFiles([Problem(code, message, where, source=source)])


def text_problem(text: str) -> str | None:
    """Why no cell may hold `text`, in a few words; None when it may."""
    if text.isprintable():
        return None
    odd = next((char for char in text if is_unsafe(char)), "")
    if odd in ("\n", "\r"):
        return f'"{shorten(text)}" holds a line break. Write it on one line.'
    return f'"{shorten(text)}" holds the invisible character U+{ord(odd):04X}. Remove it.' if odd else None


def cell_name(row: int, index: int) -> str:
    """`D4` for row 4 and index 3."""
    letters = ""
    number = index + 1
    while number:
        number, letter = divmod(number - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row}"
