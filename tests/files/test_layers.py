"""Facts of layers: what a stack of settings makes, and where each value came from."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from flexsync.desired.layers import Cells, Layer, Layered, merge
from flexsync.desired.model import Path
from flexsync.errors import Where


def layer(name: str, data: dict[str, Any]) -> Layer:
    return Layer(name, data, lambda path: Where(name + ":" + "/".join(map(str, path))))


def where(layers: Layered, *path: str | int) -> str:
    return layers.where(path).file


LOW = {"seats": 2, "users": {"a": {"access": ["x", "y"]}, "b": {"access": ["x"]}}, "policy": {"drift": "report"}}
HIGH = {"seats": 3, "users": {"a": {"access": ["z"]}, "b": None}}
BOTH = Layered((layer("low", LOW), layer("high", HIGH)))


def test_maps_merge_scalars_and_lists_replace_null_removes():
    merged = merge([LOW, HIGH])
    assert merged == {"seats": 3, "users": {"a": {"access": ["z"]}}, "policy": {"drift": "report"}}


def test_a_map_whose_last_entry_is_removed_stays_and_means_none():
    assert merge([{"users": {"a": {}}}, {"users": {"a": None}}]) == {"users": {}}


def test_removing_what_is_not_there_is_nothing():
    assert merge([{"users": {"a": None}}]) == {"users": {}}


def test_a_later_layer_may_bring_back_what_an_earlier_one_removed():
    assert merge([{"users": {"a": {"x": 1, "y": 2}}}, {"users": {"a": None}}, {"users": {"a": {"y": 3}}}]) == {
        "users": {"a": {"y": 3}}
    }


def test_layers_are_not_changed_by_merging():
    low = {"users": {"a": {"access": ["x"]}}}
    merged = merge([{"users": {"a": {"access": ["y"]}}}], low)
    assert low == {"users": {"a": {"access": ["x"]}}}
    assert merged == {"users": {"a": {"access": ["y"]}}}


def test_a_value_is_where_the_topmost_layer_wrote_it():
    assert where(BOTH, "seats") == "high:seats"
    assert where(BOTH, "policy", "drift") == "low:policy/drift"
    assert BOTH.layer(("seats",)) == "high"
    assert BOTH.layer(("policy", "drift")) == "low"


def test_what_null_removed_is_at_the_null():
    assert where(BOTH, "users", "b") == "high:users/b"
    assert where(BOTH, "users", "b", "access") == "high:users/b"


def test_an_item_of_a_list_that_was_replaced_is_in_the_new_list():
    assert where(BOTH, "users", "a", "access", 0) == "high:users/a/access/0"
    assert where(BOTH, "users", "a", "access", 1) == "high:users/a/access"


def test_what_nobody_wrote_is_at_its_nearest_ancestor_and_built_in():
    assert where(BOTH, "users", "a", "email") == "high:users/a"
    assert where(BOTH, "policy", "invitation_days") == "low:policy"
    assert where(BOTH, "offer") == "high:"
    assert BOTH.layer(("policy", "invitation_days")) == "built-in"


def test_identity_taken_from_people_is_at_the_person():
    people = layer("people", {"j.roux": {"email": "j@roux.example"}})
    places = Layered((layer("low", LOW),), people, {("users", "a"): "j.roux"})
    assert where(places, "users", "a", "email") == "people:j.roux/email"
    assert places.layer(("users", "a", "email")) == "people"
    assert where(places, "users", "a", "access") == "low:users/a/access"
    assert where(places, "users", "a", "civility") == "low:users/a"


def test_a_cell_is_the_place_of_its_value_and_of_what_holds_it():
    cells = Cells(Where("t", 4), {("company", "siren"): Where("t", 4, 9), ("seats",): Where("t", 4, 20)})
    assert cells.where(("company", "siren")) == Where("t", 4, 9)
    assert cells.where(("company",)) == Where("t", 4, 9)
    assert cells.where(("seats", "x")) == Where("t", 4, 20)
    assert cells.where(()) == cells.where(("offer",)) == Where("t", 4)


settings = st.recursive(
    st.one_of(st.none(), st.integers(0, 3), st.lists(st.integers(0, 3), max_size=2)),
    lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)
layers = st.lists(st.dictionaries(st.sampled_from("abc"), settings, max_size=3), min_size=1, max_size=4)


@given(layers, st.integers(0, 4))
def test_merging_in_two_steps_is_merging_at_once(stack: list[dict[str, Any]], split: int):
    assert merge(stack[split:], merge(stack[:split])) == merge(stack)


@given(layers)
def test_every_effective_value_is_where_its_layer_has_it(stack: list[dict[str, Any]]):
    named = {str(place): data for place, data in enumerate(stack)}
    places = Layered(tuple(layer(name, data) for name, data in named.items()))
    for path, value in leaves(merge(stack)):
        assert at(named[places.layer(path)], path) == value


def leaves(data: Any, path: Path = ()) -> list[tuple[Path, Any]]:
    if isinstance(data, dict) and data:
        return [leaf for key, value in data.items() for leaf in leaves(value, (*path, key))]
    return [] if isinstance(data, dict) else [(path, data)]


def at(data: Any, path: Path) -> Any:
    for step in path:
        data = data[step]
    return data
