"""Links of mails: looked at as often as anybody likes, followed once (guide: reception of the mail, step 1).

In: the token of a link. Out: what it is for, or what came of it. Looking changes nothing, so that a scanner of
mails burns no link; of all who follow one at the same moment, one succeeds.
"""

from dataclasses import dataclass

from flexsync.acts import letters
from flexsync.acts.known import known_words
from flexsync.acts.signing import begin_session, forgive_account
from flexsync.acts.site import Site
from flexsync.errors import Refused
from flexsync.keys import hashed
from flexsync.passwords import refused
from flexsync.store import logins, sessions, tokens
from flexsync.store.base import Purpose
from flexsync.store.logins import Login
from flexsync.store.rows import Connection

#: A token has 43 characters; nothing longer is looked up.
LONGEST_TOKEN = 100


class DeadLink(Refused):
    """The link was used, has ended, or never was one; which of them is not told."""


class WeakPassword(Refused):
    """The password cannot be used; the message is one of `flexsync.passwords`."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A link that works: what for, for whom, and the address that it was sent to."""

    purpose: Purpose
    login: Login
    email: str
    subscription: str


def look(site: Site, token: str) -> Opened:
    """What a link is for; raises DeadLink. Nothing is written."""
    return site.store.read(lambda connection: _look(site, connection, token))


def _look(site: Site, connection: Connection, token: str) -> Opened:
    if len(token) > LONGEST_TOKEN:
        raise DeadLink("link")
    found = tokens.look(connection, hashed(token), site.now())
    login = logins.by_id(connection, found.account) if found else None
    if found is None or login is None or not login.entitled:
        raise DeadLink("link")
    return Opened(found.purpose, login, found.email, found.subscription)


def choose_password(site: Site, token: str, password: str, cookie: str = "") -> str:
    """Follow a link of activation or reset: the new password is kept; the cookie of a new session.

    Every other session of the account ends, and its other links are dead. Raises WeakPassword, DeadLink, Busy.
    """
    opened = look(site, token)
    if opened.purpose not in ("activation", "reset"):
        raise DeadLink("link")
    reason = refused(password, site.store.read(lambda connection: known_words(site, connection, opened.login)))
    if reason:
        raise WeakPassword(reason)
    kept = site.hashing.hashed(password)
    return site.store.write(lambda connection: _choose(site, connection, opened, token, kept, cookie))


def _choose(site: Site, connection: Connection, opened: Opened, token: str, kept: str, cookie: str) -> str:
    if tokens.consume(connection, hashed(token), opened.purpose, site.now()) is None:
        raise DeadLink("link")
    login = opened.login
    logins.set_password(connection, login.id, kept, site.now())
    sessions.end_all(connection, [login.id], site.now())
    forgive_account(site, connection, login.key)
    if opened.purpose == "reset":
        tell_password_changed(site, connection, login)
    return begin_session(site, connection, login.id, cookie)


def tell_password_changed(site: Site, connection: Connection, login: Login) -> None:
    """A mail after every change of a password (guide: every change is notified)."""
    run = letters.begin(site, connection, "portal password", login.person.email)
    letters.post(site, connection, run, login, "N3", "password.change")
    letters.end(site, connection, run)
