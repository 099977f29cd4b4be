"""Text that somebody typed, made fit to stand in a mail.

In: any text. Out: one line of bounded length, with nothing that moves, hides or reorders what stands beside it, that
a mail reader would decode, or that it would turn into a link of its own.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from flexsync.text import shorten

_LONGEST = 300
_MARKS = 4
#: An invisible break, where a mail reader would otherwise see the name of a server.
_BREAK = "\u200b"
_SERVER = re.compile(r"(?<=\w)\.(?=[^\W\d_]{2})|(?<=:)/(?=/)")


def harmless(value: Any) -> Any:
    """Plain data with each text of it on one line, bounded, and visible; numbers and the rest as they are."""
    if isinstance(value, str):
        return shorten(_few_marks(value).replace("=?", "= ?"), _LONGEST)
    if isinstance(value, Mapping):
        return {name: harmless(part) for name, part in value.items()}
    return [harmless(part) for part in value] if isinstance(value, list | tuple) else value


def unlinked(name: str) -> str:
    """A name in which no mail reader sees the address of a server; reads the same."""
    return _SERVER.sub(lambda match: match[0] + _BREAK, name)


def _few_marks(text: str) -> str:
    """`text` with at most four combining marks in a row, so that no letter covers the lines around it."""
    if text.isascii():
        return text
    kept: list[str] = []
    run = 0
    for char in unicodedata.normalize("NFC", text):
        run = run + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        if run <= _MARKS:
            kept.append(char)
    return "".join(kept)
