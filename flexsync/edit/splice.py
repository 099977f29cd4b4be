"""Pieces of text put in place of others, lines found around them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

#: What may follow a value on its line: a comment.
_REST = re.compile(r"[ ]*(#.*)?")
_REST_AFTER_COMMA = re.compile(r"[ ]*,[ ]*(#.*)?")


class CannotEdit(Exception):
    """The text is written in a way that a small edit would spoil."""


class Splice(NamedTuple):
    """`text` in place of what stands from `start` to `end`."""

    start: int
    end: int
    text: str


def spliced(text: str, splices: Iterable[Splice]) -> str:
    """`text` with each splice done; they must not overlap, and those at one place stay in their order."""
    in_order = sorted(splices, key=lambda splice: splice[:2])
    for start, end, new in reversed(in_order):
        text = text[:start] + new + text[end:]
    return text


@dataclass(frozen=True, slots=True)
class Page:
    """A text whose lines are asked for by the index of a character in them."""

    text: str

    @property
    def eol(self) -> str:
        """How this text ends its lines."""
        return "\r\n" if "\r\n" in self.text else "\n"

    def line_start(self, index: int) -> int:
        """Where the line begins."""
        return self.text.rfind("\n", 0, index) + 1

    def line_end(self, index: int) -> int:
        """Where the line ends, before its line break."""
        end = self.text.find("\n", index)
        end = len(self.text) if end < 0 else end
        return end - 1 if self.text[end - 1 : end] == "\r" and end > index else end

    def next_line(self, index: int) -> int:
        """Where the next line begins, or the text ends."""
        end = self.text.find("\n", index)
        return len(self.text) if end < 0 else end + 1

    def column(self, index: int) -> int:
        """How many characters stand before it on its line."""
        return index - self.line_start(index)

    def begins_line(self, index: int) -> bool:
        """True when only spaces stand before it on its line."""
        return not self.text[self.line_start(index) : index].strip()

    def is_last(self, index: int) -> bool:
        """True when only a comment follows on its line."""
        return _REST.fullmatch(self.text, index, self.line_end(index)) is not None

    def is_last_but_comma(self, index: int) -> bool:
        """True when only a comma, and perhaps a comment, follow on its line."""
        return _REST_AFTER_COMMA.fullmatch(self.text, index, self.line_end(index)) is not None

    def after_comma(self, index: int) -> int:
        """Right behind the comma that follows; `index` itself when none does."""
        rest = self.text[index:].lstrip(" ")
        return len(self.text) - len(rest) + 1 if rest.startswith(",") else index

    def after_line(self, index: int, lines: Iterable[str]) -> Splice:
        """`lines`, ended as the one at `index` is, after it; the text's last line break is kept as it is."""
        end = self.line_end(index)
        eol = self.text[end : self.next_line(index)] or self.eol
        return Splice(end, end, "".join(eol + line for line in lines))

    def without_lines(self, first: int, last: int) -> Splice:
        """The lines from the one at `first` to the one at `last` taken away; the text ends as it did before."""
        start, end = self.line_start(first), self.next_line(last)
        if end == len(self.text) and not self.text.endswith("\n"):
            start = len(self.text[:start].removesuffix("\n").removesuffix("\r"))
        return Splice(start, end, "")
