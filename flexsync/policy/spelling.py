"""Words in an expression that no step ever has.

In: the text of an expression. Out: what is wrong, in words. A rule that asks for a kind that does not exist
would never say anything, and nobody would notice.
"""

import re
from collections.abc import Iterator
from typing import get_args

from flexsync.plan.change import KINDS, LIMIT_CLASSES, Danger
from flexsync.plan.model import Cause
from flexsync.text import did_you_mean, shorten

#: Variables of which every possible value is known.
WORDS = {
    "kind": tuple(KINDS),
    "class": ("", *LIMIT_CLASSES),
    "danger": get_args(Danger),
    "cause": get_args(Cause),
}

_NAME = rf"(?<![\w.])(?P<name>{'|'.join(WORDS)})(?![\w.(])"
_TEXT = r"""(?:"[^"\\]*"|'[^'\\]*')"""
_COMPARED = (
    re.compile(rf"{_NAME}\s*[!=]=\s*(?P<texts>{_TEXT})"),
    re.compile(rf"(?P<texts>{_TEXT})\s*[!=]=\s*{_NAME}"),
    re.compile(rf"{_NAME}\s+in\s+\[(?P<texts>[^\]]*)\]"),
)


def misspelt(expression: str) -> Iterator[str]:
    """A sentence for each word that is compared with one of WORDS and is none of its values."""
    for compared in _COMPARED:
        for found in compared.finditer(expression):
            for text in re.findall(_TEXT, found["texts"]):
                yield from unknown(found["name"], text[1:-1])


def unknown(name: str, word: str) -> Iterator[str]:
    """The sentence for one word, or nothing when a step may have it."""
    known = WORDS[name]
    if word not in known:
        yield f'"{shorten(word)}" is no {name} of a step.{did_you_mean(word, list(known))}'
