"""What applying a plan adds to the facts of its subscription, as far as the plan alone can tell.

In: a SubscriptionPlan and its day. Out: facts by name, None for one that goes. The seal of a
shared password and the identifier of a service are not among them: apply knows those.
"""

from collections.abc import Iterator, Mapping
from datetime import date

from flexsync.plan.model import Step, SubscriptionPlan
from flexsync.plan.people import proposal
from flexsync.snapshot import ADMIN_SUCCESSOR, HOSTED_SINCE, ROTATION_DUE

Fact = tuple[str, str | None]


def facts_after(plan: SubscriptionPlan, facts: Mapping[str, str], as_of: date) -> dict[str, str | None]:
    """The facts that change when the ready steps of `plan` are done; empty when none does.

    `facts` are those of the Snapshot that the plan was made from.
    """
    found: dict[str, str | None] = {}
    for step in plan.steps:
        found.update(_of_ready(step, facts, as_of) if step.ready else _of_held(step, plan, facts))
    return {name: value for name, value in found.items() if facts.get(name) != value}


def _of_ready(step: Step, facts: Mapping[str, str], as_of: date) -> Iterator[Fact]:
    change = step.change
    if change.kind == "user.move_key":
        yield from _renamed(facts, change.before, change.after)
    elif change.kind.endswith("propose_email"):
        yield proposal(step.change), change.after
    elif change.kind.endswith(("change_email", "withdraw_email")):
        yield proposal(step.change), None
    elif change.kind == "admin.invite_successor":
        yield ADMIN_SUCCESSOR, change.after["person"]["email"]
    elif change.kind in ("admin.withdraw_successor", "admin.replace"):
        yield ADMIN_SUCCESSOR, None
    elif change.kind == "data_mode.to_hosted":
        yield HOSTED_SINCE.format(change.parts[1]), as_of.isoformat()
    elif change.kind == "data_mode.to_local":
        yield HOSTED_SINCE.format(change.parts[1]), None
    elif change.kind in ("service.rotate_password", "service.deactivate"):
        yield ROTATION_DUE.format(change.parts[1]), None


def _renamed(facts: Mapping[str, str], old: str, new: str) -> Iterator[Fact]:
    prefix = f"user/{old}/"
    for name, value in facts.items():
        if name.startswith(prefix):
            yield name, None
            yield f"user/{new}/{name.removeprefix(prefix)}", value


def _of_held(step: Step, plan: SubscriptionPlan, facts: Mapping[str, str]) -> Iterator[Fact]:
    """A rotation that waits stays due after those who knew the password are gone."""
    if step.change.kind != "service.rotate_password":
        return
    name = ROTATION_DUE.format(step.change.parts[1])
    gone = {key for key in step.change.after["left"] if _leaves(key, step.change.subject, plan)}
    due = {*facts.get(name, "").split(), *gone}
    if due:
        yield name, " ".join(sorted(due))


def _leaves(key: str, service: str, plan: SubscriptionPlan) -> bool:
    return any(_takes_away(step, key, service) for step in plan.ready)


def _takes_away(step: Step, key: str, service: str) -> bool:
    change = step.change
    if change.kind in ("user.deactivate", "access.revoke"):
        return change.parts[1] == key
    if change.kind == "service.update" and change.subject == service:
        return key not in (change.after or {}).get("recipients", ())
    return False
