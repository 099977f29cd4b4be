"""Users of the console: created, changed and deleted (guide, step 2, and actions 2 and 3)."""

from starlette.responses import Response

from flexsync.acts.console import Console, invites_by_hand, known_people
from flexsync.acts.console_changes import GONE, Typed, Wanted, added, changed, removed, typed_person
from flexsync.acts.own import BAD_CHOICE, BadValue
from flexsync.portal.pages.console import page, places, subscription, user_of, users_page
from flexsync.portal.pages.console_edits import SURE, Edit, answered, boxes, ticked
from flexsync.portal.visit import Visit
from flexsync.state import PERSON_FIELDS, Person

#: Products of one subscription that a form can name.
ACCESS = boxes("access", 40)
NEW = (*PERSON_FIELDS, "email_again", "existing", *ACCESS, SURE)
CHANGED = (*PERSON_FIELDS, "opted_out", *ACCESS, SURE)


def show_new(visit: Visit) -> Response:
    """The next free seat."""
    return _new(visit, subscription(visit))


def create(visit: Visit) -> Response:
    """Action: a new user, or an existing account in a free seat."""
    return answered(visit, Edit("create user", _added, "created", form=_new))


def _added(visit: Visit, seen: Console) -> Wanted:
    existing = visit.form["existing"]
    if not existing:
        return added(typed_person(visit.form, visit.form["email"].strip(), confirm=True), ticked(visit, ACCESS))
    known = (one for one in known_people(visit.site, visit.login, seen) if one.key == existing)
    person = next(known, None)
    if person is None:
        raise BadValue("existing", BAD_CHOICE)
    return added(person, ticked(visit, ACCESS))


def _new(visit: Visit, seen: Console, status: int = 200, **errors: str) -> Response:
    empty = dict.fromkeys((*PERSON_FIELDS, "email_again", "existing"), "")
    values = {
        "typed": visit.form or {**empty, "language": visit.login.person.language},
        "by_hand": invites_by_hand(visit.site, seen.name),
        "existing": [(one.key, one) for one in known_people(visit.site, visit.login, seen)],
        "ticked": ticked(visit, ACCESS),
        "places": places(visit, [("users",)]),
    }
    return page(visit, "console_new.html", seen, status, errors=visit.errors(**errors), **values)


def show(visit: Visit) -> Response:
    """One user."""
    seen = subscription(visit)
    user_of(visit, seen)
    return _one(visit, seen)


def change(visit: Visit) -> Response:
    """Action 2: other names, address, products."""
    return answered(visit, Edit("change user", _changed, "changed", form=_one))


def _changed(visit: Visit, seen: Console) -> Wanted:
    user = user_of(visit, seen)
    person = user.person if user.of_administrator else typed_person(visit.form, visit.form["email"].strip())
    return changed(user.key, Typed(person, ticked(visit, ACCESS), visit.form["opted_out"] == "yes"))


def _one(visit: Visit, seen: Console, status: int = 200, **errors: str) -> Response:
    user = seen.user(visit.part("key"))
    if user is None:
        return users_page(visit, 409, users=GONE)
    values = {
        "user": user,
        "typed": visit.form or _fields(user.person),
        "ticked": ticked(visit, ACCESS) if visit.form else user.user.access,
        "places": places(visit, [user.path]),
        "opted_out": visit.form["opted_out"] == "yes" if visit.form else user.user.hosted_opt_out,
    }
    return page(visit, "console_user.html", seen, status, errors=visit.errors(**errors), **values)


def _fields(person: Person) -> dict[str, str]:
    return {name: getattr(person, name) for name in PERSON_FIELDS}


def remove(visit: Visit) -> Response:
    """Action 3: asked first; then the seat is free, name and history stay until they are erased."""
    return answered(visit, Edit("delete user", _removed, "removed", template="console_remove.html"))


def _removed(visit: Visit, seen: Console) -> Wanted:
    return removed(user_of(visit, seen).key)
