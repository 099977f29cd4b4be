"""The command line: parse, call the workflow, print, exit.

Only click and the standard library are imported here; each command lives in a module of its own
that is imported when it is called.
"""

import errno
import os
import sys
from collections.abc import Callable
from importlib import import_module
from io import StringIO
from typing import Any

import click

from flexsync import __version__
from flexsync.errors import Exit, FlexsyncError
from flexsync.text import did_you_mean, visible

#: What a disk says that takes nothing more.
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}

#: Command -> the module that holds it, and its line in the help.
COMMANDS = {
    "init": ("start", "Write a commented starting folder."),
    "validate": ("validate", "Check the files; needs no store."),
    "plan": ("plan", "Show what apply would do; writes nothing."),
    "apply": ("apply", "Do what the files ask for."),
    "show": ("show", "Print one subscription as the files make it."),
    "status": ("status", "Summarise subscriptions as they stand in the store."),
    "explain": ("explain", "Say why a user has access, or has none."),
    "drift": ("drift", "Show what was changed beside the files; writes nothing."),
    "adopt": ("adopt", "Write what was done in the portal back into the files."),
    "export": ("export", "Write files for what the store has."),
    "fmt": ("fmt", "Put files into the canonical order and style."),
    "policy": ("policy", "Test the policies of the fleet: test."),
    "expiring": ("expiring", "List what ends soon or waits for somebody."),
    "runs": ("runs", "List past runs, or show one."),
    "undo": ("undo", "Take back what a run did."),
    "audit": ("audit", "Say who changed what and when; verify the journal."),
    "deliver": ("deliver", "Send the mails that wait."),
    "outbox": ("outbox", "Look after the mails: list, show, retry, cancel."),
    "notice": ("notice", "Show the mails that people get: list, preview."),
    "resend": ("resend", "Invite a user again, with a new link."),
    "reset-password": ("reset_password", "Mail a user the link to choose another password."),
    "send-password": ("send_password", "Tell a recipient where a shared password is read."),
    "serve": ("serve", "Open the portal that people meet."),
    "operator": ("operator", "Say who looks after the fleet in the portal: add, list, end."),
    "launch": ("launch", "Start a product as the desktop software does."),
    "personal": ("personal", "Hand out, or erase, what is known of a person: export, erase."),
    "schema": ("schema", "Print the JSON Schema of a kind of file."),
    "store": ("store", "Look after the store: init, info, migrate, backup, check."),
    "completion": ("completion", "Print the shell completion script."),
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of the work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"flexsync.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the words name, or say which name is near."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            ctx.fail(f'No such command "{visible(args[0])}".{did_you_mean(args[0], list(COMMANDS))}')
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Dry by default: plan shows, apply asks.  Start: flexsync init, then flexsync plan.",
)
@click.version_option(__version__, prog_name="flexsync")
def cli() -> None:
    """The set-up of software subscriptions as files in git.

    Describe in YAML who administers a subscription, who its users are, which products each may
    open, which connected services run and where the data lives. flexsync checks it, shows a plan,
    and applies it.
    """


def main(args: list[str] | None = None) -> None:
    """Run the command line and exit with its code."""
    sys.exit(run(args))


def run(args: list[str] | None = None) -> int:
    """Run the command line; the exit code, with every expected error told in words."""
    return told(lambda: cli.main(args=args, prog_name="flexsync", standalone_mode=False))


def told(invoke: Callable[[], Any]) -> int:
    """The exit code of a click command, with every expected error of it told in words."""
    try:
        return int(invoke() or Exit.DONE)
    except click.ClickException as error:
        _show(error)
        return Exit.USAGE if isinstance(error, click.UsageError) else Exit.FAILED
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted.", err=True)
        return Exit.INTERRUPTED
    except FlexsyncError as error:
        from flexsync.cli.output import tell

        tell(error)
        return error.exit
    except (BrokenPipeError, SystemExit):
        # Whoever read the output has gone; what is left unsaid must not become a second error at exit.
        sys.stdout = None
        return Exit.DONE
    except OSError as error:
        if error.errno not in _FULL:
            raise
        sys.stdout = None
        click.echo(f"Error: What is printed or kept cannot be written: {os.strerror(error.errno)}.", err=True)
        return Exit.UNAVAILABLE


def _show(error: click.ClickException) -> None:
    """What click says, which quotes what was typed."""
    text = StringIO()
    error.show(text)
    for line in text.getvalue().splitlines():
        click.echo(visible(line), err=True)
