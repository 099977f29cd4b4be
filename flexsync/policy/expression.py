"""One CEL expression: compiled once, asked of many items, within bounds.

In: text, then items as plain data. Out: true or false, or Undecided with the reason. The library ends
every expression: what remains to bound is how much a short one may multiply, and that is done here.
"""

import re
from collections.abc import Mapping
from typing import Any

from flexsync.desired.rule_spec import LONGEST_EXPRESSION
from flexsync.text import did_you_mean, shorten

#: Words that walk over a list; each one more multiplies the work by the length of the list.
_WALKS = re.compile(r"\b(?:all|exists|exists_one|map|filter)\b")
_BOUND = re.compile(r"\b(?:all|exists|exists_one|map|filter)\s*\(\s*([A-Za-z_]\w*)\s*,")
_MOST_WALKS = 2

#: Names of types, which may stand where variables do.
_TYPES = frozenset({"bool", "bytes", "double", "int", "list", "map", "null_type", "string", "type", "uint"})


class Undecided(Exception):
    """An expression cannot be read, or has no answer for an item; the text says why."""


class Expression:
    """A compiled expression over the variables `known`. Raises Undecided when it cannot be used."""

    def __init__(self, text: str, known: frozenset[str]) -> None:
        _check_size(text)
        self._program = _compiled(text)
        found = set(self._program.variables()) - set(_BOUND.findall(text))
        _check_names(found, known)
        self.variables = tuple(sorted(found & known))

    def holds(self, item: Mapping[str, Any]) -> bool:
        """The answer for one item; raises Undecided when it is neither true nor false."""
        try:
            answer = self._program.execute({name: item[name] for name in self.variables})
        except Exception as error:
            # The library raises what the operation would raise in Python: KeyError, TypeError, OverflowError, …
            raise Undecided(_said(error)) from None
        if not isinstance(answer, bool):
            raise Undecided(f"the answer is {shorten(repr(answer))}, neither true nor false")
        return answer


def _check_size(text: str) -> None:
    if len(text) > LONGEST_EXPRESSION:
        raise Undecided(f"{len(text)} characters; at most {LONGEST_EXPRESSION} are read")
    if len(_WALKS.findall(text)) > _MOST_WALKS:
        raise Undecided(f"more than {_MOST_WALKS} of all, exists, exists_one, map, filter; write two rules")


def _compiled(text: str) -> Any:
    try:
        import cel
    except ImportError:
        raise Undecided("the extra is not installed; run pip install 'flexsync[policy]'") from None
    try:
        return cel.compile(text)
    except Exception as error:
        # What is wrong with an expression comes as whatever the library's parser meets: ValueError, RuntimeError, …
        raise Undecided(_said(error)) from None


def _check_names(found: set[str], known: frozenset[str]) -> None:
    for name in sorted(found - known - _TYPES):
        raise Undecided(f'"{shorten(name)}" is no variable of a step.{did_you_mean(name, sorted(known))}')


def _said(error: Exception) -> str:
    """The first line of what the library says."""
    if isinstance(error, KeyError):
        return f"the step has no {error}; ask has(…) first"
    if isinstance(error, TypeError):
        return "an operation does not fit its values; ask kind or type(…) first"
    found = re.search(r"ERROR: <input>:(\d+):(\d+): ([^\n]+)", str(error))
    if found:
        line, column, words = found.groups()
        return f"line {line}, column {column} of the expression: {shorten(words, 120)}"
    return shorten(str(error).split("\n", 1)[0], 160)
