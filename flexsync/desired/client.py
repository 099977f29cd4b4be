"""One client of a fleet: its layers merged, completed, typed and judged.

In: what the fleet shares, a table row and a document, either of which may be absent. Out: a
Declared. It must not raise for what one client got wrong: that would stop the others.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flexsync.catalogue import Catalogue
from flexsync.desired import persons, rules
from flexsync.desired.client_table import ClientRow
from flexsync.desired.declared import Declared
from flexsync.desired.document import Document
from flexsync.desired.layers import Layer, Layered, merge
from flexsync.desired.model import Path
from flexsync.desired.rosters import Rosters
from flexsync.desired.schema import check
from flexsync.desired.shared import Base, Shared, unknown_profiles
from flexsync.desired.spec import Subscription
from flexsync.desired.typed import typed
from flexsync.errors import InvalidFiles, Problem, Where

NAME_FIELD = "{name}"
_NAME_LINE = re.compile(
    rb"^[\"']?name[\"']?[ \t]*:[ \t]*[\"']?([a-z0-9][a-z0-9-]{1,62})[\"']?[ \t\r]*(?:#|$)", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Client:
    """What is written about one subscription: its own layers, lowest first, and where it begins."""

    name: str
    where: Where
    layers: tuple[Layer, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Stack:
    """All layers of one client, those it shares and its own."""

    base: Base
    own: tuple[Layer, ...]

    @property
    def layers(self) -> tuple[Layer, ...]:
        """Every layer, lowest first."""
        return (*self.base.layers, *self.own)

    def with_roster(self, roster: Layer) -> "Stack":
        """The same with a roster right below the topmost layer that speaks of `users_table`."""
        layers = self.layers
        above = max(place for place, layer in enumerate(layers) if "users_table" in layer.data)
        if above >= len(self.base.layers):
            split = above - len(self.base.layers)
            return Stack(self.base, (*self.own[:split], roster, *self.own[split:]))
        shared = (*self.base.layers[:above], roster, *self.base.layers[above:])
        return Stack(Base(shared, merge(layer.data for layer in shared)), self.own)


@dataclass(frozen=True, slots=True)
class Effective:
    """Merged data that says where each value was written, for the schema to judge what tables gave."""

    data: Mapping[str, Any]
    places: Layered

    def where(self, path: Path) -> Where:
        """Place of the value at `path`, or of its nearest ancestor that was written."""
        return self.places.where(path)

    def where_key(self, path: Path) -> Where:
        """Place of the value too: a cell has no key."""
        return self.places.where(path)

    def problem(self, code: str, message: str, where: Where) -> Problem:
        """A problem with its source line."""
        return Problem(code, message, where, source=self.places.line(where))


@dataclass(frozen=True, slots=True)
class ClientReader:
    """What every client of a fleet is read with."""

    shared: Shared
    rosters: Rosters
    catalogue: Catalogue
    as_of: date

    def declare(self, client: Client) -> Declared:
        """The effective subscription of one client, with everything that is wrong with it."""
        if any(problem.fatal for problem in client.problems):
            told = tuple(problem.of(client.name) for problem in client.problems)
            return Declared(client.name, client.where, problems=told)
        stack, problems = self._stack(client)
        data = {**merge((layer.data for layer in stack.own), stack.base.data), **_HEADER, "name": client.name}
        completed = persons.complete(data, self.shared.people, known=self.shared.document is not None)
        places = Layered(stack.layers, self.shared.people_layer(), completed.persons)
        for path, person in completed.unknown:
            problems.append(persons.unknown_person(person, places.where(path), self.shared.people))
        for key in completed.gone:
            problems.append(persons.gone_person(key, places.where(("users", key)), self.shared.people))
        data = fill_name(completed.data, client.name)
        declared = Declared(client.name, client.where, None, data, places, gone=completed.gone)
        return self._judged(declared, [*client.problems, *problems])

    def _judged(self, declared: Declared, problems: list[Problem]) -> Declared:
        places = declared.places
        if places is None:
            return replace(declared, problems=tuple(problems))
        spec: Subscription | None = None
        try:
            spec = typed(Subscription, declared.data, places.where)
            problems = [*problems, *rules.problems(spec, places, self.catalogue, self.as_of)]
        except InvalidFiles as error:
            problems = [*problems, *(check(Effective(declared.data, places), "Subscription") or error.problems)]
        told = tuple(_told(problem, declared.name, places) for problem in problems)
        usable = not any(problem.fatal for problem in told)
        return replace(declared, spec=spec if usable else None, problems=told)

    def _stack(self, client: Client) -> tuple[Stack, list[Problem]]:
        """Shared layers, then the client's own, with the roster right below the layer that names it."""
        names = _topmost([self.shared.defaults, *(layer.data for layer in client.layers)], "profiles") or []
        stack = Stack(self.shared.base(names), client.layers)
        bare = Layered(stack.layers)
        places = [bare.where(("profiles", number)) for number in range(len(names))]
        problems = list(unknown_profiles(names, self.shared, places))
        table = _topmost([layer.data for layer in stack.layers], "users_table")
        if table is None:
            return stack, problems
        roster, damaged = self.rosters.read(table, bare.where(("users_table",)))
        return (stack.with_roster(roster) if roster else stack), [*problems, *damaged]


_HEADER = {"apiVersion": "flexsync/v1", "kind": "Subscription"}


def _topmost(layers: list[Mapping[str, Any]], name: str) -> Any:
    """What the topmost layer that speaks of `name` says; None removes."""
    return next((layer[name] for layer in reversed(layers) if name in layer), None)


def document_client(document: Document, row: ClientRow | None) -> Client:
    """The client of a document, over its table row if it has one."""
    own = Layer(document.file, document.data, document.where, document.line)
    name, where = document.data["name"], document.where(("name",))
    return Client(name, where, (row.layer, own), row.problems) if row else Client(name, where, (own,))


def row_client(row: ClientRow) -> Client:
    """The client of a table row alone."""
    return Client(row.name, row.where, (row.layer,), row.problems)


def fill_name(data: dict[str, Any], name: str) -> dict[str, Any]:
    """`data` with the subscription's name for `{name}` in the environment variables of shared passwords."""
    services = data.get("services")
    if not isinstance(services, Mapping):
        return data
    filled = {}
    for code, service in services.items():
        variable = _variable(service)
        if variable is not None and NAME_FIELD in variable:
            known = variable.replace(NAME_FIELD, name.upper().replace("-", "_"))
            filled[code] = {**service, "password_from": {**service["password_from"], "env": known}}
    return {**data, "services": {**services, **filled}} if filled else data


def _variable(service: Any) -> str | None:
    secret = service.get("password_from") if isinstance(service, Mapping) else None
    variable = secret.get("env") if isinstance(secret, Mapping) else None
    return variable if isinstance(variable, str) else None


def guessed_name(content: bytes) -> str:
    """The name a document that cannot be read most likely has; empty unless exactly one name looks like it."""
    found = set(_NAME_LINE.findall(content))
    return found.pop().decode("ascii") if len(found) == 1 else ""


def _told(problem: Problem, name: str, places: Layered) -> Problem:
    source = problem.source or places.line(problem.where)
    return replace(problem, subscription=name, source=source)
