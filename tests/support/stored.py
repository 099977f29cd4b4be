"""Subscriptions for tests of store and apply, and plans made by hand from two States."""

import random
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

from flexsync.apply import Outcome, Report, Strongbox, Tools, apply_all
from flexsync.catalogue import Catalogue, Label, Offer
from flexsync.errors import Refused
from flexsync.plan.change import ORDER, Change
from flexsync.plan.diff import diff
from flexsync.plan.model import Step, SubscriptionPlan
from flexsync.plan.notices import notices
from flexsync.snapshot import Snapshot
from flexsync.state import Admin, Dossier, Person, Product, Service, State, User, digest, to_plain
from flexsync.store.base import Run
from flexsync.store.sql import Store

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
ANNE = Person("madame", "Anne", "Dupont", "anne@dupont.example")
PAUL = Person("monsieur", "Paul", "Martin-Lefèvre", "paul@dupont.example")
LAURE = Person("madame", "Laure", "Petit", "laure@dupont.example")
ZOE = Person("madame", "Zoé", "Noël", "zoe@dupont.example", "en")
VAT = Service(status="active", sirets=("73282932000074",), recipients=("p.martin",), secret="env:DUPONT")
CATALOGUE = Catalogue(
    {"flex": Offer("flex", Label("Flex", "Flex"), 1), "ultraflex": Offer("ultraflex", Label("U", "U"), 2)}, {}, {}
)


class Passwords:
    """Shared passwords by reference; a reference that is not there is refused."""

    def __init__(self, **values: str) -> None:
        self.values = values

    def read(self, reference: str) -> str:
        name = reference.removeprefix("env:")
        if name not in self.values:
            raise Refused(f"{name} is not set")
        return self.values[name]


def tools(seed: int = 1, **passwords: str) -> Tools:
    box = Strongbox(Passwords(**passwords or {"DUPONT": "correct horse"}), random.Random(seed))
    return Tools(CATALOGUE, box, NOON.date())


def user(person: Person | None, *access: str, **fields: object) -> User:
    return User(person, access=tuple(sorted(access)), **fields)  # type: ignore[arg-type]


def atelier(name: str = "atelier", **fields: object) -> State:
    """A subscription with four seats, an administrator who is no user, and two users."""
    base = State(
        name=name,
        offer="ultraflex",
        seats=4,
        customer_code="C0098001",
        products={"compta": Product(), "paye": Product()},
        admin=Admin(ANNE),
        users={"p.martin": user(PAUL, "compta", "paye"), "l.petit": user(LAURE, "paye")},
    )
    return replace(base, **fields)  # type: ignore[arg-type]


def with_user(state: State, key: str, one: User) -> State:
    return replace(state, users={**state.users, key: one})


def hosted(state: State, **dossiers: Dossier) -> State:
    product = Product(data_mode="hosted", dossiers=dossiers)
    return replace(state, products={**state.products, "compta": product})


def client(number: int, users: int = 10) -> State:
    """One of many small clients of a firm, with people of its own."""
    name = f"client-{number:04}"
    people = {f"u{n}": Person("madame", f"Prénom{n}", f"Nom{n}", f"u{n}@{name}.example") for n in range(users)}
    seats = {key: user(person, "compta") for key, person in people.items()}
    return State(name, "ultraflex", users, products={"compta": Product()}, admin=Admin(ANNE), users=seats)


def snapshot_of(store: Store, name: str) -> Snapshot:
    return store.snapshots([name]).get(name, Snapshot(name))


def planned(
    store: Store, desired: State, *extra: Change, blocks: Mapping[str, tuple] = {}, **fields: object
) -> SubscriptionPlan:
    """The plan from what is stored to `desired`; `blocks` holds the blocks of steps, by subject."""
    snapshot = snapshot_of(store, desired.name)
    changes = [*diff(snapshot.current, desired, {"flex": 1, "ultraflex": 2}), *extra]
    changes.sort(key=lambda change: (ORDER[change.kind], change.subject))
    steps = (_step(change, snapshot.current, desired, blocks) for change in changes)
    fields = {"digest": digest(to_plain(desired)), "desired": desired, **fields}
    return SubscriptionPlan(desired.name, snapshot.revision, steps=tuple(steps), **fields)  # type: ignore[arg-type]


def _step(change: Change, current: State | None, desired: State, blocks: Mapping[str, tuple]) -> Step:
    return Step(change, notices=notices(change, current, desired), blocks=blocks.get(change.subject, ()))


def applied(store: Store, *plans: SubscriptionPlan, run: Run | None = None, **options: object) -> Report:
    """The report of a run over `plans`."""
    run = run or store.begin_run("apply", actor="claire", host="ci-2", commit="abc123")
    return apply_all(store, plans, run, **{"tools": tools(), **options})  # type: ignore[arg-type]


def brought(store: Store, desired: State, *extra: Change, **fields: object) -> Outcome:
    """Plan and apply `desired`; the outcome."""
    (outcome,) = applied(store, planned(store, desired, *extra, **fields)).outcomes
    return outcome


def codes(store: Store, run: str = "") -> dict[str, tuple[str, ...]]:
    """Codes of mails by recipient; one mail each, or this fails."""
    rows = store.outbox(run=run)
    found = {row.recipient: row.codes for row in rows}
    assert len(found) == len(rows)
    return found


def day(text: str) -> date:
    return date.fromisoformat(text)


def only(values: Iterable) -> object:
    (value,) = values
    return value
