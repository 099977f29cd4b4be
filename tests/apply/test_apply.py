"""What one apply leaves behind, on each database."""

from dataclasses import replace
from datetime import date

import pytest

from flexsync.errors import Exit
from flexsync.plan.change import Change
from flexsync.state import Admin, Product
from flexsync.store.base import Run
from tests.support.stored import (
    ANNE,
    LAURE,
    PAUL,
    ZOE,
    applied,
    atelier,
    brought,
    client,
    codes,
    only,
    planned,
    snapshot_of,
    tools,
    user,
    with_user,
)
from tests.support.tables import count, dump, statements


def test_the_first_apply_registers_and_invites_each_person_once(store):
    outcome = brought(store, atelier())
    assert (outcome.status, outcome.revision, outcome.exit) == ("applied", 1, Exit.DONE)
    snapshot = snapshot_of(store, "atelier")
    assert snapshot.current == snapshot.applied == atelier()
    assert codes(store) == {ANNE.email: ("N1",), PAUL.email: ("N2",), LAURE.email: ("N2",)}
    assert {row.purpose for row in store.outbox()} == {"activation"}
    assert count(store, "invitation") == 3
    assert store.check() == []


def test_an_administrator_who_is_a_user_gets_one_mail_and_one_invitation(store):
    brought(store, atelier(admin=Admin(ANNE, also_user=True), users={"admin": user(ANNE, "compta")}))
    assert codes(store) == {ANNE.email: ("N1",)}
    assert count(store, "invitation") == count(store, "account") == 1


def test_the_same_plan_twice_writes_no_row_and_mails_nobody(store):
    plan = planned(store, atelier())
    applied(store, plan)
    before = dump(store)
    outcome = only(applied(store, plan).outcomes)
    assert outcome.status == "unchanged"
    assert "already applied by run" in outcome.message
    assert dump(store) == before


def test_a_new_plan_of_the_same_files_writes_no_row(store):
    brought(store, atelier())
    before = dump(store)
    assert brought(store, atelier()).status == "unchanged"
    assert dump(store) == before


def test_a_new_day_to_look_again_is_noted_without_a_revision(store):
    brought(store, atelier())
    brought(store, atelier(), next_due=date(2026, 3, 1))
    head = only(store.heads())
    assert (head.revision, head.next_due) == (1, date(2026, 3, 1))


def test_a_plan_on_an_older_revision_is_stale_and_writes_nothing(store):
    brought(store, atelier())
    stale = planned(store, with_user(atelier(), "zoe", user(ZOE, "paye")))
    brought(store, atelier(seats=9))
    before = dump(store)
    outcome = only(applied(store, stale).outcomes)
    assert outcome.status == "failed"
    assert outcome.exit == Exit.PLAN_UNUSABLE
    assert "planned on revision 1, the store is at 2; plan again" in outcome.message
    assert dump(store) == before


def test_a_person_known_elsewhere_is_linked_without_a_second_invitation(store):
    brought(store, atelier())
    other = atelier("boulangerie", users={"paul": user(replace(PAUL, given_name="Paolo"), "compta")})
    run = store.begin_run("apply", actor="claire")
    applied(store, planned(store, other), run=run)
    assert count(store, "account") == 3
    assert count(store, "invitation") == 3
    # What belongs to a person is not altered by a second subscription.
    assert store.accounts([PAUL.email])[PAUL.email].person.given_name == "Paul"
    assert store.check() == []


def test_who_can_log_in_already_is_told_of_one_more_subscription(store, activated):
    brought(store, atelier())
    activated(PAUL)
    run = store.begin_run("apply", actor="claire")
    applied(store, planned(store, atelier("boulangerie", users={"paul": user(PAUL, "compta")})), run=run)
    assert codes(store, run.id)[PAUL.email] == ("N4",)
    assert {row.purpose for row in store.outbox(run=run.id) if row.recipient == PAUL.email} == {""}


def test_one_mail_lists_all_that_changed_for_a_person(store, activated):
    brought(store, atelier())
    activated(PAUL)
    changed = replace(PAUL, family_name="Martin")
    brought(store, with_user(atelier(), "p.martin", user(changed, "compta")))
    mail = store.outbox()[-1]
    assert mail.recipient == PAUL.email
    assert mail.codes == ("N3", "N5")
    assert [change["kind"] for change in mail.payload["changes"]] == ["access.revoke", "user.update"]
    assert mail.payload["access"] == ["compta"]


def test_a_mail_says_which_products_have_their_data_online_for_the_one_who_reads_it(store):
    state = atelier()
    online = replace(state, products={code: Product(data_mode="hosted") for code in state.products})
    away = replace(online.users["p.martin"], hosted_opt_out=True)
    brought(store, replace(online, users={**online.users, "p.martin": away}))
    hosted = {row.recipient: row.payload["hosted"] for row in store.outbox()}
    assert hosted[PAUL.email] == []
    assert [products for who, products in hosted.items() if who != PAUL.email and products]


def test_the_language_of_the_person_goes_with_the_mail(store):
    brought(store, with_user(atelier(), "zoe", user(ZOE)))
    assert {row.recipient: row.language for row in store.outbox()}[ZOE.email] == "en"


def test_the_journal_says_who_did_what_from_what_to_what(store):
    brought(store, atelier())
    brought(store, atelier(seats=9))
    first, second = store.history("atelier")
    assert (first.actor, first.commit, first.before) == ("claire", "abc123", None)
    assert second.before == atelier()
    assert [step["kind"] for step in second.steps] == ["seats.raise"]
    assert second.after_digest == only(store.heads()).digest
    run, entries = store.run(second.run)
    assert (run.result, run.counts, entries) == ("done", {"applied": 1}, [second])


def test_a_blocked_step_waits_and_the_others_are_done(store, waiting):
    brought(store, atelier())
    desired = with_user(atelier(seats=9), "zoe", user(ZOE))
    outcome = brought(store, desired, blocks={"user/zoe": (waiting,)})
    assert outcome.status == "applied"
    assert [step.change.kind for step in outcome.waiting] == ["user.create"]
    assert snapshot_of(store, "atelier").current == atelier(seats=9)


def test_a_plan_with_a_tripped_limit_is_refused_whole(store, tripped):
    brought(store, atelier())
    outcome = brought(store, atelier(seats=9), trips=(tripped,))
    assert (outcome.status, outcome.exit) == ("refused", Exit.REFUSED)
    assert "deactivate" in outcome.message
    assert snapshot_of(store, "atelier").current == atelier()


def test_a_renamed_key_moves_the_seat_and_mails_nobody(store):
    brought(store, atelier())
    run = store.begin_run("apply", actor="claire")
    users = {"paul": user(PAUL, "compta", "paye"), "l.petit": user(LAURE, "paye")}
    desired = atelier(users=users)
    move = Change("user.move_key", "user/paul", "p.martin", "paul")
    moved = planned(store, desired)
    moved = replace(moved, steps=tuple(replace(moved.steps[0], change=move, notices=()) for _ in range(1)))
    applied(store, moved, run=run)
    assert snapshot_of(store, "atelier").current == desired
    assert store.outbox(run=run.id) == []
    assert store.check() == []


def test_next_due_is_kept_beside_the_state(store):
    brought(store, atelier(), next_due=date(2026, 3, 1))
    head = only(store.heads())
    assert (head.name, head.next_due, head.digest) == ("atelier", date(2026, 3, 1), head.applied_digest)


def test_the_number_of_statements_does_not_grow_with_users(store):
    brought(store, client(3, 1))  # the administrator is known in what follows
    counted = []
    for number, users in ((1, 2), (2, 200)):
        plan = planned(store, client(number, users))
        run = store.begin_run("apply", actor="claire")
        with statements(store) as asked:
            applied(store, plan, run=run)
        counted.append(len(asked))
    assert counted[0] == counted[1] <= 40


def test_a_bad_subscription_does_not_stop_the_others(store):
    plans = [planned(store, client(number, 2)) for number in range(3)]
    broken = replace(plans[1], steps=plans[1].steps[2:])
    report = applied(store, plans[0], broken, plans[2])
    assert [outcome.status for outcome in report.outcomes] == ["applied", "failed", "applied"]
    assert report.outcomes[1].exit == Exit.FAILED
    assert (report.run.result, report.run.counts) == ("partial", {"applied": 2, "failed": 1})


def test_an_interrupt_lets_the_current_subscription_finish_and_closes_the_run(store):
    plans = [planned(store, client(number, 2)) for number in range(3)]
    done: list = []
    report = applied(store, *plans, on_outcome=done.append, stop=lambda: len(done) == 1)
    assert len(report.outcomes) == 1
    assert report.run.result == "interrupted"
    assert count(store, "lease") == 0


def test_an_exception_from_outside_closes_the_run_too(store):
    def stop() -> bool:
        raise KeyboardInterrupt

    run = store.begin_run("apply", actor="claire")
    with pytest.raises(KeyboardInterrupt):
        applied(store, planned(store, atelier()), run=run, stop=stop)
    found: Run = store.run(run.id)[0]
    assert found.result == "interrupted"
    assert found.ended_at


def test_two_subscriptions_draw_different_identifiers_from_the_same_chance(store, vat):
    for name in ("atelier", "boulangerie"):
        plan = planned(store, atelier(name, services={"vat_filing": vat}))
        applied(store, plan, tools=tools(seed=7))
    facts = [snapshot_of(store, name).facts["service/vat_filing/identifier"] for name in ("atelier", "boulangerie")]
    assert len(set(facts)) == 2
    assert all(value[:3].isalpha() and value[3:].isdigit() and len(value) == 5 for value in facts)
