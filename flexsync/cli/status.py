"""flexsync status."""

import click

from flexsync.cli import options


@click.command("status", epilog="Examples:  flexsync status   |   flexsync status atelier-dupont")
@click.argument("name", required=False)
@options.fleet
@options.store
@options.form_look
def command(name: str | None, fleet: str, store: str, look: options.Look) -> None:
    """Summarise what the store holds: a line for each subscription, or one of them in full.

    For one subscription it prints the summary that its administrator knows: accounts, services and
    the versions to install. Users whose first day, as the files say, is still to come are listed too.
    """
    from flexsync.cli.output import say
    from flexsync.cli.parts import CLOCK, catalogue_of, store_of
    from flexsync.text import aligned
    from flexsync.workflow.desk import Order
    from flexsync.workflow.scheduled import scheduled
    from flexsync.workflow.status import all_in_brief, all_plain, one_in_full, one_plain, only
    from flexsync.workflow.stores import existing

    catalogue = catalogue_of(fleet)
    with existing(store_of(fleet, store), CLOCK) as opened:
        if name:
            status = only(opened, name)
            later = scheduled(Order(fleet), CLOCK, status.snapshot)
            say(one_plain(status, later) if look.form == "json" else one_in_full(status, later, catalogue))
        else:
            say(all_plain(opened) if look.form == "json" else aligned(all_in_brief(opened)))
