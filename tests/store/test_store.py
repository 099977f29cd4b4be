"""The contract of a store, on each database: leases, runs, reading, backup, schema."""

from datetime import timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from flexsync.errors import LockHeld, PlanUnusable, StoreUnavailable
from flexsync.snapshot import Snapshot
from flexsync.store.base import Conflict
from flexsync.store.leases import DURATION
from flexsync.store.sql import open_store
from flexsync.store.tables import SCHEMA, metadata, outbox, seat
from tests.support.stored import LAURE, NOON, PAUL, applied, atelier, brought, client, only, planned
from tests.support.tables import count, dump, statements


def run_of(store, host: str = "ci-2"):
    return store.begin_run("apply", actor="claire", host=host)


def test_a_lease_names_its_holder(store):
    store.lease(["atelier", "boulangerie"], run_of(store))
    with pytest.raises(LockHeld) as found:
        store.lease(["atelier", "boulangerie"], run_of(store, "ci-3"))
    holder = only(run for run in store.runs() if run.host == "ci-2")
    assert str(found.value) == (
        f'"atelier" (and 1 more) is held by run {holder.id} of claire on ci-2, since 12:00:00 until 12:01:00 UTC '
        "unless renewed. Run again in 60 s, or when that run is done."
    )


def test_leases_are_taken_all_or_none(store):
    first, second = run_of(store), run_of(store)
    store.lease(["b"], first)
    with pytest.raises(LockHeld):
        store.lease(["a", "b", "c"], second)
    store.release(first)
    assert [lease.subscription for lease in store.lease(["c", "a", "b"], second)] == ["a", "b", "c"]


def test_a_lease_that_ended_is_taken_over_with_a_higher_epoch(store, clock):
    store.lease(["atelier"], run_of(store))
    clock.move(DURATION)
    lease = only(store.lease(["atelier"], run_of(store)))
    assert (lease.epoch, lease.until) == (2, NOON + 2 * DURATION)


def test_a_renewed_lease_is_not_taken_over(store, clock):
    run = run_of(store)
    store.lease(["atelier"], run)
    clock.move(timedelta(seconds=50))
    assert store.renew(run) == 1
    clock.move(timedelta(seconds=50))
    with pytest.raises(LockHeld):
        store.lease(["atelier"], run_of(store))


def test_a_run_may_take_its_own_lease_again(store):
    run = run_of(store)
    store.lease(["atelier"], run)
    assert len(store.lease(["atelier", "boulangerie"], run)) == 2


def test_a_long_run_renews_its_leases_by_itself(store, clock):
    plans = [planned(store, client(number, 1)) for number in range(4)]
    report = applied(store, *plans, on_outcome=lambda outcome: clock.move(timedelta(seconds=50)))
    assert report.run.result == "done"


def test_many_leases_take_few_statements(store):
    run = run_of(store)
    with statements(store) as asked:
        store.lease([f"client-{number}" for number in range(400)], run)
    assert len(asked) <= 5


def test_a_run_that_ends_holds_nothing(store):
    run = run_of(store)
    store.lease(["atelier"], run)
    store.end_run(run, "done", {"applied": 1})
    assert count(store, "lease") == 0
    found, entries = store.run(run.id)
    assert (found.result, found.counts, found.ended_at, entries) == ("done", {"applied": 1}, NOON, [])


def test_a_saved_plan_is_used_once(store):
    first = store.begin_run("apply", actor="claire", plan_digest="d1")
    with pytest.raises(PlanUnusable, match=f"used by run {first.id} on 2026-11-25 at 12:00 UTC. Plan again."):
        store.begin_run("apply", actor="claire", plan_digest="d1")


def test_a_run_that_was_killed_is_closed_by_the_next_and_its_plan_may_be_used_again(store, clock):
    dead = store.begin_run("apply", actor="claire", plan_digest="d1")
    store.lease(["atelier"], dead)
    clock.move(timedelta(seconds=61))
    store.begin_run("apply", actor="claire", plan_digest="d1")
    assert store.run(dead.id)[0].result == "abandoned"


def test_a_run_that_is_alive_is_not_closed_by_another(store, clock):
    run = run_of(store)
    store.lease(["atelier"], run)
    clock.move(timedelta(seconds=50))
    store.renew(run)
    clock.move(timedelta(seconds=50))
    run_of(store)
    assert store.run(run.id)[0].result == "running"


def test_runs_come_newest_first(store, clock):
    made = []
    for _ in range(3):
        made.append(run_of(store).id)
        clock.move(timedelta(seconds=1))
    assert [run.id for run in store.runs(limit=2)] == made[:0:-1]
    assert store.run("unknown") is None


def test_unknown_names_and_keys_are_absent(store):
    assert store.snapshots(["atelier"]) == {}
    assert store.accounts(["nobody@dupont.example"]) == {}
    assert store.statuses(["atelier"]) == {}
    assert list(store.heads()) == store.history("atelier") == store.outbox() == []


def test_snapshots_and_accounts_are_read_in_few_statements(store):
    plans = [planned(store, client(number, 2)) for number in range(20)]
    applied(store, *plans)
    names = [plan.name for plan in plans]
    with statements(store) as asked:
        found = store.snapshots(names)
    assert found == {plan.name: Snapshot(plan.name, 1, plan.desired, plan.desired, {}) for plan in plans}
    assert len(asked) <= 3
    with statements(store) as asked:
        assert len(store.accounts([f"u0@{name}.example" for name in names])) == 20
    assert len(asked) <= 3
    with statements(store) as asked:
        assert len(store.statuses(names)) == 20
    assert len(asked) <= 6


def test_heads_read_no_body(store):
    brought(store, atelier())
    with statements(store) as asked:
        assert [head.name for head in store.heads()] == ["atelier"]
    assert not any("body" in statement for statement in asked)


def test_a_lease_is_not_needed_to_read(store):
    brought(store, atelier())
    store.lease(["atelier"], run_of(store))
    assert store.snapshots(["atelier"])


def test_the_migrations_make_the_tables_that_the_code_uses(store):
    def differences(connection):
        return compare_metadata(MigrationContext.configure(connection), metadata)

    assert store.read(differences) == []
    assert store.info().schema == SCHEMA[-1]


def test_the_database_itself_refuses_what_may_not_be(store):
    brought(store, atelier())
    row = {"subscription": "atelier", "key": "x", "account": None}
    for status in ("present", "on holiday"):
        with pytest.raises((StoreUnavailable, IntegrityError)):
            store.write(lambda connection, status=status: connection.execute(insert(seat).values(**row, status=status)))
    again = only(values for values in dump(store)["outbox"] if PAUL.email in values)
    mail = dict(zip(outbox.c.keys(), again, strict=True)) | {"id": 99}
    with pytest.raises(Conflict):
        store.write(lambda connection: connection.execute(insert(outbox).values(mail)))


def test_a_backup_is_a_store_with_the_same_rows(sqlite_url, clock, tmp_path):
    with open_store(sqlite_url, create=False, clock=clock) as store:
        brought(store, atelier())
        store.backup(tmp_path / "copy.db")
        with open_store(str(tmp_path / "copy.db"), create=False, clock=clock) as copy:
            assert dump(copy, frozenset()) == dump(store, frozenset())
            assert copy.check() == []
        with pytest.raises(StoreUnavailable, match="exists already"):
            store.backup(tmp_path / "copy.db")
        with pytest.raises(StoreUnavailable, match="cannot be written"):
            store.backup(tmp_path / "nowhere" / "copy.db")
    assert not list(tmp_path.glob("*.part"))


def test_a_store_on_a_server_is_backed_up_with_its_own_tool(postgresql_url, clock, tmp_path):
    with (
        open_store(postgresql_url, create=False, clock=clock) as store,
        pytest.raises(StoreUnavailable, match="pg_dump"),
    ):
        store.backup(tmp_path / "copy.db")


def test_info_counts_rows_and_shows_no_password(store):
    brought(store, atelier())
    info = store.info()
    assert (info.id, info.counts["subscription"], info.counts["account"]) == (store.id, 1, 3)
    assert LAURE.email not in str(info)


def test_each_commit_is_on_disk_before_it_is_acknowledged(sqlite_url, clock):
    with open_store(sqlite_url, create=False, clock=clock) as store:
        asked = ("PRAGMA synchronous", "PRAGMA journal_mode", "PRAGMA foreign_keys")
        with store.engine.connect() as connection:
            found = [connection.exec_driver_sql(pragma).scalar() for pragma in asked]
    assert found == [2, "wal", 1]
