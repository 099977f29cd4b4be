"""What the software reports of dossiers that are kept online: changed there, or copied back (guide, step 3).

In: who reports, from which product, what happened to which dossiers. Out: the days that are known now. A change is
a fact, a retrieval is part of the State, as if somebody had declared it; together they decide whether data may come
back (`flexsync.plan.dossiers`). The day is the server's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from flexsync.acts import letters
from flexsync.acts.drifting import drift
from flexsync.acts.launching import Denied, Seat, chosen
from flexsync.acts.signing import Attempt, let_in
from flexsync.acts.site import Site
from flexsync.clock import today
from flexsync.snapshot import DOSSIER_CHANGED, Snapshot
from flexsync.state import Dossier, State, day
from flexsync.store import reading
from flexsync.store.logins import Login
from flexsync.store.rows import Connection
from flexsync.store.transaction import Transaction

#: Dossiers of one product, as in the files.
MOST = 500


@dataclass(frozen=True, slots=True)
class Event:
    """Something happened today to the dossier `code`."""

    code: str
    what: Literal["changed", "retrieved"]


@dataclass(frozen=True, slots=True)
class Report:
    """Events of one product, in the order in which they happened."""

    product: str
    events: Sequence[Event]
    subscription: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """The last days on which a dossier changed online and was retrieved, as far as the store knows."""

    code: str
    changed_on: date | None
    retrieved_on: date | None


def report(site: Site, attempt: Attempt, reported: Report) -> tuple[Known, ...] | Denied | None:
    """Note what happened to dossiers; None for whoever is unknown, wrong, not active, or has to wait.

    Raises TooMany and Busy as signing in does.
    """
    return let_in(site, attempt, lambda connection, login: _noted(site, connection, login, reported))


def _noted(site: Site, connection: Connection, login: Login, reported: Report) -> tuple[Known, ...] | Denied:
    seat = chosen(site, connection, login, reported.product, reported.subscription)
    if isinstance(seat, Denied):
        return seat
    if seat.state.products[reported.product].data_mode != "hosted":
        return Denied("not_hosted", "The data of this product is not online; there is nothing to report.")
    snapshot = reading.snapshots(connection, [seat.state.name])[seat.state.name]
    if _count(snapshot, reported) > MOST:
        return Denied("too_many_dossiers", f"A product has at most {MOST} dossiers.")
    if _after(snapshot, login, reported, today(site.clock)) != (snapshot.current, snapshot.facts):
        snapshot = _write(site, connection, login, seat, reported)
    return tuple(_known(snapshot, reported.product, event.code) for event in _last(reported.events))


def _write(site: Site, connection: Connection, login: Login, seat: Seat, reported: Report) -> Snapshot:
    """Write under the lock what was found to be news before it."""
    run = letters.begin(site, connection, "dossiers", login.person.email)
    transaction = Transaction(connection, seat.state.name, run, site.now())
    snapshot = transaction.snapshot()
    state, facts = _after(snapshot, login, reported, today(site.clock))
    drift(site, transaction, snapshot, state, facts)
    letters.end(site, connection, run)
    return replace(snapshot, current=state, facts=facts)


def _after(snapshot: Snapshot, login: Login, reported: Report, as_of: date) -> tuple[State, Mapping[str, str]]:
    """State and facts once all events are noted."""
    assert snapshot.current is not None  # noqa: S101 - somebody has a seat of it
    state, facts = snapshot.current, dict(snapshot.facts)
    # Under the lock the product may be gone; then nothing of it is to be noted.
    for event in reported.events if reported.product in state.products else ():
        if event.what == "changed":
            facts[DOSSIER_CHANGED.format(reported.product, event.code)] = as_of.isoformat()
        state = _with(state, reported.product, event, login.person.name, as_of)
    return state, facts


def _with(state: State, code: str, event: Event, who: str, as_of: date) -> State:
    product = state.products[code]
    known = product.dossiers.get(event.code)
    if event.what == "retrieved":
        after = replace(known or Dossier(), retrieved_on=as_of, retrieved_by=who)
    elif known and known.retrieved_on and known.retrieved_on >= as_of:
        # Days are too coarse to tell which came last: a retrieval before this change counts no more.
        after = replace(known, retrieved_on=None, retrieved_by="")
    else:
        return state
    dossiers = {**product.dossiers, event.code: after}
    return replace(state, products={**state.products, code: replace(product, dossiers=dossiers)})


def _count(snapshot: Snapshot, reported: Report) -> int:
    assert snapshot.current is not None  # noqa: S101 - somebody has a seat of it
    prefix, _ = DOSSIER_CHANGED.format(reported.product, "|").split("|")
    changed = {name.removeprefix(prefix).partition("/")[0] for name in snapshot.facts if name.startswith(prefix)}
    declared = snapshot.current.products[reported.product].dossiers.keys()
    return len({*changed, *declared, *(event.code for event in reported.events)})


def _last(events: Sequence[Event]) -> list[Event]:
    """The last event of each dossier, by code."""
    return [event for _, event in sorted({event.code: event for event in events}.items())]


def _known(snapshot: Snapshot, product: str, code: str) -> Known:
    sold = snapshot.current.products.get(product) if snapshot.current else None
    dossier = sold.dossiers.get(code) if sold else None
    changed = day(snapshot.facts.get(DOSSIER_CHANGED.format(product, code)))
    return Known(code, changed, dossier.retrieved_on if dossier else None)
