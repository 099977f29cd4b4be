"""What the software sends and gets: strict, bounded, and described in the OpenAPI document."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from flexsync.desired.patterns import CODE, DOSSIER, SLUG, VERSION

#: The same for the client, who should not send what nobody takes.
WORKSTATION = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$"
_PRINTABLE = r"^[^\x00-\x1f\x7f]+$"

Code = Annotated[str, Field(pattern=CODE, examples=["compta"])]
Name = Annotated[str, Field(pattern=SLUG, examples=["atelier-quiroule"])]


class Message(BaseModel):
    """A JSON object without unknown keys, and without coercion."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Credentials(Message):
    """Who starts the software, where, and what: typed at each launch (guide, step 4)."""

    email: Annotated[
        str,
        Field(
            min_length=3,
            max_length=254,
            pattern=_PRINTABLE,
            description="The e-mail declared for the account.",
            examples=["pierre@quiroule.example"],
        ),
    ]
    password: Annotated[
        str,
        Field(
            min_length=1,
            max_length=1024,
            repr=False,
            description="The password that the person chose. Never kept by the software.",
            examples=["lampe gravier tuba vert"],
            json_schema_extra={"format": "password", "writeOnly": True},
        ),
    ]
    product: Annotated[Code, Field(description="Code of the product.")]
    workstation: Annotated[
        str,
        Field(
            pattern=WORKSTATION,
            description="A lasting name of the workstation, chosen by the software.",
            examples=["PC-ACCUEIL"],
        ),
    ]
    subscription: Annotated[
        Name | None,
        Field(
            description="Which subscription, for whoever uses the product in several.", examples=["atelier-quiroule"]
        ),
    ] = None


class LaunchRequest(Credentials):
    """A launch."""

    version: Annotated[str, Field(pattern=VERSION, description="The version that is installed.", examples=["12.1"])]


class Newest(Message):
    """The newest release of the product."""

    version: Annotated[str, Field(examples=["12.2"])]
    label: Annotated[str, Field(description="Its French name.", examples=["Ciel Compta Evolution"])]
    update: Annotated[bool, Field(description="True when it is newer than the version that is installed.")]


class LaunchAnswer(Message):
    """A launch that goes on."""

    subscription: Name
    offer: Annotated[Code, Field(examples=["ultraflex"])]
    product: Code
    products: Annotated[list[Code], Field(description="All products that the person may open in the subscription.")]
    services: Annotated[
        list[Code], Field(description="Connected services of the product that are on.", examples=[["vat_filing"]])
    ]
    data_mode: Annotated[
        Literal["local", "hosted"], Field(description="Where this person's data of the product lives.")
    ]
    internet_required: Annotated[
        bool, Field(description="True when each launch needs Internet; the software then keeps no grant.")
    ]
    newest: Annotated[Newest | None, Field(description="Absent when the catalogue has no release of the product.")]
    grant: Annotated[
        str | None,
        Field(
            max_length=4096,
            description="In local mode: the signed permission to launch without Internet, for this person, product "
            "and workstation, `CONTENT.SIGNATURE`.",
        ),
    ]
    grant_expires_at: Annotated[datetime | None, Field(description="From this instant on the grant is void.")]


class EventEntry(Message):
    """Something happened to a dossier."""

    code: Annotated[str, Field(pattern=DOSSIER, description="Code of the dossier.", examples=["QUIROULE"])]
    event: Annotated[
        Literal["changed", "retrieved"],
        Field(description="It was changed online, or copied back to a workstation, whole."),
    ]


class DossierRequest(Credentials):
    """What happened to dossiers that are kept online."""

    dossiers: Annotated[
        list[EventEntry], Field(min_length=1, max_length=100, description="In the order in which it happened.")
    ]


class KnownDossier(Message):
    """What is known of a dossier now."""

    code: str
    changed_on: Annotated[date | None, Field(description="Day of the last change online that was reported.")]
    retrieved_on: Annotated[date | None, Field(description="Day on which it was copied back, if after that.")]


class DossierAnswer(Message):
    """What is known of the dossiers of a report now."""

    dossiers: list[KnownDossier]


class PublicKey(Message):
    """The public key of the grants, which the software checks them with."""

    algorithm: Literal["Ed25519"]
    public_key: Annotated[
        str,
        Field(description="32 bytes in base64 (RFC 4648, section 5), without padding.", min_length=43, max_length=43),
    ]


class WrongField(Message):
    """A part of a request that cannot be used."""

    field: Annotated[str, Field(examples=["dossiers.0.code"])]
    message: str


class Trouble(Message):
    """Why there is no answer. `code` is for the software, `message` for its developer or its user."""

    code: Annotated[str, Field(examples=["no_access"])]
    message: str
    subscriptions: Annotated[list[Name], Field(description="Those to choose from, with choose_subscription.")] = []
    fields: Annotated[list[WrongField], Field(description="What is wrong, with invalid.")] = []
