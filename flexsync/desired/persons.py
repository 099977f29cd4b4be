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
    """Effective data whose entries have their identity. `persons` says which entry took which key of people.

    `gone` are the keys of users who stand under people no more; `data` does not name them.
    """

    data: dict[str, Any]
    persons: Mapping[Path, str] = field(default_factory=dict)
    unknown: tuple[tuple[Path, str], ...] = ()
    gone: tuple[str, ...] = ()


def complete(data: Mapping[str, Any], people: Mapping[str, Mapping[str, Any]], *, known: bool = True) -> Completed:
    """`data` with each entry completed from `people`: by `person:`, or by its own key when it has no identity.

    An entry without identity whose key is not under people is somebody whose line was taken away: it
    is left out, as if it were not there. Unless people are `known`, it stays as it is: where no fleet
    file was opened, nobody was taken out of one.
    """
    persons: dict[Path, str] = {}
    unknown: list[tuple[Path, str]] = []
    gone: list[str] = []
    filled = dict(data)
    for path, entry in entries(data):
        person = _person_of(path, entry)
        if person is None:
            continue
        if person not in people and "person" not in entry:
            gone.extend([person] if known else [])
            continue
        if person not in people:
            unknown.append(((*path, "person"), person))
            continue
        persons[path] = person
        _put(filled, data, path, {**people[person], **entry})
    return Completed(_without(filled, frozenset(gone)) if gone else filled, persons, tuple(unknown), tuple(gone))


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


def gone_person(key: str, where: Where, known: Iterable[str], source: str = "") -> Problem:
    """The warning about an entry of somebody who is not under people any more."""
    message = (
        f"users.{shorten(key)} has no identity and is not under people, so it counts as removed."
        f"{did_you_mean(key, sorted(known))} Remove the entry too, or put the person back."
    )
    return Problem("person-gone", message, where, "warning", source)


def _person_of(path: Path, entry: Mapping[str, Any]) -> str | None:
    """The key under people that an entry leans on: the one it names, or its own when it has no identity."""
    if isinstance(named := entry.get("person"), str):
        return named
    return str(path[-1]) if path[0] == "users" and not any(name in entry for name in IDENTITY) else None


def _without(data: Mapping[str, Any], gone: frozenset[str]) -> dict[str, Any]:
    """`data` without the users in `gone`, and without them among the recipients of services."""
    users = {key: entry for key, entry in data["users"].items() if key not in gone}
    services = data.get("services")
    if not isinstance(services, Mapping):
        return {**data, "users": users}
    return {**data, "users": users, "services": {code: _untold(entry, gone) for code, entry in services.items()}}


def _untold(service: Any, gone: frozenset[str]) -> Any:
    recipients = service.get("recipients") if isinstance(service, Mapping) else None
    if not isinstance(recipients, list):
        return service
    return {**service, "recipients": [key for key in recipients if key not in gone]}


def _put(filled: dict[str, Any], data: Mapping[str, Any], path: Path, entry: Mapping[str, Any]) -> None:
    """Set an entry without touching the layers that `data` shares."""
    if path == ("admin",):
        filled["admin"] = entry
        return
    if filled["users"] is data["users"]:
        filled["users"] = dict(data["users"])
    filled["users"][path[1]] = entry
