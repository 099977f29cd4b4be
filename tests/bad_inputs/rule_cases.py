"""What a merged document gets wrong: bad inputs 95 to 141, and invariants of the domain.

A `§` stands in front of the token that the first problem points at; without one it is the start of
the file. Nothing here depends on the day, as long as it is later than 2014 and earlier than 2099.
"""

from tests.bad_inputs.case import BadInput, after_head

MARK = "§"
_ADMIN = "civility: madame, given_name: Anne, family_name: Dupont, email: anne@dupont.example"
_PAUL = "civility: monsieur, given_name: Paul, family_name: Martin"
_LAURE = "civility: madame, given_name: Laure, family_name: Petit"
_VAT = "enabled: true, password_from: {env: FLEX}, sirets: "
_BANK = {"creditor_id": "FR72ZZZ123456", "iban": "FR7630006000011234567890189", "bic": "AGRIFRPP"}

_SECTIONS = {
    "offer": "ultraflex",
    "seats": "5",
    "products": "{compta: {}, gestion_commerciale: {}, paye: {}}",
    "admin": f"{{{_ADMIN}, also_user: true}}",
}


def _case(number: str, name: str, code: str, says: str, **sections: str) -> BadInput:
    """A subscription that is right but for `sections`; an empty one is left out."""
    kept = {key: text for key, text in (_SECTIONS | sections).items() if text}
    content = after_head("".join(f"{key}: {text}\n" for key, text in kept.items())).decode()
    before = content.partition(MARK)[0] if MARK in content else ""
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    return BadInput(number, name, content.replace(MARK, "").encode(), code, line, column, says)


def _two(number: str, name: str, paul: str, laure: str, says: str) -> BadInput:
    """Two users whose e-mails are one login."""
    users = f'\n  p.martin: {{{_PAUL}, access: [paye], email: "{paul}"}}\n'
    users += f'  l.petit: {{{_LAURE}, access: [paye], email: §"{laure}"}}'
    return _case(number, name, "one-login", says, users=users)


def _email(number: str, name: str, email: str, says: str, code: str = "email") -> BadInput:
    return _case(number, name, code, says, users=f'\n  p.martin: {{{_PAUL}, access: [paye], email: §"{email}"}}')


def _siret(number: str, name: str, siret: str, says: str, code: str = "siret") -> BadInput:
    return _case(number, name, code, says, services=f"{{vat_filing: {{{_VAT}[§{siret}]}}}}")


def _dates(number: str, name: str, code: str, says: str, dates: str) -> BadInput:
    return _case(number, name, code, says, users=_user(f"access: [paye], {dates}"))


def _user(more: str) -> str:
    return f"\n  p.martin: {{{_PAUL}, email: paul@dupont.example, {more}}}"


def _bank(number: str, name: str, field: str, value: str, says: str) -> BadInput:
    entries = ", ".join(f"{key}: {text}" for key, text in (_BANK | {field: f'§"{value}"'}).items())
    code = field.replace("_", "-")
    return _case(number, name, code, says, services=f"{{sepa_payments: {{enabled: true, {entries}}}}}")


def _full(count: int) -> str:
    """`count` users; the mark is on the last one."""
    lines = [
        f"  u{n}: {MARK if n == count else ''}{{{_PAUL}, email: u{n}@dupont.example, access: [paye]}}"
        for n in range(1, count + 1)
    ]
    return "\n" + "\n".join(lines)


_SWAP = _user("access: [paye], ends_on: 2013-01-31") + (
    f"\n  l.petit: {{{_LAURE}, email: laure@dupont.example, access: [paye]}}"
)

CASES = [
    # seats
    _case("95", "6 users for 5 seats", "seats", "6 accounts for 5 seats", users=_full(5)),
    _case("96", "one leaves and one joins", "", "", seats="2", users=_SWAP),
    _case(
        "I14",
        "cap of a product",
        "product-seats",
        "1 but 2 users open paye: admin, p.martin",
        products="{compta: {}, paye: {seats: §1}}",
        users=_user("access: [paye]"),
    ),
    # what is sold
    _case("97", "unknown product", "unknown-product", 'Did you mean "compta"?', products="{compte: §{}}"),
    _case("97b", "unknown offer", "unknown-offer", "Known: flex, ultraflex", offer="§premium"),
    _case(
        "97c", "unknown edition", "unknown-edition", "Known: standard", products="{compta: {edition: §gold}, paye: {}}"
    ),
    _case(
        "98",
        "service not in the offer",
        "service-offer",
        "needs offer ultraflex; this subscription is flex",
        offer="flex",
        services=f'{{vat_filing: §{{{_VAT}["73282932000074"]}}}}',
    ),
    _case("98b", "unknown service", "unknown-service", "Known: vat_filing", services="{backup: §{enabled: true}}"),
    _case(
        "98c",
        "unknown prerequisite",
        "unknown-prerequisite",
        "Known: tax_office_form",
        services="{vat_filing: {enabled: false, prerequisites: {form: §{sent_on: 2013-01-14}}}}",
    ),
    _case(
        "99",
        "recipient without the service's product",
        "recipient",
        "p.martin has no access to compta",
        users=_user("access: [paye]"),
        services=f'{{vat_filing: {{{_VAT}["73282932000074"], recipients: [§p.martin]}}}}',
    ),
    _case(
        "99b",
        "recipient who is no user",
        "recipient",
        '"p.marti" is not a user who is present',
        users=_user("access: [paye]"),
        services=f'{{vat_filing: {{{_VAT}["73282932000074"], recipients: [§p.marti]}}}}',
    ),
    _case(
        "100",
        "service without its product",
        "service-product",
        "needs product compta",
        products="{paye: {}}",
        services=f'{{vat_filing: §{{{_VAT}["73282932000074"]}}}}',
    ),
    _case("I19", "hosted payroll", "hosting", "cannot be hosted", products="{paye: {data_mode: §hosted}}"),
    _case(
        "I30",
        "Internet not acknowledged",
        "internet",
        "internet_acknowledged: true",
        products="{compta: {data_mode: §hosted}}",
    ),
    # one login, one person
    _two("101", "capital and small letter", "Paul@x.example", "paul@x.example", "first at"),
    _two("102", "composed and decomposed", "a@été.example", "a@e\u0301te\u0301.example", "users.p.martin"),
    _email("103", "long s", "a@\u017fit.example", "U+017F", "email-lookalike"),
    _email("103b", "Kelvin sign", "a@\u212ait.example", "U+212A", "email-lookalike"),
    _two("103c", "sharp s", "a@straße.example", "a@strasse.example", "looks the same as"),
    _two("104", "both spellings of a domain", "a@été.example", "a@xn--t-9fab.example", "is used by users.p.martin"),
    _email("105", "Cyrillic letter in the domain", "a@dupоnt.example", "U+043E", "email-lookalike"),
    _email("106", "two scripts before the @", "pаul@x.example", "U+0430", "email-lookalike"),
    _email("107", "full-width @", "a＠x.example", "U+FF20", "email-lookalike"),
    _email("108", "two addresses", "a@x.example, b@y.example", "one plain address"),
    _email("109", "line break", r"a@x.example\nBcc: b@y.example", "line break", "forbidden-character"),
    _email("110", "comment", "a@x)b@y", "one plain address"),
    _email("111", "display name", "<b@y> a@x.example", "one plain address"),
    _email("112", "quoted", r"\"a@b\"@c.example", "one plain address"),
    _email("113", "IP address", "a@[127.0.0.1]", "one plain address"),
    _email("114", "no top-level domain", "a@localhost", "one plain address"),
    _email("115", "65 characters before the @", "x" * 65 + "@x.example", "at most 64"),
    _email("116", "two dots", "a@b..fr", "one plain address"),
    _email("117", "dot first", ".a@b.fr", "one plain address"),
    _case(
        "I7",
        "domain outside of the policy",
        "domain",
        "gmail.example is not in policy.email_domains (dupont.example)",
        users="\n  p.martin: {" + _PAUL + ", access: [paye], email: §p@gmail.example}",
        policy="{email_domains: [dupont.example]}",
    ),
    _case("I5", "no e-mail", "identity", "missing email", users=f"\n  p.martin: §{{{_PAUL}, access: [paye]}}"),
    # administrator and first user
    _case("118", "no administrator", "missing", "exactly one administrator", admin=""),
    _case("119", "two administrators", "type", "exactly one administrator", admin=f"§[{{{_ADMIN}}}]"),
    _case(
        "120",
        "administrator repeated among the users",
        "repeated-admin",
        "set admin.also_user: false",
        users="\n  a.dupont: §{" + _ADMIN + ", access: [paye]}",
    ),
    _case(
        "121",
        "no user at all",
        "first-user",
        "The first one is mandatory to activate the software",
        admin=f"{{{_ADMIN}}}",
        users="§{}",
    ),
    _case(
        "121b",
        "the only user left",
        "first-user",
        "no user account on",
        admin=f"{{{_ADMIN}}}",
        users="\n  §p.martin: {" + _PAUL + ", email: p@dupont.example, access: [paye], ends_on: 2013-01-31}",
    ),
    _case(
        "122",
        "the administrator's key for a user",
        "reserved-key",
        "reserved for the administrator's own seat",
        users="\n  admin: §{" + _PAUL + ", access: [paye], email: paul@dupont.example}",
    ),
    _case(
        "I16",
        "access to a product that is not owned",
        "access",
        'of ab. Did you mean "paye"?',
        users=_user("access: [§pay]"),
    ),
    _case(
        "I16b",
        "access left out with three products",
        "access",
        "say which ones the user opens",
        users="\n  p.martin: §{" + _PAUL + ", email: paul@dupont.example}",
    ),
    _case(
        "I36",
        "former key still declared",
        "previously",
        '"p.martin" is still declared',
        users=_user("access: [paye], previously: [§p.martin]"),
    ),
    # SIRETs
    _siret("124", "check digit", '"73282932000079"', "the last digit would be 4"),
    _siret("125", "13 digits", '"7328293200007"', "has 13 digits; a SIRET has 14"),
    _siret("126", "15 digits", '"732829320000744"', "has 15 digits; a SIRET has 14"),
    _siret("127", "Arabic digits", '"٧٣٢٨٢٩٣٢٠٠٠٠٧٤"', "expected the 14 digits"),
    _siret("128", "letter for a zero", '"7328293200O074"', "letter O"),
    _siret("129", "zero first, without quotes", "01234567400019", "Quote a code", "number"),
    _siret("130", "all zeros", '"00000000000000"', "no SIREN"),
    _siret("131", "wrong SIREN inside", '"11122233344455"', "111222333 fails the check digit of a SIREN"),
    _siret("132", "La Poste", '"35600000009075"', "", ""),
    _siret("133", "La Poste, wrong sum", '"35600000009076"', "multiple of 5"),
    _case(
        "I22",
        "one SIRET twice",
        "siret-twice",
        "sirets[0] already",
        services=f'{{vat_filing: {{{_VAT}["73282932000074", §"73282932000074"]}}}}',
    ),
    _case("I21", "SIREN", "siren", "the last digit would be 0", company='{siren: §"732829321"}'),
    _case("I23", "no SIRET", "sirets", "at least one establishment", services=f"{{vat_filing: {{{_VAT}§[]}}}}"),
    _case(
        "I23b",
        "more SIRETs than the contract allows",
        "sirets",
        "2 SIRETs declared, the contract allows 1.",
        sirets_allowed="1",
        services=f'{{vat_filing: {{{_VAT}§["73282932000074", "73282932000017"]}}}}',
    ),
    # bank
    _bank("I24", "creditor identifier", "creditor_id", "FR20ZZZ123456", "check digits should be 72"),
    _bank("I24b", "IBAN", "iban", "FR7530006000011234567890189", "check digits should be 76"),
    _bank("I24c", "BIC", "bic", "AGRI", "a BIC has 8 or 11"),
    # dates
    _dates("138", "end before start", "period", "is before starts_on", "starts_on: 2013-06-01, ends_on: §2013-05-01"),
    _dates("139", "start in 1899", "date-range", "between 1990 and 2100", "starts_on: §1899-12-30"),
    _dates("140", "end in 2999", "date-range", "between 1990 and 2100", "ends_on: §2999-01-01"),
    _case(
        "I27",
        "papers sent in the future",
        "future-date",
        "2099-01-01 is after",
        services="{vat_filing: {enabled: false, prerequisites: {tax_office_form: {sent_on: §2099-01-01}}}}",
    ),
    _case(
        "A13",
        "service after the contract",
        "after-contract",
        "is after the contract's last day",
        ends_on="2014-02-01",
        services="{vat_filing: {enabled: false, ends_on: §2014-02-02}}",
    ),
]
