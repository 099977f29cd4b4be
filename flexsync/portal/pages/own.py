"""Somebody's own data: names, e-mail address, password, language, hosted data."""

from collections.abc import Callable

from starlette.responses import Response

from flexsync.acts.addresses import propose_email
from flexsync.acts.links import WeakPassword
from flexsync.acts.own import BadValue, change_language, change_names, change_password, opt_out
from flexsync.acts.seeing import places
from flexsync.acts.signing import proved
from flexsync.portal import cookies
from flexsync.portal.pages.links import UNEQUAL, WRONG
from flexsync.portal.visit import Visit

_PAGE = "/me"


def show(visit: Visit) -> Response:
    """All of it on one page."""
    return _page(visit, 200)


def _page(visit: Visit, status: int, typed: object = None, **errors: str) -> Response:
    person = visit.login.person
    values = {"person": person, "typed": typed or person, "places": places(visit.site, visit.login)}
    return visit.page("me.html", status, errors=visit.errors(**errors), **values)


def names(visit: Visit) -> Response:
    """Other names."""
    return _changed(visit, "names", lambda: change_names(visit.site, visit.login, visit.form))


def language(visit: Visit) -> Response:
    """Another language; the one that this browser asked for before is forgotten."""
    done = _changed(visit, "language", lambda: change_language(visit.site, visit.login, visit.form["language"]))
    return visit.put(done, cookies.LANGUAGE, "")


def email(visit: Visit) -> Response:
    """Propose another address; the password is asked for, since whoever has the mails has the account."""
    if not _proves(visit, "email_password"):
        return _page(visit, 422, visit.form, email_password=WRONG)
    return _changed(visit, "email", lambda: propose_email(visit.site, visit.login, visit.form["email"]))


def _proves(visit: Visit, field: str) -> bool:
    return proved(visit.site, visit.login, visit.form[field], visit.address)


def password(visit: Visit) -> Response:
    """Choose another password."""
    new = visit.form["password"]
    if new != visit.form["password_again"]:
        return _page(visit, 422, password_again=UNEQUAL)
    if not _proves(visit, "current_password"):
        return _page(visit, 422, current_password=WRONG)
    try:
        cookie = change_password(visit.site, visit.login, new, visit.cookie(cookies.SESSION))
    except WeakPassword as weak:
        return _page(visit, 422, password=str(weak))
    return visit.put(visit.go(_PAGE, "password"), cookies.SESSION, cookie)


def hosting(visit: Visit) -> Response:
    """Keep the own data off the hosted service, or let it back."""
    out = visit.form["out"] == "yes"
    return _changed(visit, "hosting", lambda: opt_out(visit.site, visit.login, visit.subscription, out=out))


def _changed(visit: Visit, done: str, change: Callable[[], object]) -> Response:
    try:
        change()
    except BadValue as bad:
        return _page(visit, 422, visit.form, **{bad.field: str(bad)})
    return visit.go(_PAGE, done)
