"""explain: why a user has access, or has none."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from flexsync.clock import PARIS
from flexsync.errors import WrongCommand
from flexsync.plan.change import KINDS
from flexsync.snapshot import Invitation
from flexsync.state import User
from flexsync.text import did_you_mean, visible
from flexsync.workflow.status import state_of

if TYPE_CHECKING:
    from flexsync.store.base import JournalEntry, Status


def explained_user(
    status: "Status", history: "list[JournalEntry]", later: Mapping[str, User], key: str, today: date
) -> Iterator[str]:
    """Why a user has access, or has none: state, dates, products, invitation, and what was last done.

    `later` are users who begin on a later day.
    """
    state = state_of(status)
    stored = state.users.get(key)
    user = later.get(key, stored)
    if user is None:
        hint = did_you_mean(key, [*state.users, *later])
        raise WrongCommand(f'{state.name} has no user "{visible(key)}".{hint}')
    verdict = f"no access before {user.starts_on}" if key in later else _verdict(user, status, today)
    yield f"{visible(key)} in {visible(state.name)}: {verdict}"
    if user.person:
        yield f"  person      {visible(user.person.name)} <{visible(user.person.email)}>"
    yield f"  state       {stored.status if stored else 'not in the store yet'}"
    yield f"  dates       {user.starts_on or 'no first day'} to {user.ends_on or 'no last day'}"
    yield f"  products    {visible(', '.join(user.access)) or 'none'}"
    yield from _invitation_line(user, status)
    yield from _last_changes(history, key)


def _verdict(user: User, status: "Status", today: date) -> str:
    if user.status != "present":
        return f"no access, the account is {user.status}"
    if user.ends_on and user.ends_on < today:
        return f"leaves at the next apply, the last day was {user.ends_on}"
    if not status.is_active(user.person):
        return "no access yet, the password was never chosen"
    return "has access" if user.access else "no access, no product was granted"


def _invitation_line(user: User, status: "Status") -> Iterator[str]:
    invitation = status.invitation(user.person)
    if invitation:
        made = f"{invitation.made_at.astimezone(PARIS):%Y-%m-%d}"
        mail = f", mail {invitation.attempt}" if invitation.attempt > 1 else ""
        until = f"{invitation.last_day}{mail}{_what_next(invitation)}"
        yield f"  invitation  {invitation.state}, made {made}, until {until}"


def _what_next(invitation: Invitation) -> str:
    if invitation.state == "failed":
        return "; its mail could not be delivered, see flexsync outbox list"
    return "; flexsync plan sends it again, or says why not" if invitation.state == "expired" else ""


def _last_changes(history: "list[JournalEntry]", key: str) -> Iterator[str]:
    for entry in reversed(history):
        for step in entry.steps:
            if key in str(step.get("subject", "")).split("/"):
                words = KINDS[step["kind"]].words
                at = f"{entry.at.astimezone(PARIS):%Y-%m-%d %H:%M}"
                yield f"  changed     {at}  {words}  by {visible(entry.actor)}  run {entry.run}"
