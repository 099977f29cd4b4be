"""flexsync send-password."""

import click

from flexsync.cli import options


@click.command("send-password", epilog="Example:  flexsync send-password atelier-dupont p.martin --service vat_filing")
@click.argument("name")
@click.argument("user")
@options.option("--service", default="", metavar="CODE", help="Only this service.  [default: all that tell USER]")
@options.fleet
@options.store
@options.actor
def command(name: str, user: str, service: str, fleet: str, store: str, actor: str) -> None:
    """Tell USER of subscription NAME by mail where the shared password of a service is read, never the value.

    For recipients that the files declare, and for admin, the administrator.
    """
    from flexsync.acts.passwords import send_password
    from flexsync.cli.output import say_queued
    from flexsync.cli.parts import CLOCK, actor_of, store_of
    from flexsync.workflow.stores import existing

    who = actor_of(actor)
    with existing(store_of(fleet, store), CLOCK) as opened:
        told = send_password(opened, name, user, actor=who, service=service)
    say_queued(told)
