"""Which text a scalar may hold, and what an unquoted one means.

YAML 1.2 core schema without what readers disagree on: null, true, false, plain decimal numbers;
all else is text, dates included. No position and no file here.
"""

import re
from functools import lru_cache
from typing import Any
from unicodedata import category, name, normalize

from flexsync.text import is_unsafe

WORDS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}

MAX_KEY = 200
MERGE_KEY = "<<"

#: More digits than this do not survive every reader.
MOST_DIGITS = 15

_NUMBER_STARTS = frozenset("+-.0123456789")

#: How an unquoted scalar begins when it may be something else than text.
SPECIAL_STARTS = _NUMBER_STARTS | {word[:1] for word in WORDS}

_INTEGER = re.compile(r"0|-?[1-9][0-9]*")
_NUMBER_LIKE = re.compile(
    r"""[-+]?(?:
        0[xX][0-9a-fA-F_]+ | 0[oO][0-7_]+ | 0[bB][01_]+        # other bases
      | [0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?            # base 60
      | (?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)(?:[eE][-+]?[0-9]+)?
      | \.(?:inf|Inf|INF|nan|NaN|NAN)
    )""",
    re.VERBOSE,
)

#: Characters that show nothing although Unicode calls them letters, marks or symbols.
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | frozenset(map(chr, range(0xFE00, 0xFE10)))


class DoubtfulNumber(ValueError):
    """Text that some readers take for a number and others for text, or for another number."""


def plain(text: str) -> Any:
    """The value of an unquoted scalar: None, a bool, an int, or the text itself.

    Raises DoubtfulNumber.
    """
    if text in WORDS:
        return WORDS[text]
    if text[0] not in _NUMBER_STARTS:
        return text
    if len(text) <= MOST_DIGITS and _INTEGER.fullmatch(text):
        return int(text)
    if _NUMBER_LIKE.fullmatch(text):
        raise DoubtfulNumber(text)
    return text


@lru_cache(maxsize=4_096)
def sound_key(text: str) -> str | None:
    """An unquoted key in NFC when nothing is wrong with it; remembered, as files share their keys."""
    if len(text) > MAX_KEY or not is_clean(text) or text == MERGE_KEY or text in WORDS or text[0] in _NUMBER_STARTS:
        return None
    return normalize("NFC", text)


def is_forbidden(char: str) -> bool:
    """True for what cannot be seen, moves or reorders other text, or only looks like a space."""
    return is_unsafe(char) or char in _BLANKS or (char != " " and category(char) == "Zs")


def is_clean(text: str) -> bool:
    """True when no character of `text` is forbidden; a line break is."""
    return text.isprintable() and (text.isascii() or _BLANKS.isdisjoint(text))


def character(char: str) -> str:
    """How a message names a character: its number and, when it has one, its name."""
    return f"U+{ord(char):04X} {name(char, '')}".rstrip()
