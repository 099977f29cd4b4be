"""Why a change is there: the files moved (intent), the store moved (drift), or both (conflict).

Three States decide: last applied, desired and current. Compared by aspect, so that a name edited
in the portal and a product added in the files are two things.
"""

from collections.abc import Callable, Iterable, Mapping

from flexsync.plan.change import Change
from flexsync.plan.diff import diff
from flexsync.plan.model import Cause
from flexsync.state import State

Aspect = tuple[str, str]

_STATUS = "status"
_ASPECTS = {
    "user.create": _STATUS,
    "user.link": _STATUS,
    "user.move_key": _STATUS,
    "user.deactivate": _STATUS,
    "user.reactivate": _STATUS,
    "user.delete": _STATUS,
    "user.update": "person",
    "user.propose_email": "email",
    "user.withdraw_email": "email",
    "user.change_email": "email",
    "user.schedule": "dates",
    "product.add": _STATUS,
    "product.remove": _STATUS,
    "data_mode.to_local": "mode",
    "data_mode.to_hosted": "mode",
}


def cause_of(
    current: State | None, applied: State | None, desired: State, ranks: Mapping[str, int]
) -> Callable[[Change], Cause]:
    """A function that tells the cause of each Change from `current` to `desired`."""
    if current is None or applied is None or applied == current:
        return lambda change: "intent"
    by_store = _aspects(diff(applied, current, ranks))
    by_files = _aspects(diff(applied, desired, ranks))

    def cause(change: Change) -> Cause:
        moved = _related(change)
        if not moved & by_store:
            return "intent"
        return "conflict" if moved & by_files else "drift"

    return cause


def _aspects(changes: Iterable[Change]) -> set[Aspect]:
    return {aspect for change in changes for aspect in _of(change)}


def _of(change: Change) -> set[Aspect]:
    """What a change is about; a change of the subscription itself is about each of its fields."""
    if change.subject == "subscription":
        return {(change.subject, name) for name in change.after}
    return {(change.subject, _ASPECTS.get(change.kind, change.kind.partition(".")[0]))}


def _related(change: Change) -> set[Aspect]:
    """The change's own aspects, and the coming or going of what it belongs to."""
    return _of(change) if len(change.parts) == 1 else {*_of(change), (change.owner, _STATUS)}


def free(changes: Iterable[Change], held: Iterable[Change]) -> list[Change]:
    """Those of `changes` that touch nothing which one of `held` is about."""
    taken = _aspects(held)
    return [change for change in changes if not _related(change) & taken]
