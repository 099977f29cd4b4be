"""Which file and which layer an edit of one subscription belongs to.

In: the effective subscription with its layers, and an Edit. Out: where to write it. What other
subscriptions share (defaults, profiles) is never written; a person under `people` is, since the
person is the same everywhere.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from flexsync.desired.columns import CLIENTS, ROSTER, Column
from flexsync.desired.layers import PEOPLE, Layer, Layered, merge
from flexsync.desired.model import Path
from flexsync.desired.tables import cell_problem
from flexsync.edit.asking import Edit
from flexsync.state import PERSON_FIELDS

Act = Literal["put", "drop", "cell", "line"]
_GONE = object()


@dataclass(frozen=True, slots=True)
class Written:
    """One act on one file: `put` or `drop` at a path of a YAML file, or a `cell` or whole `line` of a table."""

    act: Act
    file: str
    path: Path = ()
    value: Any = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Home:
    """Where one subscription may be written: its own file (existing or to be made), its row, its roster.

    `tables` holds the columns of each CSV file that is this subscription's to edit.
    """

    places: Layered
    file: str
    exists: bool
    fleet_file: str
    row: str = ""
    roster: str = ""
    tables: Mapping[str, Iterable[str]] = field(default_factory=dict)

    def route(self, edit: Edit) -> Written:
        """Where an edit is to be written."""
        person = "" if edit.own else self._person(edit.path)
        if person and edit.value is not None:
            return Written("put", self.fleet_file, (PEOPLE, person, edit.path[-1]), edit.value)
        return self._drop(edit.path) if edit.value is None else self._put(edit.path, edit.value)

    @property
    def _own(self) -> Layer | None:
        return self.places.layers[-1] if self.exists else None

    def _person(self, path: Path) -> str:
        """The key under people of whom a field of identity is read there; empty when an entry has its own."""
        size = 1 if path[:1] == ("admin",) else 2
        if len(path) != size + 1 or path[-1] not in PERSON_FIELDS:
            return ""
        person = self.places.persons.get(path[:size], "")
        return "" if any(_at(layer.data, path) is not _GONE for layer in self.places.layers) else person

    def _put(self, path: Path, value: Any) -> Written:
        if self._own is None or not _reaches(self._own.data, path):
            cell = self._cell(path, value)
            if cell is not None:
                return cell
        return Written("put", self.file, path, value)

    def _drop(self, path: Path) -> Written:
        below = self.places.layers[:-1] if self.exists else self.places.layers
        inherited = _at(merge(layer.data for layer in below), path) is not _GONE
        if self._own is not None and _at(self._own.data, path) is not _GONE:
            return Written("put", self.file, path, None) if inherited else Written("drop", self.file, path)
        if not inherited:
            return Written("drop", self.file, path)
        holders = [layer for layer in below if _at(layer.data, path) is not _GONE]
        if len(holders) == 1 and holders[0].name in self.tables:
            if holders[0].name == self.roster and len(path) == 2:
                return Written("line", self.roster, line=holders[0].place(path).line)
            cell = self._cell(path, None)
            if cell is not None:
                return cell
        return Written("put", self.file, path, None)

    def _cell(self, path: Path, value: Any) -> Written | None:
        """The cell that holds `path`, or could; None when there is none, or it cannot say `value`."""
        for name, known, inside, under in self._sheets(path):
            column = next((one for one in known if one.path == inside and not one.first), None)
            text = _cell_text(value, column) if column else None
            layer = next((one for one in self.places.layers if one.name == name), None)
            if column is None or text is None or layer is None or column.name not in self.tables[name]:
                continue
            return Written("cell", name, (column.name,), text, layer.place(under).line)
        return None

    def _sheets(self, path: Path) -> Iterable[tuple[str, tuple[Column, ...], Path, Path]]:
        """Tables that may hold `path`: name, columns, path in a row, and the path whose place is the row's."""
        layers = {layer.name: layer for layer in self.places.layers}
        in_roster = self.roster in self.tables and path[:1] == ("users",) and len(path) == 3
        if in_roster and _at(layers[self.roster].data, path[:2]) is not _GONE:
            yield self.roster, ROSTER, path[2:], path[:2]
        if self.row in self.tables and (not self.exists or _at(layers[self.row].data, path) is not _GONE):
            yield self.row, CLIENTS, path, ()


def _cell_text(value: Any, column: Column) -> str | None:
    """What a cell says; None when no cell can say it."""
    if value is None:
        return ""
    if isinstance(value, list):
        text = "+".join(value)
    elif isinstance(value, str | int) and not isinstance(value, bool):
        text = str(value)
    else:
        return None
    if not text or cell_problem(text, column) or column.kind.value(text) != value:
        return None
    return text


def _at(data: Any, path: Path) -> Any:
    """What is written at `path`, null too; _GONE when nothing is."""
    for step in path:
        if not isinstance(data, Mapping) or step not in data:
            return _GONE
        data = data[step]
    return data


def _reaches(data: Any, path: Path) -> bool:
    """True when something is written at `path`, or something on the way that hides it."""
    for step in path:
        if not isinstance(data, Mapping):
            return True
        if step not in data:
            return False
        data = data[step]
    return True
