"""Limits: how much of one class a subscription, and a run, may change unasked.

In: plans and bounds. Out: Trips. A bound has a count and a percentage and trips only when both are
exceeded, so that one removal in a small team passes. The exact planned number of a class lifts its
limits (`--ack deactivate=4`); no other number does, and nothing lifts them all.
Only what apply would do is counted: a blocked step counts when it is no longer blocked.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flexsync.errors import WrongCommand
from flexsync.plan.change import LIMIT_CLASSES
from flexsync.plan.model import SubscriptionPlan, Trip
from flexsync.state import digest, to_plain
from flexsync.text import did_you_mean, shorten


@dataclass(frozen=True, slots=True)
class Bound:
    """Changes that always pass, and the share in percent of what exists that always passes."""

    count: int = 0
    percent: int = 0

    def exceeded(self, planned: int, population: int) -> bool:
        """True when `planned` is over both."""
        return planned > self.count and planned * 100 > self.percent * population

    def __str__(self) -> str:
        return f"{self.count} or {self.percent} %" if self.percent else str(self.count)


@dataclass(frozen=True, slots=True)
class Limit:
    """The bounds of one class; None where there is no bound."""

    each: Bound | None = None
    fleet: Bound | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of every class."""

    classes: Mapping[str, Limit] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """Stands for all bounds in a saved plan."""
        return digest(to_plain(self.classes))


_ALWAYS_ASKED = Limit(each=Bound(0))
DEFAULTS: dict[str, Limit] = {
    "invite": Limit(fleet=Bound(500)),
    "revoke": Limit(each=Bound(3, 34), fleet=Bound(10, 10)),
    "deactivate": Limit(each=Bound(1, 25), fleet=Bound(5, 5)),
    "service_off": Limit(each=Bound(1), fleet=Bound(5, 5)),
    "data_mode": _ALWAYS_ASKED,
    "admin_change": _ALWAYS_ASKED,
    "contract": _ALWAYS_ASKED,
    "delete": _ALWAYS_ASKED,
    "close": _ALWAYS_ASKED,
    "undo": Limit(),
}


def limits_from(given: Mapping[str, Any]) -> Limits:
    """The default bounds with those of a fleet file's `limits` over them.

    `given` is plain data: class -> {"each": {"count", "percent"}, "fleet": {…}}, all optional.
    """
    return Limits({name: _merged(default, given.get(name) or {}) for name, default in DEFAULTS.items()})


def _merged(default: Limit, given: Mapping[str, Any]) -> Limit:
    return Limit(_bound(given.get("each"), default.each), _bound(given.get("fleet"), default.fleet))


def _bound(given: Mapping[str, int] | None, default: Bound | None) -> Bound | None:
    return Bound(given.get("count", 0), given.get("percent", 0)) if given is not None else default


def planned(plans: Iterable[SubscriptionPlan]) -> Counter[str]:
    """How many changes of each class `plans` would make."""
    return Counter(step.limit for plan in plans for step in plan.ready if step.limit)


def each(
    plan: SubscriptionPlan, limits: Limits, acks: Mapping[str, int], totals: Mapping[str, int]
) -> tuple[Trip, ...]:
    """The limits that one subscription exceeds; `totals` is `planned` of the whole run."""
    bounds = {name: limit.each for name, limit in limits.classes.items()}
    return tuple(_trips("each", bounds, planned([plan]), plan.population, acks, totals))


def fleet(
    totals: Mapping[str, int], exists: Mapping[str, int], limits: Limits, acks: Mapping[str, int]
) -> tuple[Trip, ...]:
    """The limits that the run exceeds; `exists` is the population of the whole fleet, unchanged clients too."""
    bounds = {name: limit.fleet for name, limit in limits.classes.items()}
    return tuple(_trips("fleet", bounds, totals, exists, acks, totals))


def _trips(
    scope: Any,
    bounds: Mapping[str, Bound | None],
    counts: Mapping[str, int],
    exists: Mapping[str, int],
    acks: Mapping[str, int],
    totals: Mapping[str, int],
) -> Iterator[Trip]:
    for name in LIMIT_CLASSES:
        bound, count, there = bounds.get(name), counts.get(name, 0), exists.get(name, 0)
        if bound is None or not count or not bound.exceeded(count, there):
            continue
        if acks.get(name) != totals[name]:
            yield Trip(name, count, there, str(bound), scope, totals[name], acks.get(name))


def parse_acks(texts: Iterable[str]) -> dict[str, int]:
    """`deactivate=4` texts as numbers by class; raises WrongCommand on any other text."""
    acks: dict[str, int] = {}
    for text in texts:
        name, number = _parse_ack(text)
        if acks.setdefault(name, number) != number:
            raise WrongCommand(f"--ack {name} is given twice, with {acks[name]} and {number}; give it once")
    return acks


def _parse_ack(text: str) -> tuple[str, int]:
    name, equals, number = text.partition("=")
    if name not in LIMIT_CLASSES:
        near = did_you_mean(name, list(LIMIT_CLASSES))
        raise WrongCommand(f'--ack "{shorten(text)}": no such class.{near} Classes: {", ".join(LIMIT_CLASSES)}.')
    if not equals or not number.isascii() or not number.isdecimal() or len(number) > 9:
        raise WrongCommand(f'--ack "{shorten(text)}": give the planned number, as in --ack {name}=4')
    return name, int(number)
