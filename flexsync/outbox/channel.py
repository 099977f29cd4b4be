"""What takes a mail away: a mail server, or a folder.

In: an address and bytes. Out: an Answer about this mail. What is wrong with the channel itself, and so with
every mail, is no answer but raises Unreachable.
"""

from dataclasses import dataclass
from typing import Literal, Protocol

from flexsync.errors import FlexsyncError

#: `later` may be tried again; `refused` never will be taken; `unknown` was offered whole, and no answer came.
Verdict = Literal["sent", "later", "refused", "unknown"]


class Unreachable(FlexsyncError):
    """No mail can leave by this channel now; the message says why, and holds no secret."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one mail, and the reason, on one line and without a secret."""

    verdict: Verdict
    reason: str = ""


class Channel(Protocol):
    """Takes mails away, one after the other; to be closed at the end."""

    def send(self, recipient: str, content: bytes, number: int) -> Answer:
        """Send one mail, whose first row in the outbox is `number`; raises Unreachable."""
        ...

    def close(self) -> None:
        """Say goodbye."""
        ...
