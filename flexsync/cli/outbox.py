"""flexsync outbox."""

import click

from flexsync.cli import options

HEADING = ("ID", "MADE (UTC)", "STATE", "NOTICES", "TO", "LANGUAGE", "SUBSCRIPTION", "RUN")


@click.group("outbox")
def command() -> None:
    """Look at the mails that changes have caused."""


@command.command(
    "list", epilog="Examples:  flexsync outbox list   |   flexsync outbox list --subscription atelier-dupont"
)
@click.option("--subscription", default="", metavar="NAME", help="Only the mails of this subscription.")
@click.option("--run", default="", metavar="RUN", help="Only the mails of this run.")
@options.fleet
@options.store
def listed(subscription: str, run: str, fleet: str, store: str) -> None:
    """List the mails, oldest first: to whom, about what, and whether they were sent."""
    from flexsync.cli.output import say
    from flexsync.cli.parts import CLOCK, store_of
    from flexsync.text import aligned, visible
    from flexsync.workflow.stores import existing

    with existing(store_of(fleet, store), CLOCK) as opened:
        mails = opened.outbox(subscription=subscription, run=run)
    rows = [
        (
            str(mail.id),
            f"{mail.created_at:%Y-%m-%d %H:%M}",
            mail.state,
            " ".join(mail.codes),
            visible(mail.recipient),
            mail.language,
            visible(mail.subscription),
            mail.run,
        )
        for mail in mails
    ]
    say(aligned([HEADING, *rows]))
