"""flexsync plan."""

from pathlib import Path

import click

from flexsync.cli import options
from flexsync.errors import WrongCommand

EPILOG = """Examples:  flexsync plan   |   flexsync plan -C firm -t 'boulangerie-*'   |
flexsync plan --out plan.json && flexsync apply plan.json   |   flexsync plan --base main"""


@click.command("plan", epilog=EPILOG)
@options.files
@options.store
@options.ack
@options.option("--out", type=options.NewFile(), metavar="FILE", help="Save the plan; apply FILE does exactly that.")
@options.change
@options.exit_code
@options.whole_look
def command(
    files: options.Files,
    store: str,
    acks: tuple[str, ...],
    out: Path | None,
    change: options.Change,
    exit_code: bool,
    look: options.Look,
) -> int:
    """Show what apply would do, and why. Writes nothing but the files you name.

    With --base, show what the change from one revision of the files to another would do; no store is
    opened and no secret read, so this is safe on a branch that nobody has reviewed.

    Symbols: + create, ~ update, - take away, > move, ! destructive or refused, ? waiting, * not managed.
    """
    from flexsync.cli.output import write_new
    from flexsync.cli.parts import desk_of, planned, planned_change
    from flexsync.cli.plans import exit_of, show
    from flexsync.plan.file import to_json

    if change.base or change.head:
        _refuse_half(change, out)
        desk, made = planned_change(files, acks, change, look)
    else:
        desk = desk_of(files, store, acks, redact=look.redact)
        made = planned(desk, look)
    if out:
        write_new(out, to_json(made))
    show("DRY RUN", desk, made, look)
    return exit_of(made, exit_code)


def _refuse_half(change: options.Change, out: Path | None) -> None:
    """Raise WrongCommand for a change without a beginning, and for one that is to be saved."""
    if not change.base:
        raise WrongCommand("--head says where a change ends; say with --base where it begins.")
    if out:
        raise WrongCommand("The plan of a change is for reading; use --output json=FILE. --out needs a store.")
