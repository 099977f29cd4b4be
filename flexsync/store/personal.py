"""All that the store has of one account, as plain data; and what is kept no longer than it has to be.

In: a connection, and an account. Out: plain JSON data, without hashes and secrets; or rows that are gone.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, delete, or_, select, update

from flexsync.store import attempts, sessions
from flexsync.store.rows import AnyRow, load
from flexsync.store.tables import account, body, fact, invitation, journal, outbox, seat, subscription, token
from flexsync.store.tables_portal import disclosure, web_session, workstation

#: Columns that are secrets, or that only the database needs.
_HIDDEN = frozenset({"id", "account", "password_hash", "hash", "csrf", "chain", "claimed_by", "claimed_until", "dedup"})


def exported(connection: Connection, key: str) -> dict[str, Any] | None:
    """Everything about the account of an e-mail key; None when there is none."""
    mine = connection.execute(select(account).where(account.c.key == key)).first()
    if mine is None:
        return None
    seats = connection.execute(select(seat).where(seat.c.account == mine.id).order_by(seat.c.subscription)).all()
    keys = {(row.subscription, row.key) for row in seats}
    return {
        "account": _row(mine),
        "seats": [_seat(connection, row) for row in seats],
        "administers": list(connection.scalars(select(subscription.c.name).where(subscription.c.admin == mine.id))),
        "invitations": _rows(connection, invitation, invitation.c.account == mine.id),
        "links": _rows(connection, token, token.c.account == mine.id),
        "mails": _rows(connection, outbox, outbox.c.recipient.in_((mine.email, mine.key))),
        "sessions": _rows(connection, web_session, web_session.c.account == mine.id),
        "workstations": _rows(connection, workstation, workstation.c.account == mine.id),
        "disclosures": _rows(
            connection, disclosure, or_(disclosure.c.account == mine.id, disclosure.c.actor == mine.key)
        ),
        "journal": list(_journal(connection, keys, mine)),
    }


def _seat(connection: Connection, row: AnyRow) -> dict[str, Any]:
    """A seat with what the State and the facts say of its user."""
    text = connection.scalar(select(body.c.current).where(body.c.subscription == row.subscription))
    user = (load(text or "{}").get("users") or {}).get(row.key)
    named = fact.c.name.startswith(f"user/{row.key}/", autoescape=True)
    facts = connection.execute(select(fact.c.name, fact.c.value).where(fact.c.subscription == row.subscription, named))
    return {**_row(row), "user": user, "facts": {one.name: one.value for one in facts}}


def _rows(connection: Connection, table: Table, which: ColumnElement[bool]) -> list[dict[str, Any]]:
    ordered = select(table).where(which).order_by(*table.primary_key.columns)
    return [_row(row) for row in connection.execute(ordered)]


def _row(row: AnyRow) -> dict[str, Any]:
    found = {name: _value(value) for name, value in row._asdict().items() if name not in _HIDDEN}
    return {**found, **{name: load(found[name]) for name in ("codes", "payload") if name in found}}


def _value(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime | date) else value


def _journal(connection: Connection, keys: set[tuple[str, str]], mine: AnyRow) -> Iterator[dict[str, Any]]:
    """Entries about the seats of the person, or of their administration, or that they made themselves."""
    names = {name for name, _ in keys} | {mine.owner}
    columns = (
        journal.c.at,
        journal.c.actor,
        journal.c.subscription,
        journal.c.revision,
        journal.c.run,
        journal.c.steps,
    )
    theirs = or_(journal.c.subscription.in_(sorted(names)), journal.c.actor == mine.email)
    for row in connection.execute(select(*columns).where(theirs).order_by(journal.c.id)):
        own = {key for name, key in keys if name == row.subscription}
        steps = [step for step in load(row.steps) if _is_about(step, own, mine.email)]
        if steps or row.actor == mine.email:
            yield {**_row(row), "steps": steps}


def _is_about(step: Mapping[str, Any], keys: set[str], email: str) -> bool:
    section, *names = str(step["subject"]).split("/")
    if section in ("user", "access"):
        return bool(names) and names[0] in keys
    return section == "admin" and email in str((step.get("before"), step.get("after")))


def purge(connection: Connection, now: datetime, keep: timedelta) -> Mapping[str, int]:
    """Forget sessions and tries that ended, links that no longer work, and what mails said that left long ago.

    The number of rows of each kind.
    """
    old = now - keep
    dead = or_(token.c.used_at < old, token.c.revoked_at < old, token.c.expires_at < old)
    told = (outbox.c.state.in_(("sent", "cancelled")), outbox.c.created_at < old, outbox.c.payload != "{}")
    return {
        "sessions": sessions.forget(connection, now),
        "tries": attempts.purge(connection, now),
        "links": connection.execute(delete(token).where(dead)).rowcount,
        "mails": connection.execute(update(outbox).where(*told).values(payload="{}")).rowcount,
    }
