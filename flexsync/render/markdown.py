"""A plan as a comment on a pull request: what is lost first, and always named, whatever the size.

In: a Plan and a View. Out: Markdown lines within `view.budget` bytes. Untrusted text goes through
`inert`; no line begins with it. To make room, what is added may be folded or cut, and the comment says so;
removals are named with their reasons, else without, else by name per subscription, else counted.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from flexsync.errors import Problem, told_once
from flexsync.plan.access import Access
from flexsync.plan.model import Finding, Plan, Step, SubscriptionPlan, Trip
from flexsync.plan.summary import summary
from flexsync.plan.verdict import headline
from flexsync.render import policies, words
from flexsync.render.budget import Cut, Kept, Part, fitted, size
from flexsync.render.inert import code, marker, prose
from flexsync.render.markdown_policies import forms, ruling_lines
from flexsync.render.markdown_steps import (
    action,
    alike_lines,
    brief_line,
    counted,
    counted_lines,
    item_lines,
    named,
    places,
    step_lines,
)
from flexsync.render.review import Group, Item, Review, alike, effects, review, scope, seats
from flexsync.render.text import removals_first
from flexsync.render.view import View, orphans_title
from flexsync.text import count

_FEW = 3
_NOTHING = Kept(((),))


def to_markdown(plan: Plan, view: View) -> Iterator[str]:
    """The lines of a comment."""
    head = [_verdict(plan, view), "", marker(view.key), *_notes(view)]
    lines, left_out = fitted(list(_parts(plan, review(plan, view), view)), view.budget - size(head))
    yield from head
    yield from _cut(left_out, view.budget)
    yield from lines


def _verdict(plan: Plan, view: View) -> str:
    """Verdict and counts, and by which digest apply will know the plan."""
    title = f" {prose(view.title)}" if view.title else ""
    digest = f" · plan {code(view.digest[:12])}" if view.digest else ""
    return f"**flexsync{title}: {headline(plan)}** · {scope(plan)} · {summary(plan.steps)}{digest}"


def _notes(view: View) -> Iterator[str]:
    for note in view.notes:
        yield from ("", f"> {prose(note)}")


def _cut(left_out: Sequence[str], budget: int) -> Iterator[str]:
    if left_out:
        told = "; ".join(left_out)
        yield from ("", f"> **Cut to {budget:,} bytes.** Not shown: {told}. The plan in another format has all.")


def _parts(plan: Plan, found: Review, view: View) -> Iterator[Part]:
    """All sections, in the order of the page."""
    yield _limits(found.trips)
    yield _policies(policies.refusing(plan))
    yield _errors(found.problems, plan.unplanned)
    yield _taken(found.taken, view)
    yield _groups("Held back", found.held, view)
    yield _persons(found.access, view)
    yield _groups("Added or updated", found.groups, view)
    yield _warnings(found.warnings, policies.warning(plan))
    yield _orphans(plan)
    yield _details(plan, view)


def _heading(title: str) -> tuple[str, ...]:
    return ("", f"### {title}", "")


def _section(title: str, lines: Iterable[str]) -> tuple[str, ...]:
    return (*_heading(title), *lines)


def _limits(trips: Sequence[tuple[Trip, tuple[str, ...]]]) -> Kept:
    """Each limit with its subscriptions, with their number, and counted by class."""
    if not trips:
        return _NOTHING
    by_class: Counter[str] = Counter()
    for trip, names in trips:
        by_class[trip.limit] += max(1, len(names))
    return Kept(
        (
            _section("Limits", (f"- {_limit(trip)}{_named(names)}" for trip, names in trips)),
            _section("Limits", (f"- {_limit(trip)}{_numbered(names)}" for trip, names in trips)),
            _section("Limits", (f"- **! limit** {prose(name)}: tripped {n:,} times" for name, n in by_class.items())),
        )
    )


def _limit(trip: Trip) -> str:
    return f"**! limit** {prose(trip.message)}"


def _named(names: Sequence[str]) -> str:
    return f" — {places(names)}" if names else ""


def _numbered(names: Sequence[str]) -> str:
    return f" — {count(len(names), 'subscription')}" if names else ""


def _policies(findings: Sequence[Finding]) -> Kept:
    if not findings:
        return _NOTHING
    return Kept(tuple(_section("Policies", lines) for lines in forms(findings)))


def _errors(problems: Sequence[Problem], unplanned: Sequence[str]) -> Kept:
    if not problems:
        return _NOTHING
    by_code = Counter(problem.code for problem in problems)
    counts = (f"- {code(name)}: {n:,}" for name, n in by_code.most_common(50))
    left_out = [f"- **! left out** {words.UNPLANNED}"] if unplanned else []
    return Kept(
        (
            _section("Errors", (*_problem_lines(problems), *(f"{line}{_named(unplanned)}" for line in left_out))),
            _section("Errors", (*counts, *(f"{line}{_numbered(unplanned)}" for line in left_out))),
        )
    )


def _problem_lines(problems: Sequence[Problem]) -> Iterator[str]:
    for problem, spread in told_once(problems):
        yield f"- {code(str(problem.where))} {code(problem.code)} {prose(problem.message + spread)}"


def _taken(items: Sequence[Item], view: View) -> Kept:
    """Everything that takes away: with reasons, without, by name per subscription, counted there, counted."""
    if not items:
        return _NOTHING
    title = f"Taken away or not to be undone ({len(items):,})"
    together = alike(items, view)
    by_subscription: dict[str, list[Step]] = {}
    for item in items:
        by_subscription.setdefault(item.subscription, []).append(item.step)
    total = f"- {len(items):,} in {count(len(by_subscription), 'subscription')}; **too many to name in this comment**"
    return Kept(
        (
            _section(title, (line for same in together for line in alike_lines(same, view))),
            _section(title, (brief_line(same, view) for same in together)),
            _section(title, (f"- {code(name)}: {named(steps)}" for name, steps in by_subscription.items())),
            _section(title, counted_lines(by_subscription)),
            _section(title, [f"- {counted([item.step for item in items])}", total]),
        )
    )


def _groups(title: str, groups: Sequence[Group], view: View) -> Cut:
    items = tuple(tuple(_group_lines(group, view)) for group in groups)
    return Cut(_heading(title), items, word=f"lines of what is {title.lower()}")


def _group_lines(group: Group, view: View) -> Iterator[str]:
    if group.alone:
        yield from item_lines(group.items[0], view)
        return
    step = group.step
    yield f"- {group.where}: {action(step)} {prose(group.detail)}".rstrip()
    yield from (f"  - {words.held(step)}: {prose(block.message)} (the first of {len(group.items):,})"
                for block in step.blocks)  # fmt: skip


def _persons(access: Sequence[Access], view: View) -> Cut:
    items = tuple((f"- {_person(one, view)}",) for one in access)
    return Cut(_heading("Access per person"), items, word="people")


def _person(one: Access, view: View) -> str:
    who = f"**{prose(one.name)}**" + (f" {code(one.email)}" if one.email else "")
    told = (f"{prose(effect)}{_places(names)}" for effect, names in effects(one, view))
    return f"{who}: {'; '.join(told)}"


def _places(names: Sequence[str]) -> str:
    if len(names) > _FEW:
        return f" in {len(names):,} subscriptions"
    return f" in {', '.join(code(name) for name in names)}"


def _warnings(problems: Sequence[Problem], findings: Sequence[Finding]) -> Cut:
    said = (tuple(ruling_lines(ruling)) for ruling in policies.rulings(findings))
    lines = ((line,) for line in _problem_lines(problems))
    return Cut(_heading("Warnings"), (*said, *lines), word="warnings")


def _orphans(plan: Plan) -> Cut:
    items = tuple((f"- {code(name)}",) for name in plan.orphans)
    return Cut(_heading(orphans_title(plan.binding)), items, word="orphans")


def _details(plan: Plan, view: View) -> Cut:
    items = tuple(tuple(_detail(one, view)) for one in plan.subscriptions)
    frame = f"Every step, by subscription ({len(items):,})"
    before = ("", "<details>", f"<summary>{frame}</summary>")
    return Cut(before, items, ("", "</details>"), word="subscriptions step by step")


def _detail(one: SubscriptionPlan, view: View) -> Iterator[str]:
    yield from ("", f"#### {code(one.name)}", "", prose(seats(one)), "")
    for step in removals_first(one.steps):
        lines = step_lines(step, view)
        yield f"- {next(lines)}"
        yield from (f"  - {line}" for line in lines)
    if one.settles:
        yield f"- `*` agreed: {words.AGREED}"
    if one.unmanaged:
        yield f"- `*` not managed: {', '.join(code(key) for key in one.unmanaged)}"
