"""A run that failed or refused something tells the operators, once; one that went well does not."""

from dataclasses import replace

import pytest

from flexsync.apply import Report
from flexsync.errors import Exit
from flexsync.plan.model import Binding, Plan, Trip
from flexsync.workflow.digesting import digested
from tests.support.letters import read
from tests.support.stored import NOON, applied, atelier, brought, client, planned

OPERATORS = ("ops@morel.example", "Ops2@morel.example")
BINDING = Binding("store", NOON.date(), "c", "t")


def ended(store, *plans):
    """A run over `plans`: its plan and report."""
    report = applied(store, *plans)
    return Plan(BINDING, tuple(plans)), report


def failed(report: Report, name: str) -> Report:
    outcomes = [
        replace(one, status="failed", message="no password", exit=Exit.FAILED) if one.name == name else one
        for one in report.outcomes
    ]
    return replace(report, outcomes=tuple(outcomes))


def digests(store):
    return [row for row in store.outbox() if row.dedup.partition("/")[2].startswith("N14/run/")]


def test_a_run_that_went_well_tells_nobody(store):
    plan, report = ended(store, planned(store, atelier()))
    assert digested(store, plan, report, OPERATORS) == 0
    assert digests(store) == []


def test_a_failure_is_told_once_to_each_operator(store):
    plan, report = ended(store, planned(store, atelier()), planned(store, client(1, 1)))
    report = failed(report, "atelier")
    assert digested(store, plan, report, OPERATORS) == 2
    assert digested(store, plan, report, OPERATORS) == 0
    assert {row.recipient for row in digests(store)} == set(OPERATORS)


def test_the_digest_says_what_was_done_and_what_was_not(store):
    plan, report = ended(store, planned(store, atelier()), planned(store, client(1, 1)))
    digested(store, plan, failed(report, "atelier"), OPERATORS[:1])
    texts = read(digests(store)[0])
    assert texts.subject == "Bilan des opérations du jour"
    assert "atelier: no password" in texts.text
    assert report.run.id in texts.text


def test_a_refused_subscription_is_told(store):
    brought(store, atelier())
    plan, report = ended(store, planned(store, client(1, 1)))
    refused = replace(planned(store, atelier(seats=3)), trips=(Trip("each", "contract", 1, 0, "too much"),))
    plan = replace(plan, subscriptions=(*plan.subscriptions, refused))
    assert digested(store, plan, report, OPERATORS[:1]) == 1
    assert digests(store)[0].subscription == "atelier"


@pytest.mark.parametrize("operators", [()])
def test_without_operators_nobody_is_told(store, operators):
    plan, report = ended(store, planned(store, atelier()))
    assert digested(store, plan, failed(report, "atelier"), operators) == 0
