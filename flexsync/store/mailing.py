"""The outbox as a deliverer works it off: claimed with a lease, on the wire, done.

In: who delivers, and now. Out: letters, which are all due rows of one run and recipient. A row is `queued` until
its letter goes on the wire, then `sending`, then `sent`, `held`, `dead`, or `queued` once more for later. A
row that still is `sending` when its lease ends is uncertain: its deliverer died, and nobody knows whether
the mail left.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, exists, func, or_, select, tuple_, update
from sqlalchemy.sql import FromClause

from flexsync.store.base import OutboxRow
from flexsync.store.reading import mail_of
from flexsync.store.rows import AnyRow
from flexsync.store.runs import gave_up
from flexsync.store.tables import outbox, run

#: How long a deliverer may be silent; longer than any mail server may take for one letter.
LEASE = timedelta(minutes=2)

#: States from which a person may send a mail after all, or give it up; and of all mails that might still leave.
PARKED = ("held", "dead")
UNSENT = ("queued", *PARKED)


LetterRows = tuple[OutboxRow, ...]


@dataclass(frozen=True, slots=True)
class Backlog:
    """Letters that did not leave, counted: due `now`, `later`, of runs that still go on, on the wire, held, dead."""

    now: int = 0
    later: int = 0
    unfinished: int = 0
    sending: int = 0
    held: int = 0
    dead: int = 0

    @property
    def waiting(self) -> int:
        """Those that will leave without anybody's help."""
        return self.now + self.later + self.unfinished + self.sending


def settle(connection: Connection, state: str, now: datetime) -> int:
    """Make mails whose deliverer died on the wire `queued` or `held`; how many there were."""
    lost = update(outbox).where(outbox.c.state == "sending", outbox.c.claimed_until <= now)
    error = "the delivery was cut off; nobody knows whether the mail left"
    return connection.execute(lost.values(state=state, claimed_by="", claimed_until=None, error=error)).rowcount


def claim(connection: Connection, who: str, letters: int, now: datetime) -> list[LetterRows]:
    """Lease the next due letters, oldest first, to `who`; nobody else gets them before the lease ends."""
    named = [(row.run, row.recipient) for row in connection.execute(_first_rows(letters, now))]
    if not named:
        return []
    theirs = tuple_(outbox.c.run, outbox.c.recipient).in_(named)
    taken = update(outbox).where(theirs, *_due(outbox, now)).values(claimed_by=who, claimed_until=now + LEASE)
    return _by_letter(connection.execute(taken.returning(outbox)).all())


def _first_rows(letters: int, now: datetime) -> Any:
    """The first row of each due letter, locked: whoever has it has the letter."""
    earlier = outbox.alias("earlier")
    same = (earlier.c.run == outbox.c.run, earlier.c.recipient == outbox.c.recipient, earlier.c.id < outbox.c.id)
    query = select(outbox.c.run, outbox.c.recipient).where(
        *_due(outbox, now), ~exists().where(*same, *_due(earlier, now))
    )
    return query.order_by(outbox.c.id).limit(letters).with_for_update(skip_locked=True, of=outbox)


def _due(rows: FromClause, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Free, due, and of a run that is over: half of what a run tells somebody is not sent."""
    free = or_(rows.c.claimed_until.is_(None), rows.c.claimed_until <= now)
    return rows.c.state == "queued", rows.c.next_at <= now, free, ~_unfinished(rows, now)


def _unfinished(rows: FromClause, now: datetime) -> ColumnElement[bool]:
    return exists().where(run.c.id == rows.c.run, run.c.result == "running", ~gave_up(now))


def _by_letter(rows: Sequence[AnyRow]) -> list[LetterRows]:
    found: dict[tuple[str, str], list[OutboxRow]] = {}
    for row in sorted(rows, key=lambda row: int(row.id)):
        found.setdefault((row.run, row.recipient), []).append(mail_of(row))
    return [tuple(letter) for letter in found.values()]


def release(connection: Connection, who: str) -> int:
    """Give back what `who` claimed and did not begin."""
    mine = update(outbox).where(outbox.c.state == "queued", outbox.c.claimed_by == who)
    return connection.execute(mine.values(claimed_by="", claimed_until=None)).rowcount


def backlog(connection: Connection, now: datetime) -> Backlog:
    """How many letters did not leave, by why."""
    queued = case((_unfinished(outbox, now), "unfinished"), (outbox.c.next_at <= now, "now"), else_="later")
    why = case((outbox.c.state == "queued", queued), else_=outbox.c.state).label("why")
    letters = select(why, outbox.c.run, outbox.c.recipient).where(outbox.c.state.in_((*UNSENT, "sending"))).distinct()
    each = letters.subquery()
    counted = connection.execute(select(each.c.why, func.count()).group_by(each.c.why))
    return Backlog(**{why: number for why, number in counted})


def letter_of(connection: Connection, number: int) -> LetterRows:
    """The row of that number, with those that go, or went, in one letter with it; nothing when there is none."""
    row = connection.execute(select(outbox).where(outbox.c.id == number)).first()
    if row is None:
        return ()
    same = (outbox.c.run == row.run, outbox.c.recipient == row.recipient, outbox.c.state == row.state)
    return tuple(mail_of(one) for one in connection.execute(select(outbox).where(*same).order_by(outbox.c.id)))


def parked(connection: Connection) -> list[int]:
    """Numbers of the mails that are held or dead."""
    return list(connection.scalars(select(outbox.c.id).where(outbox.c.state.in_(PARKED)).order_by(outbox.c.id)))


def retry(connection: Connection, numbers: Sequence[int], now: datetime) -> list[int]:
    """Queue letters that are held or dead, and let those that wait leave now; the numbers of all their mails."""
    free = or_(outbox.c.claimed_until.is_(None), outbox.c.claimed_until <= now)
    values = {"state": "queued", "attempts": 0, "next_at": now, "claimed_by": "", "claimed_until": None}
    mine = update(outbox).where(outbox.c.id.in_(_whole(connection, numbers)), outbox.c.state.in_(UNSENT), free)
    return sorted(connection.scalars(mine.values(values).returning(outbox.c.id)))


def cancel(connection: Connection, numbers: Sequence[int]) -> list[int]:
    """Give up letters that did not leave; the numbers of all their mails. One on the wire cannot be called back."""
    mine = update(outbox).where(outbox.c.id.in_(_whole(connection, numbers)), outbox.c.state.in_(UNSENT))
    return sorted(connection.scalars(mine.values(state="cancelled").returning(outbox.c.id)))


def _whole(connection: Connection, numbers: Sequence[int]) -> list[int]:
    """Mails with those that leave in one letter with them."""
    return sorted({row.id for number in numbers for row in letter_of(connection, number)})
