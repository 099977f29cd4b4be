"""The table of simple clients, one a line, as layers of settings.

In: the fleet's table. Out: one layer a row, by name. Columns are those of the header; an empty cell
says nothing.
"""

from dataclasses import dataclass
from typing import Any

from flexsync.desired.layers import Cells, Layer
from flexsync.desired.model import Path
from flexsync.desired.rosters import split
from flexsync.desired.tables import Row, read_table
from flexsync.errors import InvalidFiles, Problem, Where

FORM: tuple[str, ...] = ("services", "vat_filing", "prerequisites", "tax_office_form")
#: Where the value of each column goes.
PATHS: dict[str, tuple[str, ...]] = {
    "name": ("name",),
    "customer_code": ("customer_code",),
    "legal_name": ("company", "legal_name"),
    "siren": ("company", "siren"),
    "rcs": ("company", "rcs"),
    "profiles": ("profiles",),
    "offer": ("offer",),
    "seats": ("seats",),
    "ends_on": ("ends_on",),
    "sirets_allowed": ("sirets_allowed",),
    "users_table": ("users_table",),
    "state": ("state",),
    "sirets": ("services", "vat_filing", "sirets"),
    "form_sent_on": (*FORM, "sent_on"),
    "form_authorisation": (*FORM, "authorisation"),
    "form_reference": (*FORM, "reference"),
}
NUMBERS = frozenset({"seats", "sirets_allowed"})
LISTS = frozenset({"profiles", "sirets"})


@dataclass(frozen=True, slots=True)
class ClientRow:
    """One line of the table: a layer, the place of the name, and what is wrong with the line."""

    name: str
    where: Where
    layer: Layer
    problems: tuple[Problem, ...] = ()


def client_rows(file: str, content: bytes) -> list[ClientRow]:
    """The rows of the table in their order; raises InvalidFiles when the table as a whole is unusable."""
    table = read_table(file, content, tuple(PATHS), required=("name",))
    if table.problems:
        raise InvalidFiles(table.problems)
    return [_client(file, row) for row in table.rows]


def _client(file: str, row: Row) -> ClientRow:
    data: dict[str, Any] = {}
    cells: dict[Path, Where] = {}
    for column, text in row.values.items():
        if text:
            _put(data, PATHS[column], _value(column, text))
            cells[PATHS[column]] = row.where[column]
    where = row.where["name"]
    return ClientRow(row.values["name"], where, Layer(file, data, Cells(where, cells).where))


def _value(column: str, text: str) -> Any:
    if column in LISTS:
        return split(text)
    whole = column in NUMBERS and text.isascii() and text.isdigit() and len(text) < 7
    return int(text) if whole else text


def _put(data: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for step in path[:-1]:
        data = data.setdefault(step, {})
    data[path[-1]] = value
