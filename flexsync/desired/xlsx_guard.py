"""What is looked at before a workbook is read.

In: the bytes of a file. Out: the same parts in a fresh archive without compression, so that the
reader sees exactly what was examined, and the cells that a reader would misread in silence. It must
stay linear in the unpacked size, which is bounded, and interpret nothing.
"""

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise

from flexsync.desired.grid import MAX_COLUMNS, MAX_ROWS, refuse
from flexsync.errors import InvalidFiles, Where
from flexsync.text import shorten

MAX_BYTES = 8 << 20
MAX_UNPACKED = 64 << 20
MAX_PARTS = 500
MAX_ODDITIES = 1_000
#: Parts of other formats, which the reader would try when the workbook does not open.
_FOREIGN = ("xl/workbook.bin", "content.xml")

_PLACE = re.compile(rb"""[\s]r\s*=\s*["']([A-Za-z]{0,9})([0-9]{1,19})["']""")
_ENTITY_PLACE = re.compile(rb"""[\s]r\s*=\s*["'][^"'<>]{0,40}&""")
_ROW = re.compile(rb"<(?:[A-Za-z0-9_.-]{1,20}:)?row[\s/>]")
_CELL = re.compile(rb"<(?:[A-Za-z0-9_.-]{1,20}:)?c[\s/>]")
_FORMULA = re.compile(rb"<(?:[A-Za-z0-9_.-]{1,20}:)?f[\s/>]")
_ERROR = re.compile(rb"""[\s]t\s*=\s*["']e["']""")
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_CELL_TAG = 300


@dataclass(frozen=True, slots=True)
class Oddity:
    """A cell whose value cannot be trusted; row and column count from 1."""

    row: int
    column: int
    text: str


def examined(file: str, content: bytes) -> tuple[bytes, list[Oddity]]:
    """The workbook repacked, and its formula and error cells; raises InvalidFiles when it is unsafe."""
    _refuse_by_magic(file, content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = _parts(file, archive)
    except InvalidFiles:
        raise
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, EOFError, struct.error) as error:
        message = f"the workbook cannot be unpacked: {shorten(str(error))}. Save it again as XLSX, or as CSV."
        raise refuse("table-format", message, Where(file)) from None
    oddities: list[Oddity] = []
    for name, part in parts.items():
        _refuse_unsafe(file, name, part)
        if name.startswith("xl/worksheets/"):
            oddities += islice(_oddities(part), MAX_ODDITIES)
    if len(oddities) >= MAX_ODDITIES:
        message = f"more than {MAX_ODDITIES} cells are formulas or errors. Paste the values instead."
        raise refuse("table-formula", message, Where(file))
    return _repacked(parts), oddities


def _refuse_by_magic(file: str, content: bytes) -> None:
    if len(content) > MAX_BYTES:
        raise refuse("too-big", f"{len(content)} bytes, the limit is {MAX_BYTES}. Split the table.", Where(file))
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        message = "an old (XLS) or encrypted workbook. Save it as XLSX without a password, or as CSV."
        raise refuse("table-format", message, Where(file))
    if not content.startswith(b"PK\x03\x04"):
        found = shorten(content[:8].decode("latin-1"))
        raise refuse("table-format", f'not an XLSX file: it begins with "{found}". Save it as XLSX.', Where(file))


def _parts(file: str, archive: zipfile.ZipFile) -> dict[str, bytes]:
    """All parts, unpacked; their declared sizes are bounded and unpacking stops there."""
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    size = sum(entry.file_size for entry in entries)
    if size > MAX_UNPACKED or len(entries) > MAX_PARTS:
        message = f"{len(entries)} parts of {size} bytes unpacked, the limit is {MAX_PARTS} of {MAX_UNPACKED}."
        raise refuse("too-big", message, Where(file))
    if len(set(names)) != len(names):
        raise refuse("table-format", "the archive has two parts of one name. Save it again as XLSX.", Where(file))
    if any(stat.S_ISLNK(entry.external_attr >> 16) for entry in entries):
        raise refuse("table-format", "the archive contains a link. Save it again as XLSX.", Where(file))
    _refuse_other_formats(file, {name.lower().replace("\\", "/") for name in names})
    if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
        raise refuse("table-format", "the archive uses a rare compression. Save it again as XLSX.", Where(file))
    return {entry.filename: _unpacked(archive, entry) for entry in entries if not entry.is_dir()}


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """A part up to its declared size: what is packed beyond it is never unpacked."""
    with archive.open(entry) as part:
        return part.read(entry.file_size)


def _refuse_other_formats(file: str, names: set[str]) -> None:
    if any(name.endswith("vbaproject.bin") for name in names):
        raise refuse("table-format", "a workbook with macros. Save it as XLSX without macros.", Where(file))
    if "xl/workbook.xml" not in names or names.intersection(_FOREIGN):
        raise refuse("table-format", "an archive, but no XLSX workbook. Save it as XLSX, or as CSV.", Where(file))


def _refuse_unsafe(file: str, name: str, part: bytes) -> None:
    """XML tricks, and cells so far out that a reader would make room for billions of them."""
    shown = shorten(name)
    if b"macroEnabled" in part and name == "[Content_Types].xml":
        raise refuse("table-format", "a workbook with macros. Save it as XLSX without macros.", Where(file))
    if not name.endswith((".xml", ".rels")) and not part.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return
    if b"\0" in part or part.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise refuse("table-format", f"{shown} is not UTF-8. Save the workbook again as XLSX.", Where(file))
    if _DECLARATION.search(part) or _ENTITY_PLACE.search(part):
        raise refuse("table-format", f"{shown} declares entities. Save the workbook again as XLSX.", Where(file))
    _refuse_far_cells(file, part)


def _refuse_far_cells(file: str, part: bytes) -> None:
    for match in _PLACE.finditer(part):
        row, column = int(match[2]), _column(match[1])
        if row > MAX_ROWS + 1 or column > MAX_COLUMNS:
            cell = f"cell {match[1].decode()}{row}" if match[1] else f"row {row}"
            message = f"{cell} is too far out; the limit is {MAX_ROWS} rows and {MAX_COLUMNS} columns. Delete it."
            raise refuse("too-big", message, Where(file, row, max(column, 1)))
    starts = [match.start() for match in _ROW.finditer(part)]
    if len(starts) > MAX_ROWS + 1:
        raise refuse("too-big", f"more than {MAX_ROWS} rows. Split the table.", Where(file, MAX_ROWS + 2))
    for row, (start, end) in enumerate(pairwise([*starts, len(part)]), 1):
        if end - start > MAX_COLUMNS * 4 and sum(1 for _ in _CELL.finditer(part, start, end)) > MAX_COLUMNS:
            raise refuse("too-big", f"row {row} has more than {MAX_COLUMNS} cells.", Where(file, row))


def _oddities(part: bytes) -> Iterator[Oddity]:
    """Formulas, whose stored result may be old or missing, and errors, which read as empty cells."""
    for match in _FORMULA.finditer(part):
        yield Oddity(*_place_before(part, match.start()), "a formula. Paste its value instead.")
    for match in _ERROR.finditer(part):
        tag_end = part.find(b">", match.end(), match.end() + _CELL_TAG)
        yield Oddity(*_place_before(part, tag_end), "an error value, such as #N/A. Write the value.")


def _place_before(part: bytes, end: int) -> tuple[int, int]:
    """Row and column of the last cell reference before `end`; the first cell when there is none."""
    found = list(_PLACE.finditer(part, max(0, end - _CELL_TAG), end))
    return (int(found[-1][2]), max(1, _column(found[-1][1]))) if found else (1, 1)


def _column(letters: bytes) -> int:
    """1 for A, 27 for AA; 0 for no letter, as in the reference of a row."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number


def _repacked(parts: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name), part)
    return packed.getvalue()
