"""What somebody agrees to in the console: done once, as it was shown, and no way to ask about strangers."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from tests.support.portal import in_portal, user_changed
from tests.support.stored import ANNE, PAUL, ZOE
from tests.support.web import sure_of

USERS = "/console/dupont"
NEW = {
    "civility": "monsieur",
    "given_name": "Pierre",
    "family_name": "Quiroulé",
    "email": "pierre@dupont.example",
    "email_again": "pierre@dupont.example",
    "language": "fr",
    "existing": "",
    "access_1": "compta",
}


def typed(person, *access, **fields):
    """What the form of a user sends."""
    names = ("civility", "given_name", "family_name", "email", "language")
    boxes = {f"access_{number}": code for number, code in enumerate(access, 1)}
    return {**{name: getattr(person, name) for name in names}, **boxes, **fields}


@pytest.fixture
def web(web):
    """A fleet that lets administrators edit."""
    web.has_password(ANNE, PAUL)
    return replace(web, site=replace(web.site, console_edits=True))


@pytest.fixture
def anne(web):
    return web.signed_in(ANNE)


def test_a_button_pressed_twice_does_it_once_and_answers_the_same(web, anne):
    sure = sure_of(anne.send(f"{USERS}/users", **NEW).text)
    answers = [anne.send(f"{USERS}/users", **NEW, sure=sure) for _ in range(2)]
    assert {(one.status_code, one.headers["location"]) for one in answers} == {(303, f"{USERS}?done=created")}
    assert web.mails() == [("pierre@dupont.example", ("N2",), "activation")]
    token, gone = anne.token(f"{USERS}/users/p.quiroule"), f"{USERS}/users/p.quiroule/remove"
    sure = sure_of(anne.client.post(gone, data={"form": token}).text)
    answers = [anne.client.post(gone, data={"form": token, "sure": sure}) for _ in range(2)]
    assert {(one.status_code, one.headers["location"]) for one in answers} == {(303, f"{USERS}?done=removed")}
    assert [entry.actor for entry in web.store.history("dupont")].count(ANNE.email) == 2
    assert [run.command for run in web.store.runs()].count("console create user") == 1


def test_twice_at_once_is_once_too(web):
    browsers = [web.signed_in(ANNE) for _ in range(8)]
    forms = [
        {**NEW, "form": one.token(f"{USERS}/users"), "sure": sure_of(one.send(f"{USERS}/users", **NEW).text)}
        for one in browsers
    ]
    with ThreadPoolExecutor(8) as pool:
        posted = pool.map(lambda one, form: one.client.post(f"{USERS}/users", data=form), browsers, forms)
        answers = {(one.status_code, one.headers.get("location")) for one in posted}
    assert answers == {(303, f"{USERS}?done=created")}
    assert len(web.mails()) == 1


def test_what_was_agreed_to_at_an_older_revision_is_asked_again(web, anne):
    sure = sure_of(anne.send(f"{USERS}/users/p.martin", **typed(PAUL, "compta")).text)
    in_portal(web.store, "dupont", user_changed("l.petit", access=("paye",)))
    page = anne.send(f"{USERS}/users/p.martin", **typed(PAUL, "compta"), sure=sure)
    assert (page.status_code, sure_of(page.text) not in ("", sure)) == (409, True)


def test_nobody_finds_out_without_end_which_strangers_have_a_login(web, anne):
    for number in range(60):
        address = f"s{number}@elsewhere.example"
        assert anne.send(f"{USERS}/users", **{**NEW, "email": address, "email_again": address}).status_code == 200
    known, unknown = (
        anne.send(f"{USERS}/users", **{**NEW, "email": one, "email_again": one})
        for one in (ZOE.email, "nobody@elsewhere.example")
    )
    assert [one.status_code for one in (known, unknown)] == [422, 422]
    assert all("quart d’heure" in one.text and "autre civilité" not in one.text for one in (known, unknown))
    assert anne.send(f"{USERS}/users/p.martin", **typed(PAUL, "compta")).status_code == 200
