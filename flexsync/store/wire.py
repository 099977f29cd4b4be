"""A claimed letter put on the wire, with the link that it carries, and what became of it.

In: the claimed rows of one letter, and the hash of the token of each. Out: what still is to be sent. What is
begun here and never finished is uncertain (see `flexsync.store.mailing`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, update

from flexsync.faults import point
from flexsync.store import tokens
from flexsync.store.base import OutboxRow
from flexsync.store.mailing import LEASE, LetterRows
from flexsync.store.tables import outbox
from flexsync.store.tokens import Link

HashOf = Callable[[OutboxRow], str]


@dataclass(frozen=True, slots=True)
class Begun:
    """A letter on the wire: its rows, none when there is nothing left to send, and its link, promised by `bearer`."""

    rows: LetterRows
    link: Link | None = None
    bearer: OutboxRow | None = None


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a letter on the wire, and why; `counts` is false when the attempt was not about the letter."""

    state: Literal["sent", "queued", "held", "dead", "cancelled"]
    error: str = ""
    next_at: datetime | None = None
    counts: bool = True


def begin(connection: Connection, who: str, letter: LetterRows, now: datetime, hash_of: HashOf | None) -> Begun:
    """Put a claimed letter on the wire: those of its rows that nobody cancelled or took over meanwhile.

    Its link is good from now on; a mail whose link has no use any more stays home. Without `hash_of` no link
    is made, for a letter that will not leave.
    """
    rows = _taken(connection, who, letter, now)
    if hash_of is None:
        return Begun(rows)
    link, bearer, useless = _linked(connection, rows, now, hash_of)
    if useless:
        finish(connection, who, useless, Fate("cancelled", "its link has no use any more"), now)
    point("links-made")
    return Begun(tuple(row for row in rows if row not in useless), link, bearer)


def _taken(connection: Connection, who: str, letter: LetterRows, now: datetime) -> LetterRows:
    ids = [row.id for row in letter]
    mine = update(outbox).where(outbox.c.id.in_(ids), outbox.c.state == "queued", outbox.c.claimed_by == who)
    begun = mine.values(state="sending", attempts=outbox.c.attempts + 1, claimed_until=now + LEASE)
    taken = set(connection.scalars(begun.returning(outbox.c.id)))
    return tuple(row for row in letter if row.id in taken)


def _linked(
    connection: Connection, rows: LetterRows, now: datetime, hash_of: HashOf
) -> tuple[Link | None, OutboxRow | None, list[OutboxRow]]:
    """The one link of a letter, the row that promised it, and the rows before whose link has no use any more."""
    useless: list[OutboxRow] = []
    for row in rows:
        if not row.purpose:
            continue
        link = tokens.mint(connection, row, hash_of(row), now)
        if link:
            return link, row, useless
        useless.append(row)
    return None, None, useless


def finish(connection: Connection, who: str, rows: Sequence[OutboxRow], fate: Fate, now: datetime) -> bool:
    """Say what became of rows on the wire; False when somebody else took them over meanwhile."""
    ids = [row.id for row in rows]
    mine = update(outbox).where(outbox.c.id.in_(ids), outbox.c.state == "sending", outbox.c.claimed_by == who)
    values: dict[str, Any] = {"state": fate.state, "error": fate.error, "claimed_by": "", "claimed_until": None}
    if fate.state == "sent":
        values["sent_at"] = now
    if fate.next_at:
        values["next_at"] = fate.next_at
    if not fate.counts:
        values["attempts"] = outbox.c.attempts - 1
    return connection.execute(mine.values(values)).rowcount > 0


def done(connection: Connection, who: str, begun: Begun, fate: Fate, now: datetime) -> None:
    """`finish` a letter, and note of an invitation that it has left."""
    ours = finish(connection, who, begun.rows, fate, now)
    if ours and fate.state == "sent" and begun.link:
        tokens.delivered(connection, begun.link, now)
    point("fate-written")
