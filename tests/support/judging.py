"""Judging a subscription that is right but for some edits."""

from datetime import date
from typing import Any

from flexsync.desired.rules import problems
from flexsync.errors import Problem
from tests.support.catalogues import builtin
from tests.support.subscriptions import AS_OF, PathPlaces, edited

CATALOGUE = builtin()

NEW_USER: dict[str, Any] = {
    "civility": "madame",
    "given_name": "Ève",
    "family_name": "Roy",
    "email": "eve@dupont.example",
}
VAT = "services/vat_filing"
FORM = f"{VAT}/prerequisites/tax_office_form"

#: Edits, the place that is told, its code, severity, and words of its message.
Wrong = tuple[dict[str, Any], str, str, str, str]


def judged(edits: dict[str, Any], as_of: date = AS_OF) -> tuple[Problem, ...]:
    """What is wrong after the edits; places are slash-separated paths."""
    return problems(edited(edits), PathPlaces(), CATALOGUE, as_of)


def assert_told(wrong: Wrong) -> None:
    """The edits give the problem, and its message names the place first."""
    edits, place, code, severity, says = wrong
    found = {(p.where.file, p.code, p.severity): p.message for p in judged(edits)}
    assert (place, code, severity) in found
    message = found[place, code, severity]
    assert says in message
    assert message.startswith(place.split("/", maxsplit=1)[0])
