"""The edit of the files that goes with the way back from a run, and what they ask for nevertheless.

In: a run of the store. Out: a WayBack. What the run did to a subscription is taken back in its files; what
else they ask for stays asked for. Nothing is written until somebody agreed: `files_first`.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import TYPE_CHECKING

from flexsync.apply.applied import applied_after
from flexsync.desired.fleet import open_fleet
from flexsync.desired.model import Desired
from flexsync.errors import FlexsyncError
from flexsync.plan.build import Secrets
from flexsync.plan.context import moved
from flexsync.plan.merge import adopted
from flexsync.plan.model import Step, SubscriptionPlan
from flexsync.plan.patch import patch
from flexsync.snapshot import Account, Snapshot
from flexsync.state import State, digest
from flexsync.workflow.applying import Applied, to_apply
from flexsync.workflow.desk import Desk, Selection
from flexsync.workflow.draft import Draft
from flexsync.workflow.following import Following, Rewrite
from flexsync.workflow.planning import Reading
from flexsync.workflow.planning import plan as plan_of
from flexsync.workflow.proving import write_back
from flexsync.workflow.single import entry_of
from flexsync.workflow.undoing import Undoing, undoing
from flexsync.workflow.writing_back import put_back

if TYPE_CHECKING:
    from flexsync.store.sql import Store


_NOTHING = Rewrite({})


@dataclass(frozen=True, slots=True)
class WayBack:
    """The way back in the store, the edit of the files that goes with it, and what they ask for nevertheless.

    `kept` says that the files are not to be edited.
    """

    undone: Undoing
    edit: Rewrite
    again: tuple[tuple[str, Step], ...] = ()
    kept: bool = False

    @property
    def written(self) -> Rewrite:
        """The edit that is made."""
        return _NOTHING if self.kept else self.edit


def way_back(
    desk: Desk, store: "Store", run_id: str, secrets: Secrets, approved_by: Sequence[str], *, keep_files: bool = False
) -> WayBack:
    """The way back from a run, its plan bound to the edit of the files; raises WrongCommand and Refused.

    Of those that a policy holds back for want of an approver, the files are not edited.
    """
    undone = undoing(desk, store, run_id, secrets)
    edit = _edit(desk, undone, approved_by)
    written = _NOTHING if keep_files else edit
    bound = undone if keep_files else _bound(desk, undone, edit, approved_by)
    again = _asked_again(desk, store, _afterwards(desk, undone, approved_by), written, secrets)
    return WayBack(bound, edit, tuple(again), keep_files)


def _bound(desk: Desk, undone: Undoing, edit: Rewrite, approved_by: Sequence[str]) -> Undoing:
    """`undone` with its plan bound to the edit as it is once all have approved: who does is only known at apply."""
    approvers = {name for finding in undone.plan.findings for name in finding.approvers}
    whole = edit if approvers <= {*approved_by} else _edit(desk, undone, approvers)
    edits = digest({name: blake2b(new, digest_size=16).hexdigest() for name, (_, new) in whole.files.items()})
    return replace(undone, plan=replace(undone.plan, binding=replace(undone.plan.binding, edits=edits)))


def _edit(desk: Desk, undone: Undoing, approved_by: Collection[str]) -> Rewrite:
    """The edit after which the files ask for what each subscription will be, once it is undone."""
    following = Following(desk)
    known = set(following.names)
    for name, after in _afterwards(desk, undone, approved_by).items():
        if name in known:
            following.take(after, _target(undone.snapshots[name].current, after.current))
    return following.rewrite()


def _asked_again(
    desk: Desk, store: Reading, after: Mapping[str, Snapshot], written: Rewrite, secrets: Secrets
) -> Iterator[tuple[str, Step]]:
    """The steps that the files ask for once all is done, by subscription."""
    draft = Draft(desk.fleet.source, {name: new for name, (_, new) in written.files.items()})
    fleet = open_fleet(draft, entry_of(desk.fleet)) if written.files else desk.fleet
    own = replace(desk, fleet=fleet, selection=Selection(tuple(after)), acks={})
    if not after or not any(one.name in after for one in own.declared()):
        return
    made = plan_of(own, _Afterwards(store, after), secrets)
    yield from ((plan.name, step) for plan in made.subscriptions for step in plan.steps)


def files_first(desk: Desk, rewrite: Rewrite, apply: Callable[[], Applied]) -> Applied:
    """Write the files, then apply; when the store did nothing at all, the files are put back.

    The files go first: whatever stops the work between the two, they ask for the way back that was agreed
    to, and not for the run again.
    """
    write_back(desk, rewrite)
    try:
        return apply()
    except FlexsyncError:
        put_back(desk.root, rewrite.files)
        raise


def _target(current: State | None, after: State | None) -> Callable[[Desired], State]:
    assert current is not None and after is not None  # noqa: S101 - what a run changed is in the store

    def target(desired: Desired) -> State:
        # A rename that the undo takes back is not one that the files still have to see done.
        moves = {old: new for old, new in desired.moves.items() if old in current.users}
        now, then = (moved(state, moves) or state for state in (current, after))
        return adopted(now, then, desired.state, lambda path: True)

    return target


def _afterwards(desk: Desk, undone: Undoing, approved_by: Collection[str]) -> dict[str, Snapshot]:
    """Each subscription that will be undone, as it will be."""
    ranks = desk.fleet.catalogue.ranks
    plans = to_apply(undone.plan, approved_by)
    return {plan.name: _after(plan, undone.snapshots[plan.name], ranks) for plan in plans}


def _after(plan: SubscriptionPlan, snapshot: Snapshot, ranks: Mapping[str, int]) -> Snapshot:
    state = patch(snapshot.current, [step.change for step in plan.ready])
    assert state is not None  # noqa: S101 - what a run changed is in the store
    applied = applied_after(plan, snapshot, state, ranks)
    return replace(snapshot, revision=snapshot.revision + 1, current=state, applied=applied)


class _Afterwards:
    """The store as it will be."""

    def __init__(self, store: Reading, after: Mapping[str, Snapshot]) -> None:
        self.id = store.id
        self._store = store
        self._after = after

    def open_names(self) -> Iterable[str]:
        """Names of the subscriptions that are open."""
        return self._store.open_names()

    def snapshots(self, names: Sequence[str]) -> dict[str, Snapshot]:
        """Each known subscription of `names`."""
        return {**self._store.snapshots(names), **{name: self._after[name] for name in names if name in self._after}}

    def accounts(self, keys: Sequence[str]) -> dict[str, Account]:
        """Each known account of `keys`; who was invited in vain does not come from the files."""
        found = self._store.accounts(keys)
        return {key: replace(account, invitation=None) for key, account in found.items()}

    def lapsed(self, names: Sequence[str]) -> set[str]:
        """None of them, for the same reason."""
        return set()
