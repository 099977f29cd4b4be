"""access: what each person gains and loses, over all subscriptions of a plan.

In: a Plan. Out: one Access a person whose access changes. Only what apply would do is counted, and
what is taken at one key and given at another of the same subscription is no change. A person is an
e-mail address; where the plan does not know it (a saved or redacted plan), a key of one subscription.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flexsync.address import email_key
from flexsync.plan.depends import ARRIVALS
from flexsync.plan.model import Plan, Step, SubscriptionPlan
from flexsync.state import ADMIN_KEY

#: E-mail key, or subscription and key of somebody whose address is not known.
Identity = tuple[str, ...]

_SEAT = ""


@dataclass(frozen=True, slots=True)
class Access:
    """One person: product -> the subscriptions where it is gained or lost; the same for seats."""

    name: str
    email: str
    gains: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    loses: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    joins: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """Who a key of one subscription is, as far as the plan tells."""

    name: str
    email: str = ""
    identity: Identity = ()


def access(plan: Plan) -> tuple[Access, ...]:
    """Everybody whose access changes: first who loses something, then by name."""
    who: dict[Identity, Known] = {}
    net: dict[Identity, Counter[tuple[str, str]]] = defaultdict(Counter)
    for subscription in plan.subscriptions:
        for person, product, sign in _moves(subscription):
            who.setdefault(person.identity, person)
            net[person.identity][product, subscription.name] += sign
    found = [_access(who[identity], moves) for identity, moves in net.items() if any(moves.values())]
    return tuple(sorted(found, key=lambda one: (not (one.loses or one.leaves), one.name.casefold(), one.email)))


def _moves(plan: SubscriptionPlan) -> Iterator[tuple[Known, str, int]]:
    """Who, product (or the seat itself), and whether it comes or goes."""
    persons = people(plan)
    yield from ((persons[key], product, sign) for key, product, sign in _effects(plan.ready))
    yield from (move for step in plan.ready if step.change.kind == "admin.replace" for move in _handed_over(plan, step))


def _handed_over(plan: SubscriptionPlan, step: Step) -> Iterator[tuple[Known, str, int]]:
    """The administrator's own seat follows the administrator, with what it may open."""
    if not step.change.before.get("also_user"):
        return
    for side, sign in ((step.change.before, -1), (step.change.after, 1)):
        one = _person(side)
        known = _known(plan.name, ADMIN_KEY, f"{one['given_name']} {one['family_name']}", one["email"])
        yield from ((known, product, sign) for product in (_SEAT, *sorted(_held_before(plan, ADMIN_KEY))))


def _held_before(plan: SubscriptionPlan, key: str) -> set[str]:
    """The products that `key` opens before the plan; those that nothing is done to are known to a fresh plan only."""
    user = plan.desired.users.get(key) if plan.desired else None
    held = set(user.access) if user else set()
    for changed, product, sign in _effects(plan.steps):
        if changed == key and product != _SEAT:
            (held.discard if sign > 0 else held.add)(product)
    return held


def people(plan: SubscriptionPlan) -> Mapping[str, Known]:
    """Who stands behind the keys that the steps of a subscription are about."""
    keys = {step.change.parts[1] for step in plan.steps if step.change.parts[0] in ("user", "access")}
    told = {key: person for step in plan.steps for key, person in _told(step)}
    wanted = plan.desired.users if plan.desired else {}
    found: dict[str, Known] = {}
    for key in keys:
        user = wanted.get(key)
        name, email = (user.person.name, user.person.email) if user and user.person else told.get(key, ("", ""))
        found[key] = _known(plan.name, key, name, email)
    return found


def _known(subscription: str, key: str, name: str, email: str) -> Known:
    if "@" not in email:
        return Known(key, "", (subscription, key))
    return Known(name or key, email, (email_key(email),))


def _told(step: Step) -> Iterator[tuple[str, tuple[str, str]]]:
    """Name and address of the person a step is about; of an access step, the address its mail goes to."""
    section, *names = step.change.parts
    if section == "access":
        yield from ((names[0], ("", notice.to)) for notice in step.notices)
    if section == "user":
        for side in (step.change.before, step.change.after):
            if person := _person(side):
                yield names[0], (f"{person['given_name']} {person['family_name']}", person["email"])


def _person(side: Any) -> Mapping[str, str]:
    found = side.get("person") if isinstance(side, Mapping) else None
    return found or {}


def _effects(steps: Iterable[Step]) -> Iterator[tuple[str, str, int]]:
    """Key, product (or the seat itself), and whether it comes or goes."""
    for step in steps:
        kind, (section, *names) = step.change.kind, step.change.parts
        if section == "access":
            yield names[0], names[1], 1 if kind == "access.grant" else -1
        elif kind in ARRIVALS:
            yield names[0], _SEAT, 1
        elif kind == "user.deactivate":
            yield names[0], _SEAT, -1
            yield from ((names[0], product, -1) for product in step.change.before.get("access", ()))


def _access(person: Known, net: Mapping[tuple[str, str], int]) -> Access:
    gains, loses = (_by_product(net, sign) for sign in (1, -1))
    return Access(person.name, person.email, gains, loses, gains.pop(_SEAT, ()), loses.pop(_SEAT, ()))


def _by_product(net: Mapping[tuple[str, str], int], sign: int) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for (product, subscription), balance in sorted(net.items()):
        if balance * sign > 0:
            found[product].append(subscription)
    return {product: tuple(names) for product, names in found.items()}
