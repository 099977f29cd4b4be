"""What a rule looks at: one subscription, settled for one day.

In: the typed effective document, its places, the catalogue and the day. Out: a Case. It judges
nothing, and a document that is wrong anywhere still makes a Case.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from flexsync.catalogue import Catalogue, Offer
from flexsync.desired.model import Path, Places
from flexsync.desired.spec import Subscription
from flexsync.desired.spec_people import AdminEntry, PersonFields, UserEntry
from flexsync.desired.spec_services import ProductEntry, ServiceEntry
from flexsync.errors import Problem
from flexsync.state import ADMIN_KEY
from flexsync.text import did_you_mean, shorten, visible

E = TypeVar("E")


@dataclass(frozen=True, slots=True)
class Case:
    """One subscription as it stands on `as_of`.

    `users` are the declared ones who are not deleted, in the order of the files; `seats` says by key
    who occupies a seat on that day and which products it opens, the administrator's own seat too.
    """

    spec: Subscription
    places: Places
    catalogue: Catalogue
    as_of: date
    offer: Offer | None
    products: Mapping[str, ProductEntry]
    services: Mapping[str, ServiceEntry]
    users: Mapping[str, UserEntry]
    seats: Mapping[str, tuple[str, ...]]

    @property
    def admin(self) -> AdminEntry | None:
        """The administrator, None when missing."""
        return self.spec.admin

    @property
    def takes_seat(self) -> bool:
        """Whether the administrator is a user too."""
        return self.admin is not None and self.admin.also_user is True

    @property
    def manages_users(self) -> bool:
        """False when the files leave the users alone."""
        return self.spec.section("users") is not None

    def people(self) -> Iterator[tuple[Path, PersonFields]]:
        """Everybody who gets an account, with their paths; the administrator first."""
        if self.admin is not None:
            yield ("admin",), self.admin
        for key, user in self.users.items():
            yield ("users", key), user

    def error(self, code: str, path: Path, text: str) -> Problem:
        """A problem at `path`; the subscription cannot be used."""
        return Problem(code, f"{dotted(path)}: {text}", self.places.where(path))

    def warning(self, code: str, path: Path, text: str) -> Problem:
        """Something at `path` that is worth a look."""
        return Problem(code, f"{dotted(path)}: {text}", self.places.where(path), "warning")


def case_of(spec: Subscription, places: Places, catalogue: Catalogue, as_of: date) -> Case:
    """The Case of a document; entries removed with null are gone, deleted users too."""
    products = _declared(spec.products)
    users = {key: user for key, user in _declared(spec.users).items() if user.state != "deleted"}
    seats = {key: access_of(user, products) for key, user in users.items() if is_present(user, as_of)}
    if spec.admin is not None and spec.admin.also_user:
        own = tuple(products) if spec.admin.access is None else tuple(spec.admin.access)
        seats = {ADMIN_KEY: own, **seats}
    offer = catalogue.offers.get(spec.offer) if spec.offer else None
    return Case(spec, places, catalogue, as_of, offer, products, _declared(spec.services), users, seats)


def is_present(user: UserEntry, on: date) -> bool:
    """Whether the user's dates include the day; both are inclusive."""
    return (user.starts_on is None or user.starts_on <= on) and (user.ends_on is None or on <= user.ends_on)


def access_of(user: UserEntry, products: Mapping[str, ProductEntry]) -> tuple[str, ...]:
    """What the user may open; the only product when there is one and nothing is said."""
    if user.access is not None:
        return tuple(user.access)
    return tuple(products) if len(products) == 1 else ()


def dotted(path: Path) -> str:
    """`services.vat_filing.sirets[1]`: how messages name a place."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{visible(part)}"
    return text.removeprefix(".")


def unknown(word: str, kind: str, known: Iterable[str]) -> str:
    """`"x" is not <kind>. Did you mean "y"? Known: y, z.`"""
    names = list(known)[:200]
    listed = f" Known: {some(names)}." if names else ""
    return f'"{shorten(word)}" is not {kind}.{did_you_mean(word, names)}{listed}'


def some(words: Iterable[str], limit: int = 10) -> str:
    """The first words, and how many more there are."""
    listed = list(words)
    more = f" and {len(listed) - limit} more" if len(listed) > limit else ""
    return ", ".join(listed[:limit]) + more


def _declared(section: Mapping[str, E | None]) -> dict[str, E]:
    return {key: entry for key, entry in section.items() if entry is not None}
