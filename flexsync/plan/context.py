"""What a plan is made from, in one value that every guard can ask."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from flexsync.catalogue import Catalogue
from flexsync.desired.model import Desired
from flexsync.plan.change import Change
from flexsync.plan.patch import patch
from flexsync.plan.people import Accounts
from flexsync.snapshot import Snapshot
from flexsync.state import State


class Secrets(Protocol):
    """Knows whether a secret is there; it never gives one away."""

    def missing(self, reference: str, /) -> str:
        """Empty when the secret can be read and is long enough, else why not, without its value."""
        ...

    def changed(self, reference: str, seal: str, /) -> bool:
        """True when the secret is another than the one that was sealed."""
        ...


@dataclass(frozen=True, slots=True)
class Context:
    """The inputs of one plan; `current` and `applied` are the stored States after `moves`."""

    desired: Desired
    current: State | None
    applied: State | None
    facts: Mapping[str, str]
    accounts: Accounts
    catalogue: Catalogue
    as_of: date
    secrets: Secrets
    moves: tuple[Change, ...] = ()

    @property
    def closing(self) -> bool:
        """True when the subscription is being closed, so that nobody has to remain."""
        return self.desired.state.status == "closed"


def context_of(
    desired: Desired, snapshot: Snapshot, accounts: Accounts, catalogue: Catalogue, as_of: date, secrets: Secrets
) -> Context:
    """The Context of one subscription, its settled renames already done."""
    moves = _moves(desired.moves, snapshot.current)
    return Context(
        desired=desired,
        current=moved(snapshot.current, desired.moves),
        applied=moved(snapshot.applied, desired.moves),
        facts=_renamed(snapshot.facts, moves),
        accounts=accounts,
        catalogue=catalogue,
        as_of=as_of,
        secrets=secrets,
        moves=moves,
    )


def _moves(moves: Mapping[str, str], state: State | None) -> tuple[Change, ...]:
    """The renames that are still to be done: from a key that is there to one that is not."""
    users = state.users if state else {}
    due = [(old, new) for old, new in sorted(moves.items()) if old in users and new not in users]
    return tuple(Change("user.move_key", f"user/{new}", old, new) for old, new in due)


def moved(state: State | None, moves: Mapping[str, str]) -> State | None:
    """`state` with those of `moves`, old key to new, that are still to be done."""
    return patch(state, _moves(moves, state))


def _renamed(facts: Mapping[str, str], moves: tuple[Change, ...]) -> Mapping[str, str]:
    """Facts of people under their new keys."""
    keys = {f"user/{move.before}/": f"user/{move.after}/" for move in moves}
    return {_under(name, keys): value for name, value in facts.items()} if keys else facts


def _under(name: str, keys: Mapping[str, str]) -> str:
    return next((new + name.removeprefix(old) for old, new in keys.items() if name.startswith(old)), name)
