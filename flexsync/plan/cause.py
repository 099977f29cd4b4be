"""Why a change is there: the files moved (intent), the store moved (drift), or both (conflict).

Three States decide: last applied, desired and current. Compared by aspect, so that a name edited
in the portal and a product added in the files are two things.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace
from typing import Any

from flexsync.plan.change import Change
from flexsync.plan.diff import diff
from flexsync.plan.model import Cause
from flexsync.state import Evidence, Service, State

Papers = Mapping[str, Evidence]
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
    by_store = _parts(diff(applied, current, ranks))
    by_files = _parts(diff(applied, _said(desired, current, applied), ranks))

    def cause(change: Change) -> Cause:
        if _goes_online(change, current, desired):
            return "intent"
        moved = _parts([change]) | {(change.owner, _STATUS)} if len(change.parts) > 1 else _of(change)
        if not moved & by_store:
            return "intent"
        return "conflict" if moved & by_files else "drift"

    return cause


def _goes_online(change: Change, current: State, desired: State) -> bool:
    """True of what is noted of dossiers because their data goes online: it is never held back for that alone."""
    if change.kind != "dossier.record":
        return False
    before, after = (side.products.get(change.parts[1]) for side in (current, desired))
    return before is not None and after is not None and (before.data_mode, after.data_mode) == ("local", "hosted")


def _said(desired: State, current: State, applied: State) -> State:
    """`desired` without what its services only keep of what the portal did, where the files say nothing."""
    said = {
        code: _own(service, current.services.get(code, Service()), applied.services.get(code, Service()))
        for code, service in desired.services.items()
    }
    known = {code: service for code, service in said.items() if code in applied.services or service != Service()}
    return replace(desired, services=known)


def _own(service: Service, current: Service, applied: Service) -> Service:
    """`service` with the applied value of each field that it has in common with the store."""
    names = [field.name for field in fields(Service)]
    common = [name for name in names if getattr(service, name) == getattr(current, name)]
    papers = _papers(service.evidence, current.evidence, applied.evidence)
    return replace(service, **{"evidence": papers, **{name: getattr(applied, name) for name in common}})


def _papers(said: Papers, current: Papers, applied: Papers) -> Papers:
    """`said` with the applied value of each paper that it has in common with the store."""
    names = {*said, *current, *applied}
    own = {name: (applied if said.get(name) == current.get(name) else said).get(name) for name in names}
    return {name: paper for name, paper in own.items() if paper}


def _parts(changes: Iterable[Change]) -> set[Aspect]:
    """As `_aspects`, of a service field by field, and paper by paper."""
    return {
        part for change in changes for part in (_of_service(change) if change.parts[0] == "service" else _of(change))
    }


def _of_service(change: Change) -> set[Aspect]:
    before, after = (_flat(side) if isinstance(side, Mapping) else {} for side in (change.before, change.after))
    return {(change.subject, name) for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def _flat(service: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a service as plain data, each of its papers as one."""
    papers = {f"evidence/{name}": paper for name, paper in service.get("evidence", {}).items()}
    return {**{name: value for name, value in service.items() if name != "evidence"}, **papers}


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
