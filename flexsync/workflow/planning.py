"""plan: every subscription of the files, checked and compared with the store.

In: a Desk and a store to read. Out: a Plan. Documents and States are dropped as soon as they are
compared; what is kept is what the plan prints. It writes nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Protocol

from flexsync import __version__
from flexsync.address import email_key
from flexsync.desired.fleet import Across, Declared
from flexsync.desired.model import Desired
from flexsync.desired.resolve import resolve
from flexsync.errors import Problem, WrongCommand
from flexsync.plan.build import Secrets, build
from flexsync.plan.limits import Tally, refusals
from flexsync.plan.model import Binding, Plan, SubscriptionPlan
from flexsync.snapshot import Account, Snapshot
from flexsync.state import State
from flexsync.workflow.desk import Desk

#: Subscriptions that are read from the store in one go.
BATCH = 250


class Reading(Protocol):
    """What a plan needs to know of a store."""

    id: str

    def names(self) -> Iterable[str]:
        """Names of the subscriptions that are open."""
        ...

    def snapshots(self, names: Sequence[str]) -> dict[str, Snapshot]:
        """Each known subscription of `names` as it stands."""
        ...

    def accounts(self, keys: Sequence[str]) -> dict[str, Account]:
        """Each known account of `keys`, by e-mail key."""
        ...


def plan(desk: Desk, store: Reading, secrets: Secrets, advance: Callable[[int], None] = lambda count: None) -> Plan:
    """The Plan of all selected subscriptions; `advance` hears how many were looked at.

    Raises WrongCommand when a selection selects nothing.
    """
    planning = _Planning(desk, store, secrets)
    for batch in _batches(desk.declared()):
        planning.take(batch)
        advance(len(batch))
    if not planning.checked and not desk.selection.whole and not planning.problems:
        raise WrongCommand(f"No subscription matches {' '.join(desk.selection.targets) or 'the selection'}.")
    return planning.plan()


def _batches(declared: Iterator[Declared]) -> Iterator[list[Declared]]:
    while batch := list(islice(declared, BATCH)):
        yield batch


class _Planning:
    """What a plan gathers while the subscriptions go by, batch by batch."""

    def __init__(self, desk: Desk, store: Reading, secrets: Secrets) -> None:
        self._desk = desk
        self._store = store
        self._secrets = secrets
        self._across = Across()
        self._tally = Tally()
        self._plans: list[SubscriptionPlan] = []
        self._names: set[str] = set()
        self._accounts = _Accounts(store)
        self.problems: list[Problem] = []
        self.checked = 0

    def take(self, batch: list[Declared]) -> None:
        """Check a batch of subscriptions and plan those that can be used."""
        for declared in batch:
            self._across.observe(declared)
            self._names.add(declared.name)
        wanted = [declared for declared in batch if not declared.name or declared.name in self._desk.selection]
        self.checked += len(wanted)
        self.problems.extend(problem for declared in wanted for problem in declared.problems)
        self._build([declared for declared in wanted if declared.usable])

    def _build(self, batch: list[Declared]) -> None:
        snapshots = self._store.snapshots([declared.name for declared in batch])
        desired = [self._desired(declared, snapshots) for declared in batch]
        self._accounts.learn(one.state for one in desired if one.state != snapshots_of(snapshots, one).current)
        for one in desired:
            self._keep(self._plan_of(one, snapshots_of(snapshots, one)))

    def _desired(self, declared: Declared, snapshots: dict[str, Snapshot]) -> Desired:
        assert declared.spec is not None  # noqa: S101 - usable says so
        snapshot = snapshots.get(declared.name) or Snapshot(declared.name)
        return resolve(declared.spec, declared.places, snapshot, self._desk.fleet.catalogue, self._desk.as_of)
