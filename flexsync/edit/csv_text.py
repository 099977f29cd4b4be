"""One cell or line of a CSV text changed, every other byte as it was.

In: the bytes of a table that the reader accepts. Out: new bytes. It must not be used on a workbook.
"""

from flexsync.desired.csv_grid import read_csv
from flexsync.desired.grid import Grid, Record
from flexsync.desired.tables import FORMULA
from flexsync.edit.splice import CannotEdit, Page, Splice, spliced
from flexsync.errors import InvalidFiles

_BOM = "\ufeff"


def has_column(content: bytes, column: str) -> bool:
    """True when the table has that column."""
    return column in _grid(content).header.texts


def put_cell(content: bytes, line: int, column: str, value: str) -> bytes:
    """`content` with another text in one cell; raises CannotEdit when the cell cannot hold it."""
    grid = _grid(content)
    record = next((one for one in grid.records if one.number == line), None)
    if record is None or column not in grid.header.texts or value.startswith(FORMULA) or not value.isprintable():
        raise CannotEdit(f"line {line} has no cell {column} that could hold it")
    index = grid.header.texts.index(column)
    new = _spliced(content, line, _cell(record, index, value, _separator(grid)))
    if _row(_grid(new), line) != [*record.texts[:index], value, *record.texts[index + 1 :]]:
        raise CannotEdit(f"line {line} is written in a way that a small edit would spoil")
    return new


def drop_line(content: bytes, line: int) -> bytes:
    """`content` without one line."""
    text = content.decode()
    start = _line_start(text, line)
    return spliced(text, [Page(text).without_lines(start, start)]).encode()


def _grid(content: bytes) -> Grid:
    try:
        return read_csv("table", content)
    except InvalidFiles as error:
        raise CannotEdit(error.problems[0].message) from None


def _row(grid: Grid, line: int) -> list[str]:
    return next((list(one.texts) for one in grid.records if one.number == line), [])


def _separator(grid: Grid) -> str:
    source = grid.header.source
    return ";" if source.count(";") >= source.count(",") else ","


def _cell(record: Record, index: int, value: str, separator: str) -> Splice:
    """The cell's text replaced; quotes and the spaces around it stay."""
    start = record.columns[index] - 1
    is_last = index + 1 == len(record.columns)
    end = len(record.source) if is_last else record.columns[index + 1] - 2
    raw = record.source[start:end]
    needs_quotes = separator in value or '"' in value or value != value.strip()
    if raw.startswith('"') or (needs_quotes and raw == raw.strip()):
        return Splice(start, end, '"' + value.replace('"', '""') + '"')
    start += len(raw) - len(raw.lstrip())
    return Splice(start, start + len(raw.strip()), value)


def _spliced(content: bytes, line: int, cell: Splice) -> bytes:
    text = content.decode()
    start = _line_start(text, line)
    return spliced(text, [Splice(start + cell.start, start + cell.end, cell.text)]).encode()


def _line_start(text: str, line: int) -> int:
    """Where a line begins, counted from 1, the byte order mark not part of the first."""
    start = len(_BOM) if text.startswith(_BOM) else 0
    for _ in range(line - 1):
        start = text.index("\n", start) + 1
    return start
