"""build: desired and stored State of one subscription to its plan.

In: Desired, Snapshot, accounts, catalogue, day, secrets. Out: a SubscriptionPlan, ordered steps with
their reasons and what holds them back. It writes nothing and decides nothing about limits.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from flexsync.catalogue import Catalogue
from flexsync.desired.model import Desired
from flexsync.plan import invitations, people, services
from flexsync.plan.cause import cause_of, free
from flexsync.plan.change import KINDS, Change
from flexsync.plan.context import Context, Secrets, context_of
from flexsync.plan.diff import diff
from flexsync.plan.hold import hold
from flexsync.plan.model import Cause, Step, SubscriptionPlan
from flexsync.plan.notices import notices
from flexsync.plan.order import in_order
from flexsync.plan.patch import patch
from flexsync.plan.people import Accounts
from flexsync.plan.places import path_of
from flexsync.snapshot import Snapshot
from flexsync.state import State, day, digest, to_plain

__all__ = ["Accounts", "Secrets", "build", "population_of"]


def build(
    desired: Desired, snapshot: Snapshot, accounts: Accounts, catalogue: Catalogue, as_of: date, secrets: Secrets
) -> SubscriptionPlan:
    """The plan that brings one subscription from its stored State to `desired`."""
    context = context_of(desired, snapshot, accounts, catalogue, as_of, secrets)
    held = hold(_steps(context), context)
    after = _after(held, context)
    steps = [_with_notices(step, after, context) for step in held]
    return SubscriptionPlan(
        name=desired.state.name,
        revision=snapshot.revision,
        digest=digest(to_plain(desired.state)) if steps else "",
        steps=tuple(steps),
        seats=after.seats if after else 0,
        occupied=len(context.current.present) if context.current else 0,
        occupied_after=len(after.present) if after else 0,
        unmanaged=tuple(sorted(desired.unmanaged)),
        population=population_of(context.current),
        settles=_settles(held, context),
        next_due=desired.next_due,
        invitation_days=desired.policy.invitation_days,
        invites=_invites(context),
        desired=desired.state,
    )


def _settles(steps: Sequence[Step], context: Context) -> bool:
    """True when the files now ask for what somebody did in the portal, which apply has to note."""
    if context.applied is None or context.applied == context.current:
        return False
    held = [step.change for step in steps if not step.ready]
    return bool(free(diff(context.applied, context.desired.state, context.catalogue.ranks), held))


def _steps(context: Context) -> list[Step]:
    """Every Change in order, with its cause and place, and nothing held back yet."""
    ranks = context.catalogue.ranks
    cause = cause_of(context.current, context.applied, context.desired.state, ranks)
    changes = [
        *context.moves,
        *diff(context.current, context.desired.state, ranks),
        *people.withdrawn(context.current, context.desired.state, context.facts),
        *services.awaited(context),
        *services.rotations(context),
        *invitations.lapsed(context),
    ]
    settled = (people.settled(change, context.accounts, context.facts) for change in changes)
    return [_step(change, cause(change), context) for change in in_order(settled)]


def _step(change: Change, cause: Cause, context: Context) -> Step:
    path = path_of(change)
    return Step(
        change=change,
        cause=cause,
        where=context.desired.places.where(path),
        layer=context.desired.places.layer(path),
        limit=_limit(change, context),
    )


def _with_notices(step: Step, after: State | None, context: Context) -> Step:
    """`step` with its mails; they go to the logins that hold after the run, not to unconfirmed ones."""
    if not step.ready or after is None:
        return step
    person = people.reached(step.change, context.current)
    active = people.is_active(person, context.accounts)
    found = notices(step.change, context.current, after, active=active, invite=_invites(context))
    return replace(step, notices=found) if found else step


def _invites(context: Context) -> bool:
    return context.desired.policy.invitations == "on_create"


def _limit(change: Change, context: Context) -> str:
    """The class that counts `change`; announced leavers and what a closing implies are not counted.

    An administrator with other names is counted as another person: the address may follow in a later change.
    """
    limit = KINDS[change.kind].limit
    if change.kind == "admin.update" and _other_names(change):
        return "admin_change"
    if context.closing and limit in ("deactivate", "revoke", "service_off"):
        return ""
    return "" if change.kind == "user.deactivate" and _was_announced(change, context.as_of) else limit


def _other_names(change: Change) -> bool:
    """True when given and family name both differ by more than case."""
    names = [(side["person"]["given_name"], side["person"]["family_name"]) for side in (change.before, change.after)]
    return all(old.casefold() != new.casefold() for old, new in zip(*names, strict=True))


def _was_announced(change: Change, as_of: date) -> bool:
    """True when the store knew the leaver's last day before: a day moved into the past announces nothing."""
    last_day = day(change.before.get("ends_on"))
    return last_day is not None and last_day < as_of and change.after.get("ends_on") == change.before["ends_on"]


def _after(steps: Sequence[Step], context: Context) -> State | None:
    """The State that the ready steps leave."""
    ready = [step.change for step in steps if step.ready and step.change not in context.moves]
    return patch(context.current, ready)


def population_of(state: State | None) -> dict[str, int]:
    """What exists now, by the limit class that may take it away."""
    if state is None:
        return {}
    return {
        "deactivate": len(state.present),
        "revoke": sum(len(user.access) for user in state.present.values()),
        "service_off": sum(service.status != "off" for service in state.services.values()),
        "data_mode": sum(product.data_mode == "hosted" for product in state.products.values()),
        "delete": len(state.users),
        "close": 1,
    }
