"""Invitations planned and withdrawn, tokens revoked, sessions ended, with the change that causes it.

The token of a link is made when its mail is sent; here an invitation is only promised.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, select, update

from flexsync.store import sessions
from flexsync.store.invited import LIVE
from flexsync.store.mailing import UNSENT
from flexsync.store.people import Stored, Written, successors
from flexsync.store.rows import AnyRow
from flexsync.store.tables import account, invitation, outbox, seat, subscription, token


def plan(
    connection: Connection,
    name: str,
    seats: Mapping[int, str],
    days: int,
    now: datetime,
    attempts: Mapping[int, int],
) -> dict[int, int]:
    """Ids of new invitations by account id, for those of `seats` who need one.

    Who has a password, or an invitation that still works, gets none. `seats` gives the seat's key of
    each account id, `attempts` the number of those who were invited in vain before.
    """
    asked = _asked(connection, seats)
    late = [row.invitation for row in asked if row.invitation is not None and row.expires_at <= now]
    _end(connection, late, "expired", now)
    needy = {row.id for row in asked if row.invitation is None or row.invitation in late}
    until = now + timedelta(days=days)
    common = {"subscription": name, "state": "planned", "days": days, "created_at": now, "expires_at": until}
    rows = [
        {"account": number, "key": seats[number], "attempt": attempts.get(number, 1), **common}
        for number in sorted(needy)
    ]
    if not rows:
        return {}
    made = connection.execute(invitation.insert().returning(invitation.c.account, invitation.c.id), rows)
    return {row.account: row.id for row in made}


def anew(
    connection: Connection,
    name: str,
    seats: Mapping[int, str],
    days: int,
    now: datetime,
    attempts: Mapping[int, int],
) -> dict[int, int]:
    """As `plan`, for each of `seats`: the invitations before, and their links, work no longer."""
    for number in seats:
        supersede(connection, number, now)
    return plan(connection, name, seats, days, now, attempts)


def supersede(connection: Connection, number: int, now: datetime) -> None:
    """End the invitation of an account, if one still counts, and kill the links that were sent with it."""
    for row_id, _, end in _live(connection, {number}):
        _end(connection, [row_id], "superseded" if end > now else "expired", now)
    revoke(connection, [number], now, "activation")


def unsend(connection: Connection, emails: Sequence[str], purpose: str) -> None:
    """Keep home the mails to `emails` that would carry a link of that purpose and did not leave yet."""
    mine = (outbox.c.recipient.in_(emails), outbox.c.purpose == purpose, outbox.c.state.in_(UNSENT))
    connection.execute(update(outbox).where(*mine).values(state="cancelled"))


def withdraw(connection: Connection, before: Stored, after: Written, now: datetime) -> None:
    """End what invites people who left, or whose address moved, and kill their links."""
    left = _untied(connection, before.occupied - after.occupied)
    for numbers, state in ((left, "cancelled"), (set(after.moved), "superseded")):
        _end(connection, [row_id for row_id, _, _ in _live(connection, numbers)], state, now)
    revoke(connection, left | set(after.moved), now)
    sessions.end_all(connection, left, now)


def revoke(connection: Connection, numbers: Iterable[int], now: datetime, purpose: str = "") -> None:
    """Kill the unused links of accounts; all of them, or those of one purpose."""
    ids = sorted(numbers)
    if not ids:
        return
    living = (token.c.account.in_(ids), token.c.used_at.is_(None), token.c.revoked_at.is_(None))
    mine = update(token).where(*living)
    connection.execute((mine.where(token.c.purpose == purpose) if purpose else mine).values(revoked_at=now))


def end_links(connection: Connection, now: datetime) -> tuple[int, int]:
    """Kill every link, and let the invitations that were sent expire with theirs; the number of both.

    A mail whose link died so was not sent in vain: the next one counts as the same attempt.
    """
    living = (token.c.used_at.is_(None), token.c.revoked_at.is_(None), token.c.expires_at > now)
    links = connection.execute(update(token).where(*living).values(revoked_at=now)).rowcount
    sent = update(invitation).where(invitation.c.state == "sent", invitation.c.expires_at > now)
    return links, connection.execute(sent.values(expires_at=now, sent_at=None)).rowcount


def _asked(connection: Connection, numbers: Iterable[int]) -> Sequence[AnyRow]:
    """Those of accounts that have no password, with the invitation that still counts, if any."""
    ids = sorted(numbers)
    if not ids:
        return ()
    mine = and_(invitation.c.account == account.c.id, invitation.c.state.in_(LIVE))
    query = select(account.c.id, invitation.c.id.label("invitation"), invitation.c.expires_at)
    asked = query.select_from(account).join(invitation, mine, isouter=True)
    return connection.execute(asked.where(account.c.id.in_(ids), account.c.password_set_at.is_(None))).all()


def _live(connection: Connection, numbers: set[int]) -> Sequence[tuple[int, int, datetime]]:
    """Id, account and end of the invitations of accounts that still count."""
    if not numbers:
        return ()
    columns = (invitation.c.id, invitation.c.account, invitation.c.expires_at)
    query = select(*columns).where(invitation.c.account.in_(sorted(numbers)), invitation.c.state.in_(LIVE))
    return [(row.id, row.account, row.expires_at) for row in connection.execute(query)]


def _untied(connection: Connection, numbers: set[int]) -> set[int]:
    """Those of accounts that hold no present seat and administer nothing, nor are asked to, in any subscription."""
    if not numbers:
        return set()
    ids = sorted(numbers)
    seats = select(seat.c.account).where(seat.c.account.in_(ids), seat.c.status == "present")
    admins = select(subscription.c.admin).where(subscription.c.admin.in_(ids))
    return numbers - set(connection.scalars(seats.union(admins))) - successors(connection, ids)


def _end(connection: Connection, ids: Sequence[int], state: str, now: datetime) -> None:
    """End invitations; a mail that would carry one and did not leave yet stays home."""
    if not ids:
        return
    connection.execute(update(invitation).where(invitation.c.id.in_(ids)).values(state=state, ended_at=now))
    waiting = update(outbox).where(outbox.c.invitation.in_(ids), outbox.c.state.in_(UNSENT))
    connection.execute(waiting.values(state="cancelled"))
