"""What a store is asked and what it answers: small frozen values.

Names of subscriptions, texts of addresses and digests are plain text; instants are UTC.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, Protocol

from flexsync.errors import StoreUnavailable
from flexsync.snapshot import Invitation, Snapshot
from flexsync.state import Person, State

RunResult = Literal["running", "done", "partial", "refused", "failed", "interrupted", "abandoned"]
Purpose = Literal["", "activation", "reset", "confirm_email"]


class Chance(Protocol):
    """A source of random choices, such as `random.SystemRandom()`; tests give a seeded one."""

    def choices(self, population: Sequence[str], *, k: int) -> list[str]:
        """`k` of `population`, with repeats."""
        ...

    def randbytes(self, n: int, /) -> bytes:
        """`n` random bytes."""
        ...


class Conflict(StoreUnavailable):
    """Two transactions crossed and this one was rolled back whole; trying again is safe."""


@dataclass(frozen=True, slots=True)
class Head:
    """The narrow row of a subscription; two equal digests mean that nobody used the portal since the last apply."""

    name: str
    revision: int
    digest: str
    applied_digest: str
    status: str
    source: str
    next_due: date | None


@dataclass(frozen=True, slots=True)
class Run:
    """One command that writes. `counts` has a number for each status of an outcome."""

    id: str
    actor: str
    host: str
    command: str
    started_at: datetime
    commit: str = ""
    plan_digest: str = ""
    ended_at: datetime | None = None
    result: RunResult = "running"
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lease:
    """The right of one run to write one subscription; `epoch` goes up when it is taken over."""

    subscription: str
    run: str
    taken_at: datetime
    until: datetime
    epoch: int


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """What one transaction did; `before` is the State it found, None when it registered the subscription."""

    operation: str
    subscription: str
    revision: int
    run: str
    at: datetime
    actor: str
    commit: str
    plan_digest: str
    steps: tuple[Mapping[str, Any], ...]
    before: State | None
    after_digest: str


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One mail to one person. `codes` are N1 to N15; `payload` is plain JSON data."""

    id: int
    dedup: str
    subscription: str
    run: str
    recipient: str
    language: str
    codes: tuple[str, ...]
    payload: Mapping[str, Any]
    purpose: Purpose
    invitation: int | None
    state: str
    attempts: int
    created_at: datetime
    next_at: datetime
    sent_at: datetime | None
    error: str


@dataclass(frozen=True, slots=True)
class Status:
    """What `status` shows of one subscription: its head, its snapshot, and what people did.

    `active` are the keys of accounts that have a password; `invitations` are those of the others, by account key.
    """

    head: Head
    snapshot: Snapshot
    active: frozenset[str]
    invitations: Mapping[str, Invitation]

    @property
    def activated(self) -> int:
        """How many of those who have a seat have chosen a password."""
        state = self.snapshot.current
        return sum(self.is_active(user.person) for user in state.present.values()) if state else 0

    def is_active(self, person: Person | None) -> bool:
        """True of somebody who has chosen a password."""
        return person is not None and person.key in self.active

    def invitation(self, person: Person | None) -> Invitation | None:
        """The newest invitation of somebody; None of who is active, or was never invited."""
        return self.invitations.get(person.key) if person else None


@dataclass(frozen=True, slots=True)
class Info:
    """A store in a few words; `counts` is rows by table."""

    id: str
    url: str
    schema: str
    created_at: datetime
    counts: Mapping[str, int]
