"""Judging: every rule asked of every step that apply would do.

In: plans and Rules of the trusted side. Out: Findings, in the order of plans, steps and rules. A rule
that cannot be decided for a step denies it: what nobody understands is not applied.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from flexsync.plan.limits import planned
from flexsync.plan.model import Finding, Step, SubscriptionPlan
from flexsync.policy.expression import Undecided
from flexsync.policy.items import item_of
from flexsync.policy.rules import Rule, Rules
from flexsync.state import canonical

#: Bounds of one run; beyond them steps are denied, not passed over.
MOST_SECONDS = 60.0
LARGEST_SIDE = 64 * 1024
#: Entries of one list or mapping: a rule may walk over them twice, one walk inside the other.
MOST_ENTRIES = 1_000

_PER_STEP = frozenset({"before", "after"})


def judge(
    plans: Sequence[SubscriptionPlan],
    rules: Rules,
    profiles: Mapping[str, tuple[str, ...]],
    ticks: Callable[[], float] = monotonic,
) -> tuple[Finding, ...]:
    """What the rules say of the ready steps of `plans`; `profiles` are those of each subscription."""
    if not rules.each:
        return ()
    judging = _Judging(rules.each, ticks, ticks() + MOST_SECONDS)
    counts = planned(plans)
    return tuple(
        finding
        for plan in plans
        for finding in judging.findings(plan, profiles.get(plan.name, ()), counts, planned([plan]))
    )


def judge_item(item: Mapping[str, Any], rules: Iterable[Rule]) -> tuple[Finding, ...]:
    """What `rules` say of one item that somebody wrote by hand."""
    found = (_asked(rule, item) for rule in rules)
    return tuple(finding for finding in found if finding)


@dataclass(slots=True)
class _Judging:
    """The rules with what they answered before: most steps of a fleet are alike."""

    rules: Sequence[Rule]
    ticks: Callable[[], float]
    deadline: float
    _answers: dict[tuple[Any, ...], Finding | None] = field(default_factory=dict)

    def findings(
        self, plan: SubscriptionPlan, profiles: tuple[str, ...], counts: Mapping[str, int], here: Mapping[str, int]
    ) -> Iterator[Finding]:
        """What the rules say of one subscription."""
        for step in plan.ready:
            item = item_of(step, plan, profiles, counts, here)
            found = (self._asked(rule, step, item) for rule in self.rules)
            yield from (finding for finding in found if finding)

    def _asked(self, rule: Rule, step: Step, item: Mapping[str, Any]) -> Finding | None:
        if self.ticks() > self.deadline:
            return _undecided(rule, item, f"the rules took more than {MOST_SECONDS:.0f} s; make them simpler")
        if _PER_STEP & set(rule.expression.variables):
            return _asked_within_size(rule, item)
        key = (rule.name, item["subscription"], *(_hashable(item[name]) for name in rule.expression.variables))
        if key not in self._answers:
            self._answers[key] = _asked(rule, item)
        answer = self._answers[key]
        return answer and _about(answer, item)


def _hashable(value: Any) -> Any:
    return value if isinstance(value, str) else canonical(value)


def _asked_within_size(rule: Rule, item: Mapping[str, Any]) -> Finding | None:
    if any(len(canonical(item[side])) > LARGEST_SIDE for side in _PER_STEP):
        return _undecided(rule, item, f"the step holds more than {LARGEST_SIDE} characters")
    if any(_most_entries(item[side]) > MOST_ENTRIES for side in _PER_STEP):
        return _undecided(rule, item, f"the step holds a list of more than {MOST_ENTRIES} entries")
    return _asked(rule, item)


def _most_entries(value: Any) -> int:
    """The length of the longest list or mapping in `value`, which is of bounded size."""
    if not isinstance(value, list | dict):
        return 0
    parts = value.values() if isinstance(value, dict) else value
    return max(len(value), *map(_most_entries, parts), 0)


def _asked(rule: Rule, item: Mapping[str, Any]) -> Finding | None:
    try:
        if not rule.expression.holds(item):
            return None
    except Undecided as why:
        return _undecided(rule, item, str(why))
    return _about(Finding(rule.name, rule.effect, rule.message, approvers=rule.approvers), item)


def _undecided(rule: Rule, item: Mapping[str, Any], why: str) -> Finding:
    message = f"the rule cannot be decided and so denies: {why}"
    return _about(Finding(rule.name, "deny", message), item)


def _about(finding: Finding, item: Mapping[str, Any]) -> Finding:
    return Finding(
        finding.policy,
        finding.effect,
        finding.message,
        item["subscription"],
        item["kind"],
        item["subject"],
        finding.approvers,
    )
