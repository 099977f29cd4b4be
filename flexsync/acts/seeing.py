"""What somebody sees of the subscriptions that they belong to (guide, steps 2 to 4; who may see what).

In: an account. Out: plain values for pages. Only an administrator sees the numbers of a subscription.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flexsync.acts.own import hosted, seat_of
from flexsync.acts.site import Site
from flexsync.catalogue import Label, Release
from flexsync.snapshot import ADMIN_PROPOSED_EMAIL, PROPOSED_EMAIL, SERVICE_IDENTIFIER, Snapshot
from flexsync.state import Service, State, User
from flexsync.store import reading
from flexsync.store.logins import Login


@dataclass(frozen=True, slots=True)
class OpenProduct:
    """A product that somebody may open; `online` when it needs the Internet at every launch."""

    code: str
    label: Label
    edition: str
    online: bool
    release: Release | None


@dataclass(frozen=True, slots=True)
class UsedService:
    """A connected service that somebody works with; `reads` when the shared password is theirs to read."""

    code: str
    label: Label
    status: str
    identifier: str
    ends_on: date | None
    reads: bool
    tool: Release | None


@dataclass(frozen=True, slots=True)
class Counters:
    """The guide's numbers: accounts that the subscription allows, those with a password, those still to create."""

    associated: int
    activated: int
    to_create: int


@dataclass(frozen=True, slots=True)
class Place:
    """One subscription as one person sees it; `counters` only of who administers it."""

    name: str
    title: str
    customer_code: str
    products: tuple[OpenProduct, ...]
    services: tuple[UsedService, ...]
    hosted: bool
    opted_out: bool
    counters: Counters | None
    proposed_email: str


def places(site: Site, login: Login, only: str = "") -> list[Place]:
    """The open subscriptions of an account, by name: every one, or `only` that of a name."""
    names, administered = ([name for name in some if only in ("", name)] for some in (login.places, login.administers))
    found = site.store.snapshots(names)
    active = site.store.read(lambda connection: reading.activated(connection, administered))
    return [_place(site, login, found[name], active.get(name)) for name in names if name in found]


def _place(site: Site, login: Login, snapshot: Snapshot, activated: int | None) -> Place:
    """What somebody sees of one subscription; `activated` is known of those that they administer."""
    state = snapshot.current or State(snapshot.name, "", 0)
    key = seat_of(state, login.key)
    user = state.users.get(key)
    administers = activated is not None
    return Place(
        name=state.name,
        title=state.company.legal_name or state.name,
        customer_code=state.customer_code,
        products=tuple(_products(site, state, user)),
        services=tuple(_services(site, snapshot, state, key, administers)),
        hosted=bool(user and hosted(state, user)),
        opted_out=bool(user and user.hosted_opt_out),
        counters=None if activated is None else counters_of(state, activated),
        proposed_email=_proposed(snapshot, key, administers),
    )


def _products(site: Site, state: State, user: User | None) -> Iterator[OpenProduct]:
    for code in user.access if user else ():
        product = state.products.get(code)
        sold = site.catalogue.products.get(code)
        if product:
            label = sold.label if sold else Label(code, code)
            online = product.data_mode == "hosted" and not (user and user.hosted_opt_out)
            yield OpenProduct(code, label, product.edition, online, site.catalogue.latest(code))


def _services(site: Site, snapshot: Snapshot, state: State, key: str, administers: bool) -> Iterator[UsedService]:
    access = state.users[key].access if key else ()
    for code, service in sorted(state.services.items()):
        sold = site.catalogue.services.get(code)
        mine = administers or key in service.recipients or bool(sold and set(sold.products) & set(access))
        if sold is None or service.status == "off" or not mine:
            continue
        yield UsedService(
            code=code,
            label=sold.label,
            status=service.status,
            identifier=snapshot.facts.get(SERVICE_IDENTIFIER.format(code), "") if administers else "",
            ends_on=service.ends_on or state.ends_on,
            reads=sold.secret and _may_read(service, key, administers),
            tool=site.catalogue.latest(sold.tool) if sold.tool else None,
        )


def _may_read(service: Service, key: str, administers: bool) -> bool:
    return service.status == "active" and (administers or (bool(key) and key in service.recipients))


def counters_of(state: State, activated: int) -> Counters:
    """The numbers of one subscription, so many of whose users have a password."""
    return Counters(state.seats, activated, max(0, state.seats - len(state.present)))


def _proposed(snapshot: Snapshot, key: str, administers: bool) -> str:
    """The address that awaits its confirmation; of an administrator, the one of the account."""
    names = [ADMIN_PROPOSED_EMAIL] if administers else []
    names += [PROPOSED_EMAIL.format(key)] if key else []
    return next((snapshot.facts[name] for name in names if name in snapshot.facts), "")
