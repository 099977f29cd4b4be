"""scheduled: people whom the files ask for from a later day on, and whom the store does not have before.

In: what the person asked for, and a Snapshot. Out: Users as they will be on their first day. It writes
nothing, and is silent about files that cannot be read: others tell that.
"""

from flexsync.clock import Clock
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
    entries = found.spec.users if found.spec else None
    seated = snapshot.current.present if snapshot.current else {}
    later: dict[str, User] = {}
    for key, entry in (entries or {}).items():
        if entry.starts_on is None or entry.starts_on <= desk.as_of or key in seated:
            continue
        user = resolved(found, desk.fleet, snapshot, entry.starts_on).state.users.get(key)
        if user is not None and user.status == "present":
            later[key] = user
    return later
