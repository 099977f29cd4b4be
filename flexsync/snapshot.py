"""What the store knows of one subscription at one revision, and of the accounts it touches."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from flexsync.clock import PARIS
from flexsync.state import Person, State

#: Names of facts; `{}` is a user key, a product, a dossier, or a service code. The value of ROTATION_DUE
#: is the keys of those who left, with spaces between; days are ISO dates.
PROPOSED_EMAIL = "user/{}/proposed_email"
ADMIN_PROPOSED_EMAIL = "admin/proposed_email"
#: Beside a proposed address: that the person asked for it, and the files need not.
OWN_PROPOSAL = "{}/own"
ADMIN_SUCCESSOR = "admin/successor"
HOSTED_SINCE = "product/{}/hosted_since"
DOSSIER_CHANGED = "dossier/{}/{}/changed_on"
SERVICE_IDENTIFIER = "service/{}/identifier"
SERVICE_SECRET = "service/{}/secret"  # noqa: S105 - the name of a fact, not a secret
ROTATION_DUE = "service/{}/rotation_due"


InvitationState = Literal["planned", "sent", "accepted", "expired", "failed", "cancelled", "superseded"]


@dataclass(frozen=True, slots=True)
class Invitation:
    """The newest invitation of a person, over all subscriptions, as it stands now.

    It is `failed` while its mail cannot be delivered, and `expired` once its time is over, whatever the
    store wrote down. `attempt` counts the mails sent in vain before it, and itself. Instants are UTC;
    `last_day` is the day in Paris on which the link ends to work, `days` its life.
    """

    state: InvitationState
    attempt: int
    days: int
    made_at: datetime
    sent_at: datetime | None
    expires_at: datetime
    last_day: date

    @property
    def live(self) -> bool:
        """True while the link works, or will once its mail is sent."""
        return self.state in ("planned", "sent")

    @property
    def lapsed(self) -> bool:
        """True when the person was asked in vain."""
        return self.state in ("expired", "failed")

    def free_at(self, pause: timedelta) -> datetime:
        """When the person may be mailed again: `pause` after the last mail, unless that failed or counts no longer."""
        asked = self.sent_at or self.made_at
        return asked + pause if self.live or self.state == "expired" else asked

    def free_on(self, pause: timedelta) -> date:
        """The first whole day in Paris on which the person may be mailed again."""
        return self.free_at(pause).astimezone(PARIS).date() + timedelta(days=1)


def next_attempt(invitation: Invitation | None) -> int:
    """The attempt that comes after `invitation`; only a mail that left, and was not answered, counts as one."""
    if invitation is None or not (invitation.live or invitation.lapsed):
        return 1
    return invitation.attempt + (invitation.sent_at is not None)


@dataclass(frozen=True, slots=True)
class Account:
    """A person's login over all subscriptions; `key` is the e-mail as compared, `active` once a password is set."""

    key: str
    person: Person
    active: bool = False
    invitation: Invitation | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A subscription as stored; revision 0 and no State when the store has never seen it.

    `applied` is the State that the last apply wrote: where it differs from `current`, somebody used
    the portal. `facts` are what people and systems did; they are not part of the State.
    """

    name: str
    revision: int = 0
    current: State | None = None
    applied: State | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
