"""Signing in and out: one answer and one effort for whoever is not let in, and guessing that gets slow.

In: what was typed, and from which address. Out: a cookie, or None. Tries are counted before a password is
looked at; nobody waits longer than `flexsync.store.attempts.PAUSE`, and a link by mail always helps.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_address, ip_network
from typing import TypeVar

from flexsync.acts.site import Site
from flexsync.address import email_key
from flexsync.errors import FlexsyncError
from flexsync.keys import hashed
from flexsync.passwords import Busy
from flexsync.store import attempts, logins, operators, sessions
from flexsync.store.logins import Login
from flexsync.store.rows import Connection
from flexsync.store.sessions import Session

_LONGEST_EMAIL = 254
T = TypeVar("T")


class TooMany(FlexsyncError):
    """Too many tries from one address; `until` is when it may try again."""

    def __init__(self, until: datetime) -> None:
        super().__init__("too many tries from this address")
        self.until = until

    def wait(self, now: datetime) -> int:
        """Seconds from `now` until then, at least one."""
        return max(1, int((self.until - now).total_seconds()) + 1)


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody who says who they are, from the network address `address`; `cookie` is the session they had."""

    name: str
    password: str = field(repr=False)
    address: str
    cookie: str = field(default="", repr=False)


def sign_in(site: Site, attempt: Attempt) -> str | None:
    """The cookie of a new session; None for whoever is unknown, wrong, not active, or has to wait.

    Raises TooMany for an address that tried too often, before any password is looked at, and Busy.
    """
    return let_in(site, attempt, lambda connection, login: begin_session(site, connection, login.id, attempt.cookie))


def let_in(site: Site, attempt: Attempt, act: Callable[[Connection, Login], T]) -> T | None:
    """What `act` answers to whoever proved who they are, in the transaction that forgives earlier tries.

    None for whoever is unknown, wrong, not active, or has to wait. Raises TooMany for an address that tried too
    often, before any password is looked at, and Busy.
    """
    with site.hashing.in_line():
        return _let_in(site, attempt, act)


def _let_in(site: Site, attempt: Attempt, act: Callable[[Connection, Login], T]) -> T | None:
    key = email_key(attempt.name[:_LONGEST_EMAIL])
    waits = _counted(site, attempt.address, key)
    login = site.store.read(lambda connection: logins.by_key(connection, key))
    kept = login.kept if login and login.active and not waits else None
    if not _matches(site, attempt, key, kept) or login is None:
        return None
    better = site.hashing.hashed(attempt.password) if kept and site.hashing.outdated(kept) else ""

    def proven(connection: Connection) -> T | None:
        # While the hash was computed, the password may have become another one.
        if not logins.holds(connection, login.id, login.kept):
            return None
        if better:
            logins.keep(connection, login.id, better)
        _forgive(site, connection, attempt.address, login.key)
        return act(connection, login)

    return site.store.write(proven)


def begin_session(site: Site, connection: Connection, account: int, old_cookie: str = "") -> str:
    """The cookie of a new session of an account; the session that came with the request is over."""
    now, cookie = site.now(), sessions.new_cookie()
    if old_cookie:
        sessions.end(connection, hashed(old_cookie), now)
    logins.signed_in(connection, account, now)
    sessions.begin(connection, hashed(cookie), now, account=account)
    return cookie


def sign_in_operator(site: Site, attempt: Attempt) -> str | None:
    """As `sign_in`, for an operator."""
    key = f"operator {attempt.name[:_LONGEST_EMAIL]}"
    waits = _counted(site, attempt.address, key)
    name = attempt.name[:_LONGEST_EMAIL].replace("\x00", "")
    found = site.store.read(lambda connection: operators.find(connection, name))
    kept = found.kept if found and found.ended_at is None and not waits else None
    if not _matches(site, attempt, key, kept) or found is None:
        return None
    return site.store.write(lambda connection: _begin_operator(site, connection, found.name, attempt))


def _begin_operator(site: Site, connection: Connection, name: str, attempt: Attempt) -> str:
    now, cookie = site.now(), sessions.new_cookie()
    _forgive(site, connection, attempt.address, f"operator {name}")
    if attempt.cookie:
        sessions.end(connection, hashed(attempt.cookie), now)
    sessions.begin(connection, hashed(cookie), now, operator=name)
    return cookie


def _matches(site: Site, attempt: Attempt, key: str, kept: str | None) -> bool:
    try:
        return site.hashing.matches(attempt.password, kept)
    except Busy:
        site.store.write(lambda connection: _uncounted(site, connection, attempt.address, key))
        raise


def _counted(site: Site, address: str, key: str) -> bool:
    """Count a try; True when the account has to wait. Raises TooMany when the address has to."""
    now = site.now()

    def count(connection: Connection) -> tuple[datetime | None, datetime | None]:
        until = attempts.take(connection, attempts.ADDRESS, subject_of_address(site, address), now)
        return until, until or attempts.take(connection, attempts.ACCOUNT, _subject(site, key), now)

    until, waits = site.store.write(count)
    if until:
        raise TooMany(until)
    return waits is not None


def _uncounted(site: Site, connection: Connection, address: str, key: str) -> None:
    attempts.give_back(connection, attempts.ADDRESS, subject_of_address(site, address), site.now())
    attempts.give_back(connection, attempts.ACCOUNT, _subject(site, key), site.now())


def _forgive(site: Site, connection: Connection, address: str, key: str) -> None:
    attempts.give_back(connection, attempts.ADDRESS, subject_of_address(site, address), site.now())
    forgive_account(site, connection, key)


def forgive_account(site: Site, connection: Connection, key: str) -> None:
    """Forget the tries at an account, whose owner is there."""
    attempts.forget(connection, attempts.ACCOUNT, _subject(site, key))


def count_address(site: Site, address: str) -> None:
    """Count a try of an address alone; raises TooMany."""
    subject, now = subject_of_address(site, address), site.now()
    until = site.store.write(lambda connection: attempts.take(connection, attempts.ADDRESS, subject, now))
    if until:
        raise TooMany(until)


def subject_of_address(site: Site, address: str) -> str:
    """The name under which tries of a network address are counted; neighbours of IPv6 count as one."""
    try:
        found = ip_address(address)
    except ValueError:
        return site.keys.subject("address", address)
    network = ip_network((found, 64), strict=False) if found.version == 6 else found
    return site.keys.subject("address", str(network))


def _subject(site: Site, key: str) -> str:
    return site.keys.subject("account", key)


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody signed in: the session, and the account or the operator's name."""

    session: Session
    login: Login | None = None
    operator: str = ""


def present(site: Site, cookie: str) -> Present | None:
    """Who a cookie belongs to; None when the session ended, or the account may not sign in any more."""
    now = site.now()
    found = site.store.read(lambda connection: _present(connection, hashed(cookie), now))
    if found and found.session.seen_at < now - sessions.NOTED_EVERY:
        site.store.write(lambda connection: sessions.note(connection, found.session, now))
    return found


def _present(connection: Connection, hash_of_cookie: str, now: datetime) -> Present | None:
    session = sessions.find(connection, hash_of_cookie, now)
    if session is None:
        return None
    if session.operator:
        operator = operators.find(connection, session.operator)
        return Present(session, operator=operator.name) if operator and operator.ended_at is None else None
    login = logins.by_id(connection, session.account or 0)
    return Present(session, login) if login and login.active else None


def sign_out(site: Site, session: Session) -> None:
    """End a session."""
    site.store.write(lambda connection: sessions.end(connection, session.hash, site.now()))


def proved(site: Site, login: Login, password: str, address: str) -> bool:
    """True when somebody signed in types the right password again; counted as a try. Raises TooMany, Busy."""
    attempt = Attempt(login.key, password, address)
    waits = _counted(site, address, login.key)
    if not _matches(site, attempt, login.key, None if waits else login.kept):
        return False
    site.store.write(lambda connection: _forgive(site, connection, address, login.key))
    return True
