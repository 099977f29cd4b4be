"""Rows of shared passwords, encrypted, and of who was shown one. It holds no key and no password."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select, update

from flexsync.store.rows import AnySelect, upsert
from flexsync.store.tables_portal import disclosure, service_secret

#: Encrypted passwords, by subscription and code of the service.
Texts = Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class Kept:
    """The shared password of a service, encrypted, and since when it is this one."""

    ciphertext: str
    set_at: datetime


@dataclass(frozen=True, slots=True)
class Disclosure:
    """Somebody was shown something: `actor` is the key of an account, `what` a subject such as `service/CODE`."""

    at: datetime
    actor: str
    subscription: str
    what: str


DISCLOSURES: AnySelect = select(disclosure.c.at, disclosure.c.actor, disclosure.c.subscription, disclosure.c.what)


def keep(connection: Connection, name: str, run: str, now: datetime, texts: Mapping[str, str]) -> None:
    """Write the encrypted `texts` of a subscription, by code of the service."""
    rows = [
        {"subscription": name, "service": code, "ciphertext": text, "set_at": now, "run": run}
        for code, text in sorted(texts.items())
    ]
    upsert(connection, service_secret, rows, "subscription", "service")


def forget(connection: Connection, name: str, services: Sequence[str]) -> None:
    """Remove the encrypted passwords of `services`."""
    if services:
        mine = (service_secret.c.subscription == name, service_secret.c.service.in_(services))
        connection.execute(delete(service_secret).where(*mine))


def kept(connection: Connection, name: str, service: str) -> Kept | None:
    """The encrypted password of one service, None when there is none."""
    query = select(service_secret.c.ciphertext, service_secret.c.set_at).where(
        service_secret.c.subscription == name, service_secret.c.service == service
    )
    row = connection.execute(query).first()
    return Kept(row.ciphertext, row.set_at) if row else None


def every(connection: Connection) -> Texts:
    """The encrypted passwords of all subscriptions."""
    rows = select(service_secret.c.subscription, service_secret.c.service, service_secret.c.ciphertext)
    return {(row.subscription, row.service): row.ciphertext for row in connection.execute(rows)}


def reencrypt(connection: Connection, texts: Texts) -> None:
    """Put the same passwords, encrypted anew, in place of the old `texts`."""
    if not texts:
        return
    mine = (service_secret.c.subscription == bindparam("name"), service_secret.c.service == bindparam("code"))
    rows = [{"name": name, "code": code, "text": text} for (name, code), text in sorted(texts.items())]
    connection.execute(update(service_secret).where(*mine).values(ciphertext=bindparam("text")), rows)


def disclosed(connection: Connection, entry: Disclosure, account: int) -> None:
    """Record that the account of that number was shown something."""
    row = {"at": entry.at, "actor": entry.actor, "subscription": entry.subscription, "what": entry.what}
    connection.execute(disclosure.insert(), {**row, "account": account})


def disclosures(connection: Connection, name: str = "", since: datetime | None = None) -> list[Disclosure]:
    """What was shown to whom, oldest first: all of it, or of one subscription, or from an instant on."""
    query = DISCLOSURES
    if name:
        query = query.where(disclosure.c.subscription == name)
    if since:
        query = query.where(disclosure.c.at >= since)
    return [Disclosure(*row) for row in connection.execute(query.order_by(disclosure.c.id))]
