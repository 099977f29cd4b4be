"""Notices of steps gathered into mails: one to each person, with all that changed for them.

In: ready steps, the State before and after, what accounts exist, who gets an invitation. Out: Mails.
It must hold no text: the words are chosen when the mail is made, in the language of the account.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flexsync.address import email_key
from flexsync.apply.details import Scene
from flexsync.plan.change import Change
from flexsync.plan.model import Notice, Step
from flexsync.plan.notices import WELCOMES
from flexsync.plan.people import holder
from flexsync.snapshot import Account
from flexsync.state import ADMIN_KEY, Person, State, User, person_from, to_plain
from flexsync.store.base import Purpose
from flexsync.store.queue import Mail

#: Kinds that give somebody something to log in for, and so may need an invitation.
INVITING = (
    "admin.create", "admin.link", "admin.invite_successor", "admin.replace", "admin.change_email",
    "user.create", "user.link", "user.reactivate", "user.change_email", "invitation.resend",
)  # fmt: skip
PROPOSING = ("user.propose_email", "admin.propose_email")
#: Kinds after which the State still is what it was, until somebody answers.
UNSETTLED = (*PROPOSING, "admin.invite_successor")
#: Kinds that ask somebody whom the State may not know yet.
_ASKING = ("admin.invite_successor", "invitation.resend")
_ACTIVATION: Purpose = "activation"
_PRIVATE = frozenset({"secret", "iban", "bic", "creditor_id"})


@dataclass(slots=True)
class _Draft:
    recipient: str
    language: str
    changes: list[dict[str, Any]] = field(default_factory=list)


def invited(steps: Sequence[Step], after: State) -> dict[str, str]:
    """The seat's key of each account key that ready steps give something to log in for, and tell so."""
    seats: dict[str, str] = {}
    for step in steps:
        person = _subject(step.change, after) if step.change.kind in INVITING else None
        if person and _welcomed(step, person.key):
            seats.setdefault(person.key, _seat(step.change))
    return seats


def successor_of(steps: Sequence[Step]) -> Person | None:
    """Who is invited to become administrator; not part of the State before it is accepted."""
    invited = (step.change for step in steps if step.change.kind == "admin.invite_successor")
    return next((person_from(change.after["person"]) for change in invited), None)


def _welcomed(step: Step, key: str) -> bool:
    return any(notice.code in WELCOMES and email_key(notice.to) == key for notice in step.notices)


def _seat(change: Change) -> str:
    return ADMIN_KEY if change.parts[0] == "admin" else change.parts[1]


def _subject(change: Change, state: State) -> Person | None:
    """Who a change of an administrator or user is about."""
    return person_from(change.after["person"]) if change.kind in _ASKING else holder(change, state)


def mails(
    steps: Sequence[Step],
    scene: Scene,
    accounts: Mapping[str, Account],
    invitations: Mapping[str, int],
) -> list[Mail]:
    """One Mail to each person, by account key. `accounts` are those from before, `invitations` the new ones."""
    people = {**_people(scene.before), **_people(scene.after), **_asked(steps)}
    drafts = _drafts(steps, scene, accounts)
    for key in sorted(invitations):
        _invite(drafts, key, people.get(key))
    links = _links(steps, invitations)
    return [
        Mail(
            recipient=draft.recipient,
            key=key,
            language=draft.language,
            codes=sorted({change["code"] for change in draft.changes}, key=_number),
            payload=payload(scene.after, people.get(key), draft.changes),
            purpose=links.get(key, ""),
            invitation=invitations.get(key),
        )
        for key, draft in sorted(drafts.items())
    ]


def _number(code: str) -> int:
    return int(code.removeprefix("N"))


def _links(steps: Sequence[Step], invitations: Iterable[str]) -> dict[str, Purpose]:
    """What the link in a mail is for, by account key; an invitation comes before all else."""
    links: dict[str, Purpose] = {}
    for step in steps:
        if step.change.kind in PROPOSING:
            links[email_key(step.change.after)] = "confirm_email"
        if step.change.kind == "password.reset":
            links |= {email_key(notice.to): "reset" for notice in step.notices}
    return {**links, **dict.fromkeys(invitations, _ACTIVATION)}


def _drafts(steps: Sequence[Step], scene: Scene, accounts: Mapping[str, Account]) -> dict[str, _Draft]:
    drafts: dict[str, _Draft] = {}
    for step in steps:
        for notice in step.notices:
            key = email_key(notice.to)
            draft = drafts.setdefault(key, _Draft(notice.to, notice.language))
            draft.changes.append(_told(_code(notice, step.change, accounts.get(key)), step.change, scene))
    return drafts


def _code(notice: Notice, change: Change, account: Account | None) -> str:
    """The notice that fits what exists by now: who can log in already is told of one more subscription."""
    if notice.code in ("N1", "N2") and account and account.active:
        return "N4"
    if notice.code == "N4" and account is None:
        return "N1" if change.parts[0] == "admin" else "N2"
    return notice.code


def _told(code: str, change: Change, scene: Scene) -> dict[str, Any]:
    sides = {"before": _shareable(change.before), "after": _shareable(change.after)}
    return {"code": code, "kind": change.kind, "subject": change.subject, **sides, **scene.details(change)}


def _shareable(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    return {name: part for name, part in value.items() if name not in _PRIVATE}


def _invite(drafts: dict[str, _Draft], key: str, person: Person | None) -> None:
    """The mail that carries an invitation says so, whatever else it says."""
    if person is None:
        return
    draft = drafts.setdefault(key, _Draft(person.email, person.language))
    if not any(change["code"] in ("N1", "N2") for change in draft.changes):
        draft.changes.append({"code": "N2", "kind": "", "subject": "", "before": None, "after": None})


def _asked(steps: Sequence[Step]) -> dict[str, Person]:
    asked = (person_from(step.change.after["person"]) for step in steps if step.change.kind in _ASKING)
    return {person.key: person for person in asked}


def _people(state: State | None) -> dict[str, Person]:
    return {person.key: person for person in state.people} if state else {}


def payload(state: State, person: Person | None, changes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What a mail to `person` is made of: the subscription as it is now, and what there is to tell of it."""
    mine = [user for user in state.present.values() if person and user.person == person]
    return {
        "subscription": state.name,
        "customer_code": state.customer_code,
        "legal_name": state.company.legal_name,
        "offer": state.offer,
        "products": sorted(state.products),
        "seats": state.seats,
        "occupied": len(state.present),
        "person": to_plain(person) if person else None,
        "access": sorted({product for user in mine for product in user.access}),
        "hosted": sorted({product for user in mine for product in _hosted(user, state)}),
        "changes": list(changes),
    }


def _hosted(user: User, state: State) -> Iterator[str]:
    """The products of a user whose data is online, and which so need Internet at each start."""
    online = {code for code, product in state.products.items() if product.data_mode == "hosted"}
    if not user.hosted_opt_out:
        yield from online.intersection(user.access)
