"""flexsync explain."""

from datetime import date

import click

from flexsync.cli import options


@click.command("explain", epilog="Example:  flexsync explain atelier-dupont p.martin")
@click.argument("name")
@click.argument("user")
@options.place
@options.as_of
def command(name: str, user: str, place: options.Place, as_of: date | None) -> None:
    """Say why USER of subscription NAME has access, or has none, and what was last changed, by which run."""
    from flexsync.cli.output import say
    from flexsync.cli.parts import CLOCK, open_store
    from flexsync.clock import today
    from flexsync.workflow.desk import Order
    from flexsync.workflow.explaining import explained_user
    from flexsync.workflow.scheduled import scheduled
    from flexsync.workflow.status import only

    with open_store(place) as opened:
        status, history = only(opened, name), opened.history(name)
        later = scheduled(Order(place.fleet, as_of=as_of), CLOCK, status.snapshot)
        say(explained_user(status, history, later, user, as_of or today(CLOCK)))
