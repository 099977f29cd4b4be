"""Which steps need which: a step that needs a blocked one is blocked too, by the same first cause.

In: ordered steps of one subscription. Out: the same steps, with a Block `depends` on each that
cannot be done alone. Only steps of the plan count: what is done already is not there.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from flexsync.catalogue import Catalogue
from flexsync.errors import Block
from flexsync.plan.model import WAITING, Step

ARRIVALS = ("user.create", "user.link", "user.reactivate")
_ADMIN_ARRIVALS = ("admin.create", "admin.link")
_DEPARTURES = ("user.deactivate", "access.revoke")
_SWITCHED_OFF = ("service.deactivate", "service.withdraw")


@dataclass(frozen=True, slots=True)
class Graph:
    """The blocked steps by subject and kind, and the catalogue that says which product a service needs."""

    blocked: dict[str, dict[str, Step]]
    catalogue: Catalogue

    @classmethod
    def of(cls, steps: Sequence[Step], catalogue: Catalogue) -> "Graph":
        """The graph of steps that are to be placed one after the other, in their order."""
        graph = cls(defaultdict(dict), catalogue)
        for step in steps:
            graph.remember(step)
        return graph

    def remember(self, step: Step) -> None:
        """Know of `step` if it is blocked, for those that need it."""
        if not step.ready:
            self.blocked[step.change.subject][step.change.kind] = step

    def place(self, step: Step) -> Step:
        """`step`, blocked when something that it needs is."""
        if not step.ready or not self.blocked:
            return step
        first = next(self._needs(step), None)
        return step if first is None else replace(step, blocks=(waits_for(first),))

    def _needs(self, step: Step) -> Iterator[Step]:
        """The blocked steps that `step` needs."""
        section = step.change.parts[0]
        if section in ("user", "access"):
            yield from self._of_person(step)
        elif section == "product":
            yield from self._of_product(step)
        elif section == "service":
            yield from self._of_service(step)
        elif section == "dossier":
            yield from self._get(f"product/{step.change.parts[1]}", ("product.add",))
        else:
            yield from self._of_subscription(step)

    def _of_person(self, step: Step) -> Iterator[Step]:
        kind, subject = step.change.kind, f"user/{step.change.parts[1]}"
        if kind != "user.move_key":
            yield from self._get(subject, ("user.move_key",))
        if kind.startswith("access."):
            yield from self._get(subject, ARRIVALS)
            yield from self._get(f"product/{step.change.parts[2]}", ("product.add",))
        if kind in ARRIVALS:
            yield from self._get("admin", _ADMIN_ARRIVALS)
        if kind == "user.delete":
            yield from self._get(subject, ("user.deactivate",))

    def _of_product(self, step: Step) -> Iterator[Step]:
        kind, code = step.change.kind, step.change.parts[1]
        if kind == "data_mode.to_hosted":
            yield from self._get(step.change.subject, ("product.add",))
            yield from self._get("subscription", ("offer.upgrade",))
        if kind == "data_mode.to_local":
            yield from self._all(lambda other: other.change.parts[:2] == ("dossier", code))
        if kind == "product.remove":
            yield from self._all(lambda other: self._uses(other, code))

    def _of_service(self, step: Step) -> Iterator[Step]:
        kind = step.change.kind
        if kind in ("service.activate", "service.request"):
            yield from self._get("subscription", ("offer.upgrade",))
            for product in self._products(step):
                yield from self._get(f"product/{product}", ("product.add",))
        if kind in ("service.activate", "service.update"):
            for key in (step.change.after or {}).get("recipients", ()):
                yield from self._get(f"user/{key}", ARRIVALS)
        if kind == "service.rotate_password":
            left = set(step.change.after["left"])
            yield from self._all(lambda other: other.change.kind in _DEPARTURES and other.change.parts[1] in left)

    def _of_subscription(self, step: Step) -> Iterator[Step]:
        if step.change.kind == "offer.downgrade":
            yield from self._all(lambda other: other.change.kind in (*_SWITCHED_OFF, "data_mode.to_local"))
        if step.change.kind == "subscription.close":
            ends = ("user.deactivate", "data_mode.to_local", *_SWITCHED_OFF)
            yield from self._all(lambda other: other.change.kind in ends)

    def _get(self, subject: str, kinds: Iterable[str]) -> Iterator[Step]:
        there = self.blocked.get(subject, {})
        return (there[kind] for kind in kinds if kind in there)

    def _all(self, wanted: Callable[[Step], bool]) -> Iterator[Step]:
        return (step for there in self.blocked.values() for step in there.values() if wanted(step))

    def _products(self, step: Step) -> tuple[str, ...]:
        service = self.catalogue.services.get(step.change.parts[1])
        return service.products if service else ()

    def _uses(self, step: Step, product: str) -> bool:
        """True of a step that takes `product` out of use."""
        change = step.change
        if change.kind == "access.revoke":
            return change.parts[2] == product
        if change.kind == "user.deactivate":
            return product in change.before.get("access", ())
        if change.kind in _SWITCHED_OFF:
            return product in self._products(step)
        return change.kind == "data_mode.to_local" and change.parts[1] == product


def waits_for(step: Step) -> Block:
    """The Block of what cannot be done before the blocked `step`."""
    causes = [block.cause for block in step.blocks]
    root = next((cause for cause in causes if cause not in WAITING), causes[0])
    return Block("depends", f'waits for "{step.change.words}"', root)
