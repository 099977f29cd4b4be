"""One fact for each kind of Change: what in the States makes it, and what it says."""

from dataclasses import replace
from datetime import date

import pytest

from flexsync.plan.change import KINDS, ORDER
from flexsync.state import Admin, Company, Dossier, Product, Service, User
from tests.support.plans import accounts, kinds, make, step, wish
from tests.support.states import ANNE, departed, person, state, user

HERE = state()
VAT = Service("active", ("73282932000074",), ("anna",), secret="env:A")
HOSTED = Product("evolution", "hosted")


def with_user(key, one):
    return replace(HERE, users={**HERE.users, key: one})


def edited(**fields):
    return with_user("anna", replace(HERE.users["anna"], **fields))


def service(one):
    return replace(HERE, services={"vat_filing": one})


def product(one):
    return replace(HERE, products={"compta": one})


NEW = person("zoe")
OTHER = Admin(person("berthe", family="Autre"))
RENAMED = replace(ANNE, family_name="Durand")
ANNA = HERE.users["anna"]
GONE = with_user("bruno", departed(user("bruno", "compta")))

CASES = [
    ("subscription.update subscription", HERE, replace(HERE, company=Company("Dupont SARL"))),
    ("subscription.assert subscription", HERE, replace(HERE, sirets_allowed=3)),
    ("subscription.assert product/compta", HERE, product(Product("standard"))),
    (
        "subscription.renew subscription",
        replace(HERE, ends_on=date(2014, 1, 1)),
        replace(HERE, ends_on=date(2015, 1, 1)),
    ),
    ("seats.raise subscription", HERE, replace(HERE, seats=4)),
    ("seats.lower subscription", HERE, replace(HERE, seats=2)),
    ("offer.upgrade subscription", replace(HERE, offer="flex"), HERE),
    ("offer.downgrade subscription", HERE, replace(HERE, offer="flex")),
    ("product.add product/paye", HERE, replace(HERE, products={**HERE.products, "paye": Product()})),
    ("product.remove product/paye", replace(HERE, products={**HERE.products, "paye": Product()}), HERE),
    ("admin.create admin", replace(HERE, admin=None), HERE),
    ("admin.update admin", HERE, replace(HERE, admin=Admin(RENAMED))),
    ("admin.change_email admin", HERE, replace(HERE, admin=Admin(replace(ANNE, email="a@dupont.example")))),
    ("admin.invite_successor admin", HERE, replace(HERE, admin=OTHER)),
    ("access.revoke access/anna/compta", HERE, edited(access=())),
    ("access.grant access/anna/compta", edited(access=()), HERE),
    ("user.deactivate user/bruno", with_user("bruno", user("bruno")), with_user("bruno", departed(user("bruno")))),
    ("user.create user/zoe", HERE, with_user("zoe", user("zoe"))),
    ("user.reactivate user/bruno", GONE, with_user("bruno", user("bruno"))),
    ("user.update user/anna", HERE, edited(person=replace(ANNA.person, family_name="Durand"))),
    ("user.schedule user/anna", HERE, edited(ends_on=date(2013, 12, 31))),
    ("user.change_email user/anna", HERE, edited(person=replace(ANNA.person, email="a@dupont.example"))),
    ("hosted_opt_out.set user/anna", HERE, edited(hosted_opt_out=True)),
    ("hosted_opt_out.clear user/anna", edited(hosted_opt_out=True), HERE),
    ("user.delete user/bruno", GONE, with_user("bruno", User(None, "deleted"))),
    ("dossier.record dossier/compta/D", HERE, product(Product("evolution", dossiers={"D": Dossier("D")}))),
    (
        "dossier.record dossier/compta",
        HERE,
        product(Product("evolution", confirmed_empty_on=date(2013, 1, 1))),
    ),
    ("dossier.forget dossier/compta/D", product(Product("evolution", dossiers={"D": Dossier("D")})), HERE),
    ("data_mode.to_hosted product/compta", HERE, product(HOSTED)),
    (
        "data_mode.to_local product/compta",
        product(replace(HOSTED, confirmed_empty_on=date(2013, 1, 1))),
        product(Product("evolution", confirmed_empty_on=date(2013, 1, 1))),
    ),
    ("service.request service/vat_filing", HERE, service(replace(VAT, status="pending"))),
    ("service.activate service/vat_filing", HERE, service(VAT)),
    ("service.update service/vat_filing", service(VAT), service(replace(VAT, sirets=()))),
    (
        "service.withdraw service/vat_filing",
        service(replace(VAT, status="pending")),
        service(replace(VAT, status="off")),
    ),
    ("service.deactivate service/vat_filing", service(VAT), service(replace(VAT, status="off"))),
]


@pytest.mark.parametrize(("expected", "current", "desired"), CASES, ids=[case[0] for case in CASES])
def test_one_difference_is_one_step(expected, current, desired):
    assert kinds(make(current, desired)) == [expected]


def test_a_file_new_to_the_store_registers_then_invites_then_grants():
    assert kinds(make(None, HERE)) == [
        "subscription.register subscription",
        "admin.create admin",
        "user.create user/anna",
        "access.grant access/anna/compta",
    ]


def test_a_known_person_is_linked_and_not_invited_again():
    plan = make(None, HERE, known=accounts(ANNE, ANNA.person))
    assert [notice.code for notice in step(plan, "user.link").notices] == ["N4"]
    assert [notice.code for notice in step(plan, "admin.link").notices] == ["N4"]


def test_a_renamed_key_is_moved_and_nobody_is_mailed():
    told = replace(HERE, services={"vat_filing": VAT})
    moved = replace(told, users={"a.test": ANNA}, services={"vat_filing": replace(VAT, recipients=("a.test",))})
    plan = make(told, wish(moved, moves={"anna": "a.test"}))
    assert kinds(plan) == ["user.move_key user/a.test"]
    assert plan.steps[0].notices == ()


def test_the_address_of_somebody_active_is_proposed_then_waits_for_its_confirmation():
    new = edited(person=replace(ANNA.person, email="a@dupont.example"))
    plan = make(HERE, new, known=accounts(ANNA.person))
    assert kinds(plan) == ["user.propose_email user/anna"]
    assert {notice.to for notice in plan.steps[0].notices} == {"anna@dupont.example", "a@dupont.example"}
    waiting = make(HERE, new, known=accounts(ANNA.person), facts={"user/anna/proposed_email": "a@dupont.example"})
    assert kinds(waiting) == ["?user.change_email user/anna"]


def test_the_address_of_the_administrator_is_proposed_too():
    new = replace(HERE, admin=Admin(replace(ANNE, email="a@dupont.example")))
    assert kinds(make(HERE, new, known=accounts(ANNE))) == ["admin.propose_email admin"]


def test_an_address_that_differs_in_case_only_needs_no_confirmation():
    new = edited(person=replace(ANNA.person, email="Anna@dupont.example"))
    assert kinds(make(HERE, new, known=accounts(ANNA.person))) == ["user.change_email user/anna"]


def test_a_pending_person_with_a_new_address_is_invited_there():
    new = edited(person=replace(ANNA.person, email="a@dupont.example"))
    plan = make(HERE, new, known=accounts(ANNA.person, active=False))
    assert ("N2", "a@dupont.example") in [(notice.code, notice.to) for notice in plan.steps[0].notices]


def test_no_mail_goes_to_an_address_that_is_not_confirmed():
    new = edited(person=replace(ANNA.person, email="a@dupont.example"), access=())
    plan = make(HERE, new, known=accounts(ANNA.person))
    assert [notice.to for notice in step(plan, "access.revoke").notices] == ["anna@dupont.example"]


def test_invitations_by_hand_send_none():
    desired = wish(with_user("zoe", user("zoe")))
    by_hand = replace(desired, policy=replace(desired.policy, invitations="manual"))
    assert step(make(HERE, by_hand), "user.create").notices == ()


def test_the_administrator_who_is_also_a_user_gets_one_invitation():
    both = replace(HERE, admin=Admin(ANNE, also_user=True), users={"admin": User(ANNE, access=("compta",))})
    plan = make(None, both)
    assert [notice.code for one in plan.steps for notice in one.notices if notice.to == ANNE.email] == ["N1"]


def test_the_seat_of_the_administrator_follows_the_person():
    both = replace(HERE, admin=Admin(ANNE, also_user=True), users={"admin": User(ANNE, access=("compta",))})
    other = replace(both, admin=Admin(OTHER.person, True), users={"admin": User(OTHER.person, access=("compta",))})
    assert kinds(make(both, other, known=accounts(OTHER.person))) == ["admin.replace admin"]


def test_a_successor_without_a_password_is_invited_then_awaited():
    other = replace(HERE, admin=OTHER)
    plan = make(HERE, other)
    assert [(notice.code, notice.to) for notice in plan.steps[0].notices] == [("N1", OTHER.person.email)]
    known = accounts(OTHER.person, active=False)
    facts = {"admin/successor": OTHER.person.email}
    assert kinds(make(HERE, other, known=known, facts=facts)) == ["?admin.replace admin"]
    assert kinds(make(HERE, HERE, known=known, facts=facts)) == ["admin.withdraw_successor admin"]
    assert kinds(make(HERE, other, known=accounts(OTHER.person), facts=facts)) == ["admin.replace admin"]


def test_closing_comes_last_and_needs_no_other_acknowledgement():
    closed = replace(HERE, status="closed", users={"anna": departed(ANNA)})
    plan = make(HERE, closed)
    assert kinds(plan) == ["user.deactivate user/anna", "subscription.close subscription"]
    assert [one.limit for one in plan.steps] == ["", "close"]


def test_a_plan_points_at_the_files():
    plan = make(HERE, edited(access=()))
    assert str(plan.steps[0].where) == "clients/dupont.yaml:30:18"


def test_every_kind_is_in_the_table_of_facts():
    shown = {case[0].split()[0] for case in CASES}
    told_elsewhere = {
        "subscription.register", "admin.link", "admin.propose_email", "user.link", "user.move_key",
        "admin.replace", "admin.withdraw_successor",
        "admin.withdraw_email", "user.withdraw_email", "user.propose_email", "service.rotate_password",
        "subscription.close", "invitation.resend", "password.reset", "service.send_password",
    }  # fmt: skip
    assert shown | told_elsewhere == set(KINDS) == set(ORDER)
