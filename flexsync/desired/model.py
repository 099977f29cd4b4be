"""What the files ask for one subscription, settled before anything is compared."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal, Protocol

from flexsync.errors import Problem, Where
from flexsync.state import State

Path = tuple[str | int, ...]


class Places(Protocol):
    """Knows where each value of a subscription was written."""

    def where(self, path: Path) -> Where:
        """Place of the value at `path`, or of its nearest ancestor that was written."""
        ...

    def layer(self, path: Path) -> str:
        """The layer that gave it: `built-in`, `defaults`, `profile X`, `people`, or a file name."""
        ...


@dataclass(frozen=True, slots=True)
class Allowed:
    """Drift that is known and left alone: `subject` is a pattern, `until` the last day."""

    subject: str
    reason: str
    until: date


@dataclass(frozen=True, slots=True)
class Policy:
    """How flexsync behaves for one subscription; `drift_allowed` is the part of the fleet's list that is about it."""

    prune_users: Literal["report", "deactivate"] = "deactivate"
    drift: Literal["report", "revert", "adopt"] = "report"
    invitations: Literal["on_create", "manual"] = "on_create"
    invitation_days: int = 14
    invitation_attempts: int = 3
    invitation_pause_hours: int = 24
    drift_allowed: tuple[Allowed, ...] = ()

    @property
    def pause(self) -> timedelta:
        """How long somebody who was mailed an invitation is left alone (I40)."""
        return timedelta(hours=self.invitation_pause_hours)


@dataclass(frozen=True, slots=True)
class Desired:
    """The desired State with all that a plan needs to know about it.

    `moves` are settled renames, old key to new; `settled` are keys declared `not_same_person`;
    `unmanaged` are present users that the files leave alone; `missing` says, by service, which
    evidence is still lacking; `next_due` is the first later day on which the State may differ;
    `problems` are found by comparing with the current State, and warnings.
    """

    state: State
    policy: Policy
    places: Places
    moves: Mapping[str, str] = field(default_factory=dict)
    settled: frozenset[str] = frozenset()
    unmanaged: tuple[str, ...] = ()
    missing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    next_due: date | None = None
    problems: tuple[Problem, ...] = ()
