"""CSV to rows of text, each cell with its place.

In: the bytes of a file. Out: a Grid. One line is one row: a cell cannot hold a line break, so that
places stay true and one lost quote cannot swallow the rest of the file. It guesses nothing but the
separator, which the header shows.
"""

import re

from flexsync.desired.grid import MAX_COLUMNS, MAX_ROWS, Grid, Record, refuse, text_problem
from flexsync.errors import Problem, Where
from flexsync.text import is_unsafe, shorten

MAX_BYTES = 32 << 20
_QUOTED = r'"([^"]*(?:""[^"]*)*)"'
_CELLS = {separator: re.compile(rf"{_QUOTED}(?=[{separator}]|$)|([^{separator}]*)") for separator in ";,"}
_CONFLICT = re.compile(r"(?:<{7}|={7}|>{7}|\|{7})(?: |$)")


def read_csv(file: str, content: bytes) -> Grid:
    """The table in `content`; raises InvalidFiles when it is none."""
    lines = _lines(file, content)
    _refuse_impostor(file, lines)
    separator = _separator(file, lines[0])
    problems: list[Problem] = []
    header = _record(file, 1, lines[0], separator, problems)
    if len(header.texts) > MAX_COLUMNS:
        raise refuse("too-big", f"{len(header.texts)} columns, the limit is {MAX_COLUMNS}.", Where(file))
    written = ((number, line) for number, line in enumerate(lines[1:], 2) if line.strip())
    records = (_record(file, number, line, separator, problems) for number, line in written)
    filled = tuple(record for record in records if not record.is_empty)
    return Grid(file, header, filled, tuple(problems))


def _lines(file: str, content: bytes) -> list[str]:
    """The lines without their ends; blank ones keep their numbers."""
    lines = [line.removesuffix("\r") for line in _text(file, content).split("\n")]
    rows = sum(1 for line in lines[1:] if line and not line.isspace())
    if rows > MAX_ROWS:
        raise refuse("too-big", f"{rows} rows, the limit is {MAX_ROWS}. Split the table.", Where(file, MAX_ROWS + 2))
    return lines


def _text(file: str, content: bytes) -> str:
    if len(content) > MAX_BYTES:
        raise refuse("too-big", f"{len(content)} bytes, the limit is {MAX_BYTES}. Split the table.", Where(file))
    if content.count(b"\n") > 10 * MAX_ROWS:
        raise refuse("too-big", f"more than {10 * MAX_ROWS} lines. Remove the blank ones.", Where(file))
    content = content.removeprefix(b"\xef\xbb\xbf")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        before = content[: error.start].decode()
        where = Where(file, before.count("\n") + 1, len(before) - before.rfind("\n"))
        kind = "UTF-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "not UTF-8"
        message = (
            f"{kind}: byte 0x{content[error.start]:02x} at byte offset {error.start} begins no character; "
            'save the file as UTF-8 (spreadsheets call it "CSV UTF-8").'
        )
        raise refuse("not-utf8", message, where) from None


def _refuse_impostor(file: str, lines: list[str]) -> None:
    """Files that git left in place of the table."""
    if lines[0].startswith("version https://git-lfs.github.com/spec/"):
        raise refuse("lfs-pointer", "expected a table; found a Git LFS pointer. Run `git lfs pull`.", Where(file))
    for number, line in enumerate(lines, 1):
        if line[:1] in "<=>|" and _CONFLICT.match(line):
            message = "unresolved merge conflict; choose a side and remove the markers."
            raise refuse("merge-conflict", message, Where(file, number), line)


def _separator(file: str, header: str) -> str:
    if not header.strip():
        raise refuse("table-header", "no header in the first line. Name the columns there.", Where(file))
    if "\t" in header:
        raise refuse("table-header", "columns are separated by tabs; use ; or a comma.", Where(file), header)
    return ";" if header.count(";") >= header.count(",") else ","


def _record(file: str, number: int, line: str, separator: str, problems: list[Problem]) -> Record:
    if problem := text_problem(line):
        problems.append(Problem("forbidden-character", problem, Where(file, number, _odd_column(line)), source=line))
    if '"' in line:
        return _quoted(file, number, line, separator, problems)
    cells = line.split(separator)
    starts = [1]
    for cell in cells[:-1]:
        starts.append(starts[-1] + len(cell) + 1)
    return Record(number, [cell.strip() for cell in cells], starts, line)


def _quoted(file: str, number: int, line: str, separator: str, problems: list[Problem]) -> Record:
    """A line in which cells are quoted; quotes inside a quoted cell are doubled."""
    texts: list[str] = []
    columns: list[int] = []
    position = 0
    while position <= len(line):
        match = _CELLS[separator].match(line, position)
        if match is None:  # pragma: no cover - the second alternative matches everywhere
            break
        quoted, plain = match.groups()
        if plain is not None and '"' in plain:
            text = f"{shorten(plain)} has a stray or unclosed quote. Close it, or double it inside a quoted cell."
            problems.append(Problem("table-quote", text, Where(file, number, position + 1), source=line))
        texts.append((quoted.replace('""', '"') if plain is None else plain).strip())
        columns.append(position + 1)
        position = match.end() + 1
    return Record(number, texts, columns, line)


def _odd_column(line: str) -> int:
    return next((place for place, char in enumerate(line, 1) if is_unsafe(char)), 1)
