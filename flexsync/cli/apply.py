"""flexsync apply."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flexsync.cli import options
from flexsync.errors import Exit, StoreUnavailable, WrongCommand

if TYPE_CHECKING:
    from flexsync.plan.model import Plan
    from flexsync.workflow.desk import Desk

EPILOG = """Examples:  flexsync apply   |   flexsync apply --yes --actor ci   |
flexsync apply plan.json   |   flexsync apply --ack deactivate=4"""


@click.command("apply", epilog=EPILOG)
@click.argument("plan_file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@options.files
@options.store
@options.ack
@options.yes
@options.option("--deliver", "deliver_too", is_flag=True, help="Then send the mails that wait, as `flexsync deliver`.")
@options.who
@options.text_look
def command(
    plan_file: Path | None,
    files: options.Files,
    store: str,
    acks: tuple[str, ...],
    yes: bool,
    deliver_too: bool,
    who: options.Who,
    look: options.Look,
) -> int:
    """Do what the files ask for: plan, show, ask, then one transaction a subscription.

    With PLAN_FILE, do exactly the plan that was saved and reviewed, or nothing when anything it was
    made from has changed since.
    """
    from flexsync.cli.parts import actor_of, desk_of
    from flexsync.cli.undo import undo_saved

    who = replace(who, actor=actor_of(who.actor))
    saved = _saved(plan_file, files, acks)
    if saved:
        files, acks = _of_saved(files, saved), saved.binding.acks
    desk = desk_of(files, store, acks, redact=look.redact)
    if saved and saved.binding.undoes:
        code = undo_saved(saved, desk, who, look)
    else:
        code = _apply(desk, saved, who, look, yes=yes)
    if deliver_too:
        _deliver(desk, look)
    return code


def _apply(desk: "Desk", saved: "Plan | None", who: options.Who, look: options.Look, *, yes: bool) -> Exit:
    from flexsync.cli.carrying import agree, allowed, carry_out
    from flexsync.cli.parts import planned
    from flexsync.cli.plans import show
    from flexsync.policy.approval import standing
    from flexsync.workflow.applying import Mandate, check_saved, exit_of

    made = planned(desk, look)
    if saved:
        check_saved(saved, made)
    show("APPLY", desk, made, look)
    count = allowed(made, who)
    if not count:
        held = made.refused or made.invalid or standing(made.findings, who.approved_by)
        click.echo("Nothing was applied: what is wrong or refused stands above." if held else "Nothing to apply.")
        return exit_of(made, None, who.approved_by)
    agree(yes or saved is not None, f"Apply this to {count} subscription(s)?")
    done = carry_out(desk, made, Mandate(who.actor, who.approved_by, saved is not None), look)
    return exit_of(made, done, who.approved_by)


def _deliver(desk: "Desk", look: options.Look) -> None:
    """Send what waits; the apply is as good as it was when that fails, and the mails go on waiting."""
    from flexsync.cli.deliver import deliver
    from flexsync.cli.output import tell
    from flexsync.workflow.stores import is_there

    if not is_there(desk.store_url):
        return
    try:
        deliver(desk, None, quiet=look.quiet)
    except StoreUnavailable as error:
        tell(error)


def _of_saved(files: options.Files, saved: "Plan") -> options.Files:
    """`files` with the day and the choice of subscriptions that a saved plan was made for."""
    made_with = saved.binding
    return replace(files, as_of=made_with.as_of, targets=made_with.targets, excludes=made_with.excludes)


def _saved(path: Path | None, files: options.Files, acks: tuple[str, ...]) -> "Plan | None":
    """The saved plan, when there is one; it was made with planning options and takes no further ones."""
    if path is None:
        return None
    if files.as_of or files.targets or files.excludes or acks:
        raise WrongCommand("A saved plan says itself what it is for: leave out --as-of, --target, --exclude and --ack.")
    from flexsync.paths import opened, reason
    from flexsync.plan.file import MAX_BYTES, from_json
    from flexsync.text import visible

    try:
        with opened(path) as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise WrongCommand(f'The plan "{visible(str(path))}" cannot be read: {reason(error)}.') from error
    return from_json(content)
