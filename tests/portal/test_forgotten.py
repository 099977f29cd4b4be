"""A forgotten password and a lost invitation: a link for whoever may have one, and one answer for everybody."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from flexsync.snapshot import ADMIN_SUCCESSOR
from flexsync.store import logins
from flexsync.store.tables import fact, outbox
from tests.support import inviting
from tests.support.portal import in_portal, user_changed
from tests.support.posting import Box, delivered, looked, token_in, used
from tests.support.stored import ANNE, LAURE, PAUL, ZOE
from tests.support.tables import dump, statements


def test_forgotten_passwords_have_one_answer(web):
    web.has_password(PAUL)
    emails = (PAUL.email, LAURE.email, "nobody@dupont.example", "", "é\x00")
    answers = [web.browser().send("/forgotten", email=email) for email in emails]
    assert {(answer.status_code, answer.text) for answer in answers} == {(202, answers[0].text)}
    assert web.mails() == [(PAUL.email, ("N7",), "reset")]


@pytest.mark.parametrize("days", [0, 30])
def test_who_lost_an_invitation_or_let_it_expire_gets_it_again_and_tells_nobody(web, days):
    inviting.delivered(web.store)
    web.clock.move(timedelta(days=days))
    answers = {web.browser().send("/forgotten", email=email).text for email in (PAUL.email, "nobody@dupont.example")}
    assert len(answers) == 1
    assert web.mails() == [(PAUL.email, ("N2",), "activation")]
    (invitation,) = inviting.rows(web.store, PAUL)
    assert (invitation.state, invitation.attempt) == ("sent", 1)
    assert web.store.check() == []


def test_a_stranger_who_asks_kills_no_link_and_lets_none_live_longer(web, tmp_path):
    _waiting(web)
    first = _mailed(web, tmp_path / "first")
    web.clock.move(timedelta(days=3))
    web.browser().send("/forgotten", email=PAUL.email)
    second = _mailed(web, tmp_path / "second")
    assert first != second
    assert [row.sent_at for row in inviting.rows(web.store, PAUL)] == [web.clock.now() - timedelta(days=3)]
    assert looked(web.store, first).expires_at == looked(web.store, second).expires_at
    assert used(web.store, first, "activation")
    assert looked(web.store, second) is None


def test_an_invitation_that_expired_lives_its_days_again_when_it_is_asked_for(web, tmp_path):
    _waiting(web)
    first = _mailed(web, tmp_path / "first")
    web.clock.move(timedelta(days=30))
    web.browser().send("/forgotten", email=PAUL.email)
    second = _mailed(web, tmp_path / "second")
    assert looked(web.store, first) is None
    assert looked(web.store, second).expires_at == web.clock.now() + timedelta(days=14)


def _waiting(web):
    """The mails of the first apply did not leave yet."""
    web.store.write(lambda connection: connection.execute(update(outbox).values(state="queued")))


def _mailed(web, folder):
    """The secret of the link that is mailed to Paul."""
    delivered(web.store, Box(folder).channel)
    return token_in(Box(folder).mails[PAUL.email])


def test_a_lost_invitation_of_an_administrator_comes_again_as_theirs(web):
    inviting.delivered(web.store)
    web.browser().send("/forgotten", email=ANNE.email)
    assert web.mails() == [(ANNE.email, ("N1",), "activation")]


def test_a_user_whose_address_is_spelt_otherwise_in_the_subscription_is_no_administrator(web):
    inviting.delivered(web.store)
    spelt = replace(PAUL, email="Paul@Dupont.example")
    web.store.write(lambda connection: logins.rewrite(connection, web.number(PAUL.email), spelt))
    web.browser().send("/forgotten", email=PAUL.email)
    assert web.mails() == [(spelt.email, ("N2",), "activation")]


def test_who_is_awaited_as_administrator_reads_of_the_firm_that_waits_and_not_of_the_one_before(web):
    web.has_password(ZOE)
    in_portal(web.store, "costa", user_changed("z.noel", status="deactivated"))
    asked = {"subscription": "dupont", "name": ADMIN_SUCCESSOR, "value": ZOE.email}
    web.store.write(lambda connection: connection.execute(fact.insert().values(asked)))
    web.browser().send("/forgotten", email=ZOE.email)
    (mail,) = [row for row in web.store.outbox() if row.state == "queued"]
    assert (mail.recipient, mail.subscription) == (ZOE.email, "dupont")
    assert "costa" not in str(mail.payload).replace(ZOE.email, "")


def test_an_invitation_whose_mail_has_not_left_is_not_made_twice(sqlite_web):
    before = dump(sqlite_web.store, frozenset({"attempt"}))
    sqlite_web.browser().send("/forgotten", email=PAUL.email)
    assert dump(sqlite_web.store, frozenset({"attempt"})) == before


def test_who_is_not_mailed_costs_the_same_statements_and_leaves_nothing(web):
    web.has_password(PAUL)
    with statements(web.store) as mailed:
        web.browser().send("/forgotten", email=PAUL.email)
    before = dump(web.store, frozenset({"attempt"}))
    with statements(web.store) as unknown:
        web.browser().send("/forgotten", email="nobody@dupont.example")
    assert dump(web.store, frozenset({"attempt"})) == before
    assert [one.split()[0] for one in mailed if "outbox" in one] == [
        one.split()[0] for one in unknown if "outbox" in one
    ]


def test_a_forgotten_password_makes_no_plan_stale(web):
    web.has_password(PAUL)
    before = web.store.snapshots(["dupont"])["dupont"].revision
    web.browser().send("/forgotten", email=PAUL.email)
    assert web.store.snapshots(["dupont"])["dupont"].revision == before
    assert web.store.check() == []


def test_nobody_is_flooded_with_links(web):
    web.has_password(PAUL)
    for _ in range(20):
        web.browser().send("/forgotten", email=PAUL.email)
    assert len(web.store.outbox()) < 12
    assert web.mails() == [(PAUL.email, ("N7",), "reset")]
