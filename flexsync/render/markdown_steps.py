"""Steps as lines of a comment: one by one, and what is alike in several subscriptions together.

In: Items and Steps. Out: Markdown lines, untrusted text made inert. A line of several subscriptions
names every one of them.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from flexsync.plan.model import Step
from flexsync.render import mails, words
from flexsync.render.inert import code, prose
from flexsync.render.review import Item
from flexsync.render.view import View
from flexsync.text import count


def item_lines(item: Item, view: View) -> Iterator[str]:
    """One step of one subscription."""
    lines = step_lines(item.step, view)
    yield f"- {code(item.subscription)}: {next(lines)}"
    yield from (f"  - {line}" for line in lines)


def alike_lines(items: Sequence[Item], view: View) -> Iterator[str]:
    """Items that `review.alike` put together: once, with the reasons that they share."""
    if len(items) == 1:
        yield from item_lines(items[0], view)
        return
    step = items[0].step
    told = [_reasons(item.step) for item in items]
    shared = [reason for reason in told[0] if all(reason in others for others in told)]
    yield f"- {_head(step, view)} — {'; '.join([*shared, _everywhere(items)])}"
    yield from (f"  - {line}" for line in _blocks(step))


def brief_line(items: Sequence[Item], view: View) -> str:
    """The same without reasons."""
    if len(items) == 1:
        return f"- {code(items[0].subscription)}: {_head(items[0].step, view)}"
    return f"- {_head(items[0].step, view)} — {_everywhere(items)}"


def step_lines(step: Step, view: View) -> Iterator[str]:
    """What is done, with its reasons; then each block."""
    reasons = "; ".join(_reasons(step))
    yield f"{_head(step, view)} — {reasons}" if reasons else _head(step, view)
    yield from _blocks(step)


def action(step: Step) -> str:
    """Sign and verb, bold; an asterisk would end the bold before it began."""
    return f"**{words.symbol(step).replace('*', '&#42;')} {words.verb(step)}**"


def named(steps: Sequence[Step]) -> str:
    """Whom and what the steps of one subscription are about, by verb."""
    by_verb: dict[str, list[str]] = {}
    for step in steps:
        product = step.change.parts[2] if step.change.parts[0] == "access" else ""
        name = f"{words.subject(step)} ({product})" if product else words.subject(step)
        by_verb.setdefault(f"{words.symbol(step)} {words.verb(step)}", []).append(code(name))
    return "; ".join(f"{verb} {', '.join(names)}".rstrip() for verb, names in by_verb.items())


def counted(steps: Sequence[Step]) -> str:
    """`3 deactivate, 1 revoke`."""
    verbs = Counter(step.kind.words for step in steps)
    return ", ".join(f"{n:,} {verb}" for verb, n in verbs.items())


def counted_lines(by_subscription: Mapping[str, Sequence[Step]]) -> Iterator[str]:
    """Counts for every subscription, equal ones on one line: `1 deactivate each in 2 subscriptions: a, b`."""
    alike: dict[str, list[str]] = {}
    for name, steps in by_subscription.items():
        alike.setdefault(counted(steps), []).append(name)
    yield from (f"- {counts}{' each' if len(names) > 1 else ''} in {places(names)}" for counts, names in alike.items())


def places(names: Sequence[str]) -> str:
    """Every one of `names`, and how many when there are several: `2 subscriptions: a, b`."""
    shown = ", ".join(code(name) for name in names)
    return shown if len(names) == 1 else f"{count(len(names), 'subscription')}: {shown}"


def _everywhere(items: Sequence[Item]) -> str:
    return places(tuple(dict.fromkeys(item.subscription for item in items)))


def _head(step: Step, view: View) -> str:
    told = (code(words.subject(step)), prose(words.detail(step, view)))
    return " ".join([action(step), *(part for part in told if part)])


def _reasons(step: Step) -> list[str]:
    told = (words.swap(step), mails.in_full(step), words.cause(step))
    return [*(prose(part) for part in told if part), *([code(place)] if (place := words.place(step)) else [])]


def _blocks(step: Step) -> Iterator[str]:
    yield from (f"{words.held(step)}: {prose(block.message)}" for block in step.blocks)
