"""Opening a store: where it may be, what is refused, in which words; and nothing is written on the way."""

import os
import sqlite3
import stat
import tempfile
import traceback
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import OperationalError

from flexsync.clock import FixedClock
from flexsync.errors import Exit, StoreUnavailable
from flexsync.store import opening
from flexsync.store.engine import locate
from flexsync.store.opening import migrate
from flexsync.store.sql import open_store
from flexsync.store.tables import SCHEMA
from flexsync.store.trouble import told
from tests.support.stored import NOON, atelier, brought
from tests.support.tables import dump

CLOCK = FixedClock(NOON)


def refusal(url: str, create: bool = False) -> str:
    with pytest.raises(StoreUnavailable) as found:
        open_store(url, create=create, clock=CLOCK)
    assert found.value.exit == Exit.UNAVAILABLE
    return str(found.value)


@pytest.mark.parametrize("form", ["{}", "sqlite:///{}"])
def test_a_missing_store_is_created_with_its_folder_and_for_its_owner_only(tmp_path, form):
    path = tmp_path / "deep" / "down" / "store.db"
    with open_store(form.format(path), create=True, clock=CLOCK) as store:
        first = store.id
        assert store.url_shown == f"sqlite:///{path}"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with open_store(str(path), create=True, clock=CLOCK) as store:
        assert store.id == first


def test_a_relative_path_is_relative_to_the_working_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    open_store("sqlite:///store.db", create=True, clock=CLOCK).close()
    assert (tmp_path / "store.db").is_file()


def test_a_missing_store_says_what_creates_it_and_is_not_created(tmp_path):
    path = tmp_path / "store.db"
    assert refusal(str(path)) == (
        f"There is no store at sqlite:///{path}. Run `flexsync store init` first, or name another one with --store."
    )
    assert not path.exists()


def test_two_stores_have_different_ids(sqlite_maker, tmp_path):
    ids = set()
    for name in ("a.db", "b.db"):
        with open_store(str(tmp_path / name), create=True, clock=CLOCK) as store:
            ids.add(store.id)
    assert len(ids) == 2


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("", "No store is named."),
        ("mysql://root:hunter2@host/x", 'begins with "mysql://", which is no store'),
        ("postgresql://me:hunter2@host/x\nhost=evil", "a line break or a control character"),
        ("sqlite:///a\u202edb", "a line break or a control character"),
        ("sqlite://store.db", "three slashes"),
        ("postgresql://me:hunter2@host:port/x", "cannot be read"),
    ],
)
def test_what_is_no_store_is_refused_and_no_password_is_shown(url, message):
    told = refusal(url)
    assert message in told
    assert "hunter2" not in told


def test_a_shown_url_has_neither_password_nor_options():
    place = locate("postgresql://me:hunter2@db.example:5433/flexsync?password=hunter3&sslmode=require")
    assert place.shown == "postgresql://me@db.example:5433/flexsync"


@pytest.mark.parametrize("content", [b"apiVersion: flexsync/v1\n", b"SQLite format 2\x00" + bytes(100)])
def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path, content):
    path = tmp_path / "store.db"
    path.write_bytes(content)
    assert "is not a flexsync store" in refusal(str(path), create=True)
    assert path.read_bytes() == content


def test_a_folder_is_refused(tmp_path):
    assert "is not a file" in refusal(str(tmp_path), create=True)


def test_the_database_of_something_else_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "store.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE customer (id)")
    connection.close()
    before = path.read_bytes()
    assert "is a database, but not a flexsync store" in refusal(str(path), create=True)
    assert path.read_bytes() == before


def test_the_schema_of_a_newer_release_is_refused_and_nothing_is_written(store_url):
    with open_store(store_url, create=False, clock=CLOCK) as store:
        brought(store, atelier())
        store.write(lambda connection: connection.execute(text("UPDATE alembic_version SET version_num = '0999'")))
        before = dump(store, frozenset())
        for act in (lambda: open_store(store_url, create=True, clock=CLOCK), lambda: migrate(store_url)):
            with pytest.raises(StoreUnavailable, match=r"written by a newer flexsync \(schema 0999.*Upgrade flexsync"):
                act()
        assert dump(store, frozenset()) == before


def test_the_schema_of_an_older_release_names_the_command_that_migrates(store_url, monkeypatch):
    monkeypatch.setattr(opening, "SCHEMA", (*SCHEMA, "0099"))
    assert f"has the older schema {SCHEMA[-1]}; this release needs 0099" in refusal(store_url, create=True)
    assert "`flexsync store migrate`" in refusal(store_url)


def test_migrating_a_store_of_this_release_changes_nothing(store_url):
    with open_store(store_url, create=False, clock=CLOCK) as store:
        before = dump(store, frozenset())
        assert migrate(store_url) == (SCHEMA[-1], SCHEMA[-1])
        assert dump(store, frozenset()) == before


def test_migrating_a_missing_store_says_what_creates_it(tmp_path):
    with pytest.raises(StoreUnavailable, match="flexsync store init"):
        migrate(str(tmp_path / "store.db"))


@pytest.fixture
def folder():
    """A folder that another user may enter, unlike those of pytest."""
    with tempfile.TemporaryDirectory(prefix="flexsync-") as name:
        yield Path(name)
        Path(name).chmod(0o755)


def test_a_store_that_this_user_may_not_write_is_told_so(sqlite_template, folder):
    path = folder / "store.db"
    path.write_bytes(sqlite_template.read_bytes())
    path.chmod(0o444)
    folder.chmod(0o555)
    said = as_nobody(lambda: open_store(str(path), create=False, clock=CLOCK).begin_run("apply", actor="claire"))
    assert "is read-only" in said


def revision_of(path: Path) -> int:
    with open_store(str(path), create=False, clock=CLOCK) as store:
        assert store.check() == []
        return store.statuses(["atelier"])["atelier"].head.revision


def test_a_store_that_this_user_may_not_write_can_be_read(sqlite_template, folder):
    path = folder / "odd name?#%41.db"
    path.write_bytes(sqlite_template.read_bytes())
    with open_store(str(path), create=False, clock=CLOCK) as store:
        brought(store, atelier())
    path.chmod(0o444)
    folder.chmod(0o555)
    assert as_nobody(lambda: revision_of(path)) == "1"
    assert [one.name for one in folder.iterdir()] == [path.name]


def test_a_store_that_another_user_is_writing_can_be_read(sqlite_template, folder):
    path = folder / "store.db"
    path.write_bytes(sqlite_template.read_bytes())
    with open_store(str(path), create=False, clock=CLOCK) as store:
        brought(store, atelier())
        for one in folder.iterdir():
            one.chmod(0o644)
        folder.chmod(0o755)
        assert as_nobody(lambda: revision_of(path)) == "1"


def test_a_store_that_cannot_be_created_says_why(folder):
    folder.chmod(0o555)
    said = as_nobody(lambda: open_store(str(folder / "store.db"), create=True, clock=CLOCK))
    assert "cannot be created: Permission denied" in said


def as_nobody(act) -> str:
    """What `act` answers, or its StoreUnavailable says, when the process is no superuser."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            if os.geteuid() == 0:
                os.setuid(65534)
            os.write(writer, str(act()).encode())
        except StoreUnavailable as error:
            os.write(writer, str(error).encode())
        except BaseException:
            os.write(writer, traceback.format_exc().encode())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        said = pipe.read()
    os.waitpid(pid, 0)
    return said


def test_a_server_that_is_down_is_told_so(tmp_path):
    told = refusal(f"postgresql://me:hunter2@/flexsync?host={tmp_path}")
    assert told.startswith("The store postgresql://me@/flexsync cannot be reached.")
    assert "hunter2" not in told


def test_a_database_that_does_not_exist_is_told_so(postgresql_server):
    url = make_url(postgresql_server).set(drivername="postgresql", database="nobody_made_this")
    assert "does not exist on its server" in refusal(url.render_as_string(hide_password=False))


def test_an_empty_database_of_a_server_becomes_a_store(postgresql_maker):
    url = postgresql_maker()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    assert "There is no store at postgresql://" in refusal(url)
    with open_store(url, create=True, clock=CLOCK) as store:
        assert store.check() == []


def test_a_wrong_password_is_told_without_the_password():
    cause = psycopg.OperationalError('connection failed: FATAL:  password authentication failed for user "me"')
    with (
        pytest.raises(StoreUnavailable, match="refuses the user or the password") as found,
        told("postgresql://me@h/d"),
    ):
        raise OperationalError("SELECT 'hunter2'", {"secret": "hunter2"}, cause)
    assert "hunter2" not in str(found.value)
