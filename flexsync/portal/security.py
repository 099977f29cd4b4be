"""What holds for every request and every answer, whatever the page: host, size, headers, origin of forms.

In: an application. Out: the same one, guarded. It must not know any page.
"""

from collections.abc import Mapping
from hmac import compare_digest

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from flexsync.portal.forms import TOKEN, Form

#: Bytes of a body, of a path with its query, and of all headers.
MOST_BODY, MOST_PATH, MOST_HEADERS = 64 * 1024, 2_048, 16 * 1024
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_CSP = "content-security-policy"
_ALWAYS = {
    _CSP: _POLICY,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
_TLS = {"strict-transport-security": "max-age=31536000"}
#: Headers by which a proxy, or somebody who plays one, says which host was asked for.
_FORWARDED = ("x-forwarded-host", "x-host", "x-original-host", "x-forwarded-server", "x-http-host-override")


class Guard:
    """Refuses what no page should see, and adds to every answer the headers that protect its reader."""

    def __init__(self, app: ASGIApp, url: str) -> None:
        self._app = app
        self._scheme, _, self._host = url.partition("://")
        self._url = url
        self._headers = {**_ALWAYS, **(_TLS if self._scheme == "https" else {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        protected = self._protected(send)
        refusal = self._refusal(scope)
        await (refusal or self._app)(scope, _bounded(receive), protected)

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        headers = Headers(scope=scope)
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > MOST_PATH:
            return PlainTextResponse("The address is too long.\n", 400)
        if sum(len(name) + len(value) for name, value in scope["headers"]) > MOST_HEADERS:
            return PlainTextResponse("The headers are too long.\n", 431)
        if not self._is_ours(headers):
            return PlainTextResponse(f"This is not the address of this portal, which is {self._url}\n", 400)
        return _too_large(headers)

    def _is_ours(self, headers: Headers) -> bool:
        """True when every header that names a host names the one of the settings."""
        if [host.lower() for host in headers.getlist("host")] != [self._host.lower()]:
            return False
        told = [value for name in _FORWARDED for value in headers.getlist(name)]
        told += [host for value in headers.getlist("forwarded") for host in _forwarded_hosts(value)]
        return all(host.strip().lower() == self._host.lower() for host in told)

    def _protected(self, send: Send) -> Send:
        async def protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                # A page may have a policy of its own: that of a mail lets nothing run.
                own = headers.get(_CSP)
                for name, value in self._headers.items():
                    headers[name] = own if own and name == _CSP else value
                headers.setdefault("cache-control", "no-store")
            await send(message)

        return protected


def _too_large(headers: Headers) -> PlainTextResponse | None:
    length = headers.get("content-length", "0")
    if not (length.isascii() and length.isdigit() and len(length) <= 20):
        return PlainTextResponse("The length of the body is not a number.\n", 400)
    return PlainTextResponse("The body is too large.\n", 413) if int(length) > MOST_BODY else None


def _bounded(receive: Receive) -> Receive:
    """`receive`, until a body that did not say its length is too large."""
    seen = 0

    async def bounded() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > MOST_BODY:
            raise HTTPException(413)
        return message

    return bounded


def _forwarded_hosts(value: str) -> list[str]:
    pairs = (pair.strip().partition("=") for part in value.split(",") for pair in part.split(";"))
    return [host.strip().strip('"') for name, _, host in pairs if name.strip().lower() == "host"]


def check_form(request: Request, form: Form, token: str, url: str) -> None:
    """Raise an HTTPException 403 unless a form was filled in on a page of ours, which carries `token`."""
    if not _is_from_here(request.headers, url) or not compare_digest(form[TOKEN].encode(), token.encode()):
        raise HTTPException(403)


def _is_from_here(headers: Mapping[str, str], url: str) -> bool:
    """True of a request that no other site caused.

    Under our own referrer policy browsers call the origin of a form "null", and only the fetch metadata,
    which they do not let a page forge, tell where it is from.
    """
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None and site != "same-origin":
        return False
    if origin == "null":
        return site == "same-origin"
    return origin is None or origin.lower() == url.lower()
