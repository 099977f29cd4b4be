"""Where the key of the portal is: behind a reference, or in a file beside a SQLite store."""

import os
import secrets
from pathlib import Path

from flexsync import paths
from flexsync.errors import Refused, StoreUnavailable, WrongCommand
from flexsync.keys import Keys
from flexsync.secrets import Secrets

_BYTES, _SHORTEST = 32, 32
NO_KEY = (
    "The key of links and shared passwords is not set. Say where it is: "
    "portal: {key_from: {env: FLEX_KEY}} in the fleet file; make one with: openssl rand -hex 32."
)


def keys(reference: str, secrets_of: Secrets, store_url: str) -> Keys | None:
    """The Keys that are there, None when there are none yet. Raises Refused when they cannot be read."""
    if reference:
        return _long_enough(secrets_of.read(reference))
    path = _file(store_url)
    if path is None or not paths.is_there(path):
        return None
    return _long_enough(Secrets(path.parent, {}).read(f"file:{path.name}"))


def key_before(reference: str, secrets_of: Secrets) -> Keys:
    """The Keys of a master secret that somebody names as the one before. Raises WrongCommand and Refused."""
    scheme, _, name = reference.partition(":")
    if scheme not in ("env", "file") or not name:
        raise WrongCommand("--from is no reference: say env:NAME, or file:PATH beside the files, not the key itself.")
    return Keys(secrets_of.read(reference).encode())


def _long_enough(text: str) -> Keys:
    """The Keys of a master secret. Raises Refused for one that could be found by trying, with one link in hand."""
    if len(text) < _SHORTEST:
        raise Refused(f"the key has fewer than {_SHORTEST} characters; make one with: openssl rand -hex 32")
    return Keys(text.encode())


def keys_if_any(reference: str, secrets_of: Secrets, store_url: str) -> tuple[Keys | None, str]:
    """The Keys, made where they may be, or None and why there are none."""
    try:
        return keys_made(reference, secrets_of, store_url), ""
    except (Refused, StoreUnavailable) as error:
        return None, str(error)


def unkept(reference: str, store_url: str) -> str:
    """Why nothing could be encrypted for this store, whatever is set in the environment; empty when it can be."""
    return "" if reference or _file(store_url) else NO_KEY


def keys_made(reference: str, secrets_of: Secrets, store_url: str) -> Keys:
    """The Keys, made beside a SQLite store when there are none.

    Raises StoreUnavailable for a store on a server without a reference: a key that one machine makes for
    itself would be lost to the others.
    """
    found = keys(reference, secrets_of, store_url)
    if found:
        return found
    path = _file(store_url)
    if path is None:
        raise StoreUnavailable(NO_KEY)
    return _made(path)


def _made(path: Path) -> Keys:
    """A new key, whole or not at all: what is encrypted with it would be lost with half of it."""
    text = secrets.token_hex(_BYTES)
    part = path.with_name(f".{path.name}.{text[:8]}.part")
    try:
        paths.write_private(part, text + "\n")
        try:
            os.link(part, path)
        finally:
            part.unlink()
    except FileExistsError:
        raise Refused(f"{path.name} appeared meanwhile; run the command again") from None
    except OSError as error:
        raise StoreUnavailable(f"The key {path} cannot be made: {paths.reason(error)}.") from error
    return Keys(text.encode())


def _file(store_url: str) -> Path | None:
    """`store.key` beside `store.db`; None of a store on a server."""
    if "://" in store_url and not store_url.startswith("sqlite:"):
        return None
    return Path(store_url.removeprefix("sqlite:///")).with_suffix(".key")
