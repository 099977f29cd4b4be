"""One transaction on one subscription: everything it writes lives or dies together.

In: a connection that began to write. Out: rows. The revision goes up by one with each `save`, the journal
says what was done, and the tables of people follow the State by construction.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from string import ascii_uppercase, digits
from typing import Any

from sqlalchemy import Connection, delete, select, update

from flexsync.address import email_key
from flexsync.faults import point
from flexsync.snapshot import ADMIN_SUCCESSOR, Account, Snapshot, next_attempt
from flexsync.state import Person, State, digest
from flexsync.store import invitations, leases, people, shared
from flexsync.store.base import Chance, Purpose, Run
from flexsync.store.queue import Mail, row_of
from flexsync.store.reading import account_rows, accounts_of, snapshot_of
from flexsync.store.rows import AnyRow, digest_of, dump, insert_new, listing_of, locked, upsert
from flexsync.store.tables import body, fact, identifier, journal, outbox, subscription
from flexsync.store.tables_portal import listing


@dataclass(frozen=True, slots=True)
class Saved:
    """What a transaction writes of a subscription, and why.

    `applied` is what the files brought about; `steps` is plain data; `operation` names the act, once.
    `successor` needs an account beside the people of the State: somebody newly asked to be administrator.
    """

    state: State
    applied: State
    facts: Mapping[str, str]
    operation: str
    steps: Sequence[Mapping[str, Any]] = ()
    plan_digest: str = ""
    next_due: date | None = None
    successor: Person | None = None


class Transaction:
    """A subscription, locked. Made by `Store.transaction`, committed when its `with` block ends well.

    `next_due` is the day that was noted, once the snapshot is taken.
    """

    def __init__(self, connection: Connection, name: str, run: Run, now: datetime) -> None:
        self.name = name
        self.run = run
        self.now = now
        self.next_due: date | None = None
        self._connection = connection
        self._chain = ""
        self._before = Snapshot(name)
        self._admin: int | None = None
        self._ids: Mapping[str, int] = {}
        self._known: dict[str, AnyRow | None] = {}
        self._attempts: dict[str, int] = {}

    def fence(self) -> None:
        """Raise LockHeld unless the run still holds the lease of the subscription."""
        leases.fence(self._connection, self.name, self.run.id)

    def snapshot(self) -> Snapshot:
        """The subscription as it is, and stays until the transaction ends."""
        query = select(subscription).where(subscription.c.name == self.name)
        head = self._connection.execute(locked(query)).first()
        if head is None:
            return self._before
        self._chain, self._admin, self.next_due = head.chain, head.admin, head.next_due
        # After the lock: a row that was waited for would come with the body of before the wait.
        row = self._connection.execute(
            select(subscription.c.revision, body)
            .join_from(subscription, body, body.c.subscription == subscription.c.name)
            .where(subscription.c.name == self.name)
        ).one()
        facts = self._connection.execute(select(fact.c.name, fact.c.value).where(fact.c.subscription == self.name))
        self._before = snapshot_of(row, {one.name: one.value for one in facts})
        return self._before

    def accounts(self, keys: Sequence[str]) -> dict[str, Account]:
        """The accounts of those of `keys` that exist."""
        found = account_rows(self._connection, keys)
        self._known |= {key: found.get(key) for key in keys}
        accounts = accounts_of(self._connection, found, self.now)
        self._attempts |= {key: next_attempt(account.invitation) for key, account in accounts.items()}
        return accounts

    def done_by(self, operation: str) -> str:
        """The id of the run that did `operation`; empty when it was not done."""
        query = select(journal.c.run).where(journal.c.operation == operation)
        return self._connection.scalar(query) or ""

    def touch(self, next_due: date | None) -> bool:
        """Note when the subscription is due; True when that was new. No revision."""
        if self._before.current is None or self.next_due == next_due:
            return False
        mine = update(subscription).where(subscription.c.name == self.name)
        self._connection.execute(mine.values(next_due=next_due))
        return True

    @property
    def revision(self) -> int:
        """The revision that the subscription has once the transaction has written."""
        return self._before.revision + 1

    def note(self, steps: Sequence[Mapping[str, Any]], operation: str) -> None:
        """Write down what was done to a subscription whose State stays as it is; raises the revision.

        Raises ValueError of a subscription that was not read before, or that does not exist.
        """
        was = self._before
        if was.current is None:
            raise ValueError(f"{self.name} is not registered, or its snapshot was not taken")
        applied = was.applied or was.current
        self.save(Saved(was.current, applied, was.facts, operation, steps, next_due=self.next_due))

    def save(self, saved: Saved) -> frozenset[str]:
        """Write State, people, facts and journal; the keys of the accounts that are new."""
        was = email_key(self._before.facts.get(ADMIN_SUCCESSOR, ""))
        before = (
            people.stored(self._connection, self.name, self._admin, was) if self._before.revision else people.NOTHING
        )
        guest = people.Guest(email_key(saved.facts.get(ADMIN_SUCCESSOR, "")), saved.successor)
        after = people.write_accounts(self._connection, before, saved.state, guest, self._known, self.now)
        self._ids = after.ids
        point("accounts-written")
        current = dump(saved.state)
        entry = self._entry(saved, current)
        self._write_state(saved, current, after.admin, entry["chain"])
        self._write_facts(saved.facts)
        point("state-written")
        people.write_seats(self._connection, self.name, before, after)
        invitations.withdraw(self._connection, before, after, self.now)
        people.remove_strangers(self._connection, before, after)
        point("people-written")
        self._connection.execute(journal.insert(), entry)
        point("journal-written")
        return after.created

    def invite(self, seats: Mapping[str, str], days: int) -> dict[str, int]:
        """Ids of new invitations by account key, for who has neither password nor a working one.

        `seats` gives the seat's key of each account key; to be called after `save`, and after `accounts`
        of those who may have been invited in vain.
        """
        numbers = {self._ids[key]: key for key in seats}
        by_number = {number: seats[key] for number, key in numbers.items()}
        attempts = {number: self._attempts.get(key, 1) for number, key in numbers.items()}
        made = invitations.plan(self._connection, self.name, by_number, days, self.now, attempts)
        return {numbers[number]: row_id for number, row_id in made.items()}

    def invite_again(self, key: str, seat: str, days: int, attempt: int) -> dict[str, int]:
        """The id of a new invitation by account key; the one before, and its link, work no longer.

        `seat` is the seat's key; to be called after `save`.
        """
        number = self._ids[key]
        invitations.supersede(self._connection, number, self.now)
        made = invitations.plan(self._connection, self.name, {number: seat}, days, self.now, {number: attempt})
        return {key: made[number]}

    def unsend(self, email: str, purpose: Purpose) -> None:
        """Keep home the mails to an address that would carry a link of that purpose and did not leave yet."""
        invitations.unsend(self._connection, [email], purpose)

    def revoke(self, keys: Iterable[str], purpose: Purpose) -> None:
        """Kill the unused links of one purpose of accounts; to be called after `save`."""
        numbers = [self._ids[key] for key in keys if key in self._ids]
        invitations.revoke(self._connection, numbers, self.now, purpose)

    def enqueue(self, mails: Sequence[Mail]) -> None:
        """Queue mails; to be called after `save`, once."""
        if mails:
            mark = f"{self.name}/{self.revision}"
            rows = [row_of(mail, f"{mark}/{mail.key}", self.name, self.run.id, self.now) for mail in mails]
            self._connection.execute(outbox.insert(), rows)
        point("notices-written")

    def keep(self, passwords: Mapping[str, str], gone: Sequence[str]) -> None:
        """Keep shared passwords, encrypted, by service, and forget those of `gone`; to be called after `save`."""
        shared.forget(self._connection, self.name, gone)
        shared.keep(self._connection, self.name, self.run.id, self.now, passwords)

    def identifiers(self, services: Sequence[str], chance: Chance) -> dict[str, str]:
        """The identifier of each service, such as IJN33: given once, unique in the store, kept for life."""
        query = select(identifier.c.service, identifier.c.value).where(identifier.c.subscription == self.name)
        known = {row.service: row.value for row in self._connection.execute(query)} if services else {}
        return {code: known.get(code) or self._new_identifier(code, chance) for code in services}

    def _new_identifier(self, service: str, chance: Chance) -> str:
        while True:
            value = "".join([*chance.choices(ascii_uppercase, k=3), *chance.choices(digits, k=2)])
            row = {"value": value, "subscription": self.name, "service": service}
            if insert_new(self._connection, identifier, [row], "value", identifier.c.value):
                return value

    def _entry(self, saved: Saved, current: str) -> dict[str, Any]:
        entry = {
            "operation": saved.operation,
            "subscription": self.name,
            "revision": self.revision,
            "run": self.run.id,
            "at": self.now,
            "actor": self.run.actor,
            "commit_id": self.run.commit,
            "plan_digest": saved.plan_digest,
            "steps": dump(list(saved.steps)),
            "before": dump(self._before.current),
            "after_digest": digest_of(current),
        }
        return {**entry, "chain": link(self._chain, entry)}

    def _write_state(self, saved: Saved, current: str, admin: int | None, chain: str) -> None:
        applied = current if saved.applied == saved.state else dump(saved.applied)
        head = {
            "name": self.name,
            "revision": self.revision,
            "digest": digest_of(current),
            "applied_digest": digest_of(applied),
            "status": saved.state.status,
            "source": "",
            "next_due": saved.next_due,
            "admin": admin,
            "chain": chain,
        }
        bodies = {"subscription": self.name, "current": current, "applied": applied}
        if self._before.revision == 0:
            self._connection.execute(subscription.insert(), head)
            self._connection.execute(body.insert(), bodies)
        else:
            mine = update(subscription).where(subscription.c.name == self.name)
            self._connection.execute(mine.values(head))
            self._connection.execute(update(body).where(body.c.subscription == self.name).values(bodies))
        listed = listing_of(saved.state)
        if self._before.current is None or listing_of(self._before.current) != listed:
            upsert(self._connection, listing, [listed], "subscription")

    def _write_facts(self, facts: Mapping[str, str]) -> None:
        before = self._before.facts
        gone = sorted(before.keys() - facts.keys())
        if gone:
            mine = (fact.c.subscription == self.name, fact.c.name.in_(gone))
            self._connection.execute(delete(fact).where(*mine))
        new = [
            {"subscription": self.name, "name": name, "value": value}
            for name, value in sorted(facts.items())
            if before.get(name) != value
        ]
        upsert(self._connection, fact, new, "subscription", "name")


def link(previous: str, entry: Mapping[str, Any]) -> str:
    """The link of a journal row in the chain of its subscription: altering one row breaks all that follow."""
    plain = {
        name: value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
        for name, value in entry.items()
    }
    return digest([previous, plain])
