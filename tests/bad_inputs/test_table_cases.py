"""Every bad table gives its code, place and message."""

import pytest

from flexsync.desired.tables import read_clients, read_roster
from flexsync.errors import InvalidFiles, Problem
from tests.bad_inputs.case import BadInput
from tests.bad_inputs.table_cases import CASES, ROSTER


def first_problem(case: BadInput) -> Problem:
    read = read_roster if case.kind == ROSTER else read_clients
    try:
        return next(problem for row in read(case.kind, case.content) for problem in row.problems)
    except InvalidFiles as refused:
        return refused.problems[0]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_bad_table_is_told(case: BadInput) -> None:
    problem = first_problem(case)
    assert (problem.code, problem.where.line, problem.where.column) == (case.code, case.line, case.column)
    assert case.says in problem.message
