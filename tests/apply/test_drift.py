"""Apply beside somebody who uses the portal: what they changed stays visible as drift."""

from dataclasses import replace

import pytest

from flexsync.errors import Block
from flexsync.plan.change import ORDER
from flexsync.plan.diff import diff
from flexsync.plan.model import Step, SubscriptionPlan
from flexsync.state import digest, to_plain
from flexsync.store.transaction import Saved
from tests.support.stored import LAURE, PAUL, ZOE, applied, atelier, brought, only, snapshot_of, user, with_user
from tests.support.tables import dump

RANKS = {"flex": 1, "ultraflex": 2}
DRIFT = Block("drift", "somebody used the portal")
RENAMED = replace(PAUL, family_name="Martin")
DRIFTED = with_user(atelier(), "p.martin", user(RENAMED, "compta", "paye"))


@pytest.fixture
def drifted(store):
    """A store in which Paul changed his family name in the portal."""
    brought(store, atelier())
    run = store.begin_run("portal", actor="paul")
    with store.transaction("atelier", run) as transaction:
        snapshot = transaction.snapshot()
        transaction.save(Saved(DRIFTED, snapshot.applied, snapshot.facts, operation="portal-1"))
    store.end_run(run, "done", {})
    return store


def plan_of(store, desired, blocked: str = "") -> SubscriptionPlan:
    snapshot = snapshot_of(store, "atelier")
    changes = sorted(diff(snapshot.current, desired, RANKS), key=lambda one: (ORDER[one.kind], one.subject))
    steps = tuple(Step(one, blocks=(DRIFT,) if one.subject == blocked else ()) for one in changes)
    return SubscriptionPlan("atelier", snapshot.revision, digest(to_plain(desired)), steps, desired=desired)


def test_drift_shows_as_two_digests(drifted):
    head = only(drifted.heads())
    assert (head.revision, head.digest != head.applied_digest) == (2, True)
    assert drifted.check() == []


def test_other_changes_are_applied_and_drift_stays_drift(drifted):
    desired = with_user(atelier(), "zoe", user(ZOE, "paye"))
    only(applied(drifted, plan_of(drifted, desired, blocked="user/p.martin")).outcomes)
    snapshot = snapshot_of(drifted, "atelier")
    assert snapshot.current == with_user(DRIFTED, "zoe", user(ZOE, "paye"))
    assert snapshot.applied == desired
    assert [one.subject for one in diff(snapshot.applied, snapshot.current, RANKS)] == ["user/p.martin"]


def test_reported_drift_alone_writes_nothing(drifted):
    before = dump(drifted)
    outcome = only(applied(drifted, plan_of(drifted, atelier(), blocked="user/p.martin")).outcomes)
    assert (outcome.status, len(outcome.waiting)) == ("unchanged", 1)
    assert dump(drifted) == before


def test_adopted_drift_is_drift_no_more_and_mails_nobody(drifted):
    mails = len(drifted.outbox())
    outcome = only(applied(drifted, plan_of(drifted, DRIFTED)).outcomes)
    assert (outcome.status, outcome.done) == ("applied", ())
    head = only(drifted.heads())
    assert head.digest == head.applied_digest
    assert len(drifted.outbox()) == mails
    before = dump(drifted)
    assert only(applied(drifted, plan_of(drifted, DRIFTED)).outcomes).status == "unchanged"
    assert dump(drifted) == before


def test_reverted_drift_is_gone(drifted):
    applied(drifted, plan_of(drifted, atelier()))
    snapshot = snapshot_of(drifted, "atelier")
    assert snapshot.current == snapshot.applied == atelier()


def test_a_held_change_does_not_count_as_applied_while_there_is_drift(drifted):
    desired = with_user(with_user(atelier(), "zoe", user(ZOE, "paye")), "l.petit", user(LAURE, "compta", "paye"))
    plan = plan_of(drifted, desired, blocked="user/p.martin")
    held = [replace(step, blocks=(DRIFT,)) if "zoe" in step.change.subject else step for step in plan.steps]
    applied(drifted, replace(plan, steps=tuple(held)))
    assert snapshot_of(drifted, "atelier").applied == with_user(atelier(), "l.petit", user(LAURE, "compta", "paye"))
