"""The policies of a fleet, ready to be asked.

In: the entries of a fleet file. Out: Rules, or problems with their places.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from flexsync.desired.model import Path
from flexsync.desired.rule_spec import PolicyRule
from flexsync.errors import InvalidFiles, Problem, Where
from flexsync.plan.model import Effect
from flexsync.policy.expression import Expression, Undecided
from flexsync.policy.items import VARIABLES
from flexsync.policy.spelling import misspelt
from flexsync.state import digest


@dataclass(frozen=True, slots=True)
class Rule:
    """One policy, compiled."""

    name: str
    expression: Expression
    effect: Effect
    message: str
    approvers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rules:
    """All policies, in the order of the file; `digest` stands for them in a saved plan, empty when there are none."""

    each: tuple[Rule, ...] = ()
    digest: str = ""


NO_RULES = Rules()


def rules_from(entries: Sequence[PolicyRule], where: Callable[[Path], Where], at: Path = ("policies",)) -> Rules:
    """The Rules of a file; `where` has the place of a path. Raises InvalidFiles with all that is wrong."""
    problems: list[Problem] = []
    rules: list[Rule] = []
    names: set[str] = set()
    for number, entry in enumerate(entries):
        path = (*at, number)
        problems += _problems(entry, path, names, where)
        names.add(entry.name)
        try:
            expression = Expression(entry.when, VARIABLES)
        except Undecided as why:
            message = f"{entry.name}: {why}"
            problems.append(Problem("policy", message, where((*path, "when"))))
            continue
        problems += [Problem("policy", f"{entry.name}: {why}", where((*path, "when"))) for why in misspelt(entry.when)]
        rules.append(Rule(entry.name, expression, entry.effect, entry.message, tuple(entry.approvers)))
    if problems:
        raise InvalidFiles(problems)
    return Rules(tuple(rules), digest([entry.model_dump(mode="json") for entry in entries]) if entries else "")


def _problems(entry: PolicyRule, path: Path, names: set[str], where: Callable[[Path], Where]) -> Iterator[Problem]:
    if entry.name in names:
        message = f'two policies are called "{entry.name}"; rename one'
        yield Problem("policy-twice", message, where((*path, "name")))
    if entry.effect == "require_approver" and not entry.approvers:
        message = f"{entry.name}: require_approver needs approvers; name who may allow it"
        yield Problem("policy-approvers", message, where((*path, "effect")))
    if entry.effect != "require_approver" and entry.approvers:
        message = f"{entry.name}: approvers without effect: require_approver; remove them, or change the effect"
        yield Problem("policy-approvers", message, where((*path, "approvers")))
