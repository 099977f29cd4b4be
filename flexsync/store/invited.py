"""Who was invited, and what became of it, as it stands at one instant.

In: account keys, or names of subscriptions. Out: the newest invitation of each person, and the
subscriptions in which somebody was invited in vain. It reads only.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import CompoundSelect, Connection, ScalarSelect, exists, func, select, union

from flexsync.clock import PARIS
from flexsync.snapshot import Invitation, InvitationState
from flexsync.store.rows import AnyRow, chunks
from flexsync.store.tables import account, invitation, outbox, seat, subscription

_DEAD = exists().where(outbox.c.invitation == invitation.c.id, outbox.c.state == "dead").label("dead")
#: States of an invitation that may still be followed.
LIVE = ("planned", "sent")

_COLUMNS = (
    invitation.c.state,
    invitation.c.attempt,
    invitation.c.days,
    invitation.c.created_at,
    invitation.c.sent_at,
    invitation.c.expires_at,
    _DEAD,
)


def invitations(connection: Connection, keys: Iterable[str], now: datetime) -> dict[str, Invitation]:
    """The newest invitation of each of the accounts `keys` that was ever invited."""
    found: dict[str, Invitation] = {}
    for part in chunks(keys):
        query = select(account.c.key, *_COLUMNS).join(account, account.c.id == invitation.c.account)
        newest = query.where(account.c.key.in_(part), invitation.c.id == _newest())
        found |= {row.key: invitation_of(row, now) for row in connection.execute(newest)}
    return found


def unfollowed(connection: Connection, key: str, now: datetime) -> tuple[int, Invitation] | None:
    """The newest invitation of an account, with its id, when it was mailed, or failed to be, and not followed."""
    query = select(invitation.c.id, *_COLUMNS).join(account, account.c.id == invitation.c.account)
    mine = (account.c.key == key, invitation.c.id == _newest(), invitation.c.state.in_(LIVE))
    row = connection.execute(query.where(*mine)).first()
    found = invitation_of(row, now) if row else None
    return (row.id, found) if row and found and (found.state == "sent" or found.lapsed) else None


def lapsed_in(connection: Connection, names: Sequence[str], now: datetime) -> set[str]:
    """Those of `names` in which somebody without a password was invited in vain."""
    found: set[str] = set()
    for part in chunks(names):
        tied = _tied(part).subquery()
        people = select(tied.c.subscription, *_COLUMNS).join(account, account.c.id == tied.c.account)
        query = people.join(invitation, invitation.c.account == account.c.id).where(
            account.c.password_set_at.is_(None), invitation.c.id == _newest()
        )
        found |= {row.subscription for row in connection.execute(query) if invitation_of(row, now).lapsed}
    return found


def _tied(names: list[str]) -> CompoundSelect[str, int | None]:
    """Whom each of `names` has, or has invited: the latter may be awaited as administrator."""
    here = (seat.c.subscription.in_(names), seat.c.status == "present")
    seats = select(seat.c.subscription, seat.c.account).where(*here)
    admins = select(subscription.c.name, subscription.c.admin).where(subscription.c.name.in_(names))
    asked = select(invitation.c.subscription, invitation.c.account).where(
        invitation.c.subscription.in_(names), invitation.c.state.in_((*LIVE, "expired"))
    )
    return union(seats, admins, asked)


def invitation_of(row: AnyRow, now: datetime) -> Invitation:
    """The Invitation of a row, as it stands `now`."""
    return Invitation(
        state=_state(row, now),
        attempt=row.attempt,
        days=row.days,
        made_at=row.created_at,
        sent_at=row.sent_at,
        expires_at=row.expires_at,
        last_day=row.expires_at.astimezone(PARIS).date(),
    )


def _state(row: AnyRow, now: datetime) -> InvitationState:
    state: InvitationState = row.state
    if state not in LIVE:
        return state
    if row.dead and state == "planned":
        return "failed"
    return "expired" if row.expires_at <= now else state


def _newest() -> ScalarSelect[int]:
    later = invitation.alias("later")
    return select(func.max(later.c.id)).where(later.c.account == account.c.id).scalar_subquery()
