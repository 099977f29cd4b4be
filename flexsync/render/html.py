"""A plan as one page for a browser: what is lost first, readable on a phone, printable, no script needed.

In: a Plan and a View. Out: HTML lines that load nothing from anywhere. Untrusted text goes through
`_shown` and stands only between tags or inside a quoted attribute; identifiers are numbers.
"""

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from flexsync import __version__
from flexsync.errors import Problem, told_once
from flexsync.plan.access import Access
from flexsync.plan.model import Binding, Finding, Plan, Step, SubscriptionPlan, Trip
from flexsync.plan.summary import summary
from flexsync.plan.verdict import headline, labels
from flexsync.render import policies, words
from flexsync.render.page import SCRIPT, STYLE, policy
from flexsync.render.review import Group, Item, alike, effects, review, scope, seats, takes
from flexsync.render.text import removals_first
from flexsync.render.view import View, orphans_title
from flexsync.text import count, visible

_SIGNS = {"+": "won", "!": "held", "~": "moved", ">": "moved", "?": "held", "*": "soft"}
_RULED = {"deny": "lost", "require_approver": "held", "warn": "moved"}
_FEW = 3


def to_html(plan: Plan, view: View) -> Iterator[str]:
    """The lines of a page."""
    yield from _head(view)
    yield from _header(plan, view)
    yield "<main>"
    yield from _main(plan, view)
    yield "</main>"
    yield f"<footer class=soft>Made by flexsync {_shown(__version__)}. Nothing was applied by this page.</footer>"
    yield f"<script>{SCRIPT}</script>"
    yield "</body>"
    yield "</html>"


def _head(view: View) -> Iterator[str]:
    yield "<!doctype html>"
    yield '<html lang="en">'
    yield "<head>"
    yield '<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{escape(policy())}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="robots" content="noindex">'
    yield f"<title>Plan {_shown(view.title)}</title>"
    yield f"<style>{STYLE}</style>"
    yield "</head>"
    yield "<body>"


def _header(plan: Plan, view: View) -> Iterator[str]:
    label = labels(plan)[0].partition("/")[2]
    digest = f" · plan <code>{_shown(view.digest[:12])}</code>" if view.digest else ""
    yield "<header>"
    yield f"<h1>Plan {_shown(view.title)}</h1>"
    yield f'<p><span class="verdict {label}">{headline(plan).capitalize()}</span></p>'
    yield f"<p>{_shown(str(summary(plan.steps)))}</p>"
    yield f"<p class=soft>As of {plan.binding.as_of.isoformat()} · {scope(plan)}{_store(plan.binding)}{digest}</p>"
    yield from (f"<p>{_shown(note)}</p>" for note in view.notes)
    yield from _filter(plan.steps)
    yield "</header>"


def _store(made: Binding) -> str:
    """Which store was asked; the notes tell of a plan that asked none."""
    return f" · store <code>{_shown(made.store[:8])}</code>" if made.store and not made.from_nothing else ""


def _filter(steps: Iterable[Step]) -> Iterator[str]:
    """What the page may be reduced to; the last two need the script, and show themselves with it."""
    parts = (("taken", "Taken away"), ("held", "Held back"), ("added", "Added or updated"))
    boxes = (f'<label><input type="checkbox" id="show-{name}" checked> {told}</label>' for name, told in parts)
    search = '<label hidden>Client <input type="search" id="client" autocomplete="off"></label>'
    kinds = f'<label hidden>Kind <select id="kind" autocomplete="off">{"".join(_options(steps))}</select></label>'
    yield f'<div class="filter">{"".join(boxes)}{kinds}{search}</div>'


def _options(steps: Iterable[Step]) -> Iterator[str]:
    """One for each word that a step begins with; several kinds may share it."""
    kinds: dict[str, set[str]] = {}
    for step in steps:
        kinds.setdefault(step.kind.words, set()).add(step.change.kind)
    yield '<option value="">all</option>'
    yield from (f'<option value="{" ".join(sorted(kinds[told]))}">{_shown(told)}</option>' for told in sorted(kinds))


def _main(plan: Plan, view: View) -> Iterator[str]:
    found = review(plan, view)
    yield from _section("Limits", "", (_trip(trip, names) for trip, names in found.trips))
    yield from _section("Policies", "", map(_finding, policies.refusing(plan)))
    yield from _section("Errors", "", (*_problems(found.problems), *_left_out(plan.unplanned)), len(found.problems))
    taken = (_alike(items, view) for items in alike(found.taken, view))
    yield from _section("Taken away or not to be undone", "taken", taken, len(found.taken))
    yield from _section("Held back", "held-back", (_group(group, view) for group in found.held))
    yield from _persons(found.access, view)
    yield from _section("Added or updated", "added", (_group(group, view) for group in found.groups))
    warnings = (*map(_finding, policies.warning(plan)), *_problems(found.warnings))
    yield from _section("Warnings", "", warnings)
    orphans = (_row(f"<code>{_shown(name)}</code>", name) for name in plan.orphans)
    yield from _section(orphans_title(plan.binding), "", orphans)
    yield from _subscriptions(plan.subscriptions, view)


def _section(title: str, name: str, rows: Iterable[str], number: int = 0) -> Iterator[str]:
    """A heading and its list, with the number of rows or of what they stand for; nothing when there are none."""
    shown = list(rows)
    if shown:
        yield f'<section class="{name}">' if name else "<section>"
        yield f"<h2>{title} <span class=soft>{number or len(shown):,}</span></h2>"
        yield from ("<ul>", *shown, "</ul>", "</section>")


def _row(inner: str, *clients: str, steps: Iterable[Step] = ()) -> str:
    return f"<li{_of_clients(clients)}{_of_kinds(steps)}>{inner}</li>"


def _of_clients(names: Iterable[str]) -> str:
    """The attribute by which the page finds what is about a client; nothing for what is about none."""
    known = " ".join(_shown(name) for name in names if name)
    return f' data-client="{known}"' if known else ""


def _of_kinds(steps: Iterable[Step]) -> str:
    """The attribute by which the page finds steps of a kind; nothing for what is no step."""
    kinds = " ".join(sorted({step.change.kind for step in steps}))
    return f' data-kind="{kinds}"' if kinds else ""


def _trip(trip: Trip, names: Sequence[str]) -> str:
    whose = f"<small>{_everywhere(names)}</small>" if names else ""
    return _row(f"<b class=lost>! limit</b> {_shown(trip.message)}{whose}", *names)


def _finding(finding: Finding) -> str:
    colour, head = _RULED[finding.effect], f"{policies.sign(finding)} {policies.word(finding)}"
    of = f" of {' or '.join(f'<code>{_shown(name)}</code>' for name in finding.approvers)}" if finding.approvers else ""
    step = f"<code>{_shown(finding.subscription)}</code> <code>{_shown(policies.about(finding))}</code>"
    told = f"{_shown(finding.message)}<small>policy {_shown(finding.policy)}</small>"
    return _row(f"<b class={colour}>{head}</b>{of}: {step}: {told}", finding.subscription)


def _problems(problems: Sequence[Problem]) -> Iterator[str]:
    for problem, spread in told_once(problems):
        place = f"<small><code>{_shown(str(problem.where))}</code> {_shown(problem.code + spread)}</small>"
        yield _row(f"{_shown(problem.message)}{place}", "" if spread else problem.subscription)


def _left_out(names: Sequence[str]) -> Iterator[str]:
    if names:
        told = f"<b class=lost>! left out</b> {words.UNPLANNED}"
        yield _row(f"{told}<small>{_everywhere(names)}</small>", *names)


def _item(item: Item, view: View) -> str:
    told = f"<code>{_shown(item.subscription)}</code>: {_step(item.step, view)}"
    return _row(told, item.subscription, steps=(item.step,))


def _alike(items: Sequence[Item], view: View) -> str:
    """What is done alike in several subscriptions, once; the list of every step has the reasons of each."""
    if len(items) == 1:
        return _item(items[0], view)
    names = tuple(dict.fromkeys(item.subscription for item in items))
    step = items[0].step
    return _row(f"{_action(step, view)}<small>{_everywhere(names)}</small>", *names, steps=(step,))


def _everywhere(names: Sequence[str]) -> str:
    return f"{count(len(names), 'subscription')}: {', '.join(map(_shown, names))}"


def _group(group: Group, view: View) -> str:
    if group.alone:
        return _item(group.items[0], view)
    blocks = (f"{_held(group.step, block.message)} (the first of {len(group.items):,})" for block in group.step.blocks)
    names = tuple(dict.fromkeys(item.subscription for item in group.items))
    told = f"{group.where}: {_sign(group.step)} {_shown(group.detail)}{''.join(blocks)}"
    return _row(f"{told}<small>{', '.join(map(_shown, names))}</small>", *names, steps=(group.step,))


def _sign(step: Step) -> str:
    symbol = words.symbol(step)
    colour = "lost" if takes(step) else _SIGNS[symbol]
    return f"<b class={colour}>{symbol} {_shown(words.verb(step))}</b>"


def _step(step: Step, view: View) -> str:
    """What is done; under it why it is held back, and what stands behind it."""
    reasons = "; ".join(words.reasons(step))
    return _action(step, view) + (f"<small>{_shown(reasons)}</small>" if reasons else "")


def _action(step: Step, view: View) -> str:
    """What is done; under it why it is held back."""
    subject = words.subject(step)
    told = [_sign(step), *([f"<code>{_shown(subject)}</code>"] if subject else []), _shown(words.detail(step, view))]
    return " ".join(told).strip() + "".join(_held(step, block.message) for block in step.blocks)


def _held(step: Step, message: str) -> str:
    return f"<br><span class=held>{words.held(step)}: {_shown(message)}</span>"


def _persons(access: Sequence[Access], view: View) -> Iterator[str]:
    if not access:
        return
    yield "<section>"
    yield f"<h2>Access per person <span class=soft>{len(access):,}</span></h2>"
    yield from (_person(one, view) for one in access)
    yield "</section>"


def _person(one: Access, view: View) -> str:
    email = f"<small>{_shown(one.email)}</small>" if one.email else ""
    told = (
        f"<span class={'lost' if effect.startswith('loses') else 'won'}>{_shown(effect)}</span> in {_places(names)}"
        for effect, names in effects(one, view)
    )
    about = _of_clients(dict.fromkeys(name for _, names in effects(one, view) for name in names))
    who = f"<div><b>{_shown(one.name)}</b>{email}</div>"
    # Its kinds are none: a page reduced to one kind of change tells of no access as a whole.
    return f'<div class=person data-kind=""{about}>{who}<div>{"<br>".join(told)}</div></div>'


def _places(names: Sequence[str]) -> str:
    shown = ", ".join(f"<code>{_shown(name)}</code>" for name in names)
    if len(names) <= _FEW:
        return shown
    return f"<details><summary>{len(names):,} subscriptions</summary><p>{shown}</p></details>"


def _subscriptions(plans: Sequence[SubscriptionPlan], view: View) -> Iterator[str]:
    if not plans:
        return
    yield "<section>"
    yield f"<h2>Every step, by subscription <span class=soft>{len(plans):,}</span></h2>"
    for number, one in enumerate(plans, 1):
        yield f'<details id="s{number}"{_of_clients([one.name])}{_of_kinds(one.steps)}>'
        yield f"<summary><b>{_shown(one.name)}</b> <span class=soft>{_shown(seats(one))}</span></summary>"
        yield "<ul>"
        yield from (_line(step, view) for step in removals_first(one.steps))
        yield "</ul>"
        if one.settles:
            yield f"<p class=soft>* agreed: {words.AGREED}</p>"
        if one.unmanaged:
            yield f"<p class=soft>* not managed: {_shown(', '.join(one.unmanaged))}</p>"
        yield "</details>"
    yield "</section>"


def _line(step: Step, view: View) -> str:
    return f'<li class="{_part(step)}"{_of_kinds((step,))}>{_step(step, view)}</li>'


def _part(step: Step) -> str:
    if takes(step):
        return "taken"
    return "added" if step.ready else "held-back"


def _shown(text: str) -> str:
    return escape(visible(text))
