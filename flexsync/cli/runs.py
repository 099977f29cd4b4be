"""flexsync runs."""

from typing import TYPE_CHECKING

import click

from flexsync.cli import options
from flexsync.errors import WrongCommand

if TYPE_CHECKING:
    from flexsync.store.base import Run

HEADING = ("RUN", "STARTED (UTC)", "COMMAND", "BY", "ON", "RESULT", "OUTCOMES")


@click.group("runs")
def command() -> None:
    """List past runs, or show what one of them did."""


@command.command("list", epilog="Example:  flexsync runs list --limit 5")
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, help="How many, newest first.  [default: 20]")
@options.fleet
@options.store
def listed(limit: int, fleet: str, store: str) -> None:
    """List the last runs, newest first."""
    from flexsync.cli.output import say
    from flexsync.cli.parts import CLOCK, store_of
    from flexsync.text import aligned
    from flexsync.workflow.stores import existing

    with existing(store_of(fleet, store), CLOCK) as opened:
        say(aligned([HEADING, *(_row(run) for run in opened.runs(limit))]))


@command.command("show", epilog="Example:  flexsync runs show 1658b51758f4")
@click.argument("run_id", metavar="RUN")
@options.fleet
@options.store
def shown(run_id: str, fleet: str, store: str) -> None:
    """Show what one run did, subscription by subscription."""
    from flexsync.cli.output import say
    from flexsync.cli.parts import CLOCK, store_of
    from flexsync.text import aligned, visible
    from flexsync.workflow.auditing import told
    from flexsync.workflow.stores import existing

    with existing(store_of(fleet, store), CLOCK) as opened:
        found = opened.run(run_id)
        if found is None:
            raise WrongCommand(f'The store has no run "{visible(run_id)}". Look it up with flexsync runs list.')
        run, entries = found
        say(aligned([HEADING, _row(run)]))
        say(line for entry in entries for line in ("", *told([entry])))


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
