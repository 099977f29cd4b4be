"""What people change of themselves: everywhere, journalled as drift, told by mail, and theirs alone."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from flexsync.acts import own
from flexsync.plan.people import withdrawn
from flexsync.store import logins
from tests.support.posting import Box, delivered, token_in
from tests.support.stored import ANNE, LAURE, PAUL, ZOE, atelier, brought, user
from tests.support.web import PASSWORD, dupont


def snapshot(web, name="dupont"):
    return web.store.snapshots([name])[name]


def person(web, key="p.martin"):
    return snapshot(web).current.users[key].person


def names(browser, **fields):
    return browser.send(
        "/me/names", "/me", **{"civility": "monsieur", "given_name": "Paul", "family_name": "M", **fields}
    )


def test_another_name_is_drift_and_told(web):
    web.has_password(PAUL)
    done = names(web.signed_in(PAUL), given_name="  Jean-Paul ", family_name="Martin")
    assert done.headers["location"] == "/me?done=names"
    assert person(web).name == "Jean-Paul Martin"
    after = snapshot(web)
    assert after.applied.users["p.martin"].person == PAUL
    assert web.mails() == [(PAUL.email, ("N3",), "")]
    entry = web.store.history("dupont")[-1]
    assert (entry.actor, entry.steps[0]["kind"], entry.steps[0]["cause"]) == (PAUL.email, "user.update", "drift")
    assert web.store.check() == []


def test_a_change_reaches_every_subscription_of_the_person(web):
    brought(web.store, atelier("second", users={"paul": user(PAUL, "compta")}))
    web.has_password(PAUL)
    names(web.signed_in(PAUL), given_name="Jean")
    for name, key in (("dupont", "p.martin"), ("second", "paul")):
        assert snapshot(web, name).current.users[key].person.given_name == "Jean"
    assert web.store.check() == []


def test_the_administrator_s_own_seat_follows(web):
    admin = replace(dupont().admin, also_user=True)
    brought(web.store, dupont(admin=admin, users={**dupont().users, "admin": user(ANNE, "compta")}))
    web.has_password(ANNE)
    names(web.signed_in(ANNE), civility="madame", given_name="Anna", family_name="Dupont")
    state = snapshot(web).current
    assert state.admin.person.given_name == state.users["admin"].person.given_name == "Anna"
    assert web.store.check() == []


@pytest.mark.parametrize(
    "name",
    ["", " ", "<script>", "{{ 7*7 }}", "Paul\u202e", "a" * 81, "é" + "\u0301" * 10_000, "=?utf-8?q?x?=", "1Paul",
     "http://x", "Paul\r\nBcc: x@y.fr", "${x}", "-Paul"],
)  # fmt: skip
def test_hostile_names_are_refused_and_shown_harmless(sqlite_web, name):
    sqlite_web.has_password(PAUL)
    page = names(sqlite_web.signed_in(PAUL), given_name=name)
    assert page.status_code == 422
    assert "<script>" not in page.text.replace("<script src=", "")
    assert person(sqlite_web) == PAUL


@pytest.mark.parametrize("name", ["Éloïse", "O'Brien", "J.-P.", "Müller de la Tour", "Νίκος", "李"])
def test_names_of_people_are_taken(sqlite_web, name):
    sqlite_web.has_password(PAUL)
    assert names(sqlite_web.signed_in(PAUL), given_name=name).status_code == 303
    assert person(sqlite_web).given_name == name


def test_an_unchanged_name_writes_nothing(web):
    web.has_password(PAUL)
    before = snapshot(web).revision
    names(web.signed_in(PAUL), family_name="Martin-Lefèvre")
    assert snapshot(web).revision == before
    assert web.mails() == []


def test_another_language_is_that_of_pages_and_mails(web):
    web.has_password(PAUL)
    browser = web.signed_in(PAUL)
    browser.get("/?lang=fr")
    assert browser.send("/me/language", "/me", language="en").status_code == 303
    assert "Sign out" in browser.get("/").text
    assert person(web).language == "en"
    assert browser.send("/me/language", "/me", language="xx").status_code == 422


def proposed(browser, email, password=PASSWORD):
    return browser.send("/me/email", "/me", email=email, email_password=password)


def test_another_address_waits_until_its_owner_confirms(web):
    web.has_password(PAUL)
    browser = web.signed_in(PAUL)
    assert proposed(browser, "p@dupont.example").headers["location"] == "/me?done=email"
    assert "p@dupont.example" in browser.get("/me").text
    assert person(web) == PAUL
    assert sorted(web.mails()) == [("p@dupont.example", ("N3",), "confirm_email"), (PAUL.email, ("N3",), "")]


def test_the_files_do_not_take_back_what_a_person_proposed(web):
    web.has_password(PAUL)
    proposed(web.signed_in(PAUL), "p@dupont.example")
    now = snapshot(web)
    assert list(withdrawn(now.current, now.current, now.facts)) == []


def test_a_proposed_address_is_confirmed_by_the_link_of_its_mail(web, tmp_path):
    web.has_password(PAUL)
    proposed(web.signed_in(PAUL), "p@dupont.example")
    box = Box(tmp_path / "mail")
    delivered(web.store, box.channel)
    link = f"/link/{token_in(box.mails['p@dupont.example'])}"
    assert web.browser().send(link, password=PASSWORD).headers["location"] == "/sign-in?done=email-confirmed"
    assert person(web).email == "p@dupont.example"
    assert not any("proposed_email" in name for name in snapshot(web).facts)
    assert web.store.check() == []


def test_a_taken_address_gets_the_same_answer_and_no_link(web):
    web.has_password(PAUL)
    free, taken = (proposed(web.signed_in(PAUL), email) for email in ("p@dupont.example", ZOE.email))
    assert (free.status_code, free.headers["location"]) == (taken.status_code, taken.headers["location"])
    assert [mail for mail in web.mails() if mail[2]] == [("p@dupont.example", ("N3",), "confirm_email")]
    assert [mail[0] for mail in web.mails()].count(PAUL.email) == 2


@pytest.mark.parametrize(
    "email", ["", "x", "a@b", "p\u0430ul@dupont.example", "a@x.fr, b@y.fr", "a@x.fr\nBcc: b@y.fr", PAUL.email]
)
def test_what_is_no_new_address_is_refused(sqlite_web, email):
    sqlite_web.has_password(PAUL)
    assert proposed(sqlite_web.signed_in(PAUL), email).status_code == 422
    assert sqlite_web.mails() == []


def test_without_the_password_no_address_moves(web):
    web.has_password(PAUL)
    assert proposed(web.signed_in(PAUL), "p@dupont.example", "not my password").status_code == 422
    assert web.mails() == []


def test_addresses_are_not_proposed_without_end(web):
    web.has_password(PAUL)
    browser = web.signed_in(PAUL)
    answers = [proposed(browser, f"p{number}@dupont.example").status_code for number in range(5)]
    assert answers[-1] == 422
    web.clock.move(timedelta(minutes=16))
    assert proposed(browser, "q@dupont.example").status_code == 303


def changed(browser, new, current=PASSWORD):
    return browser.send("/me/password", "/me", current_password=current, password=new, password_again=new)


def test_another_password_ends_the_other_sessions_and_is_told(web):
    web.has_password(PAUL)
    here, there = web.signed_in(PAUL), web.signed_in(PAUL)
    assert changed(here, "un petit tas de bois").headers["location"] == "/me?done=password"
    assert here.get("/").status_code == 200
    assert there.get("/").status_code == 303
    assert web.mails() == [(PAUL.email, ("N3",), "")]
    assert web.browser().send("/sign-in", email=PAUL.email, password=PASSWORD, next="").status_code == 401


def test_another_password_needs_the_present_one(web):
    web.has_password(PAUL)
    kept = web.kept(PAUL)
    assert changed(web.signed_in(PAUL), "un petit tas de bois", "not my password").status_code == 422
    assert changed(web.signed_in(PAUL), "paul martin lefevre").status_code == 422
    assert web.kept(PAUL) == kept


def test_hosted_data_is_switched_off_for_oneself(web):
    web.has_password(PAUL)
    browser = web.signed_in(PAUL)
    assert browser.send("/me/hosting/dupont", "/me", out="yes").status_code == 303
    assert snapshot(web).current.users["p.martin"].hosted_opt_out
    assert web.mails() == [(PAUL.email, ("N3",), "")]
    browser.send("/me/hosting/dupont", "/me", out="no")
    assert not snapshot(web).current.users["p.martin"].hosted_opt_out


def test_without_hosted_data_there_is_nothing_to_switch(web):
    web.has_password(LAURE)
    assert web.signed_in(LAURE).send("/me/hosting/dupont", "/me", out="yes").status_code == 422


def test_a_switch_pressed_by_many_hands_ends_as_last_answered(sqlite_web):
    sqlite_web.has_password(PAUL)
    login = sqlite_web.store.read(lambda connection: logins.by_key(connection, PAUL.email))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: own.opt_out(sqlite_web.site, login, "dupont", out=n % 2 == 0), range(40)))
    own.opt_out(sqlite_web.site, login, "dupont", out=True)
    assert snapshot(sqlite_web).current.users["p.martin"].hosted_opt_out
    assert sqlite_web.store.check() == []
