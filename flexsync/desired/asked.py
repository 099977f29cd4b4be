"""What `resolve` works from: the files of one subscription beside what the store has of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from flexsync.catalogue import Catalogue
from flexsync.desired.spec import Subscription
from flexsync.desired.spec_people import UserEntry
from flexsync.desired.spec_services import ProductEntry, ServiceEntry
from flexsync.snapshot import Snapshot
from flexsync.state import Product, Service, State, User

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Asked:
    """The effective files, the current State (None before the first apply), and the day.

    `users`, `products` and `services` are what is declared, in key order; None when the files omit
    the section and so do not manage it. The `current_` maps are what the store has; `applied_users` whom the
    files last asked for.
    """

    spec: Subscription
    current: State | None
    catalogue: Catalogue
    as_of: date
    users: Mapping[str, UserEntry] | None
    products: Mapping[str, ProductEntry] | None
    services: Mapping[str, ServiceEntry] | None
    current_users: Mapping[str, User]
    current_products: Mapping[str, Product]
    current_services: Mapping[str, Service]
    applied_users: Mapping[str, User]

    @property
    def closed(self) -> bool:
        """True when the files end the subscription."""
        return self.spec.state == "closed"


def asked_of(spec: Subscription, snapshot: Snapshot, catalogue: Catalogue, as_of: date) -> Asked:
    """The Asked of one subscription on one day."""
    current, applied = snapshot.current, snapshot.applied
    return Asked(
        spec,
        current,
        catalogue,
        as_of,
        users=_written(spec.section("users")),
        products=_written(spec.section("products")),
        services=_written(spec.section("services")),
        current_users=current.users if current else {},
        current_products=current.products if current else {},
        current_services=current.services if current else {},
        applied_users=applied.users if applied else {},
    )


def _written(section: Mapping[str, V | None] | None) -> dict[str, V] | None:
    """A section in key order without the entries that null removes; None when it is omitted."""
    if section is None:
        return None
    return {key: entry for key, entry in sorted(section.items()) if entry is not None}
