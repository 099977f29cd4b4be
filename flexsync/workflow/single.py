"""One subscription of a fleet, read by itself: what it asks for, and whether that is what is wanted.

In: an opened fleet and a name. Out: a Declared and its Desired. It reads no other subscription.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from flexsync.desired.fleet import Declared, Fleet, declared
from flexsync.desired.model import Desired
from flexsync.desired.resolve import resolve
from flexsync.desired.spec import Subscription
from flexsync.desired.typed import typed
from flexsync.edit.splice import CannotEdit
from flexsync.errors import InvalidFiles
from flexsync.snapshot import Snapshot
from flexsync.state import State, digest, to_plain


def read_in(files: tuple[str, ...], fleet: Fleet, name: str, as_of: date) -> Declared | None:
    """One subscription of a fleet as its row and those of `files` make it, the others not read; None without it."""
    rows = tuple(row for row in fleet.rows if row.name == name)
    return next((one for one in declared(replace(fleet, files=files, rows=rows), as_of) if one.name == name), None)


def look(fleet: Fleet, name: str, as_of: date, file: str) -> Declared:
    """One subscription of a fleet, the others not read. Raises CannotEdit when it is not there."""
    found = read_in((file,) if file in fleet.files else (), fleet, name, as_of)
    if found is None:
        raise CannotEdit(f"{name} is in no file any more")
    return found


def refuse_unusable(found: Declared) -> None:
    """Raise InvalidFiles when no plan could be made of it."""
    if not found.usable:
        raise InvalidFiles([problem for problem in found.problems if problem.fatal])


def resolved(found: Declared, fleet: Fleet, snapshot: Snapshot, as_of: date) -> Desired:
    """What the files ask for; between two edits they may break a rule, and still ask for something."""
    if found.places is None:
        raise InvalidFiles(found.problems)
    spec = found.spec or typed(Subscription, found.data, found.places.where)
    return resolve(spec, found.places, snapshot, fleet.catalogue, as_of, found.gone)


def prove(found: Declared, desired: Desired, target: State) -> None:
    """Raise CannotEdit or InvalidFiles unless the files are usable and ask for `target`."""
    refuse_unusable(found)
    if digest(to_plain(desired.state)) != digest(to_plain(target)):
        raise CannotEdit(
            f"files cannot ask for it: {', '.join(paths_apart(desired.state, target))}; change them by hand"
        )
    if fatal := [problem for problem in desired.problems if problem.fatal]:
        raise InvalidFiles(fatal)


def paths_apart(one: State, other: State) -> list[str]:
    """Where two States differ, in paths."""
    left, right = to_plain(one), to_plain(other)
    return sorted(_paths(left, right))[:5]


def _paths(one: object, other: object, at: str = "") -> Iterator[str]:
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        for key in {**one, **other}:
            yield from _paths(one.get(key), other.get(key), f"{at}.{key}" if at else str(key))
    elif one != other:
        yield at


def entry_of(fleet: Fleet) -> str:
    """What `open_fleet` was asked for: the fleet file, one subscription, or a folder."""
    if fleet.shared.document is not None:
        return fleet.shared.document.file
    return fleet.files[0] if len(fleet.files) == 1 else ""
