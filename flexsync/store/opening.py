"""Opening, creating and migrating a store.

In: a URL. Out: an engine on a store whose schema is this release's. It must write nothing to a store
that it does not understand.
"""

import os
import uuid
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, select, text

from flexsync import paths
from flexsync.clock import Clock
from flexsync.errors import StoreUnavailable
from flexsync.store.engine import Place, connect, locate, writing
from flexsync.store.tables import SCHEMA, store_info
from flexsync.store.trouble import told

CREATE = "flexsync store init"
MIGRATE = "flexsync store migrate"

_SQLITE_MAGIC = b"SQLite format 3\x00"


def opened(url: str, *, create: bool, clock: Clock) -> tuple[Place, Engine]:
    """The store at `url`, created first when it is missing and `create` is true; raises StoreUnavailable."""
    place = locate(url)
    _check_file(place, create)
    engine = connect(place)
    try:
        with told(place.shown):
            version = _version(engine)
            if version == "" and create:
                _create(place, engine, clock)
            else:
                _check_version(place, version)
    except BaseException:
        engine.dispose()
        raise
    return place, engine


def migrate(url: str) -> tuple[str, str]:
    """Bring the store at `url` to this release's schema; the versions before and after."""
    place = locate(url)
    _check_file(place, create=False)
    engine = connect(place)
    try:
        with told(place.shown):
            before = _version(engine)
            if before == "":
                raise StoreUnavailable(_missing(place))
            if before not in SCHEMA:
                _check_version(place, before)
            with writing(engine).begin() as connection:
                _run_migrations(connection)
    finally:
        engine.dispose()
    return before, SCHEMA[-1]


def _missing(place: Place) -> str:
    return f"There is no store at {place.shown}. Run `{CREATE}` first, or name another one with --store."


def _check_file(place: Place, create: bool) -> None:
    path = place.path
    if path is None:
        return
    if not paths.is_there(path):
        if not create:
            raise StoreUnavailable(_missing(place))
        _make_private(path)
        return
    if not paths.is_file(path):
        raise StoreUnavailable(f"The store {place.shown} is not a file. Name a file with --store.")
    _check_magic(place, path)


def _make_private(path: Path) -> None:
    """An empty file that only its owner reads: it will hold names and addresses."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        return
    except OSError as error:
        raise StoreUnavailable(f"The store sqlite:///{path} cannot be created: {error.strerror}.") from error


def _check_magic(place: Place, path: Path) -> None:
    try:
        with path.open("rb") as file:
            head = file.read(len(_SQLITE_MAGIC))
    except OSError as error:
        raise StoreUnavailable(f"The store {place.shown} cannot be read: {error.strerror}.") from error
    if head and head != _SQLITE_MAGIC:
        raise StoreUnavailable(f"{place.shown} is not a flexsync store. Check --store and FLEXSYNC_STORE.")


def _version(engine: Engine) -> str:
    """The schema version; empty when the database holds nothing, `?` when it holds something else."""
    with engine.connect() as connection:
        tables = set(inspect(connection).get_table_names())
        if "alembic_version" in tables and store_info.name in tables:
            return str(connection.scalar(text("SELECT version_num FROM alembic_version")))
        return "?" if tables - {"alembic_version"} else ""


def _check_version(place: Place, version: str) -> None:
    if version == SCHEMA[-1]:
        return
    if version == "":
        raise StoreUnavailable(_missing(place))
    if version == "?":
        raise StoreUnavailable(f"{place.shown} is a database, but not a flexsync store. Nothing was written.")
    if version in SCHEMA:
        raise StoreUnavailable(
            f"The store {place.shown} has the older schema {version}; this release needs {SCHEMA[-1]}. "
            f"Make a backup, then run `{MIGRATE}`."
        )
    raise StoreUnavailable(
        f"The store {place.shown} was written by a newer flexsync (schema {version}; this one knows "
        f"{SCHEMA[-1]}). Upgrade flexsync. Nothing was written."
    )


def _create(place: Place, engine: Engine, clock: Clock) -> None:
    if place.path:
        with engine.connect() as connection:
            # Kept in the file: readers and one writer work side by side from now on.
            connection.connection.cursor().execute("PRAGMA journal_mode = WAL")
    with writing(engine).begin() as connection:
        _run_migrations(connection)
        if connection.scalar(select(store_info.c.id)) is None:
            connection.execute(store_info.insert().values(id=uuid.uuid4().hex, created_at=clock.now()))


def _run_migrations(connection: Connection) -> None:
    """Upgrade inside the transaction of `connection`, so that a crash leaves the old schema whole."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
