"""redact: a plan without the names and addresses of persons. Keys stay, they are how the files name people."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from flexsync.errors import Problem
from flexsync.plan.model import Plan, Step, SubscriptionPlan

_ADDRESS = re.compile(r"[^\s<>()\"',;:]+@[^\s<>()\"',;:]+")
#: From the first quotation mark to the last one, since what is quoted may hold some itself.
_QUOTED = re.compile(r'".*"|".*', re.DOTALL)
_NAMES = ("given_name", "family_name")
_MASK = "•••"


def redact(plan: Plan) -> Plan:
    """`plan` with every e-mail address and name of a person masked, also inside messages.

    What is wrong in files may be told of people whom no step names, so whatever a problem quotes is
    masked too, and its source line is left out.
    """
    mask = _Mask(tuple(sorted(set(_names(plan)), key=lambda name: (-len(name), name))))
    return replace(
        plan,
        subscriptions=tuple(_subscription(each, mask) for each in plan.subscriptions),
        problems=tuple(_problem(each, mask) for each in plan.problems),
        findings=tuple(replace(each, message=mask.text(each.message)) for each in plan.findings),
    )


def redact_problems(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems of files that nothing could be planned from, with the same masks."""
    return tuple(_problem(each, _Mask(())) for each in problems)


def _problem(problem: Problem, mask: "_Mask") -> Problem:
    return replace(problem, message=mask.unquoted(problem.message), source="")


@dataclass(frozen=True)
class _Mask:
    """Hides addresses, and the names that the plan knows."""

    names: tuple[str, ...]

    @cached_property
    def _known(self) -> "re.Pattern[str] | None":
        return re.compile("|".join(rf"\b{re.escape(name)}\b" for name in self.names)) if self.names else None

    def text(self, text: str) -> str:
        """`text` with what it says of persons masked."""
        shown = _ADDRESS.sub(_MASK, text)
        return self._known.sub(_MASK, shown) if self._known else shown

    def unquoted(self, text: str) -> str:
        """`text` with the same masks, and one for all that it quotes."""
        return self.text(_QUOTED.sub(f'"{_MASK}"', text))

    def data(self, value: Any) -> Any:
        """Plain data with the same masks."""
        if isinstance(value, dict):
            return {key: _MASK if key in _NAMES else self.data(part) for key, part in value.items()}
        if isinstance(value, list):
            return [self.data(part) for part in value]
        return self.text(value) if isinstance(value, str) and "@" in value else value


def _names(plan: Plan) -> Iterator[str]:
    """Every name of a person that the steps hold, whole and in its parts; one letter hides nothing."""
    for step in plan.steps:
        for side in (step.change.before, step.change.after):
            yield from (name for name in _in(side) if len(name) > 1)


def _in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (value[key] for key in _NAMES if isinstance(value.get(key), str))
        for part in value.values():
            yield from _in(part)


def _subscription(plan: SubscriptionPlan, mask: _Mask) -> SubscriptionPlan:
    return replace(plan, steps=tuple(_step(step, mask) for step in plan.steps), desired=None)


def _step(step: Step, mask: _Mask) -> Step:
    change = replace(step.change, before=mask.data(step.change.before), after=mask.data(step.change.after))
    return replace(
        step,
        change=change,
        notices=tuple(replace(notice, to=_MASK) for notice in step.notices),
        blocks=tuple(replace(block, message=mask.text(block.message)) for block in step.blocks),
    )
