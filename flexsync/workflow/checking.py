"""validate: every file against its schema and the rules. It opens no store and reads no secret."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flexsync.clock import Clock
from flexsync.desired.fleet import Across
from flexsync.errors import InvalidFiles, Problem
from flexsync.text import count
from flexsync.workflow.desk import Order, open_desk


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found; `subscriptions` counts those looked at."""

    subscriptions: int
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> int:
        """How many problems stop something."""
        return sum(problem.fatal for problem in self.problems)

    @property
    def summary(self) -> str:
        """The counts in one line."""
        warnings = len(self.problems) - self.errors
        parts = ((self.subscriptions, "subscription"), (self.errors, "error"), (warnings, "warning"))
        return f"Checked: {', '.join(count(number, word) for number, word in parts)}"

    def plain(self) -> dict[str, Any]:
        """The same as JSON data."""
        return {"subscriptions": self.subscriptions, "problems": [plain_problem(one) for one in self.problems]}


def plain_problem(problem: Problem) -> dict[str, Any]:
    """A Problem as JSON data; the source line is left out, since it may hold anything."""
    return {
        "file": problem.where.file,
        "line": problem.where.line,
        "column": problem.where.column,
        "code": problem.code,
        "severity": problem.severity,
        "message": problem.message,
        "subscription": problem.subscription,
    }


def validate(order: Order, clock: Clock, advance: Callable[[int], None] = lambda number: None) -> Checked:
    """Everything that is wrong in the files that `order` names; nothing is raised for what they hold.

    Raises WrongCommand when a selection selects nothing.
    """
    try:
        desk = open_desk(order, clock)
    except InvalidFiles as error:
        return Checked(0, error.problems)
    across, seen = Across(), 0
    problems: list[Problem] = []
    for declared in desk.declared():
        across.observe(declared)
        if not declared.name or declared.name in desk.selection:
            problems.extend(declared.problems)
            seen += 1
        advance(1)
    problems.extend(problem for problem in across.problems() if problem.subscription in desk.selection)
    desk.selection.refuse_nothing(bool(seen or problems))
    return Checked(seen, tuple(problems))
