"""flexsync runs."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from flexsync.cli import options

if TYPE_CHECKING:
    from flexsync.store.base import JournalEntry, Run

HEADING = ("RUN", "STARTED (UTC)", "COMMAND", "BY", "ON", "RESULT", "OUTCOMES")


@click.group("runs")
def command() -> None:
    """List past runs, or show what one of them did."""


@command.command("list", epilog="Example:  flexsync runs list --limit 5")
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, help="How many, newest first.  [default: 20]")
@options.place
def listed(limit: int, place: options.Place) -> None:
    """List the last runs, newest first."""
    from flexsync.cli.output import say
    from flexsync.cli.parts import open_store
    from flexsync.text import aligned

    with open_store(place) as opened:
        say(aligned([HEADING, *(_row(run) for run in opened.runs(limit))]))


@command.command("show", epilog="Example:  flexsync runs show 1658b51758f4")
@click.argument("run_id", metavar="RUN")
@options.place
def shown(run_id: str, place: options.Place) -> None:
    """Show what one run did, subscription by subscription."""
    from flexsync.cli.output import say
    from flexsync.cli.parts import open_store
    from flexsync.text import aligned
    from flexsync.workflow.stores import run_of

    with open_store(place) as opened:
        run, entries = run_of(opened, run_id)
        say(aligned([HEADING, _row(run)]))
        for entry in entries:
            say(_entry_lines(entry))


def _row(run: "Run") -> tuple[str, ...]:
    from flexsync.text import visible

    counts = ", ".join(f"{number} {status}" for status, number in sorted(run.counts.items()))
    return (
        run.id,
        f"{run.started_at:%Y-%m-%d %H:%M}",
        run.command,
        visible(run.actor),
        visible(run.host),
        run.result,
        counts,
    )


def _entry_lines(entry: "JournalEntry") -> Iterator[str]:
    from flexsync.plan.change import KINDS
    from flexsync.text import visible

    yield ""
    yield f"{visible(entry.subscription)}  revision {entry.revision}"
    for step in entry.steps:
        kind = KINDS.get(step["kind"])
        words = f"{kind.symbol} {kind.words}" if kind else visible(step["kind"])
        yield f"  {words}  {visible(step['subject'])}"
