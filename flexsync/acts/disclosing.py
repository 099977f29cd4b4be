"""Reading the shared password of a service (guide, step 3: given to all staff who use the service).

In: an open store, the keys, who reads and when they last typed their own password. Out: the password, and a
row that says who was shown it. Only its recipients and the administrator may; everybody else gets one answer,
whatever there is.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from cryptography.fernet import InvalidToken

from flexsync.catalogue import Catalogue
from flexsync.clock import today
from flexsync.errors import Refused
from flexsync.keys import Keys
from flexsync.state import State
from flexsync.store import reading, shared
from flexsync.store.rows import Connection
from flexsync.store.sql import Store
from flexsync.text import shorten

#: How long ago the reader's own password may have been typed.
PROOF = timedelta(minutes=5)


class NotForYou(Refused):
    """There is no such shared password, or not for this person: nobody learns which."""


class ProofNeeded(Refused):
    """The reader has to type their own password again."""


class NotKept(Refused):
    """The password was never kept, or with another key."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody signed in: the key of their account, and when they last typed their password."""

    account: str
    proved_at: datetime


@dataclass(frozen=True, slots=True)
class SharedPassword:
    """The password of a service, for one pair of eyes, and since when it is this one."""

    value: str = field(repr=False)
    set_at: datetime


def read_password(
    store: Store, keys: Keys, catalogue: Catalogue, reader: Reader, name: str, service: str
) -> SharedPassword:
    """The shared password of a service of the subscription `name`; the reading is recorded before it is given.

    Raises NotForYou, ProofNeeded, or NotKept when the password was never kept or the key is another one.
    """

    def read(connection: Connection) -> SharedPassword:
        number = _number(connection, reader.account)
        state = _state(connection, name)
        if number is None or service not in set(readable(state, catalogue, reader.account, today(store.clock))):
            raise NotForYou("There is no such shared password, or it is not for you.")
        now = store.clock.now()
        if not now - PROOF <= reader.proved_at <= now:
            raise ProofNeeded("Type your own password again to read the shared one.")
        password = _decrypted(connection, keys, name, service)
        shared.disclosed(connection, shared.Disclosure(now, reader.account, name, f"service/{service}"), number)
        return password

    return store.write(read)


def readable(state: State | None, catalogue: Catalogue, account: str, as_of: date) -> Iterator[str]:
    """Codes of the services whose shared password the account `account` may read on a day."""
    if state is None:
        return
    for code, service in sorted(state.services.items()):
        sold = catalogue.services.get(code)
        if service.status != "active" or sold is None or not sold.secret:
            continue
        if _is_administrator(state, account) or _receives(state, code, sold.products, account, as_of):
            yield code


def _is_administrator(state: State, account: str) -> bool:
    return state.admin is not None and state.admin.person.key == account


def _receives(state: State, service: str, products: tuple[str, ...], account: str, as_of: date) -> bool:
    seats = (state.present.get(key) for key in state.services[service].recipients)
    mine = [user for user in seats if user and user.person and user.person.key == account]
    return any(
        not set(products).isdisjoint(user.access) and (user.ends_on is None or as_of <= user.ends_on) for user in mine
    )


def _number(connection: Connection, account: str) -> int | None:
    row = reading.account_rows(connection, [account]).get(account)
    return row.id if row and row.password_set_at else None


def _state(connection: Connection, name: str) -> State | None:
    found = reading.snapshots(connection, [name]).get(name)
    return found.current if found else None


def _decrypted(connection: Connection, keys: Keys, name: str, service: str) -> SharedPassword:
    kept = shared.kept(connection, name, service)
    if kept is None:
        raise NotKept(
            f"The shared password of {shorten(service)} was not kept when it was set. "
            "It can be read here once it has been changed."
        )
    try:
        value = keys.fernet().decrypt(kept.ciphertext.encode()).decode()
    except InvalidToken:
        raise NotKept(
            f"The shared password of {shorten(service)} was kept with another key (portal.key_from). "
            "Change it, or put that key back."
        ) from None
    return SharedPassword(value, kept.set_at)
