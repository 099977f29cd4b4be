"""flexsync send-password."""

import click

from flexsync.cli import options


@click.command("send-password", epilog="Example:  flexsync send-password atelier-dupont p.martin --service vat_filing")
@click.argument("name")
@click.argument("user")
@options.option("--service", default="", metavar="CODE", help="Only this service.  [default: all that tell USER]")
@options.place
@options.actor
def command(name: str, user: str, service: str, place: options.Place, actor: str) -> None:
    """Tell USER of subscription NAME by mail where the shared password of a service is read, never the value.

    For recipients that the files declare, and for admin, the administrator.
    """
    from flexsync.acts.passwords import send_password
    from flexsync.cli.output import say_queued
    from flexsync.cli.parts import actor_of, open_store

    who = actor_of(actor)
    with open_store(place) as opened:
        told = send_password(opened, name, user, actor=who, service=service)
    say_queued(told)
