"""Every notice in both languages: what people read, and what goes to the wire."""

import re

import pytest

from flexsync.desired.catalogue_file import builtin
from flexsync.language import LANGUAGES
from flexsync.outbox.letter import GRAVITY
from flexsync.outbox.samples import CODES, LINK, PORTAL, preview
from flexsync.outbox.speech import Speech
from flexsync.outbox.subjects import subjects
from tests.support.letters import HEADERS, parsed
from tests.support.parsed import attributes, nodes, text

EACH = pytest.mark.parametrize("code", CODES)
BOTH = pytest.mark.parametrize("language", LANGUAGES)


def shown(code: str, language: str, form: str) -> str:
    return preview(code, language, form, builtin()).decode()


@EACH
@BOTH
@pytest.mark.parametrize("form", ["text", "html", "eml"])
def test_each_notice_reads_as_it_was_reviewed(golden, code, language, form):
    golden(
        f"outbox/{code}.{language}.{'txt' if form == 'text' else form}", shown(code, language, form).replace("\r", "")
    )


@EACH
@BOTH
def test_text_and_page_say_the_same_words(code, language):
    words = {form: set(re.findall(r"\w{3,}", _words(code, language, form))) for form in ("text", "html")}
    only_in_page = " ".join(sorted(words["html"] - words["text"]))
    button = (
        "bouton répond pas copiez cette adresse dans votre navigateur the button does not work copy this address into"
    )
    assert (
        set(only_in_page.split()) - set(button.split()) - {"your", "browser", "Your", "Votre", "Flexibilité"} == set()
    )
    assert words["text"] - words["html"] == set()


def _words(code: str, language: str, form: str) -> str:
    content = shown(code, language, form)
    return text(content, without=("style",)) if form == "html" else content


@EACH
@BOTH
def test_a_page_needs_nothing_from_elsewhere_and_leads_to_the_portal_alone(code, language):
    page = shown(code, language, "html")
    targets = {node.attrs["href"] for node in nodes(page) if "href" in (getattr(node, "attrs", None) or {})}
    assert targets <= {LINK, PORTAL}
    assert targets
    assert {name for _, name in attributes(page)} & {"src", "srcset", "background", "onclick"} == set()
    assert "url(" not in page


@EACH
@BOTH
def test_a_mail_has_the_headers_that_it_should_and_one_recipient(code, language):
    mail = parsed(preview(code, language, "eml", builtin()))
    assert mail.keys() == HEADERS
    assert len(mail["To"].addresses) == 1
    assert mail["Subject"] == subjects(Speech(language, builtin()))[code]
    assert mail["Content-Language"] == language
    assert mail["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert mail.defects == []


@EACH
def test_no_french_is_left_in_english_and_no_english_in_french(code):
    english, french = (shown(code, language, "text") for language in ("en", "fr"))
    assert not re.search(r"\b(votre|vous|est|abonnement)\b", english.replace("Espace", ""), re.IGNORECASE)
    assert not re.search(r"\b(your|the|and|has)\b", french, re.IGNORECASE)


@EACH
def test_french_days_are_day_month_year_and_signs_have_their_space(code):
    french = shown(code, "fr", "text")
    assert not re.search(r"\d{4}-\d\d-\d\d", french)
    assert not re.search(
        r"[^\s\u00a0/s] ?[;!?»]|[a-zé]:(?!//)|« |'", re.sub(r"https?://\S+", "", french).replace("\u00a0", "\n")
    )


def test_subjects_are_fixed_and_no_two_notices_share_one():
    for language in LANGUAGES:
        found = subjects(Speech(language, builtin()))
        assert tuple(found) == CODES
        assert len(set(found.values())) == len(CODES)
    assert sorted(GRAVITY) == sorted(CODES)
