"""flexsync explain."""

from datetime import date

import click

from flexsync.cli import options


@click.command("explain", epilog="Example:  flexsync explain atelier-dupont p.martin")
@click.argument("name")
@click.argument("user")
@options.fleet
@options.store
@options.as_of
def command(name: str, user: str, fleet: str, store: str, as_of: date | None) -> None:
    """Say why USER of subscription NAME has access, or has none, and what was last changed, by which run."""
    from flexsync.cli.output import say
    from flexsync.cli.parts import CLOCK, store_of
    from flexsync.clock import today
    from flexsync.workflow.explaining import explained_user
    from flexsync.workflow.status import only
    from flexsync.workflow.stores import existing

    with existing(store_of(fleet, store), CLOCK) as opened:
        say(explained_user(only(opened, name), opened.history(name), user, as_of or today(CLOCK)))
