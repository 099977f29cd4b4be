"""Schema and types: bad inputs 68 to 94, and the special wordings of the domain."""

# One case a line, whatever its length.

from tests.bad_inputs.case import BadInput, after_head

_NINES = "9" * 5_000
_PERSON = "civility: madame, given_name: Anne, family_name: Dupont, email: a@dupont.example"
_MANY = "users:\n" + "".join(f"  u{n}: {{}}\n" for n in range(5_001))


def _case(number: str, name: str, text: str, place: tuple[str, int, int], says: str) -> BadInput:
    """A subscription with `text` from line 4 on; `place` is code, line and column."""
    return BadInput(number, name, after_head(text), *place, says)


def _given_name(number: str, name: str, value: str, code: str, says: str) -> BadInput:
    return _case(number, name, f"admin:\n  given_name: {value}\n", (code, 5, 15), says)


def _alone(number: str, name: str, text: str, place: tuple[str, int, int], says: str) -> BadInput:
    return BadInput(number, name, text.encode(), *place, says)


CASES = [
    _case("68", "misspelt key", "admin:\n  given_nam: Anne\n", ("unknown-key", 5, 3), 'Did you mean "given_name"?'),
    _case(
        "69",
        "list instead of a mapping",
        "users: []\n",
        ("type", 4, 8),
        "expected a mapping (key: value); found a list",
    ),
    _case("70", "users: null", "users: null\n", ("type", 4, 8), "found nothing. Write {} for none"),
    _case("71", "user as text", "users:\n  p.martin: Paul\n", ("type", 5, 13), 'found text "Paul"'),
    _alone("72", "missing name", "apiVersion: flexsync/v1\nkind: Subscription\n", ("missing-key", 1, 1), "name"),
    _alone("72b", "missing kind", "apiVersion: flexsync/v1\nname: ab\n", ("missing-key", 1, 1), "kind"),
    _alone("73", "missing apiVersion", "kind: Subscription\nname: ab\n", ("missing-key", 1, 1), "apiVersion"),
    _alone(
        "74",
        "apiVersion of the future",
        "apiVersion: flexsync/v99\nkind: X\n",
        ("api-version", 1, 13),
        "reads flexsync/v1",
    ),
    _alone(
        "75",
        "apiVersion as a number",
        "apiVersion: 1\nkind: Subscription\n",
        ("api-version", 1, 13),
        "reads flexsync/v1",
    ),
    _alone("75b", "unknown kind", "apiVersion: flexsync/v1\nkind: Fleat\n", ("kind", 2, 7), 'Did you mean "Fleet"?'),
    _case("76", "hexadecimal seats", "seats: 0x10\n", ("number", 4, 8), "plain decimal number"),
    _case("77", "5,000 nines", f"seats: {_NINES}\n", ("too-long", 4, 8), "limit is 4096"),
    _case("77b", "16 digits", "seats: 1234567890123456\n", ("number", 4, 8), "15 digits"),
    _case("77c", "15 digits", "seats: 999999999999999\n", ("range", 4, 8), "whole number from 1 to 999"),
    _case("78", "negative seats", "seats: -1\n", ("range", 4, 8), "whole number from 1 to 999; found -1"),
    _case("79", "exponent", "seats: 1e3\n", ("number", 4, 8), "plain decimal number"),
    _case("80", "not a number", "seats: .nan\n", ("number", 4, 8), "plain decimal number"),
    _case("81", "underscore", "seats: 1_000\n", ("number", 4, 8), "plain decimal number"),
    _case("82", "base 60", "seats: 1:30\n", ("number", 4, 8), "plain decimal number"),
    _case("82b", "quoted number", 'seats: "12"\n', ("type", 4, 8), 'whole number from 1 to 999; found text "12"'),
    _case("82c", "fraction", "seats: 1.5\n", ("number", 4, 8), "plain decimal number"),
    _case("83", "yes", "admin: {also_user: yes}\n", ("type", 4, 20), "Use true or false"),
    _case("84", "NO as text", "company: {rcs: NO}\n", ("", 0, 0), ""),
    _case(
        "85", "capital letter", "products: {compta: {data_mode: Local}}\n", ("choice", 4, 32), 'Did you mean "local"?'
    ),
    _case("86", "unknown mode", "products: {compta: {data_mode: cloud}}\n", ("choice", 4, 32), "local, hosted"),
    _case("87", "$ref in data", "$ref: http://127.0.0.1:9/x\n", ("unknown-key", 4, 1), "unknown key"),
    _case("87b", "$schema in data", '"$schema": file:///etc/passwd\n', ("unknown-key", 4, 1), "unknown key"),
    _given_name("88", "name of 81 letters", "a" * 81, "too-long", "limit is 80"),
    _given_name("89", "name with a line break", r'"Anne\nMarie"', "forbidden-character", "line break"),
    _given_name("90", "name with an address", "http://x.example", "form", "letters, spaces, hyphens, apostrophes"),
    _given_name("91", "name with markup", "Anne<script>", "form", "letters"),
    _given_name("91b", "name with backticks", '"Anne`id`"', "form", "letters"),
    _given_name("91c", "name with an encoded word", '"=?UTF-8?Q?x?="', "form", "letters"),
    _given_name("92", "name of spaces", '"   "', "form", "a letter first"),
    _given_name("92b", "names people have", "Anne-Lise d'Ôléron Ñ. 李 Ελένη न्या", "", ""),
    _case("93", "line break at the end", 'customer_code: "C1\\n"\n', ("forbidden-character", 4, 16), "line break"),
    _case("94", "5,001 users", _MANY, ("too-many", 4, 1), "limit is 5000"),
    _case(
        "I4", "SIREN that lost its quotes", "company: {siren: 732829320}\n", ("quote", 4, 18), 'Quote it ("732829320")'
    ),
    _case(
        "I4b",
        "SIREN with a zero first",
        "company: {siren: 012345674}\n",
        ("number", 4, 18),
        'Quote a code ("012345674")',
    ),
    _case("I4c", "text that is a word", "company: {rcs: true}\n", ("quote", 4, 16), 'Quote it ("true")'),
    _case("I6", "civility", "admin: {civility: mr}\n", ("choice", 4, 19), '"mr" is not one of madame, monsieur'),
    _case("I10", "two administrators", f"admin: [{{{_PERSON}}}]\n", ("type", 4, 8), "exactly one administrator"),
    _case("I20", "mobile_data", "services: {mobile_data: {}}\n", ("derived-service", 4, 12), "data_mode: hosted"),
    _case(
        "I25", "password", "services: {vat_filing: {password: s3}}\n", ("literal-secret", 4, 25), "do not belong in git"
    ),
    _case("I25b", "mot_de_passe", "admin: {mot_de_passe: s3}\n", ("literal-secret", 4, 9), "password_from"),
    _case("I25c", "token", "api_token: s3\n", ("literal-secret", 4, 1), "password_from"),
    _case(
        "I38",
        "identifier",
        "services: {vat_filing: {identifier: X}}\n",
        ("observed-field", 4, 25),
        "assigned by the system",
    ),
    _case("134", "30 February", "ends_on: 2026-02-30\n", ("day", 4, 10), "real day as YYYY-MM-DD"),
    _case("135", "month 13", "ends_on: 2026-13-01\n", ("day", 4, 10), "real day"),
    _case("136", "day without hyphens", 'ends_on: "20260101"\n', ("day", 4, 10), "real day"),
    _case("137", "day by week", "ends_on: 2026-W01-1\n", ("day", 4, 10), "real day"),
    _case("141", "29 February of a plain year", "ends_on: 2027-02-29\n", ("day", 4, 10), "real day"),
    _case("S1", "bad key of a user", "users: {P Martin: {}}\n", ("key-form", 4, 9), 'Did you mean "p_martin"?'),
    _case("S2", "offer as it is printed", "offer: Ultraflex\n", ("form", 4, 8), 'Did you mean "ultraflex"?'),
    _case("S3", "letters that no code has", "offer: été\n", ("form", 4, 8), 'found text "été".'),
    BadInput(
        "I25d",
        "password in the store's address",
        b"apiVersion: flexsync/v1\nkind: Fleet\nname: ab\nstore: postgresql://u:s3@h/db\n",
        "form",
        4,
        8,
        "without a password",
        "Fleet",
    ),
]
