"""Accounts: a person has one, over all subscriptions; what diff says of people is settled by it.

In: Changes of people and the accounts known so far. Out: the same Changes, with `create` turned
into `link` and `change_email` into `propose_email` where the account asks for it, and the Blocks
that follow from it. Accounts are looked up, never changed.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Protocol

from flexsync.address import email_key
from flexsync.errors import Block
from flexsync.plan.change import Change
from flexsync.plan.diff_users import admin_changes
from flexsync.snapshot import ADMIN_PROPOSED_EMAIL, ADMIN_SUCCESSOR, OWN_PROPOSAL, PROPOSED_EMAIL, Account
from flexsync.state import ADMIN_KEY, Admin, Person, State, person_from

#: Kinds whose `after` is somebody who may be new to the subscription.
ARRIVING = (
    "user.create", "user.link", "user.reactivate",
    "admin.create", "admin.link", "admin.replace", "admin.invite_successor",
)  # fmt: skip


_KNOWN = ("user.link", "admin.link", "admin.replace", "admin.invite_successor", "user.reactivate")


class Accounts(Protocol):
    """Every login that is known, over all subscriptions."""

    def get(self, key: str, /) -> Account | None:
        """The account of an e-mail key (`flexsync.address.email_key`), None when there is none."""
        ...


def settled(change: Change, accounts: Accounts, facts: Mapping[str, str]) -> Change:
    """`change` as the accounts make of it."""
    if change.kind in ("user.create", "admin.create"):
        known = account_after(change, accounts)
        return replace(change, kind=change.kind.replace("create", "link")) if known else change
    if change.kind in ("user.change_email", "admin.change_email") and _must_confirm(change, accounts):
        proposed = facts.get(proposal(change)) == change.after
        return change if proposed else replace(change, kind=change.kind.replace("change", "propose"))
    if _must_accept(change, accounts) and not _is_invited(change, accounts, facts):
        return replace(change, kind="admin.invite_successor")
    return change


def withdrawn(current: State | None, desired: State, facts: Mapping[str, str]) -> Iterator[Change]:
    """Proposed addresses and successors that the files ask for no longer: their links have to die."""
    successor = facts.get(ADMIN_SUCCESSOR, "")
    if successor and desired.admin and email_key(successor) != desired.admin.person.key:
        yield Change("admin.withdraw_successor", "admin", successor, desired.admin.person.email)
    before = dict(_logins(current)) if current else {}
    for subject, email in _logins(desired):
        proposed = _asked_by_files(facts, _proposal(subject))
        stays = subject in before and email_key(email) == email_key(before[subject])
        if proposed and stays and email_key(proposed) != email_key(email):
            yield Change(f"{subject.partition('/')[0]}.withdraw_email", subject, proposed, email)


def _asked_by_files(facts: Mapping[str, str], name: str) -> str:
    """The address that is proposed, empty when its owner proposed it and the files need not know."""
    proposed = facts.get(name, "")
    return "" if facts.get(OWN_PROPOSAL.format(name)) == proposed else proposed


def _logins(state: State) -> Iterator[tuple[str, str]]:
    """The address of the administrator and of each present user, by subject; an own seat follows the administrator."""
    if state.admin:
        yield "admin", state.admin.person.email
    for key, user in sorted(state.present.items()):
        if user.person and key != ADMIN_KEY:
            yield f"user/{key}", user.person.email


def account_after(change: Change, accounts: Accounts) -> Account | None:
    """The account of the person whom a Change leaves there, None when unknown."""
    email = change.after["person"]["email"] if isinstance(change.after, Mapping) else change.after
    return accounts.get(email_key(email))


def reached(change: Change, current: State | None) -> Person | None:
    """The person whose account decides which mail a Change sends: as arriving, or as known before."""
    if change.kind in ARRIVING:
        return person_from(change.after["person"])
    if current is None or not change.kind.endswith("change_email"):
        return None
    return holder(change, current)


def holder(change: Change, state: State) -> Person | None:
    """The person whom a Change of administrator, user or access is about, as `state` has it."""
    found = state.admin if change.subject == "admin" else state.users.get(change.parts[1])
    return found.person if found else None


def is_active(person: Person | None, accounts: Accounts) -> bool:
    """True when the person has a password."""
    account = accounts.get(person.key) if person else None
    return account is not None and account.active


def awaited_successor(current: Admin | None, desired: Admin | None, accounts: Accounts) -> Block | None:
    """The administrator stays, seat and all, until the successor has accepted; None when nobody has to."""
    if current is None:
        return None
    for change in admin_changes(current, desired):
        if _must_accept(change, accounts):
            old, new = current.person.name, person_from(change.after["person"]).name
            return Block("confirmation", f"{new} has to accept the invitation; {old} stays administrator until then")
    return None


def _must_accept(change: Change, accounts: Accounts) -> bool:
    """True of an administrator's replacement by somebody who has no password yet."""
    return change.kind == "admin.replace" and not is_active(person_from(change.after["person"]), accounts)


def _is_invited(change: Change, accounts: Accounts, facts: Mapping[str, str]) -> bool:
    """True when the successor was invited before, and the account is still there."""
    account = account_after(change, accounts)
    return account is not None and email_key(facts.get(ADMIN_SUCCESSOR, "")) == account.key


def unconfirmed(change: Change, accounts: Accounts) -> Block | None:
    """The login of somebody active moves only when the new address confirms it."""
    if change.kind not in ("user.change_email", "admin.change_email") or not _must_confirm(change, accounts):
        return None
    return Block(
        "confirmation", f"{change.after} has to follow its confirmation link; the old address works until then"
    )


def address_taken(change: Change, desired: State, accounts: Accounts) -> Block | None:
    """A login cannot become one that somebody has already; it may be joined to the same person's, while unused."""
    moves = change.kind.endswith(("change_email", "propose_email"))
    if not moves or email_key(change.before) == email_key(change.after):
        return None
    account = accounts.get(email_key(change.after))
    if account is None or (_is_of(change, account, desired) and not _must_confirm(change, accounts)):
        return None
    return Block(
        "email-taken",
        f"{change.after} is already a login of its own; give another address, or invite that login under a new key",
    )


def _is_of(change: Change, account: Account, desired: State) -> bool:
    """True when `account` is the person's own, whose address another subscription corrected before."""
    person = holder(change, desired)
    return person is not None and _same_identity(account.person, person)


def other_identity(change: Change, accounts: Accounts) -> Block | None:
    """Linking an account may not alter who it belongs to."""
    if change.kind not in _KNOWN or _keeps_login(change):
        return None
    account = account_after(change, accounts)
    person = person_from(change.after["person"])
    if account is None or _same_identity(account.person, person):
        return None
    return Block(
        "identity",
        f"the account of {person.email} has another civility or name than the files give; "
        "write it as the account has it, or under people once for all subscriptions",
    )


def _must_confirm(change: Change, accounts: Accounts) -> bool:
    old, new = email_key(change.before), email_key(change.after)
    account = accounts.get(old)
    return old != new and account is not None and account.active


def _keeps_login(change: Change) -> bool:
    emails = [(side or {}).get("person", {}).get("email", "") for side in (change.before, change.after)]
    return change.kind == "user.reactivate" and email_key(emails[0]) == email_key(emails[1])


def proposal(change: Change) -> str:
    """The name of the fact that keeps a proposed address."""
    return _proposal(change.subject)


def _proposal(subject: str) -> str:
    return ADMIN_PROPOSED_EMAIL if subject == "admin" else PROPOSED_EMAIL.format(subject.partition("/")[2])


def _same_identity(one: Person, other: Person) -> bool:
    return _identity(one) == _identity(other)


def _identity(person: Person) -> tuple[str, ...]:
    parts = (person.civility, person.given_name, person.family_name)
    return tuple(unicodedata.normalize("NFC", part) for part in parts)
