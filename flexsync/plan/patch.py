"""patch(state, change): the State after one Change. The only place that knows what a kind does."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from flexsync.plan.change import Change
from flexsync.plan.diff_users import seat_follows
from flexsync.state import (
    Company,
    Service,
    State,
    User,
    admin_from,
    dossier_from,
    from_plain,
    person_from,
    product_from,
    service_from,
    user_from,
)
from flexsync.state import day as day_from

V = TypeVar("V")

#: What is only noted and told: the State follows once somebody has answered.
_TELLING = frozenset(
    {
        "admin.propose_email", "admin.withdraw_email", "admin.invite_successor", "admin.withdraw_successor",
        "user.propose_email", "user.withdraw_email",
        "invitation.resend", "password.reset", "service.rotate_password", "service.send_password",
    }
)  # fmt: skip


def patch(state: State | None, changes: Iterable[Change]) -> State | None:
    """`state` after all of `changes`, in their order; None as long as nothing registers it."""
    for change in changes:
        state = from_plain(change.after) if change.kind == "subscription.register" else _patched(state, change)
    return state


def _patched(state: State | None, change: Change) -> State:
    if state is None:
        raise ValueError(f"{change.kind} of a subscription that is not registered")
    return state if change.kind in _TELLING else _EFFECTS[change.parts[0]](state, change)


def _subscription(state: State, change: Change) -> State:
    values = dict(change.after)
    if "ends_on" in values:
        values["ends_on"] = day_from(values["ends_on"])
    if "company" in values:
        values["company"] = Company(**values["company"])
    return replace(state, **values)


def _admin(state: State, change: Change) -> State:
    if change.kind == "admin.change_email" and state.admin is not None:
        admin = replace(state.admin, person=replace(state.admin.person, email=change.after))
    else:
        admin = admin_from(change.after)
    return replace(state, admin=admin, users=seat_follows(state.users, admin))


def _user(state: State, change: Change) -> State:
    key = change.parts[1]
    if change.kind == "user.move_key":
        return _moved(state, change.before, key)
    if change.kind in ("user.create", "user.link", "user.reactivate", "user.delete", "user.deactivate"):
        return _with_user(state, key, user_from(change.after))
    return _with_user(state, key, _edited(state.users[key], change))


def _moved(state: State, old: str, new: str) -> State:
    """The same person under another key, as a user and wherever the key is written."""
    users = _without(state.users, old) | {new: state.users[old]}
    services = {code: _renamed(service, old, new) for code, service in state.services.items()}
    return replace(state, users=users, services=services)


def _renamed(service: Service, old: str, new: str) -> Service:
    if old not in service.recipients:
        return service
    return replace(service, recipients=tuple(new if key == old else key for key in service.recipients))


def _edited(user: User, change: Change) -> User:
    if change.kind == "user.update":
        return replace(user, person=person_from(change.after))
    if change.kind == "user.change_email" and user.person is not None:
        return replace(user, person=replace(user.person, email=change.after))
    if change.kind == "user.schedule":
        return replace(user, starts_on=day_from(change.after["starts_on"]), ends_on=day_from(change.after["ends_on"]))
    return replace(user, hosted_opt_out=change.after)


def _access(state: State, change: Change) -> State:
    _, key, product = change.parts
    user = state.users[key]
    access = {*user.access, product} if change.after else set(user.access) - {product}
    return _with_user(state, key, replace(user, access=tuple(sorted(access))))


def _product(state: State, change: Change) -> State:
    code = change.parts[1]
    if change.kind == "product.remove":
        return replace(state, products=_without(state.products, code))
    if change.kind == "product.add":
        product = product_from(change.after)
    elif change.kind == "subscription.assert":
        product = replace(state.products[code], **change.after)
    else:
        product = replace(state.products[code], data_mode=change.after)
    return replace(state, products={**state.products, code: product})


def _dossier(state: State, change: Change) -> State:
    code, *dossier = change.parts[1:]
    product = state.products[code]
    if not dossier:
        product = replace(product, confirmed_empty_on=day_from(change.after))
    else:
        kept = _without(product.dossiers, dossier[0])
        new = {} if change.after is None else {dossier[0]: dossier_from(change.after)}
        product = replace(product, dossiers={**kept, **new})
    return replace(state, products={**state.products, code: product})


def _service(state: State, change: Change) -> State:
    code = change.parts[1]
    if change.after is None:
        return replace(state, services=_without(state.services, code))
    return replace(state, services={**state.services, code: service_from(change.after)})


def _with_user(state: State, key: str, user: User) -> State:
    return replace(state, users={**state.users, key: user})


def _without(parts: Mapping[str, V], key: str) -> dict[str, V]:
    return {other: part for other, part in parts.items() if other != key}


_EFFECTS: dict[str, Callable[[State, Change], State]] = {
    "subscription": _subscription,
    "admin": _admin,
    "user": _user,
    "access": _access,
    "product": _product,
    "dossier": _dossier,
    "service": _service,
}
