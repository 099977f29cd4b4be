"""What the subscriptions of a fleet share: defaults, profiles, people, rosters. Merged once, used by many.

In: a fleet document. Out: the layers below a client's own. It must not know any client.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import Any, NamedTuple

from flexsync.desired import persons
from flexsync.desired.document import Document
from flexsync.desired.layers import PEOPLE, Layer, merge
from flexsync.desired.model import Path
from flexsync.errors import Problem, Where
from flexsync.text import did_you_mean, shorten


class Base(NamedTuple):
    """Shared layers, lowest first, and what they make together."""

    layers: tuple[Layer, ...]
    data: Mapping[str, Any]


class Shared:
    """The shared parts of one fleet file; of none when there is no fleet file."""

    def __init__(self, document: Document | None = None) -> None:
        data = document.data if document else {}
        self.document = document
        self.people: Mapping[str, Mapping[str, Any]] = data.get("people") or {}
        self.profiles: Mapping[str, Mapping[str, Any]] = data.get("profiles") or {}
        self.defaults: Mapping[str, Any] = data.get("defaults") or {}
        self._bases: dict[tuple[str, ...], Base] = {}

    def people_layer(self) -> Layer | None:
        """The people as a layer, whose paths begin with the key of a person."""
        return self._layer(PEOPLE, self.people, ("people",)) if self.people else None

    def base(self, names: Sequence[str]) -> Base:
        """Defaults and the named profiles, left to right; unknown names are passed over."""
        key = tuple(names)
        if key not in self._bases:
            layers = tuple(self._layers(key))
            self._bases[key] = Base(layers, merge(layer.data for layer in layers))
        return self._bases[key]

    def expand(self, names: Sequence[str]) -> list[str]:
        """The named profiles with those they build on before them, each once."""
        return list(dict.fromkeys(one for name in names for one in self._expansions.get(name, ())))

    @cached_property
    def _expansions(self) -> dict[str, list[str]]:
        """Each profile with what it builds on, lowest first; raises CycleError."""
        below = {name: _known(settings.get("profiles"), self.profiles) for name, settings in self.profiles.items()}
        expansions: dict[str, list[str]] = {}
        for name in TopologicalSorter(below).static_order():
            lower = (one for other in below[name] for one in expansions[other])
            expansions[name] = list(dict.fromkeys([*lower, name]))
        return expansions

    def cycle(self) -> list[str]:
        """Profiles that build on each other in a circle; empty when there is none."""
        try:
            _ = self._expansions
        except CycleError as error:
            return [str(name) for name in error.args[1]]
        return []

    def _layers(self, names: tuple[str, ...]) -> Iterator[Layer]:
        if self.defaults:
            yield self._layer("defaults", self.defaults, ("defaults",))
        for name in self.expand(names):
            yield self._layer(f"profile {name}", self.profiles[name], ("profiles", name))

    def _layer(self, name: str, data: Mapping[str, Any], at: Path) -> Layer:
        document = self.document
        if document is None:
            raise LookupError(name)

        def place(path: Path) -> Where:
            return document.where(at + path)

        return Layer(name, data, place, document.line)


def unknown_profiles(names: Sequence[str], shared: Shared, where: "Sequence[Where]") -> Iterator[Problem]:
    """A Problem for each name that is no profile (invariant I47); `where` has the place of each name."""
    known = sorted(shared.profiles)
    for name, place in zip(names, where, strict=True):
        if name not in shared.profiles:
            listed = f" Known: {', '.join(known)}." if known else " There is no fleet file with profiles."
            message = f'profiles: "{shorten(name)}" not found.{did_you_mean(name, known)}{listed}'
            yield Problem("unknown-profile", message, place)


def problems(shared: Shared) -> Iterator[Problem]:
    """What is wrong with the shared parts, and so with every subscription."""
    document = shared.document
    if document is None:
        return
    yield from _people(shared, document)
    for at, settings in _settings(shared):
        yield from _references(shared, document, at, settings)
    if circle := shared.cycle():
        where = document.where(("profiles", circle[0], "profiles"))
        message = f"profiles build on each other in a circle: {' < '.join(circle)}; remove one of these references"
        yield Problem("profile-cycle", message, where)


def _settings(shared: Shared) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    yield ("defaults",), shared.defaults
    yield from ((("profiles", name), settings) for name, settings in shared.profiles.items())


def _references(shared: Shared, document: Document, at: Path, settings: Mapping[str, Any]) -> Iterator[Problem]:
    names = settings.get("profiles") or []
    places = [document.where((*at, "profiles", number)) for number in range(len(names))]
    yield from unknown_profiles(names, shared, places)
    for path, person in persons.complete(settings, shared.people).unknown:
        where = document.where(at + path)
        yield persons.unknown_person(person, where, shared.people, document.line(where.line))


def _known(names: Sequence[str] | None, profiles: Mapping[str, Any]) -> list[str]:
    return [name for name in names or () if name in profiles]


def _people(shared: Shared, document: Document) -> Iterator[Problem]:
    """Each person is complete and has an address of their own (invariants I5, I8)."""
    from flexsync.address import email_key, email_problem

    seen: dict[str, str] = {}
    for key, entry in shared.people.items():
        at = document.where((PEOPLE, key))
        missing = [name for name in persons.IDENTITY if name not in entry]
        if missing:
            yield Problem("missing", f"people.{key}: missing {', '.join(missing)}; add it", at)
        if "person" in entry:
            yield Problem("person-reference", f"people.{key}: a person cannot refer to another; write it out", at)
        email = entry.get("email")
        if not isinstance(email, str):
            continue
        if found := email_problem(email):
            yield Problem(found[0], f"people.{key}.email: {found[1]}", document.where((PEOPLE, key, "email")))
        if (first := seen.setdefault(email_key(email), key)) != key:
            message = f"{shorten(email)} is used by people.{first} and people.{key}; an e-mail belongs to one person"
            yield Problem("duplicate-email", message, document.where((PEOPLE, key, "email")))
