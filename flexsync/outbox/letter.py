"""What one person has to be told of one run, in plain values: the rows of the outbox made one Letter.

In: the OutboxRows of one run and recipient, over all subscriptions. Out: a Letter, in which every text that somebody
typed is harmless. It holds no words of its own: `flexsync.outbox.wording` chooses them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flexsync.address import email_key
from flexsync.clock import PARIS
from flexsync.language import DEFAULT, LANGUAGES
from flexsync.outbox.harmless import harmless
from flexsync.store.base import OutboxRow, Purpose

#: Codes, the gravest first: what to do now, what was taken away, what changed, what is news.
GRAVITY = ("N7", "N1", "N2", "N6", "N5", "N12", "N10", "N4", "N9", "N11", "N8", "N14", "N13", "N3", "N15")
#: Kinds whose mail to the new address asks to confirm it.
PROPOSING = ("user.propose_email", "admin.propose_email")


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that happened. `subject`, `before` and `after` are those of the Change.

    `mine` when it is about the reader. `more` is what the change alone does not say: the `identifier` and the
    `names` of the recipients of a service, the `dossiers` of a product, the `days` left.
    """

    code: str
    kind: str = ""
    subject: str = ""
    before: Any = None
    after: Any = None
    mine: bool = True
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def parts(self) -> tuple[str, ...]:
        """The subject in its parts: `("product", "compta")`."""
        return tuple(self.subject.split("/"))


@dataclass(frozen=True, slots=True)
class Part:
    """What changed in one subscription, gravest first, and the subscription as it is now.

    `access` are the products that the reader may open, `hosted` those of them whose data is online; `seats` and
    `occupied` count user accounts.
    """

    subscription: str
    customer_code: str = ""
    legal_name: str = ""
    offer: str = ""
    products: tuple[str, ...] = ()
    access: tuple[str, ...] = ()
    hosted: tuple[str, ...] = ()
    seats: int = 0
    occupied: int = 0
    told: tuple[Told, ...] = ()


@dataclass(frozen=True, slots=True)
class Letter:
    """All that one person is told of one run. `on` is the day in Paris on which it happened."""

    run: str
    recipient: str
    language: str
    on: date
    civility: str = ""
    family_name: str = ""
    purpose: Purpose = ""
    parts: tuple[Part, ...] = ()

    @property
    def told(self) -> tuple[Told, ...]:
        """Everything of all subscriptions, gravest first."""
        return tuple(sorted((told for part in self.parts for told in part.told), key=_gravity))

    @property
    def confirms(self) -> bool:
        """True of the mail that asks whether the recipient's address is the right one."""
        return self.purpose == "confirm_email"


@dataclass(frozen=True, slots=True)
class Links:
    """Where a mail leads: to the `portal`, and by `link`, empty for none, to what it is about, `until` it ends."""

    portal: str
    link: str = ""
    until: datetime | None = None


def letters(rows: Sequence[OutboxRow]) -> Letter:
    """The one Letter of `rows`, which are all of one run and one recipient, and at least one."""
    ordered = sorted(rows, key=lambda row: (row.subscription, row.id))
    first = ordered[0]
    person: Mapping[str, Any] = next((row.payload["person"] for row in ordered if row.payload.get("person")), {})
    return Letter(
        run=first.run,
        recipient=first.recipient,
        language=first.language if first.language in LANGUAGES else DEFAULT,
        on=first.created_at.astimezone(PARIS).date(),
        civility=harmless(person.get("civility", "")),
        family_name=harmless(person.get("family_name", "")),
        purpose=next((row.purpose for row in ordered if row.purpose), ""),
        parts=tuple(_part(row) for row in ordered),
    )


def _part(row: OutboxRow) -> Part:
    payload = harmless(row.payload)
    return Part(
        subscription=harmless(row.subscription),
        customer_code=payload.get("customer_code", ""),
        legal_name=payload.get("legal_name", ""),
        offer=payload.get("offer", ""),
        products=tuple(payload.get("products", ())),
        access=tuple(payload.get("access", ())),
        hosted=tuple(payload.get("hosted", ())),
        seats=payload.get("seats", 0),
        occupied=payload.get("occupied", 0),
        told=tuple(sorted(_all_told(row, payload), key=_gravity)),
    )


def _all_told(row: OutboxRow, payload: Mapping[str, Any]) -> Iterator[Told]:
    """What the row lists, and each of its codes that nothing in the list stands for."""
    changes = payload.get("changes", ())
    for change in changes:
        yield _one_told(change, email_key(row.recipient))
    listed = {change["code"] for change in changes}
    yield from (Told(code) for code in row.codes if code not in listed)


def _one_told(change: Mapping[str, Any], reader: str) -> Told:
    plain = {name: change.get(name) for name in ("before", "after")}
    more = {name: value for name, value in change.items() if name not in ("code", "kind", "subject", *plain)}
    mine = _is_mine(plain, reader)
    return Told(change["code"], change.get("kind", ""), change.get("subject", ""), **plain, mine=mine, more=more)


def _is_mine(plain: Mapping[str, Any], reader: str) -> bool:
    """False when the change carries a person who is somebody else."""
    persons = [side["person"] for side in plain.values() if isinstance(side, Mapping) and side.get("person")]
    return not persons or any(email_key(person.get("email", "")) == reader for person in persons)


def _gravity(told: Told) -> tuple[int, str]:
    return GRAVITY.index(told.code), told.subject
