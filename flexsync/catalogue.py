"""Offers, products, services and releases as data.

The rules of the guide ("uniquement en offre UltraFlex", "uniquement pour Compta") are look-ups in a
Catalogue. The built-in one is `catalogue.yaml`; a `kind: Catalogue` file replaces it whole.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Label:
    """A name shown to people, French and English."""

    fr: str
    en: str


@dataclass(frozen=True, slots=True)
class Offer:
    """What a subscription is sold as. A higher `rank` includes more; `services` are those it allows."""

    code: str
    label: Label
    rank: int
    services: tuple[str, ...] = ()
    hosting: bool = False


@dataclass(frozen=True, slots=True)
class ProductType:
    """A product that can be subscribed to; `hostable` when its data may live online."""

    code: str
    label: Label
    editions: tuple[str, ...]
    hostable: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """One declaration inside a service's bundle, with the day it ceased and what replaced it."""

    code: str
    label: Label
    retired_on: date | None = None
    replaced_by: str = ""


@dataclass(frozen=True, slots=True)
class ServiceType:
    """A connected service and what it asks for before it can be active.

    `derived` is true of hosting, which follows from `data_mode` and is never declared.
    `prerequisites` are codes of papers; `secret` when a shared password is needed.
    """

    code: str
    label: Label
    products: tuple[str, ...]
    derived: bool = False
    secret: bool = False
    sirets: bool = False
    bank: bool = False
    prerequisites: Mapping[str, Label] = field(default_factory=dict)
    members: tuple[Member, ...] = ()
    tool: str = ""


@dataclass(frozen=True, slots=True)
class Release:
    """A version that users are entitled to download; `product` is a product or tool code.

    `file`, `size` in bytes and `sha256` say what is downloaded, where a folder does not.
    """

    product: str
    version: str
    label: Label
    channel: str = "souscription"
    published_on: date | None = None
    file: str = ""
    size: int | None = None
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All that is sold, by code; `digest` stands for the whole content."""

    offers: Mapping[str, Offer]
    products: Mapping[str, ProductType]
    services: Mapping[str, ServiceType]
    releases: tuple[Release, ...] = ()
    digest: str = ""

    @property
    def ranks(self) -> dict[str, int]:
        """How much each offer includes."""
        return {code: offer.rank for code, offer in self.offers.items()}

    def latest(self, product: str) -> Release | None:
        """The newest release of a product or tool, versions compared part by part."""
        mine = [release for release in self.releases if release.product == product]
        return max(mine, key=lambda release: version_parts(release.version), default=None)


def version_parts(version: str) -> tuple[int, ...]:
    """`12.54` as `(12, 54)`, so that 12.54 comes after 12.6."""
    return tuple(int(part) for part in version.split("."))
