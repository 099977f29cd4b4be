"""The counts of a plan, and its summary line."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from flexsync.plan.change import KINDS
from flexsync.plan.model import Step

#: Always shown, also when there are none of them.
_FIXED = ("invite", "grant", "rename", "revoke", "deactivate", "data mode")


@dataclass(frozen=True, slots=True)
class Summary:
    """How many ready steps there are by word, how much drift, allowed or not, and what is held back and why."""

    counts: Counter[str]
    drift: int = 0
    waiting: int = 0
    blocked: int = 0
    allowed: int = 0

    def __str__(self) -> str:
        further = [word for word in dict.fromkeys(kind.count for kind in KINDS.values()) if word not in _FIXED]
        words = [*_FIXED, *(word for word in further if self.counts[word])]
        parts = [", ".join(f"{self.counts[word]} {word}" for word in words), f"{self.drift} drift"]
        parts += [f"{self.allowed} allowed"] if self.allowed else []
        parts += [f"{self.waiting} waiting"] if self.waiting else []
        return "Plan: " + "; ".join([*parts, f"{self.blocked} blocked"])


def summary(steps: Iterable[Step]) -> Summary:
    """The Summary of `steps`; a step is counted once: as drift, as allowed, as waiting, as blocked, or by its word."""
    counts: Counter[str] = Counter()
    held: Counter[str] = Counter()
    for step in steps:
        if step.ready:
            counts[step.kind.count] += 1
        elif step.allowed:
            held["allowed"] += 1
        elif _is_drift(step):
            held["drift"] += 1
        else:
            held["blocked" if step.refused else "waiting"] += 1
    return Summary(counts, held["drift"], held["waiting"], held["blocked"], held["allowed"])


def _is_drift(step: Step) -> bool:
    return step.waiting and any(block.cause == "drift" for block in step.blocks)
