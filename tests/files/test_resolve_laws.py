"""Laws of resolve, over generated subscriptions and stores."""

import random
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flexsync.desired.model import Desired
from flexsync.desired.resolve import resolve
from flexsync.desired.spec import Subscription
from flexsync.snapshot import Snapshot
from flexsync.state import State, digest, from_plain, to_plain
from tests.support.catalogues import builtin
from tests.support.subscriptions import PathPlaces

CATALOGUE = builtin()
TODAY = date(2013, 6, 15)
PRODUCTS = ("compta", "gestion_commerciale", "paye")
KEYS = ("a", "b", "c", "d", "e")

days = st.integers(-60, 60).map(lambda days: (TODAY + timedelta(days)).isoformat())
maybe_days = st.one_of(st.none(), days)


def person(key: str) -> dict[str, str]:
    return {"civility": "madame", "given_name": key.upper(), "family_name": "Test", "email": f"{key}@t.example"}


@st.composite
def users(draw: st.DrawFn, products: list[str]) -> dict[str, Any]:
    found = {}
    for key in draw(st.lists(st.sampled_from(KEYS), unique=True)):
        entry: dict[str, Any] = {**person(key), "access": draw(st.lists(st.sampled_from(products), unique=True))}
        entry |= {"starts_on": draw(maybe_days), "ends_on": draw(maybe_days)}
        entry["state"] = draw(st.sampled_from([None, None, None, "deleted"]))
        entry["hosted_opt_out"] = draw(st.sampled_from([None, None, True, False]))
        others = [other for other in KEYS if other != key]
        entry["previously"] = draw(st.one_of(st.none(), st.lists(st.sampled_from(others), max_size=2)))
        found[key] = entry
    return found


@st.composite
def services(draw: st.DrawFn) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for code in draw(st.lists(st.sampled_from(["vat_filing", "payroll_filing", "sepa_payments"]), unique=True)):
        entry: dict[str, Any] = {"enabled": draw(st.sampled_from([None, True, False])), "ends_on": draw(maybe_days)}
        if code != "sepa_payments":
            entry["recipients"] = draw(st.lists(st.sampled_from([*KEYS, "admin"]), unique=True))
            entry["sirets"] = draw(st.lists(st.sampled_from(["1", "2"]), unique=True))
        if code == "vat_filing" and draw(st.booleans()):
            entry["prerequisites"] = {"tax_office_form": {"sent_on": draw(days)}}
        found[code] = entry
    return found


@st.composite
def subscriptions(draw: st.DrawFn) -> dict[str, Any]:
    products = draw(st.lists(st.sampled_from(PRODUCTS), min_size=1, unique=True))
    modes = st.sampled_from([None, "local", "hosted"])
    data: dict[str, Any] = {
        "apiVersion": "flexsync/v1",
        "kind": "Subscription",
        "name": "one-client",
        "offer": draw(st.sampled_from(["flex", "ultraflex"])),
        "seats": draw(st.integers(1, 9)),
        "products": {code: {"data_mode": draw(modes)} for code in products},
        "admin": {**person("admin"), "also_user": draw(st.booleans())},
        "state": draw(st.sampled_from([None, None, None, "closed"])),
        "ends_on": draw(maybe_days),
        "policy": {"prune_users": draw(st.sampled_from([None, "report"]))},
    }
    if draw(st.booleans()):
        data["users"] = draw(users(products))
    if draw(st.booleans()):
        data["services"] = draw(services())
    return data


def settled(data: dict[str, Any], current: State | None, as_of: date = TODAY) -> Desired:
    snapshot = Snapshot("one-client", 1 if current else 0, current)
    return resolve(Subscription.model_validate(data), PathPlaces(), snapshot, CATALOGUE, as_of)


def shuffled(value: Any, chance: random.Random) -> Any:
    """The same data, its maps in another order."""
    if isinstance(value, dict):
        items = list(value.items())
        chance.shuffle(items)
        return {key: shuffled(part, chance) for key, part in items}
    return value


many = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@many
@given(subscriptions(), subscriptions())
def test_resolving_what_was_reached_changes_nothing_once_deletions_are_through(
    first: dict[str, Any], then: dict[str, Any]
):
    current = settled(first, None).state
    once = settled(then, current).state
    twice = settled(then, once).state
    assert settled(then, twice).state == twice
    if not any(user["state"] == "deleted" for user in then.get("users", {}).values()):
        assert twice == once
        assert not settled(then, once).moves


@many
@given(subscriptions(), subscriptions(), st.randoms(use_true_random=False))
def test_the_order_of_keys_does_not_matter(first: dict[str, Any], then: dict[str, Any], chance: random.Random):
    current = settled(first, None).state
    one, other = settled(then, current), settled(shuffled(then, chance), current)
    assert digest(to_plain(one.state)) == digest(to_plain(other.state))
    assert (one.moves, one.unmanaged, one.missing, one.next_due) == (
        other.moves,
        other.unmanaged,
        other.missing,
        other.next_due,
    )
    assert one.problems == other.problems


@many
@given(subscriptions(), subscriptions())
def test_nobody_of_the_store_is_forgotten(first: dict[str, Any], then: dict[str, Any]):
    current = settled(first, None).state
    desired = settled(then, current)
    assert {desired.moves.get(key, key) for key in current.users} <= set(desired.state.users)


@many
@given(subscriptions(), subscriptions())
def test_the_desired_state_survives_being_stored(first: dict[str, Any], then: dict[str, Any]):
    state = settled(then, settled(first, None).state).state
    assert from_plain(to_plain(state)) == state


@many
@given(subscriptions(), st.integers(0, 90))
def test_nothing_moves_before_the_next_due_day(data: dict[str, Any], later: int):
    today = settled(data, settled(data, None).state)
    day = TODAY + timedelta(later)
    if today.next_due is None or day < today.next_due:
        assert settled(data, today.state, day).state == settled(data, today.state).state
