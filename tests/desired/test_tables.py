"""Tables become the same data as YAML layers, and every damaged cell is told at its place."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flexsync.desired.csv_grid import read_csv
from flexsync.desired.tables import read_clients, read_roster
from flexsync.errors import InvalidFiles, Where
from tests.support.tables_told import refusal, told

CLIENTS = """\
name;customer_code;siren;legal_name;profiles;seats;sirets;form_sent_on
fleuriste-noel;C0098002;987654324;Fleuriste Noël;tpe-vat;2;98765432400019;2013-02-06
garage-blanc;C0098003;111111118;"Garage ""Blanc""; fils";tpe-vat+payroll;3;11111111800019;
"""
ROSTER = """\
key,civility,given_name,family_name,email,access,starts_on,ends_on,language
m.petit,monsieur,Marc,Petit,marc@petit.example,compta+paye,2013-06-01,,fr
l.roy,,,,,,,,
"""


def test_a_line_of_clients_is_what_a_client_file_would_say() -> None:
    first, second = read_clients("clients.csv", CLIENTS.encode())
    assert first.data == {
        "name": "fleuriste-noel",
        "customer_code": "C0098002",
        "company": {"siren": "987654324", "legal_name": "Fleuriste Noël"},
        "profiles": ["tpe-vat"],
        "seats": 2,
        "services": {
            "vat_filing": {
                "sirets": ["98765432400019"],
                "prerequisites": {"tax_office_form": {"sent_on": "2013-02-06"}},
            }
        },
    }
    assert second.data["company"]["legal_name"] == 'Garage "Blanc"; fils'
    assert second.data["profiles"] == ["tpe-vat", "payroll"]
    assert "prerequisites" not in second.data["services"]["vat_filing"]
    assert first.problems == second.problems == ()


def test_a_line_of_a_roster_is_what_a_user_entry_would_say() -> None:
    first, second = read_roster("rosters/petit.csv", ROSTER.encode())
    assert first.key == "m.petit"
    assert first.data == {
        "civility": "monsieur",
        "given_name": "Marc",
        "family_name": "Petit",
        "email": "marc@petit.example",
        "access": ["compta", "paye"],
        "starts_on": "2013-06-01",
        "language": "fr",
    }
    assert (second.key, second.data) == ("l.roy", {})


def test_every_value_knows_its_cell() -> None:
    row = read_clients("clients.csv", CLIENTS.encode())[1]
    assert row.where == Where("clients.csv", 3, 1)
    assert row.cells["company", "legal_name"] == Where("clients.csv", 3, 33)
    assert row.cells["seats",] == Where("clients.csv", 3, 74)
    assert row.line(3).startswith("garage-blanc")
    assert row.line(4) == ""


@pytest.mark.parametrize("content", [CLIENTS.replace("\n", "\r\n"), "\ufeff" + CLIENTS, CLIENTS + "\n;;;;;;;\n\n"])
def test_line_ends_byte_order_mark_and_blank_lines_do_not_count(content: str) -> None:
    plain = read_clients("clients.csv", CLIENTS.encode())
    assert [row.data for row in read_clients("clients.csv", content.encode())] == [row.data for row in plain]


def test_a_comma_works_as_well_as_a_semicolon() -> None:
    (row,) = read_clients("c.csv", b'name,legal_name,seats\nx,"Blanc, fils",2\n')
    assert row.data == {"name": "x", "company": {"legal_name": "Blanc, fils"}, "seats": 2}


#: column, cell, words of the message
DAMAGED = [
    ("siren", "7.32829E+08", 'siren: "7.32829E+08" was rewritten by a spreadsheet'),
    ("siren", "12345674", "has 8 digits instead of 9; leading zeros were probably lost"),
    ("sirets", "1234567400012", "has 13 digits instead of 14; leading zeros were probably lost"),
    ("sirets", "73282932000074.0", "turned into a decimal number"),
    ("sirets", "7,32829E+13", "rewritten by a spreadsheet"),
    ("sirets", "73282932000074+1234567400012", "13 digits instead of 14"),
    ("sirets", "73282932000074++73282932000017", "empty item"),
    ("seats", "3.0", "not a whole number"),
    ("seats", "deux", "not a whole number"),
    ("seats", "٣", "not a whole number"),
    ("seats", "9999999999", "not a whole number"),
    ("form_sent_on", "06/02/2013", "Write 2013-02-06 if that is day, month, year"),
    ("form_sent_on", "6.2.13", "Write 2013-02-06"),
    ("form_sent_on", "31/31/2013", "Write YYYY-MM-DD"),
    ("form_sent_on", "41311", "Write 2013-02-06 if that is a spreadsheet's day number"),
    ("form_sent_on", "6 février 2013", "Write it as YYYY-MM-DD"),
    ("legal_name", "=1+1", "looks like a formula"),
    ("legal_name", "@SUM(A1)", "looks like a formula"),
    ("profiles", "tpe-vat+", "empty item"),
    ("customer_code", "1E+05", "rewritten by a spreadsheet"),
]


@pytest.mark.parametrize(("column", "cell", "says"), DAMAGED)
def test_a_damaged_cell_is_told_at_its_place_and_left_out(column: str, cell: str, says: str) -> None:
    rows = read_clients("c.csv", f"name;{column}\nx;{cell}\n".encode())
    ((line, place, _, message),) = told(rows)
    assert (line, place) == (2, 3)
    assert says in message
    assert message.startswith(f"{column}: ")
    assert rows[0].data == {"name": "x"}


#: content, line, column, code, words
WRONG_FILES: list[tuple[bytes, int, int, str, str]] = [
    (b"", 1, 1, "table-header", "no header"),
    (b"nam;name\nx;x\n", 1, 1, "table-header", 'unknown column "nam". Did you mean "name"?'),
    (b"name;seats;name\n", 1, 12, "table-header", 'the column "name" comes twice (first in column 1)'),
    (b"seats\n3\n", 1, 1, "table-header", 'the column "name" is missing'),
    (b"name;;seats\n", 1, 6, "table-header", "without a name"),
    (b"name\tseats\n", 1, 1, "table-header", "separated by tabs"),
    ("name;legal_name\nx;Noël\n".encode("latin-1"), 2, 5, "not-utf8", "save the file as UTF-8"),
    ("name\nx\n".encode("utf-16"), 1, 1, "not-utf8", "UTF-16"),
    (b"name\n<<<<<<< HEAD\nx\n", 2, 1, "merge-conflict", "unresolved"),
    (b"version https://git-lfs.github.com/spec/v1\noid x\n", 1, 1, "lfs-pointer", "git lfs pull"),
    (b"name;seats\n" + b"x;1\n" * 100_001, 100_002, 1, "too-big", "the limit is 100000"),
    (b";".join(b"c%d" % number for number in range(60)), 1, 1, "too-big", "60 columns"),
]


@pytest.mark.parametrize(("content", "line", "column", "code", "says"), WRONG_FILES)
def test_a_file_that_is_no_table_is_refused_whole(content: bytes, line: int, column: int, code: str, says: str) -> None:
    problem = refusal("c.csv", content)
    assert (problem.where, problem.code) == (Where("c.csv", line, column), code)
    assert says in problem.message


#: second line, column, code, words
WRONG_LINES = [
    ("x;1", 1, "table-row", "2 cells, the header has 3"),
    ("x;1;y;z", 7, "table-row", "4 cells, the header has 3"),
    (";1;y", 1, "table-cell", "name: missing"),
    ('x;1;"y', 5, "table-quote", "stray or unclosed quote"),
    ('x;1;y"', 5, "table-quote", "stray or unclosed quote"),
    ("x;1;a\x1bb", 6, "forbidden-character", "U+001B"),
    ("x;1;a\u202eb", 6, "forbidden-character", "U+202E"),
    ("x;1;" + "y" * 5000, 5, "too-long", "5000 characters"),
]


@pytest.mark.parametrize(("line", "column", "code", "says"), WRONG_LINES)
def test_a_wrong_line_does_not_stop_the_others(line: str, column: int, code: str, says: str) -> None:
    rows = read_clients("c.csv", f"name;seats;legal_name\n{line}\ngood;1;Good\n".encode())
    assert (2, column, code) in [(at, place, name) for at, place, name, _ in told(rows)]
    assert says in told(rows)[0][3]
    assert rows[1].data == {"name": "good", "seats": 1, "company": {"legal_name": "Good"}}
    assert rows[1].problems == ()


def test_rows_of_one_key_are_all_told() -> None:
    rows = read_roster("r.csv", b"key\nx\ny\nx\n")
    assert [(line, code) for line, _, code, _ in told(rows)] == [(2, "duplicate-key"), (4, "duplicate-key")]
    assert "first at line 2" in told(rows)[1][3]


CELL = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"]), max_size=8)


@given(st.lists(st.lists(CELL, min_size=2, max_size=4), min_size=1, max_size=5), st.sampled_from(";,"))
def test_quoted_cells_read_as_they_were_written(rows: list[list[str]], separator: str) -> None:
    written = io.StringIO()
    csv.writer(written, delimiter=separator, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    header = separator.join(["name"] * 4)
    grid = read_csv("c.csv", f"{header}\n{written.getvalue()}".encode())
    filled = [[cell.strip() for cell in row] for row in rows]
    assert [list(record.texts) for record in grid.records] == [row for row in filled if any(row)]
    for record in grid.records:
        for text, column in zip(record.texts, record.columns, strict=True):
            assert record.source[column - 1] == '"'
            assert text.replace('"', '""') in record.source[column - 1 :]


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    for file in ("c.csv", "c.xlsx"):
        try:
            read_clients(file, content)
        except InvalidFiles as refused:
            assert refused.problems
