"""The published schemas: up to date, complete, safe, and one verdict from every engine."""

import json
import re
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from flexsync.desired import patterns, schema
from flexsync.desired.document import Document
from flexsync.desired.lines import Lines
from flexsync.desired.places import size
from flexsync.desired.schema_source import MODELS, generate
from tests.support.documents import document

ROOT = Path(__file__).parents[2]
KINDS = sorted(MODELS)


def parts(node: Any) -> Iterator[dict[str, Any]]:
    """Every schema inside a schema."""
    if isinstance(node, dict):
        yield node
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for child in children:
        yield from parts(child)


@pytest.mark.parametrize("kind", KINDS)
def test_the_committed_schema_is_up_to_date(kind: str) -> None:
    assert schema.published(kind) == generate()[kind], "run script/schemas"


def test_script_schemas_finds_nothing_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["schemas", "--check"])
    with pytest.raises(SystemExit) as caught:
        runpy.run_path(str(ROOT / "script" / "schemas"), run_name="__main__")
    assert caught.value.code == 0


@pytest.mark.parametrize("kind", KINDS)
def test_the_schema_is_a_valid_schema_with_a_name_of_its_own(kind: str) -> None:
    published = schema.published(kind)
    Draft202012Validator.check_schema(published)
    assert published["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert published["$id"] == f"urn:flexsync:schema:v1:{kind.lower()}"


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_has_title_description_and_examples(kind: str) -> None:
    for part in parts(schema.published(kind)):
        for name, field in part.get("properties", {}).items() if isinstance(part.get("properties"), dict) else ():
            assert {"title", "description", "examples"} <= field.keys(), (name, field)


@pytest.mark.parametrize("kind", KINDS)
def test_every_mapping_says_which_keys_it_takes(kind: str) -> None:
    for part in parts(schema.published(kind)):
        if "object" in str(part.get("type", "")) and "title" in part:
            assert "additionalProperties" in part, part
            assert part["additionalProperties"] is False or "pattern" in part["propertyNames"]


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_outside_the_schema_is_referred_to(kind: str) -> None:
    text = json.dumps(schema.published(kind))
    assert set(re.findall(r'"\$ref": "([^#"]*)', text)) <= {""}
    assert "uniqueItems" not in text
    assert "$dynamicRef" not in text


@pytest.mark.parametrize("kind", KINDS)
def test_every_example_is_valid(kind: str) -> None:
    published = schema.published(kind)
    for part in parts(published):
        for example in part.get("examples", []) if "title" in part else ():
            Draft202012Validator({**part, "$defs": published.get("$defs", {})}).validate(example)


def test_every_pattern_is_anchored_ascii_and_described() -> None:
    for kind in KINDS:
        for part in parts(schema.published(kind)):
            if isinstance(pattern := part.get("pattern"), str):
                assert pattern.startswith("^") and pattern.endswith("$") and "\\d" not in pattern and pattern.isascii()
                assert pattern in patterns.SAYS


@pytest.mark.parametrize("pattern", patterns.SAYS)
@pytest.mark.parametrize("text", ["a" * 4000 + "\n", "=" * 4000 + "?", "1." * 2000, "a=" * 2000 + "<", "-" * 4000])
def test_no_pattern_backtracks(pattern: str, text: str) -> None:
    assert not re.search(pattern, text) or pattern in {patterns.NAME, patterns.TEXT}


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=300, deadline=None)
@given(seed=st.integers(0, 1_000_000))
def test_both_engines_agree_and_what_passes_is_accepted_by_the_model(kind: str, seed: int) -> None:
    data = document(schema.published(kind), seed)
    valid = schema.is_valid(data, kind)
    assert valid == schema.reference(kind).is_valid(data), data
    if valid:
        try:
            MODELS[kind].model_validate(data)
        except ValidationError as error:
            pytest.fail(f"{data!r}: {error}")


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=200, deadline=None)
@given(seed=st.integers(0, 1_000_000))
def test_whatever_is_wrong_is_told_in_words_of_ours(kind: str, seed: int) -> None:
    data = document(schema.published(kind), seed)
    problems = schema.check(document_of(data), kind)
    assert bool(problems) != schema.is_valid(data, kind), data
    assert all(problem.code and problem.message.endswith((".", "?")) for problem in problems), problems
    assert all(problem.message.isprintable() for problem in problems), problems


def test_enough_of_what_is_made_is_valid_and_enough_is_not() -> None:
    verdicts = [
        schema.is_valid(document(schema.published("Subscription"), seed), "Subscription") for seed in range(400)
    ]
    assert 40 < sum(verdicts) < 360


def document_of(data: Any) -> Document:
    """A document with that data, every place at its start."""
    marks = [0] * (2 * size(data) + 1)
    return Document(Lines("f.yaml", "x"), data, marks)
