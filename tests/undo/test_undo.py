"""undo: every kind of change that has an inverse, taken back on both stores."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from flexsync.plan.change import Change
from flexsync.snapshot import HOSTED_SINCE
from flexsync.state import Admin, Company, Evidence, Product
from tests.support.stored import ANNE, LAURE, VAT, ZOE, applied, atelier, brought, planned, snapshot_of, user, with_user
from tests.support.undoing import (
    BACK,
    DAY,
    HOSTED,
    PENDING,
    RETRIEVED,
    SERVED,
    asked,
    edited,
    left,
    switched_off,
    take_back,
    way_back,
)

BASE = atelier()
HIRED = with_user(BASE, "zoe", user(ZOE, "paye"))
#: What was, what a run made of it, what undo leaves when that is not what was, what the files ask for then.
INVERSES = {
    "seats raised": (BASE, replace(BASE, seats=9), None, ["seats.raise"]),
    "seats lowered": (BASE, replace(BASE, seats=2), None, ["seats.lower"]),
    "offer upgraded": (replace(BASE, offer="flex"), BASE, None, ["offer.upgrade"]),
    "renewed": (
        replace(BASE, ends_on=date(2027, 1, 1)),
        replace(BASE, ends_on=date(2028, 1, 1)),
        None,
        ["subscription.renew"],
    ),
    "asserted": (BASE, replace(BASE, sirets_allowed=4), None, ["subscription.assert"]),
    "customer": (BASE, replace(BASE, company=Company("Dupont SARL")), None, ["subscription.update"]),
    "product added": (BASE, replace(BASE, products={**BASE.products, "gestion": Product()}), None, ["product.add"]),
    "product removed": (
        replace(BASE, products={**BASE.products, "gestion": Product()}),
        BASE,
        None,
        ["product.remove"],
    ),
    "edition": (
        BASE,
        replace(BASE, products={**BASE.products, "paye": Product("evolution")}),
        None,
        ["subscription.assert"],
    ),
    "admin updated": (
        BASE,
        replace(BASE, admin=Admin(replace(ANNE, family_name="Martin"))),
        None,
        ["admin.update"],
    ),
    "admin's address": (
        BASE,
        replace(BASE, admin=Admin(replace(ANNE, email="a.dupont@dupont.example"))),
        None,
        ["admin.change_email"],
    ),
    "hired": (BASE, HIRED, left(HIRED, "zoe"), ["user.reactivate", "access.grant"]),
    "left": (BASE, left(BASE, "l.petit"), None, ["user.deactivate"]),
    "came back": (left(BASE, "l.petit"), BASE, None, ["user.reactivate", "access.grant"]),
    "renamed": (BASE, edited(BASE, "l.petit", person=replace(LAURE, family_name="Grand")), None, ["user.update"]),
    "address": (
        BASE,
        edited(BASE, "l.petit", person=replace(LAURE, email="laure.petit@dupont.example")),
        None,
        ["user.change_email"],
    ),
    "dates": (BASE, edited(BASE, "l.petit", ends_on=date(2027, 3, 1)), None, ["user.schedule"]),
    "opted out": (BASE, edited(BASE, "l.petit", hosted_opt_out=True), None, ["hosted_opt_out.set"]),
    "opted in": (edited(BASE, "l.petit", hosted_opt_out=True), BASE, None, ["hosted_opt_out.clear"]),
    "granted": (BASE, edited(BASE, "l.petit", access=("compta", "paye")), None, ["access.grant"]),
    "revoked": (BASE, edited(BASE, "p.martin", access=("paye",)), None, ["access.revoke"]),
    "dossier": (HOSTED, RETRIEVED, None, ["dossier.record"]),
    "brought back": (RETRIEVED, BACK, None, ["data_mode.to_local"]),
    "requested": (
        BASE,
        replace(BASE, services={"vat_filing": PENDING}),
        switched_off(replace(BASE, services={"vat_filing": PENDING})),
        ["service.request"],
    ),
    "activated": (BASE, SERVED, switched_off(SERVED), ["service.activate"]),
    "pending to active": (
        replace(BASE, services={"vat_filing": PENDING}),
        replace(BASE, services={"vat_filing": replace(VAT, evidence={"form": Evidence(DAY)})}),
        None,
        ["service.activate"],
    ),
    "service updated": (
        SERVED,
        replace(SERVED, services={"vat_filing": replace(VAT, sirets=("73282932000017",))}),
        None,
        ["service.update"],
    ),
    "service off": (SERVED, switched_off(SERVED), None, ["service.deactivate"]),
}


@pytest.mark.parametrize("case", INVERSES)
def test_a_change_is_taken_back_and_the_files_ask_for_it_again(store, case):
    was, made, expected, again = INVERSES[case]
    brought(store, BASE)
    brought(store, was)
    brought(store, made)
    assert take_back(store).status == "applied"
    snapshot = snapshot_of(store, "atelier")
    assert snapshot.current == snapshot.applied == (expected or was)
    assert asked(store, made) == again
    assert store.check() == []


def test_a_replaced_administrator_who_can_log_in_is_put_back(store, activated):
    brought(store, BASE)
    brought(store, atelier("boulangerie", users={"zoe": user(ZOE, "compta")}))
    activated(ZOE)
    activated(ANNE)
    made = replace(BASE, admin=Admin(ZOE))
    brought(store, made)
    assert take_back(store).status == "applied"
    assert snapshot_of(store, "atelier").current == BASE
    assert asked(store, made) == ["admin.replace"]


def test_a_renamed_key_is_renamed_back(store):
    brought(store, BASE)
    users = {("paul" if key == "p.martin" else key): one for key, one in BASE.users.items()}
    move = Change("user.move_key", "user/paul", "p.martin", "paul")
    plan = replace(planned(store, BASE, move), desired=replace(BASE, users=users))
    applied(store, plan)
    assert set(snapshot_of(store, "atelier").current.users) == {"paul", "l.petit"}
    take_back(store)
    assert snapshot_of(store, "atelier").current == BASE


def test_data_that_went_online_comes_back_only_when_it_was_retrieved(store):
    brought(store, atelier())
    brought(store, HOSTED)
    found = way_back(store)
    (step,) = [one for one in found.plan.steps if one.change.kind == "data_mode.to_local"]
    assert [block.code for block in step.blocks] == ["dossiers"]
    assert HOSTED_SINCE.format("compta") in snapshot_of(store, "atelier").facts


def test_a_registration_is_taken_back_by_closing(store):
    brought(store, SERVED)
    found = way_back(store)
    assert found.lost[0].startswith("register")
    take_back(store)
    current = snapshot_of(store, "atelier").current
    assert (current.status, current.present, current.services["vat_filing"].status) == ("closed", {}, "off")


def test_a_closed_subscription_is_open_again(store):
    brought(store, BASE)
    gone = {key: replace(one, status="deactivated", access=()) for key, one in BASE.users.items()}
    brought(store, replace(BASE, status="closed", users=gone))
    take_back(store)
    assert snapshot_of(store, "atelier").current == BASE


def test_what_cannot_be_taken_back_is_said(store):
    brought(store, BASE)
    brought(store, left(BASE, "l.petit"))
    gone = with_user(BASE, "l.petit", replace(BASE.users["l.petit"], person=None, status="deleted", access=()))
    brought(store, replace(gone, seats=9))
    found = way_back(store)
    assert found.lost == ("delete l.petit: who it was is erased; add the person under a new key",)
    take_back(store)
    current = snapshot_of(store, "atelier").current
    assert (current.seats, current.users["l.petit"].status) == (4, "deleted")


def test_an_undo_can_be_undone(store):
    brought(store, BASE)
    brought(store, replace(BASE, seats=9))
    take_back(store)
    take_back(store)
    assert snapshot_of(store, "atelier").current == replace(BASE, seats=9)


def test_later_changes_of_other_things_stay(store, clock):
    brought(store, BASE)
    brought(store, edited(BASE, "l.petit", access=("compta", "paye")))
    run = store.history("atelier")[-1].run
    later = replace(edited(BASE, "l.petit", access=("compta", "paye"), ends_on=date(2027, 3, 1)), seats=9)
    brought(store, with_user(later, "zoe", user(ZOE, "paye")))
    clock.move(timedelta(hours=1))
    take_back(store, run=run)
    expected = with_user(edited(later, "l.petit", access=("paye",)), "zoe", user(ZOE, "paye"))
    assert snapshot_of(store, "atelier").current == expected


def test_an_undo_tells_the_people_it_concerns(store):
    brought(store, BASE)
    brought(store, HIRED)
    outcome = take_back(store)
    assert [step.change.kind for step in outcome.done] == ["user.deactivate"]
    assert {notice.code for step in outcome.done for notice in step.notices} == {"N5"}
