"""What an administrator sees of a subscription (guide: steps 2 to 4, and "Gestion des Utilisateurs Flexibilité").

In: an account and a subscription that it administers. Out: plain values for pages.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flexsync.acts.console_services import HostedProduct, SoldService, hosted_products, sold_services
from flexsync.acts.seeing import Counters, counters_of
from flexsync.acts.site import Site
from flexsync.catalogue import Label, Release
from flexsync.desired.model import Policy
from flexsync.snapshot import ADMIN_PROPOSED_EMAIL, ADMIN_SUCCESSOR, PROPOSED_EMAIL, Invitation
from flexsync.state import ADMIN_KEY, Person, State, User
from flexsync.store import logins, reading
from flexsync.store.base import Status
from flexsync.store.logins import Login


@dataclass(frozen=True, slots=True)
class SoldProduct:
    """A product of the subscription; `used` people may open it, of at most `seats` (None: as many as there are)."""

    code: str
    label: Label
    edition: str
    hosted: bool
    seats: int | None
    used: int
    release: Release | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody stands: `active`, `planned`, `sent`, `expired`, `failed`, or `created` without an invitation.

    `until` is the last day of the invitation.
    """

    state: str
    until: date | None = None
    invitation: Invitation | None = None

    def resend_at(self, pause: timedelta) -> datetime | None:
        """When the activation mail may be sent again, `pause` after the last; None of who never was mailed (I40)."""
        return self.invitation.free_at(pause) if self.invitation else None


@dataclass(frozen=True, slots=True)
class ConsoleUser:
    """A row of the guide's table: `opens` has one answer a product, in the order of the products."""

    number: int
    key: str
    person: Person
    standing: Standing
    opens: tuple[bool, ...]
    proposed_email: str
    user: User

    @property
    def of_administrator(self) -> bool:
        """True of the seat that belongs to the administrator."""
        return self.key == ADMIN_KEY

    @property
    def path(self) -> tuple[str, ...]:
        """Where the files say so."""
        return ("admin",) if self.of_administrator else ("users", self.key)


@dataclass(frozen=True, slots=True)
class Console:
    """One subscription, whole. `gone` are those who left, by key; `free` is the number of free seats."""

    name: str
    title: str
    state: State
    revision: int
    offer: Label
    products: tuple[SoldProduct, ...]
    users: tuple[ConsoleUser, ...]
    gone: tuple[tuple[str, User], ...]
    administrator: Person | None
    administrator_standing: Standing
    successor: str
    proposed_email: str
    counters: Counters
    services: tuple[SoldService, ...]
    hosted: tuple[HostedProduct, ...]

    @property
    def free(self) -> int:
        """Seats that nobody has."""
        return self.counters.to_create

    def user(self, key: str) -> ConsoleUser | None:
        """The row of a present user."""
        return next((user for user in self.users if user.key == key), None)


def console(site: Site, name: str) -> Console | None:
    """The subscription `name`; None when the store has none."""
    found = site.store.statuses([name])
    status = found.get(name)
    state = status.snapshot.current if status else None
    return _console(site, status, state) if status and state else None


def administered(site: Site, login: Login) -> list[tuple[str, str, Counters]]:
    """Name, title and counters of each subscription of an administrator, by name."""
    found = site.store.snapshots(login.administers)
    active = site.store.read(lambda connection: reading.activated(connection, login.administers))
    states = (found[name].current for name in login.administers if name in found)
    return [(state.name, title_of(state), counters_of(state, active[state.name])) for state in states if state]


def known_people(site: Site, login: Login, seen: Console) -> list[Person]:
    """Who could be a user here with the account that they have: of other subscriptions of the administrator, or former.

    By name; nobody whom the administrator does not know already.
    """
    known = site.store.read(lambda connection: logins.known_to(connection, login.id))
    here = {user.person.key for user in seen.state.present.values() if user.person}
    others = {person for person in (login.person, *known) if person.key not in here}
    return sorted(others, key=lambda person: (person.name, person.email))


def pause_of(site: Site, name: str) -> timedelta:
    """How long somebody who was mailed an invitation waits for the next; as is built in while no file can say."""
    return (site.policy(name) or Policy()).pause


def invites_by_hand(site: Site, name: str) -> bool:
    """True when nobody is mailed an invitation but by somebody who asks for it."""
    return (site.policy(name) or Policy()).invitations == "manual"


def title_of(state: State) -> str:
    """What to call a subscription: the customer's name."""
    return state.company.legal_name or state.name


def _console(site: Site, status: Status, state: State) -> Console:
    facts = status.snapshot.facts
    administrator = state.admin.person if state.admin else None
    offer = site.catalogue.offers.get(state.offer)
    return Console(
        name=state.name,
        title=title_of(state),
        state=state,
        revision=status.head.revision,
        offer=offer.label if offer else Label(state.offer, state.offer),
        products=tuple(_products(site, state)),
        users=tuple(_users(status, state)),
        gone=tuple((key, user) for key, user in sorted(state.users.items()) if user.status != "present"),
        administrator=administrator,
        administrator_standing=_standing(administrator, status) if administrator else Standing("created"),
        successor=facts.get(ADMIN_SUCCESSOR, ""),
        proposed_email=facts.get(ADMIN_PROPOSED_EMAIL, ""),
        counters=counters_of(state, status.activated),
        services=tuple(sold_services(site, status.snapshot, state)),
        hosted=tuple(hosted_products(site, facts, state)),
    )


def _products(site: Site, state: State) -> Iterator[SoldProduct]:
    for code, product in sorted(state.products.items()):
        yield SoldProduct(
            code=code,
            label=product_label(site, code),
            edition=product.edition,
            hosted=product.data_mode == "hosted",
            seats=product.seats,
            used=sum(code in user.access for user in state.present.values()),
            release=site.catalogue.latest(code),
        )


def product_label(site: Site, code: str) -> Label:
    """The name of a product; its code when the catalogue does not sell it any more."""
    sold = site.catalogue.products.get(code)
    return sold.label if sold else Label(code, code)


def _users(status: Status, state: State) -> Iterator[ConsoleUser]:
    people = [(key, user, user.person) for key, user in sorted(state.present.items()) if user.person]
    for number, (key, user, person) in enumerate(people, 1):
        yield ConsoleUser(
            number=number,
            key=key,
            person=person,
            standing=_standing(person, status),
            opens=tuple(code in user.access for code in sorted(state.products)),
            proposed_email=_proposed(status.snapshot.facts, key),
            user=user,
        )


def _proposed(facts: Mapping[str, str], key: str) -> str:
    return facts.get(ADMIN_PROPOSED_EMAIL if key == ADMIN_KEY else PROPOSED_EMAIL.format(key), "")


def _standing(person: Person, status: Status) -> Standing:
    if status.is_active(person):
        return Standing("active")
    invitation = status.invitation(person)
    if invitation is None or invitation.state in ("accepted", "cancelled", "superseded"):
        return Standing("created", None, invitation)
    return Standing(invitation.state, invitation.last_day, invitation)
