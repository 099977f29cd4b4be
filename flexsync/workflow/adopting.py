"""adopt: what was done in the portal, written back into the files.

In: a Desk, a store to read, and a choice of paths. Out: a Rewrite. It writes nothing.
"""

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Protocol

from flexsync.desired.model import Desired, Path
from flexsync.edit.splice import CannotEdit
from flexsync.errors import WrongCommand
from flexsync.plan.context import moved
from flexsync.plan.merge import adopted
from flexsync.snapshot import Snapshot
from flexsync.state import State
from flexsync.store.base import Head
from flexsync.text import did_you_mean, visible
from flexsync.workflow.desk import Desk
from flexsync.workflow.following import Following, Rewrite, Target

#: Paths named to somebody who picked another one.
MOST_TOLD = 10


class Drifting(Protocol):
    """What adopt needs to know of a store."""

    def heads(self) -> Iterator[Head]:
        """The narrow row of every subscription."""
        ...

    def snapshots(self, names: Sequence[str]) -> dict[str, Snapshot]:
        """Each known subscription of `names` as it stands."""
        ...


def adopt(desk: Desk, store: Drifting, name: str = "", picks: Sequence[str] = ()) -> Rewrite:
    """What has to change in the files for them to ask for what was done in the portal.

    With `name` only that subscription; with `picks` only paths that match or lie below one. Raises
    WrongCommand when the files have no such subscription, or nothing was done at a pick.
    """
    drifted = [head.name for head in store.heads() if head.digest != head.applied_digest]
    following = Following(desk)
    if name and name not in following.names:
        raise WrongCommand(f'No subscription is called "{visible(name)}".{did_you_mean(name, following.names)}')
    chosen = _Choice(tuple(picks))
    snapshots = store.snapshots([one for one in drifted if one in following.names and name in ("", one)])
    for one in sorted(snapshots):
        following.take(snapshots[one], _target(snapshots[one], chosen))
    chosen.refuse_missed()
    return following.rewrite()


class _Choice:
    """The paths that somebody picked; all when nobody did."""

    def __init__(self, picks: tuple[str, ...]) -> None:
        self._picks = picks
        self._hit: set[str] = set()
        self._moved: set[str] = set()

    def __call__(self, path: Path) -> bool:
        dotted = ".".join(map(str, path))
        hit = [pick for pick in self._picks if fnmatchcase(dotted, pick) or dotted.startswith(f"{pick.rstrip('.')}.")]
        self._moved.add(dotted)
        self._hit.update(hit)
        return bool(hit) or not self._picks

    def refuse_missed(self) -> None:
        """Raise WrongCommand for picks at which nothing was done; it names where something was."""
        missed = [visible(pick) for pick in self._picks if pick not in self._hit]
        if not missed:
            return
        moved = sorted(map(visible, self._moved))
        told = f" Something was done at {', '.join(moved[:MOST_TOLD])}{', …' * (len(moved) > MOST_TOLD)}." * bool(moved)
        raise WrongCommand(f"Nothing was done in the portal at {', '.join(missed)}.{told}")


def _target(snapshot: Snapshot, chosen: _Choice) -> Target:
    def target(desired: Desired) -> State:
        current, applied = (_known(moved(state, desired.moves)) for state in (snapshot.current, snapshot.applied))
        return adopted(applied, current, desired.state, chosen)

    return target


def _known(state: State | None) -> State:
    if state is None:
        raise CannotEdit("the store has nothing of it")
    return state
