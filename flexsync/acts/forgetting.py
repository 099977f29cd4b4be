"""A forgotten password, or a lost invitation: a link by mail to whoever may have one, one answer to everybody.

The mail of an invitation so is never the only way in (guide, activation of the administrator's account).
"""

from flexsync.acts import letters
from flexsync.acts.signing import count_address
from flexsync.acts.site import Site
from flexsync.address import email_key
from flexsync.snapshot import Invitation
from flexsync.store import attempts, invited, logins
from flexsync.store.logins import Login
from flexsync.store.rows import Connection


def forgot(site: Site, email: str, address: str) -> None:
    """Mail a link to choose another password, or the first one, when somebody has that e-mail address.

    Nothing tells whether that is so. Raises TooMany for an address of the network that asked too often.
    """
    count_address(site, address)
    key = email_key(email[:254])
    site.store.write(lambda connection: _forgot(site, connection, key))


def _forgot(site: Site, connection: Connection, key: str) -> None:
    asked_again = _asked_again(site, connection, key)
    login = logins.by_key(connection, key)
    asked = invited.unfollowed(connection, key, site.now())
    if login and login.active and not asked_again:
        _mail(site, connection, login)
    elif login and login.entitled and asked and not asked_again:
        _invite(site, connection, login, *asked)
    else:
        _rehearse(site, connection)


def _rehearse(site: Site, connection: Connection) -> None:
    """Take as long as for somebody who is mailed, and leave nothing behind: the time of the answer would tell."""
    if stand_in := logins.somebody(connection):
        with connection.begin_nested() as rehearsal:
            _mail(site, connection, stand_in)
            rehearsal.rollback()


def _mail(site: Site, connection: Connection, login: Login) -> None:
    run = letters.begin(site, connection, "portal reset", login.person.email)
    letters.post(site, connection, run, login, "N7", "password.reset", "reset")
    letters.end(site, connection, run)


def _invite(site: Site, connection: Connection, login: Login, number: int, invitation: Invitation) -> None:
    # A stranger may ask: the link that was mailed before must not die of it, nor live longer.
    run = letters.begin(site, connection, "portal invitation", login.person.email)
    letters.invite(site, connection, run, login, number, invitation)
    letters.end(site, connection, run)


def too_often(site: Site, email: str) -> bool:
    """Count a link that somebody else asks for, for whoever has that address; True when there were many lately."""
    return site.store.write(lambda connection: _asked_again(site, connection, email_key(email)))


def _asked_again(site: Site, connection: Connection, key: str) -> bool:
    return attempts.take(connection, attempts.RESET, site.keys.subject("reset", key), site.now()) is not None
