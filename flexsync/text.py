"""Untrusted text made safe to show on one line.

In: any text. Out: the same text with every character that could move a cursor, reorder or hide
other text written as an escape. It must not lose information: two texts stay two texts.
"""

import unicodedata
from collections.abc import Iterator, Sequence

UNSAFE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def is_unsafe(char: str) -> bool:
    """True for control, direction, invisible, surrogate and unassigned characters."""
    return unicodedata.category(char) in UNSAFE_CATEGORIES


def visible(text: str) -> str:
    """`text` on one line, unsafe characters as `\\xNN`, `\\uNNNN` or `\\UNNNNNNNN`."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_escape(char) if is_unsafe(char) else char for char in text)


def shorten(text: str, limit: int = 60) -> str:
    """`text` made visible and cut to `limit` characters with an ellipsis."""
    shown = visible(text)
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def did_you_mean(word: str, known: "list[str]") -> str:
    """` Did you mean "x"?` for the nearest known word, or nothing when none is near."""
    import difflib

    near = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return f' Did you mean "{visible(near[0])}"?' if near else ""


def count(number: int, word: str) -> str:
    """`1 user`, `1,250 users`."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def aligned(rows: Sequence[Sequence[str]], indent: str = "") -> Iterator[str]:
    """Rows as lines whose cells stand in columns."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield (indent + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))).rstrip()


def _escape(char: str) -> str:
    code = ord(char)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
