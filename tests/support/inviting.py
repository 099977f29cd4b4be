"""What becomes of invitations, as mails and time have it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from flexsync.snapshot import Invitation
from flexsync.state import Person
from flexsync.store.sql import Store
from flexsync.store.tables import account, invitation, outbox, token
from tests.support.stored import NOON, PAUL


def invited(state: str = "expired", attempt: int = 1, last_day: date = date(2013, 6, 14), days: int = 14) -> Invitation:
    """An Invitation that was mailed, and ends at noon of `last_day`."""
    end = datetime(last_day.year, last_day.month, last_day.day, 12, tzinfo=UTC)
    made = end - timedelta(days=days)
    sent = None if state in ("planned", "failed") else made
    return Invitation(state, attempt, days, made, sent, end, last_day)  # type: ignore[arg-type]


def delivered(store: Store) -> None:
    """Every mail that waits leaves now, with its invitation."""
    sent = {"state": "sent", "sent_at": store.clock.now()}
    store.write(lambda connection: connection.execute(update(outbox).where(outbox.c.state == "queued").values(sent)))
    waiting = update(invitation).where(invitation.c.state == "planned")
    store.write(lambda connection: connection.execute(waiting.values(sent)))


def undeliverable(store: Store) -> None:
    """No server takes any of the mails that wait."""
    dead = update(outbox).where(outbox.c.state == "queued").values(state="dead", error="550 no such user")
    store.write(lambda connection: connection.execute(dead))


def rows(store: Store, person: Person = PAUL) -> list[Any]:
    """Every invitation that a person ever had, oldest first."""
    mine = invitation.c.account == _number(person)
    query = select(invitation).where(mine).order_by(invitation.c.id)
    return store.read(lambda connection: list(connection.execute(query)))


def linked(store: Store, person: Person = PAUL, purpose: str = "activation") -> None:
    """A link was sent to a person."""
    row = {"hash": "h", "purpose": purpose, "account": _number(person), "subscription": "", "email": person.email}
    times = {"created_at": NOON, "expires_at": NOON + timedelta(days=14)}
    store.write(lambda connection: connection.execute(token.insert().values(**row, **times)))


def revoked(store: Store) -> datetime | None:
    """When the one link was revoked."""
    return store.read(lambda connection: connection.scalar(select(token.c.revoked_at)))


def _number(person: Person) -> Any:
    return select(account.c.id).where(account.c.key == person.key).scalar_subquery()
