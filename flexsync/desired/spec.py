"""The typed mirror of a subscription's files; the JSON Schema is generated from it.

Everything is optional, because a layer (defaults, profile, table row, client file) may give any
part; what the merged whole must have is asked by `rules`. No I/O, no rule that needs two fields.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from flexsync.desired.patterns import CUSTOMER_CODE
from flexsync.desired.spec_people import AdminEntry, UserEntry
from flexsync.desired.spec_services import ProductEntry, ServiceEntry
from flexsync.desired.spec_types import Code, Day, DeclaredService, FilePath, Key, Part, Slug, Text


class CompanyEntry(Part):
    """The customer."""

    legal_name: Annotated[Text | None, Field(description="Raison sociale.", examples=["Atelier Dupont SARL"])] = None
    siren: Annotated[str | None, Field(max_length=40, description="SIREN, quoted.", examples=["732829320"])] = None
    rcs: Annotated[Text | None, Field(description="Mention RCS or RM.", examples=["RCS Paris 732 829 320"])] = None


class PolicyEntry(Part):
    """How flexsync behaves for this subscription."""

    prune_users: Annotated[
        Literal["report", "deactivate"] | None,
        Field(description="Users who are no longer declared; deactivate by default.", examples=["deactivate"]),
    ] = None
    drift: Annotated[
        Literal["report", "revert", "adopt"] | None,
        Field(description="Changes made in the portal; report by default.", examples=["report"]),
    ] = None
    invitations: Annotated[
        Literal["on_create", "manual"] | None,
        Field(description="When invitations are mailed; on_create by default.", examples=["manual"]),
    ] = None
    invitation_days: Annotated[
        int | None, Field(ge=1, le=90, description="Life of an invitation in days; 14 by default.", examples=[14])
    ] = None
    invitation_attempts: Annotated[
        int | None,
        Field(ge=1, le=10, description="Mails in all to somebody who does not answer; 3 by default.", examples=[3]),
    ] = None
    invitation_pause_hours: Annotated[
        int | None,
        Field(
            ge=1,
            le=720,
            description="Hours for which somebody who was mailed an invitation is left alone; 24 by default.",
            examples=[24],
        ),
    ] = None
    email_domains: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=253)]] | None,
        Field(max_length=50, description="Domains that addresses must belong to.", examples=[["dupont.example"]]),
    ] = None


class Settings(Part):
    """What any layer may say about a subscription."""

    profiles: Annotated[
        list[Slug] | None, Field(max_length=20, description="Profiles, applied left to right.", examples=[["tpe-vat"]])
    ] = None
    customer_code: Annotated[
        str | None, Field(pattern=CUSTOMER_CODE, description="Code client, quoted.", examples=["C0042317"])
    ] = None
    company: Annotated[
        CompanyEntry | None, Field(description="The customer.", examples=[{"legal_name": "Atelier Dupont SARL"}])
    ] = None
    offer: Annotated[Code | None, Field(description="Contract: flex or ultraflex.", examples=["ultraflex"])] = None
    seats: Annotated[
        int | None, Field(ge=1, le=999, description="Contract: accounts the subscription allows.", examples=[4])
    ] = None
    ends_on: Annotated[
        Day | None, Field(description="Contract: last day, inclusive, Europe/Paris.", examples=["2026-12-31"])
    ] = None
    sirets_allowed: Annotated[
        int | None,
        Field(ge=0, le=999, description="Contract: establishments (Nombre de siret(s)).", examples=[3]),
    ] = None
    products: Annotated[
        dict[Code, ProductEntry | None],
        Field(
            max_length=50,
            description="Contract: products bought, and where data lives.",
            examples=[{"compta": {"data_mode": "hosted", "internet_acknowledged": True}, "paye": {}}],
        ),
    ] = {}
    admin: Annotated[
        AdminEntry | None,
        Field(
            description="Exactly one administrator.",
            examples=[
                {
                    "civility": "madame",
                    "given_name": "Anne",
                    "family_name": "Dupont",
                    "email": "anne@dupont.example",
                    "also_user": True,
                }
            ],
        ),
    ] = None
    users: Annotated[
        dict[Key, UserEntry | None],
        Field(
            max_length=5000,
            description="Users by key; {} means none, omitted means not managed.",
            examples=[
                {
                    "p.martin": {
                        "civility": "monsieur",
                        "given_name": "Paul",
                        "family_name": "Martin",
                        "email": "paul@dupont.example",
                        "access": ["compta"],
                    }
                }
            ],
        ),
    ] = {}
    users_table: Annotated[
        FilePath | None,
        Field(
            description="CSV or XLSX roster of further users, relative to the fleet.", examples=["rosters/petit.csv"]
        ),
    ] = None
    services: Annotated[
        dict[DeclaredService, ServiceEntry | None],
        Field(
            max_length=50,
            description="Connected services by code.",
            examples=[{"payroll_filing": {"enabled": True}}],
        ),
    ] = {}
    policy: Annotated[
        PolicyEntry | None,
        Field(description="How flexsync behaves for this subscription.", examples=[{"drift": "report"}]),
    ] = None
    state: Annotated[
        Literal["open", "closed"] | None, Field(description="closed ends the subscription.", examples=["open"])
    ] = None


class Subscription(Settings):
    """A subscription as described in one file, or as merged from all its layers."""

    apiVersion: Annotated[
        Literal["flexsync/v1"], Field(description="Version of this format.", examples=["flexsync/v1"])
    ]
    kind: Annotated[Literal["Subscription"], Field(description="What the file describes.", examples=["Subscription"])]
    name: Annotated[Slug, Field(description="Stable name; never rename, never reuse.", examples=["atelier-dupont"])]

    def section(self, name: str) -> Mapping[str, Any] | None:
        """`users`, `products` or `services` when declared, None when omitted and so not managed."""
        return getattr(self, name) if name in self.model_fields_set else None
