"""Mails about an account that no change of a subscription causes: a new password asked for, or chosen.

They raise no revision: a visitor who asks for a password must not make a saved plan stale.
"""

from dataclasses import replace

from flexsync.acts.site import Site
from flexsync.apply.details import Scene
from flexsync.apply.mails import mails
from flexsync.clock import today
from flexsync.plan.change import Change
from flexsync.plan.model import Notice, Step
from flexsync.state import ADMIN_KEY, State
from flexsync.store import posting, reading, runs
from flexsync.store.base import Purpose, Run
from flexsync.store.logins import Login
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
    name = next(iter(login.places), login.owner)
    found = reading.snapshots(connection, [name]).get(name)
    state = found.current if found else None
    if found is None or state is None:
        return
    change = Change(kind, _subject(state, login))
    step = Step(change, notices=(Notice(code, login.person.email, login.person.language),))
    for mail in mails([step], Scene(state, state, found.facts, today(site.clock)), {}, {}):
        posting.post(connection, name, run, replace(mail, purpose=purpose), f"account/{login.id}/{run.id}", site.now())


def _subject(state: State, login: Login) -> str:
    keys = (
        key for key, user in sorted(state.present.items()) if user.person and user.person.email == login.person.email
    )
    key = next(keys, ADMIN_KEY)
    return "admin" if key == ADMIN_KEY else f"user/{key}"
