"""How commands ask, carry out a plan, and tell what became of it."""

import sys
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from flexsync.cli.options import Look, Who
from flexsync.errors import Refused

if TYPE_CHECKING:
    from flexsync.plan.model import Plan
    from flexsync.workflow.applying import Applied, Mandate
    from flexsync.workflow.desk import Desk


def allowed(plan: "Plan", who: Who) -> int:
    """How many subscriptions may be applied; raises Refused over a limit, WrongCommand for an unknown approver."""
    from flexsync.policy.approval import check_approvers
    from flexsync.workflow.applying import check_limits, to_apply

    check_approvers(plan.findings, who.approved_by)
    check_limits(plan)
    return len(to_apply(plan, who.approved_by))


def agree(
    agreed: bool,
    question: str,
    *,
    nothing: str = "nothing was applied",
    otherwise: str = "Add --yes, or apply a saved plan.",
) -> None:
    """Ask on a terminal; elsewhere somebody has to have said yes. Raises Refused when nobody did."""
    if agreed:
        return
    if not sys.stdin.isatty():
        raise Refused(f"There is no terminal to ask on; {nothing}. {otherwise}")
    if not click.confirm(question, default=False):
        raise Refused(f"{nothing.capitalize()}.")


def carry_out(desk: "Desk", plan: "Plan", mandate: "Mandate", look: Look) -> "Applied":
    """Apply `plan` under a progress bar, and tell what became of it."""
    from flexsync.cli.output import progress, say
    from flexsync.cli.parts import CLOCK, secrets_of
    from flexsync.workflow.applying import apply, to_apply

    with progress("Applying", len(to_apply(plan, mandate.approved_by)), quiet=look.quiet) as advance:
        done = apply(desk, plan, secrets_of(desk), CLOCK, mandate, on_outcome=lambda outcome: advance(1))
    say(_outcome_lines(done))
    return done


def _outcome_lines(done: "Applied") -> Iterator[str]:
    for outcome in done.report.outcomes:
        if outcome.message:
            yield f"{outcome.name}: {outcome.status}: {outcome.message}"
    counts = Counter(outcome.status for outcome in done.report.outcomes)
    told = ", ".join(
        f"{counts[status]} {status}" for status in ("applied", "unchanged", "refused", "failed") if counts[status]
    )
    yield f"Run {done.report.run.id}: {told or 'nothing applied'}"
    if done.report.trouble:
        yield f"The run could not end as it should: {done.report.trouble}"
    if done.interrupted:
        yield "Interrupted after the subscription in hand; what remains is in the next plan."
