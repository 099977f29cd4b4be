"""Laws of the rules: what is right has no problem, and judging costs little."""

from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stdnum import luhn

from flexsync.desired.rules import problems
from flexsync.desired.spec import Subscription
from flexsync.errors import Problem
from tests.support.catalogues import builtin
from tests.support.subscriptions import AS_OF, PathPlaces

CATALOGUE = builtin()
PRODUCTS = ["compta", "gestion_commerciale", "paye"]
LETTERS = st.text("abcdefghijklmnopqrstuvwxyzéèçïœßñÅØ", min_size=1, max_size=12)
NAMES = st.lists(LETTERS, min_size=1, max_size=3).map("-".join)


@st.composite
def periods(draw: st.DrawFn) -> dict[str, str]:
    """No dates, one, or two the right way round, all around the day and within the contract."""
    first = AS_OF + timedelta(days=draw(st.integers(-400, 100)))
    last = first + timedelta(days=draw(st.integers(0, 100)))
    both = {"starts_on": first.isoformat(), "ends_on": last.isoformat()}
    return {name: both[name] for name in draw(st.sets(st.sampled_from(sorted(both))))}


@st.composite
def people(draw: st.DrawFn, number: int) -> dict[str, Any]:
    return {
        "civility": draw(st.sampled_from(["madame", "monsieur"])),
        "given_name": draw(NAMES),
        "family_name": draw(NAMES),
        "email": f"{draw(st.sampled_from('abc'))}.{number}@{draw(st.sampled_from(['x.example', 'été.fr', 'B.test']))}",
    }


@st.composite
def sirets(draw: st.DrawFn, siren: str) -> list[str]:
    numbers = draw(st.sets(st.integers(0, 9999), min_size=1, max_size=3))
    bodies = [f"{siren}{number:04}" for number in sorted(numbers)]
    return [body + luhn.calc_check_digit(body) for body in bodies]


@st.composite
def services(draw: st.DrawFn, products: list[str], compta_users: list[str], siren: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if "compta" in products:
        found["vat_filing"] = {
            "enabled": draw(st.booleans()),
            "sirets": draw(sirets(siren)),
            "recipients": draw(st.lists(st.sampled_from(compta_users), unique=True)) if compta_users else [],
            "password_from": draw(st.sampled_from([{"env": "FLEX"}, {"file": "secret"}])),
            "prerequisites": {"tax_office_form": {"sent_on": "2013-01-14"}},
        }
    if "gestion_commerciale" in products:
        found["sepa_payments"] = {
            "enabled": draw(st.booleans()),
            "creditor_id": "FR72ZZZ123456",
            "iban": "FR7630006000011234567890189",
            "bic": "AGRIFRPP",
        }
    return found


@st.composite
def right_subscriptions(draw: st.DrawFn) -> dict[str, Any]:
    products = draw(st.lists(st.sampled_from(PRODUCTS), unique=True, min_size=1))
    company = draw(st.text("123456789", min_size=8, max_size=8))
    siren = company + luhn.calc_check_digit(company)
    users = {}
    for number in range(draw(st.integers(0, 6))):
        access = draw(st.lists(st.sampled_from(products), unique=True, min_size=1))
        users[f"u{number}"] = draw(people(number)) | draw(periods()) | {"access": access}
    always = [
        key for key, user in users.items() if "compta" in user["access"] and not {"starts_on", "ends_on"} & {*user}
    ]
    ultraflex = draw(st.booleans())
    return {
        "apiVersion": "flexsync/v1",
        "kind": "Subscription",
        "name": "generated",
        "offer": "ultraflex" if ultraflex else "flex",
        "company": {"siren": siren},
        "seats": len(users) + 1,
        "ends_on": (AS_OF + timedelta(days=500)).isoformat(),
        "products": {code: {} for code in products},
        "admin": draw(people(99)) | {"also_user": True},
        "users": users,
        "services": draw(services(products, always, siren)) if ultraflex else {},
    }


@given(right_subscriptions())
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)
def test_a_right_subscription_has_no_problem(data: dict[str, Any]) -> None:
    assert problems(Subscription.model_validate(data), PathPlaces(), CATALOGUE, AS_OF) == ()


def crowd(size: int, **more: Any) -> Subscription:
    admin = {"civility": "madame", "given_name": "Ève", "family_name": "Roy", "email": "a@x.example"}
    user = admin | {"access": ["compta"]} | more
    return Subscription.model_validate(
        {
            "apiVersion": "flexsync/v1",
            "kind": "Subscription",
            "name": "crowd",
            "offer": "flex",
            "seats": 999,
            "products": {"compta": {}, "paye": {}},
            "admin": admin,
            "users": {f"u{number}": user | {"email": f"u{number}@x.example"} for number in range(size)},
        }
    )


def test_five_thousand_users_are_judged_whole_right_or_wrong() -> None:
    assert {problem.code for problem in found(crowd(5_000))} <= {"seats", "seats-later"}
    wrong = crowd(5_000, access=["pay"], given_name="a.bc", ends_on=date(2999, 1, 1), previously=["u1"])
    assert {"access", "date-range", "previously"} <= {problem.code for problem in found(wrong)}


def found(spec: Subscription) -> tuple[Problem, ...]:
    return problems(spec, PathPlaces(), CATALOGUE, AS_OF)
