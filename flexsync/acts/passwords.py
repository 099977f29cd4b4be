"""Passwords: a link to choose another one, and word of where the shared one of a service is read.

Neither is ever in a mail (guide: console, action 4; step 3).
"""

from flexsync.acts.telling import Subject, Told, done, tell
from flexsync.errors import Refused
from flexsync.plan.change import Change
from flexsync.state import ADMIN_KEY
from flexsync.store.sql import Store
from flexsync.store.transaction import Transaction
from flexsync.text import visible


def reset_password(store: Store, name: str, key: str, *, actor: str) -> Told:
    """Mail a link to choose another password to `key` of the subscription `name`; an older one is dead.

    The old password works until the link is followed. Raises Refused for somebody who has none yet (I41);
    else as `flexsync.acts.telling.done`.
    """
    return done(store, "reset-password", name, key, actor, _reset)


def _reset(transaction: Transaction, subject: Subject) -> Told:
    _refuse_inactive(transaction, subject)

    def write() -> dict[str, int]:
        transaction.unsend(subject.person.email, "reset")
        transaction.revoke([subject.account.key], "reset")
        return {}

    return tell(transaction, subject, "N7", [Change("password.reset", subject.path)], write)


def send_password(store: Store, name: str, key: str, *, actor: str, service: str = "") -> Told:
    """Tell `key`, who is a declared recipient or the administrator, where the shared password is read.

    Of `service`, or of every active service that has one and tells it to `key`. Raises Refused when there is
    none; else as `flexsync.acts.telling.done`.
    """
    return done(store, "send-password", name, key, actor, lambda transaction, who: _send(transaction, who, service))


def _send(transaction: Transaction, subject: Subject, service: str) -> Told:
    _refuse_inactive(transaction, subject)
    told = {code: one for code, one in subject.state.services.items() if one.status == "active" and one.secret}
    codes = sorted(code for code, one in told.items() if _may_read(subject, one.recipients))
    if service:
        codes = [code for code in codes if code == service]
    if not codes:
        of = f"of {visible(service)}" if service else "of any service with a shared password"
        raise Refused(f"{subject.name} is no recipient {of}; name the user under recipients first.")
    changes = [Change("service.send_password", f"service/{code}", None, {"recipient": subject.key}) for code in codes]
    return tell(transaction, subject, "N9", changes)


def _may_read(subject: Subject, recipients: tuple[str, ...]) -> bool:
    return subject.key in recipients or subject.key == ADMIN_KEY


def _refuse_inactive(transaction: Transaction, subject: Subject) -> None:
    if not subject.account.active:
        raise Refused(
            f"{subject.name} has no password yet; use flexsync resend {transaction.name} {subject.name} instead."
        )
