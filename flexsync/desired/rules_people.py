"""Rules about the administrator and the users: who they are, how they log in, what they open."""

from collections.abc import Iterator

from flexsync.address import domain_of, email_key, email_problem, skeleton
from flexsync.desired.case import Case, dotted, some, unknown
from flexsync.desired.model import Path
from flexsync.desired.names import name_problem
from flexsync.desired.persons import IDENTITY
from flexsync.desired.spec_people import PersonFields
from flexsync.errors import Problem
from flexsync.state import ADMIN_KEY
from flexsync.text import shorten


def identities(case: Case) -> Iterator[Problem]:
    """Civility, names and e-mail are mandatory for an account (guide, steps 1 and 2)."""
    for path, person in case.people():
        missing = [field for field in IDENTITY if getattr(person, field) is None]
        if missing:
            yield case.error("identity", path, f"missing {', '.join(missing)} (required to create an account).")


def names(case: Case) -> Iterator[Problem]:
    """Names are names."""
    for path, person in case.people():
        for field, name in (("given_name", person.given_name), ("family_name", person.family_name)):
            if name is not None and (text := name_problem(name)):
                yield case.error("name", (*path, field), text)


def addresses(case: Case) -> Iterator[Problem]:
    """E-mails are one plain address each."""
    for path, person in case.people():
        if person.email is not None and (trouble := email_problem(person.email)):
            code, text = trouble
            yield case.error(code, (*path, "email"), text)


def allowed_domains(case: Case) -> Iterator[Problem]:
    """Where the policy lists domains, every address belongs to one of them."""
    listed = case.spec.policy.email_domains if case.spec.policy else None
    if not listed:
        return
    for index, domain in enumerate(listed):
        if email_problem(f"x@{domain}"):
            path: Path = ("policy", "email_domains", index)
            yield case.error("domain", path, f'"{shorten(domain)}" is not a domain, such as dupont.fr.')
    allowed = {domain_of(f"x@{domain}") for domain in listed}
    for path, person in case.people():
        if person.email is not None and (domain := domain_of(person.email)) not in allowed:
            text = f"{shorten(domain)} is not in policy.email_domains ({some(map(shorten, listed))})."
            yield case.error("domain", (*path, "email"), text)


def one_login(case: Case) -> Iterator[Problem]:
    """An e-mail is a login and belongs to one person; look-alikes of it belong to nobody else.

    The administrator may be declared again as a user: that is the same account, when the names agree.
    """
    first: dict[str, tuple[Path, PersonFields]] = {}
    for path, person in case.people():
        if person.email is None:
            continue
        seen = skeleton(person.email)
        known, known_person = first.setdefault(seen, (path, person))
        if known == ("admin",) and _same_account(known_person, person):
            first[seen] = (path, person)
        elif known != path:
            yield _taken_login(case, path, person.email, known, known_person.email or "")


def _same_account(one: PersonFields, other: PersonFields) -> bool:
    names = (one.given_name, one.family_name) == (other.given_name, other.family_name)
    return names and email_key(one.email or "") == email_key(other.email or "")


def _taken_login(case: Case, path: Path, email: str, known: Path, known_email: str) -> Problem:
    place = f"{dotted(known)} (first at {case.places.where((*known, 'email'))})"
    if email_key(email) == email_key(known_email):
        text = f"{shorten(email)} is used by {place} too. An e-mail is a login; it belongs to one person."
    else:
        text = f"{shorten(email)} looks the same as {shorten(known_email)} of {place}. Use one address for one person."
    return case.error("one-login", (*path, "email"), text)


def reserved_key(case: Case) -> Iterator[Problem]:
    """The administrator's own seat has a key of its own."""
    if ADMIN_KEY in case.users:
        text = f'"{ADMIN_KEY}" is reserved for the administrator\'s own seat. Choose another key.'
        yield case.error("reserved-key", ("users", ADMIN_KEY), text)


def repeated_administrator(case: Case) -> Iterator[Problem]:
    """With also_user the administrator has a seat already (guide, step 1)."""
    if case.admin is None or not case.takes_seat or case.admin.email is None:
        return
    key = email_key(case.admin.email)
    for user, entry in case.users.items():
        if entry.email is not None and email_key(entry.email) == key:
            text = "repeats the administrator, who has a seat already. Drop it or set admin.also_user: false."
            yield case.error("repeated-admin", ("users", user), text)


def renames(case: Case) -> Iterator[Problem]:
    """A former key is no longer declared, and becomes one user only."""
    taken: dict[str, str] = {}
    for key, user in case.users.items():
        for index, old in enumerate(user.previously or ()):
            path: Path = ("users", key, "previously", index)
            if old == ADMIN_KEY:
                yield case.error("previously", path, f'"{old}" is reserved for the administrator\'s own seat.')
            elif case.spec.users.get(old) is not None:
                yield case.error("previously", path, f'"{old}" is still declared. Remove one of the two.')
            elif taken.setdefault(old, key) != key:
                yield case.error("previously", path, f'"{old}" already became users.{taken[old]}.')


def access(case: Case) -> Iterator[Problem]:
    """Users open products of the subscription; with several products each user says which."""
    for key, user in case.users.items():
        path: Path = ("users", key, "access")
        if user.access is None and len(case.products) > 1:
            text = f"missing. With several products, say which ones the user opens: {some(case.products)}."
            yield case.error("access", path, text)
        elif user.access == []:
            yield case.warning("no-access", path, "no product. The user takes a seat and opens nothing.")
        yield from _owned(case, path, user.access)


def administrator_access(case: Case) -> Iterator[Problem]:
    """The administrator's access is about the seat that also_user gives."""
    if case.admin is None or case.admin.access is None:
        return
    yield from _owned(case, ("admin", "access"), case.admin.access)
    if not case.takes_seat:
        yield case.warning("no-access", ("admin", "access"), "has no effect without admin.also_user: true.")


def _owned(case: Case, path: Path, codes: list[str] | None) -> Iterator[Problem]:
    for index, code in enumerate(codes or ()):
        if case.products and code not in case.products:
            yield case.error("access", (*path, index), unknown(code, f"a product of {case.spec.name}", case.products))


def periods(case: Case) -> Iterator[Problem]:
    """A user starts before ending, and ends no later than the contract."""
    contract = case.spec.ends_on
    for key, user in case.users.items():
        path: Path = ("users", key, "ends_on")
        if user.ends_on is None:
            continue
        if user.starts_on is not None and user.ends_on < user.starts_on:
            yield case.error("period", path, f"{user.ends_on} is before starts_on {user.starts_on}. Swap them.")
        elif contract is not None and user.ends_on > contract:
            text = f"{user.ends_on} is after the contract's last day, {contract}."
            yield case.warning("after-contract", path, text)
