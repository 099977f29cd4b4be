"""Proof that a store is sound: bodies, narrow rows, people, journal and database agree.

In: a connection. Out: what is wrong, in words that name the subscription; nothing when all is well.
It must read everything and change nothing.
"""

from collections.abc import Callable, Iterator, Mapping

from sqlalchemy import Connection, func, select, text

from flexsync.errors import FlexsyncError
from flexsync.state import Person, State, digest, to_plain
from flexsync.store import chain
from flexsync.store.rows import AnyRow, dump, listing_of, load, state_of
from flexsync.store.tables import account, body, outbox, seat, subscription
from flexsync.store.tables_portal import listing
from flexsync.text import shorten

Keys = Mapping[int, str]


def check(connection: Connection) -> list[str]:
    """Everything that is wrong."""
    damage = list(_database(connection))
    # A damaged file cannot be asked more.
    return damage or [message for part in _PARTS for message in part(connection)]


def _database(connection: Connection) -> Iterator[str]:
    if connection.dialect.name != "sqlite":
        return
    found = connection.execute(text("PRAGMA integrity_check(20)")).scalars().all()
    yield from (f"The file is damaged: {shorten(line, 200)}." for line in found if line != "ok")
    for row in connection.execute(text("PRAGMA foreign_key_check")):
        yield f"A row of {row[0]} refers to a row of {row[2]} that does not exist."


def _bodies(connection: Connection) -> Iterator[str]:
    keys = {row.id: row.key for row in connection.execute(select(account.c.id, account.c.key))}
    query = select(subscription, body.c.current, body.c.applied)
    joined = query.join(body, body.c.subscription == subscription.c.name, isouter=True)
    for row in connection.execute(joined.order_by(subscription.c.name)):
        yield from (f"{row.name}: {message}" for message in _subscription(connection, row, keys))


def _subscription(connection: Connection, row: AnyRow, keys: Keys) -> Iterator[str]:
    if row.current is None:
        yield "its state is missing."
        return
    try:
        current, applied = state_of(row.name, row.current), state_of(row.name, row.applied)
    except FlexsyncError:
        current = applied = None
    if current is None or applied is None:
        yield "its stored state cannot be read."
        return
    yield from _digests(row, current, applied)
    yield from _people(connection, row, current, keys)
    listed = connection.execute(select(listing).where(listing.c.subscription == row.name)).first()
    if listed is None or listed._asdict() != listing_of(current):
        yield "what it is looked up by differs from its state."


def _digests(row: AnyRow, current: State, applied: State) -> Iterator[str]:
    for word, state, written, stored in (
        ("current", current, row.current, row.digest),
        ("applied", applied, row.applied, row.applied_digest),
    ):
        if digest(to_plain(state)) != stored:
            yield f"the digest of its {word} state does not match."
        if dump(state) != written:
            yield f"its {word} state is not written in canonical form."
    if (current.name, current.status) != (row.name, row.status):
        yield "its name or status differs from its state."


def _people(connection: Connection, row: AnyRow, current: State, keys: Keys) -> Iterator[str]:
    seats = connection.execute(select(seat.c.key, seat.c.status, seat.c.account).where(seat.c.subscription == row.name))
    found = {one.key: (one.status, keys.get(one.account, "")) for one in seats}
    wanted = {key: (user.status, _key(user.person)) for key, user in current.users.items()}
    for key in sorted(found.keys() | wanted.keys()):
        if found.get(key) != wanted.get(key):
            yield f"the seat of {shorten(key)} differs from its state."
    if keys.get(row.admin, "") != _key(current.admin.person if current.admin else None):
        yield "its administrator differs from its state."


def _key(person: Person | None) -> str:
    return person.key if person else ""


def _mails(connection: Connection) -> Iterator[str]:
    again = select(outbox.c.dedup).group_by(outbox.c.dedup).having(func.count() > 1)
    yield from (f"The mail {shorten(dedup, 120)} is queued twice." for dedup in connection.scalars(again))
    for row in connection.execute(select(outbox.c.id, outbox.c.payload, outbox.c.codes)):
        if not _is_json(row.payload) or not _is_json(row.codes):
            yield f"Mail {row.id} cannot be read."


def _is_json(value: str) -> bool:
    try:
        load(value)
    except ValueError:
        return False
    return True


_PARTS: tuple[Callable[[Connection], Iterator[str]], ...] = (_bodies, chain.broken, _mails)
