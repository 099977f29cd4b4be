"""Which mails a step will cause, and to whom (guide: "Toute modification sera notifiée par email").

N1 administrator invited    N6 account deleted          N11 hosted data on
N2 account created          N8 service activated        N12 local data on
N3 account modified         N9 service password changed N14 contract changed
N4 account attached         N10 service switched off
N5 access withdrawn
"""

from collections.abc import Iterator

from flexsync.plan.change import Change
from flexsync.plan.model import Notice
from flexsync.state import Person, State

_TO_PERSON = {
    "user.create": ("N2",),
    "user.link": ("N4",),
    "user.update": ("N3",),
    "user.propose_email": ("N3",),
    "user.change_email": ("N3",),
    "user.deactivate": ("N5",),
    "user.reactivate": ("N3",),
    "user.delete": ("N6",),
    "hosted_opt_out.set": ("N3",),
    "hosted_opt_out.clear": ("N3",),
    "access.grant": ("N3",),
    "access.revoke": ("N5",),
    "admin.create": ("N1",),
    "admin.link": ("N4",),
    "admin.update": ("N3",),
    "admin.propose_email": ("N3",),
    "admin.change_email": ("N3",),
    "admin.replace": ("N1",),
}
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
_TO_RECIPIENTS = {"service.activate": "N9", "service.rotate_password": "N9", "service.deactivate": "N10"}
_TO_USERS = {"data_mode.to_hosted": "N11", "data_mode.to_local": "N12"}


def notices(change: Change, current: State | None, desired: State) -> tuple[Notice, ...]:
    """The mails of one Change, without repeats, in a stable order."""
    return tuple(dict.fromkeys(_all(change, current, desired)))


def _all(change: Change, current: State | None, desired: State) -> Iterator[Notice]:
    if change.kind in _TO_PERSON:
        yield from _to_person(change, current, desired)
    admin = desired.admin or (current.admin if current else None)
    if admin and change.kind in _TO_ADMIN:
        yield _notice(_TO_ADMIN[change.kind], admin.person)
    if change.kind in _TO_RECIPIENTS:
        service = (change.after or change.before) or {}
        for key in service.get("recipients", ()):
            yield from _to_key(_TO_RECIPIENTS[change.kind], key, desired)
    if change.kind in _TO_USERS:
        for key, user in sorted(desired.present.items()):
            if change.parts[1] in user.access:
                yield from _to_key(_TO_USERS[change.kind], key, desired)


def _to_person(change: Change, current: State | None, desired: State) -> Iterator[Notice]:
    before, after = (_person(change, state) for state in (current, desired))
    person = after or before
    if person is None or (change.kind == "access.grant" and before is None):
        return
    if change.kind == "user.delete":
        person = before or person
    yield from (_notice(code, person) for code in _TO_PERSON[change.kind])
    if change.kind == "admin.replace" and before:
        yield _notice("N5", before)
    if change.kind.endswith("_email") and before:
        yield _notice("N3", before)


def _person(change: Change, state: State | None) -> Person | None:
    """Who the change is about, as `state` knows them."""
    if state is None:
        return None
    if change.parts[0] == "admin":
        return state.admin.person if state.admin else None
    user = state.users.get(change.parts[1])
    return user.person if user else None


def _to_key(code: str, key: str, state: State) -> Iterator[Notice]:
    user = state.users.get(key)
    if user and user.person:
        yield _notice(code, user.person)


def _notice(code: str, person: Person) -> Notice:
    return Notice(code, person.email, person.language)
