"""The pages in a real Chromium: on a desk and a phone, in both languages, with and without scripts, under axe."""

import pytest

from tests.support.browser import DESK, PHONE
from tests.support.stored import ANNE, PAUL, brought
from tests.support.web import dupont

SIZES = {"desk": DESK, "phone": PHONE}


def looked_at(tab, name):
    tab.shot(name)
    assert tab.findings() == []
    assert tab.overflow() <= 0
    assert tab.heard == []
    assert tab.elsewhere == []


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("size", SIZES)
def test_pages_of_visitors_are_sound(served, size, language):
    served.web.has_password(ANNE)
    paths = {
        "sign-in": "/sign-in",
        "forgotten": "/forgotten",
        "link-activation": served.web.link(PAUL),
        "link-reset": served.web.link(ANNE, "reset"),
        "link-email": served.web.link(ANNE, "confirm_email", "a@dupont.example"),
        "operator-login": "/operator/login",
    }
    with served.tab(SIZES[size], language) as tab:
        for name, path in paths.items():
            looked_at(tab.open(path), f"{name}-{size}-{language}")


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("size", SIZES)
def test_pages_of_people_are_sound(served, size, language):
    served.web.has_password(ANNE, PAUL)
    with served.tab(SIZES[size], language) as tab:
        tab.sign_in(PAUL)
        paths = {
            "home": "/",
            "welcome": "/welcome",
            "me": "/me",
            "done": "/me?done=email",
            "software": "/downloads",
            "service": "/services/dupont/vat_filing",
        }
        for name, path in paths.items():
            looked_at(tab.open(f"{path}{'&' if '?' in path else '?'}lang={language}"), f"{name}-{size}-{language}")
        tab.press({"fr": "Se déconnecter", "en": "Sign out"}[language])
        looked_at(tab.sign_in(ANNE), f"home-admin-{size}-{language}")


def test_mistakes_are_told_beside_their_fields(served):
    served.web.has_password(PAUL)
    with served.tab(PHONE) as tab:
        tab.open(served.web.link(PAUL, "reset")).fill(password="azertyuiop12", password_again="azertyuiop12")
        tab.press("Valider ce mot de passe")
        assert tab.page.locator("#password").get_attribute("aria-invalid") == "true"
        tab.page.get_by_role("link", name="facile à deviner").click()
        assert tab.page.evaluate("document.activeElement.id") == "password"
        assert tab.findings() == []
        tab.shot("link-mistake-phone-fr")
    with served.tab(PHONE) as tab:
        tab.sign_in(PAUL, "not the password")
        assert tab.findings() == []
        tab.shot("sign-in-mistake-phone-fr")


@pytest.mark.parametrize("scripts", [True, False])
def test_the_way_from_the_mail_to_the_download_needs_a_keyboard_alone(served, scripts):
    with served.tab(scripts=scripts) as tab:
        tab.open(served.web.link(PAUL))
        for words in ("un petit tas de bois vert", "un petit tas de bois vert"):
            while tab.page.locator("input:focus[type=password]").count() == 0 or tab.page.input_value(":focus"):
                tab.page.keyboard.press("Tab")
            tab.page.keyboard.type(words)
        with tab.page.expect_navigation():
            tab.page.keyboard.press("Enter")
        assert tab.path == "/welcome?done=first-password"
        tab.page.get_by_role("button", name="Télécharger mon logiciel").focus()
        with tab.page.expect_navigation():
            tab.page.keyboard.press("Enter")
        assert tab.path == "/downloads"
        assert tab.elsewhere == []


def test_the_first_stop_of_the_keyboard_skips_to_the_content(served):
    with served.tab() as tab:
        tab.open("/sign-in").page.keyboard.press("Tab")
        assert tab.page.evaluate("document.activeElement.getAttribute('href')") == "#content"
        tab.page.keyboard.press("Enter")
        assert tab.page.evaluate("document.activeElement.id") == "content"


def test_forms_of_a_real_browser_pass(served):
    served.web.has_password(PAUL)
    with served.tab() as tab:
        tab.sign_in(PAUL)
        assert tab.path == "/"
        tab.open("/me").press("Se déconnecter")
        assert tab.path.startswith("/sign-in")


@pytest.mark.parametrize("size", SIZES)
def test_the_space_of_somebody_in_many_subscriptions_folds(served, size):
    for number in range(5):
        brought(served.web.store, dupont(name=f"client-{number}", services={}))
    served.web.has_password(ANNE)
    with served.tab(SIZES[size]) as tab:
        looked_at(tab.sign_in(ANNE), f"home-many-{size}")
        link = tab.page.get_by_role("link", name="Aller à la console").first
        assert not link.is_visible()
        tab.page.locator("summary").first.click()
        with tab.page.expect_navigation():
            link.click()
        assert tab.path.startswith("/console/")
