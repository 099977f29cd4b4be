"""The launch of a product on a workstation (guide, step 4: a login and password window at each launch).

In: who launches what, where, in which version. Out: what they may do, whether Internet is needed at each launch,
and in local mode a grant for launches without it. Whoever cannot sign in gets one answer; whoever can is told why
not.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flexsync.acts.own import seat_of
from flexsync.acts.signing import Attempt, let_in
from flexsync.acts.site import Site
from flexsync.catalogue import Release, version_parts
from flexsync.clock import PARIS, today
from flexsync.grants import Grant, signed
from flexsync.state import DataMode, State, User
from flexsync.store import reading, workstations
from flexsync.store.logins import Login
from flexsync.store.rows import Connection

#: Why somebody who signed in may not launch, the most telling first.
REASONS: Mapping[str, str] = {
    "contract_ended": "The subscription has ended. Ask its administrator to renew it.",
    "seat_ended": "Your account of this subscription has ended. Ask its administrator.",
    "no_access": "You may not open this product. Ask the administrator of the subscription.",
    "no_seat": "You are no user of such a subscription. Ask its administrator.",
}


@dataclass(frozen=True, slots=True)
class Launch:
    """What is launched; `subscription` may be empty for whoever uses the product of one alone."""

    product: str
    workstation: str
    version: str
    subscription: str = ""


@dataclass(frozen=True, slots=True)
class Allowed:
    """A launch that goes on. `mode` is where this person's data lives; `grant` is there in local mode alone."""

    subscription: str
    offer: str
    product: str
    products: tuple[str, ...]
    services: tuple[str, ...]
    mode: DataMode
    newest: Release | None
    grant: str = ""
    grant_expires_at: datetime | None = None

    @property
    def internet_required(self) -> bool:
        """True when each launch needs Internet: the data is online (guide, step 3)."""
        return self.mode == "hosted"


@dataclass(frozen=True, slots=True)
class Denied:
    """Why not, as a code of REASONS or `choose_subscription`, which names those to choose from."""

    code: str
    message: str
    subscriptions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody's seat of a subscription."""

    state: State
    user: User


def launch(site: Site, attempt: Attempt, asked: Launch) -> Allowed | Denied | None:
    """Let somebody launch a product; None for whoever is unknown, wrong, not active, or has to wait.

    The launch is noted with its workstation. Raises TooMany and Busy as signing in does.
    """
    return let_in(site, attempt, lambda connection, login: _launched(site, connection, login, asked))


def _launched(site: Site, connection: Connection, login: Login, asked: Launch) -> Allowed | Denied:
    found = chosen(site, connection, login, asked.product, asked.subscription)
    if isinstance(found, Denied):
        return found
    now, name = site.now(), found.state.name
    workstations.note(connection, name, login.id, asked.product, asked.workstation, asked.version, now)
    return _allowed(site, login, found, asked)


def chosen(site: Site, connection: Connection, login: Login, product: str, subscription: str) -> Seat | Denied:
    """The one seat with which a signed-in person uses `product`, or why there is none."""
    seats = _seats(connection, login, subscription)
    why = [_why_not(seat, product, today(site.clock)) for seat in seats]
    usable = [seat for seat, code in zip(seats, why, strict=True) if not code]
    if len(usable) == 1:
        return usable[0]
    if usable:
        names = tuple(seat.state.name for seat in usable)
        return Denied("choose_subscription", "You use this product in several subscriptions. Name one.", names)
    code = next((code for code in REASONS if code in why), "no_seat")
    return Denied(code, REASONS[code])


def _seats(connection: Connection, login: Login, subscription: str) -> list[Seat]:
    names = [name for name in login.uses if subscription in ("", name)]
    states = [snapshot.current for _, snapshot in sorted(reading.snapshots(connection, names).items())]
    return [Seat(state, state.users[key]) for state in states if state and (key := seat_of(state, login.key))]


def _why_not(seat: Seat, product: str, as_of: date) -> str:
    """A code of REASONS, or nothing."""
    if seat.state.ends_on and seat.state.ends_on < as_of:
        return "contract_ended"
    if seat.user.ends_on and seat.user.ends_on < as_of:
        return "seat_ended"
    opens = product in seat.user.access and product in seat.state.products
    return "" if opens else "no_access"


def _allowed(site: Site, login: Login, seat: Seat, asked: Launch) -> Allowed:
    mode = mode_of(seat, asked.product)
    expires = _expiry(site, seat)
    return Allowed(
        subscription=seat.state.name,
        offer=seat.state.offer,
        product=asked.product,
        products=tuple(code for code in seat.user.access if code in seat.state.products),
        services=tuple(_services(site, seat, asked.product)),
        mode=mode,
        newest=site.catalogue.latest(asked.product),
        grant=_grant(site, login, seat, asked, expires) if mode == "local" else "",
        grant_expires_at=expires if mode == "local" else None,
    )


def mode_of(seat: Seat, product: str) -> DataMode:
    """Where the data of somebody lives: online when the product's does and they did not opt out."""
    return "local" if seat.user.hosted_opt_out else seat.state.products[product].data_mode


def _services(site: Site, seat: Seat, product: str) -> Iterator[str]:
    for code, service in sorted(seat.state.services.items()):
        sold = site.catalogue.services.get(code)
        if service.status == "active" and sold and product in sold.products:
            yield code


def _expiry(site: Site, seat: Seat) -> datetime:
    """The first instant after the last day, in Paris: of the grant, the contract, or the seat."""
    days = (today(site.clock) + timedelta(days=site.offline_days), seat.state.ends_on, seat.user.ends_on)
    last = min(day for day in days if day)
    return datetime.combine(last + timedelta(days=1), time(), PARIS)


def _grant(site: Site, login: Login, seat: Seat, asked: Launch, expires: datetime) -> str:
    grant = Grant(seat.state.name, asked.product, login.key, asked.workstation, site.now(), expires)
    return signed(grant, site.keys.signer())


def is_newer(release: Release | None, version: str) -> bool:
    """True when there is a release after `version`."""
    return release is not None and version_parts(release.version) > version_parts(version)
