"""resend: an invitation once more, for somebody who did not get it, or let it expire (guide: console, action 1)."""

from datetime import datetime, timedelta

from flexsync.acts.files import FilesUnread
from flexsync.acts.site import Site
from flexsync.acts.telling import Subject, Told, done, tell
from flexsync.desired.model import Policy
from flexsync.errors import Refused
from flexsync.plan.invitations import again
from flexsync.snapshot import Invitation
from flexsync.store.sql import Store
from flexsync.store.transaction import Transaction


class TooSoon(Refused):
    """Somebody was mailed a short time ago, or has an invitation that works."""


def resend(
    store: Store,
    name: str,
    key: str,
    policy: Policy,
    *,
    actor: str,
    force: bool = False,
    renew: bool = False,
    command: str = "resend",
) -> Told:
    """Invite `key` of the subscription `name` again: a new link by mail, and the older one is dead.

    Life of the invitation, and pause between two, are of the `policy`. Raises Refused for somebody who has a
    password (I41), and unless forced TooSoon for somebody whose invitation works (but to `renew` it), or who was
    mailed within the pause (I40); else as `flexsync.acts.telling.done`.
    """

    def act(transaction: Transaction, subject: Subject) -> Told:
        _refuse_active(transaction.name, subject)
        if subject.invitation and not force:
            _refuse_too_soon(subject.name, subject.invitation, transaction.now, policy, renew)
        return _invite(transaction, subject, policy.invitation_days)

    return done(store, command, name, key, actor, act, asked=True)


def resend_here(site: Site, name: str, key: str, *, actor: str) -> Told:
    """`resend` in the console, also where the older link works; raises FilesUnread while nobody knows the policy."""
    policy = site.policy(name)
    if policy is None:
        raise FilesUnread(f"The files that say how {name} invites cannot be read.")
    return resend(site.store, name, key, policy, actor=actor, renew=True, command="console resend")


def _invite(transaction: Transaction, subject: Subject, days: int) -> Told:
    change = again(subject.path, subject.person, subject.invitation)
    attempt: int = change.after["attempt"]

    def write() -> dict[str, int]:
        return transaction.invite_again(subject.account.key, subject.key, days, attempt)

    return tell(transaction, subject, "N1" if subject.path == "admin" else "N2", [change], write)


def _refuse_active(subscription: str, subject: Subject) -> None:
    if subject.account.active:
        name = subject.name
        raise Refused(f"{name} is already active; use flexsync reset-password {subscription} {name}.")


def _refuse_too_soon(name: str, before: Invitation, now: datetime, policy: Policy, renew: bool) -> None:
    """Raise TooSoon when the person was just mailed, or has a link that works."""
    if now < before.free_at(policy.pause):
        words = "was mailed" if before.sent_at else "waits for a mail that was made"
        since = _ago(now - (before.sent_at or before.made_at))
        raise TooSoon(
            f"{name} {words} {since} ago, and is left alone for {policy.invitation_pause_hours} h; "
            "use --force to repeat."
        )
    if before.live and not renew:
        raise TooSoon(f"{name} has an invitation that works until {before.last_day}; use --force to replace it.")


def _ago(since: timedelta) -> str:
    minutes = max(0, int(since.total_seconds())) // 60
    return f"{minutes // 60} h" if minutes >= 60 else f"{minutes} min"
