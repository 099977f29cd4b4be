"""A store of the first release is brought to this one's schema, and nothing in it changes."""

from sqlalchemy import inspect, text

from flexsync.clock import FixedClock
from flexsync.store.opening import migrate
from flexsync.store.sql import open_store
from flexsync.store.tables import SCHEMA
from flexsync.store.tables_portal import web_session, workstation
from tests.support.stored import NOON, atelier, brought
from tests.support.tables import dump

CLOCK = FixedClock(NOON)
NEW = ("listing", "workstation", "disclosure", "service_secret", "attempt", "web_session", "operator")


def test_a_store_of_the_first_schema_is_migrated_and_keeps_every_row(store_url):
    with open_store(store_url, create=False, clock=CLOCK) as store:
        brought(store, atelier())
        old = dump(store, frozenset(("alembic_version", *NEW)))
        store.write(_first_schema)
    assert migrate(store_url) == ("0001", SCHEMA[-1])
    with open_store(store_url, create=False, clock=CLOCK) as store:
        assert dump(store, frozenset(("alembic_version", *NEW))) == old
        assert store.check() == []
        tables = store.read(lambda connection: set(inspect(connection).get_table_names()))
        assert {web_session.name, workstation.name} <= tables


def _first_schema(connection):
    for name in ("outbox_run_recipient", "outbox_recipient", "run_result_started_at", "fact_name"):
        connection.execute(text(f"DROP INDEX ix_{name}"))
    for name in NEW:
        connection.execute(text(f"DROP TABLE {name}"))
    connection.execute(text("ALTER TABLE invitation DROP COLUMN attempt"))
    connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
