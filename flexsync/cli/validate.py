"""flexsync validate."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from flexsync.cli import options
from flexsync.errors import Exit

if TYPE_CHECKING:
    from flexsync.workflow.checking import Checked


@click.command("validate", epilog="Examples:  flexsync validate   |   flexsync validate -C firm --format json")
@options.files
@options.form_look
def command(files: options.Files, look: options.Look) -> int:
    """Check every file against its schema and the rules; needs no store and no secret.

    All that is wrong is told at once, as FILE:LINE:COLUMN: CODE MESSAGE. Exit 3 when something is.
    """
    from flexsync.cli.output import progress, say
    from flexsync.cli.parts import CLOCK, order_of
    from flexsync.workflow.checking import validate

    with progress("Checking", None, quiet=look.quiet) as advance:
        checked = validate(order_of(files), CLOCK, advance)
    say(_as_json(checked) if look.form == "json" else _as_text(checked))
    return Exit.INVALID if checked.errors else Exit.DONE


def _as_text(checked: "Checked") -> Iterator[str]:
    from flexsync.cli.output import problem_lines

    yield from problem_lines(checked.problems)
    yield checked.summary


def _as_json(checked: "Checked") -> Iterator[str]:
    yield json.dumps(checked.plain(), ensure_ascii=False, indent=2)
