"""diff(current, desired): the Changes that turn one State into the other.

Keyed comparison of two values of the same type. It knows nothing of policy, dates or order; who is
absent was settled before (`flexsync.desired.resolve`). Law: patch(current, diff) == desired, for a
`desired` that resolve could have made of `current`: it forgets nobody (every key of `current` is in
it), it does not know people who are gone without ever having come, and it does not lose the admin.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from flexsync.plan.change import Change
from flexsync.plan.diff_users import admin_changes, seat_follows, user_changes
from flexsync.state import Dossier, Product, Service, State, to_plain

CUSTOMER = ("customer_code", "company")
ASSERTED = ("ends_on", "sirets_allowed", "status")


def diff(current: State | None, desired: State, ranks: Mapping[str, int]) -> list[Change]:
    """All Changes from `current` to `desired`, in no particular order.

    `ranks` says of each offer how much it includes, so that a change of offer is up or down.
    """
    if current is None:
        current = _registered(desired)
        register = Change("subscription.register", "subscription", None, to_plain(current))
        return [register, *_differences(current, desired, ranks)]
    return [] if current == desired else list(_differences(current, desired, ranks))


def _registered(desired: State) -> State:
    """What registering leaves: the contract and the customer, nobody and nothing switched on."""
    products = {code: replace(product, data_mode="local") for code, product in desired.products.items()}
    return replace(desired, status="open", products=products, admin=None, users={}, services={})


def _differences(current: State, desired: State, ranks: Mapping[str, int]) -> Iterator[Change]:
    yield from _contract_changes(current, desired, ranks)
    yield from _product_changes(current.products, desired.products)
    yield from admin_changes(current.admin, desired.admin)
    yield from user_changes(seat_follows(current.users, desired.admin), desired.users)
    yield from _service_changes(current.services, desired.services)
    if current.status != desired.status and desired.status == "closed":
        yield _field("subscription.close", current, desired, ("status",))


def _contract_changes(current: State, desired: State, ranks: Mapping[str, int]) -> Iterator[Change]:
    if current.offer != desired.offer:
        up = ranks.get(desired.offer, 0) >= ranks.get(current.offer, 0)
        yield _field("offer.upgrade" if up else "offer.downgrade", current, desired, ("offer",))
    if current.seats != desired.seats:
        yield _field("seats.raise" if desired.seats > current.seats else "seats.lower", current, desired, ("seats",))
    if _renewed(current.ends_on, desired.ends_on):
        yield _field("subscription.renew", current, desired, ("ends_on",))
    if asserted := tuple(name for name in ASSERTED if _asserts(name, current, desired)):
        yield _field("subscription.assert", current, desired, asserted)
    if any(getattr(current, name) != getattr(desired, name) for name in CUSTOMER):
        yield _field("subscription.update", current, desired, CUSTOMER)


def _renewed(before: date | None, after: date | None) -> bool:
    return before is not None and after is not None and after > before


def _asserts(name: str, current: State, desired: State) -> bool:
    before, after = getattr(current, name), getattr(desired, name)
    if name == "ends_on" and _renewed(before, after):
        return False
    if name == "status" and after == "closed":
        return False
    return bool(before != after)


def _field(kind: str, current: State, desired: State, names: tuple[str, ...]) -> Change:
    before, after = ({name: to_plain(getattr(state, name)) for name in names} for state in (current, desired))
    return Change(kind, "subscription", before, after)


def _product_changes(current: Mapping[str, Product], desired: Mapping[str, Product]) -> Iterator[Change]:
    for code in sorted(current.keys() | desired.keys()):
        yield from _one_product(code, current.get(code), desired.get(code))


def _one_product(code: str, before: Product | None, after: Product | None) -> Iterator[Change]:
    subject = f"product/{code}"
    if before is None and after is not None:
        before = replace(after, data_mode="local")
        yield Change("product.add", subject, None, to_plain(before))
    if before is None:
        return
    wanted_mode = after.data_mode if after else "local"
    if before.data_mode != wanted_mode:
        yield Change(f"data_mode.to_{wanted_mode}", subject, before.data_mode, wanted_mode)
    if after is None:
        yield Change("product.remove", subject, to_plain(replace(before, data_mode="local")), None)
        return
    yield from _contract_of_product(subject, before, after)
    yield from _dossier_changes(code, before, after)


def _contract_of_product(subject: str, before: Product, after: Product) -> Iterator[Change]:
    if (before.edition, before.seats) != (after.edition, after.seats):
        terms = [{"edition": product.edition, "seats": product.seats} for product in (before, after)]
        yield Change("subscription.assert", subject, *terms)


def _dossier_changes(product: str, before: Product, after: Product) -> Iterator[Change]:
    for code in sorted(before.dossiers.keys() | after.dossiers.keys()):
        old, new = (side.dossiers.get(code) for side in (before, after))
        if old != new:
            kind = "dossier.forget" if new is None else "dossier.record"
            yield Change(kind, f"dossier/{product}/{code}", _plain(old), _plain(new))
    if before.confirmed_empty_on != after.confirmed_empty_on:
        days = (to_plain(side.confirmed_empty_on) for side in (before, after))
        yield Change("dossier.record", f"dossier/{product}", *days)


def _plain(value: Dossier | Service | None) -> object:
    return None if value is None else to_plain(value)


def _service_changes(current: Mapping[str, Service], desired: Mapping[str, Service]) -> Iterator[Change]:
    for code in sorted(current.keys() | desired.keys()):
        before, after = current.get(code), desired.get(code)
        if before != after:
            kind = _service_kind(before or Service(), after or Service())
            yield Change(kind, f"service/{code}", _plain(before), _plain(after))


def _service_kind(before: Service, after: Service) -> str:
    if before.status == after.status:
        return "service.update"
    if after.status == "active":
        return "service.activate"
    if before.status == "active":
        return "service.deactivate"
    return "service.request" if after.status == "pending" else "service.withdraw"
