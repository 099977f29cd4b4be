"""Mails on their way into the outbox: rows, and those that are queued once and never again.

In: Mails. Out: rows of the `outbox` table. Who sends them is no matter here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from flexsync.store.base import Purpose
from flexsync.store.rows import chunks, dump, insert_new
from flexsync.store.tables import outbox


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail to enqueue; at most one per recipient and revision."""

    recipient: str
    key: str
    language: str
    codes: Sequence[str]
    payload: Mapping[str, Any]
    purpose: Purpose = ""
    invitation: int | None = None


@dataclass(frozen=True, slots=True)
class Reminder:
    """A mail that no change causes. `name` is what it reminds of; one person gets the same name once, ever."""

    name: str
    subscription: str
    mail: Mail

    @property
    def dedup(self) -> str:
        """The mark of the row: the reminder and who gets it."""
        return f"{self.subscription}/{self.name}/{self.mail.key}"


def row_of(mail: Mail, dedup: str, subscription: str, run: str, now: datetime) -> dict[str, Any]:
    """The row of a mail that waits to be sent from `now` on."""
    return {
        "dedup": dedup,
        "subscription": subscription,
        "run": run,
        "recipient": mail.recipient,
        "language": mail.language,
        "codes": dump(list(mail.codes)),
        "payload": dump(mail.payload),
        "purpose": mail.purpose,
        "invitation": mail.invitation,
        "state": "queued",
        "attempts": 0,
        "created_at": now,
        "next_at": now,
        "claimed_by": "",
        "error": "",
    }


def unknown(connection: Connection, reminders: Sequence[Reminder]) -> list[Reminder]:
    """Those of `reminders` that were never queued."""
    marks = [reminder.dedup for reminder in reminders]
    queries = (select(outbox.c.dedup).where(outbox.c.dedup.in_(part)) for part in chunks(marks))
    known = {mark for query in queries for mark in connection.scalars(query)}
    return [reminder for reminder in reminders if reminder.dedup not in known]


def enqueue_once(connection: Connection, run: str, reminders: Sequence[Reminder], now: datetime) -> int:
    """Queue those of `reminders` that nobody queued meanwhile; how many they were."""
    rows = [row_of(one.mail, one.dedup, one.subscription, run, now) for one in reminders]
    return len(insert_new(connection, outbox, rows, "dedup", outbox.c.id))
