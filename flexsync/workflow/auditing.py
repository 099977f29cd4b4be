"""audit: the journal in words, and its ends in a file.

In: an open store, acts and ends. Out: lines, JSON data, and back.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from flexsync.clock import PARIS
from flexsync.errors import WrongCommand
from flexsync.plan.change import KINDS, Change
from flexsync.plan.data import masked
from flexsync.render.words import moved
from flexsync.text import shorten, visible
from flexsync.workflow.stores import refuse_unknown

if TYPE_CHECKING:
    from flexsync.store.audit import Act, Asked
    from flexsync.store.chain import End
    from flexsync.store.shared import Disclosure
    from flexsync.store.sql import Store

_MOST_BYTES = 64 * 1024 * 1024


def beginning(day: date | None) -> datetime | None:
    """The first instant of a day in Paris."""
    return datetime.combine(day, time(), PARIS) if day else None


def found(store: "Store", asked: "Asked") -> "list[Act]":
    """The acts that answer `asked`; raises WrongCommand when the store has no such subscription or run."""
    refuse_unknown(store, asked.subscription, asked.run)
    return store.acts(asked)


def told(acts: Iterable["Act"]) -> Iterator[str]:
    """Each act: who, when, by what, and its steps."""
    for act in acts:
        by = f"{act.at:%Y-%m-%d %H:%M:%S} UTC  {visible(act.actor)}  run {visible(act.run)}"
        plan = f"  plan {visible(act.plan_digest[:8])}" if act.plan_digest else ""
        commit = f"  commit {visible(act.commit[:12])}" if act.commit else ""
        yield f"{visible(act.subscription)}  revision {act.revision}  {by}{plan}{commit}"
        yield from (f"  {_step(step)}" for step in act.steps)


def _step(step: Mapping[str, Any]) -> str:
    change = Change(str(step["kind"]), str(step["subject"]), step.get("before"), step.get("after"))
    if change.kind not in KINDS:
        return f"{shorten(change.kind)}  {shorten(change.subject)}"
    kind = KINDS[change.kind]
    return f"{kind.symbol} {visible(change.words)}{_moved(masked(change))}"


def _moved(change: Change) -> str:
    """What an update moved, bank numbers masked; nothing of what came or went, whose subject says it."""
    if isinstance(change.before, Mapping) and isinstance(change.after, Mapping):
        return f"  {', '.join(moved(change.before, change.after))}"
    if isinstance(change.before, Mapping) or isinstance(change.after, Mapping | bool):
        return ""
    return f"  {shorten(str(change.before))} -> {shorten(str(change.after))}"


def plain(acts: Iterable["Act"]) -> list[dict[str, Any]]:
    """The acts as JSON data; bank numbers are masked."""
    return [_plain(act) for act in acts]


def _plain(act: "Act") -> dict[str, Any]:
    data = {name: getattr(act, name) for name in type(act).__slots__}
    return {**data, "at": act.at.isoformat(), "steps": [_plain_step(step) for step in act.steps]}


def _plain_step(step: Mapping[str, Any]) -> dict[str, Any]:
    change = masked(Change(step["kind"], step["subject"], step.get("before"), step.get("after")))
    return {**step, "before": change.before, "after": change.after}


def shown(store: "Store", name: str, since: datetime | None) -> "list[Disclosure]":
    """Who was shown what, oldest first: in all subscriptions, or in one."""
    from flexsync.store.shared import disclosures

    return store.read(lambda connection: disclosures(connection, name, since))


def disclosures_told(found: "Iterable[Disclosure]") -> Iterator[str]:
    """Each disclosure: when, of which subscription, what, to whom."""
    for one in found:
        yield f"{one.at:%Y-%m-%d %H:%M:%S} UTC  {visible(one.subscription)}  {visible(one.what)}  {visible(one.actor)}"


def disclosures_plain(found: "Iterable[Disclosure]") -> list[dict[str, Any]]:
    """The disclosures as JSON data."""
    return [{**asdict(one), "at": one.at.isoformat()} for one in found]


def ends_text(ends: Sequence["End"]) -> str:
    """The ends of all chains as JSON, to be kept where nobody who may write the store may write."""
    return json.dumps({end.name: {"revision": end.revision, "chain": end.chain} for end in ends}, indent=1) + "\n"


def ends_from(content: bytes) -> "dict[str, End]":
    """The ends that `ends_text` wrote; raises WrongCommand on anything else."""
    from flexsync.store.chain import End

    try:
        data = json.loads(content[:_MOST_BYTES])
        return {name: End(name, int(end["revision"]), str(end["chain"])) for name, end in data.items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise WrongCommand("The file does not hold the ends of a journal. Make one with flexsync audit ends.") from None
