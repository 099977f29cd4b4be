"""Rules about what was subscribed."""

import pytest

from tests.support.judging import Wrong, assert_told
from tests.support.subscriptions import GONE

WRONG: list[Wrong] = [
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
    ({"ends_on": "2999-01-01"}, "ends_on", "date-range", "error", "between 1990 and 2100"),
    ({"users/s.noel/starts_on": "1899-12-30"}, "users/s.noel/starts_on", "date-range", "error", "Typo in the year?"),
]


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: f"{wrong[2]} at {wrong[1]}")
def test_one_wrong_thing_is_told_at_its_place(wrong: Wrong) -> None:
    assert_told(wrong)
