"""flexsync validate."""

from datetime import date
from typing import Any

import click

from flexsync.cli import options
from flexsync.errors import Exit


@click.command("validate", epilog="Examples:  flexsync validate   |   flexsync validate -C clients/ --format json")
@options.files
@options.form
@options.looks
def command(
    fleet: str,
    as_of: date | None,
    targets: tuple[str, ...],
    excludes: tuple[str, ...],
    form: str,
    color: bool | None,
    quiet: bool,
) -> int:
    """Check every file against its schema and the rules; needs no store and no secret.

    All that is wrong is told at once, as FILE:LINE:COLUMN: CODE MESSAGE. Exit 3 when something is.
    """
    from flexsync.cli.output import progress, say
    from flexsync.workflow.checking import validate
    from flexsync.workflow.desk import Order, Selection

    order = Order(path=fleet, as_of=as_of, selection=Selection(targets, excludes))
    with progress("Checking", quiet=quiet) as advance:
        report = validate(order, advance)
    say(_as_json(report) if form == "json" else _as_text(report))
    return Exit.INVALID if report.invalid else Exit.DONE


def _as_text(report: Any) -> Any:
    from flexsync.cli.output import problem_lines

    yield from problem_lines(report.problems)
    yield report.summary


def _as_json(report: Any) -> Any:
    import json

    yield json.dumps(report.plain(), ensure_ascii=False, indent=2)
