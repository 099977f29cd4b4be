"""Each invariant: a right subscription passes, one wrong thing is told at its place."""

from datetime import date
from typing import Any

import pytest

from flexsync.catalogue import Catalogue
from flexsync.desired.rules import problems
from flexsync.errors import Problem
from tests.support.catalogues import builtin
from tests.support.subscriptions import AS_OF, GONE, PathPlaces, edited

CATALOGUE: Catalogue = builtin()

NEW_USER: dict[str, Any] = {
    "civility": "madame",
    "given_name": "Ève",
    "family_name": "Roy",
    "email": "eve@dupont.example",
}
VAT = "services/vat_filing"
FORM = f"{VAT}/prerequisites/tax_office_form"


def judged(edits: dict[str, Any], as_of: date = AS_OF) -> tuple[Problem, ...]:
    return problems(edited(edits), PathPlaces(), CATALOGUE, as_of)


def test_a_right_subscription_has_no_problem() -> None:
    assert judged({}) == ()


#: edits, place, code, severity, words of the message
WRONG: list[tuple[dict[str, Any], str, str, str, str]] = [
    # contract
    ({"offer": GONE}, "offer", "missing", "error", "flex or ultraflex"),
    ({"seats": GONE}, "seats", "missing", "error", "how many accounts"),
    ({"products": GONE}, "products", "missing", "error", "no product"),
    ({"products": {}}, "products", "missing", "error", "no product"),
    ({"admin": GONE}, "admin", "missing", "error", "exactly one administrator"),
    ({"offer": "ultrafex"}, "offer", "unknown-offer", "error", 'Did you mean "ultraflex"? Known: flex, ultraflex.'),
    ({"products/compte": {}}, "products/compte", "unknown-product", "error", 'Did you mean "compta"?'),
    ({"products/paye/edition": "evolutoin"}, "products/paye/edition", "unknown-edition", "error", '"evolution"?'),
    (
        {"products/paye/data_mode": "hosted"},
        "products/paye/data_mode",
        "hosting",
        "error",
        "cannot be hosted; use local",
    ),
    ({"offer": "flex"}, "products/compta/data_mode", "hosting", "error", "offer ultraflex, this subscription is flex"),
    (
        {"products/compta/internet_acknowledged": GONE},
        "products/compta/data_mode",
        "internet",
        "error",
        "Confirm with internet_acknowledged: true.",
    ),
    (
        {"products/compta/confirmed_empty_on": "2013-06-16"},
        "products/compta/confirmed_empty_on",
        "future-date",
        "error",
        "2013-06-16 is after 2013-06-15",
    ),
    (
        {"products/compta/dossiers/DUPONT/retrieved_on": "2013-06-16"},
        "products/compta/dossiers/DUPONT/retrieved_on",
        "future-date",
        "error",
        "is after 2013-06-15",
    ),
    ({"company/siren": "732829321"}, "company/siren", "siren", "error", "the last digit would be 0"),
    ({"company/legal_name": "=?UTF-8?Q?x?="}, "company/legal_name", "text", "error", "=?"),
    ({f"{FORM}/reference": "=?x?="}, f"{FORM}/reference", "text", "error", "=?"),
    ({"ends_on": "2999-01-01"}, "ends_on", "date-range", "error", "between 1990 and 2100"),
    ({"users/s.noel/starts_on": "1899-12-30"}, "users/s.noel/starts_on", "date-range", "error", "Typo in the year?"),
    # people
    (
        {"users/l.petit/email": GONE},
        "users/l.petit",
        "identity",
        "error",
        "users.l.petit: missing email (required to create an account).",
    ),
    ({"admin/civility": GONE}, "admin", "identity", "error", "missing civility"),
    ({"users/l.petit/given_name": "http://x"}, "users/l.petit/given_name", "name", "error", "looks like a link"),
    ({"admin/family_name": "a@b"}, "admin/family_name", "name", "error", "only letters"),
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
    # seats
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
        "2 but 3 users have gestion_commerciale: admin, p.martin, s.noel.",
    ),
    # services
    (
        {"services/vat_filling": {"enabled": True}},
        "services/vat_filling",
        "unknown-service",
        "error",
        'Did you mean "vat_filing"?',
    ),
    (
        {"services/mobile_data": {"enabled": True}},
        "services/mobile_data",
        "derived-service",
        "error",
        "services.mobile_data: set products.<product>.data_mode: hosted instead.",
    ),
    ({f"{VAT}/prerequisites/tax_form": {}}, f"{VAT}/prerequisites/tax_form", "unknown-prerequisite", "error", "?"),
    (
        {"offer": "flex"},
        "services/vat_filing",
        "service-offer",
        "error",
        "needs offer ultraflex; this subscription is flex, which has no connected service.",
    ),
    (
        {"products/gestion_commerciale": GONE, "users/s.noel/access/0": "paye", "users/p.martin/access/1": "paye"},
        "services/sepa_payments",
        "service-product",
        "error",
        "needs product gestion_commerciale, which is not in products (compta, paye)",
    ),
    ({f"{VAT}/sirets/0": "73282932000079"}, f"{VAT}/sirets/0", "siret", "error", "sirets[0]: 73282932000079 fails"),
    ({f"{VAT}/sirets/1": "73282932000074"}, f"{VAT}/sirets/1", "siret-twice", "error", "sirets[0] already"),
    (
        {f"{VAT}/sirets/2": "12345678200010"},
        f"{VAT}/sirets/2",
        "siret-company",
        "warning",
        "belongs to SIREN 123456782, not to 732829320. Intended?",
    ),
    ({f"{VAT}/sirets": []}, f"{VAT}/sirets", "sirets", "error", "at least one establishment"),
    ({"sirets_allowed": 2}, f"{VAT}/sirets", "sirets", "error", "3 SIRETs declared, the contract allows 2."),
    (
        {"services/sepa_payments/creditor_id": "FR20ZZZ123456"},
        "services/sepa_payments/creditor_id",
        "creditor-id",
        "error",
        "check digits should be 72",
    ),
    ({"services/sepa_payments/iban": "FR75"}, "services/sepa_payments/iban", "iban", "error", "not an IBAN"),
    ({"services/sepa_payments/bic": "AGRI"}, "services/sepa_payments/bic", "bic", "error", "8 or 11"),
    ({"services/sepa_payments/bic": GONE}, "services/sepa_payments", "bank-details", "error", "missing bic"),
    ({f"{FORM}/sent_on": "2013-06-16"}, f"{FORM}/sent_on", "future-date", "error", "is after 2013-06-15"),
    (
        {f"{VAT}/recipients/0": "l.petit"},
        f"{VAT}/recipients/0",
        "recipient",
        "error",
        "recipients[0]: l.petit has no access to compta.",
    ),
    ({f"{VAT}/recipients/0": "p.marti"}, f"{VAT}/recipients/0", "recipient", "error", 'Did you mean "p.martin"?'),
    (
        {f"{VAT}/recipients/0": "s.noel", "users/s.noel/ends_on": "2013-06-14"},
        f"{VAT}/recipients/0",
        "recipient",
        "warning",
        "will not be told",
    ),
    ({f"{VAT}/password_from": {}}, f"{VAT}/password_from", "secret-reference", "error", "exactly one"),
    ({f"{VAT}/ends_on": "2014-02-02"}, f"{VAT}/ends_on", "after-contract", "error", "2014-02-01"),
    ({f"{VAT}/iban": "FR7630006000011234567890189"}, f"{VAT}/iban", "unused", "warning", "no use for it"),
    (
        {
            "services/payroll_filing": {
                "enabled": True,
                "sirets": ["73282932000074"],
                "password_from": {"file": "secret"},
            }
        },
        "services/payroll_filing",
        "retired",
        "warning",
        "DUE (now DPAE)",
    ),
]


@pytest.mark.parametrize(("edits", "place", "code", "severity", "says"), WRONG)
def test_one_wrong_thing_is_told_at_its_place(
    edits: dict[str, Any], place: str, code: str, severity: str, says: str
) -> None:
    found = {(p.where.file, p.code, p.severity): p.message for p in judged(edits)}
    assert (place, code, severity) in found
    message = found[place, code, severity]
    assert says in message
    assert message.startswith(place.split("/", maxsplit=1)[0])


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
