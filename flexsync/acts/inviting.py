"""resend: an invitation once more, for somebody who did not get it, or let it expire (guide: console, action 1)."""

from datetime import datetime, timedelta

from flexsync.acts.telling import Subject, Told, done, tell
from flexsync.desired.model import Policy
from flexsync.errors import Refused
from flexsync.plan.invitations import again
from flexsync.snapshot import Invitation
from flexsync.store.sql import Store
from flexsync.store.transaction import Transaction

#: How long somebody who was just mailed is left alone.
PAUSE = timedelta(hours=24)


class TooSoon(Refused):
    """Somebody was mailed a short time ago, or has an invitation that works."""


def resend(
    store: Store, name: str, key: str, *, actor: str, force: bool = False, renew: bool = False, command: str = "resend"
) -> Told:
    """Invite `key` of the subscription `name` again: a new link by mail, and the older one is dead.

    The new invitation lives as many days as the one before. Raises Refused for somebody who has a password
    (I41), and unless forced TooSoon for somebody whose invitation works (but to `renew` it), or who was mailed
    in the last 24 hours (I40); else as `flexsync.acts.telling.done`.
    """
    return done(store, command, name, key, actor, lambda under, who: _resend(under, who, force, renew), asked=True)


def _resend(transaction: Transaction, subject: Subject, force: bool, renew: bool) -> Told:
    if subject.account.active:
        raise Refused(
            f"{subject.name} is already active; use flexsync reset-password {transaction.name} {subject.name}."
        )
    before = subject.invitation
    if before and not force:
        _refuse_too_soon(subject.name, before, transaction.now, renew)
    days = before.days if before else Policy().invitation_days
    change = again(subject.path, subject.person, before)
    attempt: int = change.after["attempt"]

    def write() -> dict[str, int]:
        return transaction.invite_again(subject.account.key, subject.key, days, attempt)

    return tell(transaction, subject, "N1" if subject.path == "admin" else "N2", [change], write)


def _refuse_too_soon(name: str, before: Invitation, now: datetime, renew: bool) -> None:
    """Raise TooSoon when the person was just mailed, or has a link that works; a mail that failed is neither."""
    if before.state == "failed":
        return
    asked = before.sent_at or before.made_at
    if now - asked < PAUSE and before.state != "cancelled":
        words = "was mailed" if before.sent_at else "waits for a mail that was made"
        raise TooSoon(f"{name} {words} {_ago(now - asked)} ago; use --force to repeat.")
    if before.live and not renew:
        raise TooSoon(f"{name} has an invitation that works until {before.last_day}; use --force to replace it.")


def _ago(since: timedelta) -> str:
    minutes = max(0, int(since.total_seconds())) // 60
    return f"{minutes // 60} h" if minutes >= 60 else f"{minutes} min"
