"""The text of one file, by line and by place.

In: a file's name and decoded text. Out: places, source lines and problems that point into it.
It must not show a secret: what follows a key that sounds like a password is masked.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable
from functools import cached_property
from itertools import accumulate, islice

from flexsync.errors import Problem, Where

#: A name under which people keep a secret, or a reference to one.
SECRET_NAME = re.compile(r"pass(?:word|wd|wort|phrase)|mot_?de_?passe|secret|token|api_?key", re.IGNORECASE)
_SECRET_VALUE = re.compile(rf"((?:{SECRET_NAME.pattern})[\w-]*[\"']?\s*:).*", re.IGNORECASE)

#: Longer source lines are cut: they come from one-line files, and a person reads the start.
LONGEST_LINE = 240
MAX_PROBLEMS = 50

#: Code, message and index of the character: a problem that has no words for its place yet.
Finding = tuple[str, str, int]


class Lines:
    """Text addressed by the index of a character, counted from 0, or by line, counted from 1."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *accumulate(len(line) + 1 for line in self.text.split("\n"))]

    def where(self, index: int) -> Where:
        """Place of the character at `index`; the end of the text for a larger one."""
        index = min(index, len(self.text))
        line = bisect_right(self._starts, index)
        return Where(self.file, line, index - self._starts[line - 1] + 1)

    def line(self, number: int) -> str:
        """Line `number` without its end, secrets masked; nothing when there is no such line."""
        if not 1 <= number < len(self._starts):
            return ""
        start = self._starts[number - 1]
        text = self.text[start : self._starts[number] - 1].removesuffix("\r")
        return _SECRET_VALUE.sub(r"\1 ***", text[:LONGEST_LINE])

    def problem(self, code: str, message: str, index: int = 0) -> Problem:
        """A problem at the character at `index`."""
        where = self.where(index)
        return Problem(code, message, where, source=self.line(where.line))

    def problems(self, findings: Iterable[Finding]) -> list[Problem]:
        """The first findings as problems, then one that says how many more there are."""
        rest = iter(findings)
        problems = [self.problem(*finding) for finding in islice(rest, MAX_PROBLEMS)]
        if more := sum(1 for _ in rest):
            problems.append(Problem("more-problems", f"and {more} more problems in this file.", problems[-1].where))
        return problems
