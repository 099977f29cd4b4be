"""The people half of `resolve`: administrator, who holds a seat on the day, and who moved to another key."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flexsync.desired.asked import Asked
from flexsync.desired.case import is_present
from flexsync.desired.spec_people import PersonFields, UserEntry
from flexsync.state import ADMIN_KEY, Admin, Person, State, User


@dataclass(frozen=True, slots=True)
class People:
    """The desired users. `before` are the current ones under their new keys; `unmanaged` the keys left alone."""

    users: Mapping[str, User]
    before: Mapping[str, User]
    moves: Mapping[str, str]
    unmanaged: tuple[str, ...] = ()


def admin(asked: Asked) -> Admin | None:
    """The desired administrator; the current one when the files name none."""
    entry = asked.spec.admin
    if entry is None:
        return asked.current.admin if asked.current else None
    return Admin(person(entry), bool(entry.also_user))


def people(asked: Asked, state: State) -> People:
    """The desired users of a subscription whose products and administrator are settled in `state`."""
    moves = moved(asked)
    before = {moves.get(key, key): user for key, user in sorted(asked.current_users.items())}
    if asked.closed:
        return People({key: user.unseated for key, user in before.items()}, before, moves)
    users = _declared(asked, before, state) | _undeclared(asked, before, state)
    if (seat := _admin_seat(asked, before.get(ADMIN_KEY), state)) is not None:
        users[ADMIN_KEY] = seat
    return People(dict(sorted(users.items())), before, moves, _unmanaged(asked, before))


def moved(asked: Asked) -> dict[str, str]:
    """Old key to new key of every rename that the store has not seen yet."""
    moves: dict[str, str] = {}
    for key, entry in (asked.users or {}).items():
        known = [old for old in entry.previously or () if _can_move(asked, old) and old not in moves]
        if known and key not in asked.current_users:
            moves[known[0]] = key
    return moves


def _can_move(asked: Asked, old: str) -> bool:
    user = asked.current_users.get(old)
    declared = asked.users or {}
    return user is not None and user.status != "deleted" and old != ADMIN_KEY and old not in declared


def person(entry: PersonFields) -> Person:
    """The person of an entry whose identity is complete."""
    names = (entry.civility or "", entry.given_name or "", entry.family_name or "", entry.email or "")
    return Person(*names, language=entry.language or "fr")


def _declared(asked: Asked, before: Mapping[str, User], state: State) -> dict[str, User]:
    users = {}
    for key, entry in (asked.users or {}).items():
        user = _one(asked, entry, before.get(key), state)
        if user is not None:
            users[key] = user
    return users


def _one(asked: Asked, entry: UserEntry, before: User | None, state: State) -> User | None:
    if before is not None and before.status == "deleted":
        return before
    if entry.state == "deleted":
        return _erased(before)
    if not is_present(entry, asked.as_of):
        return before.unseated if before else None
    return _present(entry, before, state)


def _erased(before: User | None) -> User | None:
    """Deletion takes two runs: a seat first ends, and only what has ended is erased."""
    if before is None or before.status == "present":
        return before.unseated if before else None
    return User(person=None, status="deleted")


def _present(entry: UserEntry, before: User | None, state: State) -> User:
    opted_out = before.hosted_opt_out if before else False
    return User(
        person=person(entry),
        access=_access(entry.access, before, state),
        starts_on=entry.starts_on,
        ends_on=entry.ends_on,
        hosted_opt_out=opted_out if entry.hosted_opt_out is None else entry.hosted_opt_out,
    )


def _access(declared: list[str] | None, before: User | None, state: State) -> tuple[str, ...]:
    """Declared access; when omitted, the only product, or else what the user already opens."""
    if declared is not None:
        return tuple(sorted(set(declared)))
    if len(state.products) == 1:
        return tuple(state.products)
    return _still_owned(before.access, state) if before else ()


def _still_owned(access: tuple[str, ...], state: State) -> tuple[str, ...]:
    return tuple(product for product in access if product in state.products)


def _undeclared(asked: Asked, before: Mapping[str, User], state: State) -> dict[str, User]:
    """Users the files do not name: left alone when not managed or not pruned, deactivated otherwise."""
    keys = before.keys() - (asked.users or {}).keys() - {ADMIN_KEY}
    if _prunes(asked):
        return {key: before[key].unseated for key in keys}
    return {key: replace(before[key], access=_still_owned(before[key].access, state)) for key in keys}


def _prunes(asked: Asked) -> bool:
    report = asked.spec.policy is not None and asked.spec.policy.prune_users == "report"
    return asked.users is not None and not report


def _unmanaged(asked: Asked, before: Mapping[str, User]) -> tuple[str, ...]:
    declared = set(asked.users or {}) | ({ADMIN_KEY} if asked.spec.admin else set())
    kept = {ADMIN_KEY} if _prunes(asked) else set(before)
    return tuple(key for key in sorted(before) if key in kept - declared and before[key].status == "present")


def _admin_seat(asked: Asked, before: User | None, state: State) -> User | None:
    """The seat under `admin`: it exists while `also_user` holds, and opens everything unless told otherwise."""
    entry = asked.spec.admin
    if entry is None:
        return replace(before, access=_still_owned(before.access, state)) if before else None
    if state.admin is None or not state.admin.also_user:
        return before.unseated if before else None
    access = tuple(sorted(state.products)) if entry.access is None else tuple(sorted(set(entry.access)))
    return User(state.admin.person, access=access, hosted_opt_out=before.hosted_opt_out if before else False)
