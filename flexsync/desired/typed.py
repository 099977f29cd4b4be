"""Plain data into its typed mirror; what does not fit becomes Problems at the place it was written.

The schema has judged every document before, in better words; this speaks only where it let
something pass.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from flexsync.desired.case import dotted
from flexsync.desired.model import Path
from flexsync.desired.spec_types import Part
from flexsync.errors import InvalidFiles, Problem, Where

M = TypeVar("M", bound=Part)


def typed(model: type[M], data: Any, where: Callable[[Path], Where]) -> M:
    """`data` as a `model`; raises InvalidFiles with every value that does not fit."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=False)
        raise InvalidFiles([_problem(detail, where) for detail in details]) from None


def _problem(detail: ErrorDetails, where: Callable[[Path], Where]) -> Problem:
    """The value itself is not repeated: it may be a secret."""
    path = tuple(step for step in detail["loc"] if step != "[key]")
    return Problem("value", f"{dotted(path)}: {detail['msg']}; correct it", where(path))
