"""Invitations of the console: the policy of the files decides who is mailed, when again, and for how long."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from flexsync.clock import FixedClock
from flexsync.store.sql import open_store
from tests.support.console_fleet import DUPONT, FLEET, USERS, fleet_in, portal_on
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


def with_policy(folder, words):
    (folder / "fleet.yaml").write_text(f"{FLEET}defaults:\n  policy: {words}\n")


def resent(browser):
    return browser.send(f"{USERS}/users/l.petit/resend", page=USERS)


def test_who_was_mailed_waits_as_long_as_the_files_say(web, folder, clock):
    with_policy(folder, "{invitation_pause_hours: 2, invitation_days: 5}")
    assert "partir du 25/11/2026 15:00" in web.signed_in(ANNE).get(USERS).text
    clock.move(timedelta(hours=2))
    assert resent(web.signed_in(ANNE)).status_code == 303
    with_policy(folder, "{invitation_pause_hours: 60}")
    assert "partir du 28/11/2026 03:00" in web.signed_in(ANNE).get(USERS).text
    clock.move(timedelta(hours=30))
    assert resent(web.signed_in(ANNE)).status_code == 409
    assert web.store.accounts(["laure@dupont.example"])["laure@dupont.example"].invitation.days == 5


def test_nobody_is_mailed_again_while_the_files_that_say_how_cannot_be_read(web, folder, clock):
    clock.move(timedelta(days=2))
    (folder / "fleet.yaml").write_text("nonsense: [")
    page = resent(web.signed_in(ANNE))
    assert page.status_code == 409
    assert "ne peuvent pas être lus" in page.text


NEW = {
    "civility": "monsieur", "given_name": "Pierre", "family_name": "Quiroule", "email": "pierre@dupont.example",
    "email_again": "pierre@dupont.example", "language": "en", "existing": "", "access_1": "paye",
}  # fmt: skip
IN_FILE = """\
  p.quiroule:
    civility: monsieur
    given_name: Pierre
    family_name: Quiroule
    email: pierre@dupont.example
    language: en
    access: [paye]
"""


def told(store):
    """What became of the invitation of the new user, and the mails to them."""
    known = store.accounts([NEW["email"]])[NEW["email"]]
    mails = [(row.codes, row.purpose, row.language) for row in store.outbox() if row.recipient == NEW["email"]]
    return known.person, known.invitation and (known.invitation.state, known.invitation.days), mails


@pytest.mark.parametrize("invitations", ["on_create", "manual"])
@pytest.mark.parametrize("days", [1, 30])
def test_who_is_created_in_the_console_is_invited_as_apply_would(web, folder, clock, flexsync, invitations, days):
    with_policy(folder, f"{{invitations: {invitations}, invitation_days: {days}}}")
    editing = replace(web, site=replace(web.site, console_edits=True))
    done = editing.signed_in(ANNE).agree(f"{USERS}/users", **NEW)
    assert done.headers["location"] == f"{USERS}?done={'created' if invitations == 'on_create' else 'by-hand'}"
    here = told(web.store)
    dupont = folder / "clients" / "dupont.yaml"
    there = f"sqlite:///{folder / 'other.db'}"
    assert flexsync("store", "init", "--store", there).code == 0
    for text in (DUPONT, DUPONT + IN_FILE):
        dupont.write_text(text)
        assert flexsync("apply", "--yes", "--actor", "c", "-C", str(folder), "--store", there).code == 0
    with open_store(there, create=False, clock=clock) as other:
        assert told(other) == here


def test_where_invitations_are_sent_by_hand_the_console_sends_them_when_asked(web, folder):
    with_policy(folder, "{invitations: manual, invitation_days: 5}")
    browser = replace(web, site=replace(web.site, console_edits=True)).signed_in(ANNE)
    assert "envoyés à la main" in browser.get(f"{USERS}/users").text
    assert "Personne n’est prévenu par e-mail" in browser.send(f"{USERS}/users", **NEW).text
    browser.agree(f"{USERS}/users", **NEW)
    assert "Personne n’a reçu d’e-mail" in browser.get(f"{USERS}?done=by-hand").text
    assert told(web.store)[1:] == (None, [])
    assert browser.send(f"{USERS}/users/p.quiroule/resend", page=USERS).status_code == 303
    assert told(web.store)[1:] == (("planned", 5), [(("N2",), "activation", "en")])


@pytest.mark.parametrize("file", ["fleet.yaml", "clients/dupont.yaml"])
def test_nobody_is_invited_while_the_files_that_say_how_cannot_be_read(web, folder, file):
    browser = replace(web, site=replace(web.site, console_edits=True)).signed_in(ANNE)
    token = browser.token(f"{USERS}/users")
    (folder / file).write_text("nonsense: [")
    page = browser.client.post(f"{USERS}/users", data={"form": token, **NEW})
    assert page.status_code == 409
    assert "ne peuvent pas être lus" in page.text
    assert "p.quiroule" not in web.store.snapshots(["dupont"])["dupont"].current.users
    assert browser.agree(f"{USERS}/users/l.petit/remove").status_code == 303


def test_the_language_that_is_offered_first_is_the_administrators(web):
    anne = replace(web, site=replace(web.site, console_edits=True)).signed_in(ANNE)

    def offered():
        return re.search(r'<option value="(..)" lang=".." selected>', anne.get(f"{USERS}/users").text)[1]

    assert offered() == "fr"
    anne.send("/me/language", page="/me", language="en")
    assert offered() == "en"
