"""The portal in this process: a Site on a real store, people who have passwords, and a browser's memory of cookies."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select, update
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from flexsync.acts.site import Site
from flexsync.clock import FixedClock
from flexsync.desired.catalogue_file import builtin
from flexsync.keys import Keys, hashed
from flexsync.passwords import Hashing
from flexsync.portal.app import app
from flexsync.state import Company, Person, Product, Service, State
from flexsync.store import logins, operators, sessions
from flexsync.store.sql import Store, open_store
from flexsync.store.tables import account, outbox, token
from tests.support.stored import ANNE, LAURE, NOON, PAUL, ZOE, atelier, brought, user
from tests.support.stores import UrlMaker

URL = "http://127.0.0.1:8080"
_MAILED = update(outbox).values(state="sent")
#: What everybody of these tests types, and its hash.
PASSWORD = "lampe gravier tuba vert"
HASHING = Hashing(at_once=4, waiting=200, patience=60)
KEPT = HASHING.hashed(PASSWORD)
HOSTED = {"compta": Product("evolution", data_mode="hosted"), "paye": Product()}
VAT = Service(status="active", sirets=("73282932000074",), recipients=("p.martin",), secret="env:DUPONT")
STRANGER = Person("monsieur", "Bruno", "Costa", "bruno@costa.example")


def dupont(**fields: object) -> State:
    """A subscription that Anne administers; Paul keeps his data online and reads the filing password."""
    base = atelier("dupont", company=Company("Atelier Dupont"), products=HOSTED, services={"vat_filing": VAT})
    return replace(base, **fields)  # type: ignore[arg-type]


def costa() -> State:
    """A subscription of somebody else, with Zoé, who is nowhere else."""
    zoe = user(ZOE, "compta")
    admin = replace(atelier().admin, person=STRANGER)
    return atelier("costa", company=Company("Costa SARL"), admin=admin, users={"z.noel": zoe})


@dataclass(frozen=True)
class Web:
    """A portal, its store, and its clock."""

    site: Site
    clock: FixedClock

    @property
    def store(self) -> Store:
        return self.site.store

    @cached_property
    def app(self) -> ASGIApp:
        """One application for all browsers, as a server has: building one is not for many threads at once."""
        return app(self.site)

    def browser(self, url: str = URL, **options: object) -> "Browser":
        """Somebody who never was here before."""
        return Browser(TestClient(self.app, base_url=url, follow_redirects=False, **options), self)

    def number(self, email: str) -> int:
        """The id of an account."""
        return self.store.read(lambda connection: connection.scalar(select(account.c.id).where(account.c.key == email)))

    def has_password(self, *people: Person) -> None:
        """Give people the password of all."""
        for person in people:
            number = self.number(person.email)
            self.store.write(lambda connection, n=number: logins.set_password(connection, n, KEPT, self.clock.now()))

    def kept(self, person: Person) -> str | None:
        """The hash of somebody's password."""
        query = select(account.c.password_hash).where(account.c.key == person.email)
        return self.store.read(lambda connection: connection.scalar(query))

    def signed_in(self, person: Person) -> "Browser":
        """Somebody with a session."""
        browser, number = self.browser(), self.number(person.email)
        cookie = sessions.new_cookie()
        self.store.write(
            lambda connection: sessions.begin(connection, hashed(cookie), self.clock.now(), account=number)
        )
        browser.client.cookies.set("flex", cookie, domain="127.0.0.1", path="/")
        return browser

    def operator(self, name: str = "claire") -> "Browser":
        """An operator with a session."""
        browser, cookie, now = self.browser(), sessions.new_cookie(), self.clock.now()
        self.store.write(lambda connection: operators.add(connection, name, KEPT, now))
        self.store.write(lambda connection: sessions.begin(connection, hashed(cookie), now, operator=name))
        browser.client.cookies.set("flex-operator", cookie, domain="127.0.0.1", path="/")
        return browser

    def link(self, person: Person, purpose: str = "activation", email: str = "", days: int = 7) -> str:
        """A link that was mailed to somebody; its path."""
        secret, now = sessions.new_cookie(), self.clock.now()
        values = {
            "hash": hashed(secret),
            "purpose": purpose,
            "account": self.number(person.email),
            "subscription": "dupont",
            "email": email or person.email,
            "created_at": now,
            "expires_at": now + timedelta(days=days),
        }
        self.store.write(lambda connection: connection.execute(token.insert().values(values)))
        return f"/link/{secret}"

    def mails(self) -> list[tuple[str, tuple[str, ...], str]]:
        """Recipient, codes and purpose of the mails that wait."""
        return [(row.recipient, row.codes, row.purpose) for row in self.store.outbox() if row.state == "queued"]

    def forget_mails(self) -> None:
        """All mails so far have left."""
        self.store.write(lambda connection: connection.execute(_MAILED))


@dataclass(frozen=True)
class Browser:
    """Pages and forms as a person uses them."""

    client: TestClient
    web: Web

    def get(self, path: str, **options: object):
        return self.client.get(path, **options)

    def token(self, page: str) -> str:
        """The token of the forms of a page."""
        found = re.search(r'name="form" value="([^"]+)"', self.get(page).text)
        assert found, f"{page} has no form"
        return found.group(1)

    def send(self, path: str, page: str = "", headers: dict[str, str] | None = None, **fields: str):
        """Fill in the form on `page`, or on the page of the same path, and send it to `path`."""
        return self.client.post(path, data={"form": self.token(page or path), **fields}, headers=headers)

    def agree(self, path: str, **fields: str):
        """Send a form of the console, then say yes to what it shows; what refuses is answered at once."""
        shown = self.send(path, **fields)
        sure = sure_of(shown.text)
        return self.send(path, **fields, sure=sure) if sure else shown


def sure_of(page: str) -> str:
    """What stands for the change that a page of the console shows; empty when it shows none."""
    return page.partition('name="sure" value="')[2].partition('"')[0]


def opened(store: Store, clock: FixedClock, url: str = URL, **settings: object) -> Web:
    """A portal with two subscriptions of two customers; nobody has a password yet."""
    _fill(store)
    return _portal(store, clock, url, **settings)


def _fill(store: Store) -> None:
    for state in (dupont(), costa()):
        brought(store, state)
    store.write(lambda connection: connection.execute(_MAILED))


def _portal(store: Store, clock: FixedClock, url: str = URL, **settings: object) -> Web:
    return Web(Site(store, Keys(b"k" * 32), builtin(), clock, url, HASHING, Random(1), **settings), clock)  # type: ignore[arg-type]


@pytest.fixture
def web(store: Store, clock: FixedClock) -> Web:
    """A portal, on each database in turn."""
    return opened(store, clock)


@pytest.fixture(scope="session")
def sqlite_web_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a file with the subscriptions of a portal, to copy from."""
    path = shutil.copy(sqlite_template, tmp_path_factory.mktemp("portal"))
    with open_store(str(path), create=False, clock=FixedClock(NOON)) as store:
        _fill(store)
    return f"sqlite:///{path}"


@pytest.fixture
def sqlite_web(sqlite_web_template: str, sqlite_maker: UrlMaker, clock: FixedClock) -> Iterator[Web]:
    """A portal on one database, for what no database can change."""
    with open_store(sqlite_maker(sqlite_web_template), create=False, clock=clock) as store:
        yield _portal(store, clock)


PEOPLE = (ANNE, PAUL, LAURE, ZOE, STRANGER)
STATIC = Path(__file__).parents[2] / "flexsync" / "portal" / "static"
