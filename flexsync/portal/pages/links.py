"""The page behind the link of a mail: showing it changes nothing, sending its form does."""

from starlette.responses import Response

from flexsync.acts.addresses import confirm_email
from flexsync.acts.links import Opened, WeakPassword, choose_password, look
from flexsync.acts.signing import proved
from flexsync.passwords import N_
from flexsync.portal import cookies
from flexsync.portal.visit import Visit

_TEMPLATES = {"activation": "link_password.html", "reset": "link_password.html", "confirm_email": "link_email.html"}
#: A password that is typed twice, and differently.
UNEQUAL = N_("The two passwords are not the same.")
#: Somebody signed in, or about to move their login, who types another password than theirs.
WRONG = N_("This is not your password.")


def show(visit: Visit) -> Response:
    """Say what the link is for, and for whom."""
    return _page(visit, look(visit.site, visit.part("token")))


def follow(visit: Visit) -> Response:
    """Choose the password, or confirm the address."""
    opened = look(visit.site, visit.part("token"))
    return _confirm(visit, opened) if opened.purpose == "confirm_email" else _choose(visit, opened)


def _page(visit: Visit, opened: Opened, status: int = 200, **errors: str) -> Response:
    values = {"opened": opened, "person": opened.login.person}
    return visit.page(_TEMPLATES[opened.purpose], status, errors=visit.errors(**errors), **values)


def _choose(visit: Visit, opened: Opened) -> Response:
    password = visit.form["password"]
    if password != visit.form["password_again"]:
        return _page(visit, opened, 422, password_again=UNEQUAL)
    try:
        cookie = choose_password(visit.site, visit.part("token"), password, visit.cookie(cookies.SESSION))
    except WeakPassword as weak:
        return _page(visit, opened, 422, password=str(weak))
    first = opened.purpose == "activation"
    after = visit.go("/welcome", "first-password") if first else visit.go("/", "password")
    return visit.put(after, cookies.SESSION, cookie)


def _confirm(visit: Visit, opened: Opened) -> Response:
    """Move the login. Whoever has the new mailbox may be who proposed it, so that the password is asked for."""
    if not proved(visit.site, opened.login, visit.form["password"], visit.address):
        return _page(visit, opened, 422, password=WRONG)
    confirm_email(visit.site, visit.part("token"), opened)
    return visit.put(visit.go("/sign-in", "email-confirmed"), cookies.SESSION, "")
