"""What was done to a subscription, and what of it the files do not know yet (guide, step 4: the summary of actions).

In: an open store. Out: Done, in the order in which pages show them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flexsync.acts.site import Site
from flexsync.plan.change import Change
from flexsync.plan.diff import diff
from flexsync.plan.dossiers import loses_proof
from flexsync.plan.places import path_of
from flexsync.store.audit import Asked

#: Acts that a page shows.
SHOWN = 100


@dataclass(frozen=True, slots=True)
class Done:
    """One thing that was done: its kind, what it was about, and the values before and after, as plain data.

    `path` is where files would say so.
    """

    kind: str
    subject: str
    before: Any
    after: Any
    path: tuple[str, ...] = ()

    @property
    def loses_proof(self) -> bool:
        """True when what was retrieved before counts no more."""
        return loses_proof(self.kind, self.before, self.after)


@dataclass(frozen=True, slots=True)
class Entry:
    """What one person or run did at one moment; `by_files` when it came from the files."""

    at: datetime
    actor: str
    run: str
    commit: str
    revision: int
    by_files: bool
    done: tuple[Done, ...]


def history(site: Site, name: str) -> list[Entry]:
    """The last acts on a subscription, newest first."""
    acts = site.store.acts(Asked(subscription=name))
    return [
        Entry(
            act.at,
            act.actor,
            act.run,
            act.commit,
            act.revision,
            any(step.get("cause") != "drift" for step in act.steps),
            tuple(_done(step) for step in act.steps),
        )
        for act in reversed(acts[-SHOWN:])
    ]


def _done(step: Mapping[str, Any]) -> Done:
    return Done(step["kind"], step["subject"], step["before"], step["after"])


def drift_of(site: Site, name: str) -> list[Done]:
    """What was changed beside the files since they were applied last."""
    snapshot = site.store.snapshots([name])[name]
    if snapshot.applied is None or snapshot.current is None:
        return []
    changes = diff(snapshot.applied, snapshot.current, site.catalogue.ranks)
    return [
        Done(one.kind, one.subject, one.before, one.after, tuple(map(str, path_of(one))))
        for one in sorted(changes, key=_accounts_first)
    ]


def _accounts_first(change: Change) -> tuple[bool, str, str]:
    """That somebody was created stands before what they may open."""
    return change.parts[0] == "access", change.subject, change.kind
