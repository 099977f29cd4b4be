"""The last look under the lock: seats, last people, dossiers; and the facts that a change leaves."""

from dataclasses import replace

import pytest

from flexsync.errors import Block
from flexsync.plan.change import Change
from flexsync.plan.model import Step
from flexsync.sealed import matches
from flexsync.snapshot import HOSTED_SINCE, ROTATION_DUE, SERVICE_IDENTIFIER, SERVICE_SECRET
from flexsync.state import Dossier, Product
from flexsync.store.tables import fact
from flexsync.store.transaction import Saved
from tests.support.stored import (
    LAURE,
    PAUL,
    VAT,
    ZOE,
    applied,
    atelier,
    brought,
    day,
    hosted,
    only,
    planned,
    snapshot_of,
    tools,
    user,
    with_user,
)
from tests.support.tables import dump

SERVED = atelier(services={"vat_filing": VAT})


def refused(store, plan) -> str:
    """The message of an apply that is refused and leaves every row as it was."""
    before = dump(store)
    outcome = only(applied(store, plan).outcomes)
    assert outcome.status == "refused"
    assert dump(store) == before
    return outcome.message


def test_a_seat_too_many_is_refused(store):
    brought(store, atelier(seats=2))
    message = refused(store, planned(store, with_user(atelier(seats=2), "zoe", user(ZOE))))
    assert message == "3 users for 2 seats: l.petit, p.martin, zoe. Remove one, or buy a seat first."


def test_a_subscription_over_its_seats_may_still_shrink(store):
    brought(store, atelier())
    brought(store, with_user(atelier(), "zoe", user(ZOE)))
    run = store.begin_run("contract", actor="vendor")
    over = with_user(atelier(seats=1), "zoe", user(ZOE))
    with store.transaction("atelier", run) as transaction:
        transaction.save(Saved(over, over, transaction.snapshot().facts, operation="fewer"))
    assert brought(store, with_user(over, "zoe", replace(user(ZOE), status="deactivated"))).status == "applied"
    assert "3 users for 1 seat" in refused(store, planned(store, over))


def test_fewer_seats_than_users_is_refused(store):
    brought(store, atelier())
    assert "2 users for 1 seat" in refused(store, planned(store, atelier(seats=1)))


def test_the_seats_of_a_product_count_too(store):
    capped = {"compta": Product(seats=1), "paye": Product()}
    brought(store, atelier(products=capped))
    users = {**atelier().users, "l.petit": user(LAURE, "compta", "paye")}
    assert "2 users of compta for 1 seat" in refused(store, planned(store, atelier(products=capped, users=users)))


def test_the_last_user_stays(store):
    brought(store, atelier())
    nobody = {key: replace(one, status="deactivated", access=()) for key, one in atelier().users.items()}
    assert "No user would remain" in refused(store, planned(store, atelier(users=nobody)))


def test_a_closed_subscription_needs_no_user(store):
    brought(store, atelier())
    nobody = {key: replace(one, status="deactivated", access=()) for key, one in atelier().users.items()}
    assert brought(store, atelier(users=nobody, status="closed")).status == "applied"
    assert only(store.heads()).status == "closed"


LOCAL = {"ALPHA": Dossier(retrieved_on=day("2026-11-24"))}


def back_home(**dossiers: Dossier):
    return replace(atelier(), products={**atelier().products, "compta": Product(dossiers=dossiers)})


@pytest.mark.parametrize(
    ("dossiers", "message"),
    [
        ({}, "compta: no dossier of compta is declared"),
        (
            {"ALPHA": Dossier()},
            "compta: dossier ALPHA is hosted since 25/11/2026, never retrieved. Retrieve it first.",
        ),
        (
            LOCAL,
            "compta: dossier ALPHA is hosted since 25/11/2026, last retrieved 24/11/2026. Retrieve it first.",
        ),
    ],
)
def test_data_comes_back_only_after_every_dossier_was_retrieved(store, dossiers, message):
    brought(store, hosted(atelier()))
    assert snapshot_of(store, "atelier").facts == {HOSTED_SINCE.format("compta"): "2026-11-25"}
    assert refused(store, planned(store, back_home(**dossiers))).startswith(message)


def test_a_dossier_that_is_still_online_is_not_forgotten(store):
    brought(store, hosted(atelier(), ALPHA=Dossier(), BETA=LOCAL["ALPHA"]))
    message = refused(store, planned(store, hosted(atelier(), BETA=LOCAL["ALPHA"])))
    assert "dossier ALPHA" in message
    assert "keep it declared until its retrieved_on is written" in message


def test_a_dossier_that_was_retrieved_may_be_forgotten(store):
    done = Dossier(retrieved_on=day("2026-11-25"))
    brought(store, hosted(atelier(), ALPHA=done, BETA=Dossier()))
    assert brought(store, hosted(atelier(), BETA=Dossier())).status == "applied"


def test_retrieved_data_comes_back_and_the_next_hosting_asks_for_a_new_retrieval(store):
    brought(store, hosted(atelier()))
    home = back_home(ALPHA=Dossier(retrieved_on=day("2026-11-25")))
    assert brought(store, home).status == "applied"
    assert snapshot_of(store, "atelier").facts == {}


def test_a_dossier_that_changes_between_plan_and_apply_is_not_lost(store):
    brought(store, hosted(atelier()))
    plan = planned(store, back_home(ALPHA=Dossier(retrieved_on=day("2026-11-25"))))
    row = {"subscription": "atelier", "name": "dossier/compta/ALPHA/changed_on", "value": "2026-11-26"}
    store.write(lambda connection: connection.execute(fact.insert().values(row)))
    assert "changed online on 26/11/2026" in refused(store, plan)


def test_an_activated_service_has_an_identifier_and_a_sealed_password(store):
    brought(store, SERVED)
    facts = snapshot_of(store, "atelier").facts
    sealed = facts[SERVICE_SECRET.format("vat_filing")]
    assert matches("correct horse", sealed)
    assert not matches("correct pony", sealed)
    assert "correct horse" not in str(dump(store))
    assert len(facts[SERVICE_IDENTIFIER.format("vat_filing")]) == 5


def test_the_identifier_of_a_service_is_kept_for_life(store):
    brought(store, SERVED)
    first = snapshot_of(store, "atelier").facts[SERVICE_IDENTIFIER.format("vat_filing")]
    brought(store, replace(SERVED, services={"vat_filing": replace(VAT, status="off")}))
    brought(store, SERVED)
    assert snapshot_of(store, "atelier").facts[SERVICE_IDENTIFIER.format("vat_filing")] == first


def test_a_service_whose_password_cannot_be_read_is_not_activated(store):
    plan = planned(store, SERVED)
    outcome = only(applied(store, plan, tools=tools(OTHER="correct horse")).outcomes)
    assert (outcome.status, outcome.message) == ("refused", "DUPONT is not set")
    assert store.snapshots(["atelier"]) == {}


def test_a_recipient_who_leaves_makes_a_rotation_due_until_it_is_done(store):
    brought(store, SERVED)
    left = with_user(SERVED, "p.martin", replace(user(PAUL), status="deactivated"))
    left = replace(left, services={"vat_filing": replace(VAT, recipients=("l.petit",))})
    told = {"secret": "env:DUPONT", "recipients": ["l.petit"], "left": ["p.martin"]}
    rotate = Step(Change("service.rotate_password", "service/vat_filing", {"secret": "env:DUPONT"}, told))
    held = replace(rotate, blocks=(Block("rotation", "put a new one in env:DUPONT"),))
    plan = planned(store, left)
    applied(store, replace(plan, steps=(*plan.steps, held)))
    assert snapshot_of(store, "atelier").facts[ROTATION_DUE.format("vat_filing")] == "p.martin"
    applied(store, replace(planned(store, left), steps=(rotate,)), tools=tools(DUPONT="battery staple"))
    facts = snapshot_of(store, "atelier").facts
    assert ROTATION_DUE.format("vat_filing") not in facts
    assert matches("battery staple", facts[SERVICE_SECRET.format("vat_filing")])


def test_bank_details_and_references_of_secrets_stay_out_of_mails(store):
    bank = replace(VAT, iban="FR7630006000011234567890189", bic="AGRIFRPP", creditor_id="FR72ZZZ123456")
    brought(store, atelier(services={"vat_filing": bank}))
    told = str([row.payload for row in store.outbox()])
    assert "vat_filing" in told
    for private in ("FR7630006000011234567890189", "AGRIFRPP", "FR72ZZZ123456", "env:DUPONT"):
        assert private not in told


def test_a_stored_seal_that_is_damaged_matches_nothing():
    assert not matches("correct horse", "")
    assert not matches("correct horse", "no seal")
