"""Forms: what a browser sent, read within bounds and refused when it is anything else.

In: a request. Out: a Form, which has exactly the fields that its page expects. Nothing is ignored.
"""

from collections.abc import Mapping
from urllib.parse import parse_qsl

import anyio
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

#: The name of the token that every form carries.
TOKEN = "form"  # noqa: S105 - the name of a field
#: Seconds in which a body has to arrive.
PATIENCE = 15
_TYPE = "application/x-www-form-urlencoded"
#: More than the largest form has: a box for each of 999 users.
_MOST_FIELDS = 1_200


#: The fields of a page by name; one that was not sent is empty, as an unticked box is.
Form = Mapping[str, str]


async def read_form(request: Request, fields: tuple[str, ...]) -> Form:
    """The Form of a request; an HTTPException 408, 415 or 422 of what is none, or has other fields."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _TYPE:
        raise HTTPException(415)
    values = dict(pairs := _pairs(await body_of(request)))
    if len(values) != len(pairs) or not values.keys() <= {TOKEN, *fields}:
        raise HTTPException(422)
    return {name: _clean(name, values.get(name, "")) for name in (TOKEN, *fields)}


async def body_of(request: Request) -> bytes:
    """All that was sent; an HTTPException 408 when it does not arrive in time, 400 when the sender hangs up."""
    try:
        with anyio.fail_after(PATIENCE):
            return await request.body()
    except TimeoutError:
        raise HTTPException(408) from None
    except ClientDisconnect:
        raise HTTPException(400) from None


def _pairs(body: bytes) -> list[tuple[str, str]]:
    try:
        text = body.decode("ascii")
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise HTTPException(422) from None


def _clean(name: str, value: str) -> str:
    """A password is exactly what was typed; no other text can hold a NUL, which databases refuse."""
    return value if "password" in name else value.replace("\x00", "\ufffd")
