"""A mail that no change of a subscription causes, put into the outbox."""

from datetime import datetime

from sqlalchemy import Connection, update

from flexsync.store.base import Run
from flexsync.store.rows import dump
from flexsync.store.tables import outbox
from flexsync.store.transaction import Mail


def post(connection: Connection, subscription: str, run: Run, mail: Mail, dedup: str, now: datetime) -> None:
    """Queue `mail` under `dedup`, which no other mail has. An older one for the same use stays home."""
    if mail.purpose:
        same = (outbox.c.recipient == mail.recipient, outbox.c.purpose == mail.purpose, outbox.c.state == "queued")
        connection.execute(update(outbox).where(*same).values(state="cancelled"))
    row = {
        "dedup": dedup,
        "subscription": subscription,
        "run": run.id,
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
    connection.execute(outbox.insert(), row)
