"""The C parser and the pure one give the same data, places and problems for any text."""

from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from flexsync.desired.document import Document, parse
from flexsync.desired.model import Path
from flexsync.desired.yaml_events import Parser, c_parser, pure_parser
from flexsync.errors import InvalidFiles, Where

pytest.importorskip("_ruamel_yaml")

WORDS = ["a", "b", "é", "name", "1", "010", "1.5", "true", "null", "~", "yes", "2026-01-31", "0x1", "x y", "<<", "=?"]
SIGNS = [
    *":-?,[]{}#&*!|>'\"%@`\\ \n",
    ": ",
    "- ",
    "? ",
    "\n  ",
    "\n    ",
    " #",
    "\n\n",
    "---",
    "...",
    "\n---\n",
    "\r\n",
]
ESCAPES = [
    r"\n",
    r"\0",
    r"\x41",
    r"\x9b",
    r"\u00e9",
    r"\ud800",
    r"\U0010ffff",
    r"\U00110000",
    r"\q",
    r"\\",
    "\\\n",
    "\r\n",
]
LINES = st.lists(st.sampled_from(WORDS + SIGNS + ESCAPES), max_size=25).map("".join)
ROWS = ["a:", "b: c", "- d", "- e: f", "? g", ": h", "[i, j]", "{k: l}", "'m", "|", "# n"]
BLOCKS = st.lists(
    st.tuples(
        st.integers(0, 4),
        st.sampled_from(ROWS),
    ),
    max_size=9,
).map(lambda rows: "\n".join(" " * indent + text for indent, text in rows))


def outcome(text: str, parser: Parser) -> object:
    """Data with all places, or codes with positions."""
    try:
        document = parse("f.yaml", text.encode("utf-8", "surrogatepass"), parser)
    except InvalidFiles as error:
        return [(problem.code, problem.where, problem.message) for problem in error.problems]
    return document.data, list(places(document, (), document.data))


def places(document: Document, path: Path, value: object) -> Iterator[tuple[Where, Where]]:
    """Where each value and key is; an empty value has no place that is worth agreeing on."""
    yield document.where_key(path), document.where(path) if value is not None else document.where_key(path)
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, child in children:
        yield from places(document, (*path, step), child)


@settings(max_examples=200, deadline=None)
@given(LINES | BLOCKS)
@example("a: b: c")
def test_both_parsers_agree(text: str) -> None:
    assert outcome(text, c_parser) == outcome(text, pure_parser)
