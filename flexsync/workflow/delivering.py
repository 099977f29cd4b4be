"""deliver: the mails that wait, handed over.

In: a Desk, which says how the fleet reaches people. Out: rounds of delivery. What waits leaves first: whatever goes
wrong with reminders, no invitation waits for it. It decides nothing about letters; `flexsync.outbox` does.
"""

import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import SystemRandom
from typing import TYPE_CHECKING

from flexsync.acts.personal import purge
from flexsync.clock import Clock, today
from flexsync.desired.contact_spec import SmtpEntry
from flexsync.errors import FlexsyncError, Refused, StoreUnavailable
from flexsync.keys import Keys
from flexsync.outbox.channel import Channel
from flexsync.outbox.deliver import Delivered, Post, deliver
from flexsync.outbox.letterhead import Letterhead
from flexsync.outbox.maildir import Maildir
from flexsync.outbox.server import Server
from flexsync.outbox.smtp import Smtp
from flexsync.secrets import Secrets
from flexsync.store import mailing
from flexsync.store.mailing import Backlog
from flexsync.workflow.desk import Desk
from flexsync.workflow.interrupting import interruptible
from flexsync.workflow.keeping import keys_made
from flexsync.workflow.reminding import remind, were_sought
from flexsync.workflow.stores import existing

if TYPE_CHECKING:
    from flexsync.store.sql import Store

#: Where mails go when no mail server is set up, beside the files.
FOLDER = ".flexsync/mail"

#: Seconds between two looks at the outbox, and at most, while the mail server takes nothing.
PAUSE = 5
LONGEST_PAUSE = 300


@dataclass(frozen=True, slots=True)
class Round:
    """One look at the outbox: what was delivered, and what waits now."""

    delivered: Delivered
    backlog: Backlog


def channel_of(desk: Desk, secrets: Secrets) -> Channel:
    """What takes the mails of a fleet away; raises StoreUnavailable when the server's password cannot be had."""
    mail = desk.mail
    if mail.smtp is None:
        return Maildir(desk.root / FOLDER)
    return Smtp(_server(mail.smtp, mail.sender, secrets))


def _server(entry: SmtpEntry, sender: str, secrets: Secrets) -> Server:
    user, password = entry.user or "", ""
    if user:
        password = _password(entry.password_from.reference if entry.password_from else "", secrets)
    return Server(entry.host, entry.port, entry.tls, sender, user, password)


def _password(reference: str, secrets: Secrets) -> str:
    if not reference:
        raise StoreUnavailable("mail.smtp has a user and no password_from: say where its password is.")
    try:
        password = secrets.read(reference)
    except Refused as error:
        raise StoreUnavailable(f"The password of the mail server cannot be had: {error}.") from None
    if not password.isascii():
        raise StoreUnavailable("The password of the mail server holds letters that no mail server takes; use ASCII.")
    return password


def letterhead_of(desk: Desk, store: "Store") -> Letterhead:
    """What all mails of a fleet have in common."""
    mail = desk.mail
    return Letterhead(desk.fleet.catalogue, mail.sender, mail.sender_name or "", desk.portal.url, store.id)


def _keys(desk: Desk, secrets: Secrets) -> Keys:
    try:
        return keys_made(desk.portal.key_reference, secrets, desk.store_url)
    except Refused as error:
        raise StoreUnavailable(f"The key of links cannot be had: {error}.") from None


@contextmanager
def post_of(desk: Desk, secrets: Secrets, clock: Clock) -> "Iterator[Post]":
    """All that delivery takes, with the store open. Raises StoreUnavailable when key, password or store is missing."""
    with existing(desk.store_url, clock) as store:
        yield Post(
            store=store,
            keys=_keys(desk, secrets),
            letterhead=letterhead_of(desk, store),
            channel=channel_of(desk, secrets),
            uncertain=desk.mail.uncertain,
            chance=SystemRandom(),
            who=uuid.uuid4().hex,
            keep=timedelta(days=desk.portal.keep_days),
        )


def reminded(post: Post) -> int:
    """Queue the reminders of today, how many they are; before, what is kept no longer is forgotten.

    Both happen once a day, however often mails are delivered: all subscriptions are read, and all mails.
    """
    day = today(post.store.clock)
    if were_sought(post.store, day):
        return 0
    purge(post.store, post.keep)
    return remind(post.store, post.letterhead.catalogue, day, actor="flexsync")


def once(post: Post, *, limit: int | None, on_letter: Callable[[str], None] = lambda fate: None) -> Round:
    """Deliver what is due, then the reminders of the day; SIGTERM and SIGINT end it after the mail in hand.

    Reminders that cannot be made are trouble, told beside what was delivered.
    """
    with interruptible() as heard:
        delivered = deliver(post, limit=limit, stop=lambda: bool(heard), on_letter=on_letter)
        left = None if limit is None else limit - delivered.counts.total()
        try:
            if not delivered.interrupted and reminded(post) and delivered.goes_on and left != 0:
                delivered += deliver(post, limit=left, stop=lambda: bool(heard), on_letter=on_letter)
        except FlexsyncError as error:
            delivered = replace(delivered, trouble=f"The reminders of the day could not be sent: {error}")
    return Round(delivered, backlog_of(post.store))


def watched(post: Post, *, limit: int | None, wait: Callable[[float], None] = time.sleep) -> Iterator[Round]:
    """Rounds without end, a pause after each, until SIGTERM or SIGINT."""
    with interruptible() as heard:
        yield from rounds(post, limit=limit, stop=lambda: bool(heard), wait=wait)


def rounds(
    post: Post, *, limit: int | None, stop: Callable[[], bool], wait: Callable[[float], object] = time.sleep
) -> Iterator[Round]:
    """Rounds until `stop`, a pause after each that grows while no mail leaves."""
    pause, day = PAUSE, date.min
    while not stop():
        delivered = deliver(post, limit=limit, stop=stop)
        yield Round(delivered, backlog_of(post.store))
        if day != today(post.store.clock):
            day = today(post.store.clock)
            if reminded(post):
                continue
        pause = min(pause * 2, LONGEST_PAUSE) if delivered.trouble else PAUSE
        _rest(pause, wait, stop)


def _rest(seconds: int, wait: Callable[[float], object], stop: Callable[[], bool]) -> None:
    """Wait, and hear a `stop` within a second."""
    for _ in range(seconds):
        if stop():
            return
        wait(1)


def backlog_of(store: "Store") -> Backlog:
    """The mails that did not leave, counted."""
    return store.read(lambda connection: mailing.backlog(connection, store.clock.now()))
