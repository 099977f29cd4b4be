"""A mail that no change of a subscription causes, put into the outbox."""

from datetime import datetime

from sqlalchemy import Connection, update

from flexsync.store.base import Run
from flexsync.store.queue import Mail, row_of
from flexsync.store.tables import outbox


def post(connection: Connection, subscription: str, run: Run, mail: Mail, dedup: str, now: datetime) -> None:
    """Queue `mail` under `dedup`, which no other mail has. An older one for the same use stays home."""
    if mail.purpose:
        same = (outbox.c.recipient == mail.recipient, outbox.c.purpose == mail.purpose, outbox.c.state == "queued")
        connection.execute(update(outbox).where(*same).values(state="cancelled"))
    connection.execute(outbox.insert(), row_of(mail, dedup, subscription, run.id, now))
