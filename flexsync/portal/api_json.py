"""JSON as the software may send it: one reading of each text, bounded, and told to be JSON.

In: a request. Out: the same request, or a Refusal. Two parsers never see two things in it: no key comes twice, no
number is NaN.
"""

import json
from collections.abc import Callable, Coroutine
from typing import Any, NoReturn

from fastapi import Request, Response
from fastapi.routing import APIRoute

from flexsync.portal.forms import body_of
from flexsync.portal.security import MOST_BODY


class Refusal(Exception):
    """A request that is not looked at any further."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


class StrictRoute(APIRoute):
    """A route whose body is looked at before anything is made of it."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, with a look at the body before it."""
        answer = super().get_route_handler()

        async def checked(request: Request) -> Response:
            if request.method == "POST":
                check(request.headers.get("content-type", ""), await body_of(request))
            return await answer(request)

        return checked


def check(content_type: str, body: bytes) -> None:
    """Raise a Refusal unless `body` is a JSON text of bounded size."""
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise Refusal(415, "not_json", "Send application/json.")
    if len(body) > MOST_BODY:
        raise Refusal(413, "too_large", f"Send at most {MOST_BODY} bytes.")
    try:
        json.loads(body.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Refusal(400, "not_json", "The body is no JSON text in UTF-8, or says a key twice.") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key twice")
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)
