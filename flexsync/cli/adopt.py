"""flexsync adopt."""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from flexsync.cli import options
from flexsync.errors import Exit, Refused

if TYPE_CHECKING:
    from flexsync.workflow.adopting import Adoption
    from flexsync.workflow.desk import Desk

EPILOG = """Examples:  flexsync adopt   |   flexsync adopt atelier-dupont --pick users.p.martin   |
flexsync adopt --yes"""


@click.command("adopt", epilog=EPILOG)
@click.argument("name", required=False, default="")
@options.option(
    "--pick", "picks", multiple=True, metavar="PATH", help="Only this path, such as users.p.martin; repeatable."
)
@options.option("-y", "--yes", is_flag=True, help="Do not ask.")
@options.files_of_one
@options.store
def command(name: str, picks: tuple[str, ...], yes: bool, files: options.Files, store: str) -> int:
    """Write what was done in the portal back into the files: show the patch, ask, write, and prove it.

    Each value goes to the file and layer it belongs to: a person under people, a cell of the client's own
    row or roster, otherwise the client's own file. What clients share is never edited. Comments, order and
    every other byte stay as they are.
    """
    from flexsync.cli.output import say
    from flexsync.cli.parts import CLOCK, desk_of
    from flexsync.workflow.adopting import adopt
    from flexsync.workflow.proving import write_back
    from flexsync.workflow.stores import existing

    desk = desk_of(files, store)
    with existing(desk.store_url, CLOCK) as opened:
        adoption = adopt(desk, opened, name, picks)
    say(_lines(adoption, desk))
    if not adoption.files:
        click.echo("Nothing was adopted." if adoption.left else "Nothing to adopt.")
        return _exit(adoption)
    _agree(yes, len(adoption.files))
    write_back(desk, adoption)
    click.echo(
        f"Adopted {len(adoption.taken)} subscription(s) in {len(adoption.files)} file(s); check and commit them."
    )
    return _exit(adoption)


def _lines(adoption: "Adoption", desk: "Desk") -> Iterator[str]:
    from flexsync.text import visible
    from flexsync.workflow.patches import patch_lines

    yield f"ADOPT  {visible(desk.fleet.name)}  as of {desk.as_of}"
    for file, (old, new) in adoption.files.items():
        yield ""
        yield from patch_lines(file, old, new)
    yield ""
    for taken in adoption.taken:
        yield f"{visible(taken.name)}: {visible(', '.join(edit.dotted for edit in taken.edits))}"
        yield from (f"  note: {visible(note)}" for note in taken.notes)
    yield from (f"{visible(name)}: not adopted: {visible(why)}" for name, why in adoption.left)


def _exit(adoption: "Adoption") -> Exit:
    return Exit.REFUSED if adoption.left else Exit.DONE


def _agree(agreed: bool, count: int) -> None:
    """Ask on a terminal; elsewhere somebody has to have said yes."""
    if agreed:
        return
    if not sys.stdin.isatty():
        raise Refused("There is no terminal to ask on; nothing was written. Add --yes when the patch is right.")
    if not click.confirm(f"Write this to {count} file(s)?", default=False):
        raise Refused("Nothing was written.")
