"""A plan for a terminal: one line a step, what is taken away first.

In: a Plan and a View. Out: lines, one subscription after the other, so that a fleet streams.
Untrusted text is made visible in `words`; nothing is cut out of a plan.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flexsync.errors import Problem, told_once
from flexsync.plan.model import Finding, Plan, Step, SubscriptionPlan, Trip
from flexsync.plan.summary import summary
from flexsync.render import mails, policies, words
from flexsync.render.view import Colour, View
from flexsync.text import count, visible

_COLOURS: dict[str, Colour] = {
    "+": "green",
    "~": "yellow",
    "-": "red",
    ">": "blue",
    "!": "red",
    "?": "yellow",
    "*": "dim",
}
_WIDEST = 64


def to_text(plan: Plan, view: View) -> Iterator[str]:
    """The lines of a whole plan."""
    for subscription in plan.subscriptions:
        yield from subscription_text(subscription, view)
        yield ""
    yield from _orphans(plan.orphans, "base" if plan.binding.base else "store")
    yield from (_problem(problem, spread, view) for problem, spread in told_once(plan.problems))
    if plan.unplanned:
        yield view.style.paint("red", f"! left out  {visible(', '.join(plan.unplanned))}: {words.UNPLANNED}")
    yield from (_finding(finding, view) for finding in plan.findings)
    yield from (_trip(trip, view) for trip in plan.trips)
    codes = {notice.code for step in plan.steps for notice in step.notices}
    if codes:
        yield f"Mails: {mails.legend(codes)}"
    yield f"{summary(plan.steps)}{_refusals(plan)}"


def _refusals(plan: Plan) -> str:
    """What stops some of it: errors in the files, and limits."""
    errors = sum(problem.fatal for problem, _ in told_once(plan.problems))
    limits = len(plan.trips) + sum(len(one.trips) for one in plan.subscriptions)
    counts = (("errors in files", errors), ("limits exceeded", limits))
    return "".join(f"; {what}: {count}" for what, count in counts if count)


def subscription_text(plan: SubscriptionPlan, view: View) -> Iterator[str]:
    """The lines of one subscription: heading, steps, what is left alone, limits."""
    yield view.style.paint("bold", f"{visible(plan.name)}  {_seats(plan)}")
    cells = [_Cells.of(step, view) for step in removals_first(plan.steps)]
    widths = _widths(cells)
    for row in cells:
        yield from row.lines(widths, view)
    if plan.settles:
        yield view.style.paint("dim", f"  * agreed       {words.AGREED}")
    if plan.unmanaged:
        yield view.style.paint("dim", f"  * not managed  {visible(', '.join(plan.unmanaged))}")
    yield from (_trip(trip, view, indent="  ") for trip in plan.trips)


def removals_first(steps: Sequence[Step]) -> list[Step]:
    """Steps as they are shown: what destroys, what takes away, then the rest; a swap stays together."""
    ordered = sorted(steps, key=_rank)
    joins = {step.change.subject: step for step in ordered if step.pair and step.kind.symbol == "+"}
    leaves = {step.change.subject for step in ordered if step.pair in joins and step.kind.symbol == "-"}
    shown: list[Step] = []
    for step in ordered:
        if step.change.subject in leaves and step.pair in joins:
            shown += [step, joins[step.pair]]
        elif not (step.pair in leaves and step.change.subject in joins):
            shown.append(step)
    return shown


def _rank(step: Step) -> int:
    if step.kind.danger == "destructive":
        return 0
    return {"-": 1, "!": 2}.get(step.kind.symbol, 3)


@dataclass(frozen=True, slots=True)
class _Cells:
    """One step as columns, and the lines under it."""

    symbol: str
    words: str
    subject: str
    detail: str
    place: str
    rest: str
    below: tuple[str, ...]

    @classmethod
    def of(cls, step: Step, view: View) -> "_Cells":
        return cls(
            words.symbol(step),
            words.verb(step),
            words.subject(step),
            words.detail(step, view),
            words.place(step),
            "; ".join(
                part
                for part in (words.swap(step), mails.in_short(step, words.detail(step, view)), words.cause(step))
                if part
            ),
            ()
            if words.told_by_partner(step)
            else tuple(f"{words.held(step)}: {visible(block.message)}" for block in step.blocks),
        )

    @property
    def columns(self) -> tuple[str, str, str]:
        """The cells that are aligned and coloured."""
        return self.words, self.subject, self.detail

    @property
    def reasons(self) -> str:
        """Where it is written, and what else there is to say."""
        return "  ".join(part for part in (self.place, self.rest) if part)

    def lines(self, widths: Sequence[int | None], view: View) -> Iterator[str]:
        """The aligned line, and why it is held back."""
        cells = zip(self.columns, widths, strict=True)
        columns = "  ".join(cell.ljust(width) for cell, width in cells if width is not None)
        head = view.style.paint(_COLOURS[self.symbol], f"  {self.symbol} {columns.rstrip()}")
        gap = " " * (len(columns) - len(columns.rstrip()) + 2)
        yield head + gap + view.style.paint("dim", self.reasons) if self.reasons else head
        yield from (f"      {line}" for line in self.below)


def _widths(rows: Sequence[_Cells]) -> list[int | None]:
    """The width of each column; None for one that is empty throughout. Long cells are not waited for."""
    return [_widest(column) if any(column) else None for column in zip(*(row.columns for row in rows), strict=True)]


def _widest(column: Sequence[str]) -> int:
    return max((len(cell) for cell in column if len(cell) <= _WIDEST), default=0)


def _seats(plan: SubscriptionPlan) -> str:
    free = max(0, plan.seats - plan.occupied_after)
    return f"{count(plan.seats, 'seat')}: {plan.occupied} -> {plan.occupied_after} used, {free} free"


def _trip(trip: Trip, view: View, indent: str = "") -> str:
    return view.style.paint("red", f"{indent}! limit  {visible(trip.message)}")


def _finding(finding: Finding, view: View) -> str:
    about = f"{visible(finding.subscription)} {visible(finding.subject)}"
    asked = f"; allow it with --approved-by {policies.approvers(finding)}" if finding.approvers else ""
    head = f"{policies.sign(finding)} {policies.word(finding)}"
    text = f"{head}  {about}: {visible(finding.message)}  [{visible(finding.policy)}{asked}]"
    return view.style.paint(_COLOURS[policies.sign(finding)], text)


def _problem(problem: Problem, spread: str, view: View) -> str:
    return view.style.paint("red" if problem.fatal else "yellow", f"{visible(str(problem))}{spread}")


def _orphans(names: Sequence[str], kept: str) -> Iterator[str]:
    if names:
        yield f"* in the {kept} without a file  {visible(', '.join(names))}"
        yield "    nothing is done to them; bring the file back, or write state: closed in one"
