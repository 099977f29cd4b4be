"""flexsync personal."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from flexsync.cli import options

if TYPE_CHECKING:
    from flexsync.acts.personal import Erasure

_email = click.argument("email", metavar="EMAIL")
_actor = options.option("--actor", default="", metavar="NAME", help="Who is answerable for it.")


@click.group("personal")
def command() -> None:
    """Hand out what the store has of a person, or erase it when it is kept no longer."""


@command.command(
    "export",
    epilog="Examples:  flexsync personal export p.martin@dupont.example --out p-martin.json   |   "
    "flexsync personal export p.martin@dupont.example",
)
@_email
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write a new file, which only you may read.",
)
@_actor
@options.place
def export(email: str, out: Path | None, actor: str, place: options.Place) -> None:
    """Print all that the store has of one account, over all subscriptions, as JSON. That is recorded.

    Passwords and their hashes, and the secrets of links and sessions, are no part of it.
    """
    from flexsync.acts.personal import export
    from flexsync.cli.output import as_json, say, write_private
    from flexsync.cli.parts import actor_of, open_store

    who = actor_of(actor)
    with open_store(place) as opened:
        lines = list(as_json(export(opened, email, who)))
    if out is None:
        say(lines)
        return
    write_private(out, "\n".join([*lines, ""]))
    click.echo(f"Written: {out}")


@command.command("erase", epilog="Example:  flexsync personal erase p.martin@dupont.example")
@_email
@click.option("--yes", is_flag=True, help="Do not ask.")
@_actor
@options.place
def erase(email: str, yes: bool, actor: str, place: options.Place) -> None:
    """Erase a person who left everywhere, portal.keep_days days after the last seat ended. It cannot be undone.

    Exit 4 while they use or administer a subscription, or before that day.
    """
    from datetime import timedelta

    from flexsync.acts.personal import erasable, erase
    from flexsync.cli.carrying import agree
    from flexsync.cli.output import say
    from flexsync.cli.parts import CLOCK, actor_of, desk_of
    from flexsync.workflow.stores import existing

    who, desk = actor_of(actor), desk_of(options.Files(place.fleet), place.store)
    keep = timedelta(days=desk.portal.keep_days)
    with existing(desk.store_url, CLOCK) as opened:
        say([_told(email, erasable(opened, email, keep))])
        agree(yes, "Erase this person for good?")
        names = erase(opened, email, keep, who)
    click.echo(f"Erased, in {len(names)} subscription(s); flexsync audit verify proves that nothing else was changed")


def _told(email: str, found: "Erasure") -> str:
    from flexsync.text import visible

    left = f", who left on {found.left_on}," if found.left_on else ""
    return f"{visible(email)}{left} is named in: {visible(', '.join(found.subscriptions)) or 'no subscription'}"
