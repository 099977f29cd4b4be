"""The typed mirror of the people of a subscription."""

from typing import Annotated, Literal

from pydantic import Field

from flexsync.desired.spec_types import Code, Day, Key, Name, Part


class PersonFields(Part):
    """Identity of a person, or a reference to one written once under `people`."""

    person: Annotated[Key | None, Field(description="Key of an entry of the fleet's people.", examples=["c.morel"])] = (
        None
    )
    civility: Annotated[
        Literal["madame", "monsieur"] | None, Field(description="Civilité.", examples=["madame", "monsieur"])
    ] = None
    given_name: Annotated[Name | None, Field(description="Prénom, as written.", examples=["Pierre"])] = None
    family_name: Annotated[Name | None, Field(description="Nom, as written.", examples=["Quiroule"])] = None
    email: Annotated[
        str | None,
        Field(
            min_length=3,
            max_length=254,
            description="The login: one person, one address.",
            examples=["p.quiroule@dupont.example"],
        ),
    ] = None
    language: Annotated[
        Literal["fr", "en"] | None,
        Field(description="Language of the mails to this person; fr when omitted.", examples=["fr"]),
    ] = None


class AdminEntry(PersonFields):
    """The one administrator of the subscription (guide, step 1)."""

    also_user: Annotated[
        bool | None,
        Field(
            description="Also gives the administrator a seat (Créer automatiquement mon compte utilisateur).",
            examples=[True],
        ),
    ] = None
    access: Annotated[
        list[Code] | None,
        Field(
            max_length=50,
            description="Products the administrator's seat opens; all when omitted.",
            examples=[["compta", "paye"]],
        ),
    ] = None


class UserEntry(PersonFields):
    """A user account; its key is the identity, the e-mail may change (guide, step 2)."""

    access: Annotated[
        list[Code] | None,
        Field(
            max_length=50,
            description="Products the user may open; may be omitted when there is only one.",
            examples=[["compta"]],
        ),
    ] = None
    starts_on: Annotated[Day | None, Field(description="First day; invited on it.", examples=["2026-06-01"])] = None
    ends_on: Annotated[
        Day | None, Field(description="Last day, inclusive; deactivated after it.", examples=["2026-09-30"])
    ] = None
    state: Annotated[
        Literal["present", "deleted"] | None,
        Field(description="deleted erases a user who is already deactivated.", examples=["present"]),
    ] = None
    hosted_opt_out: Annotated[
        bool | None,
        Field(description="The user's own refusal of hosted data; not managed when omitted.", examples=[False]),
    ] = None
    previously: Annotated[
        list[Key] | None,
        Field(
            max_length=20,
            description="Former keys of the same person: moved, not re-created.",
            examples=[["laure.b"]],
        ),
    ] = None
    not_same_person: Annotated[
        bool | None, Field(description="Settles a rename question: this is somebody new.", examples=[True])
    ] = None
