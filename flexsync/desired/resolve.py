"""resolve: the effective files of one subscription and its current State become the desired State.

In: a Subscription without fatal Problems, a Snapshot, the catalogue and the day. Out: a Desired whose
State says everything explicitly: who is absent is `deactivated`, what is not managed is kept as it
is. It must not compare, order, or look at anything but its arguments.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from flexsync.catalogue import Catalogue
from flexsync.desired.asked import Asked, asked_of
from flexsync.desired.model import Desired, Places, Policy
from flexsync.desired.resolve_checks import problems, strangers
from flexsync.desired.resolve_contract import contract
from flexsync.desired.resolve_people import admin, people
from flexsync.desired.resolve_services import services
from flexsync.desired.spec import Subscription
from flexsync.snapshot import Snapshot
from flexsync.state import State

DAY = timedelta(days=1)


def resolve(
    spec: Subscription,
    places: Places,
    snapshot: Snapshot,
    catalogue: Catalogue,
    as_of: date,
    gone: tuple[str, ...] = (),
) -> Desired:
    """The desired State of one subscription on the day `as_of`, with what a plan needs to know about it.

    `gone` are users whose entries lean on people who are no longer there; they are absent from `spec`.

    What the files omit and no default settles is kept from `snapshot.current`. Nothing is raised:
    what only the current State can show to be wrong is in `Desired.problems`.
    """
    asked = asked_of(spec, snapshot, catalogue, as_of)
    bare = replace(contract(asked), admin=admin(asked))
    persons = people(asked, bare)
    manned = replace(bare, users=persons.users)
    switched, missing = services(asked, manned, persons.moves)
    state = replace(manned, services=switched)
    return Desired(
        state=state,
        policy=policy(spec),
        places=places,
        moves=persons.moves,
        settled=frozenset(key for key, entry in (asked.users or {}).items() if entry.not_same_person),
        unmanaged=persons.unmanaged,
        missing=missing,
        next_due=_next_due(asked, state),
        problems=(*strangers(asked, places, gone), *problems(asked, places, state, persons)),
    )


def policy(spec: Subscription) -> Policy:
    """The policy of a subscription, defaults filled in."""
    entry = spec.policy
    if entry is None:
        return Policy()
    default = Policy()
    return Policy(
        prune_users=entry.prune_users or default.prune_users,
        drift=entry.drift or default.drift,
        invitations=entry.invitations or default.invitations,
        invitation_days=entry.invitation_days or default.invitation_days,
        invitation_attempts=entry.invitation_attempts or default.invitation_attempts,
        invitation_pause_hours=entry.invitation_pause_hours or default.invitation_pause_hours,
    )


def _next_due(asked: Asked, state: State) -> date | None:
    """The first day after `as_of` on which the same files may give another State."""
    if asked.closed:
        return None
    return min((day for day in _turning_days(asked, state) if day > asked.as_of), default=None)


def _turning_days(asked: Asked, state: State) -> Iterator[date]:
    for user in (asked.users or {}).values():
        yield from (user.starts_on,) if user.starts_on else ()
        yield from _day_after(user.ends_on)
    for code, service in state.services.items():
        if asked.services and code in asked.services:
            yield from _day_after(service.ends_on)
            yield from (proof.sent_on for proof in service.evidence.values() if proof.sent_on)


def _day_after(day: date | None) -> Iterator[date]:
    if day is not None and day < date.max:
        yield day + DAY
