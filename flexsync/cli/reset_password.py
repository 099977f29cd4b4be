"""flexsync reset-password."""

import click

from flexsync.cli import options


@click.command("reset-password", epilog="Example:  flexsync reset-password atelier-dupont p.martin")
@click.argument("name")
@click.argument("user")
@options.place
@options.actor
def command(name: str, user: str, place: options.Place, actor: str) -> None:
    """Mail USER of subscription NAME a link to choose another password; the old one works until then.

    For somebody who has a password. USER is a key of the files, or admin for the administrator.
    """
    from flexsync.acts.passwords import reset_password
    from flexsync.cli.output import say_queued
    from flexsync.cli.parts import actor_of, open_store

    who = actor_of(actor)
    with open_store(place) as opened:
        told = reset_password(opened, name, user, actor=who)
    say_queued(told)
