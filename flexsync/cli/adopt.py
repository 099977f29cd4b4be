"""flexsync adopt."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from flexsync.cli import options
from flexsync.errors import Exit

if TYPE_CHECKING:
    from flexsync.workflow.desk import Desk
    from flexsync.workflow.following import Rewrite

EPILOG = """Examples:  flexsync adopt   |   flexsync adopt atelier-dupont --pick users.p.martin   |
flexsync adopt --yes"""


@click.command("adopt", epilog=EPILOG)
@click.argument("name", required=False, default="")
@options.option(
    "--pick", "picks", multiple=True, metavar="PATH", help="Only this path, such as users.p.martin; repeatable."
)
@options.yes
@options.files_of_one
@options.store
def command(name: str, picks: tuple[str, ...], yes: bool, files: options.Files, store: str) -> int:
    """Write what was done in the portal back into the files: show the patch, ask, write, and prove it.

    Each value goes to the file and layer it belongs to: a person under people, a cell of the client's own
    row or roster, otherwise the client's own file. What clients share is never edited. Comments, order and
    every other byte stay as they are.
    """
    from flexsync.cli.carrying import agree
    from flexsync.cli.output import say
    from flexsync.cli.parts import CLOCK, desk_of
    from flexsync.workflow.adopting import adopt
    from flexsync.workflow.proving import write_back
    from flexsync.workflow.stores import existing

    desk = desk_of(files, store)
    with existing(desk.store_url, CLOCK) as opened:
        rewrite = adopt(desk, opened, name, picks)
    say(_lines(rewrite, desk))
    if not rewrite.files:
        click.echo("Nothing was adopted." if rewrite.left else "Nothing to adopt.")
        return _exit(rewrite)
    question = f"Write this to {len(rewrite.files)} file(s)?"
    agree(yes, question, nothing="nothing was written", otherwise="Add --yes when the patch is right.")
    write_back(desk, rewrite)
    click.echo(f"Adopted {len(rewrite.taken)} subscription(s) in {len(rewrite.files)} file(s); check and commit them.")
    return _exit(rewrite)


def _lines(rewrite: "Rewrite", desk: "Desk") -> Iterator[str]:
    from flexsync.cli.edits import edit_lines
    from flexsync.text import visible

    yield f"ADOPT  {visible(desk.fleet.name)}  as of {desk.as_of}"
    yield from edit_lines(rewrite, "not adopted")


def _exit(rewrite: "Rewrite") -> Exit:
    return Exit.REFUSED if rewrite.left else Exit.DONE
