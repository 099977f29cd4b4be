"""scheduled: people whom the files ask for from a later day on, and whom the store does not have before.

In: what the person asked for, and a Snapshot. Out: Users as they will be on their first day. It writes
nothing, and is silent about files that cannot be read: others tell that.
"""

from collections.abc import Iterator
from datetime import date

from flexsync.clock import Clock
from flexsync.desired.declared import Declared
from flexsync.errors import InvalidFiles, WrongCommand
from flexsync.snapshot import Snapshot
from flexsync.state import User
from flexsync.workflow.desk import Desk, Order, open_desk
from flexsync.workflow.looking import find
from flexsync.workflow.single import resolved


def scheduled(order: Order, clock: Clock, snapshot: Snapshot) -> dict[str, User]:
    """By key, those who have no seat yet and begin after the day of `order`."""
    try:
        return _scheduled(open_desk(order, clock), snapshot)
    except (InvalidFiles, WrongCommand):
        return {}


def _scheduled(desk: Desk, snapshot: Snapshot) -> dict[str, User]:
    found = find(desk, snapshot.name)
    seated = snapshot.current.present if snapshot.current else {}
    later: dict[str, User] = {}
    for key, day in _first_days(found):
        if day > desk.as_of and key not in seated:
            user = resolved(found, desk.fleet, snapshot, day).state.users.get(key)
            later |= {key: user} if user and user.status == "present" else {}
    return later


def _first_days(found: Declared) -> Iterator[tuple[str, date]]:
    """The first day of each entry that has one."""
    entries = found.spec.users if found.spec else None
    for key, entry in (entries or {}).items():
        if entry is not None and entry.starts_on is not None:
            yield key, entry.starts_on
