"""The table of simple clients, one a line, as layers of settings.

In: the fleet's table. Out: one layer a row, by name. It must not judge what the cells say.
"""

from dataclasses import dataclass

from flexsync.desired.layers import Cells, Layer
from flexsync.desired.tables import read_clients
from flexsync.errors import Problem, Where


@dataclass(frozen=True, slots=True)
class ClientRow:
    """One line of the table: a layer, its place, and what is wrong with the line alone."""

    name: str
    where: Where
    layer: Layer
    problems: tuple[Problem, ...] = ()


def client_rows(file: str, content: bytes) -> list[ClientRow]:
    """The rows of the table in their order; raises InvalidFiles when the table as a whole is unusable."""
    return [
        ClientRow(row.key, row.where, Layer(file, row.data, Cells(row.where, row.cells).where, row.line), row.problems)
        for row in read_clients(file, content)
    ]
