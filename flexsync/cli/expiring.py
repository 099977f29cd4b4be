"""flexsync expiring."""

import re
from datetime import date
from typing import Any

import click

from flexsync.cli import options
from flexsync.errors import Exit
from flexsync.text import visible

_DAYS = {"": 1, "d": 1, "w": 7}


class SpanType(click.ParamType[int]):
    """A number of days: `30d`, `30` or `4w`."""

    name = "span"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number of days, or a usage error that shows the form."""
        if isinstance(value, int):
            return value
        found = re.fullmatch(r"([0-9]{1,4})([dw]?)", value)
        if found is None:
            self.fail(f'"{visible(value)}" is no span. Write days or weeks, for example 30d or 4w.', param, ctx)
        return int(found[1]) * _DAYS[found[2]]


@click.command("expiring", epilog="Example:  flexsync expiring --within 30d --exit-code")
@click.option("--within", type=SpanType(), default="30d", metavar="SPAN", help="How far ahead.  [default: 30d]")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", help="How to print.")
@options.place
@options.as_of
@options.exit_code
def command(within: int, form: str, place: options.Place, as_of: date | None, exit_code: bool) -> int:
    """List what ends soon or waits: contracts, services, users, invitations, papers.

    Subscriptions with data online come first: that data has to be brought back before the end. Days
    below 0 are past. With --exit-code, exit 2 when there is any.
    """
    from flexsync.cli.output import as_json, say
    from flexsync.cli.parts import CLOCK, catalogue_of, open_store
    from flexsync.clock import today
    from flexsync.text import aligned
    from flexsync.workflow.expiring import ends, plain, rows

    with open_store(place) as opened:
        found = ends(opened, catalogue_of(place.fleet), as_of or today(CLOCK), within)
    say(as_json(plain(found)) if form == "json" else aligned(rows(found)))
    return Exit.CHANGES if found and exit_code else Exit.DONE
