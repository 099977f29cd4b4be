"""The base of a change in the place of a store, and what its plan leaves out.

In: subscriptions as they were. Out: what Planning asks of a store, of secrets, and of the fleet as a
whole. Nothing here may tell anything of a subscription other than the one that is being planned.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from flexsync.catalogue import Catalogue
from flexsync.desired.changes import Pair
from flexsync.desired.fleet import Across, Declared, Fleet
from flexsync.desired.model import Desired
from flexsync.desired.resolve import resolve
from flexsync.errors import Problem
from flexsync.plan.change import Change
from flexsync.plan.model import SubscriptionPlan
from flexsync.snapshot import Account, Snapshot
from flexsync.state import PERSON_FIELDS, Person, State
from flexsync.workflow.planning import Planning


@dataclass(slots=True)
class Base:
    """The base in the place of a store: what its files ask for counts as applied, one subscription at a time.

    The people of the fleet file count as having accounts, and so does whoever the held subscription
    names; nobody else's subscription is asked.
    """

    fleet: Fleet
    as_of: date
    id: str = ""
    held: Snapshot | None = None
    accounts_held: dict[str, Account] = field(default_factory=dict)
    people: dict[str, Account] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    unknown: bool = False
    left: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        persons = self.fleet.shared.people.values()
        self.people = _accounts(Person(**{name: one[name] for name in PERSON_FIELDS if name in one}) for one in persons)

    def hold(self, pair: Pair) -> None:
        """Take up the base of one subscription, and let go of the one before."""
        base = pair.base
        self.held, self.accounts_held, self.left = None, {}, ()
        self.unknown = base is not None and not base.usable
        if base is None:
            return
        if base.usable:
            state = state_of(base, self.fleet.catalogue, self.as_of)
            self.held = Snapshot(base.name, 0, state, state)
            self.accounts_held = _accounts(state.people)
            self.left = base.gone
        if pair.head is None and not (base.spec and base.spec.state == "closed"):
            self.gone.append(base.name)

    def warned(self, head: Declared) -> Declared:
        """`head` without what was already amiss at the base, and with a word about a base that cannot be read."""
        head = replace(head, gone=tuple(key for key in head.gone if key not in self.left))
        if not self.unknown or not head.usable:
            return head
        message = "the base of this change cannot be used here, so all of the subscription is shown as new"
        problem = Problem("base-unusable", message, head.where, "warning", subscription=head.name)
        return replace(head, problems=(*head.problems, problem))

    def open_names(self) -> Iterable[str]:
        """Names of the subscriptions that the head does not have any more."""
        return tuple(self.gone)

    def snapshots(self, names: Sequence[str]) -> dict[str, Snapshot]:
        """The held subscription."""
        return {self.held.name: self.held} if self.held and self.held.name in names else {}

    def accounts(self, keys: Sequence[str]) -> dict[str, Account]:
        """The known accounts among `keys`."""
        known = self.people | self.accounts_held
        return {key: known[key] for key in keys if key in known}

    def lapsed(self, names: Sequence[str]) -> set[str]:
        """None: files do not tell who was invited in vain."""
        return set()


def state_of(declared: Declared, catalogue: Catalogue, as_of: date) -> State:
    """The State of a usable subscription once everything that its files ask for is applied."""
    assert declared.spec is not None and declared.places is not None  # noqa: S101 - it is usable
    return resolve(declared.spec, declared.places, Snapshot(declared.name), catalogue, as_of).state


def _accounts(persons: Iterable[Person]) -> dict[str, Account]:
    """Accounts of persons who chose a password long ago, as far as the files can tell."""
    return {person.key: Account(person.key, person, active=True) for person in persons if person.email}


class PlanningOfChange(Planning):
    """Plans what the change brings: what the base asked for already, and still waits, is no part of it."""

    def built(self, desired: Desired, snapshot: Snapshot) -> SubscriptionPlan:
        """The plan of one subscription without the steps that the base alone has too."""
        plan = super().built(desired, snapshot)
        waiting = self._waiting(desired, snapshot) if any(step.blocks for step in plan.steps) else []
        return replace(plan, steps=tuple(step for step in plan.steps if step.change not in waiting))

    def _waiting(self, desired: Desired, snapshot: Snapshot) -> list[Change]:
        if snapshot.current is None:
            return []
        again = replace(desired, state=snapshot.current, moves={}, unmanaged=())
        return [step.change for step in super().built(again, snapshot).steps if step.blocks]


class TouchedOnly(Across):
    """Compares only what the change itself wrote: anything else would be told about somebody else's files."""

    listening = True

    def observe(self, declared: Declared) -> None:
        """Take note of one subscription, if the change touches it."""
        if self.listening:
            super().observe(declared)


class AllThere:
    """Secrets of which nobody asks whether they are there: this plan has no access to any."""

    def missing(self, reference: str) -> str:
        """Never anything."""
        return ""

    def changed(self, reference: str, seal: str) -> bool:
        """Never."""
        return False
