"""What tables get wrong: bad input 234 and invariant I49. `kind` is the name of the file."""

from tests.bad_inputs.case import BadInput
from tests.support.workbooks import repacked, sheet_xml, workbook

CLIENTS, SHEET, ROSTER = "clients.csv", "clients.xlsx", "roster.csv"
_PART = "xl/worksheets/sheet1.xml"
_PLAIN = workbook([["name"], ["x1"]])
_BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>' + sheet_xml("<row><c><v>&a;</v></c></row>")


def _table(number: str, name: str, text: str, place: tuple[str, int, int], says: str, kind: str = CLIENTS) -> BadInput:
    return BadInput(number, name, text.encode(), *place, says, kind)


def _sheet(number: str, name: str, content: bytes, place: tuple[str, int, int], says: str) -> BadInput:
    return BadInput(number, name, content, *place, says, SHEET)


CASES = [
    _sheet("234a", "far cell", workbook([], lambda _, sheet: sheet.cell(1_048_576, 16_384, "x")),
           ("too-big", 1_048_576, 1), "limit is 100000 rows and 50 columns"),
    _sheet("234b", "200,000 rows", repacked(_PLAIN, {_PART: sheet_xml("<row/>" * 200_000)}),
           ("too-big", 100_002, 1), "more than 100000 rows"),
    _table("234c", "200,000 lines", "name;seats\n" + "x;1\n" * 200_000, ("too-big", 100_002, 1), "the limit is 100000"),
    _sheet("234d", "entity bomb", repacked(_PLAIN, {_PART: _BOMB}), ("table-format", 1, 1), "declares entities"),
    _sheet("234e", "wrong magic", b"name;seats\n", ("table-format", 1, 1), "not an XLSX file"),
    _sheet("234f", "macro file", repacked(_PLAIN, {"xl/vbaProject.bin": b"x"}), ("table-format", 1, 1), "macros"),
    _sheet("234g", "formula cell", workbook([["name", "seats"], ["x1", "=1+1"]]),
           ("table-formula", 2, 2), "Sheet!B2: a formula"),
    _sheet("234h", "merged header", workbook([["name", "seats"]], lambda _, sheet: sheet.merge_cells("A1:B1")),
           ("table-merged", 1, 1), "Sheet!A1:B1 are merged"),
    _sheet("234i", "two columns of one name", workbook([["name", "name"], ["x1", "x2"]]),
           ("table-header", 1, 2), 'the column "name" comes twice'),
    _table("I49a", "SIREN in scientific notation", "name;siren\nx1;7.32829E+08\n",
           ("table-cell", 2, 4), 'siren: "7.32829E+08" was rewritten by a spreadsheet'),
    _table("I49b", "lost zero", "name;siren\nx1;12345674\n", ("table-cell", 2, 4), "8 digits instead of 9"),
    _table("I49c", "SIRET as a decimal number", "name;sirets\nx1;73282932000074.0\n",
           ("table-cell", 2, 4), "decimal number"),
    _table("I49d", "day first", "name;form_sent_on\nx1;06/02/2013\n", ("table-cell", 2, 4), "Write 2013-02-06"),
    _table("I49e", "unknown column", "name;seat\nx1;1\n", ("table-header", 1, 6), 'Did you mean "seats"?'),
    _table("I49f", "no key column", "civility\nmadame\n", ("table-header", 1, 1), 'column "key" is missing', ROSTER),
    _table("I49g", "one key twice", "key;civility\np.m;madame\np.m;monsieur\n",
           ("duplicate-key", 2, 1), "again at line 3", ROSTER),
    _table("I49h", "cell too many", "name;seats\nx1;1;2\n", ("table-row", 2, 6), "3 cells, the header has 2"),
    _table("I49i", "formula", "name;legal_name\nx1;=cmd()\n", ("table-formula", 2, 4), "looks like a formula"),
    BadInput("I49j", "Latin-1", "name;legal_name\nx1;Noël\n".encode("latin-1"), "not-utf8", 2, 6,
             "save the file as UTF-8", CLIENTS),
]  # fmt: skip
