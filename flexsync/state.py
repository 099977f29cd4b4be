"""The State of one subscription: frozen, complete, and the same type for current and desired.

A State says everything explicitly; a person who left is there as `deactivated`. Facts that people
make (password set, invitation accepted) are not part of it. `to_plain` and `from_plain` are its
JSON form, in which defaults are left out, so that equal States have equal text and digest.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any, Literal

from flexsync.address import email_key

UserStatus = Literal["present", "deactivated", "deleted"]
ServiceStatus = Literal["off", "pending", "active"]
DataMode = Literal["local", "hosted"]

#: The reference of a shared password that is read nowhere: apply makes it.
GENERATED = "generate"

#: Key of the seat that `admin.also_user` takes; no declared user may have it.
ADMIN_KEY = "admin"


@dataclass(frozen=True, slots=True)
class Person:
    """Who somebody is. Names keep their case and accents; the e-mail is the login; mails go out in `language`."""

    civility: str
    given_name: str
    family_name: str
    email: str
    language: str = "fr"

    @property
    def name(self) -> str:
        """Given name then family name, as the guide's lists show it."""
        return f"{self.given_name} {self.family_name}"

    @property
    def key(self) -> str:
        """The e-mail as compared, by which accounts are found."""
        return email_key(self.email)


#: What files, columns and JSON say of a person.
PERSON_FIELDS = tuple(field.name for field in fields(Person))


@dataclass(frozen=True, slots=True)
class Admin:
    """The one administrator; `also_user` gives a seat under the key `admin`."""

    person: Person
    also_user: bool = False


@dataclass(frozen=True, slots=True)
class User:
    """A seat. `access` holds sorted product codes; dates are inclusive; a deleted user has no person."""

    person: Person | None
    status: UserStatus = "present"
    access: tuple[str, ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None
    hosted_opt_out: bool = False

    @property
    def unseated(self) -> "User":
        """The same person without a seat: identity and dates are kept, access ends."""
        return replace(self, status="deactivated", access=()) if self.status == "present" else self


@dataclass(frozen=True, slots=True)
class Dossier:
    """A set of books; `retrieved_on` is the day somebody copied it back from the hosted service."""

    label: str = ""
    retrieved_on: date | None = None
    retrieved_by: str = ""


@dataclass(frozen=True, slots=True)
class Product:
    """A product of the subscription and where its data lives."""

    edition: str = "standard"
    data_mode: DataMode = "local"
    seats: int | None = None
    dossiers: Mapping[str, Dossier] = field(default_factory=dict)
    confirmed_empty_on: date | None = None

    def unproven(self, as_of: date) -> "Product":
        """Without what was retrieved, or seen to be empty, on the day `as_of` on which data goes online (again).

        Days are too coarse to tell what came first: kept, it would vouch for data that is yet to be stored there.
        """
        stale = {code for code, one in self.dossiers.items() if one.retrieved_on and one.retrieved_on >= as_of}
        dossiers = {code: Dossier(one.label) if code in stale else one for code, one in self.dossiers.items()}
        seen = self.confirmed_empty_on
        return replace(self, dossiers=dossiers, confirmed_empty_on=None if seen and seen >= as_of else seen)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Proof that a prerequisite was met on paper (guide, step 3)."""

    sent_on: date | None = None
    authorisation: str = ""
    reference: str = ""
    acknowledged_by: str = ""

    def proves(self, as_of: date) -> bool:
        """True when the papers were sent by that day, or somebody answers for going on without a date."""
        return bool(self.acknowledged_by) or (self.sent_on is not None and self.sent_on <= as_of)


@dataclass(frozen=True, slots=True)
class Service:
    """A connected service. `secret` is a reference such as `env:NAME`, or GENERATED, never a value."""

    status: ServiceStatus = "off"
    sirets: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    secret: str = ""
    creditor_id: str = ""
    iban: str = ""
    bic: str = ""
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Company:
    """The customer."""

    legal_name: str = ""
    siren: str = ""
    rcs: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """One subscription, whole. `sirets_allowed` is the contract's count of establishments."""

    name: str
    offer: str
    seats: int
    status: Literal["open", "closed"] = "open"
    customer_code: str = ""
    company: Company = Company()
    ends_on: date | None = None
    sirets_allowed: int | None = None
    products: Mapping[str, Product] = field(default_factory=dict)
    admin: Admin | None = None
    users: Mapping[str, User] = field(default_factory=dict)
    services: Mapping[str, Service] = field(default_factory=dict)

    @property
    def present(self) -> dict[str, User]:
        """The users who occupy a seat, by key."""
        return {key: user for key, user in self.users.items() if user.status == "present"}

    @property
    def present_keys(self) -> set[str]:
        """Account keys of those who are present, the administrator among them."""
        persons = [user.person for user in self.present.values()] + ([self.admin.person] if self.admin else [])
        return {person.key for person in persons if person}

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody with a name: first who left, then who is present, at last the administrator."""
        users = sorted(self.users.items(), key=lambda item: (item[1].status == "present", item[0]))
        persons = [user.person for _, user in users if user.person]
        return (*persons, self.admin.person) if self.admin else tuple(persons)


def canonical(value: Any) -> str:
    """The one JSON text of plain data: sorted keys, no spaces, UTF-8 as it is."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(value: Any) -> str:
    """32 hexadecimal digits that stand for plain data."""
    return hashlib.blake2b(canonical(value).encode(), digest_size=16).hexdigest()


def to_plain(value: Any) -> Any:
    """A State, or any part of one, as plain JSON data without its defaults."""
    if hasattr(value, "__dataclass_fields__"):
        return {name: to_plain(part) for name, part in _parts(value) if not _is_default(value, name, part)}
    if isinstance(value, Mapping):
        return {key: to_plain(part) for key, part in value.items()}
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, date) else value


def _parts(value: Any) -> list[tuple[str, Any]]:
    return [(name, getattr(value, name)) for name in value.__dataclass_fields__]


def _is_default(value: Any, name: str, part: Any) -> bool:
    spec = value.__dataclass_fields__[name]
    if part in ({}, None):
        return True
    return bool(part == spec.default)


def person_from(plain: Mapping[str, Any]) -> Person:
    """The Person that `to_plain` wrote."""
    return Person(**plain)


def user_from(plain: Mapping[str, Any]) -> User:
    """The User that `to_plain` wrote."""
    person = plain.get("person")
    return User(
        person=person_from(person) if person else None,
        status=plain.get("status", "present"),
        access=tuple(plain.get("access", ())),
        starts_on=day(plain.get("starts_on")),
        ends_on=day(plain.get("ends_on")),
        hosted_opt_out=plain.get("hosted_opt_out", False),
    )


def product_from(plain: Mapping[str, Any]) -> Product:
    """The Product that `to_plain` wrote."""
    return Product(
        edition=plain.get("edition", "standard"),
        data_mode=plain.get("data_mode", "local"),
        seats=plain.get("seats"),
        dossiers={code: dossier_from(part) for code, part in plain.get("dossiers", {}).items()},
        confirmed_empty_on=day(plain.get("confirmed_empty_on")),
    )


def dossier_from(plain: Mapping[str, Any]) -> Dossier:
    """The Dossier that `to_plain` wrote."""
    return Dossier(plain.get("label", ""), day(plain.get("retrieved_on")), plain.get("retrieved_by", ""))


def service_from(plain: Mapping[str, Any]) -> Service:
    """The Service that `to_plain` wrote."""
    return Service(
        status=plain.get("status", "off"),
        sirets=tuple(plain.get("sirets", ())),
        recipients=tuple(plain.get("recipients", ())),
        evidence={code: evidence_from(part) for code, part in plain.get("evidence", {}).items()},
        secret=plain.get("secret", ""),
        creditor_id=plain.get("creditor_id", ""),
        iban=plain.get("iban", ""),
        bic=plain.get("bic", ""),
        ends_on=day(plain.get("ends_on")),
    )


def evidence_from(plain: Mapping[str, Any]) -> Evidence:
    """The Evidence that `to_plain` wrote."""
    return Evidence(**{**plain, "sent_on": day(plain.get("sent_on"))})


def admin_from(plain: Mapping[str, Any]) -> Admin:
    """The Admin that `to_plain` wrote."""
    return Admin(person_from(plain["person"]), plain.get("also_user", False))


def from_plain(plain: Mapping[str, Any]) -> State:
    """The State that `to_plain` wrote."""
    admin = plain.get("admin")
    return State(
        name=plain["name"],
        offer=plain["offer"],
        seats=plain["seats"],
        status=plain.get("status", "open"),
        customer_code=plain.get("customer_code", ""),
        company=Company(**plain.get("company", {})),
        ends_on=day(plain.get("ends_on")),
        sirets_allowed=plain.get("sirets_allowed"),
        products={code: product_from(part) for code, part in plain.get("products", {}).items()},
        admin=admin_from(admin) if admin else None,
        users={key: user_from(part) for key, part in plain.get("users", {}).items()},
        services={code: service_from(part) for code, part in plain.get("services", {}).items()},
    )


def day(text: str | None) -> date | None:
    """The date of an ISO text, None of None."""
    return date.fromisoformat(text) if text else None
