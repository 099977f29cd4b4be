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

from flexsync.address import email_problem, wire_form
from flexsync.errors import FlexsyncError
from flexsync.faults import point
from flexsync.keys import Keys, hashed
from flexsync.outbox.channel import Answer, Channel, Unreachable
from flexsync.outbox.letterhead import Letterhead
from flexsync.store import mailing, wire
from flexsync.store.base import OutboxRow
from flexsync.store.mailing import LetterRows
from flexsync.store.sql import Store
from flexsync.store.wire import Begun, Fate
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
    """All that delivery takes. `who` is this deliverer's name alone; `keep` is how long personal data is kept."""

    store: Store
    keys: Keys
    letterhead: Letterhead
    channel: Channel
    uncertain: Literal["resend", "hold"]
    chance: Spread
    who: str
    keep: timedelta = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Delivered:
    """Letters by what became of them (`sent`, `later`, `held`, `dead`, `cancelled`), and what ended the round early."""

    counts: Counter[str]
    trouble: str = ""
    interrupted: bool = False

    @property
    def goes_on(self) -> bool:
        """True when nothing keeps further mails from leaving."""
        return not self.trouble and not self.interrupted

    def __add__(self, later: "Delivered") -> "Delivered":
        """This round and a `later` one."""
        return Delivered(self.counts + later.counts, later.trouble, later.interrupted)


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
        batch = _claim(post, number)
        for letter in batch:
            if stop():
                return
            yield letter
        if not batch:
            return
        left = None if left is None else left - len(batch)


def _claim(post: Post, number: int) -> list[LetterRows]:
    claimed = post.store.write(lambda connection: mailing.claim(connection, post.who, number, _now(post)))
    point("letters-claimed")
    return claimed


def _delivered(post: Post, letter: LetterRows) -> str:
    """What became of one letter; raises Unreachable, with the letter free again."""
    trouble = email_problem(letter[0].recipient)
    begun = _begin(post, letter, linked=not trouble)
    if not begun.rows:
        return "cancelled"
    try:
        fate = Fate("dead", trouble[1]) if trouble else _fate(post, begun)
    except Unreachable as error:
        _finish(post, begun, Fate("queued", error=str(error), counts=False))
        raise
    _finish(post, begun, fate)
    return "later" if fate.state == "queued" else fate.state


def _begin(post: Post, letter: LetterRows, *, linked: bool) -> Begun:
    hash_of = (lambda row: hashed(_token(post, row))) if linked else None
    begun = post.store.write(lambda connection: wire.begin(connection, post.who, letter, _now(post), hash_of))
    point("letter-begun")
    return begun


def _token(post: Post, row: OutboxRow) -> str:
    """The secret part of the link that a mail carries; the same whenever the mail is made."""
    return post.keys.token("mail", post.store.id, row.dedup)


def _fate(post: Post, begun: Begun) -> Fate:
    """Compose a letter and send it; raises Unreachable."""
    token = _token(post, begun.bearer) if begun.bearer else ""
    try:
        content = post.letterhead.composed(begun.rows, begun.link, token, _now(post))
    except FlexsyncError as error:
        return Fate("dead", shorten(str(error), 200))
    except Exception as error:
        # A defect of ours in one letter must not keep the others waiting.
        # What it says may hold the link, so only its kind is kept.
        return Fate("dead", f"unexpected {type(error).__name__}: this is a defect of flexsync")
    first = begun.rows[0]
    return _judged(post, begun, post.channel.send(wire_form(first.recipient), content, first.id))


def _judged(post: Post, begun: Begun, answer: Answer) -> Fate:
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
    longest: timedelta = min(FIRST_WAIT * 2.0 ** (tries - 1), LONGEST_WAIT)
    return longest * chance.uniform(0.75, 1.25)


def _finish(post: Post, begun: Begun, fate: Fate) -> None:
    post.store.write(lambda connection: wire.done(connection, post.who, begun, fate, _now(post)))
    point("letter-done")


def _now(post: Post) -> datetime:
    return post.store.clock.now()


#: What becomes of a letter whose deliverer died on the wire.
_UNKNOWN: Mapping[str, Literal["queued", "held"]] = {"resend": "queued", "hold": "held"}
