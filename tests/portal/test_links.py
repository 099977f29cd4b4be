"""Links of mails: looking burns nothing, following works once, and dead ones all look alike."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from flexsync.plan.change import Change
from flexsync.store.tables import invitation, token
from tests.support.posting import Box, delivered, token_in
from tests.support.stored import ANNE, LAURE, PAUL, brought, user
from tests.support.web import PASSWORD, costa

NEW = "un petit tas de bois vert"


def chosen(browser, link, password=NEW, again=None):
    return browser.send(link, password=password, password_again=password if again is None else again)


def test_a_link_says_for_whom_it_is(web):
    page = web.browser().get(web.link(PAUL))
    assert page.status_code == 200
    assert "Paul Martin-Lefèvre" in page.text
    assert "paul@dupont.example" in page.text


def test_following_a_link_keeps_the_password_and_signs_in(web):
    browser = web.browser()
    done = chosen(browser, web.link(PAUL))
    assert (done.status_code, done.headers["location"]) == (303, "/welcome?done=first-password")
    assert browser.get("/").status_code == 200
    assert web.kept(PAUL)
    assert web.store.check() == []


def test_a_followed_invitation_is_accepted(web):
    chosen(web.browser(), web.link(PAUL))
    mine = select(invitation.c.state).where(invitation.c.account == web.number(PAUL.email))
    assert web.store.read(lambda connection: connection.scalars(mine).all()) == ["accepted"]


def test_scanners_burn_no_link(web):
    link = web.link(PAUL)
    for _ in range(10):
        assert web.browser().get(link).status_code == 200
        assert web.browser().client.head(link).status_code == 200
    assert chosen(web.browser(), link).status_code == 303


def test_fifty_posts_at_once_have_one_winner(web):
    link = web.link(PAUL)
    browser = web.browser()
    form = {"form": browser.token(link), "password": NEW, "password_again": NEW}
    cookies = dict(browser.client.cookies)

    def post(_):
        one = web.browser()
        one.client.cookies.update(cookies)
        return one.client.post(link, data=form).status_code

    with ThreadPoolExecutor(16) as pool:
        answers = sorted(pool.map(post, range(50)))
    assert answers == [303] + [400] * 49


def spoilt(web, how):
    link = web.link(PAUL, days=7)
    if how == "used":
        chosen(web.browser(), link)
    elif how == "expired":
        web.clock.move(timedelta(days=8))
    elif how == "revoked":
        now = web.clock.now()
        web.store.write(lambda connection: connection.execute(update(token).values(revoked_at=now)))
    return {"cut": link[:-1], "altered": link[:-1] + ("A" if link[-1] != "A" else "B"), "long": link + "x" * 900}.get(
        how, link
    )


@pytest.mark.parametrize("how", ["used", "expired", "revoked", "cut", "altered", "long"])
def test_dead_links_all_look_like_unknown_ones(web, how):
    dead = web.browser().get(spoilt(web, how))
    unknown = web.browser().get("/link/" + "x" * 43)
    assert (dead.status_code, dead.text) == (400, unknown.text)
    assert 'href="/forgotten"' in dead.text


def test_a_newer_password_kills_older_links(web):
    first, second = web.link(PAUL), web.link(PAUL, "reset")
    chosen(web.browser(), second)
    assert web.browser().get(first).status_code == 400


@pytest.mark.parametrize(
    ("password", "word"),
    [
        ("1234567", "12 caractères"),
        ("passwordpassword", "facile"),
        ("x" * 1025, "1 024"),
        ("abcdef\x00ghijklm", "caractère"),
        ("AtelierDupont!", "nom"),
        ("paul.martin1", "nom"),
    ],
)
def test_weak_passwords_are_refused_with_a_reason_and_never_shown(web, password, word):
    link = web.link(PAUL)
    page = chosen(web.browser(), link, password)
    assert page.status_code == 422
    assert word in page.text
    assert password not in page.text
    assert web.browser().get(link).status_code == 200


def test_two_different_passwords_are_refused(web):
    page = chosen(web.browser(), web.link(PAUL), NEW, "autre chose")
    assert page.status_code == 422
    assert "mots de passe" in page.text


def test_a_long_password_with_spaces_and_signs_works_exactly(web):
    long = "Une 🚲 verte, deux roues – et trois chats qui dorment au soleil !!"
    browser = web.browser()
    assert chosen(browser, web.link(PAUL), long).status_code == 303
    for typed, status in ((long, 303), (long.strip("!"), 401)):
        assert web.browser().send("/sign-in", email=PAUL.email, password=typed, next="").status_code == status


def test_choosing_a_password_ends_the_other_sessions(web):
    web.has_password(PAUL)
    elsewhere = web.signed_in(PAUL)
    assert elsewhere.get("/").status_code == 200
    chosen(web.browser(), web.link(PAUL, "reset"))
    assert elsewhere.get("/").status_code == 303
    assert (PAUL.email, ("N3",), "") in web.mails()


def test_an_address_moves_when_its_link_is_followed(web):
    web.has_password(PAUL)
    web.forget_mails()
    session = web.signed_in(PAUL)
    done = web.browser().send(web.link(PAUL, "confirm_email", "p@dupont.example"), password=PASSWORD)
    assert done.headers["location"] == "/sign-in?done=email-confirmed"
    assert session.get("/").status_code == 303
    assert {mail[0] for mail in web.mails()} == {"p@dupont.example", PAUL.email}
    state = web.store.snapshots(["dupont"])["dupont"].current
    assert state.users["p.martin"].person.email == "p@dupont.example"
    assert web.store.check() == []
    assert web.browser().send("/sign-in", email="p@dupont.example", password=PASSWORD, next="").status_code == 303


def test_an_address_that_was_taken_meanwhile_does_not_move(web):
    web.has_password(PAUL)
    done = web.browser().send(web.link(PAUL, "confirm_email", LAURE.email), password=PASSWORD)
    assert done.status_code == 400
    assert (
        web.store.read(lambda connection: connection.scalar(select(func.count()).where(token.c.used_at.is_not(None))))
        == 0
    )


def test_a_link_of_somebody_who_left_is_dead(web):
    from tests.support.stored import brought, user
    from tests.support.web import dupont

    web.has_password(ANNE)
    link = web.link(PAUL)
    gone = dupont(users={"p.martin": user(PAUL, status="deactivated"), "l.petit": user(LAURE, "paye")}, services={})
    assert brought(web.store, gone).status == "applied"
    assert web.browser().get(link).status_code == 400


def test_a_link_that_was_made_while_the_account_changed_is_dead(web):
    """A deliverer who did not see the change yet made it; nobody revoked it."""
    web.has_password(PAUL)
    late = [web.link(PAUL, "activation"), web.link(PAUL, "reset", email="paul.before@dupont.example")]
    assert [web.browser().get(link).status_code for link in late] == [400, 400]
    assert web.browser().get(web.link(PAUL, "reset")).status_code == 200


def test_nobody_takes_a_login_over_with_an_address_that_one_subscription_proposed(web, tmp_path):
    """Paul is a user of both; the files of the other one name an address that is not his."""
    shared = replace(costa(), users={"paul": user(PAUL, "compta"), **costa().users})
    brought(web.store, shared)
    web.has_password(PAUL)
    web.forget_mails()
    mine = "mallory@costa.example"
    brought(web.store, shared, Change("user.propose_email", "user/paul", PAUL.email, mine))
    box = Box(tmp_path / "mail")
    delivered(web.store, box.channel)
    link = f"/link/{token_in(box.mails[mine])}"
    taken = web.browser().send(link, password="un petit tas de bois")
    assert taken.status_code == 422
    assert "pas votre mot de passe" in taken.text
    assert web.number(PAUL.email) and web.number(mine) is None
    web.browser().send("/forgotten", email=mine)
    assert web.mails() == []
    assert web.browser().send(link, password=PASSWORD).status_code == 303
    assert web.number(mine)
