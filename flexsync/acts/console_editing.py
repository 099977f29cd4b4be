"""Edits of the console: what an administrator changes beside the files, where the fleet lets them (actions 2 and 3).

In: an administrator, a subscription, and how its State is to change. Out: rows, in one transaction: State, journal,
invitations and mails. What the files brought about (`applied`) stays as it is, so that `flexsync drift` shows the
edit and `flexsync adopt` writes it into the files. Seats, logins and last people are guarded as in a plan.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flexsync.acts import letters
from flexsync.acts.console_changes import Wanted
from flexsync.acts.files import FilesUnread
from flexsync.acts.own import BadValue
from flexsync.acts.site import Site
from flexsync.address import email_key
from flexsync.apply.details import Scene
from flexsync.apply.facts import facts_after
from flexsync.apply.guards import refusals
from flexsync.apply.mails import PROPOSING, invited, mails
from flexsync.clock import today
from flexsync.desired.model import Desired, Path, Policy
from flexsync.errors import Refused, Where
from flexsync.passwords import N_
from flexsync.plan.build import build
from flexsync.plan.change import Change
from flexsync.plan.model import Step, SubscriptionPlan
from flexsync.plan.patch import patch
from flexsync.plan.people import proposal
from flexsync.snapshot import ADMIN_SUCCESSOR, OWN_PROPOSAL, Account, Snapshot
from flexsync.state import State, digest
from flexsync.store import attempts, logins
from flexsync.store.logins import Login
from flexsync.store.rows import Connection
from flexsync.store.transaction import Saved, Transaction

#: Why a change cannot be made, by the code of what holds it back.
_REASONS = {
    "seats": N_("There is no free seat for this. Delete a user, take the product from somebody, or buy a seat."),
    "last-user": N_("This is the last user, and one has to remain. Create the successor first."),
    "email-taken": N_("This e-mail address is a login already. Give another one."),
    "identity": N_("An account of this e-mail address has another title or name. Write it as its owner does."),
    "deleted-key": N_("The data of this person was erased; the account cannot come back."),
}
_OTHERWISE = N_("This cannot be changed now. Try again, or ask whoever runs this portal.")
_FIELDS = {"email-taken": "email", "identity": "email", "seats": "access"}
NOT_YOURS = N_("These people change their own name and address, under My details.")
TOO_OFTEN = N_("Too many e-mails were sent at your request. Wait a quarter of an hour, then try again.")
#: Kinds that mail to an address which the administrator chose.
_MAILING = {
    "user.create": attempts.ARRIVAL,
    "user.reactivate": attempts.ARRIVAL,
    "user.change_email": attempts.ARRIVAL,
    "user.propose_email": attempts.PROPOSAL,
}
#: Steps of a plan that are no part of an edit: they wait for the next apply.
_LATER = ("service.rotate_password",)


@dataclass(frozen=True, slots=True)
class Edited:
    """What was done: the kinds of the changes, none when nothing was different, and whether somebody is mailed."""

    kinds: tuple[str, ...] = ()
    mailed: bool = False


@dataclass(frozen=True, slots=True)
class _Order:
    """An edit that somebody asks for; no `policy` while the files that say it cannot be read."""

    login: Login
    name: str
    command: str
    wanted: Wanted
    policy: Policy | None


class NotAdministrator(Refused):
    """Who asks does not administer the subscription any more."""


class _Beside:
    """Where an edit of the console was written: in no file."""

    def where(self, path: Path) -> Where:
        """The portal."""
        return Where("portal")

    def layer(self, path: Path) -> str:
        """None of the files."""
        return ""


class _NoSecrets:
    """Nothing is known of shared passwords here; changing them waits for the next apply."""

    def missing(self, reference: str, /) -> str:
        """Always."""
        return "it is not read by the portal"

    def changed(self, reference: str, seal: str, /) -> bool:
        """Never told here."""
        return False


def edit(site: Site, login: Login, name: str, command: str, wanted: Wanted) -> Edited:
    """Change a subscription, and mail whom its policy has mailed.

    Raises BadValue with words for a field, NotAdministrator, and FilesUnread where the policy matters and the
    files that say it cannot be read; then nothing is written.
    """
    order = _Order(login, name, command, wanted, site.policy(name))
    return site.store.write(lambda connection: _edit(site, connection, order))


def _edit(site: Site, connection: Connection, order: _Order) -> Edited:
    run = letters.begin(site, connection, order.command, order.login.person.email)
    transaction = Transaction(connection, order.name, run, site.now())
    snapshot = transaction.snapshot()
    before = _administered(snapshot, order.login)
    after = order.wanted(before)
    if after == before:
        letters.end(site, connection, run)
        return Edited()
    accounts = transaction.accounts(
        sorted({email_key(person.email) for one in (before, after) for person in one.people})
    )
    desired = Desired(after, order.policy or Policy(), _Beside())
    plan = _plan(site, snapshot, desired, accounts)
    _refuse_held(plan)
    _refuse_others(site, connection, order.login, plan, before)
    if order.policy is None and invited(plan.ready, after):
        raise FilesUnread(f"The files that say how {order.name} invites cannot be read.")
    mailed = _write(site, transaction, snapshot, plan, accounts)
    letters.end(site, connection, run)
    return Edited(tuple(step.change.kind for step in plan.ready), mailed)


def _administered(snapshot: Snapshot, login: Login) -> State:
    """The State, when it still is the person's to change: the page was answered before the lock."""
    state = snapshot.current
    if state is None or state.status == "closed" or not state.admin or email_key(state.admin.person.email) != login.key:
        raise NotAdministrator("You do not administer this subscription any more.")
    return state


def _plan(site: Site, snapshot: Snapshot, desired: Desired, accounts: dict[str, Account]) -> SubscriptionPlan:
    """The plan of an edit alone: what waits between files and store is left as it is."""
    alone = {
        fact: value
        for fact, value in snapshot.facts.items()
        if fact != ADMIN_SUCCESSOR and "proposed_email" not in fact.split("/")
    }
    current = replace(snapshot, applied=snapshot.current, facts=alone)
    return build(desired, current, accounts, site.catalogue, today(site.clock), _NoSecrets())


def _refuse_held(plan: SubscriptionPlan) -> None:
    for step in plan.steps:
        if not step.ready and step.change.kind not in _LATER:
            code = step.blocks[0].cause
            raise BadValue(_FIELDS.get(code, "user"), _REASONS.get(code, _OTHERWISE))


def _refuse_others(site: Site, connection: Connection, login: Login, plan: SubscriptionPlan, before: State) -> None:
    """Whoever others know too keeps their own identity; and addresses are not mailed to without end."""
    for change in (step.change for step in plan.ready):
        if change.kind in ("user.update", "user.change_email") and _is_of_others(connection, change, before):
            raise BadValue("user", NOT_YOURS)
        rule = _MAILING.get(change.kind)
        if rule and attempts.take(connection, rule, site.keys.subject(rule.kind, login.key), site.now()):
            raise BadValue("email", TOO_OFTEN)


def _is_of_others(connection: Connection, change: Change, before: State) -> bool:
    """True when the account is somebody's in another subscription too, or an administrator's."""
    person = before.users[change.parts[1]].person
    found = logins.by_key(connection, email_key(person.email)) if person else None
    return found is not None and (bool(found.administers) or logins.named_in(connection, found.id) != [before.name])


def _write(
    site: Site, transaction: Transaction, snapshot: Snapshot, plan: SubscriptionPlan, accounts: dict[str, Account]
) -> bool:
    """Write what the plan does and queue its mails; True when there is one."""
    changes = [step.change for step in plan.ready]
    after = patch(snapshot.current, changes)
    assert snapshot.current is not None and after is not None  # noqa: S101 - it was administered a moment ago
    if refusals(snapshot.current, after, changes, snapshot.facts, accounts):
        raise BadValue("user", _OTHERWISE)
    facts = {**facts_after(plan, snapshot.facts, today(site.clock)), **_own(changes)}
    saved = Saved(
        after,
        snapshot.applied or snapshot.current,
        facts,
        operation=digest(["console", plan.name, transaction.run.id]),
        steps=[_plain(step) for step in plan.ready],
        next_due=transaction.next_due,
    )
    created = transaction.save(saved)
    asked = invited(plan.ready, after) if plan.invites else {}
    invitations = transaction.invite(asked, plan.invitation_days)
    transaction.revoke([email_key(change.before) for change in changes if change.kind in PROPOSING], "confirm_email")
    known = {key: account for key, account in accounts.items() if key not in created}
    scene = Scene(snapshot.current, after, facts, today(site.clock))
    queued = mails(plan.ready, scene, known, invitations)
    transaction.enqueue(queued)
    return bool(queued)


def _own(changes: Sequence[Change]) -> dict[str, str]:
    """That the files need not ask for an address that was proposed here."""
    return {
        OWN_PROPOSAL.format(proposal(change)): change.after for change in changes if change.kind == "user.propose_email"
    }


def _plain(step: Step) -> dict[str, Any]:
    change = step.change
    return {
        "kind": change.kind,
        "subject": change.subject,
        "before": change.before,
        "after": change.after,
        "cause": "drift",
    }
