"""The typed mirror of the products and connected services of a subscription."""

from typing import Annotated, Literal

from pydantic import Field

from flexsync.desired.patterns import VARIABLE
from flexsync.desired.spec_types import Code, Day, DossierCode, FilePath, Key, Part, Text
from flexsync.state import GENERATED


class DossierEntry(Part):
    """A set of books kept online, and the proof that it was copied back."""

    label: Annotated[Text | None, Field(description="Name of the dossier.", examples=["Atelier Dupont"])] = None
    retrieved_on: Annotated[
        Day | None, Field(description="Day it was copied back to a workstation.", examples=["2026-01-05"])
    ] = None
    retrieved_by: Annotated[Text | None, Field(description="Who copied it back.", examples=["p.martin"])] = None


class ProductEntry(Part):
    """A product of the subscription."""

    edition: Annotated[Code | None, Field(description="Edition bought.", examples=["evolution"])] = None
    data_mode: Annotated[
        Literal["local", "hosted"] | None,
        Field(description="Where the data lives; local when omitted.", examples=["hosted"]),
    ] = None
    internet_acknowledged: Annotated[
        bool | None,
        Field(description="Confirms that hosted data needs Internet at every launch.", examples=[True]),
    ] = None
    seats: Annotated[int | None, Field(ge=1, le=999, description="Cap on the users of this product.", examples=[2])] = (
        None
    )
    dossiers: Annotated[
        dict[DossierCode, DossierEntry | None] | None,
        Field(
            max_length=500,
            description="Dossiers that must be retrieved before going back to local.",
            examples=[{"DUPONT": {"label": "Atelier Dupont"}}],
        ),
    ] = None
    confirmed_empty_on: Annotated[
        Day | None,
        Field(description="Day on which somebody confirmed that no dossier is online.", examples=["2026-01-31"]),
    ] = None


class SecretRef(Part):
    """Where a secret is read at apply; exactly one of the two."""

    env: Annotated[
        str | None,
        Field(
            pattern=VARIABLE,
            description="Environment variable; {name} is the subscription.",
            examples=["FLEX_{name}_EFILING"],
        ),
    ] = None
    file: Annotated[
        FilePath | None, Field(description="File, relative to the fleet.", examples=["secrets/dupont.txt"])
    ] = None

    @property
    def reference(self) -> str:
        """`env:NAME` or `file:PATH`; empty when neither is said."""
        return f"env:{self.env}" if self.env else f"file:{self.file}" if self.file else ""


class SharedPasswordRef(SecretRef):
    """Where the shared password of a service comes from; exactly one of the three."""

    generate: Annotated[
        Literal[True] | None,
        Field(
            description="Made at apply, shown in the portal to those who may read it, and changed when one leaves.",
            examples=[True],
        ),
    ] = None

    @property
    def reference(self) -> str:
        """As of a SecretRef, or `generate`."""
        return GENERATED if self.generate else super().reference


class EvidenceEntry(Part):
    """Proof that a prerequisite was met (guide, step 3: papers sent to the tax office)."""

    sent_on: Annotated[Day | None, Field(description="Day the papers were sent.", examples=["2026-01-14"])] = None
    authorisation: Annotated[
        Literal["mandate", "direct_debit"] | None,
        Field(description="Mandat or autorisation de prélèvement.", examples=["mandate"]),
    ] = None
    reference: Annotated[Text | None, Field(description="Your reference.", examples=["SIE 2026-0117"])] = None
    acknowledged_by: Annotated[
        Text | None, Field(description="Who answers for going on without a date.", examples=["Claire Morel"])
    ] = None


class ServiceEntry(Part):
    """A connected service (guide, step 3)."""

    enabled: Annotated[bool | None, Field(description="Whether the service is on.", examples=[True])] = None
    sirets: Annotated[
        list[Annotated[str, Field(max_length=40)]] | None,
        Field(max_length=999, description="Establishments that file; quoted.", examples=[["73282932000074"]]),
    ] = None
    recipients: Annotated[
        list[Key] | None,
        Field(max_length=999, description="Users told about the shared password.", examples=[["p.martin"]]),
    ] = None
    password_from: Annotated[
        SharedPasswordRef | None,
        Field(
            description="Where the shared password is read at apply, or that it is made then; never the password.",
            examples=[{"env": "FLEX_{name}_EFILING"}],
        ),
    ] = None
    prerequisites: Annotated[
        dict[Code, EvidenceEntry | None] | None,
        Field(
            max_length=20,
            description="Evidence of what was sent.",
            examples=[{"tax_office_form": {"sent_on": "2026-01-14", "authorisation": "mandate"}}],
        ),
    ] = None
    creditor_id: Annotated[
        str | None, Field(max_length=40, description="SEPA creditor identifier (ICS).", examples=["FR72ZZZ123456"])
    ] = None
    iban: Annotated[
        str | None,
        Field(max_length=50, description="IBAN of the creditor.", examples=["FR7630006000011234567890189"]),
    ] = None
    bic: Annotated[
        str | None, Field(max_length=20, description="BIC of the creditor's bank.", examples=["AGRIFRPP"])
    ] = None
    ends_on: Annotated[
        Day | None, Field(description="Last day of the service; the contract's when omitted.", examples=["2026-12-31"])
    ] = None
