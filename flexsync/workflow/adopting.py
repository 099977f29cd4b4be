"""adopt: what was done in the portal, written back into the files.

In: a Desk, a store to read, and a choice of paths. Out: an Adoption, edits of files that were proved
on a draft. It writes nothing; `writing_back` does, once somebody agreed.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from typing import Protocol

from flexsync.desired.columns import CLIENTS, ROSTER
from flexsync.desired.fleet import Across, Declared, Fleet, declared, open_fleet
from flexsync.desired.model import Path
from flexsync.desired.source import MAX_TABLE_BYTES
from flexsync.edit.asking import Edit, edits
from flexsync.edit.csv_text import has_column
from flexsync.edit.routing import Home, Written
from flexsync.edit.splice import CannotEdit
from flexsync.edit.written import carried_out, new_client
from flexsync.errors import InvalidFiles, Problem, WrongCommand
from flexsync.plan.change import Change
from flexsync.plan.merge import adopted
from flexsync.plan.patch import patch
from flexsync.snapshot import Snapshot
from flexsync.state import State
from flexsync.store.base import Head
from flexsync.text import did_you_mean, visible
from flexsync.workflow.desk import Desk
from flexsync.workflow.draft import Draft
from flexsync.workflow.single import entry_of, look, prove, refuse_unusable, resolved

#: Sections settle one after the other, and each may need a second look.
ROUNDS = 12
#: Paths named to somebody who picked another one.
MOST_TOLD = 10


class Drifting(Protocol):
    """What adopt needs to know of a store."""

    def heads(self) -> Iterator[Head]:
        """The narrow row of every subscription."""
        ...

    def snapshots(self, names: Sequence[str]) -> dict[str, Snapshot]:
        """Each known subscription of `names` as it stands."""
        ...


@dataclass(frozen=True, slots=True)
class Taken:
    """One subscription whose files follow the store: the State they now ask for, and what was edited."""

    name: str
    file: str
    state: State
    snapshot: Snapshot
    edits: tuple[Edit, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Adoption:
    """Edits of files, old bytes beside new ones (None for a new file), and what cannot be adopted, with why."""

    files: Mapping[str, tuple[bytes | None, bytes]]
    taken: tuple[Taken, ...] = ()
    left: tuple[tuple[str, str], ...] = ()


def adopt(desk: Desk, store: Drifting, name: str = "", picks: Sequence[str] = ()) -> Adoption:
    """What has to change in the files for them to ask for what was done in the portal.

    With `name` only that subscription; with `picks` only paths that match or lie below one. Raises
    WrongCommand when the files have no such subscription, or nothing was done at a pick.
    """
    drifted = [head.name for head in store.heads() if head.digest != head.applied_digest]
    whole = _Whole.of(desk.fleet, desk.as_of)
    if name and name not in whole.found:
        raise WrongCommand(f'No subscription is called "{visible(name)}".{did_you_mean(name, [*whole.found])}')
    chosen = _Choice(tuple(picks))
    adopting = _Adopting(desk, Draft(desk.fleet.source), whole)
    snapshots = store.snapshots([one for one in drifted if one in whole.found and name in ("", one)])
    for one in sorted(snapshots):
        adopting.take(snapshots[one], chosen)
    chosen.refuse_missed()
    return adopting.adoption()


class _Choice:
    """The paths that somebody picked; all when nobody did."""

    def __init__(self, picks: tuple[str, ...]) -> None:
        self._picks = picks
        self._hit: set[str] = set()
        self._moved: set[str] = set()

    def __call__(self, path: Path) -> bool:
        dotted = ".".join(map(str, path))
        hit = [pick for pick in self._picks if fnmatchcase(dotted, pick) or dotted.startswith(f"{pick.rstrip('.')}.")]
        self._moved.add(dotted)
        self._hit.update(hit)
        return bool(hit) or not self._picks

    def refuse_missed(self) -> None:
        """Raise WrongCommand for picks at which nothing was done; it names where something was."""
        missed = [visible(pick) for pick in self._picks if pick not in self._hit]
        if not missed:
            return
        moved = sorted(map(visible, self._moved))
        told = f" Something was done at {', '.join(moved[:MOST_TOLD])}{', …' * (len(moved) > MOST_TOLD)}." * bool(moved)
        raise WrongCommand(f"Nothing was done in the portal at {', '.join(missed)}.{told}")


@dataclass(frozen=True, slots=True)
class _Whole:
    """Every subscription of the files in a few words: where it is, what is wrong, which roster it shares."""

    found: Mapping[str, str]
    broken: frozenset[tuple[str, str]]
    rosters: Counter[str]

    @staticmethod
    def of(fleet: Fleet, as_of: date) -> "_Whole":
        """The subscriptions of `fleet`, all of them read once."""
        found: dict[str, str] = {}
        rosters: Counter[str] = Counter()
        across, problems = Across(), list[Problem]()
        for one in declared(fleet, as_of):
            across.observe(one)
            found[one.name] = one.where.file
            problems.extend(one.problems)
            rosters.update([str(one.data["users_table"])] if one.data.get("users_table") else [])
        problems.extend(across.problems())
        broken = frozenset((problem.subscription, problem.code) for problem in problems if problem.fatal)
        return _Whole(found, broken, rosters)


class _Adopting:
    """Subscriptions adopted one after the other on one draft."""

    def __init__(self, desk: Desk, draft: Draft, whole: _Whole) -> None:
        self._desk = desk
        self._draft = draft
        self._whole = whole
        self._taken: list[Taken] = []
        self._left: list[tuple[str, str]] = []

    def take(self, snapshot: Snapshot, chosen: Callable[[Path], bool]) -> None:
        """Edit the draft for one subscription, or leave it as it was and say why."""
        before = dict(self._draft.edited)
        try:
            taken = self._take(snapshot, chosen)
        except (CannotEdit, InvalidFiles) as error:
            self._draft.restore(before)
            self._left.append((snapshot.name, str(error)))
            return
        if taken.edits:
            self._taken.append(taken)

    def adoption(self) -> Adoption:
        """All edits, when they break nothing anywhere; raises InvalidFiles when they do."""
        if self._draft.edited:
            whole = _Whole.of(open_fleet(self._draft, entry_of(self._desk.fleet)), self._desk.as_of)
            if worse := sorted(whole.broken - self._whole.broken):
                told = ", ".join(f"{name}: {code}" for name, code in worse)
                return Adoption({}, (), (*self._left, *((one.name, f"it would break {told}") for one in self._taken)))
        source = self._draft.below
        files = {
            name: (source.read(name, MAX_TABLE_BYTES) if source.has(name) else None, new)
            for name, new in sorted(self._draft.edited.items())
        }
        return Adoption(files, tuple(self._taken), tuple(self._left))

    def _take(self, snapshot: Snapshot, chosen: Callable[[Path], bool]) -> Taken:
        found = self._look(snapshot.name)
        refuse_unusable(found)
        target, done, notes = self._target(found, snapshot, chosen), list[Edit](), list[str]()
        for _ in range(ROUNDS):
            desired = resolved(found, self._desk.fleet, snapshot, self._desk.as_of)
            todo = edits(desired.state, target, found.data)
            if not todo or all(edit in done for edit in todo):
                break
            home = self._home(found)
            acts = [home.route(edit) for edit in todo]
            self._draft.edited.update(carried_out(acts, lambda file: self._read(file, snapshot.name)))
            done += [edit for edit in todo if edit not in done]
            notes += [note for note in map(_note, acts, todo) if note and note not in notes]
            found = self._look(snapshot.name)
        prove(found, resolved(found, self._desk.fleet, snapshot, self._desk.as_of), target)
        return Taken(snapshot.name, self._file(snapshot.name), target, snapshot, tuple(done), tuple(notes))

    def _target(self, found: Declared, snapshot: Snapshot, chosen: Callable[[Path], bool]) -> State:
        desired = resolved(found, self._desk.fleet, snapshot, self._desk.as_of)
        current, applied = (_moved(state, desired.moves) for state in (snapshot.current, snapshot.applied))
        return adopted(applied, current, desired.state, chosen)

    def _look(self, name: str) -> Declared:
        return look(open_fleet(self._draft, entry_of(self._desk.fleet)), name, self._desk.as_of, self._file(name))

    def _file(self, name: str) -> str:
        """The file of a subscription; of one that was only a row, its new file once there is one."""
        file = self._whole.found[name]
        new = _new_file(self._desk.fleet, name)
        return new if file not in self._desk.fleet.files and new in self._draft.edited else file

    def _home(self, found: Declared) -> Home:
        fleet = self._desk.fleet
        if found.places is None:
            raise CannotEdit("the files cannot be read")
        file = self._file(found.name)
        exists = found.places.layers[-1].name == file and file.endswith((".yaml", ".yml"))
        row = next((one.layer.name for one in fleet.rows if one.name == found.name), "")
        roster = str(found.data.get("users_table") or "")
        own = [row] if row else []
        own += [roster] if roster and self._whole.rosters[roster] == 1 else []
        tables = {one: columns for one in own if (columns := self._columns(one))}
        target = file if exists else _new_file(fleet, found.name)
        return Home(found.places, target, exists, entry_of(fleet) or "fleet.yaml", row, roster, tables)

    def _columns(self, table: str) -> frozenset[str]:
        """The columns of a table that can be edited; of a workbook, none."""
        content = self._draft.read(table, MAX_TABLE_BYTES)
        if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
            return frozenset()
        return frozenset(one.name for one in (*CLIENTS, *ROSTER) if has_column(content, one.name))

    def _read(self, file: str, name: str) -> bytes:
        if not file:
            raise CannotEdit("there is no file of its own to write to; add clients.files to the fleet file")
        return self._draft.read(file, MAX_TABLE_BYTES) if self._draft.has(file) else new_client(name)


def _moved(state: State | None, moves: Mapping[str, str]) -> State:
    """A stored State with the renames of the files done."""
    users = state.users if state else {}
    due = ((old, new) for old, new in sorted(moves.items()) if old in users and new not in users)
    moved = patch(state, [Change("user.move_key", f"user/{new}", old, new) for old, new in due])
    if moved is None:
        raise CannotEdit("the store has nothing of it")
    return moved


def _new_file(fleet: Fleet, name: str) -> str:
    """The name of a client file to be made; empty when the fleet reads none."""
    if fleet.spec is None:
        return ""
    pattern = "clients/*.yaml" if fleet.spec.clients is None else fleet.spec.clients.files
    if not pattern or pattern.count("*") != 1 or "?" in pattern or "[" in pattern:
        return ""
    return pattern.replace("*", name)


def _note(act: Written, edit: Edit) -> str:
    """What a reader of the patch should know beside it."""
    if act.path[:1] == ("people",):
        return (
            f"{act.file}: {act.path[1]} is written once under people; every subscription that names this person follows"
        )
    if edit.path[-1] == "internet_acknowledged":
        return f"{edit.dotted}: hosting was switched on in the portal, so its need for Internet counts as confirmed"
    return ""
