"""The guide's subscription inside a fleet whose portal has a key, for tests of shared passwords and launches."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select, update

from flexsync.acts.disclosing import Reader, SharedPassword, read_password
from flexsync.catalogue import Catalogue
from flexsync.desired.catalogue_file import builtin
from flexsync.keys import Keys
from flexsync.store.sql import Store
from flexsync.store.tables import account
from tests.support.commands import EXAMPLES, Done, Flexsync
from tests.support.stored import NOON

KEY = "0123456789abcdef" * 4
NAME = "atelier-quiroule"
ADMIN = "thu-mai.phami-thi@namassepasmousse.com"
PIERRE = "pierre.quiroule@namassepasmousse.com"
FLEET = """apiVersion: flexsync/v1
kind: Fleet
name: atelier
portal: {url: "http://127.0.0.1:8080", key_from: {env: FLEX_KEY}}
"""


@dataclass(frozen=True)
class Atelier:
    """`atelier("plan")` runs a command on the files; `write` edits the one of the subscription."""

    flexsync: Flexsync
    folder: Path
    said: list[str] = field(default_factory=list)

    def __call__(self, *words: str | Path, as_of: str = "2013-02-15") -> Done:
        done = self.flexsync(*words, "-C", self.folder, "--as-of", as_of)
        self.said.append(done.out + done.err)
        return done

    def ask(self, *words: str | Path) -> Done:
        """A command that only looks into the store."""
        done = self.flexsync(*words, "-C", self.folder)
        assert done.code == 0, done
        self.said.append(done.out + done.err)
        return done

    def apply(self, *words: str) -> Done:
        """Apply with what every destructive class needs."""
        done = self("apply", "--yes", *words)
        assert done.code == 0, done
        return done

    def write(self, edits: Mapping[str, str]) -> None:
        """Replace texts of the subscription's file."""
        file = self.folder / "clients" / f"{NAME}.yaml"
        text = file.read_text(encoding="utf-8")
        for old, new in edits.items():
            assert old in text
            text = text.replace(old, new)
        file.write_text(text, encoding="utf-8")


def atelier_in(folder: Path, flexsync: Flexsync) -> Atelier:
    """The files in a folder of their own, nothing applied yet."""
    (folder / "clients").mkdir(parents=True)
    (folder / "fleet.yaml").write_text(FLEET, encoding="utf-8")
    shutil.copy(EXAMPLES / "guide" / "subscription.yaml", folder / "clients" / f"{NAME}.yaml")
    return Atelier(flexsync, folder)


def catalogue() -> Catalogue:
    return builtin()


def keys() -> Keys:
    return Keys(KEY.encode())


def activate(store: Store, *emails: str) -> None:
    """What happens when people follow their invitations and choose passwords."""
    mine = account.c.key.in_(emails)
    store.write(
        lambda connection: connection.execute(
            update(account).where(mine).values(password_hash="hash", password_set_at=NOON)
        )
    )
    assert len(store.read(lambda connection: connection.execute(select(account).where(mine)).all())) == len(emails)


def read_by(store: Store, email: str, *, ago: timedelta = timedelta(), service: str = "vat_filing") -> SharedPassword:
    reader = Reader(email, store.clock.now() - ago)
    return read_password(store, keys(), catalogue(), reader, NAME, service)
