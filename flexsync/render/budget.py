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
    kept = [place for place, part in enumerate(parts) if isinstance(part, Kept)]
    shown = dict(zip(kept, _chosen([part for part in parts if isinstance(part, Kept)], budget - _RESERVE), strict=True))
    room = budget - _RESERVE - sum(map(size, shown.values()))
    left_out: dict[int, str] = {}
    for place, part in _small_first(parts):
        shown[place], missing = _filled(part, room)
        room -= size(shown[place])
        if missing:
            left_out[place] = f"{missing:,} of {len(part.items):,} {part.word}"
    return [line for place in range(len(parts)) for line in shown[place]], [
        left_out[place] for place in sorted(left_out)
    ]


def size(lines: Sequence[str]) -> int:
    """The bytes of `lines` with their line ends."""
    return sum(len(line.encode()) + 1 for line in lines)


def _small_first(parts: Sequence[Part]) -> list[tuple[int, Cut]]:
    """The parts that may be cut, by size, so that as many as possible are whole."""
    cuts = [(place, part) for place, part in enumerate(parts) if isinstance(part, Cut)]
    return sorted(cuts, key=lambda one: sum(map(size, one[1].items)))


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


def _filled(part: Cut, room: int) -> tuple[tuple[str, ...], int]:
    """As many items as fit, with their frame; nothing at all when not one does."""
    left = room - size(part.before) - size(part.after)
    fitting = 0
    for item in part.items:
        left -= size(item)
        if left < 0:
            break
        fitting += 1
    lines = (line for item in part.items[:fitting] for line in item)
    return (*part.before, *lines, *part.after) if fitting else (), len(part.items) - fitting
