"""Words in an expression that no step ever has.

In: the text of an expression. Out: what is wrong, in words. A rule that asks for a kind that does not exist
would never say anything, and nobody would notice.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
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

#: Texts (of three quotes, or of one), comments, names with what they are fields of, and signs.
_TOKEN = re.compile(
    r"""[rRbB]{0,2}(?:"{3}(?:[^\\]|\\.)*?"{3}|'{3}(?:[^\\]|\\.)*?'{3}|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
    r"|//[^\n]*|[A-Za-z_.][\w.]*|[!=]=|\S",
    re.DOTALL,
)
_PLAIN_TEXT = re.compile(r"""(["'])(?P<said>[^"'\\]*)\1""")


def misspelt(expression: str) -> Iterator[str]:
    """A sentence for each word that is compared with one of WORDS and is none of its values."""
    tokens = [token for token in _TOKEN.findall(expression) if not token.startswith("//")]
    for place, name in enumerate(tokens):
        if name in WORDS:
            for token in _compared(tokens[:place], tokens[place + 1 :]):
                text = _PLAIN_TEXT.fullmatch(token)
                yield from unknown(name, text["said"]) if text else ()


def _compared(before: Sequence[str], after: Sequence[str]) -> Sequence[str]:
    """What a name is compared with: the token on the other side of its sign, or those of the list it is to be in."""
    if before[-1:] in (["=="], ["!="]):
        return before[-2:-1]
    if after[:1] in (["=="], ["!="]):
        return after[1:2]
    return list(takewhile(lambda one: one != "]", after[2:])) if after[:2] == ["in", "["] else ()


def unknown(name: str, word: str) -> Iterator[str]:
    """The sentence for one word, or nothing when a step may have it."""
    known = WORDS[name]
    if word not in known:
        yield f'"{shorten(word)}" is no {name} of a step.{did_you_mean(word, list(known))}'
