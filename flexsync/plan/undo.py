"""undo: what a run did to one subscription, taken back.

In: the State before the run, its changes, and the subscription as it stands. Out: a plan to what was
before, what stands in the way, and what cannot be taken back. It writes nothing, and leaves alone all that
the run did not touch.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from flexsync.catalogue import Catalogue
from flexsync.desired.model import Desired, Path, Policy
from flexsync.errors import Where
from flexsync.plan.build import build
from flexsync.plan.cause import free
from flexsync.plan.change import Change
from flexsync.plan.context import Secrets
from flexsync.plan.diff import diff
from flexsync.plan.invitations import RESEND
from flexsync.plan.model import SubscriptionPlan
from flexsync.plan.order import in_order
from flexsync.plan.patch import patch
from flexsync.plan.people import Accounts
from flexsync.snapshot import Snapshot
from flexsync.state import State, User


@dataclass(frozen=True, slots=True)
class Done:
    """What a run did to one subscription: the State it found, and its changes; `before` is None when it registered."""

    before: State | None
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Undo:
    """The way back: a plan, or conflicts in words; `lost` says what stays as the run left it."""

    plan: SubscriptionPlan | None
    conflicts: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


def undo(
    done: Done,
    snapshot: Snapshot,
    policy: Policy,
    accounts: Accounts,
    catalogue: Catalogue,
    as_of: date,
    secrets: Secrets,
) -> Undo:
    """Take back what one run did, unless something it touched has changed since; `policy` says who is invited."""
    way = _way(done, snapshot, catalogue.ranks)
    lost = tuple(_lost(done))
    if way is None or way.conflicts:
        return Undo(None, way.conflicts if way else ("the run's changes do not fit the stored state",), lost)
    returning = replace(policy, drift="revert")
    desired = Desired(way.current, returning, _Past(), way.moves, frozenset(way.current.users))
    plan = build(desired, snapshot, accounts, catalogue, as_of, secrets)
    steps = tuple(
        replace(step, where=None, layer="", cause="intent") for step in plan.steps if _is_of(step.change, done)
    )
    return Undo(replace(plan, steps=steps, desired=way.applied, settles=False), (), lost)


_WITHDRAWN = {
    "user.withdraw_email": "user.propose_email",
    "admin.withdraw_email": "admin.propose_email",
    "admin.withdraw_successor": "admin.invite_successor",
}


def _is_of(change: Change, done: Done) -> bool:
    """False of what the way back would do besides: invite again, or withdraw what another run proposed."""
    if change.kind == RESEND:
        return False
    proposed = _WITHDRAWN.get(change.kind)
    if proposed is None:
        return True
    return any((one.kind, one.subject) == (proposed, change.subject) for one in done.changes)


@dataclass(frozen=True, slots=True)
class _Way:
    """The States to go to, with renames to take back first."""

    current: State
    applied: State
    moves: Mapping[str, str]
    conflicts: tuple[str, ...] = ()


class _Past:
    """Places of values that no file asks for."""

    def where(self, path: Path) -> Where:
        """Nowhere."""
        return Where("")

    def layer(self, path: Path) -> str:
        """No layer."""
        return ""


def _way(done: Done, snapshot: Snapshot, ranks: Mapping[str, int]) -> _Way | None:
    left = patch(done.before, done.changes)
    current, applied = snapshot.current, snapshot.applied
    if left is None or current is None or applied is None:
        return None
    renames = {change.parts[1]: str(change.before) for change in done.changes if change.kind == "user.move_key"}
    gone = tuple(f"{key}: was renamed or removed since" for key in renames if key not in current.users)
    if gone:
        return _Way(current, applied, {}, gone)
    back, now, then = (_renamed(state, renames) for state in (left, current, applied))
    since = diff(back, now, ranks)
    # What is as it was before needs no undo: an undo that was cut short is finished by another one.
    changes = in_order(one for one in diff(back, _before(done.before, back), ranks) if one not in since)
    conflicts = tuple(_conflicts(changes, since))
    if conflicts:
        return _Way(current, applied, {}, conflicts)
    target = patch(now, changes) or now
    return _Way(target, target if then == now else _patched(then, now, changes, ranks), renames)


def _patched(applied: State, current: State, changes: Sequence[Change], ranks: Mapping[str, int]) -> State:
    """`applied` after what does not touch drift, so that drift stays drift."""
    return patch(applied, in_order(free(changes, diff(applied, current, ranks)))) or applied


def _renamed(state: State, renames: Mapping[str, str]) -> State:
    moves = [
        Change("user.move_key", f"user/{old}", new, old)
        for new, old in sorted(renames.items())
        if new in state.users and old not in state.users
    ]
    return patch(state, moves) or state


def _before(before: State | None, left: State) -> State:
    """The State to go back to: that of before, less what cannot be taken back."""
    if before is None:
        return _closed(left)
    users = {key: _user(key, user, before) for key, user in left.users.items()}
    services = {code: before.services.get(code, replace(one, status="off")) for code, one in left.services.items()}
    return replace(before, users=users, services={**before.services, **services}, admin=before.admin or left.admin)


def _user(key: str, left: User, before: State) -> User:
    was = before.users.get(key)
    if left.status == "deleted":
        return left
    return was if was is not None else left.unseated


def _closed(left: State) -> State:
    return replace(
        left,
        status="closed",
        products={code: replace(product, data_mode="local") for code, product in left.products.items()},
        users={key: user.unseated for key, user in left.users.items()},
        services={code: replace(service, status="off") for code, service in left.services.items()},
    )


def _conflicts(changes: Sequence[Change], since: Sequence[Change]) -> Iterator[str]:
    """Changes that would overwrite what was done since, each with what was done."""
    clean = free(changes, since)
    for change in changes:
        against = [other for other in since if change not in clean or _is_overwritten(other, change)]
        told = [other.words for other in against if other.owner == change.owner]
        if told:
            yield f"{change.words}: since then {', '.join(dict.fromkeys(told))}"


def _is_overwritten(other: Change, change: Change) -> bool:
    """True when `change` sets a whole value that `other` is a part of."""
    if change.kind == "user.update":
        return other.subject == change.subject
    whole = change.parts[0] in ("service", "admin") or change.kind in _WHOLE
    return whole and other.owner == change.owner


_WHOLE = frozenset({"user.create", "user.deactivate", "user.reactivate", "product.add", "product.remove"})


def _lost(done: Done) -> Iterator[str]:
    """What stays, in words."""
    for change in done.changes:
        if change.kind in _LOST:
            yield f"{change.words}: {_LOST[change.kind]}"
    named = any(change.kind in ("admin.create", "admin.link") for change in done.changes)
    if named and done.before is not None and done.before.admin is None:
        yield "an administrator was named; one remains, name another in the files"


_LOST = {
    "subscription.register": "a subscription is closed, not forgotten",
    "user.delete": "who it was is erased; add the person under a new key",
    "service.rotate_password": "the new password was told; put another one behind the reference",
    "user.withdraw_email": "the confirmation link stays dead; a new one is sent when the files ask again",
    "admin.withdraw_email": "the confirmation link stays dead; a new one is sent when the files ask again",
    "admin.withdraw_successor": "the invitation stays withdrawn; a new one is sent when the files ask again",
    "invitation.resend": "the older link is dead; the new one stays",
    "password.reset": "the link was sent",
    "service.send_password": "where to read it was told",
}
