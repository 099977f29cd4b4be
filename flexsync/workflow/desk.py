"""Desk: the files, the day and the selection that one command works with.

In: what the person asked for. Out: the opened fleet and the address of its store. It opens no store.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from flexsync.clock import Clock, today
from flexsync.desired.contact_spec import MailEntry, PortalEntry
from flexsync.desired.fleet import Declared, Fleet, declared, open_fleet
from flexsync.desired.model import Allowed
from flexsync.desired.source import Folder
from flexsync.errors import WrongCommand
from flexsync.paths import is_there
from flexsync.plan.limits import Limits, limits_from
from flexsync.policy.rules import NO_RULES, Rules, rules_from
from flexsync.text import visible
from flexsync.workflow.belonging import refuse_part_of_fleet

DEFAULT_STORE = ".flexsync/store.db"
LOCAL_PORTAL = "http://127.0.0.1:8080"
LOCAL_SENDER = "flexsync@localhost"


@dataclass(frozen=True, slots=True)
class Selection:
    """Which subscriptions a run is about: those that match a target (all, when there is none) and no exclusion."""

    targets: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()

    def __contains__(self, name: str) -> bool:
        if any(fnmatchcase(name, glob) for glob in self.excludes):
            return False
        return not self.targets or any(fnmatchcase(name, glob) for glob in self.targets)

    def refuse_nothing(self, found: bool) -> None:
        """Raise WrongCommand when it leaves something out, and nothing was `found`."""
        if not found and (self.targets or self.excludes):
            raise WrongCommand(f"No subscription matches {visible(' '.join(self.targets)) or 'the selection'}.")


@dataclass(frozen=True, slots=True)
class Order:
    """What the person asked for, before anything is read."""

    path: str = "."
    store: str = ""
    as_of: date | None = None
    selection: Selection = Selection()
    acks: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Desk:
    """The opened fleet, the day, the selection, and where the store is. `root` is the folder of the files.

    A store that somebody named for the run (`store_named`) is never created by it: a mistyped name
    would be a new store, and everybody would be invited again.
    """

    root: Path
    fleet: Fleet
    as_of: date
    selection: Selection
    store_url: str
    limits: Limits
    acks: Mapping[str, int]
    policies: Rules = NO_RULES
    store_named: bool = False

    def declared(self) -> Iterator[Declared]:
        """Every subscription of the files, one at a time."""
        return declared(self.fleet, self.as_of)

    def profiles_of(self, declared: Declared) -> tuple[str, ...]:
        """The profiles that a subscription is made from, those that they build on before them."""
        return tuple(self.fleet.shared.expand(declared.data.get("profiles") or ()))

    def allowed_for(self, name: str) -> tuple[Allowed, ...]:
        """The drift of one subscription that the fleet's list allows, on whatever day."""
        entries = self.fleet.spec.drift_allowed if self.fleet.spec else ()
        return tuple(
            Allowed(one.subject, one.reason, one.until) for one in entries if fnmatchcase(name, one.subscription)
        )

    @property
    def portal(self) -> PortalEntry:
        """Where people find their space; on this machine when the fleet does not say."""
        return (self.fleet.spec and self.fleet.spec.portal) or PortalEntry(url=LOCAL_PORTAL)

    @property
    def mail(self) -> MailEntry:
        """Who writes the mails; files in a folder when the fleet does not say."""
        return (self.fleet.spec and self.fleet.spec.mail) or MailEntry(sender=LOCAL_SENDER)

    @property
    def size(self) -> int:
        """How many subscriptions there are to look at, for a progress bar."""
        return len(self.fleet.files) + len(self.fleet.rows)


def open_desk(order: Order, clock: Clock) -> Desk:
    """Open the files that `order` names.

    Raises InvalidFiles when the fleet file itself cannot be used, and WrongCommand when nothing is
    there, or only a part of a fleet.
    """
    root, entry = place_of(order.path)
    fleet = open_fleet(Folder(root), entry)
    refuse_part_of_fleet(root, fleet)
    return Desk(
        root=root,
        fleet=fleet,
        as_of=order.as_of or today(clock),
        selection=order.selection,
        store_url=_store_url(order.store, fleet, root),
        limits=limits_from(limits_of(fleet)),
        acks=order.acks,
        policies=policies_of(fleet),
        store_named=bool(order.store),
    )


def place_of(path: str) -> tuple[Path, str]:
    """The folder of the files, and the file in it that was named, if one was; WrongCommand when nothing is there."""
    place = Path(path)
    if not is_there(place):
        raise WrongCommand(
            f'There is no "{visible(path)}". Give a folder, a fleet file or a subscription file with -C.'
        )
    return (place, "") if place.is_dir() else (place.parent, place.name)


def limits_of(fleet: Fleet) -> dict[str, Any]:
    """The fleet file's own bounds as plain data."""
    if fleet.spec is None or fleet.spec.limits is None:
        return {}
    return fleet.spec.limits.model_dump(exclude_none=True)


def policies_of(fleet: Fleet) -> Rules:
    """The policies of a fleet file, which has to be the trusted one; raises InvalidFiles when one cannot be read."""
    document = fleet.shared.document
    if fleet.spec is None or document is None or not fleet.spec.policies:
        return NO_RULES
    return rules_from(fleet.spec.policies, document.where)


def _store_url(asked: str, fleet: Fleet, root: Path) -> str:
    """The address that was asked for, or the fleet's (relative to its folder), or the usual file beside it."""
    if asked:
        return asked
    url = (fleet.spec.store if fleet.spec else None) or DEFAULT_STORE
    path = url.removeprefix("sqlite:///")
    return url if "://" in path else os.path.normpath(root / path)
