"""flexsync policy."""

from pathlib import Path

import click

from flexsync.cli import options
from flexsync.errors import Exit


@click.group("policy")
def command() -> None:
    """Test the policies of the fleet."""


@command.command("test", epilog="Example:  flexsync policy test policies/*.yaml")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@options.fleet
def tested(files: tuple[Path, ...], fleet: str) -> int:
    """Ask the policies of each case in FILES, and compare with what the case expects.

    A file has `cases`, and either `policies` of its own, or `fleet`, the fleet whose policies are
    asked; without both those of -C are. Exit 8 when a case fails.
    """
    from flexsync.cli.output import say
    from flexsync.cli.parts import CLOCK
    from flexsync.workflow import policy_tests

    failed = count = 0
    for verdict in policy_tests.tested(files, CLOCK, fleet):
        say(verdict.lines())
        failed += not verdict.passed
        count += 1
    click.echo(f"Policies: {count - failed} passed, {failed} failed")
    return Exit.POLICY if failed else Exit.DONE
