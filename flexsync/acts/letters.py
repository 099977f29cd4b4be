"""Mails about an account that no change of a subscription causes: a link asked for, a password chosen.

They raise no revision: a visitor who asks for a password must not make a saved plan stale.
"""

from collections.abc import Mapping
from dataclasses import replace

from flexsync.acts.site import Site
from flexsync.apply.details import Scene
from flexsync.apply.mails import mails
from flexsync.clock import today
from flexsync.plan.change import Change
from flexsync.plan.invitations import again
from flexsync.plan.model import Notice, Step
from flexsync.snapshot import Invitation, Snapshot
from flexsync.state import ADMIN_KEY, State
from flexsync.store import posting, reading, runs
from flexsync.store.base import Purpose, Run
from flexsync.store.logins import Login
from flexsync.store.queue import Mail
from flexsync.store.rows import Connection


def begin(site: Site, connection: Connection, command: str, actor: str) -> Run:
    """A run of somebody in the portal, within the transaction of what it does."""
    return runs.begin_within(connection, command, actor, site.now())


def end(site: Site, connection: Connection, run: Run) -> None:
    """Note that a run of `begin` did what it was for."""
    runs.end(connection, run, "done", {"applied": 1}, site.now())


def post(
    site: Site, connection: Connection, run: Run, login: Login, code: str, kind: str, purpose: Purpose = ""
) -> None:
    """Queue one mail about an account, as a user of the first subscription that it is used in."""
    if place := _place(connection, login):
        change = Change(kind, _subject(place[1], login))
        for mail in _mails(site, place, login, code, change, {}):
            _queue(site, connection, run, login, replace(mail, purpose=purpose))


def invite(site: Site, connection: Connection, run: Run, login: Login, number: int, invitation: Invitation) -> None:
    """Queue one more mail with the invitation of that number; a link of an earlier mail works on beside it."""
    if place := _place(connection, login):
        change = again(_subject(place[1], login), login.person, invitation)
        code = "N1" if change.parts[-1] == ADMIN_KEY else "N2"
        for mail in _mails(site, place, login, code, change, {login.key: number}):
            _queue(site, connection, run, login, mail)


def _place(connection: Connection, login: Login) -> tuple[Snapshot, State] | None:
    """The first subscription that an account is used in, or awaited by, with its State."""
    name = _home(login)
    found = reading.snapshots(connection, [name]).get(name)
    return (found, found.current) if found and found.current else None


def _home(login: Login) -> str:
    return next(iter(login.places or login.awaited), login.owner)


def _mails(
    site: Site, place: tuple[Snapshot, State], login: Login, code: str, change: Change, made: Mapping[str, int]
) -> list[Mail]:
    found, state = place
    step = Step(change, notices=(Notice(code, login.person.email, login.person.language),))
    return mails([step], Scene(state, state, found.facts, today(site.clock)), {}, made)


def _queue(site: Site, connection: Connection, run: Run, login: Login, mail: Mail) -> None:
    posting.post(connection, _home(login), run, mail, f"account/{login.id}/{run.id}", site.now())


def _subject(state: State, login: Login) -> str:
    keys = (key for key, user in sorted(state.present.items()) if user.person and user.person.key == login.key)
    key = next(keys, ADMIN_KEY)
    return "admin" if key == ADMIN_KEY else f"user/{key}"
