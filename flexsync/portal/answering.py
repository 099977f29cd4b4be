"""From a request to its page: who is there, whether they may, what they sent.

In: a Route and a request. Out: its response. Everybody who may not see what a path names gets the same 404 as
for a path that names nothing.
"""

from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from flexsync.acts.signing import Present, present
from flexsync.acts.site import Site
from flexsync.portal import cookies, speech
from flexsync.portal.forms import Form, read_form
from flexsync.portal.route import Route, is_ours
from flexsync.portal.security import check_form
from flexsync.portal.visit import Visit

Endpoint = Callable[[Request], Awaitable[Response]]
_SIGN_IN = {"person": "/sign-in", "administrator": "/sign-in", "operator": "/operator/login"}


def endpoint(site: Site, route: Route) -> Endpoint:
    """The ASGI endpoint of a Route; pages run in threads, so that none holds up another."""

    async def answer(request: Request) -> Response:
        form = await read_form(request, route.fields) if request.method == "POST" else {}
        return await run_in_threadpool(_answer, site, route, request, form)

    return answer


def _answer(site: Site, route: Route, request: Request, form: Form) -> Response:
    visit = visit_of(site, request, form, operator=route.role == "operator")
    # Pages of visitors are for those who are signed in too.
    if route.role != "visitor" and not _is_known(visit, route):
        return _to_sign_in(visit, route)
    if not _may(visit, route):
        raise HTTPException(404)
    page = route.show
    if request.method == "POST":
        check_form(request, form, visit.token, site.url)
        page = route.act
    if page is None:
        raise HTTPException(405, headers={"Allow": ", ".join(route.methods)})
    return _remembering(visit, page(visit))


def visit_of(site: Site, request: Request, form: Form, *, operator: bool = False) -> Visit:
    """The Visit of a request; `operator` says whose session counts."""
    who = _present(site, request, operator=operator)
    own = who.login.person.language if who and who.login else ""
    return Visit(site, request, who, language_of(site, request, own), form)


def _present(site: Site, request: Request, *, operator: bool) -> Present | None:
    cookie = cookies.read(request, cookies.OPERATOR if operator else cookies.SESSION, secure=site.secure)
    found = present(site, cookie) if cookie else None
    return found if found and bool(found.operator) == operator else None


def language_of(site: Site, request: Request, own: str = "") -> str:
    """The language in which a request is answered; `own` is that of the account."""
    cookie = cookies.read(request, cookies.LANGUAGE, secure=site.secure)
    return speech.chosen(request.query_params.get("lang", ""), cookie, own, request.headers.get("accept-language", ""))


def _is_known(visit: Visit, route: Route) -> bool:
    who = visit.present
    return who is not None and bool(who.operator) == (route.role == "operator")


def _to_sign_in(visit: Visit, route: Route) -> Response:
    """On to signing in; a script that asked for a part of a page gets no page instead, and is sent there."""
    where = _sign_in(visit, route)
    if "hx-request" in visit.request.headers:
        return Response(status_code=204, headers={"hx-redirect": where})
    return RedirectResponse(where, 303)


def _sign_in(visit: Visit, route: Route) -> str:
    """Where to sign in, and the page to come back to, when it can be shown again; a form that was lost is said."""
    if visit.request.method == "POST":
        return f"{_SIGN_IN[route.role]}?{urlencode({'done': 'lost'})}"
    again = visit.path != "/" and is_ours(visit.path)
    return _SIGN_IN[route.role] + (f"?{urlencode({'next': visit.path})}" if again else "")


def _may(visit: Visit, route: Route) -> bool:
    """True when the subscription of the path is the person's."""
    if not route.scoped or route.role in ("visitor", "operator"):
        return True
    mine = visit.login.administers if route.role == "administrator" else visit.login.places
    return visit.subscription in mine


def _remembering(visit: Visit, response: Response) -> Response:
    """A language that was asked for is kept for this browser."""
    if visit.request.query_params.get("lang") == visit.language:
        cookies.put(response, cookies.LANGUAGE, visit.language, secure=visit.site.secure, lasting=True)
    return response
