"""Places, problems, blocks and the exception tree, with the exit code of each.

    FlexsyncError            1
    +-- WrongCommand        64   the command line does not make sense
    +-- InvalidFiles         3   files cannot be used; carries Problems
    +-- Refused              4   a limit or guard says no
    +-- PlanUnusable         5   stale, altered, used, or for another store
    +-- LockHeld             7   another run holds the subscription
    +-- StoreUnavailable     9   store or environment cannot be used

Three kinds of No, and only these: a Problem is about files, a Block about one change, a Limit
(`flexsync.plan.limits`) about a class of changes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Literal

from flexsync.text import visible


class Exit(IntEnum):
    """Exit codes of the command line."""

    DONE = 0
    FAILED = 1
    CHANGES = 2
    INVALID = 3
    REFUSED = 4
    PLAN_UNUSABLE = 5
    PARTIAL = 6
    LOCKED = 7
    POLICY = 8
    UNAVAILABLE = 9
    USAGE = 64
    INTERRUPTED = 130


#: When several hold, the first of these is the answer.
PRECEDENCE = (
    Exit.UNAVAILABLE,
    Exit.LOCKED,
    Exit.PLAN_UNUSABLE,
    Exit.PARTIAL,
    Exit.POLICY,  # before REFUSED: no acknowledgement lifts it
    Exit.REFUSED,
    Exit.INVALID,
    Exit.FAILED,
)


def worst(codes: "set[Exit]", otherwise: Exit = Exit.DONE) -> Exit:
    """The exit code of a run in which all of `codes` hold."""
    unexpected = Exit.FAILED if Exit.FAILED in codes else otherwise
    return next((code for code in PRECEDENCE if code in codes), unexpected)


@dataclass(frozen=True, slots=True, order=True)
class Where:
    """A place in a file; line and column count from 1, the column in characters."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{visible(self.file)}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in the files, that only an edit mends; a warning is told and does not stop."""

    code: str
    message: str
    where: Where
    severity: Literal["error", "warning"] = "error"
    source: str = ""
    subscription: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.code} {'' if self.fatal else 'warning: '}{self.message}"

    @property
    def fatal(self) -> bool:
        """True when the subscription cannot be used until the problem is mended."""
        return self.severity == "error"

    def of(self, subscription: str) -> "Problem":
        """The same problem, told of one subscription."""
        return replace(self, subscription=subscription)


def told_once(problems: Iterable[Problem]) -> Iterator[tuple[Problem, str]]:
    """Each distinct problem with the words for the subscriptions that it stops, ` (in 57 subscriptions)`.

    What is wrong in a profile or under people is wrong in every client that uses it.
    """
    alike: dict[tuple[Where, str, str], list[Problem]] = {}
    for problem in problems:
        alike.setdefault((problem.where, problem.code, problem.message), []).append(problem)
    for same in alike.values():
        yield same[0], _spread(list(dict.fromkeys(one.subscription for one in same if one.subscription)), same[0])


def _spread(names: list[str], problem: Problem) -> str:
    """Which subscriptions have the problem; nothing when it stands in a file that speaks of one alone."""
    if len(names) > 3:
        return f" (in {len(names)} subscriptions)"
    file = problem.where.file.rpartition("/")[2]
    own = len(names) == 1 and file.endswith((".yaml", ".yml")) and file != "fleet.yaml"
    return f" (in {visible(', '.join(names))})" if names and not own else ""


@dataclass(frozen=True, slots=True)
class Block:
    """Why one change has to wait, and what would let it go.

    `root` is the code of the first cause, when this change only waits for another one.
    """

    code: str
    message: str
    root: str = ""

    @property
    def cause(self) -> str:
        """The code that decides whether this waits or refuses."""
        return self.root or self.code


class FlexsyncError(Exception):
    """Root of every error that is told to the person in words."""

    exit = Exit.FAILED


class WrongCommand(FlexsyncError):
    """The command line asks for something that does not make sense."""

    exit = Exit.USAGE


class InvalidFiles(FlexsyncError):
    """Files that nothing can be planned from; `problems` says all that is wrong."""

    exit = Exit.INVALID

    def __init__(self, problems: "tuple[Problem, ...] | list[Problem]") -> None:
        super().__init__("; ".join(f"{p.where}: {p.code} {p.message}" for p in problems))
        self.problems = tuple(problems)


class Refused(FlexsyncError):
    """A limit or a guard refuses the run."""

    exit = Exit.REFUSED


class PlanUnusable(FlexsyncError):
    """A saved plan that is stale, altered, used, or made for another store."""

    exit = Exit.PLAN_UNUSABLE


class LockHeld(FlexsyncError):
    """Another run holds what this run needs."""

    exit = Exit.LOCKED


class StoreUnavailable(FlexsyncError):
    """The store, or something else of the environment, cannot be used."""

    exit = Exit.UNAVAILABLE
