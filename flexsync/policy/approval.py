"""Approval: which findings still stand in the way of an apply.

In: findings, and the names of those who approved. Out: what is not allowed. Who may speak for a name is
settled by whoever runs apply; the names go into the journal.
"""

from collections.abc import Collection, Iterable, Sequence

from flexsync.errors import WrongCommand
from flexsync.plan.model import Finding
from flexsync.text import did_you_mean, shorten


def standing(findings: Iterable[Finding], approved_by: Collection[str]) -> tuple[Finding, ...]:
    """The findings that keep a subscription from being applied."""
    return tuple(finding for finding in findings if _stands(finding, approved_by))


def _stands(finding: Finding, approved_by: Collection[str]) -> bool:
    if finding.effect == "require_approver":
        return not set(finding.approvers) & set(approved_by)
    return finding.effect == "deny"


def check_approvers(findings: Iterable[Finding], approved_by: Sequence[str]) -> None:
    """Raise WrongCommand for a name that no rule of the plan asks: it would be written down for nothing."""
    asked = sorted({name for finding in findings for name in finding.approvers})
    for name in approved_by:
        if name not in asked:
            known = f" Asked: {', '.join(map(shorten, asked))}." if asked else " No rule asks for an approver."
            near = did_you_mean(name, asked)
            raise WrongCommand(f'--approved-by "{shorten(name)}" is no approver of this plan.{near}{known}')


def acting(actor: str, approved_by: Sequence[str]) -> str:
    """The actor of the run as the journal names it."""
    return f"{actor}, approved by {', '.join(sorted(set(approved_by)))}" if approved_by else actor
