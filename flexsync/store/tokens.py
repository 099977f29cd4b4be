"""Links: promised with a mail, looked at by anybody who has one, used once.

In: the text of a link's token, or the mail that is to carry it. Out: a Link. Only the hash of a token is kept.
A token is dead after use, after its end, and when something it hangs on moves: another link of the same
purpose (but one of the same invitation), another address or password, a seat that is taken away.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, or_, select, update

from flexsync.address import email_key
from flexsync.snapshot import ADMIN_PROPOSED_EMAIL, PROPOSED_EMAIL
from flexsync.store import invitations
from flexsync.store.base import OutboxRow, Purpose
from flexsync.store.invited import LIVE
from flexsync.store.rows import AnyRow
from flexsync.store.tables import account, fact, invitation, token

#: How long a link lives that is no invitation; counted from sending.
LIFETIME: Mapping[str, timedelta] = {"reset": timedelta(hours=1), "confirm_email": timedelta(hours=24)}


@dataclass(frozen=True, slots=True)
class Link:
    """A link that works: for whose account, what it is for, the address it was sent to, and its end.

    `subscription` is the one whose change caused the mail.
    """

    purpose: Purpose
    account: int
    key: str
    email: str
    subscription: str
    invitation: int | None
    expires_at: datetime


def wanted(connection: Connection, row: OutboxRow, now: datetime) -> Link | None:
    """The link that a mail should carry as things stand now, None when it has no use any more; changes nothing."""
    if row.purpose == "activation":
        return _activation(connection, row, now)
    if row.purpose == "reset":
        return _reset(connection, row, now)
    return _confirmation(connection, row, now)


def mint(connection: Connection, row: OutboxRow, token_hash: str, now: datetime) -> Link | None:
    """Make the link of a mail good from now on, and older ones of its purpose dead.

    None when it has no use any more: the invitation ended, the proposal was taken back, the account is gone,
    or the link was used already. The same mail has the same token, whenever it is made.
    """
    found = wanted(connection, row, now)
    if found is None or not _put(connection, token_hash, found, now):
        return None
    _revoke_older(connection, token_hash, found, now)
    return found


def promised(connection: Connection, rows: Sequence[OutboxRow], now: datetime) -> Link | None:
    """The link that a letter of these rows would carry; changes nothing."""
    found = (wanted(connection, row, now) for row in rows if row.purpose)
    return next((link for link in found if link), None)


def delivered(connection: Connection, link: Link, now: datetime) -> None:
    """Note that the mail with an invitation has left; it lives as long as its link.

    A mail beside one that was sent changes nothing: whoever asks for it holds off nobody who wants to send another.
    """
    anew = or_(invitation.c.state == "planned", invitation.c.expires_at != link.expires_at)
    mine = update(invitation).where(invitation.c.id == link.invitation, invitation.c.state.in_(LIVE), anew)
    connection.execute(mine.values(state="sent", sent_at=now, expires_at=link.expires_at))


def look(connection: Connection, token_hash: str, now: datetime) -> Link | None:
    """The link of a token while it works; changes nothing."""
    query = select(*_COLUMNS).join(account, account.c.id == token.c.account)
    row = connection.execute(query.where(token.c.hash == token_hash, *_works(now), *_FITS)).first()
    return Link(*row) if row else None


def consume(connection: Connection, token_hash: str, purpose: Purpose, now: datetime) -> Link | None:
    """Use a link: of all who try at once, one gets it. With it every other link of the account dies."""
    found = look(connection, token_hash, now)
    mine = update(token).where(token.c.hash == token_hash, token.c.purpose == purpose, *_works(now))
    if found is None or not connection.execute(mine.values(used_at=now)).rowcount:
        return None
    invitations.revoke(connection, [found.account], now)
    if purpose == "activation":
        theirs = update(invitation).where(invitation.c.account == found.account, invitation.c.state.in_(LIVE))
        connection.execute(theirs.values(state="accepted", ended_at=now))
    return found


def _works(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return token.c.used_at.is_(None), token.c.revoked_at.is_(None), token.c.expires_at > now


#: A link that was made while the account changed is dead too: its deliverer did not see the change yet.
_FITS = (
    or_(token.c.purpose != "activation", account.c.password_set_at.is_(None)),
    or_(token.c.purpose == "confirm_email", token.c.email == account.c.email),
)

_COLUMNS = (
    token.c.purpose,
    token.c.account,
    account.c.key,
    token.c.email,
    token.c.subscription,
    token.c.invitation,
    token.c.expires_at,
)


def _activation(connection: Connection, row: OutboxRow, now: datetime) -> Link | None:
    columns = (account.c.id, account.c.key, account.c.email, invitation.c.days, invitation.c.state)
    query = select(*columns, invitation.c.expires_at).join(invitation, invitation.c.account == account.c.id)
    waiting = (invitation.c.state.in_(LIVE), account.c.password_set_at.is_(None))
    found = connection.execute(query.where(invitation.c.id == row.invitation, *waiting)).first()
    if found is None or found.key != email_key(row.recipient):
        return None
    # A mail beside one that was sent is no reason to let the invitation live longer.
    lasts = found.state == "sent" and found.expires_at > now
    until = found.expires_at if lasts else now + timedelta(days=found.days)
    return Link("activation", found.id, found.key, found.email, row.subscription, row.invitation, until)


def _reset(connection: Connection, row: OutboxRow, now: datetime) -> Link | None:
    found = _account(connection, email_key(row.recipient))
    if found is None:
        return None
    return Link("reset", found.id, found.key, found.email, row.subscription, None, now + LIFETIME["reset"])


def _confirmation(connection: Connection, row: OutboxRow, now: datetime) -> Link | None:
    """The link by which the recipient, a new address, is confirmed for the account of the old one."""
    change = next((one for one in _changes(row) if one["kind"].endswith(".propose_email")), None)
    if change is None or not _is_proposed(connection, row, change["subject"]):
        return None
    found = _account(connection, email_key(str(change["before"])))
    if found is None:
        return None
    until = now + LIFETIME["confirm_email"]
    return Link("confirm_email", found.id, found.key, row.recipient, row.subscription, None, until)


def _changes(row: OutboxRow) -> Sequence[Mapping[str, Any]]:
    changes: Sequence[Mapping[str, Any]] = row.payload.get("changes", ())
    return changes


def _is_proposed(connection: Connection, row: OutboxRow, subject: str) -> bool:
    kind, _, key = subject.partition("/")
    name = ADMIN_PROPOSED_EMAIL if kind == "admin" else PROPOSED_EMAIL.format(key)
    query = select(fact.c.value).where(fact.c.subscription == row.subscription, fact.c.name == name)
    return email_key(connection.scalar(query) or "") == email_key(row.recipient)


def _account(connection: Connection, key: str) -> AnyRow | None:
    """An account with a password."""
    query = select(account.c.id, account.c.key, account.c.email)
    return connection.execute(query.where(account.c.key == key, account.c.password_set_at.is_not(None))).first()


def _put(connection: Connection, token_hash: str, link: Link, now: datetime) -> bool:
    """Keep the hash of a token, or let one that is there live on; False when that one is dead."""
    there = connection.execute(select(token).where(token.c.hash == token_hash)).first()
    if there is None:
        values = {name: getattr(link, name) for name in ("purpose", "account", "invitation", "subscription", "email")}
        row = {"hash": token_hash, "created_at": now, "expires_at": link.expires_at, **values}
        connection.execute(token.insert(), row)
        return True
    if there.used_at or there.revoked_at:
        return False
    connection.execute(update(token).where(token.c.hash == token_hash).values(expires_at=link.expires_at))
    return True


def _revoke_older(connection: Connection, token_hash: str, link: Link, now: datetime) -> None:
    same = [token.c.account == link.account, token.c.purpose == link.purpose, token.c.hash != token_hash]
    if link.purpose == "confirm_email":
        same.append(token.c.subscription == link.subscription)
    if link.purpose == "activation":
        same.append(token.c.invitation.is_distinct_from(link.invitation))
    living = (token.c.used_at.is_(None), token.c.revoked_at.is_(None))
    connection.execute(update(token).where(*same, *living).values(revoked_at=now))
