"""Laws of the whole: files to store, over generated subscriptions and fleets, on both databases.

Each example is a history: versions of the files, one applied after the other on its own store.
"""

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flexsync.clock import FixedClock
from flexsync.plan.file import to_json
from flexsync.plan.limits import LIMIT_CLASSES, planned
from flexsync.plan.model import Plan
from flexsync.store.sql import Store, open_store
from flexsync.workflow.applying import Mandate, apply
from flexsync.workflow.desk import Order, open_desk
from flexsync.workflow.planning import plan
from tests.support.plans import Told
from tests.support.stored import NOON
from tests.support.tables import dump

AS_OF = date(2026, 11, 25)
KEYS = ("anna", "bruno", "chloe", "denis")
PRODUCTS = ("compta", "gestion_commerciale", "paye")
histories = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


def person(key: str) -> dict[str, str]:
    return {"civility": "madame", "given_name": key, "family_name": "Test", "email": f"{key}@t.example"}


@st.composite
def users(draw: st.DrawFn, products: list[str]) -> dict[str, Any]:
    chosen = draw(st.lists(st.sampled_from(KEYS), unique=True))
    return {
        key: {**person(key), "access": draw(st.lists(st.sampled_from(products), min_size=1, unique=True))}
        for key in chosen
    }


@st.composite
def subscriptions(draw: st.DrawFn, name: str = "one-client") -> dict[str, Any]:
    """A valid subscription; its administrator is a user, so that somebody always is."""
    products = draw(st.lists(st.sampled_from(PRODUCTS), min_size=1, unique=True))
    entries = draw(users(products))
    hosted = draw(st.booleans())
    services: dict[str, Any] = {}
    if "compta" in products and draw(st.booleans()):
        services["vat_filing"] = {
            "enabled": draw(st.booleans()),
            "sirets": ["73282932000074"],
            "password_from": {"env": "SHARED"},
            "recipients": [key for key, entry in entries.items() if "compta" in entry["access"]],
            "prerequisites": {"tax_office_form": {"sent_on": "2026-01-15"}} if draw(st.booleans()) else {},
        }
    return {
        "apiVersion": "flexsync/v1",
        "kind": "Subscription",
        "name": name,
        "offer": "ultraflex",
        "seats": draw(st.integers(len(entries) + 1, 6)),
        "products": {code: _product(code, hosted) for code in products},
        "admin": {**person(f"admin-{name}"), "also_user": True},
        "users": entries,
        "services": services,
    }


def _product(code: str, hosted: bool) -> dict[str, Any]:
    if hosted and code != "paye":
        return {"data_mode": "hosted", "internet_acknowledged": True}
    return {"confirmed_empty_on": AS_OF.isoformat()} if code != "paye" else {}


@st.composite
def fleets(draw: st.DrawFn) -> list[dict[str, Any]]:
    """One to three clients, who share users by e-mail."""
    return [draw(subscriptions(name)) for name in ("client-a", "client-b", "client-c")[: draw(st.integers(1, 3))]]


class World:
    """A folder of files and a store, fresh for each example."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.url = url
        self.clock = FixedClock(NOON)

    def write(self, documents: list[dict[str, Any]]) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        for document in documents:
            (self.folder / f"{document['name']}.yaml").write_text(json.dumps(document))

    def plan(self, acks: dict[str, int] | None = None) -> Plan:
        desk = open_desk(Order(str(self.folder), self.url, AS_OF, acks=acks or {}), self.clock)
        with open_store(self.url, create=False, clock=self.clock) as store:
            return plan(desk, store, Told())

    def apply(self) -> Plan:
        """Plan, acknowledge all that limits ask about, and apply."""
        totals = planned(self.plan().subscriptions)
        acks = {name: totals[name] for name in LIMIT_CLASSES if totals[name]}
        made = self.plan(acks)
        desk = open_desk(Order(str(self.folder), self.url, AS_OF, acks=acks), self.clock)
        apply(desk, made, Told(), self.clock, Mandate("claire"))
        return made

    def rows(self) -> dict[str, list[tuple]]:
        return self._read(dump)

    def faults(self) -> list[str]:
        return self._read(lambda store: store.check())

    def _read(self, query: Callable[[Store], Any]) -> Any:
        with open_store(self.url, create=False, clock=self.clock) as store:
            return query(store)


@pytest.fixture(params=["sqlite", "postgresql"])
def worlds(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], World]:
    """Makes a fresh World at each call, on each database in turn."""
    again = request.getfixturevalue(f"{request.param}_again")
    return lambda: World(tmp_path / "files", again())


@histories
@given(st.lists(fleets(), min_size=1, max_size=3))
def test_after_an_apply_there_is_nothing_more_to_do(worlds, history):
    world = worlds()
    for documents in history:
        world.write(documents)
        made = world.apply()
        assert not made.invalid
        assert world.plan().empty
        assert world.faults() == []


@histories
@given(st.lists(fleets(), min_size=1, max_size=2))
def test_a_second_apply_writes_no_row_and_mails_nobody(worlds, history):
    world = worlds()
    for documents in history:
        world.write(documents)
        world.apply()
        before = world.rows()
        world.apply()
        assert world.rows() == before


@pytest.mark.parametrize("worlds", ["sqlite"], indirect=True)
@histories
@given(fleets(), fleets(), st.randoms(use_true_random=False))
def test_the_order_of_files_and_keys_does_not_matter(worlds, first, then, chance):
    world = worlds()
    world.write(first)
    world.apply()
    world.write(then)
    expected = to_json(world.plan())
    world.write([_shuffled(document, chance) for document in then])
    assert _without_places(to_json(world.plan())) == _without_places(expected)


@histories
@given(st.lists(fleets(), min_size=1, max_size=3))
def test_nobody_is_invited_twice_over_all_subscriptions(worlds, history):
    world = worlds()
    for documents in history:
        world.write(documents)
        world.apply()
    activations = [row for row in world.rows()["outbox"] if "activation" in row]
    recipients = [next(part for part in row if isinstance(part, str) and "@" in part) for row in activations]
    left_and_came_back = any(
        user not in later
        for earlier, later in zip(_keys(history), _keys(history)[1:], strict=False)
        for user in earlier
    )
    assert left_and_came_back or len(recipients) == len(set(recipients))


def _keys(history: list[list[dict[str, Any]]]) -> list[set[str]]:
    return [
        {f"{document['name']}/{key}" for document in documents for key in document["users"]} for documents in history
    ]


def _shuffled(value: Any, chance: Any) -> Any:
    if not isinstance(value, dict):
        return value
    items = list(value.items())
    chance.shuffle(items)
    return {key: _shuffled(part, chance) for key, part in items}


def _without_places(content: bytes) -> Any:
    def dropped(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: dropped(part) for key, part in value.items() if key not in {"where", "digest"}}
        return [dropped(part) for part in value] if isinstance(value, list) else value

    return dropped(json.loads(content))
