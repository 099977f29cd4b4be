"""What `resolve` works from: the files of one subscription beside what the store has of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from flexsync.catalogue import Catalogue
from flexsync.desired.spec import ProductEntry, ServiceEntry, Subscription, UserEntry
from flexsync.state import Product, Service, State, User

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Asked:
    """The effective files, the current State (None before the first apply), and the day."""

    spec: Subscription
    current: State | None
    catalogue: Catalogue
    as_of: date

    @property
    def closed(self) -> bool:
        """True when the files end the subscription."""
        return self.spec.state == "closed"

    @property
    def users(self) -> Mapping[str, UserEntry] | None:
        """The declared users, None when the files do not manage them."""
        return written(self.spec.section("users"))

    @property
    def products(self) -> Mapping[str, ProductEntry] | None:
        """The declared products, None when the files do not manage them."""
        return written(self.spec.section("products"))

    @property
    def services(self) -> Mapping[str, ServiceEntry] | None:
        """The declared services, None when the files do not manage them."""
        return written(self.spec.section("services"))

    @property
    def current_users(self) -> Mapping[str, User]:
        """The users the store has, by key."""
        return self.current.users if self.current else {}

    @property
    def current_products(self) -> Mapping[str, Product]:
        """The products the store has, by code."""
        return self.current.products if self.current else {}

    @property
    def current_services(self) -> Mapping[str, Service]:
        """The services the store has, by code."""
        return self.current.services if self.current else {}


def written(section: Mapping[str, V | None] | None) -> dict[str, V] | None:
    """A section in key order without the entries that null removes; None when it is omitted."""
    if section is None:
        return None
    return {key: entry for key, entry in sorted(section.items()) if entry is not None}
