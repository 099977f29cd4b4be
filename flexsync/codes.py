"""Public numbers with check digits: SIREN, SIRET, IBAN, BIC, SEPA creditor identifier.

In: a number as written. Out: what is wrong with it, or None; the sentences carry no path. Only the
compact form is right (no spaces, capitals), so that one number has one spelling. It must never
repeat a whole account number: these messages end in public logs.
"""

import re
from collections.abc import Callable

from flexsync.text import shorten, visible

LA_POSTE = "356000000"
_SCIENTIFIC = re.compile(r"[0-9]{1,40}(?:[.,][0-9]{0,40})?[eE][+-]?[0-9]{1,4}")
_FLOAT = re.compile(r"[0-9]{1,40}[.,]0{1,40}")
#: 7 doubled is 14, whose digits add up to 5.
_DOUBLED = str.maketrans("0123456789", "0246813579")
_SEPARATORS = str.maketrans("", "", " .-\u00a0\u202f\u2009")


def siren_problem(text: str) -> str | None:
    """A company: nine digits, the last one checks the others (Luhn)."""
    if problem := _digits_problem(text, 9, "SIREN"):
        return problem
    if text == "0" * 9:
        return f"{text} is no SIREN; nobody has that number."
    if _luhn(text):
        return f"{text} fails the check digit of a SIREN; the last digit would be {_luhn_digit(text)}. Typo?"
    return None


def siret_problem(text: str) -> str | None:
    """An establishment: the SIREN of its company and five digits, checked together.

    La Poste has too many establishments for Luhn, so theirs may instead have digits whose sum is a
    multiple of five.
    """
    if problem := _digits_problem(text, 14, "SIRET"):
        return problem
    if problem := siren_problem(text[:9]):
        return f"{text} starts with a wrong SIREN: {problem}"
    if not _luhn(text):
        return None
    if not text.startswith(LA_POSTE):
        return f"{text} fails the check digit of a SIRET; the last digit would be {_luhn_digit(text)}. Typo?"
    if sum(map(int, text)) % 5:
        return f"{text} fails the check of a La Poste SIRET: its digits do not add up to a multiple of 5. Typo?"
    return None


def iban_problem(text: str) -> str | None:
    """A bank account: country, check digits, and what the country's banks use."""
    shown = f"IBAN {_masked(text)}"
    if problem := _compact_problem(text, shown):
        return problem
    if not re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{5,30}", text):
        return f"{shown} is not an IBAN: expected two letters, two digits, then the account." + _zero_hint(text)
    from stdnum import iban

    if problem := _iban_length_problem(text):
        return f"{shown}{problem}"
    digits = iban.calc_check_digits(text)
    if digits != text[2:4]:
        return f"{shown}: check digits should be {digits}. Typo?" + _zero_hint(text, iban.is_valid)
    if not iban.is_valid(text):
        return f"{shown} is not laid out like the accounts of {text[:2]}. Typo?" + _zero_hint(text, iban.is_valid)
    return None


def bic_problem(text: str) -> str | None:
    """A bank: four letters, a country, two characters, and three more for a branch."""
    shown = f'BIC "{shorten(text)}"'
    if problem := _compact_problem(text, shown):
        return problem
    if len(text) not in (8, 11):
        return f"{shown} has {len(text)} characters; a BIC has 8 or 11."
    if not re.fullmatch(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?", text):
        return f"{shown} is not a BIC: expected four letters, a country, then letters or digits, as in AGRIFRPP."
    from stdnum import bic

    if not bic.is_valid(text):
        return f'{shown}: "{text[4:6]}" is not a country.'
    return None


def creditor_id_problem(text: str) -> str | None:
    """A SEPA creditor (ICS): country, check digits, business code, national number.

    The check digits leave out the business code, which each creditor may choose.
    """
    shown = f'creditor identifier "{shorten(text)}"'
    if problem := _compact_problem(text, shown):
        return problem
    if not re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{3}[A-Z0-9]{1,28}", text):
        return f"{shown} is not one: expected country, two digits, business code and number, as in FR72ZZZ123456."
    if text.startswith("FR") and len(text) != 13:
        return f"{shown} has {len(text)} characters; a French one has 13."
    from stdnum.eu import at_02

    digits = at_02.calc_check_digits(text)
    if digits != text[2:4]:
        return f"{shown}: check digits should be {digits}. Typo?" + _zero_hint(text, at_02.is_valid)
    return None


def spreadsheet_damage(text: str) -> str | None:
    """What a spreadsheet did to a number that should have stayed text, or None."""
    if _SCIENTIFIC.fullmatch(text):
        return f'"{visible(text)}" was rewritten by a spreadsheet, digits are lost. Format the column as text.'
    if _FLOAT.fullmatch(text):
        return f'"{visible(text)}" was turned into a decimal number by a spreadsheet. Format the column as text.'
    return None


def _iban_length_problem(text: str) -> str | None:
    """Each country has one length; the registry of countries comes with python-stdnum."""
    from stdnum import numdb

    layout = numdb.get("iban").info(text)[0][1].get("bban", "")
    if not layout:
        return f": no IBAN starts with {text[:2]}."
    length = 4 + sum(int(count) for count in re.findall(r"([0-9]+)!", layout))
    if len(text) == length:
        return None
    return f" has {len(text)} characters; an IBAN that starts with {text[:2]} has {length}."


def _digits_problem(text: str, length: int, name: str) -> str | None:
    """Anything but `length` digits 0-9, with the likely reason."""
    if len(text) == length and text.isascii() and text.isdigit():
        return None
    if damage := spreadsheet_damage(text):
        return damage
    plain = text.translate(_SEPARATORS)
    if len(plain) == length and plain.isascii() and plain.isdigit():
        return f'"{shorten(text)}" has separators. Write the {length} digits only: "{plain}".'
    odd = next((char for char in text if char not in "0123456789"), "")
    if odd:
        return f'"{shorten(text)}" has {_oddity(odd)}; expected the {length} digits of a {name}.'
    lost = f" Was a leading zero lost? Quote all {length} digits." if len(text) == length - 1 else ""
    return f'"{shorten(text)}" has {len(text)} digits; a {name} has {length}.{lost}'


def _oddity(char: str) -> str:
    if char in "OoIl":
        return f"the letter {char} where the digit {'0' if char in 'Oo' else '1'} must be meant"
    if char.isdecimal():
        return f"the foreign digit U+{ord(char):04X}"
    return f'the character "{visible(char)}"'


def _compact_problem(text: str, shown: str) -> str | None:
    """Spellings that only a person would take for the compact one."""
    odd = next((char for char in text if not char.isascii()), "")
    if odd:
        return f"{shown} has the character U+{ord(odd):04X}. Only A-Z and 0-9 are allowed."
    if text != text.translate(_SEPARATORS):
        return f"{shown} has separators. Write it without spaces, dots or hyphens."
    return None if text == text.upper() else f"{shown} has small letters. Write it in capitals."


def _zero_hint(text: str, valid: Callable[[str], bool] | None = None) -> str:
    """A word about the letter O when the digit 0 would make it right."""
    mended = text[:2] + text[2:].replace("O", "0")
    if mended == text or (valid is not None and not valid(mended)):
        return ""
    return " It has the letter O; is that the digit 0?"


def _masked(text: str) -> str:
    """Enough of an account number to find it in the file, not to use it."""
    return f'"{visible(text[:4])}…{visible(text[-2:])}"' if len(text) > 8 else f'"{visible(text)}"'


def _luhn(digits: str) -> int:
    """0 when the last digit is right: every second digit from the right is doubled, its digits added."""
    return (sum(map(int, digits[-1::-2])) + sum(map(int, digits[-2::-2].translate(_DOUBLED)))) % 10


def _luhn_digit(digits: str) -> str:
    return str(-_luhn(digits[:-1] + "0") % 10)
