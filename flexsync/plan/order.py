"""The order in which a run does its changes: total and stable, what makes room first.

The table of kinds gives the order; within a kind the subject does. One exception is a product's cap
on users that goes down: it comes after the revokes that make it hold.
"""

from collections.abc import Iterable

from flexsync.plan.change import ORDER, Change


def in_order(changes: Iterable[Change]) -> list[Change]:
    """`changes` as a run does them; the order they came in does not matter."""
    return sorted(changes, key=_place)


def _place(change: Change) -> tuple[int, str, str]:
    kind = "seats.lower" if _lowers_cap(change) else change.kind
    return ORDER[kind], change.subject, change.kind


def _lowers_cap(change: Change) -> bool:
    if change.kind != "subscription.assert" or change.parts[0] != "product":
        return False
    before, after = change.before["seats"], change.after["seats"]
    return after is not None and (before is None or after < before)
