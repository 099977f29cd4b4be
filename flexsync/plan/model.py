"""Plan: frozen, ordered, serialisable; what is reviewed, limited, saved, and applied is this value.

A Plan says what would be done and why some of it would not. It holds no State and no document.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from flexsync.errors import Block, Problem, Where
from flexsync.plan.change import KINDS, Change, Kind
from flexsync.state import State

Cause = Literal["intent", "drift", "conflict"]
Effect = Literal["deny", "warn", "require_approver"]

#: Blocks that only time, evidence or somebody else's act can lift; they refuse nothing.
WAITING = frozenset(
    {
        "confirmation", "evidence", "secret", "rotation", "drift", "drift-allowed", "manual",
        "unanswered", "undelivered", "too-soon",
    }
)  # fmt: skip

#: The head of a plan of a change, when it is the files as they are on disk.
WORKTREE = "worktree"

#: How the identity of a store begins that was not created yet.
NOT_MADE = "new:"

#: What a plan of a change (`Binding.base` is not empty) cannot know; every rendering says so.
UNSEEN = "Secrets count as there; dossiers, accounts and e-mail confirmations are checked at apply."


@dataclass(frozen=True, slots=True)
class Notice:
    """A mail that a step will cause: the notice's code (N1 to N15) and the address it goes to."""

    code: str
    to: str
    language: str = "fr"


@dataclass(frozen=True, slots=True)
class Step:
    """A Change with its reasons: cause, place in the files, notices, and what blocks it.

    `pair` is the subject of the step with which it swaps one seat, or may be one person (`rename`):
    the two are shown together. `limit` is
    the class that limits count it under, empty for a leaver whose announced day has come and for what
    the closing of a subscription brings with it.
    """

    change: Change
    cause: Cause = "intent"
    where: Where | None = None
    layer: str = ""
    notices: tuple[Notice, ...] = ()
    blocks: tuple[Block, ...] = ()
    pair: str = ""
    limit: str = ""

    @property
    def kind(self) -> Kind:
        """The row of the table of kinds."""
        return KINDS[self.change.kind]

    @property
    def entry(self) -> dict[str, Any]:
        """What the journal keeps of it, as plain data."""
        change = self.change
        sides = {"before": change.before, "after": change.after}
        return {"kind": change.kind, "subject": change.subject, **sides, "cause": self.cause}

    @property
    def ready(self) -> bool:
        """True when apply would do it."""
        return not self.blocks

    @property
    def allowed(self) -> bool:
        """True of drift that the fleet's list allows: nothing is done, and nothing is asked."""
        return any(block.code == "drift-allowed" for block in self.blocks)

    @property
    def refused(self) -> bool:
        """True when a guard says no, which somebody must settle in the files."""
        return any(block.cause not in WAITING for block in self.blocks)

    @property
    def waiting(self) -> bool:
        """True when it is held back, and only by what nobody has to settle in the files."""
        return bool(self.blocks) and not self.refused


@dataclass(frozen=True, slots=True)
class Trip:
    """A limit that is exceeded: `planned` of `population` changes of a class, `bound` in words.

    `total` is what the whole run plans of that class, which is the number that lifts the limit;
    `acknowledged` is the number that somebody gave, None when nobody did.
    """

    limit: str
    planned: int
    population: int
    bound: str
    scope: Literal["each", "fleet"]
    total: int = 0
    acknowledged: int | None = None

    @property
    def message(self) -> str:
        """What is refused and how to allow exactly that."""
        scope = "one subscription" if self.scope == "each" else "the run"
        share = f" of {self.population}" if self.population else ""
        told = "" if self.acknowledged is None else f"; acknowledged {self.acknowledged}, planned {self.total}"
        return (
            f"{self.limit}: {self.planned}{share} planned, the limit for {scope} is {self.bound}{told}; "
            f"if that is meant, add --ack {self.limit}={self.total}"
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """What a policy of the fleet says of one step: who may allow it is in `approvers`."""

    policy: str
    effect: Effect
    message: str
    subscription: str = ""
    kind: str = ""
    subject: str = ""
    approvers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SubscriptionPlan:
    """The steps of one subscription at one revision, and the seats before and after them.

    `population` counts what exists now, by limit class. `digest` stands for the desired State;
    `desired` is that State, there for apply in the same run, neither compared nor saved. It `settles`
    when the files have come to agree with what somebody did in the portal. It `invites` unless
    invitations are sent by hand.
    """

    name: str
    revision: int
    digest: str
    steps: tuple[Step, ...] = ()
    seats: int = 0
    occupied: int = 0
    occupied_after: int = 0
    unmanaged: tuple[str, ...] = ()
    trips: tuple[Trip, ...] = ()
    population: Mapping[str, int] = field(default_factory=dict)
    settles: bool = False
    next_due: date | None = None
    invitation_days: int = 14
    invites: bool = True
    desired: State | None = field(default=None, compare=False, repr=False)

    @property
    def ready(self) -> tuple[Step, ...]:
        """The steps that apply would do."""
        return tuple(step for step in self.steps if step.ready)

    @property
    def held(self) -> tuple[Step, ...]:
        """The steps that apply would not do."""
        return tuple(step for step in self.steps if not step.ready)

    @property
    def refused(self) -> bool:
        """True when a limit refuses the subscription, so that none of it is applied."""
        return bool(self.trips)


@dataclass(frozen=True, slots=True)
class Binding:
    """What a plan was made from; apply compares every field.

    A plan that compares two revisions of the files with each other names them in `base` and `head`;
    both are empty when the files were compared with a store. A way back names in `undoes` the run that
    it takes back, and in `edits` the digest of the matching edit of the files, empty when they are kept.
    """

    store: str
    as_of: date
    catalogue: str
    tool: str
    commit: str = ""
    limits: str = ""
    policies: str = ""
    acks: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    base: str = ""
    head: str = ""
    undoes: str = ""
    edits: str = ""

    @property
    def change(self) -> str:
        """Which revisions are compared, in short: `3f2a91c..worktree`; empty for a comparison with a store."""
        head = self.head if self.head == WORKTREE else self.head[:7]
        return f"{self.base[:7]}..{head}" if self.base else ""

    @property
    def from_nothing(self) -> bool:
        """True when the store was not created yet, so that everything counts as new."""
        return self.store.startswith(NOT_MADE)


@dataclass(frozen=True, slots=True)
class Plan:
    """All subscriptions with steps, all problems, all refusals; `checked` counts those looked at.

    `findings` are what the policies say of the ready steps.
    """

    binding: Binding
    subscriptions: tuple[SubscriptionPlan, ...] = ()
    problems: tuple[Problem, ...] = ()
    trips: tuple[Trip, ...] = ()
    orphans: tuple[str, ...] = ()
    checked: int = 0
    findings: tuple[Finding, ...] = ()

    @property
    def steps(self) -> Iterator[Step]:
        """Every step, subscription by subscription."""
        return (step for subscription in self.subscriptions for step in subscription.steps)

    @property
    def refused(self) -> bool:
        """True when a limit or guard refuses any of it."""
        limited = self.trips or any(subscription.trips for subscription in self.subscriptions)
        return bool(limited) or any(step.refused for step in self.steps)

    @property
    def denied(self) -> bool:
        """True when a policy denies any of it."""
        return any(finding.effect == "deny" for finding in self.findings)

    @property
    def invalid(self) -> bool:
        """True when some files cannot be used."""
        return any(problem.fatal for problem in self.problems)

    @property
    def unplanned(self) -> tuple[str, ...]:
        """Subscriptions of which no step is known, because their files cannot be used."""
        stopped = {problem.subscription for problem in self.problems if problem.fatal and problem.subscription}
        return tuple(sorted(stopped - {one.name for one in self.subscriptions}))

    @property
    def empty(self) -> bool:
        """True when apply would do nothing."""
        return not any(step.ready for step in self.steps)
