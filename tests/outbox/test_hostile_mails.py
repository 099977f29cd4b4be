"""Whatever people call themselves, a mail says what it is meant to say, to whom it is meant."""

import re
from itertools import groupby
from unicodedata import category

import pytest
from hypothesis import given

from flexsync.errors import FlexsyncError
from flexsync.outbox.harmless import harmless, unlinked
from flexsync.outbox.letter import letters
from flexsync.outbox.message import UnsafeMail, stable_id
from flexsync.text import is_unsafe
from tests.support.hostile import PAYLOADS, texts
from tests.support.letters import HEADERS, LINK, PAUL, PORTAL, SENDER, parsed, read, row, sent, told
from tests.support.parsed import elements, nodes

MORE = (
    "=?utf-8?q?Bcc:_x@evil.example?=",
    "x\r\nBcc: victim@evil.example",
    "x\r\n\r\n<html>",
    "{{ 7 * 7 }}",
    "{% raw %}",
    "%(name)s %s %",
    "a" + "\u0301" * 80,
    "\u202egnp.exe",
    "-- ",
    ".\n",
    "From here",
    "== Titre",
)
HOSTILE = pytest.mark.parametrize("text", [*PAYLOADS, *MORE])


def full_of(text: str):
    """A row in which every text that anybody can write is `text`."""
    person = {**PAUL, "given_name": text, "family_name": text}
    other = {**person, "email": "other@dupont.example"}
    service = {"status": "active", "sirets": [text], "recipients": ["p.martin"]}
    return row(
        told("N3", "user.update", "user/p.martin", {**person, "given_name": "P"}, person),
        told("N5", "user.deactivate", "user/x", {"person": other}, None),
        told("N8", "service.activate", "service/vat_filing", None, service, identifier=text, names={"p.martin": text}),
        told("N12", "data_mode.to_local", "product/compta", "hosted", "local", dossiers=[_dossier(text)]),
        told("N14", "subscription.assert", "subscription", {"status": text}, {"status": "open"}),
        subscription=text,
        payload={"subscription": text, "legal_name": text, "customer_code": text, "person": person},
    )


def _dossier(text: str) -> dict[str, str]:
    return {"code": text, "label": text, "retrieved_on": "2026-01-02", "retrieved_by": text}


PLAIN = full_of("Martin")


@HOSTILE
def test_hostile_names_change_no_header_and_add_no_recipient(text):
    mail = parsed(sent(letters([full_of(text)])))
    assert mail.keys() == HEADERS
    assert [address.addr_spec for address in mail["To"].addresses] == ["paul@dupont.example"]
    assert mail["Subject"] == parsed(sent(letters([PLAIN])))["Subject"]


@HOSTILE
def test_hostile_names_add_no_line_to_the_text_and_no_element_to_the_page(text):
    told, plain = read(full_of(text)), read(PLAIN)
    assert len(told.text.splitlines()) == len(plain.text.splitlines())
    assert not any(is_unsafe(char) for char in told.text.replace("\n", "").replace("\u200b", ""))
    assert elements(told.html) == elements(plain.html)
    assert {node.attrs["href"] for node in nodes(told.html) if "href" in (getattr(node, "attrs", None) or {})} == {
        PORTAL
    }


@given(texts)
def test_no_text_at_all_gets_a_mail_refused_or_changed(text):
    content = sent(letters([full_of(text)]), link=LINK)
    assert parsed(content).keys() == HEADERS
    assert b"\n" not in content.replace(b"\r\n", b"")


@given(texts)
def test_harmless_text_stays_harmless_text_and_short(text):
    once = harmless(text)
    assert len(once) <= 301
    assert "=?" not in once
    assert not any(is_unsafe(char) for char in once)
    marks = (len(list(run)) for mark, run in groupby(once, lambda char: category(char) in ("Mn", "Me")) if mark)
    assert max(marks, default=0) <= 4


def test_braces_are_text():
    assert "{{ 7 * 7 }}" in read(full_of("{{ 7 * 7 }}")).text


@pytest.mark.parametrize("name", ["www.evil.example", "https://evil.example/x", "evil.fr", "Anne.evil.com Martin"])
def test_a_name_is_no_link(name):
    shown = unlinked(name)
    assert shown.replace("\u200b", "") == name
    assert not re.search(r"://|www\.e|\.(example|fr|com)", shown)


@pytest.mark.parametrize("name", ["J.P. Martin", "Le-Guilcher", "Ciel 12.54", "D'Arcy"])
def test_ordinary_names_are_left_as_they_are(name):
    assert unlinked(name) == name


@pytest.mark.parametrize(
    "recipient",
    [
        "a@x.fr\r\nBcc: b@x.fr",
        "a@x.fr, b@x.fr",
        "a@x.fr;b@x.fr",
        "Anne <a@x.fr>",
        '"a b"@x.fr',
        "a@x.fr\u202e",
        "=?utf-8?q?a?=@x.fr",
        "a@",
        "@x.fr",
        "a",
        "",
        "a..b@x.fr",
        "a@b@x.fr",
    ],
)
def test_an_odd_recipient_is_refused_in_words(recipient):
    letter = letters([row(told("N7", "password.reset", "user/p.martin"), recipient=recipient)])
    with pytest.raises(UnsafeMail):
        sent(letter, message_id="<x@y>")


@pytest.mark.parametrize(
    "fields",
    [
        {"link": "javascript:alert(1)"},
        {"link": "https://x.example/a b"},
        {"link": 'https://x.example/"onclick='},
        {"portal": "https://x.example\r\nBcc: b"},
        {"sender": "a@x.fr, b@x.fr"},
        {"sender_name": "Morel\r\nBcc: b@x.fr"},
        {"sender_name": "=?utf-8?q?x?="},
        {"message_id": "<a@b>\r\nBcc: b@x.fr"},
    ],
)
def test_odd_settings_are_refused_in_words(fields):
    with pytest.raises(FlexsyncError):
        sent(letters([row(told("N7", "password.reset", "user/p.martin"))]), **fields)


@pytest.mark.parametrize(
    "name",
    [
        "Cabinet Morel",
        "Étude Léa & Fils, SARL",
        'Le "Cabinet"',
        "Espace Flexibilité du cabinet Morel",
        "",
    ],
)
def test_the_name_of_the_sender_reads_back(name):
    mail = parsed(sent(letters([PLAIN]), sender_name=name))
    assert [(one.display_name, one.addr_spec) for one in mail["From"].addresses] == [(name, SENDER)]


def test_a_long_name_of_the_sender_hinders_no_mail():
    mail = parsed(sent(letters([PLAIN]), sender_name="Étude Morel et associés " * 8))
    assert mail["From"].addresses[0].addr_spec == SENDER


def test_letters_beyond_ascii_before_the_at_sign_go_out_as_they_are_and_after_it_as_servers_know_them():
    letter = letters([row(told("N7", "password.reset", "user/p.martin"), recipient="rené@dupönt.example")])
    content = sent(letter)
    assert "To: rené@xn--dupnt-lua.example\r\n".encode() in content


def test_the_same_letter_is_the_same_bytes_and_its_id_depends_on_store_run_and_recipient():
    assert sent(letters([PLAIN])) == sent(letters([PLAIN]))
    ids = {
        stable_id(*words, SENDER)
        for words in (("s", "r", "a@x"), ("t", "r", "a@x"), ("s", "q", "a@x"), ("s", "r", "b@x"))
    }
    assert len(ids) == 4
    assert stable_id("s", "r", "Anne@x.fr", SENDER) == stable_id("s", "r", "anne@X.fr", SENDER)
