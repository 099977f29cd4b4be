"""Forms: what a browser sent, read within bounds and refused when it is anything else.

In: a request. Out: a Form, which has exactly the fields that its page expects. Nothing is ignored.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

import anyio
from starlette.exceptions import HTTPException
from starlette.requests import Request

#: The name of the token that every form carries.
TOKEN = "form"  # noqa: S105 - the name of a field
#: Seconds in which a form has to arrive.
PATIENCE = 15
_TYPE = "application/x-www-form-urlencoded"
_MOST_FIELDS = 200


@dataclass(frozen=True, slots=True)
class Form(Mapping[str, str]):
    """Fields by name; a field that was not sent reads as empty, as an unticked box does."""

    sent: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __getitem__(self, name: str) -> str:
        return self.sent.get(name, "")

    def __iter__(self) -> Iterator[str]:
        return iter(self.sent)

    def __len__(self) -> int:
        return len(self.sent)


async def read_form(request: Request, fields: tuple[str, ...]) -> Form:
    """The Form of a request; an HTTPException 408, 415 or 422 of what is none, or has other fields."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _TYPE:
        raise HTTPException(415)
    try:
        with anyio.fail_after(PATIENCE):
            body = await request.body()
    except TimeoutError:
        raise HTTPException(408) from None
    values = dict(pairs := _pairs(body))
    if len(values) != len(pairs) or not values.keys() <= {TOKEN, *fields}:
        raise HTTPException(422)
    return Form({name: _clean(name, value) for name, value in values.items()})


def _pairs(body: bytes) -> list[tuple[str, str]]:
    try:
        text = body.decode("ascii")
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise HTTPException(422) from None


def _clean(name: str, value: str) -> str:
    """A password is exactly what was typed; no other text can hold a NUL, which databases refuse."""
    return value if "password" in name else value.replace("\x00", "\ufffd")
