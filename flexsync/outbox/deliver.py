"""The loop of delivery: claim letters, put each on the wire, write down what became of it.

In: a Post, which is all that it takes. Out: Delivered. Each step is committed before the next one, so that a
deliverer who dies loses nothing: a letter that was not begun is free again when its lease ends, and one that was on
the wire is sent again, with the same Message-ID and link, or held.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from sqlalchemy import Connection

from flexsync.address import domain_of, email_problem
from flexsync.catalogue import Catalogue
from flexsync.clock import PARIS
from flexsync.errors import FlexsyncError
from flexsync.faults import point
from flexsync.keys import Keys, hashed
from flexsync.outbox.channel import Answer, Channel, Unreachable
from flexsync.outbox.letter import letters
from flexsync.outbox.message import message, stable_id
from flexsync.store import mailing, tokens
from flexsync.store.base import OutboxRow
from flexsync.store.mailing import Fate, LetterRows
from flexsync.store.sql import Store
from flexsync.store.tokens import Link
from flexsync.text import shorten

#: How often a letter is tried; with the waits between, for about a day.
ATTEMPTS = 12
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=8)
#: Letters in a row that do not leave, after which the rest waits for another time.
IN_VAIN = 10

_BATCH = 20


class Spread(Protocol):
    """A source of chance, such as `random.SystemRandom()`."""

    def uniform(self, a: float, b: float) -> float:
        """A number from `a` to `b`."""
        ...


@dataclass(frozen=True, slots=True)
class Post:
    """All that delivery takes. `who` is this deliverer's name alone; `portal` the address of the portal."""

    store: Store
    keys: Keys
    catalogue: Catalogue
    channel: Channel
    sender: str
    sender_name: str
    portal: str
    uncertain: Literal["resend", "hold"]
    chance: Spread
    who: str


@dataclass(frozen=True, slots=True)
class Delivered:
    """Letters by what became of them (`sent`, `later`, `held`, `dead`, `cancelled`), and what ended the round early."""

    counts: Counter[str]
    trouble: str = ""
    interrupted: bool = False


@dataclass(frozen=True, slots=True)
class _Begun:
    """A letter on the wire: its rows, the link that it carries, and the secret part of that link."""

    rows: LetterRows
    link: Link | None = None
    token: str = ""
    error: str = ""


def deliver(
    post: Post,
    *,
    limit: int | None = None,
    stop: Callable[[], bool] = lambda: False,
    on_letter: Callable[[str], None] = lambda fate: None,
) -> Delivered:
    """Deliver what is due, at most `limit` letters; `stop` is asked before each.

    A channel that takes no mail ends the round, and no letter is the worse for it. Raises StoreUnavailable.
    """
    counts: Counter[str] = Counter()
    trouble = ""
    post.store.write(lambda connection: mailing.settle(connection, _UNKNOWN[post.uncertain], post.store.clock.now()))
    try:
        in_vain = 0
        for letter in _claimed(post, limit, stop):
            fate = _delivered(post, letter)
            counts[fate] += 1
            on_letter(fate)
            in_vain = 0 if fate in ("sent", "cancelled") else in_vain + 1
            if in_vain == IN_VAIN:
                trouble = f"{IN_VAIN} mails in a row did not leave; see `flexsync outbox list`."
                break
    except Unreachable as error:
        trouble = str(error)
    finally:
        post.channel.close()
        post.store.write(lambda connection: mailing.release(connection, post.who))
    return Delivered(counts, trouble, stop())


def _claimed(post: Post, limit: int | None, stop: Callable[[], bool]) -> Iterator[LetterRows]:
    """Letters claimed in batches, until there is none, or enough."""
    left = limit
    while left is None or left > 0:
        number = _BATCH if left is None else min(_BATCH, left)
        batch = post.store.write(lambda connection, n=number: mailing.claim(connection, post.who, n, _now(post)))
        point("letters-claimed")
        for letter in batch:
            if stop():
                return
            yield letter
        if not batch:
            return
        left = None if left is None else left - len(batch)


def _delivered(post: Post, letter: LetterRows) -> str:
    """What became of one letter; raises Unreachable, with the letter free again."""
    begun = post.store.write(lambda connection: _begin(connection, post, letter))
    point("letter-begun")
    if not begun.rows:
        return "cancelled"
    try:
        fate = _fate(post, begun)
    except Unreachable as error:
        _finish(post, begun, Fate("queued", error=str(error), counts=False))
        raise
    _finish(post, begun, fate)
    return "later" if fate.state == "queued" else fate.state


def _begin(connection: Connection, post: Post, letter: LetterRows) -> _Begun:
    """Put on the wire what still is ours to send, with its link made good; a mail whose link has no use stays home."""
    now = _now(post)
    ids = mailing.begin(connection, post.who, [row.id for row in letter], now)
    rows = tuple(row for row in letter if row.id in ids)
    trouble = email_problem(rows[0].recipient) if rows else None
    if trouble:
        return _Begun(rows, error=trouble[1])
    useless: list[int] = []
    promised: tuple[Link | None, str] = (None, "")
    for row in rows:
        if not row.purpose or promised[0]:
            continue
        token = token_of(post.keys, post.store.id, row)
        link = tokens.mint(connection, row, hashed(token), now)
        promised = (link, token) if link else promised
        useless += [] if link else [row.id]
    mailing.finish(connection, post.who, useless, Fate("cancelled", "its link has no use any more"), now)
    point("links-made")
    return _Begun(tuple(row for row in rows if row.id not in useless), *promised)


def token_of(keys: Keys, store_id: str, row: OutboxRow) -> str:
    """The secret part of the link that a mail carries; the same whenever the mail is made."""
    return keys.token("mail", store_id, row.dedup)


def _fate(post: Post, begun: _Begun) -> Fate:
    """Compose a letter and send it; raises Unreachable."""
    if begun.error:
        return Fate("dead", begun.error)
    recipient = begun.rows[0].recipient
    try:
        content = composed(post, begun.rows, begun.link, begun.token)
    except FlexsyncError as error:
        return Fate("dead", shorten(str(error), 200))
    except Exception as error:
        # A defect of ours in one letter must not keep the others waiting.
        return Fate("dead", shorten(f"unexpected {type(error).__name__}: {error}", 200))
    wire = f"{recipient.rpartition('@')[0]}@{domain_of(recipient)}"
    return _judged(post, begun, post.channel.send(wire, content, begun.rows[0].id))


def composed(post: Post, rows: LetterRows, link: Link | None, token: str) -> bytes:
    """The bytes of one letter, as they go on the wire."""
    first = rows[0]
    return message(
        letters(rows),
        post.catalogue,
        sender=post.sender,
        sender_name=post.sender_name,
        link=f"{post.portal}/link/{token}" if link else "",
        link_until=link.expires_at.astimezone(PARIS).date() if link else None,
        portal=post.portal,
        message_id=stable_id(post.store.id, first.run, first.recipient, post.sender),
        at=_now(post),
    )


def _judged(post: Post, begun: _Begun, answer: Answer) -> Fate:
    """What an Answer means for the letter."""
    tries = max(row.attempts for row in begun.rows) + 1
    if answer.verdict == "sent":
        return Fate("sent")
    if answer.verdict == "unknown" and post.uncertain == "hold":
        return Fate("held", f"nobody knows whether the server took it: {answer.reason}")
    if answer.verdict == "refused":
        return Fate("dead", answer.reason)
    if tries >= ATTEMPTS:
        return Fate("dead", f"{tries} tries: {answer.reason}")
    return Fate("queued", answer.reason, next_at=_now(post) + wait_after(tries, post.chance))


def wait_after(tries: int, chance: Spread) -> timedelta:
    """How long a letter rests after so many tries: twice as long each time, and never all letters at once."""
    return min(FIRST_WAIT * 2 ** (tries - 1), LONGEST_WAIT) * chance.uniform(0.75, 1.25)


def _finish(post: Post, begun: _Begun, fate: Fate) -> None:
    def write(connection: Connection) -> None:
        ours = mailing.finish(connection, post.who, [row.id for row in begun.rows], fate, _now(post))
        if ours and fate.state == "sent" and begun.link:
            tokens.delivered(connection, begun.link, _now(post))
        point("fate-written")

    post.store.write(write)
    point("letter-done")


def _now(post: Post) -> datetime:
    return post.store.clock.now()


#: What becomes of a letter whose deliverer died on the wire.
_UNKNOWN: Mapping[str, Literal["queued", "held"]] = {"resend": "queued", "hold": "held"}
