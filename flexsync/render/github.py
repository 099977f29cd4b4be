"""A plan as workflow commands of GitHub Actions: annotations on the lines of the files."""

from collections.abc import Iterator

from flexsync.plan.model import Plan
from flexsync.render.findings import Finding, findings, path
from flexsync.render.view import View
from flexsync.text import visible

#: What a job shows; the gravest come first.
MOST = 50
_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


def to_github(plan: Plan, view: View) -> Iterator[str]:
    """One command a line."""
    found = findings(plan, view)
    yield from (_command(one, view) for one in found[:MOST])
    if len(found) > MOST:
        yield f"::notice title=flexsync::{len(found) - MOST} findings more are in the plan itself"


def _command(one: Finding, view: View) -> str:
    properties = {"title": f"flexsync {one.rule}"}
    if one.where:
        place = {"file": path(one.where, view), "line": str(one.where.line), "col": str(one.where.column)}
        properties = {**place, **properties}
    told = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{_COMMANDS[one.level]} {told}::{_data(one.message)}"


def _data(text: str) -> str:
    return visible(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
