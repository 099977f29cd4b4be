"""Invitations that were in vain, as a plan sees them."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flexsync.clock import PARIS
from flexsync.desired.model import Policy
from flexsync.snapshot import Account, next_attempt
from flexsync.state import Admin, User
from tests.support.inviting import invited
from tests.support.plans import accounts, codes, kinds, make, step, wish
from tests.support.states import ANNE, departed, person, state, user

HERE = state()
ANNA = HERE.users["anna"].person
ACTIVE_ADMIN = accounts(ANNE)


def known(one=ANNA, invitation=None, **fields):
    invitation = invitation or invited(**fields)
    return {**ACTIVE_ADMIN, one.email: Account(one.email, one, invitation=invitation)}


def policy(**fields):
    return wish(HERE, policy=Policy(**fields))


def test_an_expired_invitation_is_sent_again_and_counts_as_one_more():
    plan = make(HERE, HERE, known=known())
    assert kinds(plan) == ["invitation.resend user/anna"]
    (again,) = plan.steps
    assert again.change.before == {"invitation": "expired", "attempt": 1, "last_day": "2013-06-14"}
    assert again.change.after["attempt"] == 2
    assert [(notice.code, notice.to) for notice in again.notices] == [("N2", ANNA.email)]
    assert (again.limit, str(again.where)) == ("invite", "clients/dupont.yaml:20:11")


def test_the_administrator_and_the_own_seat_get_one_invitation():
    both = replace(HERE, admin=Admin(ANNE, True), users={**HERE.users, "admin": User(ANNE)})
    plan = make(both, both, known={ANNE.email: Account(ANNE.email, ANNE, invitation=invited())})
    assert kinds(plan) == ["invitation.resend admin"]
    assert [notice.code for notice in plan.steps[0].notices] == ["N1"]


def test_a_successor_who_let_the_invitation_expire_is_asked_again():
    other = person("berthe", family="Autre")
    plan = make(
        HERE,
        replace(HERE, admin=Admin(other)),
        known=known(other),
        facts={"admin/successor": other.email},
    )
    assert kinds(plan) == ["?admin.replace admin", "invitation.resend admin"]
    again = step(plan, "invitation.resend")
    assert [(notice.code, notice.to) for notice in again.notices] == [("N1", other.email)]


@pytest.mark.parametrize("state_of", ["planned", "sent", "accepted", "cancelled", "superseded"])
def test_only_what_was_in_vain_is_sent_again(state_of):
    assert kinds(make(HERE, HERE, known=known(state=state_of))) == []


def test_what_expires_after_the_day_of_the_plan_is_not_in_it():
    assert kinds(make(HERE, HERE, known=known(last_day=date(2013, 6, 16)))) == []


def test_who_has_a_password_is_not_invited_again():
    active = {**ACTIVE_ADMIN, ANNA.email: Account(ANNA.email, ANNA, True, invited())}
    assert kinds(make(HERE, HERE, known=active)) == []


def test_when_the_attempts_are_used_up_somebody_has_to_speak_to_the_person():
    plan = make(HERE, HERE, known=known(attempt=3))
    assert kinds(plan) == ["?invitation.resend user/anna"]
    assert codes(plan, "user/anna") == ["unanswered"]
    assert plan.steps[0].blocks[0].message == (
        "3 invitations were not answered, the last until 2013-06-14; speak to the person, "
        "then run flexsync resend atelier-dupont anna"
    )
    assert kinds(make(HERE, policy(invitation_attempts=4), known=known(attempt=3))) == ["invitation.resend user/anna"]


def test_a_mail_that_failed_waits_for_somebody_to_mend_the_cause():
    plan = make(HERE, HERE, known=known(state="failed"))
    assert kinds(plan) == ["?invitation.resend user/anna"]
    assert codes(plan, "user/anna") == ["undelivered"]


def test_where_invitations_are_sent_by_hand_so_are_those_that_expired():
    plan = make(HERE, policy(invitations="manual"), known=known())
    assert kinds(plan) == ["?invitation.resend user/anna"]
    assert codes(plan, "user/anna") == ["manual"]


def test_a_pause_that_is_longer_than_the_life_of_the_invitation_holds_the_next_mail_back():
    three_days = policy(invitation_days=1, invitation_pause_hours=72)
    mailed = invited(days=1, last_day=date(2013, 6, 14))
    plan = make(HERE, three_days, known=known(invitation=mailed))
    assert kinds(plan) == ["?invitation.resend user/anna"]
    assert codes(plan, "user/anna") == ["too-soon"]
    assert plan.steps[0].waiting
    assert plan.steps[0].blocks[0].message == (
        "policy.invitation_pause_hours is 72: sent again from 2013-06-17 on; "
        "if it cannot wait, run flexsync resend atelier-dupont anna --force"
    )
    assert kinds(make(HERE, three_days, known=known(invitation=mailed), as_of=date(2013, 6, 16)))[0][0] == "?"
    later = make(HERE, three_days, known=known(invitation=mailed), as_of=date(2013, 6, 17))
    assert kinds(later) == ["invitation.resend user/anna"]


@given(st.integers(1, 90), st.integers(1, 720), st.integers(0, 40))
def test_no_plan_mails_within_the_pause(days, hours, later):
    mailed = invited(days=days, last_day=date(2013, 6, 14))
    as_of = date(2013, 6, 14) + timedelta(days=later)
    mine = policy(invitation_days=days, invitation_pause_hours=hours)
    plan = make(HERE, mine, known=known(invitation=mailed), as_of=as_of)
    begins = datetime.combine(as_of, time(), PARIS)
    if any(one.ready for one in plan.steps):
        assert max(begins, mailed.expires_at) >= mailed.sent_at + timedelta(hours=hours)
    else:
        assert mailed.sent_at + timedelta(hours=hours) > begins


def test_nobody_is_invited_again_who_leaves_or_moves_or_whose_contract_ended():
    gone = replace(HERE, users={"anna": departed(HERE.users["anna"]), "bruno": user("bruno")})
    assert "invitation.resend" not in str(kinds(make(HERE, gone, known=known())))
    moved = replace(HERE, users={"anna": replace(HERE.users["anna"], person=replace(ANNA, email="a@dupont.example"))})
    assert kinds(make(HERE, moved, known=known())) == ["user.change_email user/anna"]
    ended = replace(HERE, ends_on=date(2013, 6, 14))
    assert kinds(make(ended, ended, known=known())) == []


def test_only_a_mail_that_left_counts_as_an_attempt():
    assert next_attempt(None) == 1
    assert next_attempt(invited("planned", attempt=1)) == 1
    assert next_attempt(invited("sent", attempt=1)) == 2
    assert next_attempt(invited("expired", attempt=2)) == 3
    assert next_attempt(invited("cancelled", attempt=2)) == 1
