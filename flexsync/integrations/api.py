"""JSON over HTTP to the API of a host: bounded, without redirects, and silent about its token.

In: an address and headers from the environment. Out: parsed answers. It must not follow an address
that came in an answer, nor show a header or a body of anybody.
"""

import json
from collections.abc import Iterator, Mapping
from http.client import HTTPException, HTTPResponse
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from flexsync.errors import FlexsyncError, StoreUnavailable, WrongCommand

TIMEOUT = 30
#: Bytes of one answer; a page of a hundred long comments fits.
LARGEST_ANSWER = 16 * 1024 * 1024
PAGE = 100
MOST_PAGES = 100
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}
_TOO_LARGE = {413, 422}


class ApiUnavailable(StoreUnavailable):
    """The API did not answer, or asks to come back later; `after` is the seconds it named, 0 for none."""

    def __init__(self, message: str, after: int = 0) -> None:
        super().__init__(message)
        self.after = after


class ApiRefused(FlexsyncError):
    """The API said no; `too_large` when that may be for the size of what was sent."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.missing = status == 404
        self.too_large = status in _TOO_LARGE


class _NoRedirect(HTTPRedirectHandler):
    """An answer that points elsewhere is an error: the token is for this address only."""

    def redirect_request(self, *_: Any) -> None:
        """Never."""


class Api:
    """One API at one address. Raises ApiUnavailable and ApiRefused, whose words name method and path only."""

    def __init__(self, address: str, headers: Mapping[str, str]) -> None:
        parts = urlsplit(address)
        secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
        if not secure or parts.username or parts.query:
            raise WrongCommand("The address of the API is not an https address. Correct its variable.")
        self._address = address.rstrip("/")
        self._headers = {"Accept": "application/json", "User-Agent": "flexsync", **headers}
        self._opener = build_opener(_NoRedirect)

    def call(self, method: str, path: str, body: Any = None, **query: str | int) -> Any:
        """The parsed answer, None when it is empty."""
        told = f"{method} {path}"
        address = f"{self._address}{path}" + (f"?{urlencode(query)}" if query else "")
        content = None if body is None else json.dumps(body).encode()
        headers = self._headers | ({"Content-Type": "application/json"} if content else {})
        request = Request(address, content, headers, method=method)  # noqa: S310 - the scheme was checked
        try:
            with self._opener.open(request, timeout=TIMEOUT) as answer:
                return _parsed(answer, told)
        except HTTPError as error:
            with error:
                raise _failure(error, told) from None
        except (URLError, HTTPException, OSError) as error:
            raise ApiUnavailable(f"The API does not answer ({told}: {type(error).__name__}).") from None

    def pages(self, path: str, **query: str | int) -> Iterator[Any]:
        """Every item of a list, page by page; raises ApiRefused when there is no end to it."""
        for page in range(1, MOST_PAGES + 1):
            items = self.call("GET", path, per_page=PAGE, page=page, **query)
            if not isinstance(items, list):
                raise ApiUnavailable(f"The API answered with something that is no list (GET {path}).")
            yield from items
            if len(items) < PAGE:
                return
        raise ApiRefused(0, f"There are more than {MOST_PAGES} pages to read (GET {path}).")


def _parsed(answer: HTTPResponse | IO[bytes], told: str) -> Any:
    content = answer.read(LARGEST_ANSWER + 1)
    if len(content) > LARGEST_ANSWER:
        raise ApiUnavailable(f"The API answered with more than {LARGEST_ANSWER:,} bytes ({told}).")
    try:
        return json.loads(content) if content.strip() else None
    except (ValueError, RecursionError):
        raise ApiUnavailable(f"The API answered with something that is no JSON ({told}).") from None


def _failure(error: HTTPError, told: str) -> FlexsyncError:
    if error.code >= 500 or error.code == 429 or _rate_limited(error):
        return ApiUnavailable(f"The API answered {error.code} ({told}).", _seconds(error.headers.get("Retry-After")))
    return ApiRefused(error.code, f"The API refused with {error.code} ({told}). {_advice(error.code)}".rstrip())


def _rate_limited(error: HTTPError) -> bool:
    """A host may say 403 where others say 429."""
    spent = error.headers.get("X-RateLimit-Remaining") == "0"
    return error.code == 403 and (spent or "Retry-After" in error.headers)


def _seconds(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else 0


def _advice(status: int) -> str:
    if 300 <= status < 400:
        return "It points to another address, which is not followed: correct the address of the API."
    return {
        401: "The token is not valid any more.",
        403: "The token may not do this: give the job the right to write comments and labels.",
        404: "It is not there, or the token may not see it.",
    }.get(status, "")
