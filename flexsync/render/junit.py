"""A plan as a JUnit report: one case a subscription, and one for all that need nothing, for hosts that show tests.

A case fails when its files cannot be used or a limit, guard or policy refuses it. What is done stands in
its output; what only waits, or needs an approval, does not fail it.
"""

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from flexsync.errors import Problem
from flexsync.plan.model import Finding, Plan, SubscriptionPlan
from flexsync.render import policies
from flexsync.render.text import subscription_text
from flexsync.render.view import View
from flexsync.text import count, visible


def to_junit(plan: Plan, view: View) -> Iterator[str]:
    """The lines of an XML document."""
    cases = list(_cases(plan, View(view.catalogue)))
    failed = sum(1 for _, failures, _ in cases if failures)
    counts = f'tests="{len(cases)}" failures="{failed}" errors="0"'
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<testsuites name="flexsync" {counts}>'
    yield f"  <testsuite name={_attribute(view.title or 'flexsync')} {counts}>"
    for name, failures, output in cases:
        yield from _case(name, failures, output)
    yield "  </testsuite>"
    yield "</testsuites>"


def _cases(plan: Plan, view: View) -> Iterator[tuple[str, list[str], list[str]]]:
    """Name, failures and output of each case: the fleet, then the subscriptions."""
    problems: dict[str, list[Problem]] = {}
    for problem in plan.problems:
        problems.setdefault(problem.subscription, []).append(problem)
    shared = problems.pop("", [])
    yield "the fleet", [*_failures(shared), *(trip.message for trip in plan.trips)], _warnings(shared)
    planned = {one.name: one for one in plan.subscriptions}
    ruled = _ruled(plan)
    told = planned.keys() | problems.keys() | ruled.keys()
    for name in sorted(told):
        one, denials, others = planned.get(name), *ruled.get(name, ([], []))
        failures = [*_failures(problems.get(name, [])), *(_refusals(one) if one else []), *denials]
        steps = subscription_text(one, view) if one else ()
        yield name, failures, [*steps, *others, *_warnings(problems.get(name, []))]
    if plan.checked > len(told):
        yield f"{count(plan.checked - len(told), 'further subscription')} with nothing to do", [], []


def _ruled(plan: Plan) -> dict[str, tuple[list[str], list[str]]]:
    """What policies say, by subscription: denials, and the rest."""
    found: dict[str, tuple[list[str], list[str]]] = {}
    for finding in plan.findings:
        denials, others = found.setdefault(finding.subscription, ([], []))
        (denials if finding.effect == "deny" else others).append(_said(finding))
    return found


def _said(finding: Finding) -> str:
    return f"{policies.sign(finding)} {policies.sentence(finding)}"


def _failures(problems: Sequence[Problem]) -> list[str]:
    return [str(problem) for problem in problems if problem.fatal]


def _warnings(problems: Sequence[Problem]) -> list[str]:
    return [str(problem) for problem in problems if not problem.fatal]


def _refusals(plan: SubscriptionPlan) -> Iterator[str]:
    yield from (trip.message for trip in plan.trips)
    for step in plan.steps:
        yield from (f"{step.change.words}: {block.message}" for block in step.blocks if step.refused)


def _case(name: str, failures: Sequence[str], output: Sequence[str]) -> Iterator[str]:
    head = f'    <testcase classname="flexsync" name={_attribute(name)} time="0"'
    if not failures and not output:
        yield f"{head}/>"
        return
    yield f"{head}>"
    if failures:
        yield f"      <failure message={_attribute(failures[0])}>{_text(failures)}</failure>"
    if output:
        yield f"      <system-out>{_text(output)}</system-out>"
    yield "    </testcase>"


def _attribute(text: str) -> str:
    return quoteattr(visible(text))


def _text(lines: Sequence[str]) -> str:
    return escape("\n".join(visible(line) for line in lines))
