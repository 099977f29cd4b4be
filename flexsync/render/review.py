"""review: the steps of a plan in the order in which a reviewer has to see them.

In: a Plan and a View. Out: a Review that the pages for people share: what takes away, what is held back,
what is alike, and who gains or loses what. Every step is in exactly one of `taken`, `held`, `groups`;
drift that is allowed takes nothing away, whatever undoing it would.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flexsync.errors import Problem
from flexsync.plan.access import Access, Identity, access, people
from flexsync.plan.depends import ARRIVALS
from flexsync.plan.model import Plan, Step, SubscriptionPlan, Trip
from flexsync.plan.verdict import takes_away
from flexsync.render import words
from flexsync.render.text import removals_first
from flexsync.render.view import View
from flexsync.text import count


@dataclass(frozen=True, slots=True)
class Item:
    """A step, the name of its subscription, and the person it is about, if it is about one."""

    subscription: str
    step: Step
    person: Identity = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Steps that do the same thing to `detail`; `persons` is 0 for what is done to a subscription."""

    items: tuple[Item, ...]
    persons: int
    detail: str

    @property
    def step(self) -> Step:
        """One step that stands for all."""
        return self.items[0].step

    @property
    def alone(self) -> bool:
        """True when there is nothing alike."""
        return len(self.items) == 1

    @property
    def where(self) -> str:
        """`37 users in 12 subscriptions`, `1 subscription`."""
        places = count(len({item.subscription for item in self.items}), "subscription")
        return f"{count(self.persons, 'user')} in {places}" if self.persons else places


@dataclass(frozen=True, slots=True)
class Review:
    """A plan laid out for review; a trip has the subscriptions that it is said of, and none when it is the run's."""

    trips: tuple[tuple[Trip, tuple[str, ...]], ...]
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    taken: tuple[Item, ...]
    held: tuple[Group, ...]
    access: tuple[Access, ...]
    groups: tuple[Group, ...]


def review(plan: Plan, view: View) -> Review:
    """The Review of a plan."""
    items = [item for one in plan.subscriptions for item in _items(one)]
    lost, others = [item for item in items if takes(item.step)], [item for item in items if not takes(item.step)]
    return Review(
        trips=tuple(_trips_told_once(plan)),
        problems=tuple(problem for problem in plan.problems if problem.fatal),
        warnings=tuple(problem for problem in plan.problems if not problem.fatal),
        taken=tuple(sorted(lost, key=_gravest_first)),
        held=tuple(_grouped((item for item in others if not item.step.ready), view)),
        access=access(plan),
        groups=tuple(_grouped((item for item in others if item.step.ready), view)),
    )


def takes(step: Step) -> bool:
    """True of what takes away, now or once nothing holds it back."""
    return takes_away(step) and not step.allowed


def alike(items: Iterable[Item], view: View) -> list[tuple[Item, ...]]:
    """Items that are the same for the same person in several subscriptions together, in the order of the first."""
    same: dict[tuple[object, ...], list[Item]] = defaultdict(list)
    for item in items:
        step = item.step
        messages = tuple(block.message for block in step.blocks)
        told = (words.verb(step), words.subject(step), words.detail(step, view), words.swap(step), step.cause)
        same[item.person, step.change.kind, told, messages].append(item)
    return [tuple(found) for found in same.values()]


def scope(plan: Plan) -> str:
    """How much of what was looked at has steps; a plan of a change looks at nothing else than what has."""
    shown = count(len(plan.subscriptions), "subscription")
    return shown if plan.binding.base else f"{len(plan.subscriptions):,} of {count(plan.checked, 'subscription')}"


def seats(plan: SubscriptionPlan) -> str:
    """`3 seats: 1 -> 2 used`."""
    return f"{count(plan.seats, 'seat')}: {plan.occupied} -> {plan.occupied_after} used"


def effects(one: Access, view: View) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What one person loses and gains, and in which subscriptions: `loses Ciel Paye, the seat`."""
    for verb, products, moved in (("loses", one.loses, one.leaves), ("gains", one.gains, one.joins)):
        alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for product, names in products.items():
            alike[names].append(view.product(product))
        if moved:
            alike[moved].append("the seat" if verb == "loses" else "a seat")
        yield from ((f"{verb} {', '.join(things)}", names) for names, things in alike.items())


def _items(plan: SubscriptionPlan) -> Iterator[Item]:
    persons = people(plan)
    for step in removals_first(plan.steps):
        section, *names = step.change.parts
        yield Item(plan.name, step, persons[names[0]].identity if section in ("user", "access") else ())


def _gravest_first(item: Item) -> tuple[bool, bool]:
    return item.step.kind.danger != "destructive", not item.step.refused


def trips(plan: Plan) -> Iterator[tuple[str, Trip]]:
    """The limits that are exceeded, each with its subscription; those of the run have none."""
    yield from (("", trip) for trip in plan.trips)
    yield from ((one.name, trip) for one in plan.subscriptions for trip in one.trips)


def _trips_told_once(plan: Plan) -> Iterator[tuple[Trip, tuple[str, ...]]]:
    """Trips that say the same, together; in the order of the first."""
    same: dict[str, list[tuple[str, Trip]]] = defaultdict(list)
    for name, trip in trips(plan):
        same[trip.message].append((name, trip))
    yield from ((found[0][1], tuple(name for name, _ in found if name)) for found in same.values())


def _grouped(items: Iterable[Item], view: View) -> Iterator[Group]:
    """Items that are alike together: first what is refused, last what is allowed; the largest group first."""
    same: dict[tuple[str, ...], list[Item]] = defaultdict(list)
    for item in items:
        same[_likeness(item.step, view)].append(item)
    groups = (
        Group(tuple(found), len({item.person for item in found if item.person}), likeness[2])
        for likeness, found in same.items()
    )
    yield from sorted(groups, key=_refused_first)


def _refused_first(group: Group) -> tuple[bool, bool, int, str]:
    return not group.step.refused, group.step.allowed, -len(group.items), group.step.change.kind


def _likeness(step: Step, view: View) -> tuple[str, ...]:
    """What has to be equal for two steps to be told in one line."""
    codes = tuple(block.code for block in step.blocks)
    detail = "" if step.change.kind in ARRIVALS else words.detail(step, view)
    return step.change.kind, step.cause, detail, *codes
