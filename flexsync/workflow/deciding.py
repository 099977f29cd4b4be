"""The files of a fleet, asked by the portal: where something is decided, and what would have to be edited.

In: the order by which the portal was started. Out: places, policy and patches of one subscription, read anew each
time, since files move while the portal runs. It writes nothing, and shows nothing of other subscriptions: of files
that are shared, a patch holds the changed lines alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flexsync.acts.files import Proposal
from flexsync.clock import Clock
from flexsync.desired.fleet import Clients, Declared
from flexsync.desired.mentions import Mentions
from flexsync.desired.model import Desired, Policy
from flexsync.desired.resolve import policy
from flexsync.edit.splice import CannotEdit
from flexsync.errors import FlexsyncError
from flexsync.plan.merge import adopted
from flexsync.snapshot import Snapshot
from flexsync.state import State
from flexsync.workflow.desk import Desk, Order, open_desk
from flexsync.workflow.following import Following, Rewrite, Target
from flexsync.workflow.patches import patch_lines
from flexsync.workflow.single import read_in


@dataclass(frozen=True, slots=True)
class DeskFiles:
    """`flexsync.acts.files.Files` on the files of a fleet."""

    order: Order
    clock: Clock

    def where(self, name: str, paths: Sequence[tuple[str, ...]]) -> Mapping[tuple[str, ...], str]:
        """`clients/dupont.yaml:12` for each path that a file decides; nothing while the files cannot be read."""
        try:
            found = _find(open_desk(self.order, self.clock), name)
        except FlexsyncError:
            return {}
        return dict(_places(found, paths)) if found else {}

    def policy(self, name: str) -> Policy | None:
        """The policy of a subscription, the built-in one of a stranger to the files; None while they cannot be read.

        That is so, too, while nobody can tell whether a file that lost its name is about it.
        """
        try:
            desk = open_desk(self.order, self.clock)
            found = _find(desk, name)
        except FlexsyncError:
            return None
        if (found is None or found.where.file not in desk.fleet.files) and _has_nameless(desk):
            return None
        if found is None:
            return Policy()
        return policy(found.spec) if found.spec else None

    def proposal(self, snapshot: Snapshot, wanted: State) -> Proposal:
        """The edit that brings the files what `wanted` has otherwise than the stored State, and nothing else."""
        try:
            desk = open_desk(self.order, self.clock)
            found = _find(desk, snapshot.name)
            return _proposal(desk, found, snapshot, wanted) if found else Proposal(problem="elsewhere")
        except FlexsyncError:
            return Proposal(problem="broken")


def _find(desk: Desk, name: str) -> Declared | None:
    """A subscription; read first is the file that has its name, then those that mention it: a fleet may be large."""
    fleet = desk.fleet
    likely = tuple(file for file in fleet.files if file.rpartition("/")[2].partition(".")[0] == name)
    if likely and (found := read_in(likely, fleet, name, desk.as_of)):
        return found
    return read_in(tuple(Mentions((name,), ()).among(fleet.files, fleet.source)), fleet, name, desk.as_of)


def _has_nameless(desk: Desk) -> bool:
    clients = Clients(desk.fleet, desk.as_of)
    return not all(clients.has_name(file) for file in desk.fleet.files)


def _places(found: Declared, paths: Sequence[tuple[str, ...]]) -> Iterator[tuple[tuple[str, ...], str]]:
    for path in paths:
        if found.places is None or not _is_written(found, path):
            continue
        where = found.places.where(path)
        yield path, f"{where.file}:{where.line}"


def _is_written(found: Declared, path: tuple[str, ...]) -> bool:
    """True when the files say something at `path`, or of the entry that it belongs to."""
    data: object = found.data
    for step in path[:2]:
        if not isinstance(data, Mapping) or step not in data:
            return False
        data = data[step]
    return True


def _proposal(desk: Desk, found: Declared, snapshot: Snapshot, wanted: State) -> Proposal:
    following = Following(desk, {snapshot.name: found.where.file})
    following.take(snapshot, _target(snapshot, wanted))
    rewrite = following.rewrite()
    if rewrite.left:
        # What stands in the way may name other subscriptions.
        return Proposal(problem="by-hand")
    return Proposal(
        "".join(f"{line}\n" for line in _lines(rewrite, found.where.file)),
        shared=any(old is not None and file != found.where.file for file, (old, _) in rewrite.files.items()),
    )


def _target(snapshot: Snapshot, wanted: State) -> Target:
    """What the files ask for, with what is wanted on top: an older drift is left for adopt."""

    def target(desired: Desired) -> State:
        if snapshot.current is None:
            raise CannotEdit("the store has nothing of it")
        return adopted(snapshot.current, wanted, desired.state, lambda path: True)

    return target


def _lines(rewrite: Rewrite, own: str) -> Iterator[str]:
    """The patch; neighbours of a changed line are shown of the subscription's own file alone."""
    for file, (old, new) in rewrite.files.items():
        yield from patch_lines(file, old, new, around=3 if file == own and file.endswith((".yaml", ".yml")) else 0)
