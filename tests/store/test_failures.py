"""A store that fails in the middle: full, damaged, in use, its server restarted."""

import sqlite3
from dataclasses import replace

import psycopg
import pytest
from sqlalchemy import event, text, update

from flexsync.clock import FixedClock
from flexsync.errors import Exit, FlexsyncError, StoreUnavailable
from flexsync.store import engine as engines
from flexsync.store.sql import open_store
from flexsync.store.tables import body, journal, seat, subscription
from tests.support.stored import NOON, applied, atelier, brought, client, only, planned, snapshot_of
from tests.support.tables import dump

CLOCK = FixedClock(NOON)


@pytest.fixture
def lite(sqlite_url):
    with open_store(sqlite_url, create=False, clock=CLOCK) as store:
        yield store


def test_a_full_disk_writes_nothing_in_part_and_the_next_run_works(lite):
    brought(lite, atelier())
    pages = lite.read(lambda connection: connection.scalar(text("PRAGMA page_count")))

    def bound(connection, record):
        connection.execute(f"PRAGMA max_page_count = {pages + 4}")

    lite.engine.dispose()
    event.listen(lite.engine, "connect", bound)
    before = dump(lite)
    plan = planned(lite, client(1, 300))
    report = applied(lite, plan, planned(lite, client(2, 300)))
    outcome = only(report.outcomes)  # the second one was not tried: it could not be written either
    assert (outcome.status, outcome.exit, report.run.result) == ("failed", Exit.UNAVAILABLE, "failed")
    assert "has no room left" in outcome.message
    assert dump(lite) == before
    event.remove(lite.engine, "connect", bound)
    lite.engine.dispose()
    assert only(applied(lite, plan).outcomes).status == "applied"


def test_a_store_that_fails_to_the_end_hides_nothing_of_what_was_done(lite):
    def read_only(connection, record):
        connection.execute("PRAGMA query_only = 1")

    def broken(outcome):
        if not event.contains(lite.engine, "connect", read_only):
            event.listen(lite.engine, "connect", read_only)
            lite.engine.dispose()

    report = applied(lite, planned(lite, client(1)), planned(lite, client(2)), on_outcome=broken)
    assert [outcome.status for outcome in report.outcomes] == ["applied", "failed"]
    assert report.outcomes[1].exit == Exit.UNAVAILABLE
    assert isinstance(report.trouble, StoreUnavailable)
    event.remove(lite.engine, "connect", read_only)
    lite.engine.dispose()
    assert [head.name for head in lite.heads()] == [client(1).name]


def test_any_damaged_page_is_noticed_before_anything_is_written(sqlite_maker, tmp_path):
    url = sqlite_maker()
    with open_store(url, create=False, clock=CLOCK) as store:
        brought(store, client(1, 20))
        size = store.read(lambda connection: connection.scalar(text("PRAGMA page_size")))
        store.backup(tmp_path / "whole.db")
    whole = (tmp_path / "whole.db").read_bytes()
    for start in range(0, len(whole), size):
        path = tmp_path / "damaged.db"
        path.write_bytes(whole[:start] + b"\xff" * 64 + whole[start + 64 :])
        said = complaints(path)
        assert said, f"page {start // size} is damaged, and nobody noticed"


def complaints(path) -> list[str]:
    """What opening and checking a store complains of."""
    try:
        with open_store(str(path), create=False, clock=CLOCK) as store:
            return store.check()
    except StoreUnavailable as error:
        assert "damaged" in str(error) or "not a flexsync store" in str(error)
        return [str(error)]


def test_a_file_cut_short_is_noticed(sqlite_maker, tmp_path):
    path = tmp_path / "cut.db"
    with open_store(sqlite_maker(), create=False, clock=CLOCK) as store:
        brought(store, client(1, 20))
        store.backup(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert "damaged" in complaints(path)[0]


def test_a_store_in_use_is_told_so_after_a_while(sqlite_url, monkeypatch):
    monkeypatch.setattr(engines, "PATIENCE", 0)
    with open_store(sqlite_url, create=False, clock=CLOCK) as store:
        other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable, match="in use by another process"):
            store.begin_run("apply", actor="claire")
        other.close()
        assert store.begin_run("apply", actor="claire")


def test_readers_do_not_wait_for_a_writer(sqlite_url):
    with open_store(sqlite_url, create=False, clock=CLOCK) as store:
        brought(store, atelier())
        other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        assert snapshot_of(store, "atelier").current == atelier()
        other.close()


def test_a_connection_killed_by_the_server_is_told_so_and_nothing_is_written(postgresql_url):
    with open_store(postgresql_url, create=False, clock=CLOCK) as store:
        brought(store, atelier())
        run = store.begin_run("apply", actor="claire")
        before = dump(store)
        with (
            pytest.raises(StoreUnavailable, match="shut down or restarted"),
            store.transaction("atelier", run) as transaction,
        ):
            with psycopg.connect(postgresql_url, autocommit=True) as other:
                other.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            transaction.snapshot()
        store.engine.dispose()
        assert dump(store) == before


def test_a_state_that_cannot_be_read_stops_its_own_subscription_only(store):
    for number in (1, 2):
        brought(store, client(number, 1))
    plans = [planned(store, replace(client(number, 1), seats=9)) for number in (1, 2)]
    damage = update(body).where(body.c.subscription == "client-0001").values(current='{"name": 1}')
    store.write(lambda connection: connection.execute(damage))
    first, second = applied(store, *plans).outcomes
    assert (first.status, second.status) == ("failed", "applied")
    assert 'The stored state of "client-0001" cannot be read' in first.message
    with pytest.raises(FlexsyncError):
        store.snapshots(["client-0001", "client-0002"])


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        (update(body).values(current='{"name":1}'), "atelier: its stored state cannot be read."),
        (update(subscription).values(digest="0"), "atelier: the digest of its current state does not match."),
        (update(subscription).values(admin=None), "atelier: its administrator differs from its state."),
        (update(subscription).values(status="closed"), "atelier: its name or status differs from its state."),
        (update(subscription).values(revision=7), "the journal ends at revision 1, the subscription is at 7."),
        (
            update(seat).where(seat.c.key == "p.martin").values(status="deactivated"),
            "atelier: the seat of p.martin differs from its state.",
        ),
        (update(journal).values(actor="mallory"), "atelier: the journal of revision 1 was altered."),
        (update(journal).values(steps="[]"), "atelier: the journal of revision 1 was altered."),
    ],
)
def test_check_finds_what_does_not_agree(store, damage, complaint):
    brought(store, atelier())
    assert store.check() == []
    store.write(lambda connection: connection.execute(damage))
    assert any(complaint in line for line in store.check())


def test_a_journal_that_lost_its_end_is_noticed(store):
    brought(store, atelier())
    brought(store, atelier(seats=9))
    store.write(lambda connection: connection.execute(journal.delete().where(journal.c.revision == 2)))
    assert store.check() == ["atelier: the journal ends at revision 1, the subscription is at 2."]
