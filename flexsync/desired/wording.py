"""Schema errors in our own words.

In: a document and the errors of the reference validator. Out: problems at their places, sorted.
It must not repeat the validator's text, nor a value that may be a secret.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Protocol

from flexsync.desired.lines import MAX_PROBLEMS, SECRET_NAME
from flexsync.desired.model import Path
from flexsync.desired.patterns import DAY, SAYS, respelt
from flexsync.errors import Problem, Where
from flexsync.text import did_you_mean, shorten, visible

#: jsonschema.exceptions.ValidationError, not imported here and typed as if nothing were ever set.
Error = Any

#: Facts that flexsync finds out or assigns.
OBSERVED = frozenset(
    {"identifier", "valid_until", "siret_limit", "password_rotated_at", "registered_at", "activation_mail_at"}
    | {"password_set_at", "last_login_at", "created_at", "deactivated_at", "origin", "since", "switched_by"}
    | {"location", "last_hosted_change_at", "status", "invited_at", "accepted_at", "revision"}
)
_TYPES = {"string": "text", "integer": "a whole number", "boolean": "true or false"}
_TYPES |= {"object": "a mapping (key: value)", "array": "a list"}

#: A code, and what is said after the path.
Said = tuple[str, str]


class Written(Protocol):
    """Data that knows where it was written: a document, or several merged."""

    @property
    def data(self) -> Any:
        """The plain data."""
        ...

    def where(self, path: Path) -> Where:
        """Place of the value at `path`, or of its nearest ancestor that was written."""
        ...

    def where_key(self, path: Path) -> Where:
        """Place of the key at the end of `path`."""
        ...

    def problem(self, code: str, message: str, where: Where) -> Problem:
        """A problem with its source line."""
        ...


def problems_of(document: Written, errors: Iterable[Error]) -> tuple[Problem, ...]:
    """All problems in the order of the file, the same one told once, at most MAX_PROBLEMS."""
    found = {problem: None for error in errors for problem in _told(document, error)}
    problems = sorted(found, key=lambda problem: (problem.where, problem.code, problem.message))
    more = len(problems) - MAX_PROBLEMS
    if more > 0:
        last = Problem("more-problems", f"and {more} more problems in this file.", problems[MAX_PROBLEMS - 1].where)
        problems = [*problems[:MAX_PROBLEMS], last]
    return tuple(problems)


def dotted(path: Path) -> str:
    """A path as people write it: `users.p.martin.access[0]`."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{visible(step)}" for step in path)
    return text.removeprefix(".")


def _told(document: Written, error: Error) -> Iterator[Problem]:
    path: Path = tuple(error.absolute_path)
    if error.validator == "anyOf":
        for inner in error.context or ():
            if inner.schema_path[0] == 0:
                yield from _told(document, inner)
    elif error.validator == "additionalProperties":
        for key in error.instance.keys() - error.schema["properties"].keys():
            yield _at_key(document, (*path, key), _unknown(key, path, list(error.schema["properties"])))
    elif error.validator == "required":
        for key in set(error.validator_value) - error.instance.keys():
            yield _at_key(document, path, _missing(key))
    elif "propertyNames" in error.absolute_schema_path:
        yield _at_key(document, (*path, error.instance), _bad_key(error))
    else:
        said = _VALUES[str(error.validator)](error, path)
        counted = error.validator in _COUNTS
        yield _problem(document, path, said, document.where_key(path) if counted else document.where(path))


def _at_key(document: Written, path: Path, said: Said) -> Problem:
    return _problem(document, path, said, document.where_key(path))


def _problem(document: Written, path: Path, said: Said, where: Where) -> Problem:
    code, sentence = said
    subject = f"{dotted(path)}: " if path else ""
    problem = document.problem(code, f"{subject}{sentence}", where)
    return replace(problem, source="") if _is_private(path) else problem


def _is_private(path: Path) -> bool:
    """True where a value may be a secret, meant or by mistake."""
    return path == ("store",) or any(isinstance(step, str) and SECRET_NAME.search(step) for step in path)


def _unknown(key: str, path: Path, known: list[str]) -> Said:
    if SECRET_NAME.search(key):
        return "literal-secret", "passwords do not belong in git. Use password_from: {env: NAME} or {file: PATH}."
    if key in OBSERVED:
        return "observed-field", "this is assigned by the system; remove it."
    hint = did_you_mean(key, known) or f" Remove it, or use one of {shorten(', '.join(known), 200)}."
    return "unknown-key", f"unknown key.{hint}"


def _missing(key: str) -> Said:
    example = ". Write apiVersion: flexsync/v1" if key == "apiVersion" else ""
    return "missing-key", f"missing key {key}, which is required{example or '; add it'}."


def _bad_key(error: Error) -> Said:
    if error.validator == "not":
        return "derived-service", "set products.<product>.data_mode: hosted instead."
    pattern = error.validator_value
    return "key-form", f"expected a key of {SAYS[pattern]}.{respelt(error.instance, pattern)}"


def _type(error: Error, path: Path) -> Said:
    value, schema = error.instance, error.schema
    expected = next(kind for kind in _listed(schema["type"]) if kind != "null")
    if expected == "string" and isinstance(value, int):
        return _unquoted(value)
    if path == ("admin",) and isinstance(value, list):
        return "type", "expected one person, got a list. A subscription has exactly one administrator."
    wanted = _bounded(schema) if expected == "integer" else _TYPES[expected]
    return "type", f"expected {wanted}; found {_found(value, path)}.{_advice(expected, value)}"


def _listed(kinds: str | list[str]) -> list[str]:
    return [kinds] if isinstance(kinds, str) else kinds


def _unquoted(value: int) -> Said:
    if isinstance(value, bool):
        word = str(value).lower()
        return "quote", f'expected text; found {word}. Quote it ("{word}") if it is meant as text.'
    return "quote", f'got the number {value}. Quote it ("{value}"), or leading zeros are lost.'


def _advice(expected: str, value: Any) -> str:
    if expected == "boolean" and isinstance(value, str):
        return " Use true or false."
    if expected == "object":
        return " Write {} for none." if value is None else ' Write "key: value" lines.'
    if expected == "array":
        return ' Write [a, b], or one "- " line an item.'
    return " Remove the quotes." if expected == "integer" and str(value).isdecimal() else " Mend the value."


def _found(value: Any, path: Path) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if _is_private(path):
        return "something else"
    if isinstance(value, str):
        return f'text "{shorten(value)}"'
    return str(value).lower() if isinstance(value, bool) else f"the number {value}"


def _bounded(schema: Mapping[str, Any]) -> str:
    return f"a whole number from {schema['minimum']} to {schema['maximum']}"


def _range(error: Error, _: Path) -> Said:
    return "range", f"expected {_bounded(error.schema)}; found {error.instance}. Mend the value."


def _choice(error: Error, path: Path) -> Said:
    known = [choice for choice in error.validator_value if choice is not None]
    if not isinstance(error.instance, str):
        return "choice", f"expected one of {', '.join(known)}; found {_found(error.instance, path)}."
    hint = did_you_mean(error.instance.lower(), known)
    return "choice", f'"{shorten(error.instance)}" is not one of {", ".join(known)}.{hint}'


def _const(error: Error, path: Path) -> Said:
    if path == ("apiVersion",):
        return "api-version", unsupported(error.instance)
    return "kind", f"expected {error.validator_value}; found {_found(error.instance, path)}."


def unsupported(version: Any) -> str:
    """What is said of another `apiVersion`."""
    return f'"{shorten(str(version))}" is not supported; this release reads flexsync/v1.'


def _form(error: Error, path: Path) -> Said:
    pattern = DAY if error.validator == "format" else error.validator_value
    found = _found(error.instance, path)
    hint = "" if _is_private(path) else respelt(error.instance, pattern)
    return "day" if pattern == DAY else "form", f"expected {SAYS[pattern]}; found {found}.{hint}"


def _longer(error: Error, _: Path) -> Said:
    size, limit = len(error.instance), error.validator_value
    return "too-long", f"too long: {size} characters, the limit is {limit}. Shorten it."


def _shorter(error: Error, _: Path) -> Said:
    return "too-short", f"too short: expected at least {error.validator_value} character(s). Complete or remove it."


def _more(error: Error, _: Path) -> Said:
    size, limit = len(error.instance), error.validator_value
    return "too-many", f"too many entries: {size}, the limit is {limit}. Split them, or remove some."


def _fewer(error: Error, _: Path) -> Said:
    return "too-few", f"expected at least {error.validator_value} entry; found {len(error.instance)}. Add one."


#: Told at the key: a long list begins far from its name.
_COUNTS = frozenset({"maxItems", "maxProperties", "minItems", "minProperties"})

_VALUES: dict[str, Callable[[Error, Path], Said]] = {
    "type": _type,
    "enum": _choice,
    "const": _const,
    "minimum": _range,
    "maximum": _range,
    "pattern": _form,
    "format": _form,
    "maxLength": _longer,
    "minLength": _shorter,
    "maxItems": _more,
    "maxProperties": _more,
    "minItems": _fewer,
    "minProperties": _fewer,
}
