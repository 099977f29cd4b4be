"""Plans for tests: a Desired with defaults, accounts and secrets that are plain dicts, and `make`."""

from dataclasses import dataclass, field, replace
from datetime import date

from flexsync.address import email_key
from flexsync.desired.model import Desired, Path, Policy
from flexsync.errors import Where
from flexsync.plan.build import build
from flexsync.plan.model import Binding, Plan, Step, SubscriptionPlan
from flexsync.snapshot import Account, Snapshot
from flexsync.state import Person, State
from tests.support.states import AS_OF, CATALOGUE


class Lines:
    """Places by a fixed rule: the line is ten times the depth."""

    def where(self, path: Path) -> Where:
        return Where("clients/dupont.yaml", 10 * len(path), 1 + len(".".join(str(part) for part in path)))

    def layer(self, path: Path) -> str:
        return "clients/dupont.yaml"


@dataclass
class Known:
    """Secrets by reference; one that is not here is missing. `fresh` are the references with a new value."""

    values: tuple[str, ...] = ("env:A", "env:B")
    fresh: tuple[str, ...] = ()

    def missing(self, reference: str) -> str:
        return "" if reference in self.values else f"{reference.partition(':')[2]} is not set"

    def changed(self, reference: str, fingerprint: str) -> bool:
        return reference in self.fresh


def accounts(*persons: Person, active: bool = True) -> dict[str, Account]:
    return {email_key(one.email): Account(email_key(one.email), one, active) for one in persons}


def wish(state: State, **fields: object) -> Desired:
    return replace(Desired(state, Policy(), Lines()), **fields)  # type: ignore[arg-type]


@dataclass
class Case:
    """Current and desired of one subscription, and what is known besides."""

    current: State | None
    desired: State | Desired
    applied: State | None = None
    facts: dict[str, str] = field(default_factory=dict)
    known: dict[str, Account] = field(default_factory=dict)
    secrets: Known = field(default_factory=Known)
    as_of: date = AS_OF

    @property
    def plan(self) -> SubscriptionPlan:
        desired = self.desired if isinstance(self.desired, Desired) else wish(self.desired)
        revision = 0 if self.current is None else 7
        applied = self.applied or self.current
        snapshot = Snapshot(desired.state.name, revision, self.current, applied, self.facts)
        return build(desired, snapshot, self.known, CATALOGUE, self.as_of, self.secrets)


def make(current: State | None, desired: State | Desired, **fields: object) -> SubscriptionPlan:
    return Case(current, desired, **fields).plan  # type: ignore[arg-type]


def whole(*plans: SubscriptionPlan, **fields: object) -> Plan:
    binding = Binding("store-1", AS_OF, "catalogue-1", "0.1")
    return replace(Plan(binding, plans, checked=len(plans)), **fields)  # type: ignore[arg-type]


def kinds(plan: SubscriptionPlan) -> list[str]:
    """Each step as `kind subject`, `?` before what waits and `!` before what is refused."""
    return [f"{_mark(step)}{step.change.kind} {step.change.subject}" for step in plan.steps]


def codes(plan: SubscriptionPlan, subject: str) -> list[str]:
    """The block codes of the steps about `subject`."""
    return [block.code for step in plan.steps if step.change.subject == subject for block in step.blocks]


def step(plan: SubscriptionPlan, kind: str) -> Step:
    """The one step of a kind."""
    (found,) = [each for each in plan.steps if each.change.kind == kind]
    return found


def _mark(step: Step) -> str:
    return "" if step.ready else "!" if step.refused else "?"
