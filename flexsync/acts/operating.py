"""Operators: who looks after the whole fleet in the portal. They are named on the command line, nowhere else."""

import re

from flexsync.errors import Refused, WrongCommand
from flexsync.passwords import Hashing, refused
from flexsync.store import operators, sessions
from flexsync.store.rows import Connection
from flexsync.store.sql import Store
from flexsync.text import shorten

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")


def refuse_name(name: str) -> None:
    """Raise WrongCommand of what cannot be an operator's name."""
    if not _NAME.fullmatch(name):
        raise WrongCommand(f'"{shorten(name)}" is no name of an operator: use small letters, digits, points, hyphens.')


def add_operator(store: Store, hashing: Hashing, name: str, password: str) -> None:
    """A new operator. Raises WrongCommand, and Refused when the password is weak or the name was given before."""
    refuse_name(name)
    reason = refused(password, [name, "flexsync", "operator"])
    if reason:
        raise Refused(reason)
    kept = hashing.hashed(password)
    if not store.write(lambda connection: operators.add(connection, name, kept, store.clock.now())):
        raise Refused(f"{name} is, or was, an operator. A name is given once; choose another one.")


def end_operator(store: Store, name: str) -> None:
    """Take an operator's rights and end the sessions; Refused when there is nobody at work of that name."""
    if not store.write(lambda connection: _end(store, connection, name)):
        raise Refused(f'No operator at work is called "{shorten(name)}". Run `flexsync operator list`.')


def _end(store: Store, connection: Connection, name: str) -> bool:
    sessions.end_of_operator(connection, name, store.clock.now())
    return operators.end(connection, name, store.clock.now())
