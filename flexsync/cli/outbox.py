"""flexsync outbox."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import click

from flexsync.cli import options

if TYPE_CHECKING:
    from flexsync.store.base import OutboxRow
    from flexsync.store.sql import Store

HEADING = ("ID", "MADE (UTC)", "STATE", "NOTICES", "TO", "LANGUAGE", "SUBSCRIPTION", "RUN", "WHY")
STATES = ("queued", "sending", "sent", "held", "dead", "cancelled")


@click.group("outbox")
def command() -> None:
    """Look after the mails that changes have caused."""


@command.command("list", epilog="Examples:  flexsync outbox list   |   flexsync outbox list --state dead --format json")
@click.option("--subscription", default="", metavar="NAME", help="Only the mails of this subscription.")
@click.option("--run", default="", metavar="RUN", help="Only the mails of this run.")
@click.option("--state", type=click.Choice(STATES), help="Only the mails in this state.")
@options.plain_form
@options.place
def listed(subscription: str, run: str, state: str | None, form: str, place: options.Place) -> None:
    """List the mails, oldest first: to whom, about what, whether they were sent, and why not."""
    from flexsync.acts.outboxes import plain
    from flexsync.cli.output import as_json, say
    from flexsync.cli.parts import open_store
    from flexsync.text import aligned
    from flexsync.workflow.stores import refuse_unknown

    with open_store(place) as opened:
        refuse_unknown(opened, subscription, run)
        mails = [mail for mail in opened.outbox(subscription=subscription, run=run) if state in (None, mail.state)]
    say(as_json([plain(mail) for mail in mails]) if form == "json" else aligned([HEADING, *map(_row, mails)]))


def _row(mail: "OutboxRow") -> tuple[str, ...]:
    from flexsync.text import shorten, visible

    return (
        str(mail.id),
        f"{mail.created_at:%Y-%m-%d %H:%M}",
        mail.state,
        " ".join(mail.codes),
        visible(mail.recipient),
        mail.language,
        visible(mail.subscription),
        mail.run,
        shorten(mail.error, 120),
    )


@command.command("show", epilog="Example:  flexsync outbox show 12")
@click.argument("number", metavar="ID", type=click.IntRange(min=1))
@options.place
def shown(number: int, place: options.Place) -> None:
    """Print a mail as it would leave now, with all that goes in one letter with it. The link is masked."""
    from flexsync.acts.outboxes import shown
    from flexsync.cli.output import say
    from flexsync.cli.parts import CLOCK, desk_of
    from flexsync.workflow.delivering import letterhead_of
    from flexsync.workflow.stores import existing

    desk = desk_of(options.Files(place.fleet), place.store)
    with existing(desk.store_url, CLOCK) as opened:
        say(shown(opened, letterhead_of(desk, opened), number))


@command.command("retry", epilog="Examples:  flexsync outbox retry 12   |   flexsync outbox retry --all")
@click.argument("numbers", metavar="[ID]...", nargs=-1, type=click.IntRange(min=1))
@click.option("--all", "everything", is_flag=True, help="All mails that are held or dead.")
@options.place
def retry(numbers: tuple[int, ...], everything: bool, place: options.Place) -> None:
    """Queue mails that are held or dead; those that wait for another try leave with the next delivery."""
    from flexsync.acts.outboxes import retried

    if everything == bool(numbers):
        raise click.UsageError("Name mails by their ID, or say --all.")
    _changed("Queued", retried, numbers, place)


@command.command("cancel", epilog="Example:  flexsync outbox cancel 12 13")
@click.argument("numbers", metavar="ID...", nargs=-1, required=True, type=click.IntRange(min=1))
@options.place
def cancel(numbers: tuple[int, ...], place: options.Place) -> None:
    """Give up mails that did not leave. The change that they tell of stays."""
    from flexsync.acts.outboxes import cancelled

    _changed("Cancelled", cancelled, numbers, place)


def _changed(
    word: str, change: "Callable[[Store, Sequence[int]], list[int]]", numbers: Sequence[int], place: options.Place
) -> None:
    from flexsync.cli.parts import open_store

    with open_store(place) as opened:
        done = change(opened, numbers)
    click.echo(f"{word}: {', '.join(map(str, done)) or 'none'}")
