"""Personal data: handed out to the person, and erased when it is kept no longer.

In: an open store, an e-mail address, who acts. Out: plain data, or what was erased. An export is recorded as a
disclosure; an erasure is an entry in the journal of each subscription that named the person.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flexsync.address import email_key
from flexsync.clock import PARIS
from flexsync.errors import Refused, WrongCommand
from flexsync.store import erasing, personal, runs, shared
from flexsync.store.rows import Connection
from flexsync.store.sql import Store
from flexsync.text import count, shorten


@dataclass(frozen=True, slots=True)
class Erasure:
    """Where a person is named, and when they left; None when the journal does not know."""

    subscriptions: tuple[str, ...]
    left_on: date | None


def export(store: Store, email: str, actor: str) -> dict[str, Any]:
    """All that the store has of the account of an address, which is recorded; raises WrongCommand without one."""
    return store.write(lambda connection: _export(connection, store, email_key(email), actor))


def _export(connection: Connection, store: Store, key: str, actor: str) -> dict[str, Any]:
    found = personal.exported(connection, key)
    number = erasing.find(connection, key).account
    if found is None or number is None:
        raise WrongCommand(f'No account has the address "{shorten(key)}".')
    now = store.clock.now()
    shared.disclosed(connection, shared.Disclosure(now, actor, "", f"personal/{key}"), number)
    return {"exported_at": now.isoformat(), "store": store.id, **found}


def erasable(store: Store, email: str, keep: timedelta) -> Erasure:
    """What an erasure would do. Raises WrongCommand when nobody is named so, Refused when it is too early."""
    return store.read(lambda connection: _erasable(connection, store, email_key(email), keep))


def _erasable(connection: Connection, store: Store, key: str, keep: timedelta) -> Erasure:
    them = erasing.find(connection, key)
    places = erasing.places(connection, them)
    if them.account is None and not places:
        raise WrongCommand(f'The store knows nobody with the address "{shorten(key)}".')
    still = erasing.still_in(connection, them)
    if still:
        raise Refused(
            f"{shorten(key)} still uses or administers {', '.join(still)}. Take them out of the files and apply first; "
            f"their data may be erased {count(keep.days, 'day')} later (portal.keep_days)."
        )
    left = erasing.left_at(connection, them)
    if left and store.clock.now() < left + keep:
        until = (left + keep).astimezone(PARIS).date() + timedelta(days=1)
        raise Refused(
            f"The data of {shorten(key)}, who left on {left.astimezone(PARIS):%Y-%m-%d}, is kept for "
            f"{count(keep.days, 'day')} (portal.keep_days): it may be erased from {until} on."
        )
    left_on = left.astimezone(PARIS).date() if left else None
    return Erasure(tuple(places), left_on)


def erase(store: Store, email: str, keep: timedelta, actor: str) -> list[str]:
    """Erase a person; the names of the subscriptions that named them. Raises as `erasable`."""
    return store.write(lambda connection: _erase(connection, store, email_key(email), keep, actor))


def _erase(connection: Connection, store: Store, key: str, keep: timedelta, actor: str) -> list[str]:
    _erasable(connection, store, key, keep)
    now = store.clock.now()
    run = runs.begin_within(connection, "personal erase", actor, now)
    names = erasing.erase(connection, erasing.find(connection, key), run, now)
    runs.end(connection, run, "done", {"applied": len(names)}, now)
    return names


def purge(store: Store, keep: timedelta) -> Mapping[str, int]:
    """Forget what is kept no longer: sessions, tries, links, and what mails said; the number of each."""
    return store.write(lambda connection: personal.purge(connection, store.clock.now(), keep))
