"""Accounts as the portal signs them in: who has a password, and what they have to do with the fleet.

In: an account key or id. Out: a Login. Only this module reads a password's hash.
"""

from dataclasses import asdict, dataclass, field
from datetime import datetime

from sqlalchemy import Connection, select, update

from flexsync.address import email_key
from flexsync.snapshot import ADMIN_SUCCESSOR
from flexsync.state import Person
from flexsync.store import invitations
from flexsync.store.rows import ACCOUNT, AnySelect, locked, person_of
from flexsync.store.tables import account, fact, seat, subscription


@dataclass(frozen=True, slots=True)
class Login:
    """An account, and names of open subscriptions, sorted: those it `uses` and those it `administers`.

    `awaited` by those that ask it to become their administrator, when it has nothing else to do with any.
    """

    id: int
    key: str
    person: Person
    owner: str
    uses: tuple[str, ...]
    administers: tuple[str, ...]
    awaited: tuple[str, ...]
    kept: str | None = field(repr=False)

    @property
    def places(self) -> tuple[str, ...]:
        """Names of all subscriptions that it has anything to do with, sorted."""
        return tuple(sorted({*self.uses, *self.administers}))

    @property
    def entitled(self) -> bool:
        """True when it has, or is to have, anything to do with an open subscription."""
        return bool(self.places or self.awaited)

    @property
    def active(self) -> bool:
        """True of somebody who may sign in."""
        return self.entitled and self.kept is not None


def by_key(connection: Connection, key: str) -> Login | None:
    """The account of an e-mail key."""
    return _login(connection, _QUERY.where(account.c.key == key))


def by_id(connection: Connection, number: int) -> Login | None:
    """The account of an id."""
    return _login(connection, _QUERY.where(account.c.id == number))


def somebody(connection: Connection) -> Login | None:
    """Any account with a password; None when nobody has one."""
    return _login(connection, _QUERY.where(account.c.password_hash.is_not(None)).order_by(account.c.id).limit(1))


_QUERY: AnySelect = select(*ACCOUNT, account.c.password_hash)


def _login(connection: Connection, query: AnySelect) -> Login | None:
    row = connection.execute(query).first()
    if row is None:
        return None
    uses, administers = _used(connection, row.id), _administered(connection, row.id)
    awaited = () if uses or administers else _awaiting(connection, row.key)
    return Login(row.id, row.key, person_of(row), row.owner, uses, administers, awaited, row.password_hash)


def _used(connection: Connection, number: int) -> tuple[str, ...]:
    seated = select(seat.c.subscription).join(subscription, subscription.c.name == seat.c.subscription)
    mine = seated.where(seat.c.account == number, seat.c.status == "present", subscription.c.status == "open")
    return tuple(sorted(set(connection.scalars(mine))))


def _administered(connection: Connection, number: int) -> tuple[str, ...]:
    query = select(subscription.c.name).where(subscription.c.admin == number, subscription.c.status == "open")
    return tuple(connection.scalars(query.order_by(subscription.c.name)))


def _awaiting(connection: Connection, key: str) -> tuple[str, ...]:
    query = select(fact.c.subscription, fact.c.value).join(subscription, subscription.c.name == fact.c.subscription)
    asked = query.where(fact.c.name == ADMIN_SUCCESSOR, subscription.c.status == "open")
    return tuple(sorted(name for name, email in connection.execute(asked) if email_key(email) == key))


def named_in(connection: Connection, number: int) -> list[str]:
    """Names of all subscriptions whose State knows the person of an account, those who left too; sorted."""
    seated = select(seat.c.subscription).where(seat.c.account == number)
    mine = subscription.c.name.in_(seated) | (subscription.c.admin == number)
    return list(connection.scalars(select(subscription.c.name).where(mine).order_by(subscription.c.name)))


def known_to(connection: Connection, number: int) -> list[Person]:
    """Whom the open subscriptions that an account administers have, or had, as users."""
    mine = select(seat.c.account).join(subscription, subscription.c.name == seat.c.subscription)
    theirs = mine.where(subscription.c.admin == number, subscription.c.status == "open", seat.c.account.is_not(None))
    return [person_of(row) for row in connection.execute(select(*ACCOUNT).where(account.c.id.in_(theirs)))]


def set_password(connection: Connection, number: int, kept: str, now: datetime) -> None:
    """Keep the hash of a new password; every link of the account that was not used is dead."""
    mine = update(account).where(account.c.id == number)
    connection.execute(mine.values(password_hash=kept, password_set_at=now))
    invitations.revoke(connection, [number], now)


def holds(connection: Connection, number: int, kept: str | None) -> bool:
    """True while `kept` is the hash of an account's password, which then stays so until the end."""
    return connection.scalar(locked(select(account.c.password_hash).where(account.c.id == number))) == kept


def keep(connection: Connection, number: int, kept: str) -> None:
    """Keep another hash of the same password."""
    connection.execute(update(account).where(account.c.id == number).values(password_hash=kept))


def signed_in(connection: Connection, number: int, now: datetime) -> None:
    """Note when somebody signed in last."""
    connection.execute(update(account).where(account.c.id == number).values(last_login_at=now))


def rewrite(connection: Connection, number: int, person: Person) -> None:
    """Another identity of an account, which its subscriptions have to get in the same transaction."""
    values = {"key": person.key, **asdict(person)}
    connection.execute(update(account).where(account.c.id == number).values(values))
