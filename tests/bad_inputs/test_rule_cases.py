"""Every bad input of the rules gives its code, place and message, from the bytes on."""

from datetime import date

import pytest

from flexsync.desired import schema
from flexsync.desired.rules import problems
from flexsync.desired.spec import Subscription
from flexsync.errors import InvalidFiles, Problem
from tests.bad_inputs.case import BadInput
from tests.bad_inputs.rule_cases import CASES
from tests.support.catalogues import builtin

CATALOGUE = builtin()
AS_OF = date(2026, 1, 31)


def found(case: BadInput) -> tuple[Problem, ...]:
    try:
        document = schema.read("case.yaml", case.content)
    except InvalidFiles as refused:
        return refused.problems
    return problems(Subscription.model_validate(document.data), document, CATALOGUE, AS_OF)


@pytest.mark.parametrize("case", [case for case in CASES if case.code], ids=str)
def test_a_bad_input_is_told(case: BadInput) -> None:
    first = found(case)[0]
    assert (first.code, first.where.line, first.where.column) == (case.code, case.line, case.column)
    assert case.says in first.message


@pytest.mark.parametrize("case", [case for case in CASES if not case.code], ids=str)
def test_a_control_passes(case: BadInput) -> None:
    assert found(case) == ()
