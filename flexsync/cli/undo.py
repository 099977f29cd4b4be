"""flexsync undo."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click

from flexsync.cli import options
from flexsync.errors import Exit, worst

if TYPE_CHECKING:
    from flexsync.plan.model import Step

EPILOG = """Examples:  flexsync undo 1658b51758f4   |   flexsync undo 1658b51758f4 --subscription boulangerie-petit"""


@click.command("undo", epilog=EPILOG)
@click.argument("run_id", metavar="RUN")
@click.option("--subscription", "names", multiple=True, metavar="NAME", help="Only this one; repeatable.")
@options.files_of_one
@options.store
@options.ack
@options.option("-y", "--yes", is_flag=True, help="Do not ask.")
@options.who
@options.text_look
def command(
    run_id: str,
    names: tuple[str, ...],
    files: options.Files,
    store: str,
    acks: tuple[str, ...],
    yes: bool,
    who: options.Who,
    look: options.Look,
) -> int:
    """Take back what RUN did: plan the way back, show it, ask, apply.

    What has changed since is left alone and named. The files are not changed: what they go on
    asking for is shown, and the next apply does it again unless they are edited.
    """
    from flexsync.cli.apply import agree, carry_out
    from flexsync.cli.output import say
    from flexsync.cli.parts import CLOCK, actor_of, desk_of, secrets_of
    from flexsync.cli.plans import show
    from flexsync.policy.approval import check_approvers
    from flexsync.workflow.applying import Mandate, check_limits, exit_of, to_apply
    from flexsync.workflow.stores import existing
    from flexsync.workflow.undoing import asked_again, undoing

    actor = actor_of(who.actor)
    desk = desk_of(files, store, acks, redact=look.redact)
    with existing(desk.store_url, CLOCK) as opened:
        undone = undoing(desk, opened, run_id, names, secrets_of(desk))
        again = asked_again(desk, opened, undone, secrets_of(desk))
    show("UNDO", desk, undone.plan, look)
    say(undone.lines())
    say(_again_lines(again))
    check_approvers(undone.plan.findings, who.approved_by)
    check_limits(undone.plan)
    count = len(to_apply(undone.plan, who.approved_by))
    if not count:
        click.echo("Nothing that may be undone." if undone.plan.subscriptions else "Nothing to undo.")
        return _exit(exit_of(undone.plan, None, who.approved_by), bool(undone.conflicts))
    agree(yes, count)
    done = carry_out(desk, undone.plan, Mandate(actor, who.approved_by, command=f"undo {run_id}"), look)
    return _exit(exit_of(undone.plan, done, who.approved_by), bool(undone.conflicts))


def _exit(code: Exit, conflicts: bool) -> Exit:
    return code if code == Exit.INTERRUPTED or not conflicts else worst({code, Exit.REFUSED})


def _again_lines(again: "Iterable[tuple[str, Step]]") -> Iterator[str]:
    from flexsync.text import visible

    lines = [f"  {visible(name)}: {visible(step.change.words)}  {step.where or ''}".rstrip() for name, step in again]
    if lines:
        yield "The files go on asking for this; edit them there, or the next apply does it again:"
        yield from lines
