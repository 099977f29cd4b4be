"""The console in a real Chromium: on a desk and a phone, in both languages, by keyboard, and without scripts."""

import socket
from dataclasses import replace
from datetime import date

import pytest

from flexsync.acts.files import Proposal
from flexsync.desired.model import Policy
from flexsync.state import Dossier, Evidence, Product, Service
from flexsync.store.sql import open_store
from tests.support.browser import DESK, PHONE, Served, listening
from tests.support.portal import in_portal, user_changed
from tests.support.stored import ANNE, LAURE, PAUL, ZOE, brought, user
from tests.support.web import VAT, dupont, opened

SIZES = {"desk": DESK, "phone": PHONE}
USERS = "/console/dupont"
DOSSIERS = {"2025": Dossier("Exercice 2025", date(2026, 11, 26), "p.martin"), "2026": Dossier("Exercice 2026")}
PATCH = "--- a/clients/dupont.yaml\n+++ b/clients/dupont.yaml\n@@ -22 +21,0 @@\n-  l.petit: {person: laure, éà}\n"
PATHS = {
    "users": "",
    "found": "?q=petit",
    "services": "/services",
    "history": "/history",
    "files": "/files",
    "new": "/users",
    "user": "/users/p.martin",
    "remove": "/users/l.petit/remove",
    "service": "/services/vat_filing",
    "activate": "/services/sepa_payments",
    "end": "/services/vat_filing/end",
    "held": "/data/compta",
    "online": "/data/gestion_commerciale",
}


class Files:
    """Files that decide everything in one place."""

    def where(self, name, paths):
        return dict.fromkeys(paths, f"clients/{name}.yaml:12")

    def policy(self, name):
        return Policy()

    def proposal(self, snapshot, wanted):
        return Proposal(PATCH, shared=True)


@pytest.fixture(params=["edited", "managed"])
def served(request, chromium, sqlite_url, clock):
    """A portal where administrators edit, and one where the files decide."""
    settings = {"console_edits": True} if request.param == "edited" else {"files": Files()}
    with socket.create_server(("127.0.0.1", 0)) as door, open_store(sqlite_url, create=False, clock=clock) as store:
        web = opened(store, clock, f"http://127.0.0.1:{door.getsockname()[1]}", **settings)
        furnish(web)
        with listening(web, door):
            yield Served(web, chromium)


def furnish(web):
    """A subscription with three products, four users, services, dossiers and some drift."""
    products = {
        "compta": Product("evolution", data_mode="hosted", dossiers=DOSSIERS),
        "gestion_commerciale": Product("evolution"),
        "paye": Product(),
    }
    vat = replace(VAT, evidence={"tax_office_form": Evidence(date(2026, 10, 1))}, ends_on=date(2027, 2, 1))
    services = {"vat_filing": vat, "payroll_filing": Service(status="pending", sirets=("73282932000074",))}
    long = replace(
        LAURE, given_name="Marie-Françoise", family_name="de la Rochefoucauld-Montbel", email="mf@dupont.example"
    )
    users = {
        "p.martin": user(PAUL, "compta", "paye"),
        "l.petit": user(LAURE, "paye"),
        "mf": user(long, "compta", "gestion_commerciale", "paye"),
        "z.noel": user(ZOE, "compta", ends_on=date(2026, 12, 31)),
    }
    brought(web.store, dupont(seats=6, products=products, services=services, users=users))
    web.has_password(ANNE, PAUL)
    in_portal(web.store, "dupont", user_changed("p.martin", access=("compta",)))


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("size", SIZES)
def test_pages_of_the_console_are_sound(served, size, language):
    mode = "edited" if served.web.site.console_edits else "managed"
    with served.tab(SIZES[size], language) as tab:
        tab.sign_in(ANNE)
        for name, path in PATHS.items():
            tab.open(f"{USERS}{path}{'&' if '?' in path else '?'}lang={language}").shot(
                f"console-{mode}-{name}-{size}-{language}"
            )
            assert tab.findings() == []
            assert tab.overflow() <= 0
            assert tab.heard == []
            assert tab.elsewhere == []


FILINGS = {"fr": "SIRET des établissements déclarants", "en": "SIRETs of the establishments that file"}


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("size", SIZES)
def test_a_service_is_changed_after_a_mistake_and_a_look_at_what_it_does(served, size, language):
    mode = "edited" if served.web.site.console_edits else "managed"
    with served.tab(SIZES[size], language) as tab:
        tab.sign_in(ANNE).open(f"{USERS}/services/vat_filing?lang={language}")
        tab.fill(sirets="73282932000075")
        press(tab)
        sound(tab, f"console-{mode}-mistake-{size}-{language}")
        with tab.page.expect_navigation(url="**#sirets"):
            tab.page.locator('.errors a[href="#sirets"]').click()
        assert tab.page.get_by_label(FILINGS[language]).get_attribute("aria-invalid") == "true"
        tab.fill(sirets="73282932000074")
        tab.page.check('[name^="recipient_"][value="z.noel"]')
        press(tab)
        sound(tab, f"console-{mode}-sure-{size}-{language}")
        if mode == "edited":
            assert "Zoé Noël" in tab.page.inner_text("main section")
            press(tab)
            sound(tab, f"console-{mode}-services-after-{size}-{language}")
            assert "Zoé Noël" in tab.page.inner_text("main")
        else:
            assert "l.petit: {person: laure" in tab.page.inner_text(".patch")


def press(tab):
    """The one button of the page beside that of signing out."""
    with tab.page.expect_navigation():
        tab.page.locator("main button").click()


def sound(tab, name):
    """Nothing is too wide, nothing is asked of others, and axe finds nothing; a picture for who wants to look."""
    tab.shot(name)
    assert tab.overflow() <= 0
    assert tab.elsewhere == []
    assert tab.findings() == []


@pytest.mark.parametrize("served", ["edited"], indirect=True)
@pytest.mark.parametrize("size", SIZES)
def test_data_goes_online_and_what_is_not_retrieved_stays_there(served, size):
    with served.tab(SIZES[size], scripts=False) as tab:
        tab.sign_in(ANNE).open(f"{USERS}/services")
        with tab.page.expect_navigation():
            tab.page.get_by_role("link", name="Héberger les données en ligne , Ciel Gestion Commerciale").click()
        tab.page.check('[name="internet"]')
        press(tab)
        tab.shot(f"console-data-sure-{size}")
        assert tab.overflow() <= 0
        tab.press("Oui, valider")
        assert "Le mode des données est changé" in tab.text
        with tab.page.expect_navigation():
            tab.page.get_by_role("link", name="Repasser en mode local , Ciel Compta").click()
        assert "à récupérer" in tab.page.inner_text("#dossiers")
        assert tab.page.locator("main button").count() == 0


@pytest.mark.parametrize("served", ["edited"], indirect=True)
@pytest.mark.parametrize("size", SIZES)
def test_a_user_is_created_and_deleted_without_scripts(served, size):
    with served.tab(SIZES[size], scripts=False) as tab:
        tab.sign_in(ANNE).open(USERS)
        with tab.page.expect_navigation():
            tab.page.get_by_role("link", name="Créer un nouvel utilisateur").click()
        tab.fill(
            given_name="Pierre", family_name="Quiroule", email="pq@dupont.example", email_again="pq@dupont.example"
        )
        tab.page.check('[value="monsieur"]')
        tab.page.check('[value="paye"]')
        press(tab)
        tab.press("Oui, valider")
        assert "Pierre Quiroule" in tab.text
        with tab.page.expect_navigation():
            tab.page.get_by_role("link", name="Supprimer , Pierre Quiroule").click()
        tab.press("Oui, supprimer ce compte Utilisateur")
        assert "Pierre Quiroule" not in tab.page.inner_text("table")


@pytest.mark.parametrize("served", ["edited"], indirect=True)
def test_the_keyboard_alone_sends_a_mail_again(served):
    with served.tab() as tab:
        tab.sign_in(ANNE).open(USERS)
        button = tab.page.get_by_role("button", name="Renvoyer le mot de passe").first
        for _ in range(60):
            tab.page.keyboard.press("Tab")
            if button.evaluate("one => one === document.activeElement"):
                break
        with tab.page.expect_navigation():
            tab.page.keyboard.press("Enter")
        assert "est en route" in tab.text


@pytest.mark.parametrize("served", ["managed"], indirect=True)
def test_a_patch_is_saved_byte_for_byte(served):
    with served.tab(PHONE, scripts=False) as tab:
        tab.sign_in(ANNE).open(f"{USERS}/users/l.petit/remove")
        with tab.page.expect_download() as saved:
            tab.page.get_by_role("button", name="Enregistrer dans un fichier").click()
        assert saved.value.suggested_filename == "dupont.patch"
        assert saved.value.path().read_bytes() == PATCH.encode()
