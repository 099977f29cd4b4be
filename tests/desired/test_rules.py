"""What looks odd and is right, and how problems are told."""

from typing import Any

import pytest

from tests.support.judging import FORM, NEW_USER, VAT, judged
from tests.support.subscriptions import GONE


def test_a_right_subscription_has_no_problem() -> None:
    assert judged({}) == ()


#: Things that look odd and are right.
FINE: dict[str, dict[str, Any]] = {
    "one product needs no access": {
        "products": {"compta": {}},
        "services": {},
        "users": {"e.roy": NEW_USER},
    },
    "an administrator may be a user by a second entry": {
        "admin/also_user": False,
        "users/a.dupont": {
            "civility": "madame",
            "given_name": "Anne",
            "family_name": "Dupont",
            "email": "Anne@dupont.example",
            "access": ["compta"],
        },
    },
    "who left frees a seat": {"seats": 3, "users/s.noel/ends_on": "2013-06-14"},
    "who comes later takes no seat yet": {
        "users/e.roy": NEW_USER | {"access": ["paye"], "starts_on": "2013-10-01"},
    },
    "a deleted user needs nothing": {"users/s.noel": {"state": "deleted"}},
    "omitted users are not managed": {"users": GONE, "admin/also_user": False},
    "an entry removed with null is not there": {"users/s.noel": None, "services/sepa_payments": None},
    "a service that is off needs nothing": {"offer": "flex", "products/compta/data_mode": "local", "services": {
        "vat_filing": {"enabled": False}, "sepa_payments": {"enabled": False}}},
    "papers without a date keep the service waiting": {f"{FORM}/sent_on": GONE},
    "the administrator's own seat may be told": {f"{VAT}/recipients/0": "admin"},
    "a La Poste establishment": {"company/siren": "356000000", f"{VAT}/sirets": ["35600000009075"]},
    "both inclusive days": {"users/s.noel/starts_on": "2013-06-15", "users/s.noel/ends_on": "2013-06-15"},
    "international domains have two spellings": {
        "policy/email_domains": ["dupont.example", "xn--pt-9ia.example"],
        "users/l.petit/email": "laure@épt.example",
    },
}  # fmt: skip


@pytest.mark.parametrize("edits", FINE.values(), ids=FINE.keys())
def test_what_looks_odd_and_is_right_passes(edits: dict[str, Any]) -> None:
    assert judged(edits) == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("laure@straße.example", "laure@strasse.example"),
        ("laure@dupont.example", "Laure@Dupont.EXAMPLE"),
        ("laure@\u212ait.example", "laure@kit.example"),
        ("laure@\u017fit.example", "laure@sit.example"),
        ("laure@été.example", "laure@e\u0301te\u0301.example"),
        ("laure@été.example", "laure@xn--t-9fab.example"),
    ],
)
def test_addresses_that_pass_for_each_other_are_one_login(one: str, other: str) -> None:
    edits = {"policy": GONE, "users/p.martin/email": one, "users/l.petit/email": other}
    assert "one-login" in {problem.code for problem in judged(edits)}


def test_only_one_entry_may_repeat_the_administrator() -> None:
    again = NEW_USER | {"given_name": "Anne", "family_name": "Dupont", "email": "anne@dupont.example"}
    again |= {"access": ["compta"]}
    found = judged({"admin/also_user": False, "users/a": again, "users/b": again})
    assert [(problem.where.file, problem.code) for problem in found if problem.fatal and problem.code != "seats"] == [
        ("users/b/email", "one-login")
    ]


def test_a_closed_subscription_is_no_longer_asked_for_its_set_up() -> None:
    edits = {"state": "closed", "products": GONE, "admin": GONE, "services": GONE, "seats": 1, "users": {}}
    assert judged(edits) == ()


def test_a_closed_subscription_still_has_right_numbers() -> None:
    assert [problem.code for problem in judged({"state": "closed", "company/siren": "1"})] == ["siren"]


def test_problems_come_in_the_order_of_places() -> None:
    found = judged({"seats": 1, "offer": "x", "company/siren": "1", "users/l.petit/email": "xyz"})
    assert [problem.where for problem in found] == sorted(problem.where for problem in found)


def test_many_problems_of_one_kind_end_in_one_word_for_the_rest() -> None:
    users = {f"users/u{number}": NEW_USER | {"email": f"u{number}@x.example"} for number in range(200)}
    found = [problem for problem in judged(users) if problem.code == "access"]
    assert len(found) == 51
    assert sum(problem.message.endswith("There are more like this one.") for problem in found) == 1


def test_many_warnings_do_not_hide_an_error() -> None:
    users: dict[str, Any] = {
        f"users/u{number:03}": NEW_USER | {"email": f"u{number}@dupont.example", "access": []} for number in range(100)
    }
    users["users/u099"]["access"] = ["nonsense"]
    assert any(problem.code == "access" and problem.fatal for problem in judged(users))
