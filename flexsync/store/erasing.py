"""One person taken out of all that the store has, the journal and its chain included.

In: a connection that began to write, and Them. Out: rows without that person. The journal keeps its rows and its
links: texts that name the person are replaced, and one more entry of each subscription (`personal.erase`) says
which revisions were, with the digest of what they say now. So the chain proves that nothing but that changed
them (`flexsync.store.chain`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, or_, select, update

from flexsync.address import email_key
from flexsync.snapshot import ADMIN_SUCCESSOR
from flexsync.state import from_plain
from flexsync.store.base import Run
from flexsync.store.chain import ERASE, content_digest
from flexsync.store.mailing import UNSENT
from flexsync.store.rows import digest_of, dump, load
from flexsync.store.tables import account, body, fact, journal, outbox, run, seat
from flexsync.store.tables_portal import disclosure
from flexsync.store.transaction import Saved, Transaction

#: What stands where a name or an address stood.
ERASED = "erased"
#: Keys of plain data below which texts are people's names.
_NAMING = frozenset({"retrieved_by", "acknowledged_by", "names"})
#: Kinds of change whose sides are addresses of one user.
_ADDRESSES = frozenset({"user.propose_email", "user.withdraw_email", "user.change_email"})


@dataclass(frozen=True, slots=True)
class Them:
    """A person: the id of the account, if there still is one, every address as compared, and every full name."""

    account: int | None
    emails: frozenset[str]
    names: frozenset[str]

    def are(self, person: Any) -> bool:
        """True of plain data of a person that is this one."""
        return isinstance(person, Mapping) and email_key(str(person.get("email", ""))) in self.emails

    def wrote(self, text: str) -> bool:
        """True of an address of theirs."""
        return email_key(text) in self.emails

    def said(self, text: str) -> bool:
        """True of a text that is a name or an address of theirs."""
        return text.casefold() in self.names or self.wrote(text)


def find(connection: Connection, key: str) -> Them:
    """All that somebody is known by, today and before: other addresses of the same seats count too."""
    number = connection.scalar(select(account.c.id).where(account.c.key == key))
    emails, names = {key}, set[str]()
    seats = connection.execute(select(seat.c.subscription, seat.c.key).where(seat.c.account == number)).all()
    for name, seat_key in seats if number is not None else ():
        emails |= set(_earlier(connection, name, seat_key))
    taken = connection.scalars(select(account.c.key).where(account.c.key.in_(emails - {key})))
    emails -= set(taken)
    for state in _states(connection, _mentions(journal.c.before, emails)):
        names |= {f"{p['given_name']} {p['family_name']}".casefold() for p in _people(state) if p["email"] in emails}
    return Them(number, frozenset(emails), frozenset(names))


def _earlier(connection: Connection, name: str, key: str) -> Iterator[str]:
    """Addresses as compared that a seat had, or was proposed."""
    query = select(journal.c.before, journal.c.steps).where(journal.c.subscription == name)
    for row in connection.execute(query):
        person = ((load(row.before) or {}).get("users") or {}).get(key, {}).get("person")
        steps = [step for step in load(row.steps) if step["subject"] == f"user/{key}" and step["kind"] in _ADDRESSES]
        told = [step[side] for step in steps for side in ("before", "after")]
        yield from (
            email_key(one) for one in [*told, person and person["email"]] if isinstance(one, str) and "@" in one
        )


def _states(connection: Connection, which: ColumnElement[bool]) -> Iterator[dict[str, Any]]:
    """Before-images of rows of the journal."""
    for text in connection.scalars(select(journal.c.before).where(which)):
        yield load(text) or {}


def _people(state: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    people = [user.get("person") for user in state.get("users", {}).values()]
    for person in [*people, (state.get("admin") or {}).get("person")]:
        if person:
            yield {**person, "email": email_key(person["email"])}


def _mentions(column: ColumnElement[str], texts: frozenset[str] | set[str]) -> ColumnElement[bool]:
    lowered = func.lower(column)
    return or_(*(lowered.contains(text, autoescape=True) for text in sorted(texts)))


def places(connection: Connection, them: Them) -> list[str]:
    """Names of the subscriptions whose State or journal names the person, sorted."""
    said = or_(*(_mentions(text, them.emails) for text in (journal.c.before, journal.c.steps, journal.c.actor)))
    held = or_(*(_mentions(text, them.emails) for text in (body.c.current, body.c.applied)))
    queries = (
        select(journal.c.subscription).where(said),
        select(body.c.subscription).where(held),
        select(seat.c.subscription).where(seat.c.account == them.account),
    )
    return sorted({name for query in queries for name in connection.scalars(query)})


def still_in(connection: Connection, them: Them) -> list[str]:
    """Names of the subscriptions that the person uses or administers, or is asked to."""
    found = set()
    query = select(body).where(_mentions(body.c.current, them.emails))
    for row in connection.execute(query):
        if _active(load(row.current), them):
            found.add(row.subscription)
    asked = select(fact).where(fact.c.name == ADMIN_SUCCESSOR)
    found |= {row.subscription for row in connection.execute(asked) if email_key(row.value) in them.emails}
    return sorted(found)


def left_at(connection: Connection, them: Them) -> datetime | None:
    """When the last seat or administration of the person ended; None when the journal knows of none."""
    query = select(journal.c.at, journal.c.before).where(_mentions(journal.c.before, them.emails))
    return max((row.at for row in connection.execute(query) if _active(load(row.before), them)), default=None)


def _active(state: Mapping[str, Any] | None, them: Them) -> bool:
    if not state or state.get("status", "open") == "closed":
        return False
    users = [user for user in state.get("users", {}).values() if user.get("status", "present") == "present"]
    return any(them.are(user.get("person")) for user in users) or them.are((state.get("admin") or {}).get("person"))


def erase(connection: Connection, them: Them, by: Run, now: datetime) -> list[str]:
    """Take the person out of everything; the names of the subscriptions whose journal says so."""
    names = places(connection, them)
    for name in names:
        _subscription(connection, name, them, by, now)
    _runs(connection, them)
    _mails(connection, them)
    _disclosures(connection, them)
    # Invitations, links, sessions and workstations go with it.
    connection.execute(delete(account).where(account.c.id == them.account))
    return names


def _subscription(connection: Connection, name: str, them: Them, by: Run, now: datetime) -> None:
    transaction = Transaction(connection, name, by, now)
    transaction.snapshot()  # locks it
    keys = set(
        connection.scalars(select(seat.c.key).where(seat.c.subscription == name, seat.c.account == them.account))
    )
    row = connection.execute(select(body).where(body.c.subscription == name)).one()
    texts = {column: _state(getattr(row, column), them) for column in ("current", "applied")}
    connection.execute(update(body).where(body.c.subscription == name).values(texts))
    digests = _journal(connection, name, them, texts["current"])
    snapshot = transaction.snapshot()
    if snapshot.current is None:
        return
    gone = tuple(f"user/{key}/" for key in keys)
    facts = {key: value for key, value in snapshot.facts.items() if not key.startswith(gone) and not them.wrote(value)}
    step = {"kind": ERASE, "subject": "journal", "before": None, "after": digests, "cause": "personal data"}
    operation = digest_of(dump([ERASE, name, by.id]))
    applied = snapshot.applied or snapshot.current
    transaction.save(Saved(snapshot.current, applied, facts, operation, [step], next_due=transaction.next_due))


def _journal(connection: Connection, name: str, them: Them, current: str) -> dict[str, str]:
    """Replace what names the person in the journal of a subscription; digests of what changed, by revision."""
    rows = connection.execute(select(journal).where(journal.c.subscription == name).order_by(journal.c.revision)).all()
    befores = [_state(row.before, them) for row in rows]
    digests: dict[str, str] = {}
    for row, before, after in zip(rows, befores, [*befores[1:], current], strict=True):
        new = {
            "before": before,
            "after_digest": digest_of(after),
            "steps": dump(_plain(load(row.steps), them)),
            "actor": ERASED if them.said(row.actor) else row.actor,
        }
        if any(getattr(row, column) != value for column, value in new.items()):
            connection.execute(update(journal).where(journal.c.id == row.id).values(new))
            digests[str(row.revision)] = content_digest({**row._asdict(), **new})
    return digests


def _state(text: str, them: Them) -> str:
    """The text of a State without the person: users become what a deleted user is, an administrator nobody."""
    plain = load(text)
    if plain is None:
        return text
    users = {
        key: {"status": "deleted"} if them.are(user.get("person")) else user
        for key, user in plain.get("users", {}).items()
    }
    admin = plain.get("admin")
    kept = {**plain, "users": users, "admin": None if admin and them.are(admin["person"]) else admin}
    return dump(from_plain(_plain(kept, them)))


def _plain(value: Any, them: Them, *, named: bool = False) -> Any:
    """Plain data without the person; `named` where a text is somebody's name, and never that of a firm."""
    if isinstance(value, Mapping):
        parts = ((key, part, named or key in _NAMING) for key, part in value.items())
        return {} if them.are(value) else {key: _plain(part, them, named=name) for key, part, name in parts}
    if isinstance(value, list):
        return [_plain(part, them, named=named) for part in value]
    return ERASED if isinstance(value, str) and (them.wrote(value) or (named and them.said(value))) else value


def _runs(connection: Connection, them: Them) -> None:
    for row in connection.execute(select(run.c.id, run.c.actor).where(_mentions(run.c.actor, them.emails))).all():
        if them.said(row.actor):
            connection.execute(update(run).where(run.c.id == row.id).values(actor=ERASED))


def _mails(connection: Connection, them: Them) -> None:
    """Mails to the person lose what they said; in those to others the person is nobody."""
    which = or_(_mentions(outbox.c.recipient, them.emails), _mentions(outbox.c.payload, them.emails))
    for row in connection.execute(select(outbox).where(which)).all():
        values: dict[str, Any] = {"payload": dump(_plain(load(row.payload), them))}
        if them.said(row.recipient):
            state = "cancelled" if row.state in UNSENT else row.state
            values = {"payload": "{}", "recipient": ERASED, "dedup": f"{ERASED}/{row.id}", "error": "", "state": state}
        connection.execute(update(outbox).where(outbox.c.id == row.id).values(values))


def _disclosures(connection: Connection, them: Them) -> None:
    for row in connection.execute(select(disclosure).where(_theirs(them))).all():
        values = {
            "actor": ERASED if them.said(row.actor) else row.actor,
            "what": f"personal/{ERASED}" if them.said(row.what.removeprefix("personal/")) else row.what,
        }
        connection.execute(update(disclosure).where(disclosure.c.id == row.id).values(values))


def _theirs(them: Them) -> ColumnElement[bool]:
    return or_(_mentions(disclosure.c.actor, them.emails), _mentions(disclosure.c.what, them.emails))
