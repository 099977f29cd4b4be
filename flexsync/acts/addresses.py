"""Another e-mail address: proposed by its owner, confirmed at the new place (guide, step 2; fact R55).

The login moves only when the link that was mailed to the new address is followed by somebody who knows the
password. Both addresses are told. An address that somebody has already gets no link, and the answer is the same.
"""

from dataclasses import replace

from flexsync.acts import letters
from flexsync.acts.drifting import drift
from flexsync.acts.links import DeadLink, Opened
from flexsync.acts.own import BadValue, rewrite_everywhere, seat_of
from flexsync.acts.site import Site
from flexsync.address import email_key, email_problem
from flexsync.keys import hashed
from flexsync.passwords import N_
from flexsync.plan.change import Change
from flexsync.snapshot import ADMIN_PROPOSED_EMAIL, OWN_PROPOSAL, PROPOSED_EMAIL
from flexsync.state import State
from flexsync.store import attempts, invitations, logins, sessions, tokens
from flexsync.store.logins import Login
from flexsync.store.rows import Connection
from flexsync.store.transaction import Transaction

BAD_EMAIL = N_("This is not an e-mail address such as anne@dupont.example.")
TOO_OFTEN = N_("You asked for several addresses already. Wait a quarter of an hour, then try again.")
NO_PLACE = N_("You belong to no subscription yet. Change your address once you do.")
SAME_EMAIL = N_("This is already your address.")


def propose_email(site: Site, login: Login, email: str) -> None:
    """Mail a link to the new address, and word of it to the old one. Raises BadValue of what is no address."""
    typed = email.strip()
    if email_problem(typed):
        raise BadValue("email", BAD_EMAIL)
    if email_key(typed) == login.key:
        raise BadValue("email", SAME_EMAIL)
    if not login.places:
        raise BadValue("email", NO_PLACE)
    if site.store.write(lambda connection: _propose(site, connection, login, typed)):
        raise BadValue("email", TOO_OFTEN)


def _propose(site: Site, connection: Connection, login: Login, email: str) -> bool:
    """True, and nothing done, when the person asked too often."""
    name = login.places[0]
    if attempts.take(connection, attempts.PROPOSAL, site.keys.subject("proposal", login.key), site.now()):
        return True
    # Whether somebody has the address must show nowhere: all is done as ever, but that no link is mailed.
    taken = email_key(email) if logins.by_key(connection, email_key(email)) else ""
    run = letters.begin(site, connection, "portal e-mail", login.person.email)
    invitations.revoke(connection, [login.id], site.now(), "confirm_email")
    transaction = Transaction(connection, name, run, site.now())
    snapshot = transaction.snapshot()
    if snapshot.current:
        fact, subject = _named(snapshot.current, login.key)
        facts = {**snapshot.facts, fact: email, OWN_PROPOSAL.format(fact): email}
        change = Change(f"{subject.partition('/')[0]}.propose_email", subject, login.person.email, email)
        drift(site, transaction, snapshot, snapshot.current, facts, [change], untold=taken)
    letters.end(site, connection, run)
    return False


def _named(state: State, key: str) -> tuple[str, str]:
    """The name of the fact that keeps a proposal, and the subject of its change."""
    if state.admin and state.admin.person.key == key:
        return ADMIN_PROPOSED_EMAIL, "admin"
    seat = seat_of(state, key)
    return PROPOSED_EMAIL.format(seat), f"user/{seat}"


def confirm_email(site: Site, token: str, opened: Opened) -> None:
    """Move the login of a confirmed link to its address; every session of the account ends.

    Whoever calls has let the person prove the password: a subscription may have proposed an address for the
    login of somebody whom others know too. Raises DeadLink, also when the address became somebody's login meanwhile.
    """
    if opened.purpose != "confirm_email":
        raise DeadLink("link")
    site.store.write(lambda connection: _confirm(site, connection, token, opened))


def _confirm(site: Site, connection: Connection, token: str, opened: Opened) -> None:
    link = tokens.consume(connection, hashed(token), "confirm_email", site.now())
    login = logins.by_id(connection, link.account) if link else None
    if link is None or login is None or logins.by_key(connection, email_key(link.email)):
        raise DeadLink("link")
    run = letters.begin(site, connection, "portal e-mail", login.person.email)
    rewrite_everywhere(site, connection, run, login, replace(login.person, email=link.email))
    letters.end(site, connection, run)
    sessions.end_all(connection, [login.id], site.now())
