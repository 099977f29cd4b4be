"""flexsync validate."""

import click

from flexsync.cli import options
from flexsync.errors import Exit


@click.command("validate", epilog="Examples:  flexsync validate   |   flexsync validate -C firm --format json")
@options.files
@options.form_look
def command(files: options.Files, look: options.Look) -> int:
    """Check every file against its schema and the rules; needs no store and no secret.

    All that is wrong is told at once, as FILE:LINE:COLUMN: CODE MESSAGE. Exit 3 when something is.
    """
    from flexsync.cli.output import as_json, problem_lines, progress, say
    from flexsync.cli.parts import CLOCK, order_of
    from flexsync.workflow.checking import validate

    with progress("Checking", None, quiet=look.quiet) as advance:
        checked = validate(order_of(files), CLOCK, advance)
    say(as_json(checked.plain()) if look.form == "json" else [*problem_lines(checked.problems), checked.summary])
    return Exit.INVALID if checked.errors else Exit.DONE
