"""merge: the State that the files should ask for once they have taken over what was done in the portal.

In: the last applied State, the current one, the desired one, and a choice of paths. Out: a State: what
the store moved since the last apply is the store's, all else the files'. It knows no layer and no file.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from flexsync.desired.model import Path
from flexsync.state import ADMIN_KEY, Service, State, User, from_plain, to_plain

Choice = Callable[[Path], bool]

_MISSING = object()
_SETS = frozenset({"access", "sirets", "recipients"})
_FIELDS = {"status": "state", "secret": "password_from", "evidence": "prerequisites"}


def adopted(applied: State, current: State, desired: State, chosen: Choice) -> State:
    """`desired` with each value that the store moved, where `chosen` says so of its path in the files."""
    merged = _merged((), to_plain(applied), to_plain(current), to_plain(desired), chosen)
    return _settled(from_plain(merged), current)


def _merged(path: Path, before: Any, now: Any, asked: Any, chosen: Choice) -> Any:
    """`asked`, but `now` where the store moved it. A part that came or went is one value."""
    if now == before:
        return asked
    if path and path[-1] in _SETS:
        return _one_by_one(before, now, asked) if chosen(spec_path(path)) else asked
    if not isinstance(before, Mapping) or not isinstance(now, Mapping) or _came_or_went(path, before, now):
        return now if chosen(spec_path(path)) else asked
    if not isinstance(asked, Mapping):
        return asked
    merged = {}
    for key in [*asked, *(key for key in {**before, **now} if key not in asked)]:
        old, new, wanted = (side.get(key, _MISSING) for side in (before, now, asked))
        merged[key] = _merged((*path, key), old, new, wanted, chosen)
    return {key: value for key, value in merged.items() if value is not _MISSING}


def _one_by_one(before: Any, now: Any, asked: Any) -> Any:
    """A set with what the store added to it and took from it."""
    old, new, wanted = (set() if side is _MISSING else set(side) for side in (before, now, asked))
    return sorted((wanted | (new - old)) - (old - new)) or _MISSING


def _came_or_went(path: Path, before: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    return len(path) == 2 and path[0] == "users" and before.get("status") != now.get("status")


def spec_path(path: Path) -> Path:
    """The path in the files of a path in a State."""
    steps = tuple(step for step in path if step != "person")
    if steps[:2] == ("users", ADMIN_KEY):
        return ("admin", *(steps[2:] or ("also_user",)))
    if len(steps) == 3 and steps[0] == "services" and steps[2] == "status":
        return (*steps[:2], "enabled")
    *parents, last = steps
    return (*parents, _FIELDS.get(str(last), last)) if parents or last == "status" else steps


def _settled(state: State, current: State) -> State:
    """`state` as resolve leaves one: nobody opens what is not there, nobody who left is told a password."""
    users = {key: _user(user, state) for key, user in state.users.items()}
    manned = replace(state, users=dict(sorted(users.items())))
    services = {code: _service(code, one, manned, current) for code, one in state.services.items()}
    return replace(manned, services=services)


def _user(user: User, state: State) -> User:
    if user.status != "present":
        return replace(user, access=())
    return replace(user, access=tuple(code for code in user.access if code in state.products))


def _service(code: str, service: Service, state: State, current: State) -> Service:
    if service.status == "off":
        return replace(current.services.get(code, service), status="off")
    return replace(service, recipients=tuple(key for key in service.recipients if key in state.present))
