"""What an operator sees of one subscription: read, never changed.

In: a Site and a name. Out: an Overseen, or None when there is no such subscription.
"""

from dataclasses import dataclass

from flexsync.acts.site import Site
from flexsync.catalogue import Label
from flexsync.plan.diff import diff
from flexsync.state import Person, State, User
from flexsync.store import overview
from flexsync.store.base import Status
from flexsync.store.overview import Entry, Page


@dataclass(frozen=True, slots=True)
class Seat:
    """A user: `standing` is deleted, deactivated, active, or what became of the invitation; empty without one."""

    key: str
    person: Person | None
    standing: str
    access: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Overseen:
    """One subscription: its State, its seats, what drifted (kind and subject of each change), its journal."""

    state: State
    revision: int
    offer: Label
    admin: Seat | None
    seats: tuple[Seat, ...]
    drift: tuple[tuple[str, str], ...]
    journal: Page[Entry]


def overseen(site: Site, name: str, number: int) -> Overseen | None:
    """The subscription of that name, with page `number` of its journal."""
    found = site.store.statuses([name]).get(name)
    if found is None or found.snapshot.current is None:
        return None
    state = found.snapshot.current
    sold = site.catalogue.offers.get(state.offer)
    return Overseen(
        state=state,
        revision=found.head.revision,
        offer=sold.label if sold else Label(state.offer, state.offer),
        admin=_seat("admin", User(state.admin.person), found) if state.admin else None,
        seats=tuple(_seat(key, user, found) for key, user in sorted(state.users.items())),
        drift=_drift(site, found.snapshot.applied, state),
        journal=site.store.read(lambda connection: overview.entries(connection, name=name, number=number)),
    )


def _seat(key: str, user: User, status: Status) -> Seat:
    return Seat(key, user.person, _standing(user, status), user.access)


def _standing(user: User, status: Status) -> str:
    if user.status != "present" or user.person is None:
        return user.status
    if status.is_active(user.person):
        return "active"
    invitation = status.invitation(user.person)
    return invitation.state if invitation else ""


def _drift(site: Site, applied: State | None, current: State) -> tuple[tuple[str, str], ...]:
    changes = diff(applied, current, site.catalogue.ranks) if applied else []
    return tuple((change.kind, change.subject) for change in changes)
