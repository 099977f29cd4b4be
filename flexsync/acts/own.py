"""What people change of themselves: names, language, password, hosted data (guide, step 2: what users may do).

In: an account and what was typed. Out: the change in every subscription that knows the person, in one transaction.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import replace

from flexsync.acts import letters
from flexsync.acts.drifting import drift
from flexsync.acts.known import known_words
from flexsync.acts.links import WeakPassword, tell_password_changed
from flexsync.acts.signing import begin_session
from flexsync.acts.site import Site
from flexsync.address import email_key
from flexsync.errors import Refused
from flexsync.language import LANGUAGES
from flexsync.passwords import N_, refused
from flexsync.snapshot import Snapshot
from flexsync.state import Person, State, User
from flexsync.store import logins, sessions
from flexsync.store.base import Run
from flexsync.store.logins import Login
from flexsync.store.rows import Connection
from flexsync.store.transaction import Transaction

_LONGEST_NAME = 80
BAD_NAME = N_("Use 1 to 80 letters, spaces, hyphens, apostrophes and full stops.")
BAD_CHOICE = N_("Choose one of these.")
NOTHING_HOSTED = N_("None of your products of this subscription keeps its data online.")


class BadValue(Refused):
    """What was typed cannot be used; the message is for the field `field`, to be translated."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def change_names(site: Site, login: Login, typed: Mapping[str, str]) -> bool:
    """Another civility, given and family name; False when they are what they were. Raises BadValue."""
    if typed["civility"] not in ("madame", "monsieur"):
        raise BadValue("civility", BAD_CHOICE)
    given, family = (checked_name(field, typed[field]) for field in ("given_name", "family_name"))
    return change_person(
        site, login, replace(login.person, civility=typed["civility"], given_name=given, family_name=family)
    )


def checked_name(field: str, typed: str) -> str:
    """A given or family name as it is kept. Raises BadValue for `field`."""
    name = " ".join(unicodedata.normalize("NFC", typed).split())
    if not 1 <= len(name) <= _LONGEST_NAME or not all(_is_of_name(char) for char in name) or not name[0].isalpha():
        raise BadValue(field, BAD_NAME)
    return name


def _is_of_name(char: str) -> bool:
    return char in " -'’." or unicodedata.category(char)[0] in "LM"


def change_language(site: Site, login: Login, language: str) -> bool:
    """Another language of mails and pages. Raises BadValue."""
    if language not in LANGUAGES:
        raise BadValue("language", BAD_CHOICE)
    return change_person(site, login, replace(login.person, language=language))


def change_person(site: Site, login: Login, person: Person) -> bool:
    """Give an account another identity; False when it has it already."""
    if person == login.person:
        return False
    site.store.write(lambda connection: _change_person(site, connection, login, person))
    return True


def _change_person(site: Site, connection: Connection, login: Login, person: Person) -> None:
    run = letters.begin(site, connection, "portal own data", login.person.email)
    rewrite_everywhere(site, connection, run, login, person)
    letters.end(site, connection, run)


def rewrite_everywhere(site: Site, connection: Connection, run: Run, login: Login, person: Person) -> None:
    """The account, and all States that know its person, with the identity `person`."""
    names = logins.named_in(connection, login.id)
    # Subscriptions first, in the order of their names: nobody who changes several waits in a ring.
    opened = [Transaction(connection, name, run, site.now()) for name in names]
    snapshots = [transaction.snapshot() for transaction in opened]
    logins.rewrite(connection, login.id, person)
    for transaction, snapshot in zip(opened, snapshots, strict=True):
        if snapshot.current:
            after = with_person(snapshot.current, login.key, person)
            drift(site, transaction, snapshot, after, _facts(snapshot, person))


def _facts(snapshot: Snapshot, person: Person) -> dict[str, str]:
    """Facts without the proposals of the address that the person has by now."""
    return {
        name: value
        for name, value in snapshot.facts.items()
        if "proposed_email" not in name.split("/") or email_key(value) != person.key
    }


def with_person(state: State, key: str, person: Person) -> State:
    """`state` with another identity of whoever has the account `key`."""
    users = {name: _with(user, key, person) for name, user in state.users.items()}
    admin = state.admin
    if admin and admin.person.key == key:
        admin = replace(admin, person=person)
    return replace(state, users=users, admin=admin)


def _with(user: User, key: str, person: Person) -> User:
    return replace(user, person=person) if user.person and user.person.key == key else user


def change_password(site: Site, login: Login, password: str, cookie: str) -> str:
    """Keep another password; the cookie of a new session, all others of the account end.

    Whoever calls has let the person prove the old one. Raises WeakPassword, Busy.
    """
    reason = refused(password, site.store.read(lambda connection: known_words(site, connection, login)))
    if reason:
        raise WeakPassword(reason)
    kept = site.hashing.hashed(password)
    return site.store.write(lambda connection: _change_password(site, connection, login, kept, cookie))


def _change_password(site: Site, connection: Connection, login: Login, kept: str, cookie: str) -> str:
    logins.set_password(connection, login.id, kept, site.now())
    sessions.end_all(connection, [login.id], site.now())
    tell_password_changed(site, connection, login)
    return begin_session(site, connection, login.id, cookie)


def opt_out(site: Site, login: Login, name: str, *, out: bool) -> bool:
    """Keep the own data of a subscription off the hosted service, or let it back; False when it is so already.

    Raises BadValue when no product that the person may open is hosted there.
    """
    return site.store.write(lambda connection: _opt_out(site, connection, login, name, out))


def _opt_out(site: Site, connection: Connection, login: Login, name: str, out: bool) -> bool:
    run = letters.begin(site, connection, "portal hosting", login.person.email)
    transaction = Transaction(connection, name, run, site.now())
    snapshot = transaction.snapshot()
    state = snapshot.current
    key = seat_of(state, login.key) if state else ""
    if state is None or not key or not hosted(state, state.users[key]):
        raise BadValue("hosted", NOTHING_HOSTED)
    changed = replace(state.users[key], hosted_opt_out=out)
    done = drift(site, transaction, snapshot, replace(state, users={**state.users, key: changed}))
    letters.end(site, connection, run)
    return done


def seat_of(state: State, key: str) -> str:
    """The key of the present user who has the account `key`; empty when there is none."""
    mine = (name for name, user in sorted(state.present.items()) if user.person and user.person.key == key)
    return next(mine, "")


def hosted(state: State, user: User) -> list[str]:
    """Codes of the products that a user may open and whose data is online."""
    return [code for code in user.access if code in state.products and state.products[code].data_mode == "hosted"]
