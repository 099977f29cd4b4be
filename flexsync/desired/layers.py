"""Layers of settings merged into one, each value still knowing where it was written.

In: layers, lowest first. Out: plain effective data, and Places that answer lazily. It must not
change or copy what it does not touch: layers are shared by all subscriptions of a fleet.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flexsync.desired.model import Path
from flexsync.errors import Where

BUILT_IN = "built-in"
PEOPLE = "people"


def _no_line(number: int) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Layer:
    """Settings from one place. `place` tells where the value at a path, or its nearest ancestor, is written."""

    name: str
    data: Mapping[str, Any]
    place: Callable[[Path], Where]
    line: Callable[[int], str] = _no_line


@dataclass(frozen=True, slots=True)
class Cells:
    """The places of values that came from the cells of one table row; `row` is where the row begins."""

    row: Where
    cells: Mapping[Path, Where] = field(default_factory=dict)

    def where(self, path: Path) -> Where:
        """Place of the cell that gave `path`, or of one that gave a part of it, or of the row."""
        for end in range(len(path), 0, -1):
            if path[:end] in self.cells:
                return self.cells[path[:end]]
        inside = (where for cell, where in self.cells.items() if cell[: len(path)] == path)
        return next(inside, self.row) if path else self.row


@dataclass(frozen=True, slots=True)
class Layered:
    """Places over merged layers, lowest first.

    `persons` tells of an entry (`("admin",)`, `("users", KEY)`) which key of `people` completes it.
    """

    layers: Sequence[Layer]
    people: Layer | None = None
    persons: Mapping[Path, str] = field(default_factory=dict)

    def where(self, path: Path) -> Where:
        """Place of the value at `path` in the topmost layer that wrote it, or of its nearest written ancestor."""
        layer, depth = self._find(path)
        if depth < len(path) and (found := self._in_people(path)):
            return found
        return layer.place(path[:depth])

    def layer(self, path: Path) -> str:
        """Name of the layer that wrote exactly this value; `built-in` when no file did."""
        layer, depth = self._find(path)
        if depth == len(path):
            return layer.name
        return PEOPLE if self._in_people(path) else BUILT_IN

    def line(self, where: Where) -> str:
        """The source line at `where`, empty when no layer knows the file."""
        known = (layer for layer in (*self.layers, self.people) if layer and layer.place(()).file == where.file)
        return next((text for layer in known if (text := layer.line(where.line))), "")

    def _find(self, path: Path) -> tuple[Layer, int]:
        """The topmost layer that reaches furthest along `path`, and how far; a value there hides lower layers."""
        best, depth = self.layers[-1], -1
        for layer in reversed(self.layers):
            reached, hides = _reach(layer.data, path)
            if reached > depth:
                best, depth = layer, reached
            if hides:
                break
        return best, depth

    def _in_people(self, path: Path) -> Where | None:
        size = 1 if path[:1] == ("admin",) else 2
        person = self.persons.get(path[:size])
        if person is None or self.people is None:
            return None
        inside: Path = (person, *path[size:])
        return self.people.place(inside) if _reach(self.people.data, inside)[0] == len(inside) else None


def merge(layers: Iterable[Mapping[str, Any]], below: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
    """The layers as one, lowest first: maps merge deeply, scalars and lists replace, null removes.

    `below` is an earlier merge to build on; it is neither changed nor copied where nothing touches it.
    """
    merged = below or {}
    for layer in layers:
        merged = _onto(merged, layer)
    return merged


def _onto(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, Mapping):
            under = merged.get(key)
            merged[key] = _onto(under if isinstance(under, Mapping) else {}, value)
        else:
            merged[key] = value
    return merged


def _reach(data: Any, path: Path) -> tuple[int, bool]:
    """How many steps of `path` lead to something written, and whether what is there hides lower layers."""
    for depth, step in enumerate(path):
        if not _holds(data, step):
            return depth, not isinstance(data, Mapping)
        data = data[step]
    return len(path), True


def _holds(data: Any, step: str | int) -> bool:
    if isinstance(data, Mapping):
        return step in data
    return isinstance(data, list) and isinstance(step, int) and 0 <= step < len(data)
