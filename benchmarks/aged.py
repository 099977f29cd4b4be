"""A store some years later: passwords, mails that left or did not, drift, ends, sessions, and who was shown what.

What is written here is written past flexsync, in sets: it is true enough to be looked at, and no audit would accept it.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select, text

from flexsync.acts.site import Site
from flexsync.keys import hashed
from flexsync.passwords import Hashing
from flexsync.store import operators, sessions
from flexsync.store.sql import Store
from flexsync.store.tables import account, run, seat, token
from flexsync.store.tables_portal import attempt, disclosure, web_session, workstation

PASSWORD = "lampe gravier tuba vert"
EVERYWHERE = "j.roux@morel.example"
ADMINISTRATOR = "c.morel@morel.example"

#: Two accounts of three have a password; of the others, one invitation of four has expired, and one mail of 20 is lost.
_LATER = (
    "UPDATE account SET password_hash = :kept, password_set_at = :now WHERE id % 3 <> 0 OR key LIKE '%@morel.example'",
    "UPDATE invitation SET state = 'accepted', ended_at = :now WHERE account IN"
    " (SELECT id FROM account WHERE password_set_at IS NOT NULL)",
    "UPDATE invitation SET state = 'expired', ended_at = :now WHERE state = 'planned' AND id % 4 = 0",
    "UPDATE outbox SET state = 'sent', sent_at = :now WHERE id % 20 <> 0",
    "UPDATE outbox SET state = 'dead' WHERE id % 20 = 0 AND id % 40 = 0",
    "UPDATE subscription SET digest = 'moved' || digest WHERE CAST(substr(name, 8) AS INTEGER) % 100 = 0",
    "UPDATE listing SET ends_on = :soon WHERE CAST(substr(subscription, 8) AS INTEGER) % 50 = 0",
)


@dataclass(frozen=True)
class People:
    """Who looks, as the name and value of a cookie: an operator, a user, who administers or uses all subscriptions."""

    operator: tuple[str, str]
    user: tuple[str, str]
    user_email: str
    administrator: tuple[str, str]
    everywhere: tuple[str, str]
    one: str
    run: str


def age(store: Store) -> None:
    """Write what years leave behind, unless it is there."""
    if not store.read(lambda connection: connection.execute(select(disclosure.c.id).limit(1)).first()):
        store.write(lambda connection: _age(connection, store.clock.now()))


def _age(connection: Connection, now: datetime) -> None:
    values = {"kept": Hashing().hashed(PASSWORD), "now": _text(now), "soon": (now + timedelta(days=20)).date()}
    for statement in _LATER:
        used = {name: value for name, value in values.items() if f":{name}" in statement}
        connection.execute(text(statement), used)
    accounts = list(connection.scalars(select(account.c.id).where(account.c.password_set_at.is_not(None))))
    seats = connection.execute(select(seat.c.subscription, seat.c.account).where(seat.c.account.is_not(None))).all()
    ended = now - timedelta(days=20)
    connection.execute(insert(web_session), [_session(number, ended) for number in accounts])
    connection.execute(insert(token), [_token(number, ended) for number in accounts])
    connection.execute(insert(attempt), [_attempt(number, now) for number in accounts[:20_000]])
    connection.execute(insert(disclosure), [_disclosure(row.subscription, row.account, ended) for row in seats])
    connection.execute(insert(workstation), [_workstation(row.subscription, row.account, ended) for row in seats])
    connection.execute(insert(run), [_run(ended + timedelta(minutes=number)) for number in range(5_000)])


def _text(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _session(number: int, at: datetime) -> dict[str, object]:
    cookie = {"hash": uuid.uuid4().hex, "csrf": uuid.uuid4().hex, "account": number}
    return {**cookie, "created_at": at, "proved_at": at, "seen_at": at, "expires_at": at, "ended_at": at}


def _token(number: int, at: datetime) -> dict[str, object]:
    link = {"hash": uuid.uuid4().hex, "purpose": "activation", "account": number, "subscription": "", "email": ""}
    return {**link, "created_at": at, "expires_at": at, "used_at": at}


def _attempt(number: int, at: datetime) -> dict[str, object]:
    return {"kind": "account", "subject": uuid.uuid4().hex, "count": 1, "first_at": at, "blocked_until": at}


def _disclosure(name: str, number: int, at: datetime) -> dict[str, object]:
    return {"at": at, "actor": "somebody", "account": number, "subscription": name, "what": "service/vat_filing"}


def _workstation(name: str, number: int, at: datetime) -> dict[str, object]:
    place = {"subscription": name, "account": number, "product": "compta", "workstation": "PC-0", "version": "12.0"}
    return {**place, "first_at": at, "last_at": at}


def _run(at: datetime) -> dict[str, object]:
    who = {"id": uuid.uuid4().hex[:12], "actor": "claire", "host": "bench", "command": "apply", "commit_id": ""}
    return {**who, "started_at": at, "ended_at": at, "result": "done", "counts": "{}"}


def people(site: Site) -> People:
    """Sessions of four people who differ in how much there is to see for them."""
    one, user = site.store.read(_somebody)
    return People(
        operator=("flex-operator", _operator(site)),
        user=("flex", _session_of(site, user)),
        user_email=user,
        administrator=("flex", _session_of(site, ADMINISTRATOR)),
        everywhere=("flex", _session_of(site, EVERYWHERE)),
        one=one,
        run=site.store.read(lambda connection: connection.scalar(text("SELECT run FROM journal LIMIT 1"))),
    )


def _somebody(connection: Connection) -> tuple[str, str]:
    """The first subscription of which a user has a password, and that user."""
    mine = select(seat.c.subscription, account.c.key).join(account, account.c.id == seat.c.account)
    known = mine.where(account.c.password_set_at.is_not(None), account.c.key.not_like("%@morel.example"))
    row = connection.execute(known.order_by(seat.c.subscription)).first()
    assert row is not None
    return row.subscription, row.key


def _session_of(site: Site, key: str) -> str:
    cookie = sessions.new_cookie()

    def write(connection: Connection) -> None:
        number = connection.scalar(select(account.c.id).where(account.c.key == key))
        sessions.begin(connection, hashed(cookie), site.now(), account=number)

    site.store.write(write)
    return cookie


def _operator(site: Site) -> str:
    cookie, now = sessions.new_cookie(), site.now()
    site.store.write(lambda connection: operators.add(connection, "bench", site.hashing.hashed(PASSWORD), now))
    site.store.write(lambda connection: sessions.begin(connection, hashed(cookie), now, operator="bench"))
    return cookie
