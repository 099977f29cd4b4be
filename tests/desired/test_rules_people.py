"""Rules about people and their seats."""

import pytest

from tests.support.judging import NEW_USER, VAT, Wrong, assert_told
from tests.support.subscriptions import GONE

WRONG: list[Wrong] = [
    (
        {"users/l.petit/email": GONE},
        "users/l.petit",
        "identity",
        "error",
        "users.l.petit: missing email (required to create an account).",
    ),
    ({"admin/civility": GONE}, "admin", "identity", "error", "missing civility"),
    ({"users/l.petit/given_name": "gagnez.example"}, "users/l.petit/given_name", "name", "error", "looks like a link"),
    ({"admin/family_name": "Ae\u0301\u0301\u0301\u0301"}, "admin/family_name", "name", "error", "piles up accents"),
    ({"users/l.petit/email": "a@b..fr"}, "users/l.petit/email", "email", "error", "one plain address"),
    ({"users/l.petit/email": "l@dupоnt.example"}, "users/l.petit/email", "email-lookalike", "error", "U+043E"),
    (
        {"users/l.petit/email": "l@gmail.example"},
        "users/l.petit/email",
        "domain",
        "error",
        "gmail.example is not in policy.email_domains (dupont.example)",
    ),
    ({"policy/email_domains/0": "dupont"}, "policy/email_domains/0", "domain", "error", "is not a domain"),
    (
        {"users/l.petit/email": "PAUL@dupont.example"},
        "users/l.petit/email",
        "one-login",
        "error",
        "is used by users.p.martin (first at users/p.martin/email:1:1) too. An e-mail is a login",
    ),
    (
        {"admin/also_user": False, "users/p.martin/email": "anne@dupont.example"},
        "users/p.martin/email",
        "one-login",
        "error",
        "is used by admin",
    ),
    (
        {"users/p.martin": NEW_USER | {"email": "anne@dupont.example", "access": ["paye"]}},
        "users/p.martin",
        "repeated-admin",
        "error",
        "repeats the administrator",
    ),
    ({"users/admin": NEW_USER | {"access": ["paye"]}}, "users/admin", "reserved-key", "error", "Choose another key"),
    ({"users/l.petit/previously/0": "s.noel"}, "users/l.petit/previously/0", "previously", "error", "still declared"),
    ({"users/l.petit/previously/0": "l.petit"}, "users/l.petit/previously/0", "previously", "error", "still declared"),
    ({"users/l.petit/previously/0": "admin"}, "users/l.petit/previously/0", "previously", "error", "reserved"),
    (
        {"users/s.noel/previously": ["laure.b"]},
        "users/s.noel/previously/0",
        "previously",
        "error",
        "already became users.l.petit",
    ),
    ({"users/l.petit/access": GONE}, "users/l.petit/access", "access", "error", "With several products"),
    (
        {"users/l.petit/access/0": "pay"},
        "users/l.petit/access/0",
        "access",
        "error",
        'access[0]: "pay" is not a product of atelier-dupont. Did you mean "paye"?',
    ),
    ({"users/l.petit/access": []}, "users/l.petit/access", "no-access", "warning", "opens nothing"),
    ({"admin/access": ["pay"]}, "admin/access/0", "access", "error", "is not a product"),
    ({"admin/also_user": False, "admin/access": ["paye"]}, "admin/access", "no-access", "warning", "no effect"),
    (
        {"users/s.noel/ends_on": "2013-05-01"},
        "users/s.noel/ends_on",
        "period",
        "error",
        "2013-05-01 is before starts_on 2013-06-01",
    ),
    ({"users/s.noel/ends_on": "2014-02-02"}, "users/s.noel/ends_on", "after-contract", "warning", "2014-02-01"),
    (
        {"users": {}, "admin/also_user": False, f"{VAT}/recipients": []},
        "users",
        "first-user",
        "error",
        "no user account on 2013-06-15. The first one is mandatory",
    ),
    (
        {"seats": 3},
        "users/s.noel",
        "seats",
        "error",
        "4 accounts for 3 seats. Remove 1, give 1 an ends_on, or buy seats first. "
        "Seats used by: admin, p.martin, l.petit, s.noel.",
    ),
    (
        {"users/e.roy": NEW_USER | {"access": ["paye"], "starts_on": "2013-09-30"}},
        "users/e.roy",
        "seats-later",
        "warning",
        "5 accounts for 4 seats from 2013-09-30",
    ),
    (
        {"products/gestion_commerciale/seats": 2},
        "products/gestion_commerciale/seats",
        "product-seats",
        "error",
        "2 but 3 users open gestion_commerciale: admin, p.martin, s.noel.",
    ),
]


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: f"{wrong[2]} at {wrong[1]}")
def test_one_wrong_thing_is_told_at_its_place(wrong: Wrong) -> None:
    assert_told(wrong)
