"""The saved form of a plan (`schemas/plan.schema.json`), as one line."""

from collections.abc import Iterator

from flexsync.plan.file import to_json as saved_form
from flexsync.plan.model import Plan
from flexsync.render.view import View


def to_json(plan: Plan, _view: View) -> Iterator[str]:
    """One line of canonical JSON."""
    yield saved_form(plan).decode().rstrip("\n")
