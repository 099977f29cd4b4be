"""verdict: what a whole plan amounts to, as the labels that a pull request gets.

In: a Plan. Out: words. It decides nothing; limits and guards have done so.
"""

from collections.abc import Iterator

from flexsync.plan.model import Plan, Step

#: Label -> what it says of a plan; the first one that holds is the headline.
LABELS: dict[str, str] = {
    "flexsync/error": "files that cannot be used",
    "flexsync/guarded": "refused by a limit or guard",
    "flexsync/removal": "takes something away",
    "flexsync/add-or-update": "adds or updates",
    "flexsync/no-changes": "nothing to do",
}


def labels(plan: Plan) -> tuple[str, ...]:
    """The labels that hold, worst first; a plan that does nothing has `flexsync/no-changes`."""
    return tuple(_labels(plan)) or ("flexsync/no-changes",)


def headline(plan: Plan) -> str:
    """The worst label in words."""
    return LABELS[labels(plan)[0]]


def takes_away(step: Step) -> bool:
    """True of what somebody or something loses, or what cannot be undone; such a step is never left out."""
    return step.kind.symbol == "-" or step.kind.danger == "destructive" or step.kind.name == "seats.lower"


def _labels(plan: Plan) -> Iterator[str]:
    if plan.invalid:
        yield "flexsync/error"
    if plan.refused:
        yield "flexsync/guarded"
    if any(takes_away(step) for step in plan.steps if not step.waiting):
        yield "flexsync/removal"
    if any(step.ready and not takes_away(step) for step in plan.steps):
        yield "flexsync/add-or-update"
