"""verdict: what a whole plan amounts to, as the labels that a pull request gets.

In: a Plan. Out: words. It decides nothing; limits, guards and policies have done so.
"""

from collections.abc import Iterator

from flexsync.plan.model import Plan, Step

GUARDED = "flexsync/guarded"

#: Label -> what it says of a plan; the first one that holds is the headline.
LABELS: dict[str, str] = {
    "flexsync/error": "files that cannot be used",
    GUARDED: "refused by a limit or guard",
    "flexsync/removal": "takes something away",
    "flexsync/add-or-update": "adds or updates",
    "flexsync/no-changes": "nothing to do",
}


def labels(plan: Plan) -> tuple[str, ...]:
    """The labels that hold, worst first; a plan that does nothing has `flexsync/no-changes`."""
    return tuple(_labels(plan)) or ("flexsync/no-changes",)


def headline(plan: Plan) -> str:
    """The worst label in words; of a refusal, who refuses."""
    worst = labels(plan)[0]
    if worst == GUARDED and plan.denied:
        return f"{LABELS[GUARDED]}, and by a policy" if plan.refused else "refused by a policy"
    return LABELS[worst]


def takes_away(step: Step) -> bool:
    """True of what somebody or something loses, or what cannot be undone; such a step is never left out."""
    return step.kind.symbol == "-" or step.kind.danger == "destructive" or step.kind.name == "seats.lower"


def _labels(plan: Plan) -> Iterator[str]:
    if plan.invalid:
        yield "flexsync/error"
    if plan.refused or plan.denied:
        yield GUARDED
    if any(takes_away(step) for step in plan.steps if not step.waiting):
        yield "flexsync/removal"
    if any(step.ready and not takes_away(step) for step in plan.steps):
        yield "flexsync/add-or-update"
