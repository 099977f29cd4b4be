"""How commands show a plan, and the exit code it asks for."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from flexsync.cli.options import Look
from flexsync.cli.output import colourful, say, write_new
from flexsync.errors import Exit, worst
from flexsync.plan.file import plan_digest
from flexsync.plan.model import UNSEEN, Binding, Plan
from flexsync.plan.redact import redact
from flexsync.render import renderer
from flexsync.render.view import Style, View, unseen
from flexsync.text import count, visible
from flexsync.workflow.desk import Desk

_WITH_DIGEST = {"markdown", "html"}


def show(mode: str, desk: Desk, plan: Plan, look: Look) -> None:
    """Print `plan` under a line that says what kind of run this is, and write it to the files asked for."""
    shown = redact(plan) if look.redact else plan
    view = _view(desk, plan, look)
    for name, path in look.outputs:
        lines = _lines(name, mode, desk, shown, view)
        write_new(path, "".join(f"{line}\n" for line in lines).encode())
    say(_lines(look.form, mode, desk, shown, replace(view, style=Style(colourful(look.color)))))


def exit_of(plan: Plan, wants_changes: bool) -> Exit:
    """The exit code of a look: denied, refused and invalid first, then CHANGES when it was asked for."""
    codes = ({Exit.REFUSED} if plan.refused else set()) | ({Exit.INVALID} if plan.invalid else set())
    codes |= {Exit.POLICY} if plan.denied else set()
    moves = wants_changes and any(not step.allowed for step in plan.steps)
    return worst(codes, otherwise=Exit.CHANGES if moves else Exit.DONE)


def _view(desk: Desk, plan: Plan, look: Look) -> View:
    """What pages say around `plan`; its digest is the one that apply will see, before anything is masked."""
    forms = {look.form, *(name for name, _ in look.outputs)}
    return View(
        desk.fleet.catalogue,
        title=visible(desk.fleet.name),
        notes=unseen(plan.binding),
        digest=plan_digest(plan) if forms & _WITH_DIGEST else "",
        budget=look.budget,
        key=look.key,
        base=_base(desk.root),
    )


def _base(root: Path) -> str:
    """The folder of the files as seen from here, which in CI is the repository; empty when it lies elsewhere."""
    there, here = root.resolve(), Path.cwd()
    return there.relative_to(here).as_posix() if there != here and there.is_relative_to(here) else ""


def _lines(form: str, mode: str, desk: Desk, plan: Plan, view: View) -> Iterator[str]:
    if form == "text":
        yield from _heading(mode, desk, plan)
        yield ""
    yield from renderer(form)(plan, view)


def _heading(mode: str, desk: Desk, plan: Plan) -> Iterator[str]:
    made = plan.binding
    if made.base:
        yield f"{mode}  {visible(desk.fleet.name)}  {made.change}  as of {desk.as_of}  files only: drift is not visible"
        yield UNSEEN
        return
    yield f"{mode}  {visible(desk.fleet.name)}  as of {desk.as_of}  {_store(desk, made)}  {_looked_at(plan)}"


def _looked_at(plan: Plan) -> str:
    return count(plan.checked, "subscription")


def _store(desk: Desk, made: Binding) -> str:
    """Which store was asked; one that somebody named and that is not there was most likely mistyped."""
    if made.from_nothing and desk.store_named:
        return f"no store at {visible(desk.store_url)}: everything counts as new"
    return f"store {made.store[:8]}" if made.store and not made.from_nothing else "no store yet"
