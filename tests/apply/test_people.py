"""Accounts, seats, invitations and links as people come, move and go."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from flexsync.plan.change import Change
from flexsync.state import Admin
from flexsync.store.tables import invitation, token
from tests.support.stored import (
    ANNE,
    LAURE,
    NOON,
    PAUL,
    ZOE,
    applied,
    atelier,
    brought,
    codes,
    only,
    planned,
    snapshot_of,
    user,
    with_user,
)
from tests.support.tables import count, dump

LATER = replace(PAUL, email="paul.martin@dupont.example")


def states(store) -> list[str]:
    """States of all invitations, oldest first."""
    return store.read(lambda connection: list(connection.scalars(select(invitation.c.state).order_by(invitation.c.id))))


def without_paul(status: str = "deactivated"):
    left = replace(user(PAUL), status=status) if status == "deactivated" else replace(user(None), status=status)
    return with_user(atelier(), "p.martin", left)


def test_who_leaves_before_accepting_is_no_longer_invited(store):
    brought(store, atelier())
    brought(store, without_paul())
    assert sorted(states(store)) == ["cancelled", "planned", "planned"]
    cancelled = [row for row in store.outbox() if row.state == "cancelled"]
    assert only(cancelled).recipient == PAUL.email
    assert store.check() == []


def test_who_leaves_one_subscription_stays_invited_by_the_other(store):
    brought(store, atelier())
    brought(store, atelier("boulangerie", users={"paul": user(PAUL, "compta")}))
    brought(store, without_paul())
    assert set(states(store)) == {"planned"}


def test_who_comes_back_without_a_password_is_invited_again(store):
    brought(store, atelier())
    brought(store, without_paul())
    run = store.begin_run("apply", actor="claire")
    applied(store, planned(store, atelier()), run=run)
    assert sorted(states(store)) == ["cancelled", "planned", "planned", "planned"]
    assert codes(store, run.id)[PAUL.email] == ("N2", "N3")


def test_a_deactivated_person_keeps_account_and_identity(store, activated):
    brought(store, atelier())
    activated(PAUL)
    brought(store, without_paul())
    assert store.accounts([PAUL.email])[PAUL.email].active
    assert snapshot_of(store, "atelier").current.users["p.martin"].person == PAUL


def test_a_deleted_person_leaves_a_tombstone_and_no_account(store, activated):
    brought(store, atelier())
    activated(PAUL)
    brought(store, without_paul())
    brought(store, without_paul("deleted"))
    assert store.accounts([PAUL.email]) == {}
    assert ("atelier", "p.martin", None, "deleted") in dump(store)["seat"]
    assert store.check() == []


def test_a_person_deleted_here_and_known_elsewhere_keeps_the_account(store):
    brought(store, atelier())
    brought(store, atelier("boulangerie", users={"paul": user(PAUL, "compta")}))
    brought(store, without_paul())
    brought(store, without_paul("deleted"))
    assert PAUL.email in store.accounts([PAUL.email])
    assert store.check() == []


def test_a_new_address_before_the_first_login_supersedes_the_invitation(store):
    brought(store, atelier())
    run = store.begin_run("apply", actor="claire")
    applied(store, planned(store, with_user(atelier(), "p.martin", user(LATER, "compta", "paye"))), run=run)
    assert store.accounts([PAUL.email]) == {}
    assert store.accounts([LATER.email])[LATER.email].person == LATER
    assert sorted(states(store)) == ["planned", "planned", "planned", "superseded"]
    assert codes(store, run.id) == {LATER.email: ("N2", "N3"), PAUL.email: ("N3",)}
    assert store.check() == []


def test_a_new_address_of_somebody_known_elsewhere_leaves_the_other_login_alone(store):
    brought(store, atelier())
    brought(store, atelier("boulangerie", users={"paul": user(PAUL, "compta")}))
    brought(store, with_user(atelier(), "p.martin", user(LATER, "compta", "paye")))
    assert {PAUL.email, LATER.email} == store.accounts([PAUL.email, LATER.email]).keys()
    assert store.check() == []


def test_the_login_of_an_active_account_does_not_move_without_confirmation(store, activated):
    brought(store, atelier())
    plan = planned(store, with_user(atelier(), "p.martin", user(LATER, "compta", "paye")))
    activated(PAUL)  # between plan and apply
    before = dump(store)
    outcome = only(applied(store, plan).outcomes)
    assert outcome.status == "refused"
    assert "must be confirmed" in outcome.message
    assert dump(store) == before


def test_a_proposed_address_is_a_fact_and_a_link_to_confirm(store, activated):
    brought(store, atelier())
    activated(PAUL)
    propose = Change("user.propose_email", "user/p.martin", PAUL.email, LATER.email)
    run = store.begin_run("apply", actor="claire")
    plan = planned(store, with_user(atelier(), "p.martin", user(LATER, "compta", "paye")))
    step = replace(only(plan.steps), change=propose)
    applied(store, replace(plan, steps=(step,)), run=run)
    snapshot = snapshot_of(store, "atelier")
    assert snapshot.facts == {"user/p.martin/proposed_email": LATER.email}
    assert snapshot.current == atelier()
    assert {row.recipient: row.purpose for row in store.outbox(run=run.id)} == {
        PAUL.email: "",
        LATER.email: "confirm_email",
    }


def test_the_links_of_who_leaves_are_dead(store, activated):
    brought(store, atelier())
    activated(PAUL)
    number = store.read(lambda connection: dump_id(connection, PAUL.email))
    row = {"hash": "h", "purpose": "reset", "account": number, "subscription": "", "email": PAUL.email}
    times = {"created_at": NOON, "expires_at": NOON + timedelta(hours=1)}
    store.write(lambda connection: connection.execute(token.insert().values(**row, **times)))
    brought(store, without_paul())
    assert store.read(lambda connection: connection.scalar(select(token.c.revoked_at))) == NOON


def dump_id(connection, key: str) -> int:
    from flexsync.store.tables import account

    return connection.scalar(select(account.c.id).where(account.c.key == key))


def test_an_expired_invitation_is_replaced_when_the_person_is_invited_again(store, clock):
    brought(store, atelier(), invitation_days=3)
    clock.move(timedelta(days=4))
    brought(store, atelier("boulangerie", users={"paul": user(PAUL, "compta")}))
    assert states(store).count("expired") == 2  # Paul, and Anne who administers both
    assert store.statuses(["boulangerie"])["boulangerie"].invitations[PAUL.email].state == "planned"


def test_a_new_administrator_who_logs_in_takes_over_and_the_old_one_is_told(store, activated):
    brought(store, atelier())
    brought(store, atelier("boulangerie", users={"zoe": user(ZOE, "compta")}, admin=Admin(PAUL)))
    activated(ZOE)
    run = store.begin_run("apply", actor="claire")
    applied(store, planned(store, atelier(admin=Admin(ZOE))), run=run)
    assert codes(store, run.id) == {ZOE.email: ("N4",), ANNE.email: ("N5",)}
    assert store.accounts([ANNE.email]) == {}
    assert store.check() == []


def test_the_administrator_is_not_replaced_by_somebody_who_never_accepted(store):
    brought(store, atelier())
    before = dump(store)
    outcome = only(applied(store, planned(store, atelier(admin=Admin(ZOE)))).outcomes)
    assert (outcome.status, outcome.message) == (
        "refused",
        "zoe@dupont.example did not accept to be administrator yet. Plan again.",
    )
    assert dump(store) == before


def test_names_of_an_account_follow_the_subscription_that_created_it(store):
    brought(store, atelier())
    changed = replace(PAUL, family_name="Martin")
    brought(store, with_user(atelier(), "p.martin", user(changed, "compta", "paye")))
    assert store.accounts([PAUL.email])[PAUL.email].person == changed


@pytest.mark.parametrize("spelling", ["Paul@Dupont.example", "PAUL@DUPONT.EXAMPLE"])
def test_spelling_of_an_address_does_not_make_a_second_account(store, spelling):
    brought(store, atelier())
    brought(store, atelier("boulangerie", users={"paul": user(replace(PAUL, email=spelling), "compta")}))
    assert count(store, "account") == 3


def test_status_tells_who_is_active_and_who_is_still_invited(store, activated, clock):
    brought(store, atelier(), invitation_days=3)
    activated(PAUL)
    status = store.statuses(["atelier", "unknown"])["atelier"]
    assert status.active == {PAUL.email}
    assert {key: one.state for key, one in status.invitations.items()} == {
        ANNE.email: "planned",
        LAURE.email: "planned",
    }
    clock.move(timedelta(days=3))
    assert store.statuses(["atelier"])["atelier"].invitations[LAURE.email].state == "expired"


def test_nobody_is_invited_where_invitations_are_sent_by_hand(store):
    plan = planned(store, atelier(), invites=False)
    by_hand = [replace(step, notices=()) for step in plan.steps]
    applied(store, replace(plan, steps=tuple(by_hand)))
    assert codes(store) == {}
    assert count(store, "invitation") == 0
    assert count(store, "account") == 3
