"""Plain data into its typed mirror; what does not fit becomes Problems at the place it was written."""

from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from flexsync.desired.case import dotted
from flexsync.desired.model import Path
from flexsync.desired.spec import Part
from flexsync.errors import InvalidFiles, Problem, Where
from flexsync.text import shorten

M = TypeVar("M", bound=Part)


def typed(model: type[M], data: Any, where: Callable[[Path], Where]) -> M:
    """`data` as a `model`; raises InvalidFiles with every value that does not fit."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=False)
        raise InvalidFiles([_problem(detail, where) for detail in details]) from None


def _problem(detail: ErrorDetails, where: Callable[[Path], Where]) -> Problem:
    path = tuple(step for step in detail["loc"] if step != "[key]")
    code = _CODES.get(detail["type"], "value")
    found = "" if code in ("missing", "unknown-key") else f"; found {shorten(repr(detail['input']))}"
    return Problem(code, f"{dotted(path)}: {_words(detail)}{found}", where(path))


def _words(detail: ErrorDetails) -> str:
    """The library's words, in the form of ours."""
    message = detail["msg"].removeprefix("Value error, ")
    message = _WORDS.get(detail["type"], message)
    return message[:1].lower() + message[1:]


_CODES = {"extra_forbidden": "unknown-key", "missing": "missing"}
_WORDS = {
    "extra_forbidden": "unknown key; remove it or correct its name",
    "missing": "missing; add it",
    "int_type": "a whole number is expected",
    "bool_type": "true or false is expected",
    "string_type": "text is expected; quote it",
    "date_type": "a day is expected, as YYYY-MM-DD",
    "is_instance_of": "a day is expected, as YYYY-MM-DD",
}
