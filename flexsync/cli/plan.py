"""flexsync plan."""

from pathlib import Path

import click

from flexsync.cli import options

EPILOG = """Examples:  flexsync plan   |   flexsync plan -C firm -t 'boulangerie-*'   |
flexsync plan --out plan.json && flexsync apply plan.json"""


@click.command("plan", epilog=EPILOG)
@options.files
@options.store
@options.ack
@options.option("--out", type=options.NewFile(), metavar="FILE", help="Save the plan; apply FILE does exactly that.")
@options.exit_code
@options.whole_look
def command(
    files: options.Files, store: str, acks: tuple[str, ...], out: Path | None, exit_code: bool, look: options.Look
) -> int:
    """Show what apply would do, and why. Writes nothing but the files you name.

    Symbols: + create, ~ update, - take away, > move, ! destructive or refused, ? waiting, * not managed.
    """
    from flexsync.cli.output import write_new
    from flexsync.cli.parts import desk_of, planned
    from flexsync.cli.plans import exit_of, show
    from flexsync.plan.file import to_json

    desk = desk_of(files, store, acks)
    made = planned(desk, look)
    if out:
        write_new(out, to_json(made))
    show("DRY RUN", desk, made, look)
    return exit_of(made, exit_code)
