"""audit: who changed what, and whether somebody rewrote it."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, select, text, update

from flexsync.store.audit import Asked
from flexsync.store.rows import dump
from flexsync.store.tables import body, journal, run, subscription
from flexsync.store.transaction import link
from flexsync.workflow.auditing import ends_from, ends_text
from tests.support.portal import in_portal
from tests.support.stored import ZOE, atelier, brought, user, with_user

HIRED = with_user(atelier(), "zoe", user(ZOE, "paye"))
REVISED = replace(HIRED, seats=9)


@pytest.fixture
def three(store, clock):
    """A store with three revisions of one subscription, a day apart, and one of another."""
    for state in (atelier(), HIRED, REVISED):
        brought(store, state)
        clock.move(timedelta(days=1))
    brought(store, atelier("bureau", admin=None, users={}))
    return store


def acts(store, **asked):
    return [(act.subscription, act.revision) for act in store.acts(Asked(**asked))]


def test_acts_are_found_by_subscription_user_day_and_actor(three, clock):
    assert acts(three) == [("atelier", 1), ("atelier", 2), ("atelier", 3), ("bureau", 1)]
    assert acts(three, subscription="bureau") == [("bureau", 1)]
    assert acts(three, user="zoe") == [("atelier", 2)]
    assert acts(three, since=clock.now() - timedelta(days=1)) == [("atelier", 3), ("bureau", 1)]
    assert acts(three, actor="CLAIRE", subscription="atelier", user="p.martin") == [("atelier", 1)]
    assert acts(three, actor="mallory") == []


def test_an_act_of_a_user_has_the_steps_about_that_user_alone(three):
    (act,) = three.acts(Asked(user="zoe"))
    assert [step["kind"] for step in act.steps] == ["user.create", "access.grant"]


def test_a_journal_that_nobody_touched_is_whole(three):
    assert three.broken({}) == []
    assert three.broken(ends_from(ends_text(three.ends()).encode())) == []


ROW = journal.c.revision == 2
MINE = journal.c.subscription == "atelier"
OTHER = '{"name":"atelier","offer":"ultraflex","seats":99}'


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        (update(journal).where(MINE, ROW).values(actor="mallory"), "the journal of revision 2 was altered"),
        (update(journal).where(MINE, ROW).values(steps="[]"), "the journal of revision 2 was altered"),
        (update(journal).where(MINE, ROW).values(before=OTHER), "the journal of revision 2 was altered"),
        (update(journal).where(MINE, ROW).values(commit_id="0"), "the journal of revision 2 was altered"),
        (update(journal).where(MINE, ROW).values(after_digest="0"), "the journal of revision 2 was altered"),
        (update(journal).where(MINE, ROW).values(chain="0"), "the journal of revision 2 was altered"),
        (delete(journal).where(MINE, ROW), "the journal of revision 2 was removed"),
        (delete(journal).where(MINE, journal.c.revision < 3), "the journal of revisions 1 to 2 was removed"),
        (delete(journal).where(MINE, journal.c.revision == 3), "the journal ends at revision 2, the subscription is"),
        (update(subscription).where(subscription.c.name == "atelier").values(chain="0"), "is not the one that the"),
        (update(subscription).where(subscription.c.name == "atelier").values(digest="0"), "is not the one that the"),
        (update(body).where(body.c.subscription == "atelier").values(current=OTHER), "was changed beside the journal"),
        (update(run).values(actor="mallory"), "names another actor or commit"),
    ],
)
def test_an_alteration_is_found(three, damage, complaint):
    three.write(lambda connection: connection.execute(damage))
    found = three.broken({})
    assert any(complaint in line for line in found), found
    assert not any("bureau" in line for line in found if "another actor" not in line)


def test_an_inserted_row_is_found(three):
    def insert_one(connection):
        row = connection.execute(select(journal).where(MINE, ROW)).one()._asdict()
        row |= {"id": 999, "revision": 4, "operation": "forged"}
        connection.execute(insert(journal).values(row))

    three.write(insert_one)
    assert three.broken({}) == [
        "atelier: the journal of revision 4 was altered.",
        "atelier: the journal ends at revision 4, the subscription is at 3.",
    ]


def test_a_chain_made_anew_by_somebody_who_may_write_everything_shows_against_ends_kept_elsewhere(three):
    kept = ends_from(ends_text(three.ends()).encode())

    def forge(connection):
        previous = ""
        for row in connection.execute(select(journal).where(MINE).order_by(journal.c.revision)).all():
            values = row._asdict()
            number, _ = values.pop("id"), values.pop("chain")
            values["actor"] = "somebody else"
            previous = link(previous, values)
            connection.execute(
                update(journal).where(journal.c.id == number).values(actor="somebody else", chain=previous)
            )
        connection.execute(update(run).values(actor="somebody else"))
        connection.execute(update(subscription).where(subscription.c.name == "atelier").values(chain=previous))

    three.write(forge)
    assert [line for line in three.broken({}) if "another actor" not in line] == []
    assert "atelier: revision 3 is not the one that was written down." in three.broken(kept)


def test_a_store_put_back_to_an_earlier_day_shows_against_ends_kept_elsewhere(store):
    brought(store, atelier())
    brought(store, HIRED)
    kept = ends_from(ends_text(store.ends()).encode())

    def back(connection):
        connection.execute(delete(journal).where(ROW))
        chain = connection.scalar(select(journal.c.chain))
        values = {"revision": 1, "chain": chain, "digest": connection.scalar(select(journal.c.after_digest))}
        connection.execute(update(subscription).values(values))
        connection.execute(update(body).values(current=dump(atelier()), applied=dump(atelier())))

    store.write(back)
    assert store.broken({}) == []
    assert store.broken(kept) == ["atelier: is at revision 1; revision 2 was written down."]


def test_an_update_says_which_values_moved(flexsync, three, store_url):
    brought(three, replace(REVISED, users={**REVISED.users, "zoe": user(replace(ZOE, family_name="Roy"), "paye")}))
    out = flexsync("audit", "list", "--store", store_url).out
    assert "  ! seats raised  seats 4 -> 9\n" in out
    assert "  ~ update zoe  family name Noël -> Roy\n" in out


def test_an_entry_in_which_files_and_portal_came_to_agree_says_so(flexsync, three, store_url):
    brought(three, in_portal(three, "atelier", lambda state: replace(state, seats=11)))
    out = flexsync("audit", "list", "--subscription", "atelier", "--store", store_url).out
    assert out.endswith("  * agreed  the files now say what was changed in the portal\n")


def test_a_run_is_shown_as_the_journal_tells_it(flexsync, three, store_url):
    run = three.history("atelier")[1].run
    listed = flexsync("audit", "list", "--run", run, "--store", store_url).out
    assert flexsync("runs", "show", run, "--store", store_url).out.endswith(f"\n\n{listed}")


def test_one_user_is_explained_with_what_was_done_and_the_clock_of_the_journal(flexsync, three, store_url):
    out = flexsync("explain", "atelier", "zoe", "--store", store_url).out
    assert "  changed     2026-11-26 12:00 UTC  grant paye to zoe  by claire  run " in out
    assert "It has " in flexsync("explain", "atelier", "qqqq", "--store", store_url).err


def test_what_the_store_does_not_have_is_not_answered_with_silence(flexsync, three, store_url):
    asked = lambda *words: flexsync("audit", "list", *words, "--store", store_url)  # noqa: E731
    assert 'no subscription "atelie". Did you mean "atelier"?' in asked("--subscription", "atelie").err
    assert 'no run "12"' in asked("--run", "12").err
    nobody = asked("--user", "nobody")
    assert (nobody.code, nobody.out, nobody.err) == (0, "", "Nothing in the journal is about that.\n")


def test_audit_on_the_command_line(flexsync, three, store_url, tmp_path):
    listed = flexsync("audit", "list", "--user", "zoe", "--store", store_url)
    assert listed.code == 0
    assert "atelier  revision 2  2026-11-26 12:00:00 UTC  claire  run " in listed.out
    assert "commit abc123" in listed.out
    assert "  + invite zoe\n  + grant paye to zoe\n" in listed.out
    plain = json.loads(flexsync("audit", "list", "--format", "json", "--store", store_url).out)
    assert [act["revision"] for act in plain] == [1, 2, 3, 1]
    whole = flexsync("audit", "verify", "--store", store_url)
    assert (whole.code, whole.out) == (0, "Journal: 2 subscriptions, 4 entries, 0 broken\n")
    kept = tmp_path / "ends.json"
    kept.write_text(flexsync("audit", "ends", "--store", store_url).out)
    assert flexsync("audit", "verify", "--against", kept, "--store", store_url).code == 0
    three.write(lambda connection: connection.execute(text("UPDATE journal SET actor = 'x' WHERE revision = 2")))
    broken = flexsync("audit", "verify", "--store", store_url)
    assert broken.code == 9
    assert "atelier: the journal of revision 2 was altered." in broken.out
    kept.write_text("[]")
    assert flexsync("audit", "verify", "--against", kept, "--store", store_url).code == 64
