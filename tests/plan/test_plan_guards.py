"""What a Change must wait for, and in which words it is told."""

from dataclasses import replace
from datetime import date

import pytest

from flexsync.state import Dossier, Product, Service, User
from tests.support.plans import Known, accounts, codes, kinds, make, step, wish
from tests.support.states import departed, person, state, user

HERE = state()
VAT = Service("active", ("73282932000074",), ("anna",), secret="env:A")


def hosted(*dossiers, empty=None):
    return replace(HERE, products={"compta": Product("evolution", "hosted", None, dict(dossiers), empty)})


def local(*dossiers, empty=None):
    return replace(HERE, products={"compta": Product("evolution", "local", None, dict(dossiers), empty)})


@pytest.mark.parametrize(
    ("dossier", "facts", "words"),
    [
        (Dossier("D"), {}, "dossier D is online, never retrieved"),
        (
            Dossier("D", date(2013, 1, 5)),
            {"dossier/compta/D/changed_on": "2013-01-12"},
            "dossier D changed online on 12/01/2013, last retrieved 05/01/2013",
        ),
        (Dossier("D", date(2013, 1, 5)), {"product/compta/hosted_since": "2013-02-01"}, "is hosted since 01/02/2013"),
        (
            Dossier("D", date(2013, 1, 5)),
            {"dossier/compta/OTHER/changed_on": "2013-01-01"},
            "dossier OTHER changed online on 01/01/2013, never retrieved",
        ),
    ],
)
def test_data_does_not_come_back_before_each_dossier_was_retrieved(dossier, facts, words):
    plan = make(hosted(("D", Dossier("D"))), local(("D", dossier)), facts=facts)
    held = step(plan, "data_mode.to_local")
    assert held.refused
    assert words in held.blocks[0].message
    assert "Modifier les dossiers" in held.blocks[0].message


def test_data_comes_back_once_the_dossier_was_retrieved_on_the_day_it_changed():
    facts = {"dossier/compta/D/changed_on": "2013-01-12", "product/compta/hosted_since": "2012-01-01"}
    plan = make(hosted(("D", Dossier("D"))), local(("D", Dossier("D", date(2013, 1, 12)))), facts=facts)
    assert kinds(plan) == ["dossier.record dossier/compta/D", "data_mode.to_local product/compta"]


def test_an_empty_list_of_dossiers_must_be_confirmed_after_hosting_began():
    since = {"product/compta/hosted_since": "2013-03-01"}
    assert codes(make(hosted(), local(), facts=since), "product/compta") == ["dossiers"]
    assert codes(make(hosted(), local(empty=date(2013, 2, 1)), facts=since), "product/compta") == ["dossiers"]
    assert codes(make(hosted(), local(empty=date(2013, 3, 1)), facts=since), "product/compta") == []


def test_a_blocked_switch_does_not_stop_unrelated_changes():
    desired = replace(local(), users={**HERE.users, "zoe": user("zoe")})
    assert kinds(make(hosted(), desired)) == ["user.create user/zoe", "!data_mode.to_local product/compta"]


def test_a_filing_service_is_requested_and_its_activation_waits_for_the_evidence():
    desired = wish(
        replace(HERE, services={"vat_filing": replace(VAT, status="pending")}),
        missing={"vat_filing": ("tax_office_form",)},
    )
    plan = make(HERE, desired)
    assert kinds(plan) == ["service.request service/vat_filing", "?service.activate service/vat_filing"]
    assert "tax_office_form" in plan.steps[1].blocks[0].message
    assert kinds(make(desired.state, desired)) == ["?service.activate service/vat_filing"]


def test_a_service_is_left_off_while_its_password_is_not_there():
    plan = make(HERE, replace(HERE, services={"vat_filing": VAT}), secrets=Known(values=()))
    assert kinds(plan) == ["?service.activate service/vat_filing"]
    assert plan.steps[0].blocks[0].message == "the shared password is not there (A is not set); put it in env:A"


def test_nothing_is_switched_on_after_the_contract_ended():
    over = replace(HERE, ends_on=date(2013, 6, 14))
    plan = make(over, replace(over, services={"vat_filing": VAT}))
    assert codes(plan, "service/vat_filing") == ["ended"]
    last_day = replace(HERE, ends_on=date(2013, 6, 15))
    assert codes(make(last_day, replace(last_day, services={"vat_filing": VAT})), "service/vat_filing") == []


def test_an_offer_is_left_in_one_plan_with_what_it_allowed():
    current = replace(HERE, services={"vat_filing": VAT})
    desired = replace(HERE, offer="flex", services={"vat_filing": replace(VAT, status="off")})
    assert kinds(make(current, desired)) == ["service.deactivate service/vat_filing", "offer.downgrade subscription"]


def test_an_offer_is_not_left_while_something_needs_it():
    current = replace(HERE, services={"vat_filing": VAT}, products={"compta": Product("evolution", "hosted")})
    plan = make(current, replace(current, offer="flex"))
    assert plan.steps[0].blocks[0].message == "Cannot leave ultraflex: vat_filing active, compta hosted"


def test_an_offer_waits_for_data_that_cannot_come_back_yet():
    desired = replace(local(), offer="flex")
    plan = make(hosted(), desired)
    assert kinds(plan) == ["!data_mode.to_local product/compta", "!offer.downgrade subscription"]
    assert plan.steps[1].blocks[0].message == 'waits for "bring data back compta"'


def test_a_product_is_removed_after_its_access():
    both = replace(HERE, products={**HERE.products, "paye": Product()}, users={"anna": user("anna", "compta", "paye")})
    assert kinds(make(both, HERE)) == ["access.revoke access/anna/paye", "product.remove product/paye"]


def test_a_deleted_key_is_not_given_again():
    deleted = replace(HERE, users={**HERE.users, "bruno": User(None, "deleted")})
    plan = make(deleted, replace(HERE, users={**HERE.users, "bruno": user("bruno")}))
    assert codes(plan, "user/bruno") == ["deleted-key"]


def test_linking_may_not_rename_a_known_account():
    zoe = replace(HERE, users={**HERE.users, "zoe": user("zoe", "compta")})
    known = accounts(person("zoe", family="Autre"))
    plan = make(HERE, zoe, known=known)
    assert kinds(plan) == ["!user.link user/zoe", "!access.grant access/zoe/compta"]
    assert "Autre" not in plan.steps[0].blocks[0].message


def test_an_address_that_is_a_login_already_is_refused():
    anna = HERE.users["anna"]
    desired = replace(HERE, users={"anna": replace(anna, person=replace(anna.person, email="zoe@dupont.example"))})
    plan = make(HERE, desired, known=accounts(anna.person, person("zoe")))
    assert "email-taken" in codes(plan, "user/anna")


class TestSharedPassword:
    TOLD = replace(HERE, users={**HERE.users, "bruno": user("bruno", "compta")},
                   services={"vat_filing": replace(VAT, recipients=("anna", "bruno"))})  # fmt: skip
    LEFT = replace(TOLD, users={**HERE.users, "bruno": departed(user("bruno"))}, services={"vat_filing": VAT})
    PRINT = {"service/vat_filing/secret": "fingerprint"}

    def test_waits_for_a_new_one_after_a_recipient_left(self):
        plan = make(self.TOLD, self.LEFT, facts=self.PRINT)
        assert kinds(plan)[-1] == "?service.rotate_password service/vat_filing"
        assert plan.steps[-1].blocks[0].message == (
            "bruno knew the shared password; put a new one in env:A and run again"
        )

    def test_is_told_once_a_new_one_is_there(self):
        plan = make(self.TOLD, self.LEFT, facts=self.PRINT, secrets=Known(fresh=("env:A",)))
        rotation = step(plan, "service.rotate_password")
        assert rotation.ready
        assert {(one.code, one.to) for one in rotation.notices} == {
            ("N9", "anna@dupont.example"),
            ("N9", "anne@dupont.example"),
        }

    def test_stays_due_in_later_plans(self):
        facts = {**self.PRINT, "service/vat_filing/rotation_due": "bruno"}
        plan = make(self.LEFT, self.LEFT, facts=facts)
        assert kinds(plan) == ["?service.rotate_password service/vat_filing"]
        assert "bruno knew the shared password" in plan.steps[0].blocks[0].message

    def test_is_rotated_when_it_is_read_from_elsewhere_and_differs(self):
        moved = replace(self.LEFT, services={"vat_filing": replace(VAT, secret="env:B")})
        plan = make(self.LEFT, moved, facts=self.PRINT, secrets=Known(fresh=("env:B",)))
        assert kinds(plan) == ["service.update service/vat_filing", "service.rotate_password service/vat_filing"]

    def test_only_moves_when_the_value_is_the_same(self):
        moved = replace(self.LEFT, services={"vat_filing": replace(VAT, secret="env:B")})
        assert kinds(make(self.LEFT, moved, facts=self.PRINT)) == ["service.update service/vat_filing"]
