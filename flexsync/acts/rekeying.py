"""A new key of the portal: what the old one encrypted, under the new one, and the links that it made, dead.

In: an open store and both keys. Out: numbers. Whoever has the old key finds nothing that it opens any more.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from cryptography.fernet import InvalidToken, MultiFernet

from flexsync.errors import Refused
from flexsync.keys import Keys
from flexsync.store import invitations, leases, runs, shared
from flexsync.store.rows import Connection
from flexsync.store.sql import Store
from flexsync.text import shorten


@dataclass(frozen=True, slots=True)
class Rekeyed:
    """How many shared passwords are under the new key now, and how many links and invitations ended."""

    passwords: int
    links: int
    invitations: int


def rekey(store: Store, old: Keys, new: Keys, actor: str) -> Rekeyed:
    """Move all of a store to the key `new`; a second time changes no password.

    Invitations whose link dies count as expired: apply sends them again as it does those, with a link of the new key.
    With nothing changed, raises Refused when both keys are the same, or a password fits neither, and LockHeld
    while a run is under way, which may keep a password under the old key.
    """
    if old == new:
        raise Refused("That is the key in use. Set the new one first: portal.key_from, or move store.key away.")
    return store.write(lambda connection: _rekey(connection, store, old, new, actor))


def _rekey(connection: Connection, store: Store, old: Keys, new: Keys, actor: str) -> Rekeyed:
    now = store.clock.now()
    leases.refuse_any(connection, now)
    run = runs.begin_within(connection, "store rekey", actor, now)
    ciphers = MultiFernet([new.fernet(), old.fernet()])
    passwords = dict(_moved(shared.every(connection), ciphers))
    shared.reencrypt(connection, passwords)
    links, ended = invitations.end_links(connection, now)
    runs.end(connection, run, "done", {"applied": len(passwords)}, now)
    return Rekeyed(len(passwords), links, ended)


def _moved(kept: shared.Texts, ciphers: MultiFernet) -> Iterator[tuple[tuple[str, str], str]]:
    """Every text under the first of `ciphers`. Raises Refused, naming all that none of them opens."""
    foreign = []
    for place, text in kept.items():
        try:
            yield place, ciphers.rotate(text.encode()).decode()
        except InvalidToken:
            foreign.append(f"{shorten(place[1])} of {shorten(place[0])}")
    if foreign:
        raise Refused(
            f"Neither key opens the shared password of {', '.join(foreign)}. Nothing was changed. Give the key that it "
            "was kept with, or change that password first."
        )
