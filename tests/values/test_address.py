"""Addresses: which are one login, which pass for each other, which are refused."""

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import example, given
from hypothesis import strategies as st

from flexsync.address import domain_of, email_key, email_problem, skeleton

ANY_TEXT = st.text(max_size=40)
ADDRESS_LIKE = st.from_regex(r"[a-zA-Z0-9.!'+_-]{0,8}@[a-zA-Z0-9.-]{0,10}\.[a-zA-Z0-9]{0,4}", fullmatch=True)
ODD_DOMAIN = st.text("aéßſK\u212aс。.-ı中ｄ\u0301", min_size=1, max_size=8)


@pytest.mark.parametrize(
    "email",
    [
        "anne@dupont.fr",
        "a@dupont.example",
        "a@dupont.test",
        "Anne.Dupont+flex@mail.dupont.fr",
        "o'brien@x.ie",
        "a_b-c@x.fr",
        "a--b@x.fr",
        "a@b--c.fr",
        "a@été.fr",
        "a@xn--t-9fab.fr",
        "a@пример.рф",
        "a@日本語.jp",
        "!#$%&*/^{|}~@x.fr",
        "x" * 64 + "@x.fr",
    ],
)
def test_plain_addresses_pass(email: str) -> None:
    assert email_problem(email) is None


#: address, code, words of the message
REFUSED = [
    ("a@x.fr, b@y.fr", "email", "list of addresses"),
    ("a@x.fr; b@y.fr", "email", "list of addresses"),
    ("a@x.fr\nBcc: b@y.fr", "email", "line break, U+000A"),
    ("a@x.fr\u2028", "email", "line break, U+2028"),
    ("a\u200b@x.fr", "email", "invisible character U+200B"),
    ("a@x)b@y", "email", "comment"),
    ("<b@y> a@x.fr", "email", "display name"),
    ('"a@b"@c.fr', "email", "quoted"),
    ("a@[127.0.0.1]", "email", "IP address"),
    ("a@localhost", "email", "no top-level domain"),
    ("x" * 65 + "@x.fr", "email", "65 characters before the @"),
    ("a@b..fr", "email", "a dot too many"),
    (".a@b.fr", "email", "a dot too many"),
    ("a@b.fr.", "email", "a dot too many"),
    ("a@b@c.fr", "email", "more than one @"),
    ("anne", "email", "no @"),
    ("@x.fr", "email", "nothing before"),
    ("a@", "email", "nothing after"),
    ("a b@x.fr", "email", "a space"),
    ("=?UTF-8?Q?a?=@x.fr", "email", "=?"),
    ("a@x.local", "email", "reserved"),
    ("a@x_y.fr", "email", "not an e-mail address"),
    ("a@1.2.3.4", "email", "not an e-mail address"),
    ("a@" + "x" * 64 + ".fr", "email", "not an e-mail address"),
    ("andré@x.fr", "email", "U+00E9"),
    ("a＠x.fr", "email-lookalike", "U+FF20"),
    ("a@dupоnt.fr", "email-lookalike", "U+043E CYRILLIC SMALL LETTER O"),
    ("pаul@x.fr", "email-lookalike", "U+0430"),
    ("а@x.fr", "email-lookalike", "U+0430"),
    ("a@раура.com", "email-lookalike", "U+0440"),
    ("a@xn--80ak6aa92e.com", "email-lookalike", "U+0430"),
    ("a@\u212ait.fr", "email-lookalike", "U+212A KELVIN SIGN"),
    ("a@\u017fit.fr", "email-lookalike", "U+017F"),
    ("a@ｄupont.fr", "email-lookalike", "U+FF44"),
    ("a@中国。cn", "email-lookalike", "U+3002"),
]


@pytest.mark.parametrize(("email", "code", "says"), REFUSED)
def test_anything_else_is_refused_and_named(email: str, code: str, says: str) -> None:
    trouble = email_problem(email)
    assert trouble is not None
    assert trouble[0] == code
    assert says in trouble[1]
    assert "\n" not in trouble[1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A@X.fr", "a@x.FR"),
        ("a@été.fr", "a@e\u0301te\u0301.fr"),
        ("a@été.fr", "a@XN--t-9FAB.fr"),
        ("É@x.fr", "e\u0301@x.fr"),
        ("a@STRAßE.de", "a@xn--strae-oqa.de"),
        ("a@\u212ait.fr", "a@kit.fr"),
    ],
)
def test_two_spellings_of_one_login_have_one_key(one: str, other: str) -> None:
    assert email_key(one) == email_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("a@straße.de", "a@strasse.de"), ("a@dupоnt.fr", "a@dupont.fr"), ("a@раура.com", "a@paypa.com")],
)
def test_look_alikes_have_two_keys_and_one_skeleton(one: str, other: str) -> None:
    assert email_key(one) != email_key(other)
    assert skeleton(one) == skeleton(other)


@pytest.mark.parametrize(("one", "other"), [("a@x.fr", "b@x.fr"), ("a@été.fr", "a@ete.fr"), ("al@x.fr", "a1@x.fr")])
def test_what_can_be_told_apart_is_kept_apart(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


def test_the_domain_is_the_one_that_is_compared() -> None:
    assert domain_of("a@ÉTÉ.fr") == "xn--t-9fab.fr"


@given(ADDRESS_LIKE)
@example("a@b-.fr")
@example("a@-b.fr")
@example("a@ab--c.fr")
@example("a@b.c")
def test_ordinary_addresses_are_judged_as_email_validator_judges_them(email: str) -> None:
    try:
        validate_email(email, check_deliverability=False, test_environment=True, strict=True)
        valid = True
    except EmailNotValidError:
        valid = False
    assert (email_problem(email) is None) == valid


@given(st.one_of(ANY_TEXT, ADDRESS_LIKE, ODD_DOMAIN.map("a@".__add__)))
def test_any_text_has_a_stable_key_and_a_verdict(text: str) -> None:
    assert email_key(email_key(text)) == email_key(text)
    skeleton(text)
    if email_problem(text) is None:
        assert email_key(text).isascii()
        assert email_problem(email_key(text)) is None


@pytest.mark.parametrize("text", ["a." * 100_000, "a@" + "a." * 100_000, "a" * 100_000 + "@x.fr", "@" * 100_000])
def test_long_texts_are_refused_and_have_a_skeleton(text: str) -> None:
    assert email_problem(text) is not None
    assert skeleton(text) == skeleton(skeleton(text))
