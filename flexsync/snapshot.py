"""What the store knows of one subscription at one revision, and of the accounts it touches."""

from collections.abc import Mapping
from dataclasses import dataclass, field

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


@dataclass(frozen=True, slots=True)
class Account:
    """A person's login over all subscriptions; `key` is the e-mail as compared, `active` once a password is set."""

    key: str
    person: Person
    active: bool = False


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
