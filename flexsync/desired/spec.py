"""The typed mirror of a subscription's files; the JSON Schema is generated from it.

Everything is optional, because a layer (defaults, profile, table row, client file) may give any
part; what the merged whole must have is asked by `rules`. No I/O, no rule that needs two fields.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

SLUG = r"^[a-z0-9][a-z0-9-]{1,62}$"
KEY = r"^[a-z0-9][a-z0-9._-]{0,62}$"
CODE = r"^[a-z][a-z0-9_]{0,30}$"


def _day(value: Any) -> Any:
    """A date from its one accepted form; pydantic words what is left."""
    if isinstance(value, str) and len(value) == 10:
        return date.fromisoformat(value)
    return value


Day = Annotated[
    date,
    BeforeValidator(_day),
    WithJsonSchema({"type": "string", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "examples": ["2026-01-31"]}),
]
Slug = Annotated[str, Field(pattern=SLUG)]
Key = Annotated[str, Field(pattern=KEY)]
Code = Annotated[str, Field(pattern=CODE)]
Text = Annotated[str, Field(min_length=1, max_length=200)]


class Part(BaseModel):
    """A mapping of the files: frozen, no unknown keys, no coercion."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class PersonFields(Part):
    """Identity of a person, or a reference to one written once under `people`."""

    person: Annotated[Key | None, Field(description="Key of an entry of the fleet's people.", examples=["c.morel"])] = (
        None
    )
    civility: Annotated[Literal["madame", "monsieur"] | None, Field(description="Civilité.")] = None
    given_name: Annotated[
        str | None, Field(min_length=1, max_length=80, description="Prénom.", examples=["Pierre"])
    ] = None
    family_name: Annotated[
        str | None, Field(min_length=1, max_length=80, description="Nom.", examples=["Quiroule"])
    ] = None
    email: Annotated[
        str | None,
        Field(
            min_length=3,
            max_length=254,
            description="The login; one person, one address.",
            examples=["p@dupont.example"],
        ),
    ] = None
    language: Annotated[
        Literal["fr", "en"] | None, Field(description="Language of the mails to this person; fr when omitted.")
    ] = None


class AdminEntry(PersonFields):
    """The one administrator of the subscription (guide, step 1)."""

    also_user: Annotated[
        bool | None,
        Field(description="Also gives the administrator a seat (Créer automatiquement mon compte utilisateur)."),
    ] = None
    access: Annotated[
        list[Code] | None,
        Field(max_length=50, description="Products the administrator's seat opens; all when omitted."),
    ] = None


class UserEntry(PersonFields):
    """A user account; its key is the identity, the e-mail may change (guide, step 2)."""

    access: Annotated[
        list[Code] | None,
        Field(
            max_length=50,
            description="Products the user may open; may be omitted when there is one.",
            examples=[["compta"]],
        ),
    ] = None
    starts_on: Annotated[Day | None, Field(description="First day; invited on it.")] = None
    ends_on: Annotated[Day | None, Field(description="Last day, inclusive; deactivated after it.")] = None
    state: Annotated[
        Literal["present", "deleted"] | None, Field(description="deleted erases a user who is already deactivated.")
    ] = None
    hosted_opt_out: Annotated[
        bool | None, Field(description="The user's own refusal of hosted data; not managed when omitted.")
    ] = None
    previously: Annotated[
        list[Key] | None, Field(max_length=20, description="Former keys of the same person: moved, not re-created.")
    ] = None
    not_same_person: Annotated[bool | None, Field(description="Settles a rename question: this is somebody new.")] = (
        None
    )


class DossierEntry(Part):
    """A set of books kept online, and the proof that it was copied back."""

    label: Annotated[Text | None, Field(description="Name of the dossier.")] = None
    retrieved_on: Annotated[Day | None, Field(description="Day it was copied back to a workstation.")] = None
    retrieved_by: Annotated[Text | None, Field(description="Who copied it back.")] = None


class ProductEntry(Part):
    """A product of the subscription."""

    edition: Annotated[Code | None, Field(description="Edition bought.", examples=["evolution"])] = None
    data_mode: Annotated[
        Literal["local", "hosted"] | None, Field(description="Where the data lives; local when omitted.")
    ] = None
    internet_acknowledged: Annotated[
        bool | None, Field(description="Confirms that hosted data needs Internet at every launch.")
    ] = None
    seats: Annotated[int | None, Field(ge=1, le=999, description="Cap on the users of this product.")] = None
    dossiers: Annotated[
        dict[Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$")], DossierEntry | None] | None,
        Field(max_length=500, description="Dossiers that must be retrieved before going back to local."),
    ] = None
    confirmed_empty_on: Annotated[
        Day | None, Field(description="Day on which somebody confirmed that no dossier is online.")
    ] = None


class SecretRef(Part):
    """Where a secret is read at apply; exactly one of the two."""

    env: Annotated[
        str | None,
        Field(
            pattern=r"^[A-Za-z_][A-Za-z0-9_{}]{0,120}$", description="Environment variable; {name} is the subscription."
        ),
    ] = None
    file: Annotated[str | None, Field(min_length=1, max_length=400, description="File, relative to the fleet.")] = None


class EvidenceEntry(Part):
    """Proof that a prerequisite was met (guide, step 3: papers sent to the tax office)."""

    sent_on: Annotated[Day | None, Field(description="Day the papers were sent.")] = None
    authorisation: Annotated[
        Literal["mandate", "direct_debit"] | None, Field(description="Mandat or autorisation de prélèvement.")
    ] = None
    reference: Annotated[Text | None, Field(description="Your reference.")] = None
    acknowledged_by: Annotated[Text | None, Field(description="Who answers for going on without a date.")] = None


class ServiceEntry(Part):
    """A connected service (guide, step 3)."""

    enabled: Annotated[bool | None, Field(description="Whether the service is on.")] = None
    sirets: Annotated[
        list[str] | None, Field(max_length=999, description="Establishments that file.", examples=[["73282932000074"]])
    ] = None
    recipients: Annotated[
        list[Key] | None, Field(max_length=999, description="Users told about the shared password.")
    ] = None
    password_from: Annotated[SecretRef | None, Field(description="Where the shared password is read at apply.")] = None
    prerequisites: Annotated[
        dict[Code, EvidenceEntry | None] | None, Field(max_length=20, description="Evidence of what was sent.")
    ] = None
    creditor_id: Annotated[str | None, Field(max_length=35, description="SEPA creditor identifier (ICS).")] = None
    iban: Annotated[str | None, Field(max_length=34, description="IBAN of the creditor.")] = None
    bic: Annotated[str | None, Field(max_length=11, description="BIC of the creditor's bank.")] = None
    ends_on: Annotated[Day | None, Field(description="Last day of the service; the contract's when omitted.")] = None


class CompanyEntry(Part):
    """The customer."""

    legal_name: Annotated[Text | None, Field(description="Raison sociale.")] = None
    siren: Annotated[str | None, Field(max_length=20, description="SIREN, quoted.", examples=["732829320"])] = None
    rcs: Annotated[Text | None, Field(description="Mention RCS or RM.")] = None


class PolicyEntry(Part):
    """How flexsync behaves for this subscription."""

    prune_users: Annotated[
        Literal["report", "deactivate"] | None,
        Field(description="Users who are no longer declared; deactivate by default."),
    ] = None
    drift: Annotated[
        Literal["report", "revert", "adopt"] | None, Field(description="Changes made in the portal; report by default.")
    ] = None
    invitations: Annotated[
        Literal["on_create", "manual"] | None, Field(description="When invitations are mailed; on_create by default.")
    ] = None
    invitation_days: Annotated[int | None, Field(ge=1, le=90, description="Life of an invitation in days; 14.")] = None
    email_domains: Annotated[
        list[str] | None, Field(max_length=50, description="Domains that addresses must belong to.")
    ] = None


class Settings(Part):
    """What any layer may say about a subscription."""

    profiles: Annotated[list[Slug] | None, Field(max_length=20, description="Profiles, applied left to right.")] = None
    customer_code: Annotated[
        str | None,
        Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$", description="Code client, quoted.", examples=["C0042317"]),
    ] = None
    company: Annotated[CompanyEntry | None, Field(description="The customer.")] = None
    offer: Annotated[Code | None, Field(description="Contract: flex or ultraflex.", examples=["ultraflex"])] = None
    seats: Annotated[int | None, Field(ge=1, le=999, description="Contract: accounts the subscription allows.")] = None
    ends_on: Annotated[Day | None, Field(description="Contract: last day, inclusive, Europe/Paris.")] = None
    sirets_allowed: Annotated[
        int | None, Field(ge=0, le=999, description="Contract: establishments (Nombre de siret(s)).")
    ] = None
    products: Annotated[
        dict[Code, ProductEntry | None],
        Field(max_length=50, description="Contract: products bought, and where data lives."),
    ] = {}
    admin: Annotated[AdminEntry | None, Field(description="Exactly one administrator.")] = None
    users: Annotated[
        dict[Key, UserEntry | None],
        Field(max_length=5000, description="Users by key; {} means none, omitted means not managed."),
    ] = {}
    users_table: Annotated[
        str | None,
        Field(min_length=1, max_length=400, description="CSV or XLSX roster of further users, relative to the fleet."),
    ] = None
    services: Annotated[
        dict[Code, ServiceEntry | None], Field(max_length=50, description="Connected services by code.")
    ] = {}
    policy: Annotated[PolicyEntry | None, Field(description="How flexsync behaves for this subscription.")] = None
    state: Annotated[Literal["open", "closed"] | None, Field(description="closed ends the subscription.")] = None


class Subscription(Settings):
    """A subscription as described in one file, or as merged from all its layers."""

    apiVersion: Annotated[Literal["flexsync/v1"], Field(description="Version of this format.")]
    kind: Annotated[Literal["Subscription"], Field(description="What the file describes.")]
    name: Annotated[Slug, Field(description="Stable name; never rename, never reuse.", examples=["atelier-dupont"])]

    def section(self, name: str) -> Mapping[str, Any] | None:
        """`users`, `products` or `services` when declared, None when omitted and so not managed."""
        return getattr(self, name) if name in self.model_fields_set else None
