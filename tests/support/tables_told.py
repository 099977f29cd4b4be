"""What tables of clients tell when they are wrong."""

import pytest

from flexsync.desired.tables import Row, read_clients
from flexsync.errors import InvalidFiles, Problem


def told(rows: tuple[Row, ...]) -> list[tuple[int, int, str, str]]:
    found = [problem for row in rows for problem in row.problems]
    return [(problem.where.line, problem.where.column, problem.code, problem.message) for problem in found]


def refusal(file: str, content: bytes) -> Problem:
    with pytest.raises(InvalidFiles) as refused:
        read_clients(file, content)
    return refused.value.problems[0]
