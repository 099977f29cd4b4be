"""Plan items: what an expression sees of one step.

In: a step of a plan, and what stands around it. Out: plain data under the names in VARIABLES. Bank
numbers are masked, as in a saved plan; secrets are references.
"""

from collections.abc import Mapping
from typing import Any

from flexsync.plan.change import LIMIT_CLASSES
from flexsync.plan.data import masked
from flexsync.plan.model import Step, SubscriptionPlan

#: What an expression may name.
VARIABLES = frozenset(
    {
        "kind", "class", "danger", "cause", "subject", "key", "product", "subscription", "before", "after",
        "profiles", "offer", "counts", "counts_here", "notices",
    }
)  # fmt: skip


def item_of(
    step: Step,
    plan: SubscriptionPlan,
    profiles: tuple[str, ...],
    counts: Mapping[str, int],
    counts_here: Mapping[str, int],
) -> dict[str, Any]:
    """A step as plain data. `counts` are the ready changes of the run by limit class, `counts_here` of the plan."""
    change = masked(step.change)
    section, *names = change.parts
    return {
        "kind": change.kind,
        "class": step.limit,
        "danger": step.kind.danger,
        "cause": step.cause,
        "subject": change.subject,
        "key": names[0] if names and section in ("user", "access") else "",
        "product": _product(section, names),
        "subscription": plan.name,
        "before": change.before,
        "after": change.after,
        "profiles": list(profiles),
        "offer": plan.desired.offer if plan.desired else "",
        "counts": whole(counts),
        "counts_here": whole(counts_here),
        "notices": [notice.code for notice in step.notices],
    }


def whole(counts: Mapping[str, int]) -> dict[str, int]:
    """`counts` with a number for every class."""
    return {name: counts.get(name, 0) for name in LIMIT_CLASSES}


def _product(section: str, names: list[str]) -> str:
    if section == "access":
        return names[1]
    return names[0] if section in ("product", "dossier") and names else ""
