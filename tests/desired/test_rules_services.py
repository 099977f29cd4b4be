"""Rules about connected services."""

import pytest

from tests.support.judging import FORM, VAT, Wrong, assert_told
from tests.support.subscriptions import GONE

WRONG: list[Wrong] = [
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


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: f"{wrong[2]} at {wrong[1]}")
def test_one_wrong_thing_is_told_at_its_place(wrong: Wrong) -> None:
    assert_told(wrong)
