"""The State that counts as applied: what the files have brought about.

In: a plan and the snapshot it was made on. Out: a State. Where it differs from the current one, somebody
used the portal; an apply of other things must leave that difference visible.
"""

from collections.abc import Mapping

from flexsync.apply.mails import UNSETTLED
from flexsync.plan.cause import free
from flexsync.plan.change import ORDER
from flexsync.plan.diff import diff
from flexsync.plan.model import SubscriptionPlan
from flexsync.plan.patch import patch
from flexsync.snapshot import Snapshot
from flexsync.state import State


def applied_after(plan: SubscriptionPlan, snapshot: Snapshot, after: State, ranks: Mapping[str, int]) -> State:
    """The applied State once the ready steps led to `after`. Raises ValueError when the plan has no desired State."""
    if snapshot.applied is None or snapshot.applied == snapshot.current:
        return after
    if plan.desired is None:
        raise ValueError(f"the plan of {plan.name} lacks its desired State")
    changes = [step.change for step in plan.ready]
    moves = [change for change in changes if change.kind == "user.move_key" and change.before in snapshot.applied.users]
    moved = patch(snapshot.applied, moves) or snapshot.applied
    held = [step.change for step in plan.steps if not step.ready or step.change.kind in UNSETTLED]
    wanted = sorted(free(diff(moved, plan.desired, ranks), held), key=lambda change: ORDER[change.kind])
    return patch(moved, wanted) or moved
