"""Seats, counted step by step: no prefix of the ready steps has more users than seats.

In: ordered steps of one subscription. Out: the same steps, those blocked for which there is no
seat, and the swaps on a full subscription marked as pairs. A product's own cap counts the same way.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from flexsync.errors import Block
from flexsync.plan.context import Context
from flexsync.plan.depends import ARRIVALS, waits_for
from flexsync.plan.model import Step
from flexsync.state import State, User
from flexsync.text import count


def kept(steps: Sequence[Step], context: Context) -> list[Step]:
    """`steps`, the deactivations blocked when nobody would be left to use the software.

    A subscription that closes needs nobody, but one that cannot close yet does: somebody has to fetch
    its data.
    """
    before = len(context.current.present) if context.current else 0
    close = next((step for step in steps if step.change.kind == "subscription.close"), None)
    closes = context.closing and (close is None or close.ready)
    if closes or before == 0 or before + sum(_taken(step) for step in steps if step.ready) > 0:
        return list(steps)
    return [_stays(step, close) if step.ready and step.change.kind == "user.deactivate" else step for step in steps]


def paired(steps: Sequence[Step], context: Context) -> list[Step]:
    """`steps`, each arrival that needs the seat of a leaver marked with that leaver, and the other way."""
    free = _free_seats(steps, context)
    joins = [step for step in steps if step.ready and step.change.kind in ARRIVALS]
    leaves = [step for step in steps if step.ready and step.change.kind == "user.deactivate"]
    swaps = [(one.change.subject, other.change.subject) for one, other in zip(leaves, joins[free:], strict=False)]
    partner = {**dict(swaps), **{join: leave for leave, join in swaps}}
    return [replace(step, pair=partner[step.change.subject]) if _swaps(step, partner) else step for step in steps]


def _swaps(step: Step, partner: dict[str, str]) -> bool:
    moves = (*ARRIVALS, "user.deactivate")
    return step.ready and step.change.kind in moves and step.change.subject in partner


def _free_seats(steps: Sequence[Step], context: Context) -> int:
    """Seats that are free before anybody leaves."""
    if context.current is None:
        return context.desired.state.seats
    seats = context.current.seats
    for step in steps:
        if step.ready and step.change.kind == "seats.raise":
            seats = int(step.change.after["seats"])
    return max(0, seats - len(context.current.present))


def _taken(step: Step) -> int:
    """Seats that a step takes; negative when it gives one back."""
    if step.change.kind in ARRIVALS:
        return 1
    return -1 if step.change.kind == "user.deactivate" else 0


def _stays(step: Step, close: Step | None) -> Step:
    if close is not None:
        return replace(step, blocks=(waits_for(close),))
    key = step.change.parts[1]
    block = Block("last-user", f"Deactivating {key} would leave no user. Add the successor in the same change.")
    return replace(step, blocks=(block,))


@dataclass(slots=True)
class Table:
    """Who sits where after the steps so far. `caps` and `used` are by product."""

    seats: int
    seated: dict[str, User]
    caps: dict[str, int | None]
    used: Counter[str]
    unmanaged: frozenset[str]
    staying: list[Step] = field(default_factory=list)

    @classmethod
    def of(cls, state: State | None, context: Context) -> "Table":
        """The table as the store has it, or as registering lays it."""
        state = state or replace(context.desired.state, users={})
        caps = {code: product.seats for code, product in state.products.items()}
        used = Counter(product for user in state.present.values() for product in user.access)
        return cls(state.seats, dict(state.present), caps, used, frozenset(context.desired.unmanaged))

    def place(self, step: Step) -> Step:
        """`step`, done when it is ready and fits, else blocked."""
        if not step.ready:
            if step.change.kind == "user.deactivate":
                self.staying.append(step)
            return step
        block = self._refusal(step)
        if block:
            return replace(step, blocks=(block,))
        self._do(step)
        return step

    def _refusal(self, step: Step) -> Block | None:
        change = step.change
        if change.kind in ARRIVALS and len(self.seated) >= self.seats:
            return self._full()
        if change.kind == "seats.lower" and change.after["seats"] < len(self.seated):
            return self._too_many(change.after["seats"])
        if change.kind == "access.grant":
            return self._product_full(change.parts[2])
        if change.kind == "subscription.assert" and change.parts[0] == "product":
            return self._cap_too_low(change.parts[1], change.after["seats"])
        return None

    def _full(self) -> Block:
        if self.staying:
            return waits_for(self.staying[0])
        return Block(
            "seats",
            f"no free seat: {len(self.seated)} of {self.seats} used by {self._names()}. "
            "Remove one, give one an ends_on, or buy a seat first",
        )

    def _too_many(self, seats: int) -> Block:
        if self.staying:
            return waits_for(self.staying[0])
        return Block(
            "seats",
            f"{count(len(self.seated), 'account')} for {count(seats, 'seat')}, used by {self._names()}. "
            "Remove one first",
        )

    def _product_full(self, product: str) -> Block | None:
        cap = self.caps.get(product)
        if cap is None or self.used[product] < cap:
            return None
        return Block("seats", f"{product} allows {count(cap, 'user')}, all taken by {self._names_with(product)}")

    def _cap_too_low(self, product: str, cap: int | None) -> Block | None:
        if cap is None or self.used[product] <= cap:
            return None
        return Block("seats", f"{product} is open to {self._names_with(product)}, more than {cap}; revoke one first")

    def _do(self, step: Step) -> None:
        change = step.change
        if change.kind in ARRIVALS:
            self.seated[change.parts[1]] = User(None)
        elif change.kind == "user.deactivate":
            self.used.subtract(self.seated.pop(change.parts[1]).access)
        elif change.kind in ("seats.raise", "seats.lower"):
            self.seats = change.after["seats"]
        elif change.parts[0] == "access":
            self._open(change.parts[1], change.parts[2], 1 if change.after else -1)
        elif change.parts[0] == "product" and isinstance(change.after, dict):
            self.caps[change.parts[1]] = change.after.get("seats")

    def _open(self, key: str, product: str, by: int) -> None:
        user = self.seated[key]
        access = {*user.access, product} if by > 0 else set(user.access) - {product}
        self.seated[key] = replace(user, access=tuple(sorted(access)))
        self.used[product] += by

    def _names(self) -> str:
        return _listed(f"{key} (not managed)" if key in self.unmanaged else key for key in sorted(self.seated))

    def _names_with(self, product: str) -> str:
        return _listed(key for key, user in sorted(self.seated.items()) if product in user.access)


def _listed(names: Iterable[str]) -> str:
    """Names in a row, the first twenty of many."""
    shown = list(names)
    return ", ".join(shown[:20]) + (f" and {len(shown) - 20} more" if len(shown) > 20 else "")
