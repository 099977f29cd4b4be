"""How often somebody tried lately: counted before a password is looked at, so that guessing gets slow.

In: a kind, the hash of an account or address, and the instant. Out: until when to wait. Counts live in the
store, so that they survive a restart and hold for every process. Nobody waits longer than PAUSE.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, select, update

from flexsync.store.rows import AnyRow, locked
from flexsync.store.tables_portal import attempt

#: The longest wait, and the quiet after which everything is forgotten.
PAUSE = timedelta(minutes=15)
#: Tries are counted together for so long: mistakes of a whole day add up to no wait.
WINDOW = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Rule:
    """`free` tries, then a wait that begins at `first` and doubles up to PAUSE."""

    kind: str
    free: int
    first: timedelta

    def wait(self, count: int) -> timedelta:
        """How long to wait after so many tries."""
        over = count - self.free
        return min(PAUSE, self.first * 2 ** min(over, 20)) if over >= 0 else timedelta()


#: At most ten tries at one account in a quarter of an hour; a whole office may share an address.
ACCOUNT = Rule("account", 5, timedelta(minutes=1))
ADDRESS = Rule("address", 60, timedelta(seconds=15))
RESET = Rule("reset", 3, timedelta(minutes=5))
PROPOSAL = Rule("proposal", 3, timedelta(minutes=5))
#: Invitations that one administrator causes: a whole office at once, but no stream of mails to strangers.
ARRIVAL = Rule("arrival", 40, timedelta(minutes=5))
#: Addresses of strangers that one administrator types: what is shown tells whether they are logins.
LOOK = Rule("look", 60, timedelta(minutes=5))


def take(connection: Connection, rule: Rule, subject: str, now: datetime) -> datetime | None:
    """Count a try; the instant to wait for when it comes too early, which is then not counted."""
    row = _row(connection, rule, subject)
    if row and row.blocked_until > now:
        until: datetime = row.blocked_until
        return until
    tries = row._mapping["count"] if row and not _is_over(row, now) else 0
    count = tries + 1
    first = now if count == 1 or row is None else row.first_at
    values = {"count": count, "first_at": first, "blocked_until": now + rule.wait(count)}
    if row:
        connection.execute(update(attempt).where(*_mine(rule, subject)).values(values))
    else:
        # Of many first tries at once one goes through; the others are a Conflict, and count once more.
        connection.execute(attempt.insert().values(kind=rule.kind, subject=subject, **values))
    purge(connection, now)
    return None


def give_back(connection: Connection, rule: Rule, subject: str, now: datetime) -> None:
    """Take back one counted try, which was none."""
    row = _row(connection, rule, subject)
    # `count` is a method of rows.
    tries = row._mapping["count"] if row else 0
    if tries:
        mine = update(attempt).where(*_mine(rule, subject))
        connection.execute(mine.values(count=tries - 1, blocked_until=now))


def forget(connection: Connection, rule: Rule, subject: str) -> None:
    """Forget every try."""
    connection.execute(delete(attempt).where(*_mine(rule, subject)))


def purge(connection: Connection, now: datetime) -> int:
    """Forget tries that count no more, whoever made them; how many there were."""
    return connection.execute(delete(attempt).where(attempt.c.blocked_until < now - 4 * PAUSE)).rowcount


def _is_over(row: AnyRow, now: datetime) -> bool:
    """True of tries that do not count any more."""
    return bool(row.blocked_until <= now - PAUSE or row.first_at <= now - WINDOW)


def _row(connection: Connection, rule: Rule, subject: str) -> AnyRow | None:
    return connection.execute(locked(select(attempt).where(*_mine(rule, subject)))).first()


def _mine(rule: Rule, subject: str) -> tuple[ColumnElement[bool], ...]:
    return attempt.c.kind == rule.kind, attempt.c.subject == subject
