"""Where each value of a document was written.

In: data, and one number a node in the order of the file: the index of its first character, keys
before their values. Out: indexes by path. The tree is built on the first question only, because
most documents are never asked.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flexsync.desired.model import Path


@dataclass(slots=True)
class Place:
    """Start of a value, of its key, and of what it holds."""

    value: int
    key: int
    children: "dict[str | int, Place]" = field(default_factory=dict)


def tree(data: Any, marks: list[int]) -> Place:
    """The places of `data`."""
    rest = iter(marks)
    return _place(data, rest, None)


def _place(data: Any, rest: Iterator[int], key: int | None) -> Place:
    start = next(rest)
    place = Place(start, start if key is None else key)
    if isinstance(data, dict):
        for name, value in data.items():
            place.children[name] = _place(value, rest, next(rest))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            place.children[number] = _place(value, rest, None)
    return place


def find(place: Place, path: Path) -> Place:
    """The place at `path`, or of its nearest ancestor that was written."""
    for step in path:
        child = place.children.get(step)
        if child is None:
            return place
        place = child
    return place


def reaches(place: Place, path: Path) -> bool:
    """True when there is a place at the very end of `path`."""
    for step in path:
        if step not in place.children:
            return False
        place = place.children[step]
    return True


def size(data: Any) -> int:
    """How many nodes a value was written with."""
    if isinstance(data, dict):
        return 1 + sum(1 + size(value) for value in data.values())
    return 1 + sum(map(size, data)) if isinstance(data, list) else 1
