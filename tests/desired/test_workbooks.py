"""Sheets read like CSV, and nothing in an archive can hurt."""

import io
import sys
import zipfile
from datetime import date, datetime
from typing import Any

import pytest

from flexsync.desired.tables import read_clients
from flexsync.errors import Where
from tests.support.tables_told import refusal, told
from tests.support.workbooks import repacked, sheet_xml, workbook

HEADER = ["name", "seats", "siren", "form_sent_on", "legal_name"]


def test_a_sheet_reads_like_the_same_lines_of_csv() -> None:
    content = workbook([HEADER, ["x", 3, 732829320, date(2013, 2, 6), "Blanc"], [None] * 5, ["y", "2", "012345674"]])
    rows = read_clients("c.xlsx", content)
    csv_rows = read_clients(
        "c.csv", b"name;seats;siren;form_sent_on;legal_name\nx;3;732829320;2013-02-06;Blanc\ny;2;012345674;;\n"
    )
    assert [row.data for row in rows] == [row.data for row in csv_rows]
    assert rows[1].where == Where("c.xlsx", 4, 1)
    assert rows[0].cells["company", "siren"] == Where("c.xlsx", 2, 3)


#: row of cells, column, words
DAMAGED_CELLS: list[tuple[list[Any], int, str]] = [
    (["x", 3.5], 2, 'seats (Sheet!B2): "3.5" is not a whole number'),
    (["x", 1, 12345674], 3, "siren (Sheet!C2)"),
    (["x", 1, 1.5e20], 3, "too long for a spreadsheet"),
    (["x", 1, "", 41311], 4, "a spreadsheet's day number"),
    (["x", 1, "", datetime(2013, 2, 6, 10, 30)], 4, "time of day"),
    (["x", True], 2, "a truth value"),
    (["x", 1, "", "", "=1+1"], 5, "Sheet!E2: a formula"),
    (["x", 1, "#N/A"], 3, "an error value"),
    (["x", 1, "", "", "a\nb"], 5, "line break"),
]


@pytest.mark.parametrize(("cells", "column", "says"), DAMAGED_CELLS)
def test_a_damaged_cell_of_a_sheet_is_named(cells: list[Any], column: int, says: str) -> None:
    rows = read_clients("c.xlsx", workbook([HEADER, cells, ["good", 1]]))
    ((line, place, _, message),) = told(rows)
    assert (line, place) == (2, column)
    assert says in message
    assert rows[1].data == {"name": "good", "seats": 1}


PLAIN = workbook([["name"], ["x"]])
SHEET = "xl/worksheets/sheet1.xml"


def linked() -> bytes:
    packed = io.BytesIO(PLAIN)
    with zipfile.ZipFile(packed, "a") as archive:
        link = zipfile.ZipInfo("xl/link.xml")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return packed.getvalue()


def twice() -> bytes:
    packed = io.BytesIO(PLAIN)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(packed, "a") as archive:
        archive.writestr(SHEET, sheet_xml("<row><c><v>1</v></c></row>"))
    return packed.getvalue()


def lying() -> bytes:
    """A part that declares 10 bytes and unpacks to 100 MB."""
    packed = bytearray(repacked(PLAIN, {"x.xml": b" " * 100_000_000}))
    for start, size in ((packed.rfind(b"PK\x01\x02"), 24), (packed.rfind(b"PK\x03\x04"), 22)):
        packed[start + size : start + size + 4] = (10).to_bytes(4, "little")
    return bytes(packed)


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>' + sheet_xml("<row><c><v>&a;</v></c></row>")
FAR_ROW = sheet_xml('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
FAR_CELL = sheet_xml("<row r='1'><c  r = 'XFD1'><v>1</v></c></row>")
HIDDEN_PLACE = sheet_xml('<row r="1"><c r="&#88;FD1"><v>1</v></c></row>')
MANY_ROWS = sheet_xml("<row/>" * 200_000)
WIDE_ROW = sheet_xml("<row>" + "<c><v>1</v></c>" * 100_000 + "</row>")

#: content, code, words
UNSAFE: list[tuple[str, bytes, str, str]] = [
    ("wrong magic", b"name;seats\n", "table-format", "not an XLSX file"),
    ("old format", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "table-format", "old (XLS) or encrypted"),
    ("cut archive", PLAIN[:200], "table-format", "cannot be unpacked"),
    ("one byte off", PLAIN[:60] + b"\xff\xff\xff" + PLAIN[63:], "table-format", "again as XLSX"),
    ("no workbook", repacked(PLAIN, {"xl/workbook.xml": None}), "table-format", "no XLSX workbook"),
    ("binary workbook", repacked(PLAIN, {"XL/workbook.bin": b"x"}), "table-format", "no XLSX workbook"),
    ("open document", repacked(PLAIN, {"content.xml": b"<x/>"}), "table-format", "no XLSX workbook"),
    ("macros", repacked(PLAIN, {"xl/vbaProject.bin": b"x"}), "table-format", "macros"),
    ("entities", repacked(PLAIN, {SHEET: BOMB}), "table-format", "declares entities"),
    ("far row", repacked(PLAIN, {SHEET: FAR_ROW}), "too-big", "row 1048576 is too far out"),
    ("far cell", repacked(PLAIN, {SHEET: FAR_CELL}), "too-big", "cell XFD1 is too far out"),
    ("hidden place", repacked(PLAIN, {SHEET: HIDDEN_PLACE}), "table-format", "entities"),
    ("many rows", repacked(PLAIN, {SHEET: MANY_ROWS}), "too-big", "100000 rows"),
    ("wide row", repacked(PLAIN, {SHEET: WIDE_ROW}), "too-big", "more than 50 cells"),
    ("big part", repacked(PLAIN, {"x.xml": b" " * (65 << 20)}), "too-big", "unpacked"),
    ("not UTF-8", repacked(PLAIN, {SHEET: "<x/>".encode("utf-16")}), "table-format", "not UTF-8"),
    ("link", linked(), "table-format", "contains a link"),
    ("two parts of one name", twice(), "table-format", "two parts of one name"),
    ("broken XML", repacked(PLAIN, {SHEET: b"<worksheet><sheetData><row>"}), "table-format", "cannot be read"),
    ("lying size", lying(), "table-format", "again as XLSX"),
    ("merged header", workbook([HEADER], lambda _, sheet: sheet.merge_cells("A1:B1")), "table-merged", "Sheet!A1:B1"),
    ("two sheets", workbook([HEADER], lambda book, _: book.create_sheet("two").append([1])), "table-format", "two"),
    ("empty", workbook([]), "table-header", "no cells"),
    ("no first row", workbook([], lambda _, sheet: sheet.cell(3, 1, "name")), "table-header", "no header in row 1"),
    ("two columns of one name", workbook([["name", "name"]]), "table-header", "comes twice"),
]


@pytest.mark.parametrize(("content", "code", "says"), [case[1:] for case in UNSAFE], ids=[case[0] for case in UNSAFE])
def test_an_unsafe_workbook_is_refused_quickly(content: bytes, code: str, says: str) -> None:
    problem = refusal("c.xlsx", content)
    assert problem.code == code
    assert says in problem.message


def test_empty_further_sheets_do_not_matter() -> None:
    rows = read_clients("c.xlsx", workbook([["name"], ["x"]], lambda book, _: book.create_sheet("empty")))
    assert [row.data for row in rows] == [{"name": "x"}]


def test_without_calamine_the_message_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    problem = refusal("c.xlsx", PLAIN)
    assert problem.code == "table-extra"
    assert 'pip install "flexsync[xlsx]"' in problem.message
