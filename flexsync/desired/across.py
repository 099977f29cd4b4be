"""What only the whole fleet can show to be wrong: names used twice, one address with several names."""

import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from flexsync.address import email_key
from flexsync.desired.declared import Declared
from flexsync.desired.layers import PEOPLE
from flexsync.desired.model import Path
from flexsync.desired.spec_people import PersonFields
from flexsync.errors import Problem, Where
from flexsync.text import shorten


class _Seen(NamedTuple):
    """The first use of an address; `agreed` when the person stands under people."""

    names: str
    where: Where
    subscription: str
    agreed: bool


class Across:
    """Observes every subscription of a run, then tells what does not fit together.

    It keeps a place for each name and for each address, nothing of the documents.
    """

    def __init__(self) -> None:
        self._places: dict[str, list[Where]] = {}
        self._persons: dict[str, _Seen] = {}
        self._problems: list[Problem] = []
        self._told: set[str] = set()

    def observe(self, declared: Declared) -> None:
        """Take note of one subscription, usable or not."""
        if declared.name:
            self._places.setdefault(declared.name, []).append(declared.where)
        for path, entry in _persons(declared):
            self._observe(declared, path, entry)

    def problems(self) -> tuple[Problem, ...]:
        """Every problem between subscriptions, each told of the one that it stops."""
        # Two lines of one table are told by the table.
        twice = (item for item in sorted(self._places.items()) if len({where.file for where in item[1]}) > 1)
        names = [problem for name, places in twice for problem in _duplicates(name, places)]
        return (*names, *sorted(self._problems, key=lambda problem: (problem.subscription, problem.where)))

    def _observe(self, declared: Declared, path: Path, entry: PersonFields) -> None:
        if not (entry.email and entry.given_name and entry.family_name) or declared.places is None:
            return
        key = email_key(entry.email)
        agreed = declared.places.layer((*path, "email")) == PEOPLE
        names = unicodedata.normalize("NFC", f"{entry.given_name} {entry.family_name}")
        first = self._persons.get(key)
        if first is not None and first.names == names and (first.agreed or not agreed):
            return
        now = _Seen(names, declared.places.where((*path, "email")), declared.name, agreed)
        if first is not None and first.names != names:
            self._differ(key, entry.email, first, now)
        if first is None or (agreed and not first.agreed):
            self._persons[key] = now

    def _differ(self, key: str, email: str, first: _Seen, now: _Seen) -> None:
        """Tell of both, but never of the person who stands under people: that one is agreed."""
        if not now.agreed:
            self._problems.append(_conflict(email, now, first))
        if not first.agreed and (now.agreed or key not in self._told):
            self._told.add(key)
            self._problems.append(_conflict(email, first, now))


def _persons(declared: Declared) -> Iterator[tuple[Path, PersonFields]]:
    spec = declared.spec
    if spec is None:
        return
    if spec.admin is not None:
        yield ("admin",), spec.admin
    for key, entry in spec.users.items():
        if entry is not None and entry.state != "deleted":
            yield ("users", key), entry


def _conflict(email: str, here: _Seen, there: _Seen) -> Problem:
    message = (
        f'{shorten(email)} is "{shorten(here.names)}" here and "{shorten(there.names)}" at {there.where}; '
        "put the person under people once, or correct the name"
    )
    return Problem("person-differs", message, here.where, subscription=here.subscription)


def _duplicates(name: str, places: list[Where]) -> Iterator[Problem]:
    for number, where in enumerate(places):
        others = ", ".join(str(other) for place, other in enumerate(places) if place != number)
        message = f"name {shorten(name)} is used here and at {others}; names are unique, rename or remove one"
        yield Problem("duplicate-name", message, where, subscription=name)
