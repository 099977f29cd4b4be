"""plan: every subscription of the files, checked and compared with the store.

In: a Desk and a store to read. Out: a Plan. Documents and States are dropped as soon as they are
compared; what is kept is what the plan prints. It writes nothing.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Protocol

from flexsync import __version__
from flexsync.address import email_key
from flexsync.desired.fleet import Across, Declared
from flexsync.desired.model import Allowed, Desired
from flexsync.desired.resolve import resolve
from flexsync.errors import Problem
from flexsync.plan.build import Secrets, build
from flexsync.plan.limits import each, fleet, planned
from flexsync.plan.model import Binding, Plan, SubscriptionPlan
from flexsync.plan.notices import WELCOMES
from flexsync.policy.judging import judge
from flexsync.snapshot import Account, Snapshot
from flexsync.state import State, person_from
from flexsync.workflow.desk import Desk

#: Subscriptions that are read from the store in one go.
BATCH = 250
_CREATING = ("user.create", "admin.create", "admin.invite_successor")


class Reading(Protocol):
    """What a plan needs to know of a store."""

    id: str

    def open_names(self) -> Iterable[str]:
        """Names of the subscriptions that are open."""
        ...

    def snapshots(self, names: Sequence[str]) -> dict[str, Snapshot]:
        """Each known subscription of `names` as it stands."""
        ...

    def accounts(self, keys: Sequence[str]) -> dict[str, Account]:
        """Each known account of `keys`, by e-mail key."""
        ...

    def lapsed(self, names: Sequence[str]) -> Collection[str]:
        """Those of `names` in which somebody without a password was invited in vain."""
        ...


def plan(desk: Desk, store: Reading, secrets: Secrets, advance: Callable[[int], None] = lambda count: None) -> Plan:
    """The Plan of all selected subscriptions; `advance` hears how many were looked at.

    Raises WrongCommand when a selection selects nothing.
    """
    planning = Planning(desk, store, secrets)
    for batch in _batches(desk.declared()):
        planning.take(batch)
        advance(len(batch))
    desk.selection.refuse_nothing(bool(planning.checked or planning.problems))
    return planning.plan()


def _batches(declared: Iterator[Declared]) -> Iterator[list[Declared]]:
    while batch := list(islice(declared, BATCH)):
        yield batch


class Planning:
    """What a plan gathers while the subscriptions go by, batch by batch."""

    def __init__(self, desk: Desk, store: Reading, secrets: Secrets, across: Across | None = None) -> None:
        self._desk = desk
        self._store = store
        self._secrets = secrets
        self._across = across or Across()
        self._accounts = KnownAccounts(store)
        self._plans: list[SubscriptionPlan] = []
        self._names: set[str] = set()
        self._exists: Counter[str] = Counter()
        self._profiles: dict[str, tuple[str, ...]] = {}
        self.problems: list[Problem] = []
        self.checked = 0

    def take(self, batch: Sequence[Declared]) -> None:
        """Check a batch of subscriptions and plan those that can be used."""
        for declared in batch:
            self._across.observe(declared)
            self._names.update({declared.name} if declared.named else {declared.name, ""})
        wanted = [declared for declared in batch if not declared.name or declared.name in self._desk.selection]
        self.checked += len(wanted)
        self.problems.extend(problem for declared in wanted for problem in declared.problems)
        self._compare([declared for declared in wanted if declared.usable])

    def plan(self) -> Plan:
        """The plan of all that was taken, limits and all."""
        self._refuse_what_does_not_fit()
        totals = planned(self._plans)
        limits, acks = self._desk.limits, self._desk.acks
        judged = (replace(plan, trips=each(plan, limits, acks, totals)) for plan in self._plans)
        ordered = tuple(sorted(judged, key=lambda plan: plan.name))
        return Plan(
            binding=binding_of(self._desk, self._store.id),
            subscriptions=ordered,
            problems=tuple(self.problems),
            trips=fleet(totals, self._exists, limits, acks),
            orphans=tuple(sorted(name for name in self._store.open_names() if self._is_orphan(name))),
            checked=self.checked,
            findings=judge(ordered, self._desk.policies, self._profiles),
        )

    def _compare(self, batch: Sequence[Declared]) -> None:
        snapshots = self._store.snapshots([declared.name for declared in batch])
        pairs = [self._desired(declared, snapshots) for declared in batch]
        lapsed = self._store.lapsed(list(snapshots))
        moved = [pair for pair in pairs if pair[0].state != pair[1].current or pair[1].name in lapsed]
        # Whom the store has is looked up too: the login that an e-mail change would move may be in use.
        self._accounts.look_up(state for desired, snapshot in moved for state in (desired.state, snapshot.current))
        for declared, (desired, snapshot) in zip(batch, pairs, strict=True):
            if self._keep(desired, snapshot) and self._desk.policies.each:
                self._profiles[declared.name] = self._desk.profiles_of(declared)

    def _desired(self, declared: Declared, snapshots: Mapping[str, Snapshot]) -> tuple[Desired, Snapshot]:
        assert declared.spec is not None and declared.places is not None  # noqa: S101 - it is usable
        snapshot = snapshots.get(declared.name) or Snapshot(declared.name)
        catalogue = self._desk.fleet.catalogue
        as_of = self._desk.as_of
        desired = resolve(declared.spec, declared.places, snapshot, catalogue, as_of, declared.gone)
        allowed = self._desk.allowed_for(declared.name)
        return (_allowing(desired, allowed) if allowed else desired), snapshot

    def _keep(self, desired: Desired, snapshot: Snapshot) -> bool:
        """Plan one subscription; true when there is something to say of it."""
        self.problems.extend(problem.of(snapshot.name) for problem in desired.problems)
        if any(problem.fatal for problem in desired.problems):
            return False
        plan = self.built(desired, snapshot)
        self._exists.update(plan.population)
        if not (plan.steps or plan.unmanaged or plan.settles):
            return False
        self._plans.append(plan)
        self._accounts.expect(plan)
        return True

    def built(self, desired: Desired, snapshot: Snapshot) -> SubscriptionPlan:
        """The plan of one subscription."""
        return build(desired, snapshot, self._accounts, self._desk.fleet.catalogue, self._desk.as_of, self._secrets)

    def _refuse_what_does_not_fit(self) -> None:
        """What only the whole fleet shows to be wrong takes its subscriptions out of the plan."""
        found = [problem for problem in self._across.problems() if problem.subscription in self._desk.selection]
        self.problems.extend(found)
        broken = {problem.subscription for problem in found if problem.fatal}
        self._plans = [plan for plan in self._plans if plan.name not in broken]

    def _is_orphan(self, name: str) -> bool:
        """Of a name that no file has; where a file does not even give its name, nobody can tell."""
        return "" not in self._names and name not in self._names and name in self._desk.selection


def _allowing(desired: Desired, allowed: tuple[Allowed, ...]) -> Desired:
    return replace(desired, policy=replace(desired.policy, drift_allowed=allowed))


def binding_of(desk: Desk, store: str) -> Binding:
    """What a plan of this desk on the store of that id is made from."""
    return Binding(
        store=store,
        as_of=desk.as_of,
        catalogue=desk.fleet.catalogue.digest,
        tool=__version__,
        commit=desk.fleet.source.commit,
        limits=desk.limits.digest,
        policies=desk.policies.digest,
        acks=tuple(f"{name}={number}" for name, number in sorted(desk.acks.items())),
        targets=tuple(sorted(desk.selection.targets)),
        excludes=tuple(sorted(desk.selection.excludes)),
    )


class KnownAccounts:
    """Accounts by e-mail key: those of the store, and those that earlier subscriptions of the run will create."""

    def __init__(self, store: Reading) -> None:
        self._store = store
        self._stored: Mapping[str, Account] = {}
        self._expected: dict[str, Account] = {}
        self._invited: set[str] = set()

    def get(self, key: str) -> Account | None:
        """The account of an e-mail key, None when nobody has it."""
        found = self._stored.get(key) or self._expected.get(key)
        return replace(found, invitation=None) if found and key in self._invited else found

    def look_up(self, states: Iterable[State | None]) -> None:
        """Read the accounts of everybody in `states`, and forget those read before."""
        keys = {person.key for state in states if state for person in state.people}
        self._stored = self._store.accounts(sorted(keys)) if keys else {}

    def expect(self, plan: SubscriptionPlan) -> None:
        """Count on the accounts that `plan` creates, and on whom it invites, so that later subscriptions do not."""
        for step in plan.ready:
            self._invited |= {email_key(notice.to) for notice in step.notices if notice.code in WELCOMES}
            if step.change.kind in _CREATING:
                person = person_from(step.change.after["person"])
                if self.get(person.key) is None:
                    self._expected[person.key] = Account(person.key, person)
