"""flexsync operator."""

import sys

import click

from flexsync.cli import options
from flexsync.errors import WrongCommand


@click.group("operator")
def command() -> None:
    """Say who looks after the whole fleet in the portal: add, list, end."""


@command.command("add", epilog="Examples:  flexsync operator add claire   |   flexsync operator add claire --generate")
@click.argument("name")
@click.option("--generate", is_flag=True, help="Make the password, and show it once.")
@options.place
def add(name: str, generate: bool, place: options.Place) -> None:
    """Add an operator, who signs in at /operator/login of the portal. The password is typed, and not shown."""
    from flexsync.acts.operating import add_operator, refuse_name
    from flexsync.cli.parts import open_store
    from flexsync.passwords import Hashing
    from flexsync.workflow.serving import new_password, refuse_without_portal

    refuse_without_portal()
    refuse_name(name)
    with open_store(place) as opened:
        password = new_password() if generate else _typed()
        add_operator(opened, Hashing(), name, password)
    click.echo(f"{name} is an operator")
    if generate:
        click.echo(f"Password, shown this once: {password}")


def _typed() -> str:
    if not sys.stdin.isatty():
        raise WrongCommand("There is no terminal to type a password on. Use --generate.")
    password: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return password


@command.command("list", epilog="Example:  flexsync operator list")
@options.place
def listed(place: options.Place) -> None:
    """List the operators, those who ended too."""
    from flexsync.cli.output import say
    from flexsync.cli.parts import open_store
    from flexsync.store import operators
    from flexsync.text import aligned

    with open_store(place) as opened:
        found = opened.read(operators.everybody)
    rows = [
        (one.name, f"{one.created_at:%Y-%m-%d}", f"ended {one.ended_at:%Y-%m-%d}" if one.ended_at else "at work")
        for one in found
    ]
    say(aligned([("NAME", "SINCE", "STATE"), *rows]))


@command.command("end", epilog="Example:  flexsync operator end claire")
@click.argument("name")
@options.place
def end(name: str, place: options.Place) -> None:
    """Take an operator's rights, at once; the name stays on the list and is not given again."""
    from flexsync.acts.operating import end_operator
    from flexsync.cli.parts import open_store

    with open_store(place) as opened:
        end_operator(opened, name)
    click.echo(f"{name} is no operator any more")
