"""The typed mirrors of a fleet file and of a catalogue file."""

from typing import Annotated, Literal

from pydantic import Field

from flexsync.desired.spec import Code, Day, Key, Part, PersonFields, Settings, Slug, Text


class Bound(Part):
    """How much may happen: a limit trips when both are exceeded."""

    count: Annotated[int, Field(ge=0, le=1_000_000, description="Changes that always pass.")] = 0
    percent: Annotated[int, Field(ge=0, le=100, description="Share of what exists that always passes.")] = 0


class LimitEntry(Part):
    """Bounds for one class of changes."""

    each: Annotated[Bound | None, Field(description="For one subscription.")] = None
    fleet: Annotated[Bound | None, Field(description="For the whole run.")] = None


class LimitsEntry(Part):
    """Bounds by class; a class that is not named keeps its default."""

    invite: LimitEntry | None = None
    revoke: LimitEntry | None = None
    deactivate: LimitEntry | None = None
    service_off: LimitEntry | None = None
    data_mode: LimitEntry | None = None
    admin_change: LimitEntry | None = None
    contract: LimitEntry | None = None
    delete: LimitEntry | None = None
    close: LimitEntry | None = None
    undo: LimitEntry | None = None


class ClientsEntry(Part):
    """Where the subscriptions of the fleet are described."""

    files: Annotated[
        str | None,
        Field(min_length=1, max_length=400, description="Pattern of client files.", examples=["clients/*.yaml"]),
    ] = None
    table: Annotated[
        str | None,
        Field(min_length=1, max_length=400, description="CSV or XLSX, one line a client.", examples=["clients.csv"]),
    ] = None


class Fleet(Part):
    """Many subscriptions with what they share."""

    apiVersion: Annotated[Literal["flexsync/v1"], Field(description="Version of this format.")]
    kind: Annotated[Literal["Fleet"], Field(description="What the file describes.")]
    name: Annotated[Slug, Field(description="Name of the fleet.", examples=["cabinet-morel"])]
    store: Annotated[str | None, Field(min_length=1, max_length=400, description="Store address; no password.")] = None
    catalogue: Annotated[
        str | None,
        Field(min_length=1, max_length=400, description="A kind: Catalogue file that replaces the built-in one."),
    ] = None
    people: Annotated[dict[Key, PersonFields], Field(max_length=100_000, description="Persons written once.")] = {}
    defaults: Annotated[Settings | None, Field(description="Lowest layer of every subscription.")] = None
    profiles: Annotated[dict[Slug, Settings], Field(max_length=1000, description="Named layers.")] = {}
    limits: Annotated[LimitsEntry | None, Field(description="How much one run may change.")] = None
    clients: Annotated[ClientsEntry | None, Field(description="Where the subscriptions are.")] = None


class LabelEntry(Part):
    """A name in both languages."""

    fr: Text
    en: Text


class OfferEntry(Part):
    """An offer and the connected services it allows."""

    label: LabelEntry
    rank: Annotated[int, Field(ge=0, le=100, description="A higher rank includes more.")]
    hosting: Annotated[bool, Field(description="Whether data may be hosted.")] = False
    services: Annotated[list[Code], Field(max_length=50, description="Services the offer allows.")] = []


class ProductTypeEntry(Part):
    """A product that can be subscribed to."""

    label: LabelEntry
    editions: Annotated[
        list[Code], Field(min_length=1, max_length=20, description="Editions; the first is the default.")
    ]
    hostable: Annotated[bool, Field(description="Whether its data may be hosted.")] = False


class MemberEntry(Part):
    """One declaration of a service's bundle."""

    code: Code
    label: LabelEntry
    retired_on: Day | None = None
    replaced_by: Text | None = None


class ServiceTypeEntry(Part):
    """A connected service and what it asks for."""

    label: LabelEntry
    products: Annotated[list[Code], Field(min_length=1, max_length=50, description="Owning one of these is needed.")]
    derived: Annotated[bool, Field(description="Follows from data_mode; never declared.")] = False
    secret: Annotated[bool, Field(description="Needs a shared password.")] = False
    sirets: Annotated[bool, Field(description="Needs establishments.")] = False
    bank: Annotated[bool, Field(description="Needs a creditor identifier, an IBAN and a BIC.")] = False
    prerequisites: Annotated[dict[Code, LabelEntry], Field(max_length=20, description="Papers that must be sent.")] = {}
    members: Annotated[list[MemberEntry], Field(max_length=50, description="Declarations in the bundle.")] = []
    tool: Annotated[Code | None, Field(description="Tool offered with the service.")] = None


class ReleaseEntry(Part):
    """A version users may download."""

    product: Code
    version: Annotated[str, Field(pattern=r"^[0-9]{1,5}(\.[0-9]{1,5}){0,4}$", description="Quoted.", examples=["12.1"])]
    label: LabelEntry
    channel: Code = "souscription"
    published_on: Day | None = None


class CatalogueFile(Part):
    """Offers, products, services and releases."""

    apiVersion: Literal["flexsync/v1"]
    kind: Literal["Catalogue"]
    name: Slug
    offers: Annotated[dict[Code, OfferEntry], Field(min_length=1, max_length=50)]
    products: Annotated[dict[Code, ProductTypeEntry], Field(min_length=1, max_length=50)]
    services: Annotated[dict[Code, ServiceTypeEntry], Field(max_length=50)]
    releases: Annotated[list[ReleaseEntry], Field(max_length=1000)] = []
