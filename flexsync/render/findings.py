"""findings: what a plan has to say about lines of the files, for tools that annotate them.

In: a Plan and a View. Out: Findings, what stops the run first, then what takes away. Additions are no
findings. All text is visible, on one
line, and not yet escaped for any format.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from flexsync.errors import Where, told_once
from flexsync.plan.model import Effect, Plan, Step
from flexsync.plan.verdict import takes_away
from flexsync.render import policies, words
from flexsync.render.review import trips
from flexsync.render.view import View
from flexsync.text import visible

Level = Literal["error", "warning", "note"]

_LEVELS: dict[Effect, Level] = {"deny": "error", "require_approver": "warning", "warn": "warning"}

#: What the codes of findings say that are none of a problem or a block.
RULES = {
    "agreed": "The files now say what was changed in the portal",
    "limit": "More changes of one class than a run may make without an acknowledgement",
    "policy-deny": "A policy of the fleet denies a change",
    "policy-require-approver": "A change that needs an approval",
    "policy-warn": "A policy of the fleet points out a change",
    "removal": "Somebody or something loses access",
    "irreversible": "A change that cannot be undone",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to know; `where` is None for what is in no file."""

    rule: str
    level: Level
    message: str
    where: Where | None = None
    subscription: str = ""


def findings(plan: Plan, view: View) -> list[Finding]:
    """All findings of a plan, the gravest first, in a stable order."""
    found = [*_problems(plan), *_limits(plan), *_policies(plan), *_steps(plan, view)]
    return sorted(found, key=lambda one: ("error", "warning", "note").index(one.level))


def path(where: Where, view: View) -> str:
    """The file inside the repository, made visible."""
    return visible(f"{view.base}/{where.file}" if view.base else where.file)


def _limits(plan: Plan) -> Iterator[Finding]:
    for name, trip in trips(plan):
        steps = (step for one in plan.subscriptions if name in ("", one.name) for step in one.ready)
        where = next((step.where for step in steps if step.limit == trip.limit and step.where), None)
        yield Finding("limit", "error", _of(name, trip.message), where, visible(name))


def _problems(plan: Plan) -> Iterator[Finding]:
    for problem, spread in told_once(plan.problems):
        level: Level = "error" if problem.fatal else "warning"
        message, whose = f"{visible(problem.message)}{spread}", visible(problem.subscription)
        yield Finding(visible(problem.code), level, message, problem.where, whose)


def _policies(plan: Plan) -> Iterator[Finding]:
    steps = ((one.name, step) for one in plan.subscriptions for step in one.ready)
    places = {(name, step.change.kind, step.change.subject): step.where for name, step in steps}
    for said in (*policies.refusing(plan), *policies.warning(plan)):
        rule, level = f"policy-{said.effect.replace('_', '-')}", _LEVELS[said.effect]
        where = places.get((said.subscription, said.kind, said.subject))
        yield Finding(rule, level, _of(said.subscription, policies.sentence(said)), where, visible(said.subscription))


def _steps(plan: Plan, view: View) -> Iterator[Finding]:
    for one in plan.subscriptions:
        for step in one.steps:
            yield from _blocks(one.name, step, view)
            if step.ready and takes_away(step):
                rule = "irreversible" if step.kind.danger == "destructive" else "removal"
                yield Finding(rule, "warning", _of(one.name, line(step, view)), step.where, visible(one.name))
        if one.settles:
            yield Finding("agreed", "note", _of(one.name, f"agreed: {words.AGREED}"), subscription=visible(one.name))


def _blocks(name: str, step: Step, view: View) -> Iterator[Finding]:
    level: Level = "error" if step.refused else "note"
    for block in step.blocks:
        message = f"{line(step, view)}: {words.held(step)}, {block.message}"
        yield Finding(visible(block.code), level, _of(name, message), step.where, visible(name))


def line(step: Step, view: View) -> str:
    """What a step does: `deactivate n.fabre, Nathalie Fabre <n.fabre@morel.example>`."""
    done = " ".join(part for part in (words.verb(step), words.subject(step)) if part)
    return ", ".join(part for part in (done, words.detail(step, view)) if part)


def _of(subscription: str, text: str) -> str:
    return visible(f"{subscription}: {text}" if subscription else text)
