"""What an administrator may change of a subscription, as the State that it would lead to (guide: actions 2 and 3).

In: the State as it is, and what was typed. Out: the State that is wanted. Nothing is looked up nor written; whether
it may be is asked by `flexsync.acts.console_editing`, or by whoever reviews the patch.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from flexsync.acts.own import BAD_CHOICE, BadValue, checked_name
from flexsync.address import email_key, email_problem
from flexsync.language import LANGUAGES
from flexsync.passwords import N_
from flexsync.state import ADMIN_KEY, Person, Service, State, User

#: From the State under the lock to the one that is wanted; raises BadValue.
Wanted = Callable[[State], State]

BAD_EMAIL = N_("This is not an e-mail address such as anne@dupont.example.")
TWO_EMAILS = N_("The two e-mail addresses are not the same.")
HAS_IT = N_("A user of this subscription has this e-mail address already.")
GONE = N_("This user is no longer there.")
NOT_SOLD = N_("This is not a product of your subscription.")
OWN_SEAT = N_("The seat of the administrator goes with the administrator; it cannot be deleted here.")
WHICH_PRODUCTS = N_("Choose the products that the person may open.")


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form says of a user; `access` are codes of products."""

    person: Person
    access: tuple[str, ...]
    opted_out: bool = False


def typed_person(form: Mapping[str, str], email: str, *, confirm: bool = False) -> Person:
    """The Person of a form, whose address is `email`; raises BadValue for the first field that cannot be used."""
    if form["civility"] not in ("madame", "monsieur"):
        raise BadValue("civility", BAD_CHOICE)
    given, family = (checked_name(field, form[field]) for field in ("given_name", "family_name"))
    if email_problem(email):
        raise BadValue("email", BAD_EMAIL)
    if confirm and email_key(form["email_again"].strip()) != email_key(email):
        raise BadValue("email_again", TWO_EMAILS)
    if form["language"] not in LANGUAGES:
        raise BadValue("language", BAD_CHOICE)
    return Person(form["civility"], given, family, email, form["language"])


def changed(key: str, typed: Typed) -> Wanted:
    """The user `key` with other names, address, products, or hosting; products of the administrator's own seat."""

    def wanted(state: State) -> State:
        user = _present(state, key)
        person = user.person if key == ADMIN_KEY else typed.person
        if person and user.person and person.key != user.person.key:
            _refuse_taken(state, person)
        access = _sold(state, typed.access)
        after = replace(user, person=person, access=access, hosted_opt_out=typed.opted_out)
        return _settled(_with(state, key, after))

    return wanted


def removed(key: str) -> Wanted:
    """The user `key` deactivated: identity and history stay, seat and access end."""

    def wanted(state: State) -> State:
        if key == ADMIN_KEY:
            raise BadValue("edit", OWN_SEAT)
        return _settled(_with(state, key, replace(_present(state, key), status="deactivated", access=())))

    return wanted


def added(person: Person, access: Iterable[str]) -> Wanted:
    """A new user; somebody of that address who left comes back under the same key."""

    def wanted(state: State) -> State:
        _refuse_taken(state, person)
        opens = _sold(state, access)
        if not opens and len(state.products) > 1:
            raise BadValue("access", WHICH_PRODUCTS)
        return _with(state, _key(state, person), User(person, access=opens or tuple(state.products)))

    return wanted


def _present(state: State, key: str) -> User:
    user = state.present.get(key)
    if user is None:
        raise BadValue("edit", GONE)
    return user


def _refuse_taken(state: State, person: Person) -> None:
    """One e-mail, one user of a subscription."""
    if any(user.person and user.person.key == person.key for user in state.present.values()):
        raise BadValue("email", HAS_IT)


def _sold(state: State, access: Iterable[str]) -> tuple[str, ...]:
    opens = tuple(sorted(set(access)))
    if not set(opens) <= state.products.keys():
        raise BadValue("access", NOT_SOLD)
    return opens


def _with(state: State, key: str, user: User) -> State:
    return replace(state, users=dict(sorted({**state.users, key: user}.items())))


def _settled(state: State) -> State:
    """`state` without recipients who left: nobody who has no seat is told a shared password."""
    return replace(state, services={code: _told(one, state) for code, one in state.services.items()})


def _told(service: Service, state: State) -> Service:
    if service.status == "off":
        return service
    return replace(service, recipients=tuple(key for key in service.recipients if key in state.present))


def _key(state: State, person: Person) -> str:
    """The key of somebody who left and comes back, or a new one such as `p.martin`, never used here."""
    for key, user in state.users.items():
        if user.person and user.person.key == person.key:
            return key
    base = f"{_letters(person.given_name)[:1]}.{_letters(person.family_name)}".strip(".")[:50] or "user"
    number = 1
    while (key := base if number == 1 else f"{base}{number}") in {*state.users, ADMIN_KEY}:
        number += 1
    return key


def _letters(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
