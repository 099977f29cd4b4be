"""Each bad input gives its code, place and words, with both parsers, and never anything else."""

import pytest

from flexsync.desired import schema
from flexsync.desired.document import parse
from flexsync.desired.yaml_events import pure_parser
from flexsync.errors import InvalidFiles, Problem
from tests.bad_inputs import schema_cases, yaml_cases
from tests.bad_inputs.case import BadInput

CASES = [*yaml_cases.CASES, *schema_cases.CASES]


def problems(case: BadInput) -> tuple[Problem, ...]:
    try:
        schema.read("f.yaml", case.content)
    except InvalidFiles as error:
        return error.problems
    return ()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_bad_input_gives_its_code_place_and_words(case: BadInput) -> None:
    found = problems(case)
    if not case.code:
        assert found == ()
        return
    first = found[0]
    assert (first.code, first.where.line, first.where.column) == (case.code, case.line, case.column), first
    assert case.says in first.message
    assert all(problem.message.isprintable() for problem in found)
    assert len(found) <= 51


def told(*lines: str) -> list[tuple[str, int]]:
    """Codes and lines of what is wrong with a subscription of these lines."""
    text = "\n".join(("apiVersion: flexsync/v1", "kind: Subscription", *lines))
    with pytest.raises(InvalidFiles) as caught:
        schema.read("f.yaml", text.encode())
    return [(problem.code, problem.where.line) for problem in caught.value.problems]


def test_a_code_without_quotes_hides_no_other_mistake() -> None:
    found = told("name: ab", "customer_code: 0098001", "ofer: flex", 'seats: "three"', "seats: 3")
    assert found == [("number", 4), ("unknown-key", 5), ("type", 6), ("duplicate-key", 7)]


def test_what_was_refused_is_told_once() -> None:
    assert told("name: ab", "seats: 010") == [("number", 4)]
    assert told('name: "c\\u0007d"') == [("forbidden-character", 3)]


def test_a_key_that_a_refused_entry_may_have_held_is_not_missed() -> None:
    assert told("<<: *other") == [("merge-key", 3), ("alias", 3)]
    assert told("seats: 010") == [("missing-key", 1), ("number", 3)]


def test_of_a_file_of_no_known_kind_nothing_else_is_told() -> None:
    with pytest.raises(InvalidFiles) as caught:
        schema.read("f.yaml", b"kind: Fleece\ncode: 007\n")
    assert [problem.code for problem in caught.value.problems] == ["number"]


#: Case 15 takes the pure parser ten seconds.
QUICK = [case for case in yaml_cases.CASES if case.number != "15"]


@pytest.mark.parametrize("case", QUICK, ids=str)
def test_the_pure_parser_finds_the_same(case: BadInput) -> None:
    with pytest.raises(InvalidFiles) as caught:
        parse("f.yaml", case.content, pure_parser)
    assert (caught.value.problems[0].code, caught.value.problems[0].where.line) == (case.code, case.line)


@pytest.mark.parametrize("case", [case for case in schema_cases.CASES if case.number.startswith("I25")], ids=str)
def test_a_literal_secret_is_never_shown(case: BadInput) -> None:
    assert "s3" not in "".join(problem.message + problem.source for problem in problems(case))


def test_numbers_of_the_corpus_are_complete_and_unique() -> None:
    numbers = [case.number for case in CASES]
    assert len(set(numbers)) == len(numbers)
    assert {str(number) for number in range(1, 95)} <= set(numbers)
