"""flexsync export."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flexsync.cli import options

if TYPE_CHECKING:
    from flexsync.catalogue import Catalogue


@click.command("export", epilog="Examples:  flexsync export atelier-dupont   |   flexsync export --all --to clients")
@click.argument("name", required=False, default="")
@click.option("--all", "everything", is_flag=True, help="Every subscription of the store; needs --to.")
@click.option(
    "--to", "folder", type=click.Path(path_type=Path), metavar="FOLDER", help="Write files here.  [default: print]"
)
@options.place
@options.as_of
def command(name: str, everything: bool, folder: Path | None, place: options.Place, as_of: date | None) -> int:
    """Write files for what the store has, one a subscription: their plan against that store is empty.

    Secrets are written as references only. A file that exists is never written over.
    """
    from flexsync.cli.output import say
    from flexsync.cli.parts import CLOCK, open_store
    from flexsync.clock import today
    from flexsync.errors import Exit, WrongCommand
    from flexsync.text import visible
    from flexsync.workflow.exporting import chosen, exported, write_new_files

    if bool(name) == everything or (everything and folder is None):
        raise WrongCommand("Name one subscription, or give --all with --to FOLDER.")
    catalogue = _catalogue(place.fleet)
    with open_store(place) as opened:
        files = [exported(one, catalogue, as_of or today(CLOCK)) for one in chosen(opened, name)]
    if folder is None:
        say(files[0].content.decode().splitlines())
    else:
        write_new_files(folder, files)
        say(f"wrote {visible(str(folder / one.file))}" for one in files)
    odd = [one for one in files if one.apart]
    say((f"{visible(one.name)}: {visible(why)}" for one in odd for why in one.apart), err=True)
    return Exit.INVALID if odd else Exit.DONE


def _catalogue(fleet: str) -> "Catalogue":
    """The fleet's catalogue, or the built-in one where no files are yet."""
    from flexsync.cli.parts import catalogue_of
    from flexsync.desired.catalogue_file import builtin
    from flexsync.errors import InvalidFiles

    try:
        return catalogue_of(fleet)
    except InvalidFiles:
        return builtin()
