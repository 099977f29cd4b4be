"""What all mails of a fleet have in common: who writes them, and where people find their space.

In: rows of the outbox and the link that they carry. Out: the bytes of one mail.
"""

from dataclasses import dataclass
from datetime import datetime

from flexsync.catalogue import Catalogue
from flexsync.outbox.letter import Links, letters
from flexsync.outbox.message import message, stable_id
from flexsync.store.mailing import LetterRows
from flexsync.store.tokens import Link

#: In the place of the secret part of a link, where a mail is only shown.
MASKED = "_" * 43


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Sender, portal and catalogue of a fleet, and the id of its store."""

    catalogue: Catalogue
    sender: str
    sender_name: str
    portal: str
    store_id: str

    def composed(self, rows: LetterRows, link: Link | None, token: str, at: datetime) -> bytes:
        """One mail, as it goes on the wire; raises FlexsyncError when that would say something else than was meant."""
        first = rows[0]
        return message(
            letters(rows),
            self.catalogue,
            self._links(link, token),
            sender=self.sender,
            sender_name=self.sender_name,
            message_id=stable_id(self.store_id, first.run, first.recipient, self.sender),
            at=at,
        )

    def _links(self, link: Link | None, token: str) -> Links:
        if link is None:
            return Links(self.portal)
        return Links(self.portal, f"{self.portal}/link/{token}", link.expires_at)
