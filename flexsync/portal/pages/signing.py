"""Signing in and out, and a forgotten password."""

from starlette.exceptions import HTTPException
from starlette.responses import Response

from flexsync.acts.forgetting import forgot
from flexsync.acts.signing import sign_in, sign_in_operator, sign_out
from flexsync.passwords import N_
from flexsync.portal import cookies
from flexsync.portal.route import is_ours
from flexsync.portal.visit import Visit

#: One answer for all, so that nobody learns who has an account; it also helps whoever has to wait.
_REFUSED = N_(
    "The e-mail address or the password is wrong, the account is not activated, or it has to wait after too many "
    "tries: a quarter of an hour at most."
)
_NO_OPERATOR = N_(
    "The name or the password is wrong, or there were too many tries: then wait a quarter of an hour at most."
)


def show_sign_in(visit: Visit) -> Response:
    """The form to sign in; who is signed in already goes on."""
    after = _after(visit.asked("next"))
    return visit.go(after) if visit.present else visit.page("sign_in.html", email="", after=after)


def do_sign_in(visit: Visit) -> Response:
    """Sign in with e-mail address and password."""
    after, email = _after(visit.form["next"]), visit.form["email"].strip()
    cookie = sign_in(visit.site, visit.attempt(email, visit.form["password"], cookies.SESSION))
    if cookie is None:
        errors = visit.errors(email=_REFUSED)
        return visit.page("sign_in.html", 401, email=email, after=after, errors=errors)
    return visit.put(visit.go(after), cookies.SESSION, cookie)


def _after(path: str) -> str:
    """Where to go after signing in; an HTTPException 400 of what is no path of ours."""
    if not is_ours(path or "/"):
        raise HTTPException(400)
    return path or "/"


def do_sign_out(visit: Visit) -> Response:
    """Sign out."""
    sign_out(visit.site, visit.session)
    return visit.put(visit.go("/sign-in", "signed-out"), cookies.SESSION, "")


def show_forgotten(visit: Visit) -> Response:
    """The form to ask for a new password."""
    return visit.page("forgotten.html")


def do_forgotten(visit: Visit) -> Response:
    """Ask for a new password; the answer says nothing about the address."""
    forgot(visit.site, visit.form["email"].strip(), visit.address)
    return visit.page("forgotten_sent.html", 202)


def show_operator_login(visit: Visit) -> Response:
    """The form of operators, who have no account."""
    after = _after(visit.asked("next"))
    return visit.page("operator_login.html", name="", after=after)


def do_operator_login(visit: Visit) -> Response:
    """Sign an operator in."""
    after, name = _after(visit.form["next"]), visit.form["name"].strip()
    cookie = sign_in_operator(visit.site, visit.attempt(name, visit.form["password"], cookies.OPERATOR))
    if cookie is None:
        return visit.page("operator_login.html", 401, name=name, after=after, errors=visit.errors(name=_NO_OPERATOR))
    return visit.put(visit.go("/operator" if after == "/" else after), cookies.OPERATOR, cookie)


def do_operator_sign_out(visit: Visit) -> Response:
    """Sign an operator out."""
    sign_out(visit.site, visit.session)
    return visit.put(visit.go("/operator/login", "signed-out"), cookies.OPERATOR, "")
