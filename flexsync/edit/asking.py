"""A State as files would ask for it, and the edits between two of them.

In: States. Out: plain data in the shape of a subscription file, or edits of single values. It must
not know which layer a value is in, nor how a file is written.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from flexsync.desired.model import Path
from flexsync.state import (
    ADMIN_KEY,
    GENERATED,
    PERSON_FIELDS,
    Admin,
    Product,
    Service,
    State,
    User,
    to_plain,
)

#: Sections in the order in which they can be settled: each may change what the later ones mean.
STAGES = (
    ("state",),
    ("offer", "seats", "customer_code", "company", "ends_on", "sirets_allowed", "products"),
    ("admin",),
    ("users",),
    ("services",),
)
_DEFAULTS: dict[str, Any] = {
    "language": "fr",
    "hosted_opt_out": False,
    "also_user": False,
    "data_mode": "local",
    "state": "open",
    "sirets": [],
    "recipients": [],
}


@dataclass(frozen=True, slots=True)
class Edit:
    """A value that the files should have at a path; None when they should not have any.

    `own` says that it belongs to this subscription, not to somebody under people.
    """

    path: Path
    value: Any = None
    own: bool = False

    @property
    def dotted(self) -> str:
        """The path as `show --explain` prints it."""
        return ".".join(map(str, self.path))


def asked(state: State) -> dict[str, Any]:
    """Everything that files can say of a State, defaults written out; None and empty parts are left out."""
    data = {
        "state": state.status,
        "offer": state.offer,
        "seats": state.seats,
        "customer_code": state.customer_code,
        "company": _written(to_plain(state.company)),
        "ends_on": to_plain(state.ends_on),
        "sirets_allowed": state.sirets_allowed,
        "products": {code: _product(product) for code, product in sorted(state.products.items())},
        "admin": _admin(state.admin, state) if state.admin else None,
        "users": {key: user_entry(user) for key, user in state.present.items() if key != ADMIN_KEY},
        "services": {code: _service(service) for code, service in sorted(state.services.items())},
    }
    return _written(data) | {name: data[name] for name in ("products", "users", "services")}


def plain(part: Mapping[str, Any]) -> dict[str, Any]:
    """A part without what holds when nothing is said."""
    return {
        key: plain(value) if isinstance(value, Mapping) else value
        for key, value in part.items()
        if _DEFAULTS.get(key, ...) != value
    }


def edits(before: State, after: State, written: Mapping[str, Any]) -> list[Edit]:
    """The edits of the first section in which `before` is not yet `after`; `written` is the effective data."""
    old, new = asked(before), asked(after)
    for stage in STAGES:
        found = [edit for name in stage for edit in _section(name, old.get(name), new.get(name), written)]
        if stage == ("users",):
            found += _of_the_deleted(after, written)
        if stage == ("services",):
            found += _of_the_absent(found, after, written)
        if found:
            return found
    return []


def _section(name: str, old: Any, new: Any, written: Mapping[str, Any]) -> Iterator[Edit]:
    if name == "admin" and old and new:
        yield from _of_person((name,), old, new)
        return
    if name not in ("products", "users", "services"):
        yield from _between((name,), old, new)
        return
    known = written.get(name) or {}
    for key in [*old, *(key for key in new if key not in old)]:
        yield from _of_entry((name, key), old.get(key), new.get(key), known.get(key))


def _of_entry(path: Path, old: Any, new: Any, written: Mapping[str, Any] | None) -> Iterator[Edit]:
    if old == new:
        return
    if new is None:
        yield Edit(path)
    elif path[0] == "services" and not new["enabled"]:
        yield from _between((*path, "enabled"), (old or {}).get("enabled"), False)
    elif written is None or old is None:
        yield Edit(path, plain(new))
        stale = (key for key in ("state", "starts_on", "ends_on") if key in (written or {}) and key not in new)
        yield from (Edit((*path, key)) for key in stale)
    elif path[0] == "users":
        yield from _of_person(path, old, new)
    else:
        yield from _between(path, old, new)


def _of_person(path: Path, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Edit]:
    """Edits of an entry; somebody else in the same place is written out, and refers to nobody."""
    if not _is_other(old, new):
        yield from _between(path, old, new)
        return
    yield Edit((*path, "person"), own=True)
    yield from (Edit((*path, name), new[name], own=True) for name in PERSON_FIELDS)
    yield from _between(path, *({k: v for k, v in side.items() if k not in PERSON_FIELDS} for side in (old, new)))


def _is_other(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    names = [f"{side['given_name']} {side['family_name']}".casefold() for side in (old, new)]
    return old["email"].casefold() != new["email"].casefold() and names[0] != names[1]


def _between(path: Path, old: Any, new: Any) -> Iterator[Edit]:
    if old == new:
        return
    if isinstance(new, Mapping) and new:
        old = old if isinstance(old, Mapping) else {}
        for key in [*old, *(key for key in new if key not in old)]:
            yield from _between((*path, key), old.get(key), new.get(key))
    else:
        yield Edit(path, new)


def _of_the_deleted(after: State, written: Mapping[str, Any]) -> Iterator[Edit]:
    """Somebody who was deleted cannot be asked for."""
    for key, entry in (written.get("users") or {}).items():
        user = after.users.get(key)
        if user is not None and user.status == "deleted" and entry and entry.get("state") != "deleted":
            yield Edit(("users", key))


def _of_the_absent(found: list[Edit], after: State, written: Mapping[str, Any]) -> list[Edit]:
    """Recipients who hold no seat any more are nobody's to tell, although resolve passes over them."""
    stale = []
    for code, entry in (written.get("services") or {}).items():
        named = (entry or {}).get("recipients") or []
        path = ("services", code, "recipients")
        kept = [key for key in named if key in after.present]
        if kept != named and not any(edit.path == path[: len(edit.path)] for edit in found):
            stale.append(Edit(path, kept))
    return stale


def user_entry(user: User) -> dict[str, Any]:
    """The entry of a user who holds a seat."""
    person = asdict(user.person) if user.person else {}
    days = {"starts_on": to_plain(user.starts_on), "ends_on": to_plain(user.ends_on)}
    return {**person, "access": list(user.access), **_written(days), "hosted_opt_out": user.hosted_opt_out}


def _admin(admin: Admin, state: State) -> dict[str, Any]:
    entry = {**asdict(admin.person), "also_user": admin.also_user}
    seat = state.users.get(ADMIN_KEY)
    if admin.also_user and seat is not None and seat.access != tuple(sorted(state.products)):
        entry["access"] = list(seat.access)
    return entry


def _product(product: Product) -> dict[str, Any]:
    entry = {
        "edition": product.edition,
        "data_mode": product.data_mode,
        "internet_acknowledged": True if product.data_mode == "hosted" else None,
        "seats": product.seats,
        "dossiers": {code: to_plain(dossier) for code, dossier in sorted(product.dossiers.items())},
        "confirmed_empty_on": to_plain(product.confirmed_empty_on),
    }
    return _written(entry)


def _service(service: Service) -> dict[str, Any]:
    if service.status == "off":
        return {"enabled": False}
    entry = {
        "enabled": True,
        "sirets": list(service.sirets),
        "recipients": list(service.recipients),
        "password_from": _reference(service.secret),
        "prerequisites": {code: to_plain(one) for code, one in sorted(service.evidence.items())},
        "creditor_id": service.creditor_id,
        "iban": service.iban,
        "bic": service.bic,
        "ends_on": to_plain(service.ends_on),
    }
    return {key: value for key, value in entry.items() if value or key in ("sirets", "recipients")}


def _reference(secret: str) -> dict[str, Any]:
    """Where a secret is read; the State holds no secret itself."""
    if secret == GENERATED:
        return {GENERATED: True}
    kind, _, name = secret.partition(":")
    return {kind: name} if name else {}


def _written(entry: Mapping[str, Any]) -> dict[str, Any]:
    """An entry without what says nothing."""
    return {key: value for key, value in entry.items() if value not in (None, "", {}, [])}
