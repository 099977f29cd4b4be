"""Which subscriptions a change of the files is about, each as it was and as it will be.

In: two sides of a fleet, which know their blobs. Out: a stream of Pairs. Cost follows the change: a
client file that is the same on both sides is parsed only when something it is merged with moved, or
when its name is claimed elsewhere. It must not compare States, or hold the documents of the fleet.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from flexsync.desired.client_table import ClientRow
from flexsync.desired.declared import Declared
from flexsync.desired.fleet import Clients, Fleet, uncertain
from flexsync.desired.git_source import Side
from flexsync.desired.mentions import Mentions
from flexsync.errors import Problem
from flexsync.text import shorten


@dataclass(frozen=True, slots=True)
class Half:
    """One side of a change: its files, and the reader of its subscriptions."""

    side: Side
    clients: Clients

    @property
    def fleet(self) -> Fleet:
        """The opened fleet of this side."""
        return self.clients.fleet

    def row(self, name: str, nameless: str = "") -> Declared | None:
        """The subscription of a line of the table alone, not to be used while a `nameless` file may be about it."""
        row = self.clients.rows.get(name)
        if row is None:
            return None
        return uncertain(row, nameless) if nameless else self.clients.from_row(row)


@dataclass(frozen=True, slots=True)
class Pair:
    """A subscription before and after; `touched` when its own file or line changed, not only what it shares."""

    base: Declared | None
    head: Declared | None
    touched: bool = True


class Changes:
    """The difference between two sides of a fleet."""

    def __init__(self, base: Half, head: Half) -> None:
        self._base = base
        self._head = head
        self._seen: set[str] = set()
        self._given_up: dict[str, Declared] = {}
        self._claims: list[Declared] = []

    def __iter__(self) -> Iterator[Pair]:
        """Every subscription that is touched, and every other one whose effective document moved.

        Those that stay at their place come first, by file; then those that came, went or moved; then
        lines of the table.
        """
        yield from (pair for path in sorted(self._concerned) if (pair := self._at(path)))
        yield from self._arrivals()
        yield from self._departures()
        yield from self._lines()
        yield from self._nameless_lines()

    @property
    def whole(self) -> bool:
        """True when something moved that all subscriptions share, so that all of them are looked at."""
        return self._shared_moved

    # What moved

    @cached_property
    def _shared_moved(self) -> bool:
        base, head = self._base.fleet.shared, self._head.fleet.shared
        if (base.people, base.profiles, base.defaults) != (head.people, head.profiles, head.defaults):
            return True
        layers = (head.defaults, *head.profiles.values())
        return any(self._has_moved(layer["users_table"]) for layer in layers if layer.get("users_table"))

    def _has_moved(self, path: str) -> bool:
        return self._base.side.blob(path) != self._head.side.blob(path)

    @cached_property
    def _files(self) -> tuple[set[str], set[str]]:
        """Client files that changed, came or went, and those that are the same on both sides."""
        base, head = set(self._base.fleet.files), set(self._head.fleet.files)
        changed = {path for path in base & head if self._has_moved(path)}
        return changed | (base ^ head), (base & head) - changed

    @cached_property
    def _moved_lines(self) -> set[str]:
        """Names whose line in the table says something else, or names a roster that does."""
        base, head = self._base.clients.rows, self._head.clients.rows
        return {name for name in base.keys() | head.keys() if name and self._line_moved(base.get(name), head.get(name))}

    def _line_moved(self, base: ClientRow | None, head: ClientRow | None) -> bool:
        if base is None or head is None or _said(base) != _said(head):
            return True
        roster = head.layer.data.get("users_table")
        return isinstance(roster, str) and self._has_moved(roster)

    @cached_property
    def _concerned(self) -> set[str]:
        """The client files to look at: those that changed, and those that lean on something that did."""
        changed, same = self._files
        if self._shared_moved:
            return changed | same
        mentions = Mentions(self._moved_lines, self._moved_others())
        return changed | {path for path in mentions.among(same, self._head.side) if path in same}

    def _moved_others(self) -> tuple[str, ...] | None:
        """Files that are no client's and moved: rosters are among them. None when nobody can list them."""
        base, head = self._base.side.objects(), self._head.side.objects()
        if base is None or head is None:
            return None
        moved = {path for path, name in base.items() ^ head.items()}
        return tuple(sorted(moved - self._files[0]))

    @cached_property
    def _nameless(self) -> str:
        """The first file of the head whose name nobody can tell; asked only when a line stands alone."""
        return next((path for path in self._head.fleet.files if not self._head.clients.has_name(path)), "")

    # Subscriptions that have a file

    def _at(self, path: str) -> Pair | None:
        """What stands in one file on both sides; who leaves it, or comes to it, is kept for later."""
        base = self._base.clients.from_file(path) if path in self._base.fleet.files else None
        head = self._head.clients.from_file(path) if path in self._head.fleet.files else None
        if base and head and base.name == head.name:
            self._seen.add(base.name)
            return self._settled(base, head, path in self._files[0])
        if base:
            self._given_up[base.name] = base
        if head:
            self._claims.append(head)
        return None

    def _settled(self, base: Declared, head: Declared, touched: bool) -> Pair | None:
        """The pair of one place, unless nothing of it was touched and it says the same."""
        touched = touched or base.name in self._moved_lines
        if not touched and _same(base, head):
            return None
        joined = base.name in self._head.clients.rows and base.name not in self._base.clients.rows
        return Pair(base, _bound(base, head) if joined else head, touched)

    def _arrivals(self) -> Iterator[Pair]:
        """Files that name a subscription which they did not name before."""
        kept = self._kept_elsewhere()
        for head in self._claims:
            before = self._given_up.pop(head.name, None) or self._base.row(head.name)
            self._seen.add(head.name)
            if not head.name:
                yield Pair(None, head)
            elif head.name in kept:
                yield Pair(None, _refused(head))
            else:
                yield Pair(before, _bound(before, head) if before else head)

    def _kept_elsewhere(self) -> set[str]:
        """Those of the claimed names that another file has, before and after."""
        claimed = {head.name for head in self._claims if head.name}
        kept = claimed & self._seen
        unread = self._files[1] - self._concerned
        if rest := claimed - kept:
            paths = Mentions(rest, ()).among(unread, self._head.side)
            kept |= rest & {self._base.clients.from_file(path).name for path in paths}
        return kept

    def _departures(self) -> Iterator[Pair]:
        """Subscriptions whose file went; a line of the table may still have them."""
        for name, base in sorted(self._given_up.items()):
            if name and name not in self._seen:
                head = self._head.row(name, self._nameless)
                joined = name not in self._base.clients.rows
                yield Pair(base, _bound(base, head) if head and joined else head)
                self._seen.add(name)

    # Subscriptions that are a line of the table

    def _lines(self) -> Iterator[Pair]:
        names = self._base.clients.rows.keys() | self._head.clients.rows.keys()
        wanted = names if self._shared_moved else self._moved_lines
        for name in sorted(wanted - self._seen - {""}):
            base, head = self._base.row(name), self._head.row(name, self._nameless)
            touched = name in self._moved_lines
            if touched or base is None or head is None or not _same(base, head):
                yield Pair(base, head, touched)

    def _nameless_lines(self) -> Iterator[Pair]:
        """Lines that cannot be read, when they were not there before."""
        known = {row.layer.line(row.where.line) for row in self._base.fleet.rows if not row.name}
        for row in self._head.fleet.rows:
            if not row.name and row.layer.line(row.where.line) not in known:
                yield Pair(None, self._head.clients.from_row(row))


def _said(row: ClientRow) -> object:
    return row.layer.data, [problem.code for problem in row.problems]


def _same(base: Declared, head: Declared) -> bool:
    """True when both sides say the same, and the same is wrong with them."""
    return _effect(base) == _effect(head)


def _effect(declared: Declared) -> object:
    codes = [(problem.code, problem.severity) for problem in declared.problems]
    return declared.data, declared.gone, declared.usable, codes


def _bound(base: Declared, head: Declared) -> Declared:
    """`head`, which came to a new place; it may bring nothing new with it, else it might be another's name."""
    return head if base.usable and head.usable and base.data == head.data else _refused(head)


def _refused(head: Declared) -> Declared:
    """`head` as a subscription that cannot be used, and no more of it: what else is known may be another's."""
    message = (
        f"name {shorten(head.name)}: the base describes this subscription in another place. "
        "Choose another name; or move it in a change of its own that alters nothing else, and edit it after that"
    )
    problem = Problem("bound-elsewhere", message, head.where, subscription=head.name)
    return Declared(head.name, head.where, problems=(problem,))
