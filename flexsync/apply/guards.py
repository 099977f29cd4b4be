"""The last look: guards asked again on the State that is about to be written.

In: the State before and after, facts and accounts, all read under the lock. Out: why not, in words;
nothing when it may be written. A plan asked the same, but the world may have moved since.
"""

from collections.abc import Iterator, Mapping, Sequence

from flexsync.address import email_key
from flexsync.plan.change import Change
from flexsync.plan.dossiers import unsafe
from flexsync.plan.invitations import RESEND
from flexsync.snapshot import Account
from flexsync.state import State
from flexsync.text import count, shorten


def refusals(
    before: State | None,
    after: State,
    changes: Sequence[Change],
    facts: Mapping[str, str],
    accounts: Mapping[str, Account],
) -> list[str]:
    """All that forbids `changes`, which lead from `before` to `after`."""
    found = [*_seats(before, after), *_last_people(before, after), *_logins(changes, accounts)]
    return [*found, *_dossiers(changes, before, after, facts)]


def _seats(before: State | None, after: State) -> Iterator[str]:
    """Never more users than seats, nor than the product's own number; what was over before may only shrink."""
    used, was = len(after.present), len(before.present) if before else 0
    if used > after.seats and (used > was or before is None or after.seats < before.seats):
        names = ", ".join(sorted(map(shorten, after.present)))
        yield f"{count(used, 'user')} for {count(after.seats, 'seat')}: {names}. Remove one, or buy a seat first."
    for code, product in sorted(after.products.items()):
        users = _users_of(code, after)
        if product.seats is not None and users > product.seats and users > (_users_of(code, before) if before else 0):
            seats = count(product.seats, "seat")
            yield f"{count(users, 'user')} of {code} for {seats}. Revoke one, or buy a seat first."


def _users_of(product: str, state: State) -> int:
    return sum(product in user.access for user in state.present.values())


def _last_people(before: State | None, after: State) -> Iterator[str]:
    """After any apply one user and one administrator remain (guide: the first user is mandatory)."""
    if before is None or after.status == "closed":
        return
    if before.present and not after.present:
        yield "No user would remain. Add the successor in the same change."
    if before.admin and not after.admin:
        yield "No administrator would remain. Name the successor in the same change."


def _logins(changes: Sequence[Change], accounts: Mapping[str, Account]) -> Iterator[str]:
    """A login in use moves only when its new address was confirmed; an administrator goes when another is there."""
    for change in changes:
        if change.kind == "admin.replace" and not _is_active(change.after["person"]["email"], accounts):
            yield f"{shorten(change.after['person']['email'])} did not accept to be administrator yet. Plan again."
        if change.kind == RESEND and not _was_vain(change.after["person"]["email"], accounts):
            yield f"{shorten(change.after['person']['email'])} answered, or was invited again, by now. Plan again."
        if not change.kind.endswith(".change_email") or email_key(change.before) == email_key(change.after):
            continue
        if _is_active(change.before, accounts):
            yield f"{shorten(change.before)} is active by now: its new address must be confirmed. Plan again."


def _was_vain(email: str, accounts: Mapping[str, Account]) -> bool:
    account = accounts.get(email_key(email))
    return account is None or (not account.active and not (account.invitation and account.invitation.live))


def _is_active(email: str, accounts: Mapping[str, Account]) -> bool:
    account = accounts.get(email_key(email))
    return account is not None and account.active


def _dossiers(changes: Sequence[Change], before: State | None, after: State, facts: Mapping[str, str]) -> Iterator[str]:
    """Hosted data comes back, or is forgotten, only when it was retrieved after its last change (guide, step 3)."""
    stored = before.products if before else {}
    for change in changes:
        lacking = unsafe(change, stored, after.products, facts)
        yield from (f"{change.parts[1]}: {message}. Retrieve it first." for message in lacking)
