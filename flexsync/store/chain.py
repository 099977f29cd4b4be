"""The chain of the journal: each row carries the hash of the row before it and of its own content.

In: a connection. Out: where the chains are broken, in words, and their ends. It must read everything and
change nothing. There is one chain a subscription, whose end stands in the subscription's row: one chain
for the whole store would make applies of different subscriptions wait for each other.

A row from which somebody's personal data was erased keeps its link. A later row of the same chain says which
revisions were replaced, and the digest of what they say now; anything else that differs is an alteration.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from flexsync.store.rows import AnyRow, digest_of, load
from flexsync.store.tables import body, journal, run, subscription
from flexsync.store.transaction import link
from flexsync.text import shorten

#: The kind of the step that says which revisions an erasure replaced.
ERASE = "personal.erase"


def content_digest(values: Mapping[str, Any]) -> str:
    """What an erasure says of a row that it replaced: a digest of all its columns but its number and link."""
    return link(ERASE, {name: value for name, value in values.items() if name not in ("id", "chain")})


@dataclass(frozen=True, slots=True)
class End:
    """The end of the chain of one subscription, to be kept where the store's owner cannot write."""

    name: str
    revision: int
    chain: str


def ends(connection: Connection) -> list[End]:
    """The end of every chain, by name of subscription."""
    columns = (subscription.c.name, subscription.c.revision, subscription.c.chain)
    return [End(*row) for row in connection.execute(select(*columns).order_by(subscription.c.name))]


def broken(connection: Connection, kept: Mapping[str, End] = {}) -> Iterator[str]:
    """What was altered, removed or inserted; `kept` are ends that somebody wrote down earlier, by name."""
    heads = {row.name: row for row in connection.execute(select(subscription))}
    replaced = erased(connection)
    chains = {name: _Chain(name, replaced.get(name, {})) for name in heads}
    for row in connection.execute(select(journal).order_by(journal.c.subscription, journal.c.revision)):
        chain = chains.setdefault(row.subscription, _Chain(row.subscription, {}))
        yield from chain.follow(row)
        yield from _kept(row, kept.get(row.subscription))
    for name, head in sorted(heads.items()):
        yield from chains[name].end(head)
    yield from _cut(heads, kept)
    yield from _bodies(connection, heads)
    yield from _runs(connection)


def erased_count(connection: Connection) -> int:
    """How many rows of the journal an erasure replaced."""
    return sum(len(revisions) for revisions in erased(connection).values())


def erased(connection: Connection) -> dict[str, dict[str, str]]:
    """By subscription, what the journal itself says of revisions that were replaced; the last word counts."""
    found: dict[str, dict[str, str]] = {}
    query = select(journal.c.subscription, journal.c.steps).where(journal.c.steps.contains(f'"{ERASE}"'))
    for row in connection.execute(query.order_by(journal.c.subscription, journal.c.revision)):
        for step in load(row.steps):
            if step.get("kind") == ERASE:
                found.setdefault(row.subscription, {}).update(step["after"])
    return found


@dataclass(slots=True)
class _Chain:
    """One chain as far as it was followed; `erased` are digests of replaced rows by revision."""

    name: str
    erased: Mapping[str, str]
    link: str = ""
    revision: int = 0
    after: str = ""

    def follow(self, row: AnyRow) -> Iterator[str]:
        """What is wrong with the next row."""
        values = row._asdict()
        values.pop("id")
        stored = values.pop("chain")
        if row.revision != self.revision + 1:
            yield f"{self._who}: the journal of {_range(self.revision + 1, row.revision - 1)} was removed."
        elif link(self.link, values) != stored and self.erased.get(str(row.revision)) != content_digest(values):
            yield f"{self._who}: the journal of revision {row.revision} was altered."
        elif self.revision and digest_of(row.before) != self.after:
            yield f"{self._who}: revision {row.revision} does not begin where revision {self.revision} ended."
        self.link, self.revision, self.after = stored, row.revision, row.after_digest

    def end(self, head: AnyRow) -> Iterator[str]:
        """What is wrong with the end of the chain."""
        if head.revision != self.revision:
            yield f"{self._who}: the journal ends at revision {self.revision}, the subscription is at {head.revision}."
        elif head.chain != self.link:
            yield f"{self._who}: the end of the journal is not the one that the subscription names."
        elif head.digest != self.after:
            yield f"{self._who}: its state is not the one that the journal ends with."

    @property
    def _who(self) -> str:
        return shorten(self.name)


def _range(first: int, last: int) -> str:
    return f"revision {first}" if first == last else f"revisions {first} to {last}"


def _kept(row: AnyRow, end: End | None) -> Iterator[str]:
    if end and end.revision == row.revision and end.chain != row.chain:
        yield f"{shorten(end.name)}: revision {row.revision} is not the one that was written down."


def _cut(heads: Mapping[str, AnyRow], kept: Mapping[str, End]) -> Iterator[str]:
    for name, end in sorted(kept.items()):
        revision = heads[name].revision if name in heads else 0
        if revision < end.revision:
            yield f"{shorten(name)}: is at revision {revision}; revision {end.revision} was written down."


def _bodies(connection: Connection, heads: Mapping[str, AnyRow]) -> Iterator[str]:
    for row in connection.execute(select(body.c.subscription, body.c.current).order_by(body.c.subscription)):
        head = heads.get(row.subscription)
        if head is not None and digest_of(row.current) != head.digest:
            yield f"{shorten(row.subscription)}: its state was changed beside the journal."


def _runs(connection: Connection) -> Iterator[str]:
    """Runs are not in the chain; the journal repeats what matters of them."""
    columns: tuple[Any, ...] = (run.c.id, journal.c.subscription)
    other = (run.c.actor != journal.c.actor) | (run.c.commit_id != journal.c.commit_id)
    query = select(*columns).join(journal, journal.c.run == run.c.id).where(other).order_by(run.c.id)
    for row in connection.execute(query):
        yield f"{shorten(row.subscription)}: run {row.id} names another actor or commit than the journal."
