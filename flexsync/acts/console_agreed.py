"""What an administrator agrees to in the console: a preview, and the digest that stands for all of it.

In: the plan of an edit. Out: a Preview; and, of what was agreed to, whether it was done already.
"""

from dataclasses import dataclass

from flexsync.acts.console_history import Done
from flexsync.plan.data import masked
from flexsync.plan.model import Step, SubscriptionPlan
from flexsync.state import digest
from flexsync.store import audit, reading
from flexsync.store.rows import Connection


@dataclass(frozen=True, slots=True)
class Preview:
    """What an edit does at once, what waits for the next apply, and who is `told` by mail, by name.

    `digest` stands for all of it, and for the revision that it is about: it is what somebody agrees to.
    """

    done: tuple[Done, ...]
    later: tuple[Done, ...]
    told: tuple[str, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class Edited:
    """What was done: the kinds of the changes, none when nothing was different, and whether somebody is mailed."""

    kinds: tuple[str, ...]
    mailed: bool


def shown(plan: SubscriptionPlan) -> Preview:
    """The plan as somebody sees it and agrees to it."""
    people = {person.email: person.name for person in plan.desired.people} if plan.desired else {}
    told = tuple(sorted({people.get(notice.to, notice.to) for step in plan.ready for notice in step.notices}))
    done, later = ([_fields(step) for step in steps] for steps in (plan.ready, plan.held))
    return Preview(
        done=tuple(_done(step) for step in plan.ready),
        later=tuple(_done(step) for step in plan.held),
        told=told,
        digest=digest([plan.revision, done, later, told]),
    )


def _fields(step: Step) -> list[object]:
    return [step.change.kind, step.change.subject, step.change.before, step.change.after]


def _done(step: Step) -> Done:
    change = masked(step.change)
    return Done(change.kind, change.subject, change.before, change.after)


def operation(name: str, agreed: str) -> str:
    """The name of an edit of the subscription `name`: agreed to once, done once."""
    return digest(["console", name, agreed])


def done_before(connection: Connection, name: str, agreed: str) -> Edited | None:
    """What came of an edit that was done already: a button pressed twice."""
    act = audit.done(connection, operation(name, agreed))
    if act is None:
        return None
    return Edited(tuple(str(step["kind"]) for step in act.steps), bool(reading.outbox_rows(connection, run_id=act.run)))
