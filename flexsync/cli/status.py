"""flexsync status."""

import click

from flexsync.cli import options


@click.command("status", epilog="Examples:  flexsync status   |   flexsync status atelier-dupont")
@click.argument("name", required=False)
@options.place
@options.form_look
def command(name: str | None, place: options.Place, look: options.Look) -> None:
    """Summarise what the store holds: a line for each subscription, or one of them in full.

    For one subscription it prints the summary that its administrator knows: accounts, services and
    the versions to install. Users whose first day, as the files say, is still to come are listed too.
    """
    from flexsync.cli.output import as_json, say
    from flexsync.cli.parts import CLOCK, catalogue_of, open_store
    from flexsync.text import aligned
    from flexsync.workflow.desk import Order
    from flexsync.workflow.scheduled import scheduled
    from flexsync.workflow.status import all_in_brief, all_plain, one_in_full, one_plain, only

    catalogue = catalogue_of(place.fleet)
    with open_store(place) as opened:
        if name:
            status = only(opened, name)
            later = scheduled(Order(place.fleet), CLOCK, status.snapshot)
            say(as_json(one_plain(status, later)) if look.form == "json" else one_in_full(status, later, catalogue))
        else:
            say(as_json(all_plain(opened)) if look.form == "json" else aligned(all_in_brief(opened)))
