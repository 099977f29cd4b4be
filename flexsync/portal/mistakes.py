"""Pages for what went wrong: in words, in both languages, and without a word on what is inside."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from flexsync.acts.links import DeadLink
from flexsync.acts.signing import TooMany
from flexsync.acts.site import Site
from flexsync.errors import StoreUnavailable
from flexsync.passwords import N_, RETRY_AFTER, Busy
from flexsync.portal import speech
from flexsync.portal.answering import language_of, visit_of

#: Title and advice by status; what no status tells has a name.
_LINK = 0
_TOLD = {
    _LINK: (
        N_("This link no longer works"),
        N_(
            "It was used already, it has expired, or a newer one was sent. If you have chosen a password, sign in. "
            "Otherwise, or if you forgot it, ask for another link under “Forgotten password”."
        ),
    ),
    400: (N_("This request cannot be understood"), N_("Go back and try again.")),
    403: (
        N_("This form has expired"),
        N_("Nothing was changed. Open the page again, then send the form once more."),
    ),
    404: (N_("There is no such page"), N_("The address is wrong, or the page is not for you.")),
    405: (N_("This cannot be done here"), N_("Go back and use the buttons of the page.")),
    408: (N_("This took too long"), N_("The form did not arrive. Try again.")),
    413: (N_("This is too large"), N_("Send less.")),
    415: (N_("This is not a form"), N_("Use the forms of these pages.")),
    422: (
        N_("This form cannot be used"),
        N_("It holds what the page does not ask for. Open the page again."),
    ),
    429: (N_("Too many tries"), N_("Wait a few minutes, then try again.")),
    500: (N_("Something went wrong"), N_("This is our fault. Try again later, or tell your administrator.")),
    503: (N_("The portal is busy"), N_("Wait a moment, then try again.")),
}
Handler = Callable[[Request, Exception], Awaitable[Response]]


def handlers(site: Site) -> Mapping[Any, Handler]:
    """What answers each kind of exception."""

    async def told(request: Request, error: Exception) -> Response:
        return await run_in_threadpool(_page, site, request, error)

    kinds = (HTTPException, DeadLink, TooMany, Busy, StoreUnavailable, Exception)
    return dict.fromkeys(kinds, told)


def _page(site: Site, request: Request, error: Exception) -> Response:
    status, headers = _status(site, error)
    title, advice = _TOLD[_LINK] if isinstance(error, DeadLink) else _TOLD.get(status, _TOLD[400])
    language = _language(site, request, status)
    say = speech.spoken(language).gettext
    told = {"title": say(title), "advice": say(advice), "dead_link": isinstance(error, DeadLink)}
    html = speech.page("error.html", language, told)
    return HTMLResponse(html, status, headers)


def _status(site: Site, error: Exception) -> tuple[int, dict[str, str]]:
    if isinstance(error, HTTPException):
        return error.status_code, dict(error.headers or {})
    if isinstance(error, DeadLink):
        return 400, {}
    if isinstance(error, TooMany):
        return 429, {"Retry-After": str(error.wait(site.now()))}
    if isinstance(error, Busy | StoreUnavailable):
        return 503, {"Retry-After": str(RETRY_AFTER)}
    return 500, {}


def _language(site: Site, request: Request, status: int) -> str:
    """That of the account, unless it is the store that is in trouble."""
    if status >= 500:
        return language_of(site, request)
    try:
        return visit_of(site, request, {}).language
    except StoreUnavailable:
        return language_of(site, request)
