"""A plan as a comment on a pull request: what is lost first, and always named, whatever the size.

In: a Plan and a View. Out: Markdown lines within `view.budget` bytes. Untrusted text goes through
`inert`; no line begins with it. To make room, what is added may be folded or cut, and the comment says so;
removals are named one by one, else by name per subscription, else counted per subscription.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from flexsync.errors import Problem, told_once
from flexsync.plan.access import Access
from flexsync.plan.model import Plan, Step, SubscriptionPlan, Trip
from flexsync.plan.summary import summary
from flexsync.plan.verdict import headline
from flexsync.render import mails, words
from flexsync.render.budget import Cut, Kept, Part, fitted, size
from flexsync.render.inert import code, marker, prose
from flexsync.render.review import Group, Item, Review, count, effects, review, seats
from flexsync.render.text import removals_first
from flexsync.render.view import View

_FEW = 3


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
    scope = f"{len(plan.subscriptions):,} of {count(plan.checked, 'subscription')}"
    return f"**flexsync{title}: {headline(plan)}** · {scope} · {summary(plan.steps)}{digest}"


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
    yield _errors(found.problems)
    yield _taken(found.taken, view)
    yield _held(found.held, view)
    yield _persons(found.access, view)
    yield _groups(found.groups, view)
    yield _warnings(found.warnings)
    yield _orphans(plan.orphans)
    yield _details(plan, view)


def _section(title: str, lines: Iterable[str]) -> tuple[str, ...]:
    return ("", f"### {title}", "", *lines)


def _limits(trips: Sequence[tuple[str, Trip]]) -> Kept:
    if not trips:
        return Kept(((),))
    by_class = Counter(trip.limit for _, trip in trips)
    return Kept(
        (
            _section("Limits", (f"- **! limit** {_in(name)}{prose(trip.message)}" for name, trip in trips)),
            _section("Limits", (f"- **! limit** {prose(name)}: tripped {n:,} times" for name, n in by_class.items())),
        )
    )


def _in(name: str) -> str:
    return f"{code(name)}: " if name else ""


def _errors(problems: Sequence[Problem]) -> Kept:
    if not problems:
        return Kept(((),))
    by_code = Counter(problem.code for problem in problems)
    counts = (f"- {code(name)}: {n:,}" for name, n in by_code.most_common(50))
    return Kept((_section("Errors", _problem_lines(problems)), _section("Errors", counts)))


def _problem_lines(problems: Sequence[Problem]) -> Iterator[str]:
    for problem, spread in told_once(problems):
        yield f"- {code(str(problem.where))} {code(problem.code)} {prose(problem.message)}{spread}"


def _taken(items: Sequence[Item], view: View) -> Kept:
    """Everything that takes away: one by one, by name per subscription, counted per subscription, counted."""
    if not items:
        return Kept(((),))
    title = f"Taken away or not to be undone ({len(items):,})"
    by_subscription: dict[str, list[Step]] = {}
    for item in items:
        by_subscription.setdefault(item.subscription, []).append(item.step)
    total = f"- {len(items):,} in {count(len(by_subscription), 'subscription')}; **too many to name in this comment**"
    return Kept(
        (
            _section(title, (line for item in items for line in _item_lines(item, view))),
            _section(title, (f"- {code(name)}: {_named(steps)}" for name, steps in by_subscription.items())),
            _section(title, (f"- {code(name)}: {_counted(steps)}" for name, steps in by_subscription.items())),
            _section(title, [f"- {_counted([item.step for item in items])}", total]),
        )
    )


def _named(steps: Sequence[Step]) -> str:
    by_verb: dict[str, list[str]] = {}
    for step in steps:
        product = step.change.parts[2] if step.change.parts[0] == "access" else ""
        name = f"{words.subject(step)} ({product})" if product else words.subject(step)
        by_verb.setdefault(f"{words.symbol(step)} {words.verb(step)}", []).append(code(name))
    return "; ".join(f"{verb} {', '.join(names)}".rstrip() for verb, names in by_verb.items())


def _counted(steps: Sequence[Step]) -> str:
    verbs = Counter(step.kind.words for step in steps)
    return ", ".join(f"{n:,} {verb}" for verb, n in verbs.items())


def _held(groups: Sequence[Group], view: View) -> Cut:
    items = tuple(tuple(_group_lines(group, view)) for group in groups)
    return Cut(("", "### Held back", ""), items, word="lines of what is held back")


def _groups(groups: Sequence[Group], view: View) -> Cut:
    items = tuple(tuple(_group_lines(group, view)) for group in groups)
    return Cut(("", "### Added or updated", ""), items, word="lines of what is added or updated")


def _group_lines(group: Group, view: View) -> Iterator[str]:
    if group.alone:
        yield from _item_lines(group.items[0], view)
        return
    step = group.step
    yield f"- {group.where}: **{group.what}** {prose(group.detail)}".rstrip()
    yield from (f"  - {words.held(step)}: {prose(block.message)} (the first of {len(group.items):,})"
                for block in step.blocks)  # fmt: skip


def _item_lines(item: Item, view: View) -> Iterator[str]:
    lines = _step_lines(item.step, view)
    yield f"- {code(item.subscription)}: {next(lines)}"
    yield from (f"  - {line}" for line in lines)


def _step_lines(step: Step, view: View) -> Iterator[str]:
    """What is done, with its reasons; then each block."""
    told = (code(words.subject(step)), prose(words.detail(step, view)))
    rest = (words.swap(step), mails.in_full(step), words.cause(step))
    reasons = "; ".join(
        [*(prose(part) for part in rest if part), *([code(place)] if (place := words.place(step)) else [])]
    )
    head = " ".join(["**" + f"{words.symbol(step)} {words.verb(step)}" + "**", *(part for part in told if part)])
    yield f"{head} — {reasons}" if reasons else head
    yield from (f"{words.held(step)}: {prose(block.message)}" for block in step.blocks)


def _persons(access: Sequence[Access], view: View) -> Cut:
    items = tuple((f"- {_person(one, view)}",) for one in access)
    return Cut(("", "### Access per person", ""), items, word="people")


def _person(one: Access, view: View) -> str:
    who = f"**{prose(one.name)}**" + (f" {code(one.email)}" if one.email else "")
    told = (f"{prose(effect)}{_places(names)}" for effect, names in effects(one, view))
    return f"{who}: {'; '.join(told)}"


def _places(names: Sequence[str]) -> str:
    if len(names) > _FEW:
        return f" in {len(names):,} subscriptions"
    return f" in {', '.join(code(name) for name in names)}"


def _warnings(problems: Sequence[Problem]) -> Cut:
    lines = tuple((line,) for line in _problem_lines(problems))
    return Cut(("", "### Warnings", ""), lines, word="warnings")


def _orphans(names: Sequence[str]) -> Cut:
    items = tuple((f"- {code(name)}",) for name in names)
    return Cut(("", "### In the store without a file (nothing is done to them)", ""), items, word="orphans")


def _details(plan: Plan, view: View) -> Cut:
    items = tuple(tuple(_detail(one, view)) for one in plan.subscriptions)
    frame = f"Every step, by subscription ({len(items):,})"
    before = ("", "<details>", f"<summary>{frame}</summary>")
    return Cut(before, items, ("", "</details>"), word="subscriptions step by step")


def _detail(one: SubscriptionPlan, view: View) -> Iterator[str]:
    yield from ("", f"#### {code(one.name)}", "", prose(seats(one)), "")
    for step in removals_first(one.steps):
        lines = _step_lines(step, view)
        yield f"- {next(lines)}"
        yield from (f"  - {line}" for line in lines)
    if one.unmanaged:
        yield f"- `*` not managed: {', '.join(code(key) for key in one.unmanaged)}"
