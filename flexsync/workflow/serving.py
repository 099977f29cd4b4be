"""serve: what the portal needs from the files, and from this machine, before it starts.

In: a Desk. Out: a Site. Everything that can be wrong is said before the first visitor comes.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from ipaddress import ip_address
from os.path import normpath
from random import SystemRandom
from urllib.parse import urlsplit

from flexsync.acts.site import Site
from flexsync.clock import Clock
from flexsync.errors import StoreUnavailable, WrongCommand
from flexsync.passwords import Hashing
from flexsync.secrets import Secrets
from flexsync.text import visible
from flexsync.workflow.deciding import DeskFiles
from flexsync.workflow.desk import Desk, Order
from flexsync.workflow.keeping import keys_made
from flexsync.workflow.single import entry_of
from flexsync.workflow.stores import existing

_NEEDED = ("argon2", "fastapi", "starlette", "uvicorn", "zxcvbn")


def new_password() -> str:
    """A password of 144 random bits."""
    return secrets.token_urlsafe(18)


def refuse_without_portal() -> None:
    """Raise StoreUnavailable when the packages of the portal are not installed."""
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise StoreUnavailable(
            f'The portal needs packages that are not installed ({", ".join(missing)}): pip install "flexsync[portal]".'
        )


@contextmanager
def site_of(desk: Desk, secrets_of: Secrets, clock: Clock) -> Iterator[Site]:
    """The Site of a fleet, on its store. Raises StoreUnavailable and Refused."""
    portal = desk.portal
    with existing(desk.store_url, clock) as store:
        yield Site(
            store=store,
            keys=keys_made(portal.key_reference, secrets_of, desk.store_url),
            catalogue=desk.fleet.catalogue,
            clock=clock,
            url=portal.url,
            hashing=Hashing(),
            chance=SystemRandom(),
            releases=_releases(desk, portal.releases or ""),
            console_edits=portal.console_edits,
            offline_days=portal.offline_days,
            sender=desk.mail.sender,
            sender_name=desk.mail.sender_name or "",
            files=files_of(desk, clock),
        )


def files_of(desk: Desk, clock: Clock) -> DeskFiles:
    """The files of `desk`, read anew whenever the portal asks."""
    entry = desk.root / entry_of(desk.fleet)
    return DeskFiles(Order(str(entry), desk.store_url), clock)


def _releases(desk: Desk, place: str) -> str:
    return place if not place or place.startswith("https://") else normpath(desk.root / place)


def refuse_open_door(url: str, host: str) -> None:
    """Raise WrongCommand when others could reach, in the clear, a portal whose address is of this machine alone."""
    if not url.startswith("https://") and not _is_loopback(host):
        raise WrongCommand(
            f"{visible(host)} is reachable from elsewhere, and {url} is not protected: passwords could be read on the "
            "way. Set portal: {url: https://…} in the fleet file, with a server in front that ends TLS, or use "
            "--host 127.0.0.1."
        )


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def leads_elsewhere(url: str, port: int) -> bool:
    """True when the links of mails lead to another port of this machine than `port`."""
    parts = urlsplit(url)
    return parts.scheme == "http" and (parts.port or 80) != port
