"""Site: all that the acts of people need, settled once when the portal starts."""

from dataclasses import dataclass
from datetime import datetime

from flexsync.acts.files import Files
from flexsync.catalogue import Catalogue
from flexsync.clock import Clock
from flexsync.desired.model import Policy
from flexsync.keys import Keys
from flexsync.outbox.letterhead import Letterhead
from flexsync.passwords import Hashing
from flexsync.store.base import Chance
from flexsync.store.sql import Store


@dataclass(frozen=True, slots=True)
class Site:
    """An open store and the settings of the fleet.

    `url` is the origin of every link, without a slash at its end; `chance` draws identifiers and shared passwords.
    `releases` is a folder's path, or a URL, or empty; `console_edits` lets administrators change what the files
    manage; a grant lasts `offline_days`. `files` is None where the portal runs without the files of the fleet.
    Mails are written by `sender`.
    """

    store: Store
    keys: Keys
    catalogue: Catalogue
    clock: Clock
    url: str
    hashing: Hashing
    chance: Chance
    releases: str = ""
    console_edits: bool = False
    offline_days: int = 30
    files: Files | None = None
    sender: str = "flexsync@localhost"
    sender_name: str = ""

    @property
    def letterhead(self) -> Letterhead:
        """What all mails have in common."""
        return Letterhead(self.catalogue, self.sender, self.sender_name, self.url, self.store.id)

    @property
    def secure(self) -> bool:
        """True when people reach the portal over TLS."""
        return self.url.startswith("https://")

    def policy(self, name: str) -> Policy | None:
        """How flexsync behaves for a subscription; None while the files that say so cannot be read."""
        return self.files.policy(name) if self.files else Policy()

    def now(self) -> datetime:
        """The present instant, in UTC."""
        return self.clock.now()
