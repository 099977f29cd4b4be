"""What commands are put together from: the clock, the desk, secrets, who is acting."""

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from flexsync.catalogue import Catalogue
from flexsync.cli.options import Change, Files, Look, Place
from flexsync.cli.output import progress
from flexsync.clock import SystemClock
from flexsync.errors import InvalidFiles, WrongCommand
from flexsync.plan.limits import parse_acks
from flexsync.plan.model import Plan
from flexsync.plan.redact import redact_problems
from flexsync.secrets import Secrets
from flexsync.workflow.desk import Desk, Order, Selection, open_desk
from flexsync.workflow.keeping import unkept
from flexsync.workflow.planning import plan
from flexsync.workflow.stores import existing, reading

if TYPE_CHECKING:
    from flexsync.store.sql import Store

CLOCK = SystemClock()


def desk_of(files: Files, store: str, acks: tuple[str, ...] = (), *, redact: bool = False) -> Desk:
    """The Desk that the options of a command ask for; `redact` masks what is wrong with its files."""
    with masked_problems(redact):
        return open_desk(order_of(files, store, acks), CLOCK)


@contextmanager
def masked_problems(redact: bool) -> Iterator[None]:
    """Let InvalidFiles through, without what it says of people when that was asked for."""
    try:
        yield
    except InvalidFiles as error:
        raise InvalidFiles(redact_problems(error.problems) if redact else error.problems) from None


def order_of(files: Files, store: str = "", acks: tuple[str, ...] = ()) -> Order:
    """What the options of a command ask for."""
    selection = Selection(tuple(sorted(set(files.targets))), tuple(sorted(set(files.excludes))))
    return Order(files.fleet, store, files.as_of, selection, parse_acks(acks))


def planned(desk: Desk, look: Look) -> Plan:
    """The plan of a Desk, under a progress bar."""
    with (
        reading(desk.store_url, CLOCK) as store,
        progress("Planning", desk.size, quiet=look.quiet) as advance,
    ):
        return plan(desk, store, secrets_of(desk), advance)


def planned_change(files: Files, acks: tuple[str, ...], change: Change, look: Look) -> tuple[Desk, Plan]:
    """The plan of a change from one revision of the files to another, under a progress bar."""
    from flexsync.workflow.offline import comparison, plan_change

    order = order_of(files, acks=acks)
    with (
        masked_problems(look.redact),
        comparison(order, change.base, change.head or "HEAD", CLOCK) as compared,
        progress("Planning", compared.size, quiet=look.quiet) as advance,
    ):
        return compared.desk, plan_change(compared, advance)


def open_store(place: Place) -> "Store":
    """The store of a place, to be closed; raises StoreUnavailable when there is none."""
    return existing(store_of(place), CLOCK)


def store_of(place: Place) -> str:
    """The address of the store; a fleet that cannot be read is no hindrance when the store is named."""
    return place.store or open_desk(Order(place.fleet), CLOCK).store_url


def catalogue_of(fleet: str) -> Catalogue:
    """The catalogue of the files, which gives products and services their names."""
    return open_desk(Order(fleet), CLOCK).fleet.catalogue


def secrets_of(desk: Desk) -> Secrets:
    """Where the secrets of a Desk are read."""
    return Secrets(desk.root, os.environ, unkept(desk.portal.key_reference, desk.store_url))


def actor_of(actor: str) -> str:
    """Who is answerable: as named, or the login of this machine; in CI it has to be named."""
    if actor:
        return actor
    if os.environ.get("CI"):
        raise WrongCommand("In CI a run needs to say who is answerable for it: add --actor NAME.")
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        raise WrongCommand("Your login has no name here. Say who is answerable with --actor NAME.") from None
