"""Edits of the console: what an administrator changes beside the files, where the fleet lets them (guide: steps 2, 3).

In: an administrator, a subscription, and how its State is to change. Out: a Preview to agree to; then rows, in one
transaction: State, journal, invitations, passwords and mails. What the files brought about (`applied`) stays as it
is, so that `flexsync drift` shows the edit and `flexsync adopt` writes it into the files. It is guarded as a plan is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flexsync.acts import letters
from flexsync.acts.console_agreed import Edited, Preview, done_before, operation, shown
from flexsync.acts.console_changes import Wanted
from flexsync.acts.files import FilesUnread
from flexsync.acts.own import BadValue
from flexsync.acts.site import Site
from flexsync.apply import Strongbox, Tools
from flexsync.apply.mails import invited
from flexsync.apply.writing import Act, write
from flexsync.clock import today
from flexsync.desired.model import Desired, Path, Policy
from flexsync.errors import Refused, Where
from flexsync.passwords import N_
from flexsync.plan.build import build
from flexsync.plan.change import Change
from flexsync.plan.invitations import RESEND
from flexsync.plan.model import SubscriptionPlan
from flexsync.plan.patch import patch
from flexsync.plan.people import proposal
from flexsync.snapshot import ADMIN_SUCCESSOR, OWN_PROPOSAL, Snapshot
from flexsync.state import GENERATED, State
from flexsync.store import attempts, logins, reading
from flexsync.store.logins import Login
from flexsync.store.rows import Connection
from flexsync.store.transaction import Transaction

#: Why a change cannot be made, by the code of what holds it back.
_REASONS = {
    "seats": N_("There is no free seat for this. Delete a user, take the product from somebody, or buy a seat."),
    "last-user": N_("This is the last user, and one has to remain. Create the successor first."),
    "email-taken": N_("This e-mail address is a login already. Give another one."),
    "identity": N_("An account of this e-mail address has another title or name. Write it as its owner does."),
    "deleted-key": N_("The data of this person was erased; the account cannot come back."),
    "dossiers": N_("What is online was not retrieved since it last changed there. Retrieve it first."),
    "ended": N_("The contract, or this service, came to its end. Have it renewed first by your sales contact."),
}
_OTHERWISE = N_("This cannot be changed now. Try again, or ask whoever runs this portal.")
_FIELDS = {"email-taken": "email", "identity": "email", "seats": "access", "dossiers": "dossiers"}
NOT_YOURS = N_("These people change their own name and address, under My details.")
TOO_OFTEN = N_("Too many e-mails were sent at your request. Wait a quarter of an hour, then try again.")
LOOKED_OFTEN = N_("You tried many addresses of people who are not here. Wait a quarter of an hour, then try again.")
#: Why the files have to ask for a change, by the code of what holds it back here.
_IN_FILES = {
    "secret": N_("Its shared password is read where the files say, by who applies them; this portal cannot read it."),
}
#: Kinds that mail to an address which the administrator chose.
_MAILING = {
    "user.create": attempts.ARRIVAL,
    "user.reactivate": attempts.ARRIVAL,
    "user.change_email": attempts.ARRIVAL,
    "user.propose_email": attempts.PROPOSAL,
}
#: Parts of names of facts that wait for somebody, whatever is edited.
_OF_OTHERS = frozenset({"proposed_email", "rotation_due"})
#: Steps of a plan that need no agreement: they may wait for the next apply.
_LATER = ("service.rotate_password",)


class NotAdministrator(Refused):
    """Who asks does not administer the subscription any more."""


class OnlyInFiles(Refused):
    """The files have to ask for this; the message says why, to be translated."""


class Moved(Refused):
    """What would be done now is not what was agreed to."""


class _Repeated(Exception):
    """What was agreed to was done already, which came to `edited`."""

    def __init__(self, edited: Edited) -> None:
        super().__init__("done before")
        self.edited = edited


@dataclass(frozen=True, slots=True)
class _Order:
    """An edit that somebody asks for; no `policy` while the files that say it cannot be read."""

    login: Login
    name: str
    wanted: Wanted
    policy: Policy | None


class _Beside:
    """Where an edit of the console was written: in no file."""

    def where(self, path: Path) -> Where:
        """The portal."""
        return Where("portal")

    def layer(self, path: Path) -> str:
        """None of the files."""
        return ""


class _NoSecrets:
    """The portal makes shared passwords, and reads none: what is behind a reference is for who applies the files."""

    def missing(self, reference: str, /) -> str:
        """Empty of a password that is made."""
        return "" if reference == GENERATED else "it is not read by the portal"

    def changed(self, reference: str, seal: str, /) -> bool:
        """Never told here."""
        return False

    def read(self, reference: str) -> str:
        """Nothing is read."""
        raise Refused(self.missing(reference))


def preview(site: Site, login: Login, name: str, wanted: Wanted) -> Preview:
    """What `edit` would do now. Raises as `edit` does; nothing is written, but how often strangers were asked about."""
    order = _Order(login, name, wanted, site.policy(name))
    _count_strangers(site, order)
    return site.store.read(lambda connection: _preview(site, connection, order))


def edit(site: Site, login: Login, name: str, command: str, wanted: Wanted, agreed: str) -> Edited:
    """Change a subscription as was `agreed`, the digest of a Preview, and mail whom its policy has mailed.

    A second time nothing is written, and the answer is the same.
    Raises Moved when another change would be made by now, BadValue with words for a field, OnlyInFiles,
    NotAdministrator, and FilesUnread where the policy matters and cannot be read; then nothing is written.
    """
    order = _Order(login, name, wanted, site.policy(name))
    try:
        return site.store.write(lambda connection: _edit(site, connection, order, command, agreed))
    except _Repeated as repeated:
        return repeated.edited


def _count_strangers(site: Site, order: _Order) -> None:
    """Nobody finds out without end which addresses are logins: what an edit leads to tells."""
    before = _administered(site.store.snapshots([order.name]).get(order.name, Snapshot(order.name)), order.login)
    known = {person.key for person in before.people}
    if known.issuperset(person.key for person in order.wanted(before).people):
        return
    subject, now = site.keys.subject("look", order.login.key), site.now()
    if site.store.write(lambda connection: attempts.take(connection, attempts.LOOK, subject, now)):
        raise BadValue("email", LOOKED_OFTEN)


def done_already(site: Site, name: str, agreed: str) -> Edited | None:
    """What came of what was `agreed`, when it was done before: a page sent twice finds nothing left to do."""
    return site.store.read(lambda connection: done_before(connection, name, agreed))


def _preview(site: Site, connection: Connection, order: _Order) -> Preview:
    snapshot = reading.snapshots(connection, [order.name]).get(order.name, Snapshot(order.name))
    return shown(_plan(site, connection, order, snapshot))


def _edit(site: Site, connection: Connection, order: _Order, command: str, agreed: str) -> Edited:
    run = letters.begin(site, connection, command, order.login.person.email)
    transaction = Transaction(connection, order.name, run, site.now())
    snapshot = transaction.snapshot()
    if before := done_before(connection, order.name, agreed):
        raise _Repeated(before)
    plan = _plan(site, connection, order, snapshot)
    told = shown(plan)
    if told.digest != agreed:
        raise Moved("Something was changed meanwhile.")
    _refuse_streams(site, connection, order.login, plan)
    if plan.ready:
        _write(site, transaction, snapshot, replace(plan, next_due=transaction.next_due), agreed)
    letters.end(site, connection, run)
    return Edited(tuple(step.change.kind for step in plan.ready), bool(told.told))


def _plan(site: Site, connection: Connection, order: _Order, snapshot: Snapshot) -> SubscriptionPlan:
    """The plan of an edit alone: what waits between files and store is left as it is."""
    before = _administered(snapshot, order.login)
    after = order.wanted(before)
    facts = {
        fact: value
        for fact, value in snapshot.facts.items()
        if fact != ADMIN_SUCCESSOR and _OF_OTHERS.isdisjoint(fact.split("/"))
    }
    keys = sorted({person.key for one in (before, after) for person in one.people})
    accounts = reading.accounts(connection, keys, site.now())
    current = replace(snapshot, applied=before, facts=facts)
    desired = Desired(after, order.policy or Policy(), _Beside())
    plan = build(desired, current, accounts, site.catalogue, today(site.clock), _NoSecrets())
    asked = tuple(replace(step, cause="drift") for step in plan.steps if step.change.kind != RESEND)
    alone = replace(plan, steps=asked)
    _refuse_held(alone)
    _refuse_others(connection, alone, before)
    if order.policy is None and invited(alone.ready, after):
        raise FilesUnread(f"The files that say how {order.name} invites cannot be read.")
    return alone


def _administered(snapshot: Snapshot, login: Login) -> State:
    """The State, when it still is the person's to change: the page was answered before the lock."""
    state = snapshot.current
    if state is None or state.status == "closed" or not state.admin or state.admin.person.key != login.key:
        raise NotAdministrator("You do not administer this subscription any more.")
    return state


def _refuse_held(plan: SubscriptionPlan) -> None:
    for step in plan.steps:
        if not step.ready and step.change.kind not in _LATER:
            code = step.blocks[0].cause
            if code in _IN_FILES:
                raise OnlyInFiles(_IN_FILES[code])
            raise BadValue(_FIELDS.get(code, "edit"), _REASONS.get(code, _OTHERWISE))


def _refuse_others(connection: Connection, plan: SubscriptionPlan, before: State) -> None:
    """Whoever others know too keeps their own identity."""
    for change in (step.change for step in plan.ready):
        if change.kind in ("user.update", "user.change_email") and _is_of_others(connection, change, before):
            raise BadValue("edit", NOT_YOURS)


def _is_of_others(connection: Connection, change: Change, before: State) -> bool:
    """True when the account is somebody's in another subscription too, or an administrator's."""
    person = before.users[change.parts[1]].person
    found = logins.by_key(connection, person.key) if person else None
    return found is not None and (bool(found.administers) or logins.named_in(connection, found.id) != [before.name])


def _refuse_streams(site: Site, connection: Connection, login: Login, plan: SubscriptionPlan) -> None:
    """Addresses that an administrator chooses are not mailed to without end."""
    for step in plan.ready:
        rule = _MAILING.get(step.change.kind)
        if rule and attempts.take(connection, rule, site.keys.subject(rule.kind, login.key), site.now()):
            raise BadValue("email", TOO_OFTEN)


def _write(site: Site, transaction: Transaction, snapshot: Snapshot, plan: SubscriptionPlan, agreed: str) -> None:
    changes = [step.change for step in plan.ready]
    after = patch(snapshot.current, changes)
    assert snapshot.current is not None and after is not None  # noqa: S101 - it was administered a moment ago
    act = Act(after, snapshot.applied or snapshot.current, operation(plan.name, agreed), _own(changes))
    tools = Tools(site.catalogue, Strongbox(_NoSecrets(), site.chance, site.keys), today(site.clock))
    try:
        write(transaction, snapshot, plan, act, tools)
    except Refused:
        raise BadValue("edit", _OTHERWISE) from None


def _own(changes: Sequence[Change]) -> Mapping[str, str]:
    """That the files need not ask for an address that was proposed here."""
    return {
        OWN_PROPOSAL.format(proposal(change)): change.after for change in changes if change.kind == "user.propose_email"
    }
