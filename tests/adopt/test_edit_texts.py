"""Edits of texts: the value moves, every other byte stays."""

import pytest

from flexsync.edit.csv_text import drop_line, put_cell
from flexsync.edit.splice import CannotEdit
from flexsync.edit.yaml_text import drop, put

HEAD = "apiVersion: flexsync/v1\nkind: Subscription\nname: x-y\n"

#: What the body says, the path, the value (None takes away), what the body says then.
CASES = [
    ("seats: 3   # three\n", ("seats",), 4, "seats: 4   # three\n"),
    ("customer_code: 'C1'\n", ("customer_code",), "C'2", "customer_code: 'C''2'\n"),
    ('company: {siren: "1"}\n', ("company", "siren"), "012", 'company: {siren: "012"}\n'),
    ("company: {siren: a1}\n", ("company", "siren"), "012", 'company: {siren: "012"}\n'),
    ("users:\n  a: null  # gone\n", ("users", "a", "access"), ["b"], "users:\n  a: {access: [b]}  # gone\n"),
    ("users:\n  a:  # odd\n", ("users", "a", "access"), ["b"], "users:\n  a: {access: [b]}  # odd\n"),
    ("users: {}   # none\n", ("users", "a"), {"access": ["b"]}, "users:   # none\n  a: {access: [b]}\n"),
    ("users:\n  a:\n    email: x\n", ("users", "a"), None, "users: {}\n"),
    ("users: {a: {}, b: {}}\n", ("users", "a"), None, "users: {b: {}}\n"),
    ("users: {a: {}, b: {}}\n", ("users", "b"), None, "users: {a: {}}\n"),
    ("users: {a: {}, }\n", ("users", "b"), {}, "users: {a: {}, b: {}, }\n"),
    ("profiles: [a, 'b']  # two\n", ("profiles",), ["b", "c"], "profiles: ['b', 'c']  # two\n"),
    ("profiles:\n- a\n- b  # two\n", ("profiles",), ["b", "c"], "profiles:\n- b  # two\n- c\n"),
    ("profiles:\n  - a\n", ("profiles",), [], "profiles: []\n"),
    ("offer: |-\n  flex\n# next\nseats: 1\n", ("offer",), "ultraflex", "offer: ultraflex\n# next\nseats: 1\n"),
    ("offer: >-\n  flex\n# a\n  # b\nseats: 1\n", ("offer",), "x", "offer: x\n# a\n  # b\nseats: 1\n"),
    ("a:\n  b: |-\n    t # t\n\n  # c\n  d: 1\n", ("a", "b"), None, "a:\n\n  # c\n  d: 1\n"),
    ("seats: 1\n# two\noffer: flex", ("offer",), None, "seats: 1\n# two"),
    ("seats: 1\nusers: {}\n", ("ends_on",), "2026-01-31", "seats: 1\nends_on: 2026-01-31\nusers: {}\n"),
]


@pytest.mark.parametrize(("body", "path", "value", "wanted"), CASES)
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_one_value_moves_and_nothing_else(body, path, value, wanted, ends):
    old, new = ((HEAD + text).replace("\n", ends).encode() for text in (body, wanted))
    assert (drop(old, path) if value is None else put(old, path, value)) == new


def test_a_new_line_ends_as_the_one_above_it():
    old = (HEAD.replace("\n", "\r\n") + "offer: flex\nseats: 1\r\nusers: {}\n").encode()
    assert put(old, ("ends_on",), "2026-01-31") == old.replace(b"s: 1\r\n", b"s: 1\r\nends_on: 2026-01-31\r\n")
    assert put(old, ("services",), {"a": {}}) == old + b"services: {a: {}}\n"


def test_what_a_small_edit_would_spoil_is_refused():
    with pytest.raises(CannotEdit):
        put((HEAD + "offer: flex\n").encode(), ("offer",), "a\u202eb")


TABLE = b'\xef\xbb\xbfname;seats;legal_name\r\na;1;"Blanc; fils"\r\n\r\nb; 2 ;Noir\r\n'


def test_one_cell_moves_and_nothing_else():
    assert put_cell(TABLE, 4, "seats", "12") == TABLE.replace(b" 2 ", b" 12 ")
    assert put_cell(TABLE, 2, "legal_name", 'Le "Blanc"') == TABLE.replace(b'"Blanc; fils"', b'"Le ""Blanc"""')
    assert put_cell(TABLE, 4, "legal_name", "Noir; fils") == TABLE.replace(b"Noir", b'"Noir; fils"')
    assert drop_line(TABLE.rstrip(), 4) == TABLE.partition(b"\r\nb;")[0]
    assert drop_line(TABLE, 2) == TABLE.replace(b'a;1;"Blanc; fils"\r\n', b"")


@pytest.mark.parametrize(
    ("line", "column", "value"), [(9, "seats", "1"), (2, "offer", "x"), (2, "seats", "=1"), (2, "seats", "a\nb")]
)
def test_a_cell_that_cannot_hold_a_value_is_refused(line, column, value):
    with pytest.raises(CannotEdit):
        put_cell(TABLE, line, column, value)
