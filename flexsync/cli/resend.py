"""flexsync resend."""

import click

from flexsync.cli import options


@click.command(
    "resend",
    epilog="Examples:  flexsync resend atelier-dupont p.martin   |   flexsync resend atelier-dupont admin --force",
)
@click.argument("name")
@click.argument("user")
@options.option("--force", is_flag=True, help="Also when the older link works, or was sent a short time ago.")
@options.place
@options.actor
def command(name: str, user: str, force: bool, place: options.Place, actor: str) -> None:
    """Mail USER of subscription NAME a new invitation; the older link is dead from then on.

    For somebody without a password. USER is a key of the files, or admin for the administrator.
    """
    from flexsync.acts.inviting import resend
    from flexsync.cli.output import say_queued
    from flexsync.cli.parts import CLOCK, actor_of, open_store
    from flexsync.desired.model import Policy
    from flexsync.workflow.deciding import DeskFiles
    from flexsync.workflow.desk import Order

    who = actor_of(actor)
    # A fleet that cannot be read is no hindrance when the store is named.
    policy = DeskFiles(Order(place.fleet), CLOCK).policy(name) or Policy()
    with open_store(place) as opened:
        told = resend(opened, name, user, policy, actor=who, force=force)
    say_queued(told)
