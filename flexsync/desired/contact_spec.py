"""The typed mirrors of how a fleet reaches people: its mail server and its portal."""

from typing import Annotated, Literal

from pydantic import Field

from flexsync.desired.patterns import HOST, MAILBOX, ORIGIN, RELEASES
from flexsync.desired.spec_services import SecretRef
from flexsync.desired.spec_types import Network, Part, Text


class SmtpEntry(Part):
    """A mail server."""

    host: Annotated[str, Field(pattern=HOST, description="Name of the server.", examples=["smtp.morel.example"])]
    port: Annotated[int, Field(ge=1, le=65535, description="Port; 587 by default.", examples=[587])] = 587
    tls: Annotated[
        Literal["starttls", "implicit", "none"],
        Field(
            description="How the connection is protected; none is accepted towards this machine alone.",
            examples=["starttls"],
        ),
    ] = "starttls"
    user: Annotated[Text | None, Field(description="Login, when the server asks for one.", examples=["flex"])] = None
    password_from: Annotated[
        SecretRef | None, Field(description="Where its password is.", examples=[{"env": "FLEX_SMTP"}])
    ] = None


class MailEntry(Part):
    """Who writes the mails, and through which server."""

    sender: Annotated[
        str,
        Field(pattern=MAILBOX, max_length=254, description="Address of the sender.", examples=["flex@morel.example"]),
    ]
    sender_name: Annotated[
        Text | None, Field(description="Name of the sender.", examples=["Espace Flexibilité du cabinet Morel"])
    ] = None
    smtp: Annotated[
        SmtpEntry | None,
        Field(
            description="The mail server; without one, mails are files of .flexsync/mail/.",
            examples=[{"host": "smtp.morel.example"}],
        ),
    ] = None
    uncertain: Annotated[
        Literal["resend", "hold"],
        Field(
            description="What becomes of a mail of which nobody knows whether the server took it: "
            "sent again, or held for a person to decide.",
            examples=["hold"],
        ),
    ] = "resend"
    operators: Annotated[
        list[Annotated[str, Field(pattern=MAILBOX, max_length=254)]],
        Field(
            max_length=20,
            description="Who gets a digest of each run that failed or refused something.",
            examples=[["flex-operators@morel.example"]],
        ),
    ] = []


class PortalEntry(Part):
    """Where people choose their passwords and find their products."""

    url: Annotated[
        str,
        Field(
            pattern=ORIGIN,
            max_length=200,
            description="Address of the portal.",
            examples=["https://flex.morel.example"],
        ),
    ]
    front: Annotated[
        list[Network],
        Field(
            max_length=20,
            description="Networks of the servers in front, whose X-Forwarded-For is believed; this machine always is.",
            examples=[["10.0.0.0/8"]],
        ),
    ] = []
    key_from: Annotated[
        SecretRef | None,
        Field(
            description="Where the key is that links, shared passwords and offline grants hang on; "
            "without it, a file beside a SQLite store.",
            examples=[{"env": "FLEX_KEY"}],
        ),
    ] = None
    console_edits: Annotated[
        bool,
        Field(
            description="Whether administrators may change in the console what the files manage; it then is drift.",
            examples=[True],
        ),
    ] = False
    releases: Annotated[
        str | None,
        Field(
            pattern=RELEASES,
            max_length=400,
            description="Folder or address of the releases to download.",
            examples=["releases", "https://files.morel.example/flex"],
        ),
    ] = None
    offline_days: Annotated[
        int,
        Field(ge=1, le=90, description="How long a product may start without Internet in local mode.", examples=[30]),
    ] = 30
    keep_days: Annotated[
        int,
        Field(
            ge=1,
            le=3650,
            description="How long personal data is kept after somebody's last seat ended, "
            "and what mails said after they left.",
            examples=[365],
        ),
    ] = 365

    @property
    def key_reference(self) -> str:
        """Where the key is: `env:NAME` or `file:PATH`; empty for the file beside the store."""
        return self.key_from.reference if self.key_from else ""
