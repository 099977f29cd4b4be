"""The files behind the console: where they decide, the patch that asks for a change, edits that adopt takes over."""

import subprocess
from dataclasses import replace
from html import unescape

import pytest

from flexsync.clock import FixedClock
from flexsync.workflow.desk import Order
from flexsync.workflow.serving import files_of
from tests.support.console_fleet import DUPONT, USERS, fleet_in, portal_on
from tests.support.stored import ANNE, NOON


@pytest.fixture
def folder(tmp_path, flexsync):
    fleet_in(tmp_path, flexsync)
    return tmp_path


@pytest.fixture
def clock():
    return FixedClock(NOON)


@pytest.fixture
def web(folder, clock):
    with portal_on(folder, clock) as web:
        yield web


def patch_of(page):
    text = page.text.partition('<pre class="patch"')[2].partition("<code>")[2].partition("</code>")[0]
    return unescape(text)


def applied(folder, patch):
    """git takes the patch as it is."""
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    subprocess.run(["git", "apply", "--unidiff-zero", "-"], cwd=folder, check=True, input=patch.encode())


def test_each_user_shows_the_line_that_decides(web):
    page = web.signed_in(ANNE).get(USERS)
    assert "clients/dupont.yaml:10" in page.text
    assert "clients/dupont.yaml:15" in page.text


def test_what_a_profile_decides_is_shown_there(web):
    page = web.signed_in(ANNE).get(f"{USERS}/files")
    assert "fleet.yaml:7" in page.text


def test_what_is_decided_in_a_file_has_its_name_in_the_language_of_the_page(web):
    page = web.signed_in(ANNE).get(f"{USERS}/files").text
    for words in ("Offre", "Nombre de comptes Utilisateurs", "Administrateur", "Ciel Compta", "Paul Martin"):
        assert f'<th scope="row">{words}' in page
    assert '<th scope="row">Number of user accounts' in web.signed_in(ANNE).get(f"{USERS}/files?lang=en").text


def test_a_patch_can_be_saved_as_the_file_that_it_is(web):
    from urllib.parse import unquote

    page = web.signed_in(ANNE).get(f"{USERS}/users/l.petit/remove")
    link = page.text.partition('download="dupont.patch" href="data:text/plain;charset=utf-8,')[2].partition('"')[0]
    assert unquote(link) == patch_of(page)
    assert patch_of(page).endswith("\n")


def test_deleting_is_a_patch_that_git_takes_and_plan_shows(web, folder, flexsync):
    patch = patch_of(web.signed_in(ANNE).get(f"{USERS}/users/l.petit/remove"))
    assert "-  l.petit: {person: laure, access: [paye]}" in patch
    applied(folder, patch)
    planned = flexsync("plan", "-C", str(folder)).out
    assert "deactivate" in planned
    assert "l.petit" in planned
    assert "# the accountant" in (folder / "clients" / "dupont.yaml").read_text()


def test_a_change_is_a_patch_and_nothing_is_written(web, folder):
    browser = web.signed_in(ANNE)
    before = web.store.snapshots(["dupont"])
    fields = {
        "civility": "monsieur", "given_name": "Paul", "family_name": "Martin", "email": "paul@dupont.example",
        "language": "fr", "access_1": "compta",
    }  # fmt: skip
    page = browser.send(f"{USERS}/users/p.martin", **fields)
    assert page.status_code == 200
    patch = patch_of(page)
    assert "+    family_name: Martin\n" in patch
    assert "+    access: [compta]\n" in patch
    assert web.store.snapshots(["dupont"]) == before
    assert (folder / "clients" / "dupont.yaml").read_text() == DUPONT


def test_a_new_user_is_a_patch_that_plan_invites(web, folder, flexsync):
    fields = {
        "civility": "monsieur", "given_name": "Pierre", "family_name": "Quiroule", "email": "pierre@dupont.example",
        "email_again": "pierre@dupont.example", "language": "fr", "existing": "", "access_1": "paye",
    }  # fmt: skip
    page = web.signed_in(ANNE).send(f"{USERS}/users", **fields)
    applied(folder, patch_of(page))
    planned = flexsync("plan", "-C", str(folder)).out
    assert "Pierre Quiroule" in planned
    assert "p.quiroule" in planned


def test_a_patch_of_a_shared_file_shows_no_neighbour(web):
    fields = {
        "civility": "madame", "given_name": "Laurence", "family_name": "Petit", "email": "laure@dupont.example",
        "language": "fr", "access_1": "paye",
    }  # fmt: skip
    browser = web.signed_in(ANNE)
    page = browser.send(f"{USERS}/users/l.petit", **fields)
    assert "Laurence" in patch_of(page)
    assert "fleet.yaml" in patch_of(page)
    for canary in ("rival", "Rita"):
        assert canary not in page.text


def test_no_page_names_another_subscription(web):
    browser = web.signed_in(ANNE)
    for path in ("", "/services", "/history", "/files", "/users", "/users/p.martin", "/users/p.martin/remove"):
        assert "rival" not in browser.get(USERS + path).text.lower()


@pytest.mark.parametrize("content", ["", "nonsense: [", "apiVersion: flexsync/v1\nkind: Fleet\n"])
def test_broken_files_take_nothing_down(web, folder, content):
    (folder / "fleet.yaml").write_text(content)
    browser = web.signed_in(ANNE)
    for path in ("", "/services", "/history", "/files", "/users", "/users/p.martin", "/users/p.martin/remove"):
        assert browser.get(USERS + path).status_code == 200
    assert "ne peuvent pas être lus" in browser.get(f"{USERS}/users/l.petit/remove").text


def test_files_that_do_not_know_the_subscription_say_so(web, folder):
    (folder / "clients" / "dupont.yaml").unlink()
    browser = web.signed_in(ANNE)
    assert "ne décrivent pas cet abonnement" in browser.get(f"{USERS}/files").text
    assert "ne décrivent pas cet abonnement" in browser.get(f"{USERS}/users/l.petit/remove").text


def test_an_older_drift_is_no_part_of_a_proposal(web):
    from tests.support.portal import in_portal, user_changed

    in_portal(web.store, "dupont", user_changed("p.martin", access=("compta",)))
    patch = patch_of(web.signed_in(ANNE).get(f"{USERS}/users/l.petit/remove"))
    assert "p.martin" not in "".join(line for line in patch.splitlines(keepends=True) if line[0] in "+-")


def test_an_edit_is_drift_that_adopt_writes_into_the_files(web, folder, flexsync):
    editing = replace(web, site=replace(web.site, console_edits=True))
    editing.signed_in(ANNE).agree(f"{USERS}/users/l.petit/remove")
    told = flexsync("drift", "-C", str(folder), "--exit-code")
    assert told.code == 2, told.out
    assert "l.petit" in told.out
    assert "l.petit" in (folder / "clients" / "dupont.yaml").read_text()
    taken = flexsync("adopt", "dupont", "--yes", "-C", str(folder))
    assert taken.code == 0, taken.err
    assert "l.petit" not in (folder / "clients" / "dupont.yaml").read_text()
    assert flexsync("plan", "--exit-code", "-C", str(folder)).code == 0


def test_serve_hands_over_the_files_that_it_was_given(folder, clock):
    from flexsync.workflow.desk import open_desk

    desk = open_desk(Order(str(folder)), clock)
    handed = files_of(desk, clock)
    assert handed.where("dupont", [("seats",)]) == {("seats",): "clients/dupont.yaml:5"}


def test_a_file_of_another_name_is_found_by_what_it_says(web, folder):
    (folder / "clients" / "dupont.yaml").rename(folder / "clients" / "client-7.yaml")
    assert "clients/client-7.yaml:10" in web.signed_in(ANNE).get(USERS).text


SERVICE, DATA = "/console/dupont/services/vat_filing", "/console/dupont/data/compta"
FILING = {"sirets": "73282932000074", "recipient_1": "p.martin", "sent_1": "2026-10-01"}


def test_a_service_and_a_data_mode_are_patches_that_plan_shows(web, folder, flexsync):
    browser = web.signed_in(ANNE)
    before = web.store.snapshots(["dupont"])
    applied(folder, patch_of(browser.send(SERVICE, **FILING)))
    applied(folder, patch_of(browser.send(DATA, mode="hosted", internet="yes")))
    assert web.store.snapshots(["dupont"]) == before
    text = (folder / "clients" / "dupont.yaml").read_text()
    for words in ("generate: true", "sent_on: 2026-10-01", "p.martin", "data_mode: hosted", "# the accountant"):
        assert words in text
    planned = flexsync("plan", "-C", str(folder)).out
    assert "1 data mode, 1 service" in planned


def test_services_and_data_switched_in_the_console_are_adopted(web, folder, flexsync):
    (folder / "clients" / "dupont.yaml").write_text(f"{DUPONT}services: {{}}\n")
    assert flexsync("apply", "--yes", "-C", str(folder)).code == 0
    browser = replace(web, site=replace(web.site, console_edits=True)).signed_in(ANNE)
    browser.agree(SERVICE, **FILING)
    browser.agree(DATA, mode="hosted", internet="yes")
    told = flexsync("drift", "-C", str(folder), "--exit-code")
    assert told.code == 2, told.out
    assert "vat_filing" in told.out
    taken = flexsync("adopt", "dupont", "--yes", "-C", str(folder))
    assert taken.code == 0, taken.err
    assert "data_mode: hosted" in (folder / "clients" / "dupont.yaml").read_text()
    planned = flexsync("plan", "--exit-code", "-C", str(folder))
    assert planned.code == 0, planned.out + planned.err
    browser.agree(f"{SERVICE}/end")
    assert flexsync("adopt", "dupont", "--yes", "-C", str(folder)).code == 0
    assert flexsync("plan", "--exit-code", "-C", str(folder)).code == 0
