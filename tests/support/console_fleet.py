"""A fleet in a folder, applied to its store, and the portal as `flexsync serve` opens it there."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from flexsync.acts.files import Files
from flexsync.acts.site import Site
from flexsync.clock import FixedClock
from flexsync.desired.catalogue_file import builtin
from flexsync.keys import Keys
from flexsync.store.sql import open_store
from flexsync.workflow.deciding import DeskFiles
from flexsync.workflow.desk import Order
from tests.support.stored import ANNE
from tests.support.web import HASHING, URL, Web

FLEET = """\
apiVersion: flexsync/v1
kind: Fleet
name: morel
store: sqlite:///store.db
profiles:
  compta:
    offer: ultraflex
    products: {compta: {}, paye: {}}
people:
  anne: {civility: madame, given_name: Anne, family_name: Dupont, email: anne@dupont.example}
  laure: {civility: madame, given_name: Laure, family_name: Petit, email: laure@dupont.example}
  rival: {civility: madame, given_name: Rita, family_name: Rival, email: rita@rival.example}
"""
DUPONT = """\
apiVersion: flexsync/v1
kind: Subscription
name: dupont
profiles: [compta]
seats: 4
admin: {person: anne}
users:
  # the accountant
  p.martin:
    civility: monsieur
    given_name: Paul
    family_name: Martin-Lefèvre
    email: paul@dupont.example
    access: [compta, paye]
  l.petit: {person: laure, access: [paye]}
"""
RIVAL = """\
apiVersion: flexsync/v1
kind: Subscription
name: rival
profiles: [compta]
seats: 1
admin: {person: rival}
users:
  r.one: {person: rival, access: [paye]}
"""
USERS = "/console/dupont"


def fleet_in(folder: Path, flexsync: Callable[..., object]) -> None:
    """Write a fleet of two subscriptions, and apply it to its store."""
    (folder / "clients").mkdir()
    (folder / "fleet.yaml").write_text(FLEET)
    for name, content in (("dupont", DUPONT), ("rival", RIVAL)):
        (folder / "clients" / f"{name}.yaml").write_text(content)
    done = flexsync("apply", "--yes", "--actor", "claire", "-C", str(folder))
    assert done.code == 0, done.err  # type: ignore[attr-defined]


@contextmanager
def portal_on(folder: Path, clock: FixedClock) -> Iterator[Web]:
    """The portal as `flexsync serve` opens it on the folder; Anne has a password."""
    files: Files = DeskFiles(Order(str(folder / "fleet.yaml")), clock)
    with open_store(str(folder / "store.db"), create=False, clock=clock) as store:
        web = Web(Site(store, Keys(b"k" * 32), builtin(), clock, URL, HASHING, Random(1), files=files), clock)
        web.has_password(ANNE)
        yield web
