"""Cookies: their names, how they are read and how they are set."""

from collections.abc import Sequence
from http.cookies import CookieError, SimpleCookie

from starlette.requests import Request
from starlette.responses import Response

SESSION, OPERATOR, FORM, LANGUAGE = "flex", "flex-operator", "flex-form", "flex-language"
_YEAR = 365 * 24 * 3600


def named(name: str, *, secure: bool) -> str:
    """The name as browsers know it: over TLS no other host, and no page of a sibling, can set it."""
    return f"__Host-{name}" if secure else name


def read(request: Request, name: str, *, secure: bool) -> str:
    """The value of a cookie; empty when it is missing, damaged, or there twice: one of the two would be planted."""
    found = _values(request.headers.getlist("cookie"), named(name, secure=secure))
    return found[0] if len(found) == 1 else ""


def _values(headers: Sequence[str], name: str) -> list[str]:
    pairs = (pair.strip().partition("=") for header in headers for pair in header.split(";"))
    return [_unquoted(value) for key, _, value in pairs if key == name]


def _unquoted(value: str) -> str:
    try:
        return SimpleCookie(f"x={value}")["x"].value
    except (CookieError, KeyError):
        return ""


def put(response: Response, name: str, value: str, *, secure: bool, lasting: bool = False) -> None:
    """Set a cookie, for the time that the browser is open or for a year; scripts cannot read it."""
    response.set_cookie(
        named(name, secure=secure),
        value,
        max_age=_YEAR if lasting else None,
        path="/",
        secure=secure,
        httponly=True,
        samesite="lax",
    )


def drop(response: Response, name: str, *, secure: bool) -> None:
    """Take a cookie back."""
    response.delete_cookie(named(name, secure=secure), path="/", secure=secure, httponly=True, samesite="lax")
