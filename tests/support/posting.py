"""Delivery for tests: a Post over a store, mails read back, links followed."""

import random
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from flexsync.keys import Keys, hashed
from flexsync.outbox.channel import Channel
from flexsync.outbox.deliver import Delivered, Post, deliver
from flexsync.outbox.letterhead import Letterhead
from flexsync.outbox.maildir import Maildir
from flexsync.state import Person, State
from flexsync.store import tokens
from flexsync.store.sql import Store
from flexsync.store.tables import account
from flexsync.store.tokens import Link
from tests.support.stored import CATALOGUE, atelier, user

PORTAL = "https://flex.morel.example"
SENDER = "flex@morel.example"
KEYS = Keys(b"a key for tests alone, of no worth")
LINK = re.compile(re.escape(PORTAL) + r"/link/([A-Za-z0-9_-]{43})")


def post(store: Store, channel: Channel, *, uncertain: str = "resend", who: str = "deliverer") -> Post:
    head = Letterhead(CATALOGUE, SENDER, "Cabinet Morel", PORTAL, store.id)
    return Post(store, KEYS, head, channel, uncertain, random.Random(7), who)  # type: ignore[arg-type]


def delivered(store: Store, channel: Channel, **options: object) -> Delivered:
    """One round of delivery."""
    return deliver(post(store, channel, **options))  # type: ignore[arg-type]


@dataclass
class Box:
    """A folder of mails, and what is in it."""

    folder: Path

    @property
    def channel(self) -> Maildir:
        return Maildir(self.folder)

    @property
    def mails(self) -> dict[str, EmailMessage]:
        """Mails by recipient; one each, or this fails."""
        return by_recipient(path.read_bytes() for path in sorted(self.folder.glob("*.eml")))


def by_recipient(contents: Iterable[bytes]) -> dict[str, EmailMessage]:
    found: dict[str, EmailMessage] = {}
    for content in contents:
        mail = read(content)
        assert mail["To"] not in found
        found[str(mail["To"])] = mail
    return found


def read(content: bytes) -> EmailMessage:
    return BytesParser(EmailMessage, policy=policy.default).parsebytes(content)


def words(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def token_in(mail: EmailMessage) -> str:
    """The secret part of the one link of a mail, which its HTML carries as well; empty without one."""
    html = mail.get_body(("html",))
    assert html is not None
    found, linked = set(LINK.findall(words(mail))), set(LINK.findall(html.get_content()))
    assert found == linked and len(found) <= 1
    return found.pop() if found else ""


def looked(store: Store, token: str) -> Link | None:
    return store.read(lambda connection: tokens.look(connection, hashed(token), store.clock.now()))


def used(store: Store, token: str, purpose: str) -> Link | None:
    """Follow a link to its end."""
    return store.write(lambda connection: tokens.consume(connection, hashed(token), purpose, store.clock.now()))  # type: ignore[arg-type]


def with_password(store: Store, *keys: str) -> None:
    """People who chose their password."""
    values = {"password_hash": "x", "password_set_at": store.clock.now()}
    store.write(lambda connection: connection.execute(account.update().where(account.c.key.in_(keys)).values(values)))


def crowd(number: int, name: str = "crowd") -> State:
    """A subscription of `number` users, besides its administrator."""
    people = {f"u{n:04}": Person("madame", "Prénom", f"Nom{n}", f"u{n:04}@crowd.example") for n in range(number)}
    return atelier(name, seats=number, users={key: user(one, "compta") for key, one in people.items()})


def states(store: Store) -> dict[str, list[str]]:
    """States of the mails by recipient."""
    found: dict[str, list[str]] = {}
    for row in store.outbox():
        found.setdefault(row.recipient, []).append(row.state)
    return found


DAY = timedelta(days=1)
