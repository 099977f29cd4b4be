"""Facts after an apply: what the plan tells, what a change makes meaningless, and what only apply can give.

In: a plan and the facts before it. Out: all facts after it. Names of facts are in `flexsync.snapshot`.
"""

from collections.abc import Iterator, Mapping
from datetime import date

from flexsync.plan import facts as told
from flexsync.plan.change import Change
from flexsync.plan.model import SubscriptionPlan
from flexsync.snapshot import (
    ADMIN_PROPOSED_EMAIL,
    HOSTED_SINCE,
    PROPOSED_EMAIL,
    ROTATION_DUE,
    SERVICE_IDENTIFIER,
    SERVICE_SECRET,
)

#: Kinds after which a service has an identifier.
IDENTIFIED = ("service.request", "service.activate")

#: What a kind makes meaningless: names of facts, or beginnings of names that end in `/`.
_FORGOTTEN = {
    "admin.replace": (ADMIN_PROPOSED_EMAIL,),
    "user.deactivate": (PROPOSED_EMAIL,),
    "user.delete": ("user/{}/",),
    "data_mode.to_local": ("dossier/{}/",),
    "product.remove": (HOSTED_SINCE, "dossier/{}/"),
    "service.activate": (ROTATION_DUE,),
}


def facts_after(plan: SubscriptionPlan, facts: Mapping[str, str], as_of: date) -> dict[str, str]:
    """Facts once the ready steps of `plan` are done, without what `given` adds."""
    changed = told.facts_after(plan, facts, as_of)
    new = {name: value for name, value in {**facts, **changed}.items() if value is not None}
    for step in plan.ready:
        for pattern in _forgotten(step.change):
            new = {name: value for name, value in new.items() if not _matches(name, pattern)}
    return new


def given(facts: Mapping[str, str], identifiers: Mapping[str, str], seals: Mapping[str, str]) -> dict[str, str]:
    """`facts` with the identifier and the sealed password of services, by code."""
    named = {SERVICE_IDENTIFIER.format(code): value for code, value in identifiers.items()}
    return {**facts, **named, **{SERVICE_SECRET.format(code): value for code, value in seals.items()}}


def _forgotten(change: Change) -> Iterator[str]:
    return (pattern.format(*change.parts[1:2]) for pattern in _FORGOTTEN.get(change.kind, ()))


def _matches(name: str, pattern: str) -> bool:
    return name.startswith(pattern) if pattern.endswith("/") else name == pattern
