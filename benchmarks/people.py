"""A small portal to measure: four people who differ in what the portal knows of them."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import SystemRandom

from flexsync.acts.site import Site
from flexsync.address import email_key
from flexsync.clock import SystemClock
from flexsync.desired.catalogue_file import builtin
from flexsync.keys import Keys
from flexsync.passwords import Hashing
from flexsync.state import Admin, Person, Product, State, User
from flexsync.store import attempts, logins
from flexsync.store.sql import Store, open_store
from tests.support.stored import brought

PASSWORD = "lampe gravier tuba vert"
#: Who asks; `unknown` has no account.
CLASSES = ("known", "unknown", "inactive", "locked")


def email(name: str) -> str:
    return f"{name}@banc.example"


@dataclass(frozen=True)
class Bench:
    """An open portal on a SQLite file."""

    site: Site

    @property
    def store(self) -> Store:
        return self.site.store

    def reset_tries(self) -> None:
        """Nobody has tried anything, but `locked`, who has to wait."""
        locked, now = self.site.keys.subject("account", email_key(email("locked"))), self.site.now()
        asked = self.site.keys.subject("reset", email_key(email("locked")))

        def write(connection) -> None:
            connection.execute(attempts.attempt.delete())
            row = {"count": 9, "first_at": now, "blocked_until": now + timedelta(minutes=15)}
            rows = [{"kind": "account", "subject": locked, **row}, {"kind": "reset", "subject": asked, **row}]
            connection.execute(attempts.attempt.insert(), rows)

        self.store.write(write)


def bench(folder: Path, url: str = "http://127.0.0.1:8080", people: tuple[str, ...] = ()) -> Bench:
    """A portal in `folder`, with passwords for `known`, `locked` and `people`, and none for `inactive`."""
    clock = SystemClock()
    store = open_store(str(folder / "store.db"), create=True, clock=clock)
    names = ("known", "inactive", "locked", *people)
    users = {name: User(Person("madame", "Anne", "Banc", email(name)), access=("compta",)) for name in names}
    admin = Admin(Person("madame", "Ida", "Banc", email("admin")))
    brought(store, State("banc", "ultraflex", len(users), products={"compta": Product()}, admin=admin, users=users))
    site = Site(store, Keys(b"b" * 32), builtin(), clock, url, Hashing(), SystemRandom())
    kept = site.hashing.hashed(PASSWORD)
    for name in names:
        if name != "inactive":
            _give(store, email(name), kept, clock)
    return Bench(site)


def _give(store: Store, key: str, kept: str, clock: SystemClock) -> None:
    login = store.read(lambda connection: logins.by_key(connection, key))
    assert login is not None
    store.write(lambda connection: logins.set_password(connection, login.id, kept, clock.now()))
