"""Facts after a change: what people and systems did, beside the State.

In: facts before, ready changes, States before and after. Out: all facts after. Names of facts are in
`flexsync.snapshot`.
"""

from collections.abc import Callable, Mapping, Sequence

from flexsync.plan.change import Change
from flexsync.snapshot import (
    ADMIN_PROPOSED_EMAIL,
    HOSTED_SINCE,
    PROPOSED_EMAIL,
    ROTATION_DUE,
    SERVICE_IDENTIFIER,
    SERVICE_SECRET,
)
from flexsync.state import State

Facts = dict[str, str]

#: Kinds after which a service has an identifier, and those that set its password.
IDENTIFIED = ("service.request", "service.activate")
SEALED = ("service.activate", "service.rotate_password")


def facts_after(
    facts: Mapping[str, str], changes: Sequence[Change], before: State | None, after: State, today: str
) -> Facts:
    """Facts once `changes` are done on `today`, an ISO date; identifiers and seals are added by `given`."""
    new = dict(facts)
    for code in _left_by_recipients(changes, before, after, facts):
        new[ROTATION_DUE.format(code)] = today
    for change in changes:
        effect = _EFFECTS.get(change.kind)
        if effect:
            effect(new, change, today)
    return new


def given(facts: Facts, identifiers: Mapping[str, str], seals: Mapping[str, str]) -> Facts:
    """`facts` with the identifier and the sealed password of services, by code."""
    named = {SERVICE_IDENTIFIER.format(code): value for code, value in identifiers.items()}
    return facts | named | {SERVICE_SECRET.format(code): value for code, value in seals.items()}


def _left_by_recipients(
    changes: Sequence[Change], before: State | None, after: State, facts: Mapping[str, str]
) -> list[str]:
    """Active services whose password is known to somebody who left (guide: it is given to all who need it)."""
    if before is None:
        return []
    moves = {change.before: change.parts[1] for change in changes if change.kind == "user.move_key"}
    return [
        code
        for code, service in before.services.items()
        if SERVICE_SECRET.format(code) in facts
        and (code in after.services and after.services[code].status == "active")
        and {moves.get(key, key) for key in _recipients(code, before)} - _recipients(code, after)
    ]


def _recipients(code: str, state: State) -> set[str]:
    return {key for key in state.services[code].recipients if key in state.present}


def _move(facts: Facts, change: Change, _today: str) -> None:
    old, new = f"user/{change.before}/", f"user/{change.parts[1]}/"
    for name in [name for name in facts if name.startswith(old)]:
        facts[new + name.removeprefix(old)] = facts.pop(name)


def _propose(facts: Facts, change: Change, _today: str) -> None:
    facts[_proposal(change)] = change.after


def _settle(facts: Facts, change: Change, _today: str) -> None:
    facts.pop(_proposal(change), None)


def _proposal(change: Change) -> str:
    return ADMIN_PROPOSED_EMAIL if change.parts[0] == "admin" else PROPOSED_EMAIL.format(change.parts[1])


def _forget_user(facts: Facts, change: Change, _today: str) -> None:
    _forget(facts, f"user/{change.parts[1]}/")


def _host(facts: Facts, change: Change, today: str) -> None:
    facts[HOSTED_SINCE.format(change.parts[1])] = today


def _bring_back(facts: Facts, change: Change, _today: str) -> None:
    facts.pop(HOSTED_SINCE.format(change.parts[1]), None)
    _forget(facts, f"dossier/{change.parts[1]}/")


def _rotated(facts: Facts, change: Change, _today: str) -> None:
    facts.pop(ROTATION_DUE.format(change.parts[1]), None)


def _forget(facts: Facts, prefix: str) -> None:
    for name in [name for name in facts if name.startswith(prefix)]:
        del facts[name]


_EFFECTS: dict[str, Callable[[Facts, Change, str], None]] = {
    "user.move_key": _move,
    "user.propose_email": _propose,
    "admin.propose_email": _propose,
    "user.change_email": _settle,
    "admin.change_email": _settle,
    "admin.replace": _settle,
    "user.deactivate": _settle,
    "user.delete": _forget_user,
    "data_mode.to_hosted": _host,
    "data_mode.to_local": _bring_back,
    "product.remove": _bring_back,
    "service.activate": _rotated,
    "service.rotate_password": _rotated,
    "service.deactivate": _rotated,
}
