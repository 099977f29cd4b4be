"""policies: what the policies of the fleet say of a plan, for those who review it.

In: the findings of a plan. Out: visible text, not yet escaped for any format. It judges nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from flexsync.plan.change import KINDS
from flexsync.plan.model import Finding, Plan
from flexsync.text import visible

_SIGNS = {"deny": "!", "require_approver": "?", "warn": "~"}
_WORDS = {"deny": "denied", "require_approver": "needs approval", "warn": "policy"}


@dataclass(frozen=True, slots=True)
class Ruling:
    """One sentence of one policy, and the subscriptions of each step that it is said of."""

    finding: Finding
    steps: Mapping[str, tuple[str, ...]]

    @property
    def subscriptions(self) -> tuple[str, ...]:
        """Where it is said of anything."""
        return tuple(dict.fromkeys(name for names in self.steps.values() for name in names))


def refusing(plan: Plan) -> list[Finding]:
    """What keeps steps from being applied: denials, then what needs an approval."""
    stops = (finding for finding in plan.findings if finding.effect != "warn")
    return sorted(stops, key=lambda finding: finding.effect != "deny")


def warning(plan: Plan) -> list[Finding]:
    """What policies only point out."""
    return [finding for finding in plan.findings if finding.effect == "warn"]


def rulings(findings: Iterable[Finding]) -> Iterator[Ruling]:
    """Findings that say the same, together; in the order of the first."""
    same: dict[tuple[object, ...], list[Finding]] = defaultdict(list)
    for one in findings:
        same[one.policy, one.effect, one.message, one.approvers].append(one)
    for alike in same.values():
        steps: dict[str, list[str]] = defaultdict(list)
        for one in alike:
            steps[about(one)].append(one.subscription)
        yield Ruling(alike[0], {what: tuple(names) for what, names in steps.items()})


def sign(finding: Finding) -> str:
    """The sign in the first column."""
    return _SIGNS[finding.effect]


def word(finding: Finding) -> str:
    """`denied`, `needs approval`, `policy`."""
    return _WORDS[finding.effect]


def approvers(finding: Finding) -> str:
    """Whose approval is wanted, any one of them: `e.aubert or c.morel`; empty when nobody's is."""
    return visible(" or ".join(finding.approvers))


def about(finding: Finding) -> str:
    """The step in a few words: `grant s.vidal/paye`."""
    kind = KINDS.get(finding.kind)
    subject = finding.subject.partition("/")[2]
    return visible(f"{kind.words} {subject}".rstrip() if kind else finding.subject)


def sentence(finding: Finding) -> str:
    """All of it on one line: `grant s.vidal/paye needs approval of e.aubert: Payroll is hers (policy payroll)`."""
    of = f" of {approvers(finding)}" if finding.approvers else ""
    ruled = "" if finding.effect == "warn" else f" {word(finding)}{of}"
    return f"{about(finding)}{ruled}: {visible(finding.message)} (policy {visible(finding.policy)})"
