"""Facts of resolve: what the files and the store make together, on a day."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from flexsync.desired.model import Desired
from flexsync.desired.resolve import resolve
from flexsync.snapshot import Snapshot
from flexsync.state import Dossier, Evidence, Person, Product, Service, State, User
from tests.support.catalogues import builtin
from tests.support.subscriptions import GONE, RIGHT, PathPlaces, edited

AS_OF = date(2013, 6, 15)
CATALOGUE = builtin()
OLD = User(Person("monsieur", "Jean", "Ancien", "jean@dupont.example"), access=("compta",))


def settled(
    edits: dict[str, Any] | None = None,
    current: State | None = None,
    as_of: date = AS_OF,
    applied: State | None = None,
) -> Desired:
    snapshot = Snapshot("atelier-dupont", 1 if current else 0, current, applied)
    return resolve(edited(edits or {}), PathPlaces(), snapshot, CATALOGUE, as_of)


def state(edits: dict[str, Any] | None = None, current: State | None = None, as_of: date = AS_OF) -> State:
    return settled(edits, current, as_of).state


CURRENT = state()


def codes(desired: Desired) -> list[str]:
    return [problem.code for problem in desired.problems]


def with_user(key: str, user: User) -> State:
    return replace(CURRENT, users={**CURRENT.users, key: user})


def test_a_new_subscription_has_all_that_the_files_say():
    assert (CURRENT.offer, CURRENT.seats, CURRENT.sirets_allowed) == ("ultraflex", 4, 3)
    assert set(CURRENT.users) == {"admin", "p.martin", "l.petit", "s.noel"}
    assert CURRENT.products["compta"] == Product("evolution", "hosted", dossiers={"DUPONT": Dossier("Atelier Dupont")})
    assert CURRENT.products["paye"] == Product("standard", "local")


def test_hosting_is_never_a_service():
    assert set(CURRENT.services) == {"vat_filing", "sepa_payments"}


def test_nothing_changes_when_the_store_has_it_already():
    again = settled(current=CURRENT)
    assert again.state == CURRENT
    assert not again.moves


def test_the_administrators_seat_opens_everything_unless_told_otherwise():
    assert CURRENT.users["admin"].access == ("compta", "gestion_commerciale", "paye")
    assert state({"admin/access": ["paye"]}).users["admin"].access == ("paye",)


def test_without_also_user_the_administrators_seat_ends():
    assert "admin" not in state({"admin/also_user": False}).users
    assert state({"admin/also_user": False}, CURRENT).users["admin"].status == "deactivated"


def test_access_may_be_omitted_when_there_is_one_product():
    one = state({"products": {"compta": {}}, "users": {"p": {**RIGHT["users"]["p.martin"], "access": None}}})
    assert one.users["p"].access == ("compta",)


def test_a_user_comes_on_the_first_day_and_goes_the_day_after_the_last():
    first, last = date(2013, 6, 1), date(2013, 9, 30)
    day = timedelta(days=1)
    assert "s.noel" not in state(as_of=first - day).users
    assert state(as_of=first).users["s.noel"].status == "present"
    assert state(as_of=last).users["s.noel"].status == "present"
    assert "s.noel" not in state(as_of=last + day).users
    assert state(current=CURRENT, as_of=last + day).users["s.noel"].status == "deactivated"


def test_a_user_whose_first_day_moves_ahead_leaves_until_then():
    assert state({"users/p.martin/starts_on": "2013-07-01"}, CURRENT).users["p.martin"].status == "deactivated"


def test_a_leaver_keeps_identity_and_dates_and_loses_access():
    gone = state({"users/s.noel": GONE}, CURRENT).users["s.noel"]
    assert gone == replace(CURRENT.users["s.noel"], status="deactivated", access=())


def test_next_due_is_the_next_day_on_which_a_date_matters():
    assert settled(as_of=date(2013, 5, 1)).next_due == date(2013, 6, 1)
    assert settled(as_of=date(2013, 6, 1)).next_due == date(2013, 10, 1)
    assert settled(as_of=date(2013, 10, 1)).next_due is None


def test_a_service_ends_after_its_own_last_day():
    edits = {"services/sepa_payments/ends_on": "2013-06-14"}
    assert state(edits, CURRENT).services["sepa_payments"].status == "off"
    assert state(edits, CURRENT, date(2013, 6, 14)).services["sepa_payments"].status == "active"


def test_an_omitted_user_section_is_left_alone():
    desired = settled({"users": GONE}, with_user("old", OLD))
    assert desired.state.users["old"] == OLD
    assert desired.unmanaged == ("l.petit", "old", "p.martin", "s.noel")


def test_an_empty_user_section_means_nobody():
    users = state({"users": {}}, CURRENT).users
    assert [key for key, user in users.items() if user.status == "present"] == ["admin"]


def test_pruning_may_only_report():
    desired = settled({"policy/prune_users": "report"}, with_user("old", OLD))
    assert desired.state.users["old"] == OLD
    assert desired.unmanaged == ("old",)


def test_users_nobody_manages_still_count_as_seats():
    assert codes(settled({"policy/prune_users": "report"}, with_user("old", OLD))) == ["seats"]


def test_users_nobody_manages_lose_a_product_that_goes():
    edits = {"users": GONE, "products": {"gestion_commerciale": {}}, "services": {}, "admin/also_user": False}
    assert state(edits, with_user("old", OLD)).users["old"].access == ()


def test_omitted_services_are_left_alone_and_named_ones_that_vanish_are_off():
    assert state({"services": GONE}, CURRENT).services == CURRENT.services
    off = state({"services/sepa_payments": GONE}, CURRENT).services["sepa_payments"]
    assert off == replace(CURRENT.services["sepa_payments"], status="off")
    assert state({"services/sepa_payments/enabled": False}, CURRENT).services["sepa_payments"] == off


def test_a_service_that_nobody_switched_stays_as_it_is():
    edits = {"services/sepa_payments/enabled": GONE}
    assert "sepa_payments" not in state(edits).services
    assert codes(settled(edits)) == ["not-enabled"]
    assert state(edits, CURRENT).services["sepa_payments"].status == "active"


def test_what_the_files_omit_is_kept():
    edits = {"customer_code": GONE, "company": GONE, "ends_on": GONE, "sirets_allowed": GONE}
    edits |= {"products/compta/edition": GONE, "products/compta/dossiers": GONE}
    assert state(edits, CURRENT) == CURRENT


def test_data_is_local_when_nothing_is_said():
    assert state({"products/compta/data_mode": GONE}, CURRENT).products["compta"].data_mode == "local"


def test_declared_dossiers_are_the_list_and_keep_a_recorded_retrieval():
    recorded = Dossier("Atelier Dupont", date(2013, 6, 1), "Anne")
    compta = replace(CURRENT.products["compta"], dossiers={"DUPONT": recorded, "OLD": Dossier("Old")})
    stored = replace(CURRENT, products={**CURRENT.products, "compta": compta})
    assert state(current=stored).products["compta"].dossiers == {"DUPONT": recorded}


def test_hosted_opt_out_is_not_managed_when_omitted():
    stored = with_user("p.martin", replace(CURRENT.users["p.martin"], hosted_opt_out=True))
    assert state(current=stored).users["p.martin"].hosted_opt_out is True
    assert state({"users/p.martin/hosted_opt_out": False}, stored).users["p.martin"].hosted_opt_out is False


def test_a_filing_service_waits_for_its_papers():
    desired = settled({"services/vat_filing/prerequisites": GONE})
    assert desired.state.services["vat_filing"].status == "pending"
    assert desired.missing == {"vat_filing": ("tax_office_form",)}
    assert settled().missing == {}


def test_somebodys_word_replaces_the_date():
    proof = {"tax_office_form": {"acknowledged_by": "Anne Dupont"}}
    assert state({"services/vat_filing/prerequisites": proof}).services["vat_filing"].status == "active"


def test_an_active_service_stays_active_and_its_missing_paper_is_told():
    vat = replace(CURRENT.services["vat_filing"], evidence={"tax_office_form": Evidence()})
    stored = replace(CURRENT, services={**CURRENT.services, "vat_filing": vat})
    desired = settled({"services/vat_filing/prerequisites": GONE}, stored)
    assert desired.state.services["vat_filing"].status == "active"
    assert codes(desired) == ["evidence"]


def test_who_loses_the_seat_is_no_longer_a_recipient():
    kept = {"services/vat_filing/recipients": GONE, "users/p.martin": GONE}
    assert state(kept, CURRENT).services["vat_filing"].recipients == ()


def test_a_secret_is_a_reference():
    assert CURRENT.services["vat_filing"].secret == "env:FLEX_DUPONT_EFILING"
    edits = {"services/vat_filing/password_from": {"file": "secrets/vat"}}
    assert state(edits, CURRENT).services["vat_filing"].secret == "file:secrets/vat"


def test_a_former_key_moves_with_all_that_hangs_on_it():
    users = {key: user for key, user in CURRENT.users.items() if key != "p.martin"}
    vat = replace(CURRENT.services["vat_filing"], recipients=("paul",))
    stored = replace(
        CURRENT,
        users={**users, "paul": replace(CURRENT.users["p.martin"], hosted_opt_out=True)},
        services={**CURRENT.services, "vat_filing": vat},
    )
    desired = settled({"users/p.martin/previously": ["paul"], "services/vat_filing/recipients": GONE}, stored)
    assert desired.moves == {"paul": "p.martin"}
    assert "paul" not in desired.state.users
    assert desired.state.users["p.martin"].hosted_opt_out is True
    assert desired.state.services["vat_filing"].recipients == ("p.martin",)
    assert codes(desired) == []


def test_a_former_key_nobody_knows_is_an_error_until_the_key_itself_is_known():
    edits = {"users/new": {**RIGHT["users"]["p.martin"], "email": "n@dupont.example", "previously": ["who"]}}
    edits |= {"users/s.noel": GONE, "users/p.martin": GONE}
    assert codes(settled(edits, CURRENT)) == ["previously"]
    assert codes(settled(edits, state(edits))) == []
    assert codes(settled(edits)) == []


def test_one_key_cannot_become_another_person():
    edits = {"users/p.martin/given_name": "Zoé", "users/p.martin/email": "zoe@dupont.example"}
    assert codes(settled(edits, CURRENT)) == ["other-person"]
    assert codes(settled({"users/p.martin/given_name": "Zoé"}, CURRENT)) == []
    assert codes(settled({"users/p.martin/email": "zoe@dupont.example"}, CURRENT)) == []


def test_somebody_who_changed_their_own_name_and_email_in_the_portal_is_nobody_else():
    paul = CURRENT.users["p.martin"]
    moved = with_user(
        "p.martin", replace(paul, person=replace(paul.person, family_name="Durand", email="pd@x.example"))
    )
    assert codes(settled({}, moved, applied=CURRENT)) == []
    zoe = {"users/p.martin/given_name": "Zoé", "users/p.martin/email": "zoe@dupont.example"}
    assert codes(settled(zoe, moved, applied=CURRENT)) == ["other-person"]
    key = {"users/p.durand": {**RIGHT["users"]["p.martin"], "previously": ["p.martin"]}, "users/p.martin": GONE}
    assert codes(settled(key, moved, applied=CURRENT)) == []


def test_deletion_takes_two_runs_and_leaves_a_tombstone():
    edits = {"users/s.noel/state": "deleted"}
    first = state(edits, CURRENT)
    assert first.users["s.noel"].status == "deactivated"
    second = state(edits, first)
    assert second.users["s.noel"] == User(None, "deleted")
    assert state(edits, second) == second
    assert state({"users/s.noel": GONE}, second).users["s.noel"] == User(None, "deleted")


def test_a_deleted_key_is_never_used_again():
    assert codes(settled(current=with_user("s.noel", User(None, "deleted")))) == ["deleted-key"]


def test_a_deleted_user_who_never_was_is_nothing():
    assert "s.noel" not in state({"users/s.noel/state": "deleted"}).users


def test_closed_means_nobody_nothing_and_local():
    closed = state({"state": "closed"}, CURRENT)
    assert closed.status == "closed"
    assert closed.present == {}
    assert {service.status for service in closed.services.values()} == {"off"}
    assert {product.data_mode for product in closed.products.values()} == {"local"}
    assert state({"state": "closed"}, closed) == closed


def test_an_end_that_is_near_is_told():
    near = settled(as_of=date(2014, 1, 25), edits={"services/vat_filing/enabled": True})
    (problem,) = [problem for problem in near.problems if problem.code == "ends-soon"]
    assert problem.severity == "warning"
    assert "2014-02-01 (7 days)" in problem.message
    assert "compta (hosted)" in problem.message
    assert "ends-soon" not in codes(settled(as_of=date(2014, 1, 1)))
    assert "ended" in codes(settled(as_of=date(2014, 2, 2)))


def test_more_sirets_than_the_contract_in_the_store_allows_is_an_error():
    stored = replace(CURRENT, sirets_allowed=2)
    assert codes(settled({"sirets_allowed": GONE}, stored)) == ["sirets-allowed"]


def test_not_same_person_settles_a_rename_question():
    assert settled({"users/p.martin/not_same_person": True}).settled == {"p.martin"}


def test_order_of_lists_that_mean_sets_does_not_matter():
    sirets = list(reversed(RIGHT["services"]["vat_filing"]["sirets"]))
    edits = {"services/vat_filing/sirets": sirets, "users/p.martin/access": ["gestion_commerciale", "compta"]}
    assert state(edits) == CURRENT


def test_services_of_the_store_that_the_files_never_named_are_off():
    stored = replace(CURRENT, services={**CURRENT.services, "payroll_filing": Service("active")})
    assert state(current=stored).services["payroll_filing"].status == "off"
