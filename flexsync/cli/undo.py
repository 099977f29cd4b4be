"""flexsync undo."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flexsync.cli import options
from flexsync.errors import Exit, worst

if TYPE_CHECKING:
    from flexsync.plan.model import Plan, Step
    from flexsync.workflow.applying import Applied
    from flexsync.workflow.desk import Desk
    from flexsync.workflow.following import Rewrite
    from flexsync.workflow.undo_files import WayBack

EPILOG = """Examples:  flexsync undo 1658b51758f4   |   flexsync undo 1658b51758f4 --subscription boulangerie-petit   |
flexsync undo 1658b51758f4 --out undo.json && flexsync apply undo.json"""


@dataclass(frozen=True, slots=True)
class How:
    """What to do with the way back: save it, leave the files alone, ask nobody."""

    out: Path | None = None
    keep_files: bool = False
    yes: bool = False


_out = options.option("--out", type=options.NewFile(), metavar="FILE", help="Save the plan; apply FILE does that.")
_keep = options.option("--keep-files", "keep_files", is_flag=True, help="Show the edit of the files, do not make it.")


@click.command("undo", epilog=EPILOG)
@click.argument("run_id", metavar="RUN")
@click.option("--subscription", "names", multiple=True, metavar="NAME", help="Only this one; repeatable.")
@options.bundle("how", How, _out, _keep, options.yes)
@options.files_of_one
@options.store
@options.ack
@options.who
@options.text_look
def command(
    run_id: str,
    names: tuple[str, ...],
    how: How,
    files: options.Files,
    store: str,
    acks: tuple[str, ...],
    who: options.Who,
    look: options.Look,
) -> int:
    """Take back what RUN did: plan the way back, show it with the edit of the files, ask, do both.

    What has changed since is left alone and named. The files are edited as adopt does, so that they do
    not ask for the run again; where they cannot be, what they go on asking for is shown.
    """
    from flexsync.cli import plans
    from flexsync.cli.output import write_new
    from flexsync.cli.parts import actor_of, desk_of
    from flexsync.plan.file import to_json

    who = replace(who, actor=actor_of(who.actor))
    desk = desk_of(replace(files, targets=names), store, acks, redact=look.redact)
    way = _way_back(desk, run_id, who, keep_files=how.keep_files)
    if how.out:
        write_new(how.out, to_json(way.undone.plan))
    _show(desk, way, look)
    if how.out:
        return _exit(plans.exit_of(way.undone.plan, wants_changes=False), way)
    return _carry_out(desk, way, who, look, agreed=how.yes)


def undo_saved(saved: "Plan", desk: "Desk", who: options.Who, look: options.Look) -> Exit:
    """Do exactly the way back that was saved, or nothing when anything that it was made from has changed."""
    from flexsync.workflow.applying import check_saved

    way = _way_back(desk, saved.binding.undoes, who, keep_files=not saved.binding.edits)
    check_saved(saved, way.undone.plan)
    _show(desk, way, look)
    return _carry_out(desk, way, who, look, agreed=True, saved=True)


def _way_back(desk: "Desk", run_id: str, who: options.Who, *, keep_files: bool) -> "WayBack":
    from flexsync.cli.parts import CLOCK, secrets_of
    from flexsync.workflow.stores import existing
    from flexsync.workflow.undo_files import way_back

    with existing(desk.store_url, CLOCK) as opened:
        return way_back(desk, opened, run_id, secrets_of(desk), who.approved_by, keep_files=keep_files)


def _show(desk: "Desk", way: "WayBack", look: options.Look) -> None:
    from flexsync.cli.output import say
    from flexsync.cli.plans import show

    show("UNDO", desk, way.undone.plan, look)
    say(way.undone.lines())
    say(_file_lines(way, masked=look.redact))
    say(_again_lines(way.again))


def _carry_out(
    desk: "Desk", way: "WayBack", who: options.Who, look: options.Look, *, agreed: bool, saved: bool = False
) -> Exit:
    from flexsync.cli.carrying import agree, allowed, carry_out
    from flexsync.cli.output import say
    from flexsync.workflow.applying import Mandate, exit_of
    from flexsync.workflow.undo_files import files_first

    plan = way.undone.plan
    count = allowed(plan, who)
    if not count:
        click.echo("Nothing that may be undone." if plan.subscriptions else "Nothing to undo.")
        return _exit(exit_of(plan, None, who.approved_by), way)
    edits = f" and edit {len(way.written.files)} file(s)" if way.written.files else ""
    agree(agreed, f"Undo this in {count} subscription(s){edits}?")
    mandate = Mandate(who.actor, who.approved_by, saved, command=f"undo {plan.binding.undoes}")
    done = files_first(desk, way.written, lambda: carry_out(desk, plan, mandate, look))
    say(_written_lines(way.written, done))
    return _exit(exit_of(plan, done, who.approved_by), way)


def _exit(code: Exit, way: "WayBack") -> Exit:
    """The worst of `code`, and of what could not be undone in the store or in the files."""
    short = way.undone.conflicts or way.written.left
    return code if code == Exit.INTERRUPTED or not short else worst({code, Exit.REFUSED})


def _file_lines(way: "WayBack", *, masked: bool) -> Iterator[str]:
    from flexsync.cli.edits import edit_lines

    if not way.edit.files and not way.edit.left:
        return
    yield ""
    if way.edit.files:
        yield "The files are kept; this edit would take it back there:" if way.kept else "The edit of the files:"
    yield from edit_lines(way.edit, "not edited", masked=masked)


def _again_lines(again: "Iterable[tuple[str, Step]]") -> Iterator[str]:
    from flexsync.text import visible

    lines = [f"  {visible(name)}: {visible(step.change.words)}  {step.where or ''}".rstrip() for name, step in again]
    if lines:
        yield "The files go on asking for this; edit them there, or the next apply does it:"
        yield from lines


def _written_lines(written: "Rewrite", done: "Applied") -> Iterator[str]:
    from flexsync.text import visible

    if not written.files:
        return
    yield f"Edited {len(written.files)} file(s); check and commit them before the next apply."
    ok = {outcome.name for outcome in done.report.outcomes if outcome.exit == Exit.DONE}
    for taken in written.taken:
        if taken.name not in ok:
            yield f"{visible(taken.name)}: its files ask for it, the store is as it was: the next apply does it"
