"""Persons written once under `people`, given to the entries that refer to them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flexsync.desired.model import Path
from flexsync.errors import Problem, Where
from flexsync.text import did_you_mean, shorten

IDENTITY = ("civility", "given_name", "family_name", "email")


@dataclass(frozen=True, slots=True)
class Completed:
    """Effective data whose entries have their identity. `persons` says which entry took which key of people."""

    data: dict[str, Any]
    persons: Mapping[Path, str] = field(default_factory=dict)
    unknown: tuple[tuple[Path, str], ...] = ()


def complete(data: Mapping[str, Any], people: Mapping[str, Mapping[str, Any]]) -> Completed:
    """`data` with each entry completed from `people`: by `person:`, or by its own key when it has no identity."""
    persons: dict[Path, str] = {}
    unknown: list[tuple[Path, str]] = []
    filled = dict(data)
    for path, entry in entries(data):
        person = _person_of(path, entry, people)
        if person is None:
            continue
        if person not in people:
            unknown.append(((*path, "person"), person))
            continue
        persons[path] = person
        _put(filled, data, path, {**people[person], **entry})
    return Completed(filled, persons, tuple(unknown))


def entries(data: Mapping[str, Any]) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """The administrator's and the users' entries of any layer, with their paths."""
    admin, users = data.get("admin"), data.get("users")
    if isinstance(admin, Mapping):
        yield ("admin",), admin
    if isinstance(users, Mapping):
        yield from ((("users", key), entry) for key, entry in users.items() if isinstance(entry, Mapping))


def unknown_person(person: str, where: Where, known: Iterable[str], source: str = "") -> Problem:
    """The Problem of a reference to somebody who is not under people."""
    names = sorted(known)
    hint = did_you_mean(person, names) or ("" if names else " There is no fleet file with people.")
    message = f'person: "{shorten(person)}" is not under people of the fleet file.{hint}'
    return Problem("unknown-person", message, where, source=source)


def _person_of(path: Path, entry: Mapping[str, Any], people: Mapping[str, Any]) -> str | None:
    if isinstance(named := entry.get("person"), str):
        return named
    own = str(path[-1])
    return own if path[0] == "users" and own in people and not any(name in entry for name in IDENTITY) else None


def _put(filled: dict[str, Any], data: Mapping[str, Any], path: Path, entry: Mapping[str, Any]) -> None:
    """Set an entry without touching the layers that `data` shares."""
    if path == ("admin",):
        filled["admin"] = entry
        return
    if filled["users"] is data["users"]:
        filled["users"] = dict(data["users"])
    filled["users"][path[1]] = entry
