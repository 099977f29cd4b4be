"""The typed mirrors of a fleet file and of a catalogue file."""

from typing import Annotated, Literal

from pydantic import Field

from flexsync.desired.contact_spec import MailEntry, PortalEntry
from flexsync.desired.patterns import DOWNLOAD, SHA256, STORE, VERSION
from flexsync.desired.rule_spec import DriftAllowed, PolicyRule
from flexsync.desired.spec import Settings
from flexsync.desired.spec_people import PersonFields
from flexsync.desired.spec_types import Code, Day, FilePath, Key, Part, Slug, Text


class Bound(Part):
    """How much may happen: a limit trips when both are exceeded."""

    count: Annotated[int, Field(ge=0, le=1_000_000, description="Changes that always pass.", examples=[1])] = 0
    percent: Annotated[
        int, Field(ge=0, le=100, description="Share of what exists that always passes.", examples=[25])
    ] = 0


class LimitEntry(Part):
    """Bounds for one class of changes."""

    each: Annotated[
        Bound | None, Field(description="For one subscription.", examples=[{"count": 1, "percent": 25}])
    ] = None
    fleet: Annotated[Bound | None, Field(description="For the whole run.", examples=[{"count": 5, "percent": 5}])] = (
        None
    )


_LIMIT = [{"each": {"count": 1, "percent": 25}, "fleet": {"count": 5, "percent": 5}}]


class LimitsEntry(Part):
    """Bounds by class; a class that is not named keeps its default."""

    invite: Annotated[LimitEntry | None, Field(description="People invited.", examples=_LIMIT)] = None
    revoke: Annotated[LimitEntry | None, Field(description="Accesses withdrawn.", examples=_LIMIT)] = None
    deactivate: Annotated[LimitEntry | None, Field(description="Users deactivated.", examples=_LIMIT)] = None
    service_off: Annotated[LimitEntry | None, Field(description="Services switched off.", examples=_LIMIT)] = None
    data_mode: Annotated[LimitEntry | None, Field(description="Data moved.", examples=_LIMIT)] = None
    admin_change: Annotated[LimitEntry | None, Field(description="Administrators replaced.", examples=_LIMIT)] = None
    contract: Annotated[LimitEntry | None, Field(description="Contract facts changed.", examples=_LIMIT)] = None
    delete: Annotated[LimitEntry | None, Field(description="Users erased.", examples=_LIMIT)] = None
    close: Annotated[LimitEntry | None, Field(description="Subscriptions closed.", examples=_LIMIT)] = None
    undo: Annotated[LimitEntry | None, Field(description="Changes taken back.", examples=_LIMIT)] = None


class ClientsEntry(Part):
    """Where the subscriptions of the fleet are described."""

    files: Annotated[FilePath | None, Field(description="Pattern of client files.", examples=["clients/*.yaml"])] = None
    table: Annotated[
        FilePath | None, Field(description="CSV or XLSX, one line a client.", examples=["clients.csv"])
    ] = None


class Fleet(Part):
    """Many subscriptions with what they share."""

    apiVersion: Annotated[
        Literal["flexsync/v1"], Field(description="Version of this format.", examples=["flexsync/v1"])
    ]
    kind: Annotated[Literal["Fleet"], Field(description="What the file describes.", examples=["Fleet"])]
    name: Annotated[Slug, Field(description="Name of the fleet.", examples=["cabinet-morel"])]
    store: Annotated[
        str | None,
        Field(
            max_length=400,
            pattern=STORE,
            description="Store address; no password.",
            examples=["sqlite:///.flexsync/store.db"],
        ),
    ] = None
    catalogue: Annotated[
        FilePath | None,
        Field(description="A kind: Catalogue file that replaces the built-in one.", examples=["catalogue.yaml"]),
    ] = None
    people: Annotated[
        dict[Key, PersonFields],
        Field(
            max_length=100_000,
            description="Persons written once, referenced by key.",
            examples=[
                {
                    "c.morel": {
                        "civility": "madame",
                        "given_name": "Claire",
                        "family_name": "Morel",
                        "email": "c.morel@morel.example",
                    }
                }
            ],
        ),
    ] = {}
    defaults: Annotated[
        Settings | None,
        Field(description="Lowest layer of every subscription.", examples=[{"offer": "ultraflex"}]),
    ] = None
    profiles: Annotated[
        dict[Slug, Settings],
        Field(max_length=1000, description="Named layers.", examples=[{"payroll": {"products": {"paye": {}}}}]),
    ] = {}
    limits: Annotated[
        LimitsEntry | None,
        Field(description="How much one run may change.", examples=[{"deactivate": {"fleet": {"count": 10}}}]),
    ] = None
    policies: Annotated[
        list[PolicyRule],
        Field(
            max_length=200,
            description="Rules over the steps of a plan.",
            examples=[
                [{"name": "no-deletion", "when": 'kind == "user.delete"', "effect": "deny", "message": "Ask first."}]
            ],
        ),
    ] = []
    drift_allowed: Annotated[
        list[DriftAllowed],
        Field(
            max_length=1000,
            description="Drift that is known, left alone and not counted until a day.",
            examples=[
                [
                    {
                        "subscription": "boulangerie-*",
                        "subject": "access/j.roux/*",
                        "reason": "Julie stands in for Marc.",
                        "until": "2026-06-30",
                    }
                ]
            ],
        ),
    ] = []
    mail: Annotated[
        MailEntry | None,
        Field(
            description="Who writes the mails, and through which server.", examples=[{"sender": "flex@morel.example"}]
        ),
    ] = None
    portal: Annotated[
        PortalEntry | None,
        Field(description="Where people find their space.", examples=[{"url": "https://flex.morel.example"}]),
    ] = None
    clients: Annotated[
        ClientsEntry | None,
        Field(description="Where the subscriptions are.", examples=[{"files": "clients/*.yaml"}]),
    ] = None


class LabelEntry(Part):
    """A name in both languages."""

    fr: Annotated[Text, Field(description="In French.", examples=["Ciel Compta"])]
    en: Annotated[Text, Field(description="In English.", examples=["Accounting"])]


_LABEL = [{"fr": "Ciel Compta", "en": "Accounting"}]


class OfferEntry(Part):
    """An offer and the connected services it allows."""

    label: Annotated[LabelEntry, Field(description="Name of the offer.", examples=[{"fr": "Flex", "en": "Flex"}])]
    rank: Annotated[int, Field(ge=0, le=100, description="A higher rank includes more.", examples=[1])]
    hosting: Annotated[bool, Field(description="Whether data may be hosted.", examples=[True])] = False
    services: Annotated[
        list[Code], Field(max_length=50, description="Services the offer allows.", examples=[["vat_filing"]])
    ] = []


class ProductTypeEntry(Part):
    """A product that can be subscribed to."""

    label: Annotated[LabelEntry, Field(description="Name of the product.", examples=_LABEL)]
    editions: Annotated[
        list[Code],
        Field(
            min_length=1,
            max_length=20,
            description="Editions; the first is the default.",
            examples=[["evolution", "standard"]],
        ),
    ]
    hostable: Annotated[bool, Field(description="Whether its data may be hosted.", examples=[True])] = False


class MemberEntry(Part):
    """One declaration of a service's bundle."""

    code: Annotated[Code, Field(description="Code of the declaration.", examples=["due"])]
    label: Annotated[LabelEntry, Field(description="Its name.", examples=[{"fr": "DUE", "en": "Hiring declaration"}])]
    retired_on: Annotated[Day | None, Field(description="Day on which it was withdrawn.", examples=["2011-08-01"])] = (
        None
    )
    replaced_by: Annotated[Text | None, Field(description="What took its place.", examples=["DPAE"])] = None


class ServiceTypeEntry(Part):
    """A connected service and what it asks for."""

    label: Annotated[LabelEntry, Field(description="Name of the service.", examples=[{"fr": "Paie", "en": "Payroll"}])]
    products: Annotated[
        list[Code],
        Field(min_length=1, max_length=50, description="Owning one of these is needed.", examples=[["compta"]]),
    ]
    derived: Annotated[bool, Field(description="Follows from data_mode; never declared.", examples=[False])] = False
    secret: Annotated[bool, Field(description="Needs a shared password.", examples=[True])] = False
    sirets: Annotated[bool, Field(description="Needs establishments.", examples=[True])] = False
    bank: Annotated[bool, Field(description="Needs a creditor identifier, an IBAN and a BIC.", examples=[False])] = (
        False
    )
    prerequisites: Annotated[
        dict[Code, LabelEntry],
        Field(
            max_length=20,
            description="Papers that must be sent.",
            examples=[{"tax_office_form": {"fr": "Formulaire", "en": "Form"}}],
        ),
    ] = {}
    members: Annotated[
        list[MemberEntry],
        Field(
            max_length=50,
            description="Declarations in the bundle.",
            examples=[[{"code": "due", "label": {"fr": "DUE", "en": "Hiring declaration"}}]],
        ),
    ] = []
    tool: Annotated[
        Code | None, Field(description="Tool offered with the service.", examples=["direct_declaration"])
    ] = None


class ReleaseEntry(Part):
    """A version users may download."""

    product: Annotated[Code, Field(description="Product or tool.", examples=["compta"])]
    version: Annotated[str, Field(pattern=VERSION, description="Version, quoted.", examples=["12.1"])]
    label: Annotated[LabelEntry, Field(description="Name of the release.", examples=_LABEL)]
    channel: Annotated[Code, Field(description="Channel of the download.", examples=["souscription"])] = "souscription"
    published_on: Annotated[Day | None, Field(description="Day of the release.", examples=["2013-01-02"])] = None
    file: Annotated[
        str | None, Field(pattern=DOWNLOAD, description="Name of its file.", examples=["compta-12.1.exe"])
    ] = None
    size: Annotated[int | None, Field(ge=1, le=10**12, description="Bytes of its file.", examples=[48_210_944])] = None
    sha256: Annotated[str | None, Field(pattern=SHA256, description="SHA-256 of its file.", examples=["0" * 64])] = None


class CatalogueFile(Part):
    """Offers, products, services and releases."""

    apiVersion: Annotated[
        Literal["flexsync/v1"], Field(description="Version of this format.", examples=["flexsync/v1"])
    ]
    kind: Annotated[Literal["Catalogue"], Field(description="What the file describes.", examples=["Catalogue"])]
    name: Annotated[Slug, Field(description="Name of the catalogue.", examples=["ciel-flex"])]
    offers: Annotated[
        dict[Code, OfferEntry],
        Field(
            min_length=1,
            max_length=50,
            description="Offers by code.",
            examples=[{"flex": {"label": {"fr": "Flex", "en": "Flex"}, "rank": 1}}],
        ),
    ]
    products: Annotated[
        dict[Code, ProductTypeEntry],
        Field(
            min_length=1,
            max_length=50,
            description="Products by code.",
            examples=[{"compta": {"label": _LABEL[0], "editions": ["evolution"]}}],
        ),
    ]
    services: Annotated[
        dict[Code, ServiceTypeEntry],
        Field(
            max_length=50,
            description="Connected services by code.",
            examples=[{"vat_filing": {"label": {"fr": "TVA", "en": "VAT"}, "products": ["compta"]}}],
        ),
    ]
    releases: Annotated[
        list[ReleaseEntry],
        Field(
            max_length=1000,
            description="Versions users may download.",
            examples=[[{"product": "compta", "version": "12.1", "label": _LABEL[0]}]],
        ),
    ] = []
