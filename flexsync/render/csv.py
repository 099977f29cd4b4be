"""A plan as a table for a spreadsheet: one row a step, separated by semicolons as the tables of clients are.

Every cell is quoted, and one that a spreadsheet would take for a formula begins with an apostrophe. The
file begins with a byte order mark, without which spreadsheets guess another encoding than UTF-8.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Sequence

from flexsync.plan.model import Finding, Plan, Step
from flexsync.render import mails, policies, words
from flexsync.render.view import View
from flexsync.text import visible

COLUMNS = (
    "subscription", "status", "action", "subject", "detail", "danger", "cause", "limit",
    "file", "line", "column", "layer", "mails", "held back by", "policies",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def to_csv(plan: Plan, view: View) -> Iterator[str]:
    """The header, then a row a step, and one where files and portal have come to agree."""
    yield "\ufeff" + _line(COLUMNS)
    said: dict[tuple[str, str, str], list[Finding]] = defaultdict(list)
    for finding in plan.findings:
        said[finding.subscription, finding.kind, finding.subject].append(finding)
    for one in plan.subscriptions:
        for step in one.steps:
            yield _line(_row(one.name, step, said[one.name, step.change.kind, step.change.subject], view))
        if one.settles:
            cells = (one.name, "agreed", "", "", words.AGREED)
            yield _line((*cells, *[""] * (len(COLUMNS) - len(cells))))


def _row(subscription: str, step: Step, said: Sequence[Finding], view: View) -> Sequence[str]:
    place = step.where
    return (
        subscription,
        _status(step, said),
        words.verb(step),
        words.subject(step),
        words.detail(step, view),
        step.kind.danger,
        step.cause,
        step.limit,
        place.file if place else "",
        str(place.line) if place else "",
        str(place.column) if place else "",
        step.layer,
        mails.in_full(step),
        "; ".join(block.message for block in step.blocks),
        "; ".join(map(policies.sentence, said)),
    )


def _status(step: Step, said: Sequence[Finding]) -> str:
    """What becomes of a step; of one that is ready, whether policies let it."""
    if not step.ready:
        return "refused" if step.refused else "left alone" if step.allowed else "waiting"
    effects = {finding.effect for finding in said}
    return "denied" if "deny" in effects else "needs approval" if "require_approver" in effects else "ready"


def _line(cells: Sequence[str]) -> str:
    written = io.StringIO()
    csv.writer(written, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="").writerow(map(_cell, cells))
    return written.getvalue()


def _cell(text: str) -> str:
    shown = visible(text)
    return f"'{shown}" if shown.lstrip().startswith(_FORMULA) else shown
