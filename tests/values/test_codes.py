"""Numbers with check digits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iban, luhn
from stdnum.eu import at_02

from flexsync.codes import (
    bic_problem,
    creditor_id_problem,
    iban_problem,
    siren_problem,
    siret_problem,
    spreadsheet_damage,
)


@pytest.mark.parametrize("siret", ["73282932000074", "35600000000048", "35600000009075", "01234567400019"])
def test_right_sirets_pass(siret: str) -> None:
    assert siret_problem(siret) is None


@pytest.mark.parametrize(
    ("siret", "says"),
    [
        ("73282932000079", "the last digit would be 4"),
        ("7328293200007", "has 13 digits; a SIRET has 14. Was a leading zero lost?"),
        ("732829320000745", "has 15 digits"),
        ("٧٣٢٨٢٩٣٢٠٠٠٠٧٤", "foreign digit U+0667"),
        ("7328293200O074", "the letter O where the digit 0 must be meant"),
        ("00000000000000", "no SIREN"),
        ("11122233344455", "starts with a wrong SIREN: 111222333"),
        ("35600000009076", "multiple of 5"),
        ("732 829 320 00074", 'Write the 14 digits only: "73282932000074"'),
        ("7.32829E+13", "rewritten by a spreadsheet"),
        ("73282932000074.0", "decimal number"),
        ("", "0 digits"),
        ("7328293200007\n", "expected the 14 digits"),
    ],
)
def test_wrong_sirets_say_why(siret: str, says: str) -> None:
    assert says in (siret_problem(siret) or "")


@given(st.text("0123456789", min_size=8, max_size=8), st.text("0123456789", min_size=4, max_size=4))
def test_the_named_last_digit_is_the_right_one(company: str, establishment: str) -> None:
    siren = company + luhn.calc_check_digit(company)
    siret = siren + establishment
    siret += luhn.calc_check_digit(siret)
    wrong = siret[:-1] + str((int(siret[-1]) + 1) % 10)
    if siren == "0" * 9:
        assert siren_problem(siren) is not None
        return
    assert siren_problem(siren) is None
    assert siret_problem(siret) is None
    if not siren.startswith("356000000"):
        assert f"would be {siret[-1]}" in (siret_problem(wrong) or "")


@pytest.mark.parametrize("good", ["FR7630006000011234567890189", "GB82WEST12345698765432", "DE89370400440532013000"])
def test_right_ibans_pass(good: str) -> None:
    assert iban_problem(good) is None


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("FR7530006000011234567890189", "check digits should be 76"),
        ("FR76 3000 6000 0112 3456 7890 189", "without spaces"),
        ("fr7630006000011234567890189", "capitals"),
        ("XX7630006000011234567890189", "no IBAN starts with XX"),
        ("FR763000600001123456789018", "has 26 characters; an IBAN that starts with FR has 27"),
        ("FR76300060000112345678901é9", "U+00E9"),
        ("FRO630006000011234567890189", "two letters, two digits"),
        ("", "not an IBAN"),
    ],
)
def test_wrong_ibans_say_why_without_the_account(wrong: str, says: str) -> None:
    message = iban_problem(wrong) or ""
    assert says in message
    assert not wrong or wrong not in message


def test_a_letter_for_a_zero_is_seen() -> None:
    assert "letter O" in (iban_problem("FR763O006000011234567890189") or "")
    right = f"FR{at_02.calc_check_digits('FRXXZZZ120450')}ZZZ120450"
    assert creditor_id_problem(right) is None
    assert "letter O" in (creditor_id_problem(right[:-1] + "O") or "")


@pytest.mark.parametrize("good", ["AGRIFRPP", "AGRIFRPP882"])
def test_right_bics_pass(good: str) -> None:
    assert bic_problem(good) is None


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("AGRI", "8 or 11"),
        ("AGRIXXPP", '"XX" is not a country'),
        ("AGR1FRPP", "four letters"),
        ("agrifrpp", "capitals"),
        ("AGRIFRP\n", "not a BIC"),
    ],
)
def test_wrong_bics_say_why(wrong: str, says: str) -> None:
    assert says in (bic_problem(wrong) or "")


@pytest.mark.parametrize("good", ["FR72ZZZ123456", "FR72ABC123456", "ES23ZZZ47690558N"])
def test_right_creditor_identifiers_pass(good: str) -> None:
    assert creditor_id_problem(good) is None


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("FR20ZZZ123456", "check digits should be 72"),
        ("FR72ZZZ12345", "12 characters; a French one has 13"),
        ("FR72ZZ", "as in FR72ZZZ123456"),
        ("FR72-ZZZ-123456", "separators"),
    ],
)
def test_wrong_creditor_identifiers_say_why(wrong: str, says: str) -> None:
    assert says in (creditor_id_problem(wrong) or "")


@given(
    st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=3, max_size=3),
    st.text("0123456789", min_size=6, max_size=6),
)
def test_the_business_code_does_not_count(business: str, national: str) -> None:
    digits = at_02.calc_check_digits(f"FRXXZZZ{national}")
    assert creditor_id_problem(f"FR{digits}{business}{national}") is None


@given(st.text("0123456789", min_size=23, max_size=23))
def test_the_named_check_digits_of_an_iban_are_right(account: str) -> None:
    digits = iban.calc_check_digits(f"FR00{account}")
    assert iban_problem(f"FR{digits}{account}") is None
    other = f"{(int(digits) + 1) % 100:02}"
    assert f"should be {digits}" in (iban_problem(f"FR{other}{account}") or "")


@given(st.text(max_size=40))
def test_any_text_gets_an_answer_on_one_line(text: str) -> None:
    for check in (siren_problem, siret_problem, iban_problem, bic_problem, creditor_id_problem, spreadsheet_damage):
        assert "\n" not in (check(text) or "")
