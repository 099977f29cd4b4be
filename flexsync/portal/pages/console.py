"""The administrator's console: what there is to see (guide, steps 2 to 4, "Gestion des Utilisateurs Flexibilité")."""

from collections.abc import Sequence

from starlette.exceptions import HTTPException
from starlette.responses import Response

from flexsync.acts.console import Console, ConsoleUser, administered, console, pause_of
from flexsync.acts.console_history import drift_of, history
from flexsync.portal.console_words import subject, told
from flexsync.portal.visit import Visit


def choose(visit: Visit) -> Response:
    """The subscriptions of an administrator; the only one is shown at once."""
    mine = visit.login.administers
    if not mine:
        raise HTTPException(404)
    if len(mine) == 1:
        return visit.go(f"/console/{mine[0]}")
    return visit.page("console_choice.html", subscriptions=administered(visit.site, visit.login))


def users(visit: Visit) -> Response:
    """Users and products, with the guide's actions, and the summary."""
    return users_page(visit)


def users_page(visit: Visit, status: int = 200, **errors: str) -> Response:
    """The table of users, those that match what was searched; `errors` by key of a user."""
    seen, sought = subscription(visit), visit.asked("q").strip()
    found = [user for user in seen.users if sought.casefold() in f"{user.person.name} {user.person.email}".casefold()]
    values = {"found": found, "q": sought, "places": places(visit, [user.path for user in found])}
    pause = pause_of(visit.site, seen.name)
    return page(visit, "console_users.html", seen, status, errors=visit.errors(**errors), pause=pause, **values)


def past(visit: Visit) -> Response:
    """What was done to the subscription, newest first."""
    seen = subscription(visit)
    entries = [(one, told(visit, seen.state, one.done)) for one in history(visit.site, visit.subscription)]
    return page(visit, "console_history.html", seen, entries=entries)


def files(visit: Visit) -> Response:
    """What the files decide and where, and what was changed beside them."""
    seen = subscription(visit)
    drifted = drift_of(visit.site, visit.subscription)
    known = places(visit, [*_managed(seen), *(one.path for one in drifted)])
    lines = list(zip(drifted, told(visit, seen.state, drifted), strict=True))
    managed = [(path, subject(visit, seen.state, path)) for path in _managed(seen)]
    return page(visit, "console_files.html", seen, drifted=lines, places=known, managed=managed)


def _managed(seen: Console) -> list[tuple[str, ...]]:
    """Paths of what a subscription file says, in its order."""
    products = [("products", product.code) for product in seen.products]
    people = [("users", user.key) for user in seen.users if not user.of_administrator]
    services = [("services", one.code) for one in seen.services if not one.derived and one.status != "off"]
    return [("offer",), ("seats",), ("ends_on",), *products, ("admin",), *people, *services]


def subscription(visit: Visit) -> Console:
    """The subscription of the path."""
    seen = console(visit.site, visit.subscription)
    if seen is None:
        raise HTTPException(404)
    return seen


def user_of(visit: Visit, seen: Console) -> ConsoleUser:
    """The user of the path; the 404 of every unknown thing when there is none."""
    found = seen.user(visit.part("key"))
    if found is None:
        raise HTTPException(404)
    return found


def places(visit: Visit, paths: Sequence[tuple[str, ...]]) -> dict[tuple[str, ...], str]:
    """Where the files decide each path; nothing where the portal has no files."""
    return dict(visit.site.files.where(visit.subscription, paths)) if visit.site.files else {}


def page(visit: Visit, template: str, seen: Console, status: int = 200, **values: object) -> Response:
    """A page of the console."""
    common = {"seen": seen, "edits": visit.site.console_edits, "files": visit.site.files is not None}
    return visit.page(template, status, **{**common, "now": visit.site.now(), **values})
