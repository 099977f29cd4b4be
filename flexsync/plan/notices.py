"""Which mails a step will cause, and to whom (guide: "Toute modification sera notifiée par email").

N1 administrator invited    N6 account deleted          N11 hosted data on
N2 account created          N8 service activated        N12 local data on
N3 account modified         N9 service password changed N14 contract changed
N4 account attached         N10 service switched off
N5 access withdrawn
"""

from collections.abc import Iterator, Sequence

from flexsync.plan.change import Change
from flexsync.plan.model import Notice
from flexsync.plan.people import holder
from flexsync.state import ADMIN_KEY, Person, State, person_from

#: Who has no password yet is invited: as administrator by N1, as user by N2.
_INVITATIONS = frozenset(
    {
        "user.create", "user.reactivate", "user.change_email",
        "admin.create", "admin.replace", "admin.invite_successor", "admin.change_email",
        "invitation.resend",
    }
)  # fmt: skip
_INVITING = ("N1", "N2")
#: Notices of something to log in for: as administrator, as user, on one more subscription.
WELCOMES = (*_INVITING, "N4")
_TO_PERSON = {
    "user.link": ("N4",),
    "user.update": ("N3",),
    "user.propose_email": (),
    "user.change_email": (),
    "user.deactivate": ("N5",),
    "user.reactivate": ("N3",),
    "user.delete": ("N6",),
    "hosted_opt_out.set": ("N3",),
    "hosted_opt_out.clear": ("N3",),
    "access.grant": ("N3",),
    "access.revoke": ("N5",),
    "admin.link": ("N4",),
    "admin.update": ("N3",),
    "admin.propose_email": (),
    "admin.change_email": (),
    "admin.replace": (),
}
_EDITS = (
    "user.update",
    "user.change_email",
    "user.propose_email",
    "hosted_opt_out.set",
    "hosted_opt_out.clear",
)
_TO_ADMIN = {
    "user.deactivate": "N5",
    "user.delete": "N6",
    "service.request": "N8",
    "service.activate": "N8",
    "service.update": "N8",
    "service.rotate_password": "N9",
    "service.withdraw": "N10",
    "service.deactivate": "N10",
    "data_mode.to_hosted": "N11",
    "data_mode.to_local": "N12",
    "product.add": "N3",
    "product.remove": "N3",
    "subscription.assert": "N14",
    "subscription.renew": "N14",
    "subscription.close": "N10",
    "seats.raise": "N14",
    "seats.lower": "N14",
    "offer.upgrade": "N14",
    "offer.downgrade": "N14",
}
_TO_RECIPIENTS = {
    "service.activate": "N9",
    "service.update": "N9",
    "service.rotate_password": "N9",
    "service.deactivate": "N10",
}
_TO_USERS = {"data_mode.to_hosted": "N11", "data_mode.to_local": "N12"}


def notices(
    change: Change, current: State | None, after: State, *, active: bool = False, invite: bool = True
) -> tuple[Notice, ...]:
    """The mails of one Change, without repeats, in a stable order.

    `after` is the State that the whole run leaves. `active` says that the person has a password
    already, and so needs no invitation; `invite` is false when invitations are sent by hand: then nobody
    who would need one is told of it, not even by word of one more subscription.
    """
    if _concerns_nobody(change, after):
        return ()
    found = dict.fromkeys((*_invitation(change, after, active), *_all(change, current, after)))
    unsent = () if invite else _INVITING if active else WELCOMES
    return tuple(notice for notice in found if notice.code not in unsent)


def _concerns_nobody(change: Change, after: State) -> bool:
    """True of an edit to somebody, or something, that is switched off before and after."""
    if change.kind == "service.update":
        return bool((change.after or {}).get("status", "off") == "off")
    if change.kind in _EDITS:
        user = after.users.get(change.parts[1])
        return user is not None and user.status != "present"
    return False


def _invitation(change: Change, after: State, active: bool) -> Iterator[Notice]:
    """The invitation of somebody who has no password yet, or word of one more subscription."""
    if change.kind not in _INVITATIONS or change.subject == f"user/{ADMIN_KEY}":
        return
    person = _invitee(change, after)
    if person is None:
        return
    if not active:
        yield _notice("N1" if change.subject == "admin" else "N2", person)
    elif change.kind == "admin.replace":
        yield _notice("N4", person)


def _all(change: Change, current: State | None, after: State) -> Iterator[Notice]:
    if change.kind in _TO_PERSON:
        yield from _to_person(change, current, after)
    admin = after.admin or (current.admin if current else None)
    if admin and change.kind in _TO_ADMIN:
        yield _notice(_TO_ADMIN[change.kind], admin.person)
    if change.kind in _TO_RECIPIENTS:
        for key in _recipients(change):
            yield from _to_key(_TO_RECIPIENTS[change.kind], key, after)
    if change.kind in _TO_USERS:
        for key, user in sorted(after.present.items()):
            if change.parts[1] in user.access:
                yield from _to_key(_TO_USERS[change.kind], key, after)


def _recipients(change: Change) -> Sequence[str]:
    """Keys of those who are told of a shared password: all, or who is new where the password stays as it is."""
    told: Sequence[str] = (change.after or change.before or {}).get("recipients", ())
    if change.kind != "service.update":
        return told
    known = (change.before or {}).get("recipients", ())
    return [key for key in told if key not in known and change.after.get("status") == "active"]


def _to_person(change: Change, current: State | None, after: State) -> Iterator[Notice]:
    old, new = (holder(change, state) if state else None for state in (current, after))
    if change.kind == "access.grant" and old is None:
        return
    person = old if change.kind == "user.delete" else new or old
    if person is None:
        return
    yield from (_notice(code, person) for code in _TO_PERSON[change.kind])
    if change.kind == "admin.replace" and old:
        yield _notice("N5", old)
    if change.kind.endswith("_email"):
        yield Notice("N3", change.after, person.language)
        yield Notice("N3", change.before, person.language)


def _invitee(change: Change, after: State) -> Person | None:
    """Who is invited; a successor is not in the State yet."""
    if change.kind in ("admin.invite_successor", "invitation.resend"):
        return person_from(change.after["person"])
    return holder(change, after)


def _to_key(code: str, key: str, state: State) -> Iterator[Notice]:
    user = state.users.get(key)
    if user and user.person:
        yield _notice(code, user.person)


def _notice(code: str, person: Person) -> Notice:
    return Notice(code, person.email, person.language)
