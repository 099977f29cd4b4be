"""flexsync deliver."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import click

from flexsync.cli import options
from flexsync.errors import Exit

if TYPE_CHECKING:
    from flexsync.workflow.delivering import Round
    from flexsync.workflow.desk import Desk

EPILOG = """Examples:  flexsync deliver   |   flexsync deliver --limit 50   |   flexsync deliver --watch"""


@click.command("deliver", epilog=EPILOG)
@options.place
@options.option("--watch", is_flag=True, help="Go on until SIGTERM: look for mails again and again.")
@options.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most N mails in one round.")
@options.quiet
def command(place: options.Place, watch: bool, limit: int | None, quiet: bool) -> int:
    """Send the mails that wait: through the mail server of the fleet file, or to .flexsync/mail/ without one.

    After them, once a day, people are reminded of what ends in 30 or 7 days, and of versions that came out within
    a month.

    A mail that cannot leave now is tried again for about a day; one that the server refuses is dead, and
    shown by `flexsync outbox list`. Exit 9 when no mail can leave at all, 6 when one was refused or held.
    """
    from flexsync.cli.parts import CLOCK, desk_of, secrets_of
    from flexsync.workflow.delivering import post_of, watched

    desk = desk_of(options.Files(place.fleet), place.store)
    if not watch:
        return deliver(desk, limit, quiet=quiet)
    with post_of(desk, secrets_of(desk), CLOCK) as post:
        tell_news = teller(desk)
        for done in watched(post, limit=limit):
            tell_news(done)
    return Exit.DONE


def teller(desk: "Desk") -> Callable[["Round"], None]:
    """What tells rounds one after the other: the same trouble every few minutes is told once."""
    told = ""

    def tell_news(done: "Round") -> None:
        nonlocal told
        if done.delivered.counts or done.delivered.trouble != told:
            tell(desk, done)
        told = done.delivered.trouble

    return tell_news


def deliver(desk: "Desk", limit: int | None, *, quiet: bool) -> Exit:
    """One round of delivery under a progress bar, told; its exit code."""
    from flexsync.cli.output import progress
    from flexsync.cli.parts import CLOCK, secrets_of
    from flexsync.workflow.delivering import backlog_of, once, post_of

    with post_of(desk, secrets_of(desk), CLOCK) as post:
        due = backlog_of(post.store).now
        with progress("Delivering", min(due, limit or due), quiet=quiet) as advance:
            done = once(post, limit=limit, on_letter=lambda fate: advance(1))
    tell(desk, done)
    return exit_of(done)


def tell(desk: "Desk", done: "Round") -> None:
    """Print what a round of delivery came to, and what kept the rest."""
    from flexsync.cli.output import say
    from flexsync.text import visible

    say(_lines(desk, done))
    if done.delivered.trouble:
        say([visible(done.delivered.trouble)], err=True)


def _lines(desk: "Desk", done: "Round") -> Iterator[str]:
    from flexsync.text import visible
    from flexsync.workflow.delivering import FOLDER

    counts, left = done.delivered.counts, done.backlog
    where = "" if desk.mail.smtp or not counts["sent"] else f", to {visible(str(desk.root / FOLDER))}"
    told = ", ".join(
        f"{counts[fate]} {fate}" for fate in ("sent", "later", "held", "dead", "cancelled") if counts[fate]
    )
    yield f"Mails: {told or 'none sent'}{where}"
    kept = {"waiting": left.waiting, "held": left.held, "dead": left.dead}
    if any(kept.values()):
        told = ", ".join(f"{number} {why}" for why, number in kept.items() if number)
        yield f"Left: {told}; see flexsync outbox list"
    if left.unfinished:
        yield f"Of those waiting, {left.unfinished} are of a run that goes on: they leave when it has ended"


def exit_of(done: "Round") -> Exit:
    """The exit code of a round of delivery."""
    if done.delivered.interrupted:
        return Exit.INTERRUPTED
    if done.delivered.trouble:
        return Exit.UNAVAILABLE
    counts = done.delivered.counts
    return Exit.PARTIAL if counts["dead"] or counts["held"] else Exit.DONE
