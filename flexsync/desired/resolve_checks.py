"""What is wrong with the files only because of what the store has, and warnings that depend on the day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from flexsync.desired.asked import Asked
from flexsync.desired.case import is_present
from flexsync.desired.model import Path, Places
from flexsync.desired.resolve_people import People
from flexsync.desired.resolve_services import missing_papers
from flexsync.desired.spec_people import UserEntry
from flexsync.errors import Problem
from flexsync.state import ADMIN_KEY, Person, Service, State, User
from flexsync.text import count

#: Days before an end on which people are warned (invariant I39).
NEAR = 30


@dataclass(frozen=True, slots=True)
class _Case:
    """What a check looks at."""

    asked: Asked
    places: Places
    state: State
    people: People

    def error(self, code: str, path: Path, message: str) -> Problem:
        return Problem(code, message, self.places.where(path))

    def warning(self, code: str, path: Path, message: str) -> Problem:
        return Problem(code, message, self.places.where(path), "warning")


def problems(asked: Asked, places: Places, state: State, people: People) -> Iterator[Problem]:
    """Problems that need the current State or the day, in the order of the file's sections."""
    case = _Case(asked, places, state, people)
    if asked.closed:
        return
    yield from _seats(case)
    yield from _users(case)
    yield from _services(case)
    yield from _ends(case)


def strangers(asked: Asked, places: Places, gone: Iterable[str]) -> Iterator[Problem]:
    """Users without identity whom the store does not know either: nobody left, somebody mistyped a key."""
    for key in gone:
        if key not in asked.current_users:
            message = (
                f"users.{key} has no identity, people does not have it, and nobody had this key before; correct it"
            )
            yield Problem("unknown-person", message, places.where(("users", key)))


def _seats(case: _Case) -> Iterator[Problem]:
    """Seats over all users, those the files do not manage included (invariants I13, I14)."""
    present, seats = case.state.present, case.state.seats
    if seats and len(present) > seats:
        yield case.error(
            "seats",
            ("seats",),
            f"{count(len(present), 'account')} for {count(seats, 'seat')}; remove {len(present) - seats}, "
            f"give one an ends_on, or buy a seat first; seats used by {', '.join(sorted(present))}",
        )
    for code, product in sorted(case.state.products.items()):
        holders = sorted(key for key, user in present.items() if code in user.access)
        if product.seats is not None and len(holders) > product.seats:
            yield case.error(
                "product-seats",
                ("products", code, "seats"),
                f"products.{code}.seats is {product.seats} but {count(len(holders), 'user')} open {code}: "
                f"{', '.join(holders)}",
            )


def _users(case: _Case) -> Iterator[Problem]:
    for key, entry in (case.asked.users or {}).items():
        yield from _identity(case, key, entry)
        yield from _previously(case, key, entry)


def _identity(case: _Case, key: str, entry: UserEntry) -> Iterator[Problem]:
    before, after = case.people.before.get(key), case.state.users.get(key)
    if before is None or entry.state == "deleted":
        return
    if before.status == "deleted":
        yield case.error(
            "deleted-key", ("users", key), f"users.{key} was deleted; choose another key, keys are never used again"
        )
    elif _is_other_person(before, _applied(case, key), after):
        yield case.error(
            "other-person",
            ("users", key),
            f"users.{key} looks like a different person than the one known by this key (name and e-mail both "
            "differ); give the new person a new key, and keep or remove the old one",
        )


def _applied(case: _Case, key: str) -> User | None:
    """Whom the files last asked for by this key: somebody may change their own name and e-mail in the portal."""
    former = next((old for old, new in case.people.moves.items() if new == key), key)
    return case.asked.applied_users.get(former)


def _is_other_person(before: User, applied: User | None, after: User | None) -> bool:
    if after is None or after.status != "present" or before.person is None or after.person is None:
        return False
    known = [user.person for user in (before, applied) if user is not None and user.person is not None]
    return not any(_alike(person, after.person) for person in known)


def _alike(one: Person, other: Person) -> bool:
    return one.name.casefold() == other.name.casefold() or one.key == other.key


def _previously(case: _Case, key: str, entry: UserEntry) -> Iterator[Problem]:
    """A former key has to be known, unless the move was made by an earlier run (invariant I36)."""
    current = case.asked.current_users
    if not entry.previously or case.asked.current is None or key in current:
        return
    if key in case.people.moves.values() or not is_present(entry, case.asked.as_of) or entry.state == "deleted":
        return
    known = sorted(old for old, user in current.items() if user.status != "deleted" and old != ADMIN_KEY)
    names = ", ".join(f'"{old}"' for old in entry.previously)
    yield case.error(
        "previously",
        ("users", key, "previously"),
        f"previously: {names} is no key that could move here; known keys: {', '.join(known) or 'none'}; "
        "correct it, or remove it if the person is new",
    )


def _services(case: _Case) -> Iterator[Problem]:
    allowed = case.state.sirets_allowed
    for code, entry in (case.asked.services or {}).items():
        service, path = case.state.services.get(code, Service()), ("services", code)
        if entry.enabled is None and service.status == "off":
            text = f"services.{code} is described but nothing switches it on; add enabled: true or enabled: false"
            yield case.warning("not-enabled", path, text)
        if service.status != "off" and allowed is not None and len(service.sirets) > allowed:
            text = f"{len(service.sirets)} SIRETs, the contract allows {allowed}; remove some"
            yield case.error("sirets-allowed", (*path, "sirets"), text)
        papers = missing_papers(case.asked, code, service.evidence)
        if service.status == "active" and papers:
            text = f"services.{code} is active without dated evidence of {', '.join(papers)}; record it"
            yield case.warning("evidence", path, text)


def _ends(case: _Case) -> Iterator[Problem]:
    """What ends within 30 days, or has ended, and what depends on it (invariant I39)."""
    if case.state.ends_on is not None:
        yield from _end(case, ("ends_on",), "the contract", case.state.ends_on, _dependents(case.state))
    for code, service in sorted(case.state.services.items()):
        if service.status != "off" and service.ends_on is not None and service.ends_on != case.state.ends_on:
            yield from _end(case, ("services", code, "ends_on"), f"services.{code}", service.ends_on, ())


def _end(case: _Case, path: Path, what: str, last: date, dependents: Iterable[str]) -> Iterator[Problem]:
    left = (last - case.asked.as_of).days
    if left > NEAR:
        return
    names = ", ".join(dependents)
    told = f"; it carries {names}" if names else ""
    when = f"ended on {last}" if left < 0 else f"ends on {last} ({count(left, 'day')})"
    yield case.warning("ended" if left < 0 else "ends-soon", path, f"{what} {when}{told}; renew it, or plan the end")


def _dependents(state: State) -> list[str]:
    hosted = [f"{code} (hosted)" for code, product in sorted(state.products.items()) if product.data_mode == "hosted"]
    return hosted + [code for code, service in sorted(state.services.items()) if service.status != "off"]
