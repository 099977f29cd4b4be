"""Documents against the published JSON Schemas.

In: a Document. Out: problems, all of them, in our own words. A compiled validator decides; the
reference one is asked only about a document that failed. No reference leaves the process.
"""

import json
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

from flexsync.desired.document import Document, scan
from flexsync.desired.lines import MAX_PROBLEMS
from flexsync.desired.wording import Written, problems_of, unsupported
from flexsync.errors import InvalidFiles, Problem
from flexsync.text import did_you_mean, shorten

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

KINDS = ("Subscription", "Fleet", "Catalogue")
API_VERSION = "flexsync/v1"

#: Refused entries that leave nothing behind: the key that is missing may be theirs.
_LEAVES_A_GAP = frozenset({"alias", "key", "merge-key"})


def read(file: str, content: bytes) -> Document:
    """Read a file of any kind and check it; raises InvalidFiles with all problems."""
    document, refused = scan(file, content)
    header = tuple(_header(document))
    if refused and header:
        raise InvalidFiles(refused)
    problems = header or check(document, document.data["kind"])
    if refused or problems:
        raise InvalidFiles(_together(refused, problems))
    return document


def _together(refused: list[Problem], problems: Sequence[Problem]) -> list[Problem]:
    """What was refused, and what is wrong besides; not what is wrong only because something was refused."""
    places = {problem.where for problem in refused}
    gap = any(problem.code in _LEAVES_A_GAP for problem in refused)
    besides = [one for one in problems if one.where not in places and not (gap and one.code == "missing-key")]
    return sorted([*refused, *besides], key=lambda one: (one.where.line, one.where.column))[: MAX_PROBLEMS + 1]


def check(document: Written, kind: str) -> tuple[Problem, ...]:
    """All that is wrong with a document of that kind, in the order of the file."""
    if is_valid(document.data, kind):
        return ()
    return problems_of(document, reference(kind).iter_errors(document.data))


def is_valid(data: Any, kind: str) -> bool:
    """The verdict alone, from the compiled validator."""
    return bool(_compiled(kind).is_valid(data))


@cache
def reference(kind: str) -> "Draft202012Validator":
    """The reference validator, with the same verdicts; a hundred times slower."""
    from flexsync.desired.reference_validator import validator

    return validator(published(kind))


@cache
def published(kind: str) -> dict[str, Any]:
    """The committed schema of a kind."""
    schema: dict[str, Any] = json.loads(schema_text(kind))
    return schema


def schema_text(kind: str) -> str:
    """The text of a committed schema, `Plan` among them, from the wheel or from the source tree."""
    name = f"{kind.lower()}.schema.json"
    packaged = files("flexsync") / "schemas" / name
    source = FilePath(__file__).resolve().parents[2] / "schemas" / name
    return packaged.read_text("utf-8") if packaged.is_file() else source.read_text("utf-8")


def _header(document: Document) -> Iterator[Problem]:
    """Problems that make it useless to check the rest."""
    version, kind = document.data.get("apiVersion", API_VERSION), document.data.get("kind")
    if version != API_VERSION:
        yield document.problem("api-version", f"apiVersion {unsupported(version)}", document.where(("apiVersion",)))
    if kind is None:
        message = f"missing key kind. Write kind: {', '.join(KINDS[:-1])} or {KINDS[-1]}."
        yield document.problem("missing-key", message, document.where(("kind",)))
    elif kind not in KINDS:
        yield document.problem("kind", _unknown_kind(kind), document.where(("kind",)))


def _unknown_kind(kind: Any) -> str:
    known = list(KINDS)
    return f'kind "{shorten(str(kind))}" is not one of {", ".join(known)}.{did_you_mean(str(kind), known)}'


@cache
def _compiled(kind: str) -> Any:
    import jsonschema_rs

    return jsonschema_rs.Draft202012Validator(published(kind), validate_formats=True, retriever=_no_reference)


def _no_reference(uri: str) -> Any:
    raise ValueError(f"schemas do not refer to {uri}")
