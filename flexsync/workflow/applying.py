"""apply: a Plan, agreed to, carried out.

In: a fresh Plan, and the saved one when it was reviewed before. Out: the outcomes. It decides nothing
about States; `flexsync.apply` writes them.
"""

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from random import SystemRandom

from flexsync.apply import Outcome, Report, Strongbox, Tools, apply_all, sets_password
from flexsync.clock import Clock
from flexsync.errors import Exit, PlanUnusable, Refused, StoreUnavailable, worst
from flexsync.plan.file import differences, plan_digest
from flexsync.plan.model import Plan, SubscriptionPlan
from flexsync.policy.approval import acting, standing
from flexsync.secrets import Secrets
from flexsync.workflow.desk import Desk
from flexsync.workflow.digesting import digested
from flexsync.workflow.interrupting import interruptible
from flexsync.workflow.keeping import keys_if_any
from flexsync.workflow.stores import existing, writing


@dataclass(frozen=True, slots=True)
class Applied:
    """A run that ended: its report, and whether somebody interrupted it before all was done."""

    report: Report
    interrupted: bool


def check_saved(saved: Plan, fresh: Plan) -> None:
    """Raise PlanUnusable, with every difference, unless `fresh` is what was reviewed."""
    found = differences(saved, fresh)
    if found:
        lines = "\n".join(f"  {line}" for line in found)
        raise PlanUnusable(f"The plan is stale; nothing was applied. Since it was made:\n{lines}\nPlan again.")


def check_limits(plan: Plan) -> None:
    """Raise Refused when a limit of the run is exceeded."""
    if plan.trips:
        raise Refused("\n".join(["Nothing was applied.", *(trip.message for trip in plan.trips)]))


def to_apply(plan: Plan, approved_by: Collection[str] = ()) -> list[SubscriptionPlan]:
    """The subscriptions with something to do or to note that no limit refuses, and no policy."""
    held = {finding.subscription for finding in standing(plan.findings, approved_by)}
    return [
        one for one in plan.subscriptions if (one.ready or one.settles) and not one.refused and one.name not in held
    ]


@dataclass(frozen=True, slots=True)
class Mandate:
    """Who answers for a run, who allowed what a policy asks an approver for, and which command it is.

    A `saved` plan is recorded as used.
    """

    actor: str
    approved_by: tuple[str, ...] = ()
    saved: bool = False
    command: str = "apply"


def apply(
    desk: Desk,
    plan: Plan,
    secrets: Secrets,
    clock: Clock,
    mandate: Mandate,
    *,
    on_outcome: Callable[[Outcome], None] = lambda outcome: None,
) -> Applied:
    """Carry out `plan` in its store; the usual one is created when it is missing, one that was named is not.

    Raises PlanUnusable when a saved plan was used before, LockHeld when another run holds one of its
    subscriptions.
    """
    once = plan_digest(plan) if mandate.saved else ""
    opened = existing if desk.store_named else writing
    with opened(desk.store_url, clock) as store, interruptible() as interrupted:
        who, plans = acting(mandate.actor, mandate.approved_by), to_apply(plan, mandate.approved_by)
        tools = _tools(desk, plans, secrets)
        run = store.begin_run(mandate.command, actor=who, commit=plan.binding.commit, plan_digest=once)
        report = apply_all(store, plans, run, tools, on_outcome=on_outcome, stop=lambda: bool(interrupted))
        # A store that fails now has told so in the report, which must not be lost for a mail.
        with suppress(StoreUnavailable):
            digested(store, plan, report, desk.mail.operators)
    return Applied(report, bool(interrupted) and len(report.outcomes) < len(plans))


def _tools(desk: Desk, plans: Sequence[SubscriptionPlan], secrets: Secrets) -> Tools:
    """The tools of apply; the key is asked for, and made where it may be, only when a shared password is set."""
    box = Strongbox(secrets, SystemRandom())
    if sets_password(plans):
        keys, why = keys_if_any(desk.portal.key_reference, secrets, desk.store_url)
        box = replace(box, keys=keys, why=why)
    return Tools(desk.fleet.catalogue, box, desk.as_of)


def exit_of(plan: Plan, applied: Applied | None, approved_by: Collection[str] = ()) -> Exit:
    """The exit code of an apply: the worst of what the plan and the outcomes say."""
    if applied and applied.interrupted:
        return Exit.INTERRUPTED
    codes: set[Exit] = {Exit.INVALID} if plan.invalid else set()
    if plan.refused:
        codes.add(Exit.REFUSED)
    if standing(plan.findings, approved_by):
        codes.add(Exit.POLICY)
    if applied:
        codes |= _codes(applied.report.outcomes)
        codes |= {applied.report.trouble.exit} if applied.report.trouble else set()
    return worst(codes)


def _codes(outcomes: tuple[Outcome, ...]) -> set[Exit]:
    """Each failure's own code when all failed; PARTIAL beside it when some did not."""
    failed: set[Exit] = {outcome.exit for outcome in outcomes if outcome.exit != Exit.DONE}
    some_done = any(outcome.exit == Exit.DONE for outcome in outcomes)
    if failed and some_done:
        failed.add(Exit.PARTIAL)
    return failed
