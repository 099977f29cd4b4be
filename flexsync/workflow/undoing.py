"""undo: what a run did, taken back by a plan like any other.

In: a run of the store. Out: a Plan, and what it cannot do. What is wanted comes from no file, though who is invited
does; `undo_files` makes the files follow.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from flexsync.desired.fleet import Declared
from flexsync.desired.model import Policy
from flexsync.desired.resolve import policy
from flexsync.errors import Refused, WrongCommand
from flexsync.plan.build import Secrets
from flexsync.plan.change import Change
from flexsync.plan.limits import Limits, each, fleet, planned
from flexsync.plan.model import Binding, Plan, SubscriptionPlan, Trip
from flexsync.plan.patch import patch
from flexsync.plan.undo import Done, Undo, undo
from flexsync.policy.judging import judge
from flexsync.snapshot import Snapshot
from flexsync.state import State, digest, to_plain
from flexsync.text import did_you_mean, shorten
from flexsync.workflow.desk import Desk
from flexsync.workflow.planning import KnownAccounts, binding_of
from flexsync.workflow.stores import run_of

if TYPE_CHECKING:
    from flexsync.store.base import JournalEntry
    from flexsync.store.sql import Store


@dataclass(frozen=True, slots=True)
class Undoing:
    """The plan, and by subscription what stands in its way and what cannot be taken back."""

    plan: Plan
    conflicts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lost: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sent: int = 0
    snapshots: Mapping[str, Snapshot] = field(default_factory=dict)

    def lines(self) -> Iterator[str]:
        """What is not in the plan, in words."""
        for name, conflicts in self.conflicts.items():
            yield f"! not undone  {shorten(name)}: changed since the run"
            yield from (f"      {shorten(line, 300)}" for line in conflicts)
        for name, lost in self.lost.items():
            yield from (f"* stays  {shorten(name)}: {shorten(line, 300)}" for line in lost)
        if self.sent:
            yield f"* stays  {self.sent} mail(s) of the run were sent or are on their way"


def undoing(desk: Desk, store: "Store", run_id: str, secrets: Secrets) -> Undoing:
    """The way back from a run, of all its subscriptions or of the targets; raises WrongCommand and Refused."""
    entries = _entries(store, run_id, desk.selection.targets)
    _refuse_erased(store, entries)
    snapshots = store.snapshots(list(entries))
    accounts = KnownAccounts(store)
    accounts.look_up(state for entry in entries.values() for state in _states(entry, snapshots))
    declared, known = _declared(desk, entries)
    ways: dict[str, Undo] = {}
    for name, entry in entries.items():
        done = _done(entry)
        inviting = _policy(declared.get(name), known)
        ways[name] = undo(done, snapshots[name], inviting, accounts, desk.fleet.catalogue, desk.as_of, secrets)
    plans = [way.plan for way in ways.values() if way.plan and way.plan.steps]
    return Undoing(
        plan=_limited(desk, replace(binding_of(desk, store.id), undoes=run_id), plans, declared, len(entries)),
        conflicts={name: way.conflicts for name, way in ways.items() if way.conflicts},
        lost={name: way.lost for name, way in ways.items() if way.lost},
        sent=sum(row.state != "cancelled" for row in store.outbox(run=run_id) if row.subscription in entries),
        snapshots=snapshots,
    )


def _entries(store: "Store", run_id: str, names: Sequence[str]) -> "dict[str, JournalEntry]":
    run, entries = run_of(store, run_id)
    if run.result == "running":
        raise Refused(f"Run {run.id} has not ended; undo it when it has.")
    by_name = {entry.subscription: entry for entry in entries}
    for name in names:
        if name not in by_name:
            near = did_you_mean(name, list(by_name))
            raise WrongCommand(f'Run {run.id} changed no subscription "{shorten(name)}".{near}')
    return {name: entry for name, entry in sorted(by_name.items()) if not names or name in names}


def _refuse_erased(store: "Store", entries: "Mapping[str, JournalEntry]") -> None:
    """Raise Refused when personal data was erased by a run, or from what it did: there is no way back to that."""
    from flexsync.store.chain import ERASE, erased

    replaced = store.read(erased)
    for name, entry in entries.items():
        if str(entry.revision) in replaced.get(name, {}) or any(step["kind"] == ERASE for step in entry.steps):
            raise Refused(
                f"Personal data was erased from the journal of {shorten(name)}, revision {entry.revision} included: "
                "what it did cannot be undone. Name other subscriptions with --subscription, or write the change anew."
            )


def _done(entry: "JournalEntry") -> Done:
    """What the journal says was done; raises Refused when it does not lead to what the journal says was left."""
    steps = [Change(step["kind"], step["subject"], step["before"], step["after"]) for step in entry.steps]
    left = patch(entry.before, steps)
    if digest(to_plain(left)) != entry.after_digest:
        raise Refused(
            f"The journal of {shorten(entry.subscription)} at revision {entry.revision} cannot be followed. "
            "Run flexsync audit verify."
        )
    return Done(entry.before, tuple(steps))


def _states(entry: "JournalEntry", snapshots: Mapping[str, Snapshot]) -> Iterator[State]:
    states = (entry.before, snapshots[entry.subscription].current)
    return (state for state in states if state is not None)


def _declared(desk: Desk, names: Collection[str]) -> tuple[dict[str, Declared], bool]:
    """What the files have of subscriptions; and whether it is known of every file which one it is about."""
    found, known = dict[str, Declared](), True
    for one in desk.declared():
        known = known and one.named
        if one.name in names:
            found[one.name] = one
    return found, known


def _policy(declared: Declared | None, known: bool) -> Policy:
    """What the files say of who is invited; nobody is by a run that cannot read it."""
    if declared is None:
        return Policy() if known else Policy(invitations="manual")
    return policy(declared.spec) if declared.spec else Policy(invitations="manual")


def _limited(
    desk: Desk, binding: Binding, plans: Sequence[SubscriptionPlan], declared: Mapping[str, Declared], looked_at: int
) -> Plan:
    """The plan under the limits of its steps' classes, and of the class `undo`, which counts every step."""
    totals = planned(plans) + Counter(undo=sum(len(plan.ready) for plan in plans))
    limited = [replace(plan, trips=tuple(_trips(plan, desk, totals))) for plan in plans]
    exists = sum((Counter(plan.population) for plan in plans), Counter[str]())
    profiles = {plan.name: desk.profiles_of(declared[plan.name]) for plan in plans if plan.name in declared}
    return Plan(
        binding=binding,
        subscriptions=tuple(limited),
        trips=fleet(totals, exists, desk.limits, desk.acks),
        checked=looked_at,
        findings=judge(limited, desk.policies, profiles),
    )


def _trips(plan: SubscriptionPlan, desk: Desk, totals: Mapping[str, int]) -> Iterator[Trip]:
    yield from each(plan, desk.limits, desk.acks, totals)
    own = Limits({name: limit for name, limit in desk.limits.classes.items() if name == "undo"})
    counted = replace(plan, steps=tuple(replace(step, limit="undo") for step in plan.steps))
    yield from each(counted, own, desk.acks, totals)
