"""flexsync plan."""

from datetime import date
from pathlib import Path

import click

from flexsync.cli import options
from flexsync.errors import Exit

EPILOG = """Examples:  flexsync plan   |   flexsync plan -C firm -t 'boulangerie-*'   |
flexsync plan --out plan.json && flexsync apply plan.json"""


@click.command("plan", epilog=EPILOG)
@options.files
@options.store
@options.ack
@options.form
@options.outputs
@options.option("--out", type=options.NewFile(), metavar="FILE", help="Save the plan; apply FILE does exactly that.")
@options.exit_code
@options.redact
@options.looks
def command(
    fleet: str,
    as_of: date | None,
    targets: tuple[str, ...],
    excludes: tuple[str, ...],
    store: str,
    acks: tuple[str, ...],
    form: str,
    outputs: tuple[tuple[str, Path], ...],
    out: Path | None,
    exit_code: bool,
    redact: bool,
    color: bool | None,
    quiet: bool,
) -> int:
    """Show what apply would do, and why. Writes nothing but the files you name.

    Symbols: + create, ~ update, - take away, > move, ! destructive or refused, ? waiting, * not managed.
    """
    from flexsync.cli.output import progress, show_plan
    from flexsync.cli.parts import CLOCK, desk_of, secrets_of
    from flexsync.plan.file import save
    from flexsync.workflow.planning import plan
    from flexsync.workflow.stores import reading

    desk = desk_of(fleet, store, as_of, targets, excludes, acks)
    with reading(desk.store_url, CLOCK) as source, progress("Planning", desk.size, quiet=quiet) as advance:
        made = plan(desk, source, secrets_of(desk), advance)
    if out:
        save(made, out)
    show_plan("DRY RUN", desk, made, form=form, outputs=outputs, redact=redact, color=color)
    return _exit_of(made, exit_code)
