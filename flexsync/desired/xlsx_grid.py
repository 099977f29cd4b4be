"""XLSX to rows of text, each cell with its name.

In: the bytes of a file that `xlsx_guard` has looked through. Out: a Grid of its one sheet. Numbers
and dates become the text a person would have typed; what has no such text is a problem.
"""

import io
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from flexsync.desired.grid import MAX_COLUMNS, MAX_ROWS, Grid, Record, cell_name, refuse, text_problem
from flexsync.desired.xlsx_guard import Oddity, examined
from flexsync.errors import InvalidFiles, Problem, Where
from flexsync.text import shorten

#: Spreadsheets keep 15 digits of a number and make the others zero.
_EXACT = 10**15


def read_xlsx(file: str, content: bytes) -> Grid:
    """The table on the only sheet that has one; raises InvalidFiles when there is none or it is unsafe."""
    clean, oddities = examined(file, content)
    name, merged, rows = _sheet(file, clean)
    if merged:
        (top, left), (bottom, right) = min(merged)
        cells = f"{cell_name(top + 1, left)}:{cell_name(bottom + 1, right)}"
        text = f"{name}!{cells} are merged. Unmerge all cells; every row and the header needs its own."
        raise refuse("table-merged", text, Where(file, top + 1, left + 1))
    if not rows or not any(rows[0]):
        raise refuse("table-header", f"{name}: no header in row 1. Name the columns there.", Where(file))
    if len(rows) > MAX_ROWS + 1 or len(rows[0]) > MAX_COLUMNS:
        raise refuse("too-big", f"{name}: more than {MAX_ROWS} rows or {MAX_COLUMNS} columns.", Where(file))
    return _grid(file, name, rows, oddities)


def _grid(file: str, name: str, rows: Sequence[Sequence[Any]], oddities: Sequence[Oddity]) -> Grid:
    records = [_record(number, row) for number, row in enumerate(rows, 1)]
    bare = Grid(file, records[0], (), sheet=name)
    problems = [problem for record, row in zip(records, rows, strict=True) for problem in _problems(bare, record, row)]
    problems += [
        bare.problem("table-formula", records[odd.row - 1], odd.column - 1, odd.text)
        for odd in oddities
        if 0 < odd.row <= len(records)
    ]
    filled = tuple(record for record in records[1:] if not record.is_empty)
    return Grid(file, records[0], filled, tuple(problems), name)


def _record(number: int, row: Sequence[Any]) -> Record:
    return Record(number, [_text(value) for value in row], range(1, len(row) + 1))


def _problems(grid: Grid, record: Record, row: Sequence[Any]) -> list[Problem]:
    problems = []
    for index, (value, text) in enumerate(zip(row, record.texts, strict=True)):
        if unsafe := text_problem(text):
            problems.append(grid.problem("forbidden-character", record, index, unsafe))
        elif odd := _value_problem(value):
            problems.append(grid.problem("table-cell", record, index, odd))
    return problems


def _text(value: Any) -> str:
    """A cell as a person would have typed it."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def _value_problem(value: Any) -> str | None:
    if isinstance(value, bool):
        return f'a truth value ("{_text(value)}"), expected text. Format the column as text.'
    if isinstance(value, float) and abs(value) >= _EXACT:
        return f"the number {value:g} is too long for a spreadsheet, digits are lost. Format the column as text."
    if isinstance(value, str | int | float) or (isinstance(value, date) and len(_text(value)) == 10):
        return None
    return f'a time of day or a duration ("{shorten(str(value))}"). Write a date, such as 2013-02-06, or text.'


def _sheet(file: str, content: bytes) -> tuple[str, list[Any], list[list[Any]]]:
    """Name, merged ranges and rows of the one sheet that has cells, hidden ones counted."""
    try:
        from python_calamine import CalamineWorkbook, SheetTypeEnum
    except ImportError:
        message = 'reading XLSX needs python-calamine. Run pip install "flexsync[xlsx]", or save the sheet as CSV.'
        raise refuse("table-extra", message, Where(file)) from None
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = [sheet.name for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
        sheets = {name: book.get_sheet_by_name(name) for name in names}
        name = _only(file, [name for name, sheet in sheets.items() if sheet.start is not None])
        return name, list(sheets[name].merged_cell_ranges or ()), sheets[name].to_python(skip_empty_area=False)
    except (InvalidFiles, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic inside the reader is no Exception
        message = f"the workbook cannot be read: {shorten(str(error))}. Save it again as XLSX, or as CSV."
        raise refuse("table-format", message, Where(file)) from None


def _only(file: str, names: list[str]) -> str:
    """The name of the one sheet that has cells."""
    if not names:
        raise refuse("table-header", "no header: the workbook has no cells.", Where(file))
    if len(names) > 1:
        listed = ", ".join(shorten(name) for name in names[:10])
        message = f"{len(names)} sheets have cells: {listed}. Keep one, so that no row is overlooked."
        raise refuse("table-format", message, Where(file))
    return names[0]
