"""Seats along the steps, renames that must be settled, and what the portal did."""

from dataclasses import replace
from datetime import date

import pytest

from flexsync.plan.facts import facts_after
from flexsync.state import Dossier, Evidence, Product, Service
from tests.support.plans import Case, accounts, codes, kinds, make, step, wish
from tests.support.states import AS_OF, departed, person, state, user

HERE = state()
FULL = state(seats=1)
ANNA = HERE.users["anna"]
FILING = Service("active", ("1",), ("anna",), {"tax_office_form": Evidence(AS_OF)}, "env:A")
GONE = {"anna": departed(ANNA)}


def test_the_only_user_of_one_seat_is_swapped_as_a_pair():
    plan = make(FULL, replace(FULL, users={**GONE, "zoe": user("zoe")}))
    assert kinds(plan) == ["user.deactivate user/anna", "user.create user/zoe"]
    assert [one.pair for one in plan.steps] == ["user/zoe", "user/anna"]


def test_a_newcomer_takes_a_free_seat_before_that_of_a_leaver():
    plan = make(HERE, replace(HERE, users={**GONE, "zoe": user("zoe")}))
    assert [one.pair for one in plan.steps] == ["", ""]


def test_who_has_the_seats_is_told_when_only_the_store_knows():
    current = replace(FULL, users={"anna": ANNA})
    plan = make(current, wish(replace(FULL, users={"anna": ANNA, "zoe": user("zoe")}), unmanaged=("anna",)))
    assert kinds(plan) == ["!user.create user/zoe"]
    assert "1 of 1 used by anna (not managed)" in plan.steps[0].blocks[0].message


def test_seats_are_not_lowered_below_those_in_use():
    two = replace(HERE, users={"anna": ANNA, "bruno": user("bruno")})
    assert codes(make(two, replace(two, seats=1)), "subscription") == ["seats"]


def test_a_product_with_a_cap_is_not_opened_to_more():
    capped = replace(HERE, products={"compta": replace(HERE.products["compta"], seats=1)})
    plan = make(capped, replace(capped, users={"anna": ANNA, "zoe": user("zoe", "compta")}))
    assert kinds(plan) == ["user.create user/zoe", "!access.grant access/zoe/compta"]


def test_the_last_user_is_not_deactivated():
    plan = make(HERE, replace(HERE, users=GONE))
    assert plan.steps[0].blocks[0].message == (
        "Deactivating anna would leave no user. Add the successor in the same change."
    )


def test_the_last_user_stays_when_the_successor_is_blocked():
    known = accounts(person("zoe", family="Autre"))
    plan = make(FULL, replace(FULL, users={**GONE, "zoe": user("zoe")}), known=known)
    assert kinds(plan) == ["!user.deactivate user/anna", "!user.link user/zoe"]


@pytest.mark.parametrize(
    "newcomer",
    [
        person("zoe", email="ANNA@dupont.example"),
        replace(ANNA.person, email="else@x.example"),
        person("zoe", email="anna@new-domain.example"),
    ],
    ids=["same address", "same names", "same local part"],
)
def test_a_leaver_beside_somebody_alike_is_a_question(newcomer):
    desired = replace(HERE, users={**GONE, "zoe": replace(user("zoe", "compta"), person=newcomer)})
    plan = make(HERE, desired)
    assert codes(plan, "user/anna") == codes(plan, "user/zoe") == ["rename"]
    assert codes(plan, "access/zoe/compta") == ["depends"]
    assert "previously: [anna]" in plan.steps[0].blocks[0].message
    assert "not_same_person: true" in plan.steps[0].blocks[0].message
    assert all(one.ready for one in make(HERE, wish(desired, settled=frozenset({"zoe"}))).steps)


class TestDrift:
    PORTAL = replace(HERE, users={"anna": replace(ANNA, person=replace(ANNA.person, email="new@dupont.example"))})

    def test_is_reported_and_nothing_is_done(self):
        plan = make(self.PORTAL, HERE, applied=HERE)
        assert plan.steps[0].cause == "drift"
        assert kinds(plan) == ["?user.change_email user/anna"]
        assert "policy.drift is report" in plan.steps[0].blocks[0].message

    def test_is_undone_when_the_policy_says_so(self):
        desired = wish(HERE)
        plan = make(self.PORTAL, replace(desired, policy=replace(desired.policy, drift="revert")), applied=HERE)
        assert [one.ready for one in plan.steps] == [True]

    def test_waits_for_the_files_when_they_are_to_follow(self):
        desired = wish(HERE)
        plan = make(self.PORTAL, replace(desired, policy=replace(desired.policy, drift="adopt")), applied=HERE)
        assert "flexsync adopt" in plan.steps[0].blocks[0].message

    def test_beside_a_change_of_the_same_in_the_files_is_a_conflict(self):
        third = replace(HERE, users={"anna": replace(ANNA, person=replace(ANNA.person, email="third@dupont.example"))})
        plan = make(self.PORTAL, third, applied=HERE)
        assert (plan.steps[0].cause, plan.steps[0].refused) == ("conflict", True)

    def test_does_not_taint_what_the_files_changed(self):
        plan = make(self.PORTAL, replace(HERE, seats=4), applied=HERE)
        assert {one.change.kind: one.cause for one in plan.steps} == {
            "seats.raise": "intent",
            "user.change_email": "drift",
        }

    def test_of_a_user_made_in_the_portal_is_drift_and_not_conflict(self):
        extra = replace(HERE, users={"anna": ANNA, "bruno": user("bruno")})
        plan = make(extra, replace(HERE, users={"anna": ANNA, "bruno": departed(user("bruno"))}), applied=HERE)
        assert step(plan, "user.deactivate").cause == "drift"

    @pytest.mark.parametrize("before", [{}, {"vat_filing": replace(FILING, status="off")}])
    def test_of_a_service_switched_on_in_the_portal_is_drift_although_the_store_keeps_its_details(self, before):
        asked = replace(HERE, services={"vat_filing": replace(FILING, sirets=("2",), status="off")})
        portal = replace(HERE, services={"vat_filing": replace(FILING, sirets=("2",))})
        assert step(make(portal, asked, applied=replace(HERE, services=before)), "service.deactivate").cause == "drift"

    def test_of_recipients_is_drift_where_the_files_say_nothing_of_the_rest(self):
        applied = replace(HERE, services={"vat_filing": replace(FILING, status="pending", evidence={})})
        portal = replace(HERE, services={"vat_filing": replace(FILING, recipients=())})
        plan = make(portal, replace(HERE, services={"vat_filing": FILING}), applied=applied)
        assert step(plan, "service.update").cause == "drift"

    def test_of_one_paper_is_no_conflict_with_another_that_the_files_date(self):
        sent = {name: Evidence(sent_on=date(2013, 1, day)) for name, day in (("portal", 2), ("files", 3))}
        applied, portal, asked = (
            replace(HERE, services={"vat_filing": replace(FILING, status="pending", evidence=papers)})
            for papers in ({}, {"portal": sent["portal"]}, sent)
        )
        assert step(make(portal, asked, applied=applied), "service.update").cause == "intent"
        both = replace(
            HERE, services={"vat_filing": replace(FILING, status="pending", evidence={"portal": sent["files"]})}
        )
        assert step(make(portal, both, applied=applied), "service.update").cause == "conflict"

    def test_of_a_retrieval_holds_back_nothing_that_forgets_it_as_data_goes_online(self):
        day = date(2013, 6, 15)

        def compta(mode, retrieved_on=None):
            product = Product(data_mode=mode, dossiers={"A": Dossier("A", retrieved_on)})
            return replace(HERE, products={**HERE.products, "compta": product})

        plan = make(compta("local", day), compta("hosted"), applied=compta("local"))
        assert [(one.change.kind, one.cause, one.ready) for one in plan.steps] == [
            ("dossier.record", "intent", True),
            ("data_mode.to_hosted", "intent", True),
        ]

    def test_of_recipients_whom_the_files_move_too_is_a_conflict(self):
        applied = replace(HERE, services={"vat_filing": FILING})
        portal, asked = (
            replace(HERE, services={"vat_filing": replace(FILING, recipients=who)}) for who in ((), ("x",))
        )
        assert step(make(portal, asked, applied=applied), "service.update").cause == "conflict"

    def test_of_hosted_data_is_left_alone_before_anybody_asks_for_its_dossiers(self):
        online = replace(HERE, products={**HERE.products, "compta": Product(data_mode="hosted")})
        plan = make(online, replace(HERE, products={**HERE.products, "compta": Product()}), applied=HERE)
        assert kinds(plan) == ["?data_mode.to_local product/compta"]


def test_an_announced_leaver_is_not_counted_by_limits_but_a_backdated_one_is():
    last = date(2013, 6, 14)
    two = {"bruno": user("bruno")}
    known = replace(HERE, users={**two, "anna": replace(ANNA, ends_on=last)})
    gone = replace(HERE, users={**two, "anna": replace(departed(ANNA), ends_on=last)})
    assert make(known, gone).steps[0].limit == ""
    assert make(replace(HERE, users={**two, "anna": ANNA}), gone).steps[0].limit == "deactivate"


def test_facts_follow_a_proposed_address_and_a_renamed_key():
    new = replace(ANNA, person=replace(ANNA.person, email="a@dupont.example"))
    case = Case(HERE, replace(HERE, users={"anna": new}), known=accounts(ANNA.person))
    assert facts_after(case.plan, case.facts, AS_OF) == {"user/anna/proposed_email": "a@dupont.example"}
    desired = wish(replace(HERE, users={"a.test": ANNA}), moves={"anna": "a.test"})
    moved = Case(HERE, desired, facts={"user/anna/x": "1"})
    assert facts_after(moved.plan, moved.facts, AS_OF) == {"user/anna/x": None, "user/a.test/x": "1"}
