"""Invitations that were in vain: their time is over, or their mail could not be delivered.

In: the Context, whose accounts carry the newest invitation of each person, whoever sent it. Out: Changes
that invite again those who are still declared, and the Blocks of those who wait for somebody. A person has
one invitation over all subscriptions, so whoever comes first in a run sends it.
"""

from collections.abc import Iterator
from typing import Any

from flexsync.address import email_key
from flexsync.errors import Block
from flexsync.plan.change import Change
from flexsync.plan.context import Context
from flexsync.plan.people import account_after
from flexsync.snapshot import ADMIN_SUCCESSOR, Account, Invitation, next_attempt
from flexsync.state import ADMIN_KEY, Person, State, to_plain

RESEND = "invitation.resend"


def lapsed(context: Context) -> Iterator[Change]:
    """A Change for everybody who was invited in vain, and is here before and after the run."""
    for subject, person in _staying(context):
        account = context.accounts.get(person.key)
        if account and _is_due(account, context):
            yield again(subject, person, account.invitation)


def again(subject: str, person: Person, invitation: Invitation | None) -> Change:
    """The Change that invites `person` once more; `subject` is `admin`, also of a successor, or `user/KEY`."""
    return Change(
        RESEND, subject, _before(invitation), {"person": to_plain(person), "attempt": next_attempt(invitation)}
    )


def held_back(change: Change, context: Context) -> Block | None:
    """Why an invitation is not sent again by itself."""
    if change.kind != RESEND:
        return None
    name = context.desired.state.name
    command = f"flexsync resend {name} {change.parts[-1]}"
    if change.before["invitation"] == "failed":
        return Block(
            "undelivered",
            "the mail of the invitation could not be delivered; mend the address here, or the mail server and "
            f"then flexsync outbox retry, or run {command}",
        )
    if context.desired.policy.invitations == "manual":
        return Block("manual", f"the invitation expired, and invitations are sent by hand: run {command}")
    if change.after["attempt"] > context.desired.policy.invitation_attempts:
        return Block("unanswered", f"{_vainly(change.before)}; speak to the person, then run {command}")
    return _too_soon(change, context, command)


def _too_soon(change: Change, context: Context, command: str) -> Block | None:
    """Somebody whose invitation was shorter than the pause is left alone until that is over, too."""
    policy = context.desired.policy
    account = account_after(change, context.accounts)
    invitation = account.invitation if account else None
    if invitation is None or invitation.free_at(policy.pause) <= invitation.expires_at:
        return None
    day = invitation.free_on(policy.pause)
    if day <= context.as_of:
        return None
    return Block(
        "too-soon",
        f"policy.invitation_pause_hours is {policy.invitation_pause_hours}: sent again from {day} on; "
        f"if it cannot wait, run {command} --force",
    )


def _before(invitation: Invitation | None) -> dict[str, Any] | None:
    if invitation is None:
        return None
    last_day = invitation.last_day.isoformat()
    return {"invitation": invitation.state, "attempt": invitation.attempt, "last_day": last_day}


def _vainly(before: dict[str, Any]) -> str:
    number = before["attempt"]
    many = f"{number} invitations were" if number > 1 else "the invitation was"
    return f"{many} not answered, the last until {before['last_day']}"


def _is_due(account: Account, context: Context) -> bool:
    """True of somebody without a password whose invitation lapsed by the day of the plan, while the contract lasts."""
    invitation = account.invitation
    if account.active or invitation is None or not invitation.lapsed:
        return False
    end = context.desired.state.ends_on
    over = end is not None and end < context.as_of
    return not over and (invitation.state == "failed" or invitation.last_day <= context.as_of)


def _staying(context: Context) -> Iterator[tuple[str, Person]]:
    """Who is here before and after, under the same address; who comes, or moves, is invited by that change."""
    if context.current is None or context.closing:
        return
    before = dict(_invitable(context.current))
    told: set[str] = set()
    for subject, person in _invitable(context.desired.state):
        known = before.get(subject)
        stays = (known is not None and known.key == person.key) or _is_successor(subject, person.key, context)
        if stays and person.key not in told:
            told.add(person.key)
            yield subject, person


def _is_successor(subject: str, key: str, context: Context) -> bool:
    return subject == "admin" and email_key(context.facts.get(ADMIN_SUCCESSOR, "")) == key


def _invitable(state: State) -> Iterator[tuple[str, Person]]:
    """The administrator, then each present user; the administrator's own seat is the same person."""
    if state.admin:
        yield "admin", state.admin.person
    for key, user in sorted(state.present.items()):
        if user.person and key != ADMIN_KEY:
            yield f"user/{key}", user.person
