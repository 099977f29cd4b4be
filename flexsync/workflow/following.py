"""following: files edited until they ask for a given State, on a draft.

In: a Desk, and for each subscription a Snapshot and the State that its files should ask for. Out: a
Rewrite, edits of files that were proved on the draft. It writes nothing; `proving.write_back` does, once
somebody agreed.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from flexsync.desired.columns import CLIENTS, ROSTER
from flexsync.desired.fleet import Across, Declared, Fleet, declared, open_fleet
from flexsync.desired.layers import Layered
from flexsync.desired.mentions import Addresses
from flexsync.desired.model import Desired
from flexsync.desired.source import MAX_TABLE_BYTES
from flexsync.edit.asking import Edit, edits
from flexsync.edit.csv_text import has_column
from flexsync.edit.routing import Home, Written
from flexsync.edit.splice import CannotEdit
from flexsync.edit.written import carried_out, new_client
from flexsync.errors import InvalidFiles, Problem
from flexsync.snapshot import Snapshot
from flexsync.state import State
from flexsync.workflow.desk import Desk
from flexsync.workflow.draft import Draft
from flexsync.workflow.single import entry_of, look, prove, refuse_unusable, resolved

#: Sections settle one after the other, and each may need a second look.
ROUNDS = 12

#: What the files should ask for, given what they ask for now.
Target = Callable[[Desired], State]


@dataclass(frozen=True, slots=True)
class Taken:
    """One subscription whose files follow the store: the State they now ask for, and what was edited.

    `came` are the keys of the addresses of people whom the files did not have before, or had with other names.
    """

    name: str
    file: str
    state: State
    snapshot: Snapshot
    edits: tuple[Edit, ...]
    notes: tuple[str, ...] = ()
    came: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Rewrite:
    """Edits of files, old bytes beside new ones (None for a new file), and whose files cannot follow, with why."""

    files: Mapping[str, tuple[bytes | None, bytes]]
    taken: tuple[Taken, ...] = ()
    left: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Whole:
    """Every subscription of the files in a few words: where it is, what is wrong, which roster it shares."""

    found: Mapping[str, str]
    broken: frozenset[tuple[str, str]]
    rosters: Counter[str]

    @staticmethod
    def of(fleet: Fleet, as_of: date) -> "Whole":
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
        return Whole(found, broken, rosters)


class Following:
    """Subscriptions whose files follow, one after the other on one draft.

    The whole fleet is read before only when somebody asks for its names, or two may share a roster; whoever has
    found the files of the subscriptions already gives them as `found`.
    """

    def __init__(self, desk: Desk, found: Mapping[str, str] | None = None) -> None:
        self._desk = desk
        self._draft = Draft(desk.fleet.source)
        self._fleet = replace(desk.fleet, source=self._draft)
        self._found = found
        self._taken: list[Taken] = []
        self._left: list[tuple[str, str]] = []

    @property
    def names(self) -> list[str]:
        """The subscriptions that the files describe."""
        return list(self._whole.found)

    def take(self, snapshot: Snapshot, target: Target) -> None:
        """Edit the draft for one subscription that the files describe, or leave it as it was and say why."""
        before = self._draft.edited
        try:
            taken = self._take(snapshot, target)
        except (CannotEdit, InvalidFiles) as error:
            self._turn(before)
            self._left.append((snapshot.name, str(error)))
            return
        if taken.edits:
            self._taken.append(taken)

    def rewrite(self) -> Rewrite:
        """All edits, when they break nothing anywhere; none of them, and what would break, when they do."""
        if self._draft.edited and (worse := sorted(self._broken_by_edits())):
            told = ", ".join(f"{name}: {code}" for name, code in worse)
            return Rewrite({}, (), (*self._left, *((one.name, f"it would break {told}") for one in self._taken)))
        source = self._draft.below
        files = {
            name: (source.read(name, MAX_TABLE_BYTES) if source.has(name) else None, new)
            for name, new in sorted(self._draft.edited.items())
        }
        return Rewrite(files, tuple(self._taken), tuple(self._left))

    @cached_property
    def _whole(self) -> Whole:
        """The fleet before the edits."""
        return Whole.of(self._desk.fleet, self._desk.as_of)

    def _broken_by_edits(self) -> frozenset[tuple[str, str]]:
        """What is wrong on the draft, subscription and code, and was not before."""
        files = self._concerned()
        before = (
            self._whole
            if files == self._fleet.files
            else Whole.of(replace(self._desk.fleet, files=files), self._desk.as_of)
        )
        return Whole.of(replace(self._fleet, files=files), self._desk.as_of).broken - before.broken

    def _concerned(self) -> tuple[str, ...]:
        """The client files to which the edits may matter: all of them, once something is edited that they share.

        Otherwise those that are edited, and those that may speak of somebody who came.
        """
        edited, files, entry = self._draft.edited, self._fleet.files, entry_of(self._fleet)
        who = Addresses(key for one in self._taken for key in one.came)
        if self._fleet.rows or not edited.keys() <= set(files) or any(who.among([entry], self._draft)):
            return files
        return tuple(sorted({*edited, *who.among(files, self._draft)}))

    def _turn(self, edited: dict[str, bytes]) -> None:
        """Make `edited` what the draft has; what is more than a client file is read again when it moved."""
        before, self._draft.edited = self._draft.edited, edited
        moved = {file for file in before.keys() | edited.keys() if before.get(file) != edited.get(file)}
        if not moved <= set(self._fleet.files):
            self._fleet = open_fleet(self._draft, entry_of(self._desk.fleet))

    def _take(self, snapshot: Snapshot, target: Target) -> Taken:
        found = self._look(snapshot.name)
        refuse_unusable(found)
        asked = self._resolved(found, snapshot)
        wanted = target(asked)
        done, notes = list[Edit](), list[str]()
        for _ in range(ROUNDS):
            todo = edits(self._resolved(found, snapshot).state, wanted, found.data)
            if not todo or all(edit in done for edit in todo):
                break
            home = self._home(found)
            acts = [home.route(edit) for edit in todo]
            self._turn(self._draft.edited | carried_out(acts, lambda file: self._read(file, snapshot.name)))
            done += [edit for edit in todo if edit not in done]
            told = (_note(act, edit, home.places) for act, edit in zip(acts, todo, strict=True))
            notes += [note for note in told if note and note not in notes]
            found = self._look(snapshot.name)
        prove(found, self._resolved(found, snapshot), wanted)
        came = frozenset(person.key for person in {*wanted.people} - {*asked.state.people})
        return Taken(snapshot.name, self._file(snapshot.name), wanted, snapshot, tuple(done), tuple(notes), came)

    def _look(self, name: str) -> Declared:
        return look(self._fleet, name, self._desk.as_of, self._file(name))

    def _resolved(self, found: Declared, snapshot: Snapshot) -> Desired:
        return resolved(found, self._desk.fleet, snapshot, self._desk.as_of)

    def _file(self, name: str) -> str:
        """The file of a subscription; of one that was only a row, its new file once there is one."""
        file = (self._found or self._whole.found)[name]
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


def _new_file(fleet: Fleet, name: str) -> str:
    """The name of a client file to be made; empty when the fleet reads none."""
    if fleet.spec is None:
        return ""
    pattern = "clients/*.yaml" if fleet.spec.clients is None else fleet.spec.clients.files
    if not pattern or pattern.count("*") != 1 or "?" in pattern or "[" in pattern:
        return ""
    return pattern.replace("*", name)


def _note(act: Written, edit: Edit, places: Layered) -> str:
    """What a reader of the patch should know beside it."""
    if act.path[:1] == ("people",):
        return (
            f"{act.file}: {act.path[1]} is written once under people; every subscription that names this person follows"
        )
    if edit.path[-1] == "internet_acknowledged":
        return f"{edit.dotted}: the data is hosted in the store, so its need for Internet counts as confirmed"
    layer = places.layer(edit.path)
    if layer == "defaults" or layer.startswith("profile "):
        place = places.where(edit.path)
        return f"{edit.dotted}: {layer} ({place}) says otherwise to all who share it; {act.file} overrides it"
    return ""
