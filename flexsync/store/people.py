"""Accounts and seats made to agree with a State.

In: the State that is being written, inside its transaction. Out: rows of `account` and `seat`, and what
became of each account. A person is one account over all subscriptions: the first address wins, a second
subscription links to it and does not alter its names.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, or_, select, update

from flexsync.address import email_key
from flexsync.snapshot import ADMIN_SUCCESSOR
from flexsync.state import Person, State
from flexsync.store.reading import account_rows
from flexsync.store.rows import ACCOUNT, AnyRow, insert_new, person_of
from flexsync.store.tables import account, fact, seat, subscription


@dataclass(frozen=True, slots=True)
class Stored:
    """Seats and accounts of one subscription as the tables have them; `accounts` is by id."""

    seats: Mapping[str, tuple[str, int | None]]
    admin: int | None
    accounts: Mapping[int, AnyRow]
    successor: int | None = None

    @property
    def occupied(self) -> set[int]:
        """Ids of the accounts that are, or are asked to be, administrator, or hold a present seat."""
        return _occupied(self.seats, self.admin, self.successor)


@dataclass(frozen=True, slots=True)
class Guest:
    """The account key of who is asked to be administrator, empty for nobody; `person` when newly asked."""

    key: str = ""
    person: Person | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """Accounts after the change: ids by account key, and which of them are new, moved, or no longer here."""

    ids: Mapping[str, int]
    created: frozenset[str]
    moved: frozenset[int]
    seats: Mapping[str, tuple[str, int | None]]
    admin: int | None
    successor: int | None = None

    @property
    def tied(self) -> set[int | None]:
        """Ids of the accounts that have anything to do with the subscription."""
        return {number for _, number in self.seats.values()} | {self.admin, self.successor}

    @property
    def occupied(self) -> set[int]:
        """Ids of the accounts that are, or are asked to be, administrator, or hold a present seat."""
        return _occupied(self.seats, self.admin, self.successor)


def _occupied(seats: Mapping[str, tuple[str, int | None]], *others: int | None) -> set[int]:
    held = [number for status, number in seats.values() if status == "present"]
    return {number for number in (*held, *others) if number is not None}


NOTHING = Stored({}, None, {})


def stored(connection: Connection, name: str, admin: int | None, successor: str = "") -> Stored:
    """What the tables say now; `admin` is the id of the administrator's account, `successor` an account key."""
    seats = connection.execute(select(seat.c.key, seat.c.status, seat.c.account).where(seat.c.subscription == name))
    mine = select(seat.c.account).where(seat.c.subscription == name)
    known = connection.execute(select(*ACCOUNT).where(or_(account.c.id.in_(mine), account.c.id == admin)))
    invited = account_rows(connection, [successor] if successor else [])
    rows = {row.id: row for row in (*known, *invited.values())}
    asked = next((number for number, row in rows.items() if row.key == successor), None)
    return Stored({row.key: (row.status, row.account) for row in seats}, admin, rows, asked)


def write_accounts(
    connection: Connection,
    before: Stored,
    state: State,
    guest: Guest,
    known: Mapping[str, AnyRow | None],
    now: datetime,
) -> Written:
    """Find, move, create and edit the accounts that `state` and `guest` need; seats are not written yet.

    `known` are rows by key that were looked up before, None for those that were not there.
    """
    # Who is present, and the administrator, say last what the names are.
    people = ({guest.key: guest.person} if guest.person else {}) | {person.key: person for person in state.people}
    rows = {row.key: row for row in (*known.values(), *before.accounts.values()) if row}
    rows |= account_rows(connection, sorted(people.keys() - rows.keys() - known.keys()))
    ids = {key: row.id for key, row in rows.items()}
    moved = _move(connection, before, state, rows, people)
    ids |= moved
    created = _create(connection, state.name, {key: people[key] for key in sorted(people.keys() - ids.keys())}, now)
    ids |= created
    # Another subscription may have created some of them at this very moment.
    ids |= {key: row.id for key, row in account_rows(connection, sorted(people.keys() - ids.keys())).items()}
    changed = [row for row in rows.values() if row.key in people and people[row.key] != person_of(row)]
    inherited = _inherited(connection, state, changed)
    _edit(connection, [row for row in changed if row.owner == state.name or row.id in inherited], people, state.name)
    seats = {key: (user.status, _id(ids, user.person)) for key, user in state.users.items()}
    admin = _id(ids, state.admin.person) if state.admin else None
    return Written(ids, frozenset(created), frozenset(moved.values()), seats, admin, ids.get(guest.key))


def _id(ids: Mapping[str, int], person: Person | None) -> int | None:
    return ids[person.key] if person else None


def _move(
    connection: Connection, before: Stored, state: State, rows: Mapping[str, AnyRow], people: Mapping[str, Person]
) -> dict[str, int]:
    """Change the address of accounts that nobody has used yet, and that only this subscription knows."""
    wanted = _wanted_keys(before, state)
    candidates = {
        number: next(iter(keys))
        for number, keys in wanted.items()
        if len(keys) == 1 and not keys & rows.keys() and _movable(before.accounts[number], state.name)
    }
    shared = _used_elsewhere(connection, state.name, candidates.keys())
    moves = {key: number for number, key in candidates.items() if number not in shared}
    if moves:
        changes = [{"the_id": number, "key": key, **asdict(people[key])} for key, number in sorted(moves.items())]
        connection.execute(update(account).where(account.c.id == bindparam("the_id")), changes)
    return moves


def _movable(row: AnyRow, name: str) -> bool:
    return row.owner == name and row.password_set_at is None


def _wanted_keys(before: Stored, state: State) -> dict[int, set[str]]:
    """For each account of the subscription, the keys that its seats ask for now."""
    wanted: dict[int, set[str]] = defaultdict(set)
    for key, user in state.users.items():
        number = before.seats.get(key, ("", None))[1]
        if number is not None and user.person:
            wanted[number].add(user.person.key)
    if before.admin is not None and state.admin:
        wanted[before.admin].add(state.admin.person.key)
    return wanted


def _used_elsewhere(connection: Connection, name: str, numbers: Iterable[int]) -> set[int]:
    ids = sorted(numbers)
    if not ids:
        return set()
    seats = select(seat.c.account).where(seat.c.account.in_(ids), seat.c.subscription != name)
    admins = select(subscription.c.admin).where(subscription.c.admin.in_(ids), subscription.c.name != name)
    return set(connection.scalars(seats.union(admins)))


def _create(connection: Connection, owner: str, people: Mapping[str, Person], now: datetime) -> dict[str, int]:
    """Ids of new accounts by key; those that exist by now are left out."""
    common = {"owner": owner, "created_at": now}
    rows = [{"key": key, **asdict(person), **common} for key, person in people.items()]
    return {row.key: row.id for row in insert_new(connection, account, rows, "key", account.c.key, account.c.id)}


def _inherited(connection: Connection, state: State, rows: Sequence[AnyRow]) -> set[int]:
    """Ids of those of `rows` whose owner has nobody of that account any more, while `state` has."""
    here = state.present_keys
    ids = sorted(row.id for row in rows if row.owner != state.name and row.key in here)
    if not ids:
        return set()
    at_owner = and_(seat.c.account == account.c.id, seat.c.subscription == account.c.owner)
    seated = select(account.c.id).join(seat, at_owner).where(seat.c.status == "present")
    by_owner = and_(subscription.c.admin == account.c.id, subscription.c.name == account.c.owner)
    administered = select(account.c.id).join(subscription, by_owner).where(subscription.c.status == "open")
    mine = account.c.id.in_(ids)
    kept = seated.where(mine).union(administered.where(mine))
    return set(ids) - set(connection.scalars(kept))


def _edit(connection: Connection, rows: Sequence[AnyRow], people: Mapping[str, Person], owner: str) -> None:
    changes = [{"the_id": row.id, "owner": owner, **asdict(people[row.key])} for row in rows]
    if changes:
        connection.execute(update(account).where(account.c.id == bindparam("the_id")), changes)


def write_seats(connection: Connection, name: str, before: Stored, after: Written) -> None:
    """Delete, update and insert the seats that differ."""
    mine = seat.c.subscription == name
    gone = sorted(before.seats.keys() - after.seats.keys())
    if gone:
        connection.execute(delete(seat).where(mine, seat.c.key.in_(gone)))
    moved = [key for key in sorted(before.seats.keys() & after.seats.keys()) if before.seats[key] != after.seats[key]]
    if moved:
        rows = [{"the_key": key, **_seat_columns(after.seats[key])} for key in moved]
        connection.execute(update(seat).where(mine, seat.c.key == bindparam("the_key")), rows)
    new = sorted(after.seats.keys() - before.seats.keys())
    if new:
        rows = [{"subscription": name, "key": key, **_seat_columns(after.seats[key])} for key in new]
        connection.execute(seat.insert(), rows)


def _seat_columns(value: tuple[str, int | None]) -> dict[str, Any]:
    status, number = value
    return {"status": status, "account": number}


def remove_strangers(connection: Connection, before: Stored, after: Written) -> None:
    """Delete accounts that lost their last tie: those never used, and those of deleted users."""
    lost = before.accounts.keys() - after.tied
    never_used = {number for number in lost if before.accounts[number].password_set_at is None}
    ids = sorted(never_used | _tombstoned(before, after))
    if ids:
        tied = or_(
            account.c.id.in_(select(seat.c.account).where(seat.c.account.in_(ids))),
            account.c.id.in_(select(subscription.c.admin).where(subscription.c.admin.in_(ids))),
        )
        asked = sorted(successors(connection, ids))
        connection.execute(delete(account).where(account.c.id.in_(ids), account.c.id.not_in(asked), ~tied))


def successors(connection: Connection, ids: Sequence[int]) -> set[int]:
    """Those of accounts that some subscription has asked to be its administrator."""
    emails = connection.scalars(select(fact.c.value).where(fact.c.name == ADMIN_SUCCESSOR))
    keys = {email_key(email) for email in emails}
    asked = select(account.c.id).where(account.c.id.in_(ids), account.c.key.in_(keys))
    return set(connection.scalars(asked)) if keys else set()


def _tombstoned(before: Stored, after: Written) -> set[int]:
    """Accounts of users who are deleted by this change."""
    gone = {key for key, (status, _) in after.seats.items() if status == "deleted"}
    numbers = {before.seats[key][1] for key in gone & before.seats.keys()}
    return {number for number in numbers if number is not None}
