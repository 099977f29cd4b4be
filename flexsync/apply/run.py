"""A run over many subscriptions: leases, containment, and an end that is always written down.

In: plans and a begun run. Out: a Report. A bad subscription never stops the others.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from flexsync.apply.subscription import Outcome, apply_subscription
from flexsync.apply.writing import Tools
from flexsync.errors import Exit, FlexsyncError, LockHeld, StoreUnavailable
from flexsync.plan.model import SubscriptionPlan
from flexsync.store.base import Run, RunResult
from flexsync.store.leases import DURATION
from flexsync.store.sql import Store
from flexsync.text import shorten


@dataclass(frozen=True, slots=True)
class Report:
    """A run that ended, its outcomes in order, and what kept it from going on or from being written down."""

    run: Run
    outcomes: tuple[Outcome, ...]
    trouble: FlexsyncError | None = None


def apply_all(
    store: Store,
    plans: Sequence[SubscriptionPlan],
    run: Run,
    tools: Tools,
    *,
    on_outcome: Callable[[Outcome], None] = lambda outcome: None,
    stop: Callable[[], bool] = lambda: False,
) -> Report:
    """Apply `plans` one after the other, whatever becomes of each, and end the run.

    `stop` is asked before each subscription. Raises LockHeld, with nothing written, when another run
    holds one of them. A store that fails ends the run, since nothing else could be written either.
    """
    outcomes: list[Outcome] = []
    try:
        store.lease([plan.name for plan in plans], run)
        trouble = _each(store, plans, run, tools, outcomes, on_outcome, stop)
    except FlexsyncError:
        _end(store, run, "failed", outcomes)
        raise
    except BaseException:
        _end(store, run, "interrupted", outcomes)
        raise
    result = "failed" if trouble else _result(outcomes, len(plans))
    ended, late = _end(store, run, result, outcomes)
    return Report(ended, tuple(outcomes), trouble or late)


def _each(
    store: Store,
    plans: Sequence[SubscriptionPlan],
    run: Run,
    tools: Tools,
    outcomes: list[Outcome],
    on_outcome: Callable[[Outcome], None],
    stop: Callable[[], bool],
) -> FlexsyncError | None:
    """Add an outcome for each plan; what kept the run from going on, if anything did."""
    try:
        for plan in _while_held(store, plans, run, stop):
            outcomes.append(_contained(store, plan, run, tools))
            on_outcome(outcomes[-1])
            if outcomes[-1].exit == Exit.UNAVAILABLE:
                break
    except (LockHeld, StoreUnavailable) as error:
        return error
    return None


def _while_held(
    store: Store, plans: Sequence[SubscriptionPlan], run: Run, stop: Callable[[], bool]
) -> Iterator[SubscriptionPlan]:
    """Plans until `stop`, with the leases renewed well before they end."""
    renewed = store.clock.now()
    for plan in plans:
        if stop():
            return
        if store.clock.now() - renewed > DURATION / 3:
            store.renew(run)
            renewed = store.clock.now()
        yield plan


def _end(store: Store, run: Run, result: RunResult, outcomes: list[Outcome]) -> tuple[Run, FlexsyncError | None]:
    """Write down how the run ended; a store that cannot take it hides nothing of what was done before."""
    counts: Counter[str] = Counter(outcome.status for outcome in outcomes)
    try:
        return store.end_run(run, result, counts), None
    except StoreUnavailable as error:
        return replace(run, result=result, counts=counts), error


def _result(outcomes: Sequence[Outcome], planned: int) -> RunResult:
    if any(outcome.exit == Exit.UNAVAILABLE for outcome in outcomes):
        return "failed"
    if len(outcomes) < planned:
        return "interrupted"
    found = {outcome.status for outcome in outcomes}
    bad = found & {"refused", "failed"}
    if not bad:
        return "done"
    if found != bad:
        return "partial"
    return "failed" if "failed" in bad else "refused"


def _contained(store: Store, plan: SubscriptionPlan, run: Run, tools: Tools) -> Outcome:
    """The outcome of one subscription; whatever goes wrong stays within it."""
    try:
        return apply_subscription(store, plan, run, tools)
    except FlexsyncError as error:
        return _failed(plan, str(error), error.exit)
    except Exception as error:
        # A defect of ours in one client must not keep the others waiting.
        return _failed(plan, f"unexpected {type(error).__name__}: {shorten(str(error), 200)}", Exit.FAILED)


def _failed(plan: SubscriptionPlan, message: str, code: Exit) -> Outcome:
    return Outcome(plan.name, "failed", plan.revision, waiting=plan.steps, message=message, exit=code)
