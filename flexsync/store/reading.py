"""The reading side: heads, snapshots, accounts, runs, journal, outbox. Set-based, never a row at a time.

Raises FlexsyncError when a stored State is damaged; a failed read is an error, never an absence.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select

from flexsync.snapshot import Account, Snapshot
from flexsync.state import State
from flexsync.store.base import Head, Info, JournalEntry, OutboxRow, Run, Status
from flexsync.store.invited import invitations
from flexsync.store.rows import ACCOUNT, HEAD, AnyRow, AnySelect, account_of, chunks, head_of, load, run_of, state_of
from flexsync.store.runs import did_something
from flexsync.store.tables import (
    account,
    body,
    fact,
    journal,
    metadata,
    outbox,
    run,
    seat,
    store_info,
    subscription,
)


def heads(connection: Connection) -> list[Head]:
    """Every subscription's Head, by name."""
    return [head_of(row) for row in connection.execute(select(*HEAD).order_by(subscription.c.name))]


def snapshots(connection: Connection, names: Sequence[str]) -> dict[str, Snapshot]:
    """Snapshots of those of `names` that exist."""
    found: dict[str, Snapshot] = {}
    for part in chunks(names):
        facts = _facts(connection, part)
        query = select(subscription.c.revision, body).join(body, body.c.subscription == subscription.c.name)
        for row in connection.execute(query.where(subscription.c.name.in_(part))):
            found[row.subscription] = snapshot_of(row, facts.get(row.subscription, {}))
    return found


def snapshot_of(row: AnyRow, facts: dict[str, str]) -> Snapshot:
    """The Snapshot of a row with revision and body; both States are one value when nothing drifted."""
    current = state_of(row.subscription, row.current)
    applied = current if row.applied == row.current else state_of(row.subscription, row.applied)
    return Snapshot(row.subscription, row.revision, current, applied, facts)


def _facts(connection: Connection, names: list[str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in connection.execute(select(fact).where(fact.c.subscription.in_(names))):
        found[row.subscription][row.name] = row.value
    return found


def accounts(connection: Connection, keys: Sequence[str], now: datetime) -> dict[str, Account]:
    """The accounts of those of `keys` (see `flexsync.address.email_key`) that exist."""
    return accounts_of(connection, account_rows(connection, keys), now)


def accounts_of(connection: Connection, rows: Mapping[str, AnyRow], now: datetime) -> dict[str, Account]:
    """The accounts of rows by key; those without a password with their newest invitation."""
    asked = invitations(connection, (key for key, row in rows.items() if row.password_set_at is None), now)
    return {key: account_of(row, asked.get(key)) for key, row in rows.items()}


def account_rows(connection: Connection, keys: Sequence[str]) -> dict[str, AnyRow]:
    """Rows of ACCOUNT columns by key."""
    queries = (select(*ACCOUNT).where(account.c.key.in_(part)) for part in chunks(keys))
    return {row.key: row for query in queries for row in connection.execute(query)}


def recent_runs(connection: Connection, limit: int) -> list[Run]:
    """The last `limit` runs, newest first, without those that looked for reminders and found none."""
    query = select(run).where(did_something()).order_by(run.c.started_at.desc(), run.c.id).limit(limit)
    return [run_of(row) for row in connection.execute(query)]


def one_run(connection: Connection, run_id: str) -> tuple[Run, list[JournalEntry]] | None:
    """A run and what it did, in order."""
    row = connection.execute(select(run).where(run.c.id == run_id)).first()
    if row is None:
        return None
    return run_of(row), _entries(connection, select(journal).where(journal.c.run == run_id))


def history(connection: Connection, name: str) -> list[JournalEntry]:
    """All that was ever done to one subscription, oldest first."""
    return _entries(connection, select(journal).where(journal.c.subscription == name))


def _entries(connection: Connection, query: AnySelect) -> list[JournalEntry]:
    return [entry_of(row) for row in connection.execute(query.order_by(journal.c.id))]


def entry_of(row: AnyRow) -> JournalEntry:
    """The JournalEntry of a row of the `journal` table."""
    return JournalEntry(
        operation=row.operation,
        subscription=row.subscription,
        revision=row.revision,
        run=row.run,
        at=row.at,
        actor=row.actor,
        commit=row.commit_id,
        plan_digest=row.plan_digest,
        steps=tuple(load(row.steps)),
        before=state_of(row.subscription, row.before),
        after_digest=row.after_digest,
    )


def outbox_rows(connection: Connection, *, subscription_name: str = "", run_id: str = "") -> list[OutboxRow]:
    """Mails, oldest first, all of them or those of one subscription or run."""
    query = select(outbox).order_by(outbox.c.id)
    if subscription_name:
        query = query.where(outbox.c.subscription == subscription_name)
    if run_id:
        query = query.where(outbox.c.run == run_id)
    return [mail_of(row) for row in connection.execute(query)]


def mail_of(row: AnyRow) -> OutboxRow:
    """The OutboxRow of a row of the `outbox` table."""
    return OutboxRow(
        id=row.id,
        dedup=row.dedup,
        subscription=row.subscription,
        run=row.run,
        recipient=row.recipient,
        language=row.language,
        codes=tuple(load(row.codes)),
        payload=load(row.payload),
        purpose=row.purpose,
        invitation=row.invitation,
        state=row.state,
        attempts=row.attempts,
        created_at=row.created_at,
        next_at=row.next_at,
        sent_at=row.sent_at,
        error=row.error,
    )


def statuses(connection: Connection, names: Sequence[str], now: datetime) -> dict[str, Status]:
    """What `status` shows of those of `names` that exist."""
    found = snapshots(connection, names)
    keys = {name: _keys(snapshot.current) for name, snapshot in found.items()}
    everybody = sorted(set().union(*keys.values()))
    known = account_rows(connection, everybody)
    active = {key for key, row in known.items() if row.password_set_at}
    invited = invitations(connection, known.keys() - active, now)
    rows = (select(*HEAD).where(subscription.c.name.in_(part)) for part in chunks(found))
    heads_by_name = {row.name: head_of(row) for query in rows for row in connection.execute(query)}
    return {
        name: Status(
            head=heads_by_name[name],
            snapshot=snapshot,
            active=frozenset(keys[name] & active),
            invitations={key: invited[key] for key in keys[name] if key in invited},
        )
        for name, snapshot in found.items()
    }


def activated(connection: Connection, names: Sequence[str]) -> dict[str, int]:
    """How many users with a password hold a seat of each of `names`."""
    found = dict.fromkeys(names, 0)
    for part in chunks(names):
        held = select(seat.c.subscription, func.count()).join(account, account.c.id == seat.c.account)
        mine = (seat.c.subscription.in_(part), seat.c.status == "present", account.c.password_set_at.is_not(None))
        rows = connection.execute(held.where(*mine).group_by(seat.c.subscription))
        found |= {str(name): int(count) for name, count in rows}
    return found


def _keys(state: State | None) -> set[str]:
    return {person.key for person in state.people} if state else set()


def info(connection: Connection, url: str, schema: str) -> Info:
    """The store in a few words."""
    row = connection.execute(select(store_info)).one()
    counts = {
        table.name: connection.scalar(select(func.count()).select_from(table)) or 0 for table in metadata.sorted_tables
    }
    return Info(row.id, url, schema, row.created_at, counts)
