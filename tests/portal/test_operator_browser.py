"""Pages of operators in a real Chromium: on a desk and a phone, in both languages, without scripts, under axe."""

import pytest

from flexsync.store import sessions
from tests.support.browser import DESK, PHONE
from tests.support.portal import in_portal, person_changed
from tests.support.web import PASSWORD

SIZES = {"desk": DESK, "phone": PHONE}


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("size", SIZES)
def test_pages_of_operators_are_sound(served, size, language):
    web = served.web
    web.operator("claire")
    in_portal(web.store, "dupont", person_changed("p.martin", given_name="Paulo"))
    run = next(one.id for one in web.store.runs() if one.command == "apply")
    pages = {
        "fleet": "/operator?q=",
        "subscription": "/operator/subscriptions/dupont?page=1",
        "invitations": "/operator/invitations?state=",
        "outbox": "/operator/outbox?state=",
        "mail": f"/operator/outbox/{web.store.outbox()[0].id}?page=1",
        "runs": "/operator/runs?page=1",
        "run": f"/operator/runs/{run}?page=1",
        "disclosures": "/operator/disclosures?page=1",
        "notices": "/operator/notices?page=1",
        "notice": f"/operator/notices/N8/{language}?page=1",
    }
    with served.tab(SIZES[size], language) as tab:
        tab.open("/operator/login").fill(name="claire", password=PASSWORD)
        with tab.page.expect_navigation():
            tab.page.press('[name="password"]', "Enter")
        for name, path in pages.items():
            tab.open(f"{path}&lang={language}").shot(f"operator-{name}-{size}-{language}")
            assert tab.findings() == [], name
            assert tab.overflow() <= 0, name
            assert tab.heard == []
            assert tab.elsewhere == []


def test_operators_find_and_act_without_scripts(served):
    served.web.operator("claire")
    number = served.web.store.outbox()[0].id
    with served.web.store.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE outbox SET state = 'held' WHERE id = {number}")
    with served.tab(language="en", scripts=False) as tab:
        tab.open("/operator/login").fill(name="claire", password=PASSWORD).press("Sign in")
        assert tab.path == "/operator"
        tab.fill(q="costa").press("Search")
        assert "dupont" not in tab.page.inner_text("table").split()
        tab.open(f"/operator/outbox/{number}").press("Give it up")
        assert "was given up" in tab.text


def test_with_scripts_the_list_follows_what_is_typed(served):
    served.web.operator("claire")
    with served.tab(language="en") as tab:
        tab.open("/operator/login").fill(name="claire", password=PASSWORD).press("Sign in")
        assert "dupont" in tab.page.inner_text("#found").split()
        tab.fill(q="costa")
        tab.page.locator("#found", has_text="dupont").wait_for(state="detached")
        assert "costa" in tab.page.inner_text("#found").split()
        assert tab.path.startswith("/operator?q=costa")
        assert tab.page.evaluate("document.activeElement.id") == "q"
        served.web.store.write(
            lambda connection: sessions.end_of_operator(connection, "claire", served.web.clock.now())
        )
        with tab.page.expect_navigation():
            tab.fill(q="dup")
        assert tab.path.startswith("/operator/login")
        assert tab.heard == []
        assert tab.elsewhere == []
