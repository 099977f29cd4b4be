"""flexsync init."""

from pathlib import Path

import click

NEXT = """
Next:
  {cd}flexsync validate      check the files
  flexsync plan          see what apply would do
  flexsync apply         do it"""


@click.command(
    "init",
    epilog="Examples:  flexsync init   |   flexsync init firm morel",
)
@click.argument("kind", type=click.Choice(["single", "firm"]), default="single")
@click.argument("folder", type=click.Path(path_type=Path), default=Path())
def command(kind: str, folder: Path) -> None:
    """Write a commented starting folder: one subscription (single), or a firm with many clients (firm).

    The schemas beside the files help an editor that knows YAML schemas while you type.
    """
    from flexsync.text import visible
    from flexsync.workflow.starting import start

    for name in start(kind, folder):
        click.echo(f"wrote {visible(str(folder / name))}")
    click.echo(NEXT.format(cd="" if folder == Path() else f"cd {visible(str(folder))}\n  "))
