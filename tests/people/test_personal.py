"""Personal data: all of it handed out, none of it left after an erasure, and the journal still proves itself."""

import json
import stat
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from flexsync.acts.personal import erasable, erase, export, purge
from flexsync.errors import Refused, WrongCommand
from flexsync.plan.change import Change
from flexsync.state import User
from flexsync.store.tables import account, journal, outbox, token
from flexsync.store.tables_portal import disclosure
from tests.support.portal import in_portal, person_changed
from tests.support.posting import with_password
from tests.support.stored import ANNE, LAURE, PAUL, ZOE, atelier, brought, user, with_user

KEEP = timedelta(days=365)
EMAIL = PAUL.email
OTHER = atelier("other", users={"paul": user(PAUL, "paye"), "zoe": user(ZOE, "paye")})


def gone(state, key="p.martin"):
    one = state.users[key]
    return with_user(state, key, replace(one, status="deactivated", access=()))


@pytest.fixture
def left(store, clock):
    """Paul used two subscriptions, changed his own name, and left both; the period is over."""
    base = atelier()
    brought(store, base)
    brought(store, OTHER)
    with_password(store, EMAIL)
    in_portal(store, "atelier", person_changed("p.martin", given_name="Paulo"))
    for state in (gone(base), gone(OTHER, "paul")):
        done = brought(store, state)
        assert done.status == "applied", done.message
    clock.move(KEEP + timedelta(days=1))
    return store


def everything(store) -> str:
    """All that the store has, as one text."""

    def read(connection):
        names = connection.scalars(
            text(
                "SELECT name FROM sqlite_master WHERE type = 'table'"
                if connection.dialect.name == "sqlite"
                else "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            )
        ).all()
        return "\n".join(str(row) for name in names for row in connection.execute(text(f'SELECT * FROM "{name}"')))

    return store.read(read)


def test_an_export_has_all_that_concerns_the_person_and_no_secret(left):
    data = export(left, EMAIL.upper(), "claire")
    assert data["account"]["email"] == EMAIL
    assert {seat["subscription"] for seat in data["seats"]} == {"atelier", "other"}
    assert data["mails"] and data["invitations"]
    kinds = {step["kind"] for entry in data["journal"] for step in entry["steps"]}
    assert {"user.create", "user.deactivate"} <= kinds
    shown = json.dumps(data)
    assert "password_hash" not in shown and LAURE.email not in shown


def test_an_export_is_recorded_and_part_of_the_next(left):
    export(left, EMAIL, "claire")
    (row,) = left.read(lambda c: c.execute(select(disclosure)).all())
    assert (row.actor, row.what) == ("claire", f"personal/{EMAIL}")
    assert export(left, EMAIL, "claire")["disclosures"][0]["actor"] == "claire"


def test_nobody_is_exported_or_erased_who_is_not_known(store):
    for act in (lambda: export(store, "x@y.example", "claire"), lambda: erase(store, "x@y.example", KEEP, "claire")):
        with pytest.raises(WrongCommand):
            act()


@pytest.mark.parametrize("person", [PAUL, ANNE])
def test_who_still_belongs_is_not_erased(store, person):
    brought(store, atelier())
    with pytest.raises(Refused, match="atelier"):
        erase(store, person.email, KEEP, "claire")


def test_who_just_left_is_kept_for_the_period(store, clock):
    brought(store, atelier())
    brought(store, gone(atelier()))
    with pytest.raises(Refused, match="from 2027-11-26 on"):
        erasable(store, EMAIL, KEEP)
    clock.move(KEEP - timedelta(seconds=1))
    with pytest.raises(Refused):
        erase(store, EMAIL, KEEP, "claire")
    clock.move(timedelta(seconds=1))
    assert erasable(store, EMAIL, KEEP).subscriptions == ("atelier",)


def test_an_erasure_leaves_nothing(left):
    export(left, EMAIL, "claire")
    assert erase(left, EMAIL, KEEP, "claire") == ["atelier", "other"]
    for trace in (EMAIL, "Paul", "Martin-Lef"):
        assert trace not in everything(left)
    assert left.read(lambda c: c.scalar(select(account.c.id).where(account.c.key == EMAIL))) is None


def test_addresses_from_before_and_those_only_proposed_are_erased_too(store, clock):
    base, old = atelier(), replace(PAUL, email="old@dupont.example")
    brought(store, with_user(base, "p.martin", user(old, "compta")))
    brought(store, base)
    proposed = Change("user.propose_email", "user/p.martin", EMAIL, "never@confirmed.example")
    assert brought(store, base, proposed).status == "applied"
    assert brought(store, gone(base)).status == "applied"
    clock.move(KEEP + timedelta(days=1))
    erase(store, EMAIL, KEEP, "claire")
    assert not any(trace in everything(store) for trace in (EMAIL, "old@dupont", "never@confirmed"))
    assert store.broken({}) == [] and store.check() == []


def test_an_erasure_leaves_the_others(left):
    erase(left, EMAIL, KEEP, "claire")
    state = left.snapshots(["atelier"])["atelier"].current
    assert state.admin.person == ANNE
    assert state.users["l.petit"].person == LAURE
    assert state.users["p.martin"] == User(None, status="deleted")


def test_the_journal_still_proves_itself_and_what_was_written_down(left):
    kept = {end.name: end for end in left.ends()}
    erase(left, EMAIL, KEEP, "claire")
    assert left.broken(kept) == []
    assert left.check() == []


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "mallory"},
        {"steps": "[]"},
        {"before": "null"},
        {"commit_id": "0"},
    ],
)
def test_an_erased_row_cannot_be_altered_again(left, change):
    erase(left, EMAIL, KEEP, "claire")
    left.write(lambda c: c.execute(journal.update().where(journal.c.revision == 2).values(change)))
    assert any("was altered" in line for line in left.broken({}))


def test_a_row_is_not_erased_because_somebody_says_so_elsewhere(left):
    erase(left, EMAIL, KEEP, "claire")
    rows = left.read(lambda c: c.execute(select(journal).where(journal.c.steps.contains("personal.erase"))).all())
    forged = rows[0].steps.replace('"1":"', '"1":"0')
    left.write(lambda c: c.execute(journal.update().where(journal.c.id == rows[0].id).values(steps=forged)))
    assert left.broken({})


def test_two_people_are_erased_one_after_the_other(store, clock):
    base = atelier()
    base = with_user(base, "zoe", user(ZOE, "paye"))
    brought(store, base)
    assert brought(store, gone(gone(base), "l.petit")).status == "applied"
    clock.move(KEEP + timedelta(days=1))
    erase(store, EMAIL, KEEP, "claire")
    erase(store, LAURE.email, KEEP, "claire")
    assert store.broken({}) == [] and store.check() == []
    assert not any(trace in everything(store) for trace in (EMAIL, LAURE.email, "Laure"))


def test_who_was_deleted_before_is_taken_out_of_the_journal(store, clock):
    brought(store, atelier())
    brought(store, gone(atelier()))
    brought(store, with_user(atelier(), "p.martin", User(None, status="deleted")))
    clock.move(KEEP + timedelta(days=1))
    assert erase(store, EMAIL, KEEP, "claire") == ["atelier"]
    assert EMAIL not in everything(store)
    assert store.broken({}) == []


def test_nothing_drifts_and_nobody_is_mailed(left):
    mails = len(left.outbox())
    before = {head.name: head.digest != head.applied_digest for head in left.heads()}
    erase(left, EMAIL, KEEP, "claire")
    assert len(left.outbox()) == mails
    after = {head.name: head.digest != head.applied_digest for head in left.heads()}
    assert sum(after.values()) <= sum(before.values())


def test_purge_forgets_what_mails_said_and_links_that_are_dead(store, clock):
    brought(store, atelier())
    store.write(lambda c: c.execute(outbox.update().values(state="sent")))
    assert purge(store, KEEP)["mails"] == 0
    clock.move(KEEP + timedelta(days=1))
    assert purge(store, KEEP)["mails"] == len(store.outbox())
    assert all(row.payload == {} for row in store.outbox())
    assert purge(store, KEEP)["mails"] == 0
    assert store.read(lambda c: c.execute(select(token)).all()) == []


def test_mails_that_did_not_leave_keep_what_they_say(store, clock):
    brought(store, atelier())
    clock.move(KEEP * 2)
    assert purge(store, KEEP)["mails"] == 0


def test_the_command_writes_a_file_for_its_owner_alone(store, store_url, flexsync):
    brought(store, atelier())
    done = flexsync("personal", "export", EMAIL, "--out", "paul.json", "--store", store_url)
    assert (done.code, done.out) == (0, "Written: paul.json\n")
    assert stat.S_IMODE(Path("paul.json").stat().st_mode) == 0o600
    assert json.loads(Path("paul.json").read_text())["account"]["email"] == EMAIL
    assert flexsync("personal", "export", EMAIL, "--out", "paul.json", "--store", store_url).code == 64


def test_the_command_erases_when_asked_twice(left, store_url, flexsync):
    Path("fleet.yaml").write_text("apiVersion: flexsync/v1\nkind: Fleet\nname: firm\n")
    asked = flexsync("personal", "erase", EMAIL, "--store", store_url)
    assert asked.code != 0 and "--yes" in asked.err
    done = flexsync("personal", "erase", EMAIL, "--yes", "--store", store_url)
    assert done.code == 0, done.err
    assert "Erased, in 2 subscription(s)" in done.out
    verified = flexsync("audit", "verify", "--store", store_url)
    assert verified.code == 0
    assert "lost a person's data to an erasure" in verified.out
    run = flexsync("runs", "list", "--store", store_url).out.splitlines()[1].split()[0]
    assert "personal.erase" in flexsync("runs", "show", run, "--store", store_url).out


def test_the_command_refuses_who_is_still_there(store, store_url, flexsync):
    brought(store, atelier())
    Path("fleet.yaml").write_text("apiVersion: flexsync/v1\nkind: Fleet\nname: firm\n")
    done = flexsync("personal", "erase", EMAIL, "--yes", "--store", store_url)
    assert done.code == 4
    assert "still uses or administers atelier" in done.err


def test_what_lost_personal_data_cannot_be_undone(left, store_url, flexsync):
    Path("fleet.yaml").write_text("apiVersion: flexsync/v1\nkind: Fleet\nname: firm\n")
    ran = left.history("atelier")[0].run
    erase(left, EMAIL, KEEP, "claire")
    for run in (ran, left.history("atelier")[-1].run):
        done = flexsync("undo", run, "--yes", "--store", store_url)
        assert done.code == 4
        assert "Personal data was erased" in done.err
