"""Signing in: one answer for all who are not let in, guessing gets slow, sessions end when they should."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest

from flexsync.acts import signing
from flexsync.acts.signing import Attempt, TooMany
from flexsync.passwords import Busy
from flexsync.portal.api_models import LaunchRequest
from flexsync.portal.forms import TOKEN
from flexsync.portal.route import is_ours
from flexsync.store import logins, operators
from tests.support.stored import ANNE, LAURE, PAUL, brought, user
from tests.support.web import HASHING, PASSWORD, Web, dupont


def tried(web, email, password="wrong password here", page="/sign-in"):
    return web.browser().send(page, email=email, password=password, next="")


def gone(web):
    left = dupont(users={"p.martin": user(PAUL, status="deactivated"), "l.petit": user(LAURE, "paye")}, services={})
    assert brought(web.store, left).status == "applied"


def test_the_right_password_opens_the_space(web):
    web.has_password(PAUL)
    browser = web.browser()
    done = browser.send("/sign-in", email=" Paul@Dupont.example ", password=PASSWORD, next="/me")
    assert (done.status_code, done.headers["location"]) == (303, "/me")
    assert browser.get("/").status_code == 200


def test_whoever_is_not_let_in_gets_one_answer(web):
    web.has_password(PAUL, ANNE)
    for _ in range(7):
        tried(web, ANNE.email)
    gone(web)
    answers = [
        tried(web, "nobody@dupont.example"),
        tried(web, LAURE.email),  # invited
        tried(web, PAUL.email, PASSWORD),  # no longer active
        tried(web, ANNE.email, PASSWORD),  # has to wait
        tried(web, "x" * 400),
        tried(web, "é\x00@"),
    ]
    assert {answer.status_code for answer in answers} == {401}
    typed = re.compile(r'value="[^"]*"')
    assert len({typed.sub("", answer.text) for answer in answers}) == 1
    names = {tuple(sorted(name for name in answer.headers if name != "content-length")) for answer in answers}
    assert len(names) == 1


def test_guessing_at_an_account_gets_slow_and_ends_by_itself(web):
    web.has_password(PAUL)
    for _ in range(6):
        tried(web, PAUL.email)
    assert tried(web, PAUL.email, PASSWORD).status_code == 401
    web.clock.move(timedelta(minutes=16))
    assert tried(web, PAUL.email, PASSWORD).status_code == 303


def test_at_most_ten_guesses_count_in_a_quarter_of_an_hour(web):
    web.has_password(PAUL)
    counted = 0
    for number in range(15 * 6):
        waits = signing._counted(web.site, f"192.0.2.{number}", PAUL.email)
        counted += not waits
        web.clock.move(timedelta(seconds=10))
    assert counted <= 10


def test_a_link_by_mail_always_helps(web):
    web.has_password(PAUL)
    for _ in range(8):
        tried(web, PAUL.email)
    web.browser().send(web.link(PAUL, "reset"), password="un petit tas de bois", password_again="un petit tas de bois")
    assert tried(web, PAUL.email, "un petit tas de bois").status_code == 303


def test_an_address_that_tries_too_often_is_turned_away_before_any_hash(web, monkeypatch):
    monkeypatch.setattr(signing.attempts, "ADDRESS", signing.attempts.Rule("address", 3, timedelta(seconds=15)))
    for number in range(3):
        assert tried(web, f"n{number}@dupont.example").status_code == 401
    refused = tried(web, "n9@dupont.example")
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) >= 1
    with pytest.raises(TooMany):
        signing.sign_in(web.site, Attempt("n8@dupont.example", "x", "testclient"))


def test_neighbours_of_one_network_count_as_one(web):
    near = {signing.subject_of_address(web.site, f"2001:db8::{n}") for n in (1, 2)}
    far = signing.subject_of_address(web.site, "2001:db8:1::1")
    assert len(near) == 1
    assert far not in near


def test_a_busy_portal_says_so_and_counts_nothing(web):
    web.has_password(PAUL)
    busy = HASHING.__class__(at_once=1, waiting=0, patience=0)
    slow = Web(replace(web.site, hashing=busy), web.clock)
    with busy._turn():
        for _ in range(12):
            answer = tried(slow, PAUL.email, PASSWORD)
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        with pytest.raises(Busy):
            busy.hashed("x")
    assert tried(slow, PAUL.email, PASSWORD).status_code == 303


def test_a_session_gets_a_new_name_at_sign_in_and_dies_at_sign_out(web):
    web.has_password(PAUL)
    browser = web.browser()
    browser.client.cookies.set("flex", "chosen-by-somebody-else")
    browser.send("/sign-in", email=PAUL.email, password=PASSWORD, next="")
    mine = [cookie.value for cookie in browser.client.cookies.jar if cookie.name == "flex"][-1]
    assert mine != "chosen-by-somebody-else"
    replay = web.browser()
    replay.client.cookies.set("flex", mine)
    assert replay.get("/").status_code == 200
    replay.send("/sign-out", "/")
    again = web.browser()
    again.client.cookies.set("flex", mine)
    assert again.get("/").status_code == 303


def test_two_cookies_of_one_name_are_none(web):
    web.has_password(PAUL)
    browser = web.signed_in(PAUL)
    cookie = browser.client.cookies["flex"]
    answer = web.browser().get("/", headers={"cookie": f"flex={cookie}; flex=other"})
    assert answer.status_code == 303


@pytest.mark.parametrize("idle", [timedelta(hours=2, minutes=1), timedelta(hours=13)])
def test_a_session_ends_by_itself(web, idle):
    web.has_password(PAUL)
    browser = web.signed_in(PAUL)
    web.clock.move(idle)
    assert browser.get("/").status_code == 303


def test_a_session_that_is_used_lives_on_for_half_a_day(web):
    web.has_password(PAUL)
    browser = web.signed_in(PAUL)
    for _ in range(11):
        web.clock.move(timedelta(hours=1))
        assert browser.get("/").status_code == 200
    web.clock.move(timedelta(hours=1, minutes=1))
    assert browser.get("/").status_code == 303


def test_sessions_of_whoever_leaves_end_for_good(web):
    web.has_password(PAUL)
    browser = web.signed_in(PAUL)
    gone(web)
    assert browser.get("/").status_code == 303
    assert brought(web.store, dupont(services={})).status == "applied"
    assert browser.get("/").status_code == 303


@pytest.mark.parametrize(
    "path", ["//evil.example", "https://evil.example", "javascript:alert(1)", "/\\evil", "/a//b", "x"]
)
def test_nobody_is_sent_elsewhere(web, path):
    web.has_password(PAUL)
    assert web.browser().get("/sign-in", params={"next": path}).status_code == 400
    answer = web.browser().send("/sign-in", email=PAUL.email, password=PASSWORD, next=path)
    assert answer.status_code == 400


def test_a_page_that_needs_a_session_is_come_back_to(web):
    assert web.browser().get("/me").headers["location"] == "/sign-in?next=%2Fme"


def test_an_operator_has_a_door_of_their_own(web):
    web.store.write(lambda connection: operators.add(connection, "claire", HASHING.hashed(PASSWORD), web.clock.now()))
    browser = web.browser()
    page = "/operator/login"
    assert browser.send(page, name="claire", password="wrong wrong wrong", next="").status_code == 401
    done = browser.send(page, name="claire", password=PASSWORD, next="")
    assert (done.status_code, done.headers["location"]) == (303, "/operator")
    assert browser.get("/").status_code == 303
    web.store.write(lambda connection: operators.end(connection, "claire", web.clock.now()))
    assert web.browser().send(page, name="claire", password=PASSWORD, next="").status_code == 401


def test_mistakes_of_a_whole_day_add_up_to_no_wait(web):
    for number in range(200):
        signing.count_address(web.site, "192.0.2.1")
        signing._counted(web.site, "192.0.2.2", f"n{number}@dupont.example")
        web.clock.move(timedelta(minutes=5))


def test_a_password_that_is_changed_while_it_is_looked_at_lets_nobody_in(web):
    web.has_password(PAUL)
    new = HASHING.hashed("un petit tas de bois")

    class Slow(type(HASHING)):
        """Somebody changes the password while the old one is compared."""

        def matches(self, password, kept):
            found = super().matches(password, kept)
            web.store.write(lambda connection: logins.set_password(connection, number, new, web.clock.now()))
            return found

        def outdated(self, kept):
            return True

    number = web.number(PAUL.email)
    slow = replace(web.site, hashing=Slow(at_once=4, waiting=200, patience=60))
    assert signing.sign_in(slow, Attempt(PAUL.email, PASSWORD, "192.0.2.1")) is None
    assert web.kept(PAUL) == new


def test_many_first_guesses_at_once_are_all_counted(web):
    web.has_password(PAUL)
    together = Barrier(8)

    def guess(number):
        together.wait()
        return signing._counted(web.site, f"192.0.2.{number}", PAUL.email)

    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(guess, range(8)))
    assert waits.count(False) == signing.attempts.ACCOUNT.free


def test_no_path_takes_for_ever_to_be_looked_at(sqlite_web):
    path = "/" + "a" * 190
    assert sqlite_web.browser().get(f"/sign-in?next={path}!").status_code == 400
    assert sqlite_web.browser().get(f"/downloads{path[:150]}!").headers["location"] == "/sign-in"
    assert is_ours(path)


def test_what_people_type_shows_in_no_text_about_it(sqlite_web):
    sqlite_web.has_password(PAUL)
    cookie = signing.sign_in(sqlite_web.site, Attempt(PAUL.email, PASSWORD, "192.0.2.1"))
    typed = {"email": PAUL.email, "password": PASSWORD, "product": "compta", "workstation": "PC", "version": "12.1"}
    there = signing.present(sqlite_web.site, cookie)
    shown = repr([Attempt(PAUL.email, PASSWORD, "192.0.2.1", cookie), LaunchRequest(**typed), there, sqlite_web.site])
    assert PAUL.email in shown
    for secret in (PASSWORD, cookie, there.session.csrf, "$argon2", "k" * 32):
        assert secret not in shown


@pytest.mark.parametrize(
    ("page", "where"), [("/me/names", "/sign-in"), ("/operator/outbox/1/retry", "/operator/login")]
)
def test_whoever_sends_a_form_after_their_session_reads_that_nothing_was_changed(sqlite_web, page, where):
    browser = sqlite_web.browser()
    answer = browser.client.post(page, data={TOKEN: "of a session that ended"})
    assert answer.headers["location"] == f"{where}?done=lost"
    assert "rien n’a été modifié" in browser.get(answer.headers["location"]).text
