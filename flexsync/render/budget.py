"""budget: lines that fit into a number of bytes, and a sentence about what did not.

In: parts in the order of the page. Out: lines. Two sorts of parts: one that may not be cut is there in
several forms, each shorter, the last of a fixed size; one that may be cut loses items from its end.
"""

from collections.abc import Sequence
from dataclasses import dataclass

#: Kept for the sentence about what was cut.
_RESERVE = 500


@dataclass(frozen=True, slots=True)
class Kept:
    """A part that is always there: the same facts in forms of falling size."""

    forms: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Cut:
    """A part whose items may be left out from the end; each item is lines that stay together."""

    before: tuple[str, ...]
    items: tuple[tuple[str, ...], ...]
    after: tuple[str, ...] = ()
    word: str = "line"


Part = Kept | Cut


def fitted(parts: Sequence[Part], budget: int) -> tuple[list[str], list[str]]:
    """The lines of `parts` within `budget` bytes, and what was left out: `120 subscriptions in detail`."""
    kept = _chosen([part for part in parts if isinstance(part, Kept)], budget - _RESERVE)
    room = budget - _RESERVE - sum(size(lines) for lines in kept)
    shapes = iter(kept)
    lines: list[str] = []
    left_out: list[str] = []
    for part in parts:
        if isinstance(part, Kept):
            lines += next(shapes)
            continue
        shown, missing = _filled(part, room)
        room -= size(shown)
        lines += shown
        left_out += [f"{missing:,} of {len(part.items):,} {part.word}"] if missing else []
    return lines, left_out


def size(lines: Sequence[str]) -> int:
    """The bytes of `lines` with their line ends."""
    return sum(len(line.encode()) + 1 for line in lines)


def _chosen(parts: Sequence[Kept], room: int) -> list[tuple[str, ...]]:
    """The fullest forms that fit: the last parts are shortened first, and all of them before any twice."""
    levels = [0] * len(parts)
    sizes = [[size(form) for form in part.forms] for part in parts]
    while sum(of[level] for of, level in zip(sizes, levels, strict=True)) > room:
        shortenable = [place for place, of in enumerate(sizes) if levels[place] + 1 < len(of)]
        if not shortenable:
            break
        levels[min(shortenable, key=lambda place: (levels[place], -sizes[place][levels[place]]))] += 1
    return [part.forms[level] for part, level in zip(parts, levels, strict=True)]


def _filled(part: Cut, room: int) -> tuple[list[str], int]:
    """As many items as fit, with their frame; nothing at all when not one does."""
    left = room - size(part.before) - size(part.after)
    shown: list[str] = []
    for place, item in enumerate(part.items):
        left -= size(item)
        if left < 0:
            return ([*part.before, *shown, *part.after] if shown else []), len(part.items) - place
        shown += item
    return ([*part.before, *shown, *part.after] if shown else []), 0
