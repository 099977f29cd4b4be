"""Mails about an account that no change of a subscription causes: a new password asked for, or chosen.

They raise no revision: a visitor who asks for a password must not make a saved plan stale.
"""

from dataclasses import replace

from flexsync.acts.site import Site
from flexsync.apply.mails import mails
from flexsync.plan.change import Change
from flexsync.plan.model import Notice, Step
from flexsync.snapshot import Snapshot
from flexsync.state import ADMIN_KEY, State
from flexsync.store import posting, reading, runs
from flexsync.store.base import Purpose, Run, Writing
from flexsync.store.logins import Login
from flexsync.store.transaction import Mail


def begin(site: Site, connection: Writing, command: str, actor: str) -> Run:
    """A run of somebody in the portal, within the transaction of what it does."""
    return runs.begin(connection, Run(runs.new_id(), actor, "", command, site.now()))


def end(site: Site, connection: Writing, run: Run) -> None:
    """Note that a run of `begin` did what it was for."""
    runs.end(connection, run, "done", {"applied": 1}, site.now())


def post(site: Site, connection: Writing, run: Run, login: Login, code: str, kind: str, purpose: Purpose = "") -> None:
    """Queue one mail about an account, as a user of the first subscription that it is used in."""
    name = next(iter(login.places), login.owner)
    state = reading.snapshots(connection, [name]).get(name, Snapshot(name)).current
    if state is None:
        return
    change = Change(kind, _subject(state, login))
    step = Step(change, notices=(Notice(code, login.person.email, login.person.language),))
    for mail in mails([step], state, state, {}, {}):
        posting.post(connection, name, run, _plain(mail, purpose), f"account/{login.id}/{run.id}", site.now())


def _plain(mail: Mail, purpose: Purpose) -> Mail:
    return replace(mail, purpose=purpose)


def _subject(state: State, login: Login) -> str:
    keys = (
        key for key, user in sorted(state.present.items()) if user.person and user.person.email == login.person.email
    )
    key = next(keys, ADMIN_KEY)
    return "admin" if key == ADMIN_KEY else f"user/{key}"
