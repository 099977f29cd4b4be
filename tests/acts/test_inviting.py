"""resend: a new link for somebody who did not get, or did not follow, the one before."""

from dataclasses import replace
from datetime import timedelta

import pytest

from flexsync.acts.inviting import TooSoon, resend
from flexsync.desired.model import Policy
from flexsync.errors import LockHeld, Refused, WrongCommand
from flexsync.plan.change import Change
from flexsync.plan.notices import notices
from flexsync.state import Admin, to_plain
from tests.support.inviting import delivered, linked, revoked, rows, undeliverable
from tests.support.stored import ANNE, LAURE, NOON, PAUL, ZOE, applied, atelier, brought, planned, user, with_user
from tests.support.tables import dump


@pytest.fixture
def invited(store):
    """A subscription whose people were invited, by mails that left."""
    brought(store, atelier())
    delivered(store)
    return store


def test_a_lost_invitation_is_replaced_and_the_old_link_is_dead(invited, clock):
    linked(invited)
    clock.move(timedelta(days=2))
    told = resend(invited, "atelier", "p.martin", Policy(), actor="claire", force=True)
    assert [(row.state, row.attempt) for row in rows(invited)] == [("superseded", 1), ("planned", 2)]
    assert revoked(invited) == clock.now()
    assert rows(invited)[1].expires_at == clock.now() + timedelta(days=14)
    (mail,) = invited.outbox(run=told.run)
    assert (mail.recipient, mail.codes, mail.purpose) == (PAUL.email, ("N2",), "activation")
    assert mail.invitation == rows(invited)[1].id
    assert invited.check() == []


def test_an_act_has_a_run_a_journal_entry_and_an_actor_and_leaves_the_state_alone(invited):
    before = invited.snapshots(["atelier"])["atelier"]
    told = resend(invited, "atelier", "p.martin", Policy(), actor="claire", force=True)
    after = invited.snapshots(["atelier"])["atelier"]
    assert (after.current, after.applied, after.facts) == (before.current, before.applied, before.facts)
    assert after.revision == told.revision == before.revision + 1
    run, (entry,) = invited.run(told.run)
    assert (run.command, run.actor, run.result, entry.actor) == ("resend", "claire", "done", "claire")
    assert [(step["kind"], step["subject"]) for step in entry.steps] == [("invitation.resend", "user/p.martin")]
    assert invited.broken({}) == []


def test_the_day_on_which_a_subscription_is_due_stays(store):
    plan = planned(store, atelier())
    applied(store, plan)
    due = NOON.date() + timedelta(days=5)
    run = store.begin_run("apply", actor="claire")
    with store.transaction("atelier", run) as transaction:
        transaction.snapshot()
        transaction.touch(due)
    store.end_run(run, "done", {})
    resend(store, "atelier", "p.martin", Policy(), actor="claire", force=True)
    (head,) = store.heads()
    assert head.next_due == due


@pytest.mark.parametrize(
    ("later", "message"),
    [
        (timedelta(minutes=5), "p.martin was mailed 5 min ago, and is left alone for 24 h; use --force to repeat."),
        (timedelta(hours=2), "p.martin was mailed 2 h ago, and is left alone for 24 h; use --force to repeat."),
        (
            timedelta(days=2),
            "p.martin has an invitation that works until 2026-12-09; use --force to replace it.",
        ),
    ],
)
def test_a_live_invitation_is_not_sent_again_unless_forced(invited, clock, later, message):
    before = dump(invited)
    clock.move(later)
    with pytest.raises(Refused, match=message.split(";")[0]) as refused:
        resend(invited, "atelier", "p.martin", Policy(), actor="claire")
    assert str(refused.value) == message
    assert dump(invited) == before
    assert invited.runs(1)[0].result == "refused"


@pytest.mark.parametrize("hours", [1, 24, 72, 720])
def test_the_pause_is_the_policys_to_the_minute(invited, clock, hours):
    policy = Policy(invitation_days=1, invitation_pause_hours=hours)
    clock.move(timedelta(hours=hours, minutes=-1))
    with pytest.raises(TooSoon, match=f"is left alone for {hours} h; use --force to repeat"):
        resend(invited, "atelier", "p.martin", policy, actor="claire", renew=True)
    clock.move(timedelta(minutes=1))
    resend(invited, "atelier", "p.martin", policy, actor="claire", renew=True)
    assert (rows(invited)[-1].state, rows(invited)[-1].days) == ("planned", 1)


def test_nobody_is_mailed_twice_within_a_day_even_when_the_first_did_not_leave_yet(store, clock):
    brought(store, atelier())
    with pytest.raises(Refused, match=r"p\.martin waits for a mail that was made 0 min ago"):
        resend(store, "atelier", "p.martin", Policy(), actor="claire")
    resend(store, "atelier", "p.martin", Policy(), actor="claire", force=True)
    assert [(row.state, row.attempt) for row in rows(store)] == [("superseded", 1), ("planned", 1)]
    states = [(row.recipient, row.state) for row in store.outbox() if row.recipient == PAUL.email]
    assert states == [(PAUL.email, "cancelled"), (PAUL.email, "queued")]


def test_an_expired_invitation_is_sent_again_without_force(invited, clock):
    clock.move(timedelta(days=15))
    resend(invited, "atelier", "p.martin", Policy(), actor="claire")
    assert [(row.state, row.attempt) for row in rows(invited)] == [("expired", 1), ("planned", 2)]


def test_an_invitation_whose_mail_failed_is_sent_again_at_once_and_the_old_mail_never_leaves(store):
    brought(store, atelier())
    undeliverable(store)
    assert store.accounts([PAUL.email])[PAUL.email].invitation.state == "failed"
    resend(store, "atelier", "p.martin", Policy(), actor="claire")
    states = [row.state for row in store.outbox() if row.recipient == PAUL.email]
    assert states == ["cancelled", "queued"]
    assert store.accounts([PAUL.email])[PAUL.email].invitation.state == "planned"


def test_who_is_active_gets_a_reset_instead(invited, activated):
    activated(PAUL)
    with pytest.raises(Refused) as refused:
        resend(invited, "atelier", "p.martin", Policy(), actor="claire", force=True)
    assert str(refused.value) == "p.martin is already active; use flexsync reset-password atelier p.martin."


def test_the_administrator_is_invited_as_such(invited):
    told = resend(invited, "atelier", "admin", Policy(), actor="claire", force=True)
    (mail,) = invited.outbox(run=told.run)
    assert (mail.recipient, mail.codes) == (ANNE.email, ("N1",))


def test_a_successor_who_is_awaited_is_invited_under_the_name_of_the_administrator(store):
    brought(store, atelier())
    ask = Change("admin.invite_successor", "admin", to_plain(Admin(ANNE)), to_plain(Admin(ZOE)))
    run = store.begin_run("apply", actor="claire")
    plan = planned(store, atelier(admin=Admin(ZOE)))
    (step,) = plan.steps
    asked = replace(step, change=ask, notices=notices(ask, atelier(), atelier()))
    applied(store, replace(plan, steps=(asked,)), run=run)
    told = resend(store, "atelier", "admin", Policy(), actor="claire", force=True)
    (mail,) = store.outbox(run=told.run)
    assert (mail.recipient, mail.codes, mail.language) == (ZOE.email, ("N1",), "en")
    assert mail.payload["person"]["email"] == ZOE.email
    assert store.check() == []


def test_who_was_never_invited_is_invited_now(store):
    plan = planned(store, atelier(), invites=False)
    applied(store, replace(plan, steps=tuple(replace(step, notices=()) for step in plan.steps)))
    resend(store, "atelier", "p.martin", Policy(), actor="claire")
    assert [(row.state, row.attempt, row.days) for row in rows(store)] == [("planned", 1, 14)]


def test_a_person_of_two_subscriptions_keeps_one_living_invitation(invited):
    brought(invited, atelier("boulangerie", users={"paul": user(PAUL, "compta")}))
    told = resend(invited, "boulangerie", "paul", Policy(), actor="claire", force=True)
    assert [row.state for row in rows(invited)] == ["superseded", "planned"]
    (mail,) = invited.outbox(run=told.run)
    assert mail.subscription == "boulangerie"
    assert "atelier" not in str(mail.payload)


@pytest.mark.parametrize(
    ("name", "key", "message"),
    [
        ("atelie", "p.martin", 'The store has no subscription "atelie". Did you mean "atelier"?'),
        ("atelier", "p.marti", 'atelier has no user "p.marti". Did you mean "p.martin"?'),
    ],
)
def test_who_is_not_there_leaves_no_trace(invited, name, key, message):
    runs = len(invited.runs())
    with pytest.raises(WrongCommand) as wrong:
        resend(invited, name, key, Policy(), actor="claire")
    assert str(wrong.value) == message
    assert len(invited.runs()) == runs


def test_who_left_is_not_invited_again(invited):
    brought(invited, with_user(atelier(), "p.martin", user(PAUL, status="deactivated")))
    with pytest.raises(Refused, match=r"p\.martin is deactivated in atelier"):
        resend(invited, "atelier", "p.martin", Policy(), actor="claire", force=True)


def test_an_act_waits_for_a_run_that_works_on_the_subscription(invited):
    run = invited.begin_run("apply", actor="somebody")
    invited.lease(["atelier"], run)
    with pytest.raises(LockHeld):
        resend(invited, "atelier", "l.petit", Policy(), actor="claire", force=True)
    assert [row.state for row in rows(invited, LAURE)] == ["sent"]
