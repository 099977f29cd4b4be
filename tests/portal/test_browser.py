"""The pages in a real Chromium: on a desk and a phone, in both languages, with and without scripts, under axe."""

import pytest

from tests.support.browser import DESK, PHONE
from tests.support.stored import ANNE, PAUL

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
        for name, path in {"home": "/", "welcome": "/welcome", "me": "/me", "done": "/me?done=email"}.items():
            looked_at(tab.open(f"{path}{'&' if '?' in path else '?'}lang={language}"), f"{name}-{size}-{language}")
        tab.press({"fr": "Se déconnecter", "en": "Sign out"}[language])
        looked_at(tab.sign_in(ANNE), f"home-admin-{size}-{language}")
