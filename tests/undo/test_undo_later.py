"""undo beside what was done since: conflicts are named, drift stays drift."""

from dataclasses import replace
from datetime import date

import pytest

from flexsync.plan.change import Change
from flexsync.state import Admin
from tests.support.stored import (
    ANNE,
    LAURE,
    PAUL,
    VAT,
    ZOE,
    applied,
    atelier,
    brought,
    planned,
    snapshot_of,
    user,
    with_user,
)
from tests.support.undoing import SERVED, edited, left, take_back, way_back

BASE = atelier()
HIRED = with_user(BASE, "zoe", user(ZOE, "paye"))
CONFLICTS = {
    "seats": (replace(BASE, seats=9), replace(BASE, seats=8), "seats lowered: since then seats lowered"),
    "hire": (HIRED, edited(HIRED, "zoe", ends_on=date(2027, 1, 1)), "deactivate zoe: since then reschedule zoe"),
    "access": (
        edited(BASE, "l.petit", access=("compta", "paye")),
        left(edited(BASE, "l.petit", access=("compta", "paye")), "l.petit"),
        "revoke compta from l.petit: since then deactivate l.petit",
    ),
    "service": (
        SERVED,
        replace(SERVED, services={"vat_filing": replace(VAT, sirets=("73282932000017",))}),
        "switch off vat_filing: since then update vat_filing",
    ),
    "admin": (
        replace(BASE, admin=Admin(replace(ANNE, given_name="Annie"))),
        replace(BASE, admin=Admin(replace(ANNE, given_name="Annie", family_name="Blanc"))),
        "update administrator: since then update administrator",
    ),
    "name": (
        edited(BASE, "l.petit", person=replace(LAURE, family_name="Grand")),
        edited(BASE, "l.petit", person=replace(LAURE, family_name="Grand", email="laure.petit@dupont.example")),
        "update l.petit: since then change e-mail l.petit",
    ),
}


@pytest.mark.parametrize("case", CONFLICTS)
def test_what_changed_since_is_named_and_refused(store, case):
    made, since, words = CONFLICTS[case]
    brought(store, BASE)
    brought(store, made)
    run = store.history("atelier")[-1].run
    brought(store, since)
    found = way_back(store, run=run)
    assert found.plan is None
    assert any(line.startswith(words) for line in found.conflicts), found.conflicts


def test_what_is_as_it_was_before_is_no_conflict_and_has_nothing_to_undo(store):
    brought(store, BASE)
    brought(store, replace(left(BASE, "l.petit"), seats=9))
    run = store.history("atelier")[-1].run
    brought(store, replace(BASE, seats=9))
    assert [step.change.kind for step in way_back(store, run=run).plan.steps] == ["seats.lower"]
    take_back(store, run=run)
    found = way_back(store, run=run)
    assert (found.conflicts, found.plan.steps) == ((), ())


def test_drift_beside_an_undo_stays_drift(store):
    from flexsync.store.transaction import Saved

    brought(store, BASE)
    brought(store, replace(BASE, seats=9))
    drifted = replace(edited(BASE, "p.martin", person=replace(PAUL, family_name="Martin")), seats=9)
    run = store.begin_run("portal", actor="paul")
    with store.transaction("atelier", run) as transaction:
        snapshot = transaction.snapshot()
        transaction.save(Saved(drifted, snapshot.applied, snapshot.facts, operation="portal-1"))
    store.end_run(run, "done", {})
    take_back(store, run=store.history("atelier")[1].run)
    snapshot = snapshot_of(store, "atelier")
    assert snapshot.current == replace(drifted, seats=4)
    assert snapshot.applied == BASE


def test_a_proposed_address_is_withdrawn_by_the_undo_of_its_own_run_alone(store, activated):
    brought(store, BASE)
    activated(LAURE)
    proposed = Change("user.propose_email", "user/l.petit", LAURE.email, "laure.petit@dupont.example")
    plan = planned(store, BASE, proposed)
    applied(store, plan)
    run = store.history("atelier")[-1].run
    brought(store, replace(BASE, seats=9))
    assert [step.change.kind for step in way_back(store).plan.steps] == ["seats.lower"]
    assert [step.change.kind for step in way_back(store, run=run).plan.steps] == ["user.withdraw_email"]
    take_back(store, run=run)
    assert not any("proposed_email" in name for name in snapshot_of(store, "atelier").facts)
