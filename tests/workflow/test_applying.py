"""How a run ends: what was done is told, and the exit code is that of the worst."""

import os
import signal
from datetime import date

import pytest

from flexsync.apply import Outcome, Report
from flexsync.clock import FixedClock
from flexsync.errors import Exit, worst
from flexsync.plan.model import Plan
from flexsync.secrets import Secrets
from flexsync.store.base import Run
from flexsync.store.sql import open_store
from flexsync.workflow.applying import Applied, Mandate, apply, exit_of
from flexsync.workflow.desk import Order, open_desk
from flexsync.workflow.planning import plan
from tests.support.commands import EXAMPLES
from tests.support.plans import whole
from tests.support.stored import NOON


def ended(*outcomes: Outcome) -> Applied:
    return Applied(Report(Run("1", "claire", "here", "apply", NOON), outcomes), interrupted=False)


@pytest.mark.parametrize(
    ("outcomes", "code"),
    [
        ([Outcome("a", "failed", exit=Exit.FAILED)], Exit.FAILED),
        ([Outcome("a", "failed", exit=Exit.FAILED), Outcome("b", "applied")], Exit.PARTIAL),
        ([Outcome("a", "applied")], Exit.DONE),
    ],
)
def test_a_failed_apply_is_no_success(outcomes, code):
    assert exit_of(whole(), ended(*outcomes)) == code


def test_a_failure_of_any_kind_is_the_worst_when_nothing_else_is():
    assert worst({Exit.FAILED}) == Exit.FAILED
    assert worst({Exit.FAILED, Exit.REFUSED}) == Exit.REFUSED


@pytest.mark.parametrize("left", [0, 1])
def test_a_signal_interrupts_a_run_only_when_something_is_left(left, sqlite_url, tmp_path):
    clock = FixedClock(NOON)
    order = Order(str(EXAMPLES / "guide"), sqlite_url, date(2013, 2, 15))
    desk = open_desk(order, clock)
    secrets = Secrets(tmp_path, {"FLEX_QUIROULE_EFILING": "correct horse"})
    with open_store(sqlite_url, create=False, clock=clock) as store:
        made: Plan = plan(desk, store, secrets)
    (one,) = made.subscriptions
    made = whole(*[one] * (1 + left))
    done = apply(
        desk, made, secrets, clock, Mandate("claire"), on_outcome=lambda outcome: os.kill(os.getpid(), signal.SIGINT)
    )
    assert [outcome.status for outcome in done.report.outcomes] == ["applied"]
    assert exit_of(made, done) == (Exit.INTERRUPTED if left else Exit.DONE)
