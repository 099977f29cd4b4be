"""The reference JSON Schema validator, set up to agree with the compiled one.

In: one of our schemas. Out: a validator whose errors carry path, keyword and value. It must not
open a file or a connection for a reference.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend
from referencing import Registry

from flexsync.desired.patterns import DAY


def validator(schema: dict[str, Any]) -> Draft202012Validator:
    """A validator of `schema`."""
    kind: Any = extend(Draft202012Validator, {"pattern": _pattern})  # type: ignore[no-untyped-call]
    made: Draft202012Validator = kind(schema, registry=Registry(), format_checker=_formats())
    return made


def _pattern(_: Any, pattern: str, value: Any, __: Any) -> Iterator[ValidationError]:
    """`pattern` where a final line break is no match: `$` alone would let it pass."""
    if isinstance(value, str) and not re.fullmatch(pattern, value):
        yield ValidationError(f"no match for {pattern}")


def _formats() -> FormatChecker:
    checker = FormatChecker(formats=())
    checker.checks("date", raises=ValueError)(_is_day)
    return checker


def _is_day(value: object) -> bool:
    """True for a real day in the one form that is accepted; what is no text is left to `type`."""
    if isinstance(value, str):
        if not re.fullmatch(DAY, value):
            return False
        date.fromisoformat(value)
    return True
