"""The tables, as SQLAlchemy Core sees them; the migrations create exactly these.

The State of a subscription is one canonical JSON text in `body`. What is looked up across
subscriptions, or by people, is relational beside it; `flexsync.store.checking` proves that both agree.
Instants are UTC texts of one width, so that they sort as they follow each other on every database.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    text,
)

#: Schema versions, oldest first; a migration of the same name exists for each.
SCHEMA = ("0001", "0002", "0003")

_INSTANT = "%Y-%m-%dT%H:%M:%S.%fZ"

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """An aware datetime, kept as `2026-11-25T21:56:00.000000Z`."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """The text of an instant."""
        return value.astimezone(UTC).strftime(_INSTANT) if value else None

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """The instant of a text."""
        return datetime.fromisoformat(value) if value else None


def numbered() -> Column[int]:
    """A row number; SQLite only counts up an INTEGER."""
    return Column("id", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True)


def of_subscription(**options: Any) -> Column[str]:
    """The name of a stored subscription."""
    return Column("subscription", Text, ForeignKey("subscription.name"), nullable=False, **options)


def of_run(**options: Any) -> Column[str]:
    """The id of a run."""
    return Column("run", Text, ForeignKey("run.id"), nullable=False, **options)


store_info = Table(
    "store_info",
    metadata,
    Column("id", Text, primary_key=True),
    Column("created_at", Instant, nullable=False),
)

account = Table(
    "account",
    metadata,
    numbered(),
    Column("key", Text, nullable=False, unique=True),
    Column("civility", Text, nullable=False),
    Column("given_name", Text, nullable=False),
    Column("family_name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("language", Text, nullable=False),
    # Only the subscription that created the account edits its names.
    Column("owner", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("password_hash", Text),
    Column("password_set_at", Instant),
    Column("last_login_at", Instant),
    CheckConstraint("(password_hash IS NULL) = (password_set_at IS NULL)", name="password"),
)

subscription = Table(
    "subscription",
    metadata,
    Column("name", Text, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("applied_digest", Text, nullable=False),
    Column("status", Text, nullable=False),
    # Empty: a later release notes here from which files the row was written.
    Column("source", Text, nullable=False),
    Column("next_due", Date),
    Column("admin", ForeignKey("account.id"), index=True),
    # Link of the last journal row: cutting off the end of the journal shows.
    Column("chain", Text, nullable=False),
    CheckConstraint("revision >= 1", name="revision"),
    CheckConstraint("status IN ('open', 'closed')", name="status"),
)

body = Table(
    "body",
    metadata,
    of_subscription(primary_key=True),
    Column("current", Text, nullable=False),
    Column("applied", Text, nullable=False),
)

fact = Table(
    "fact",
    metadata,
    of_subscription(primary_key=True),
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
    Index("ix_fact_name", "name"),
)

#: Identifiers of services are given once, to one service, for life.
identifier = Table(
    "identifier",
    metadata,
    Column("value", Text, primary_key=True),
    # No foreign key: it is given before the subscription is registered.
    Column("subscription", Text, nullable=False),
    Column("service", Text, nullable=False),
    Index("uq_identifier_subscription_service", "subscription", "service", unique=True),
)

seat = Table(
    "seat",
    metadata,
    of_subscription(primary_key=True),
    Column("key", Text, primary_key=True),
    Column("account", ForeignKey("account.id"), index=True),
    Column("status", Text, nullable=False),
    CheckConstraint("status IN ('present', 'deactivated', 'deleted')", name="status"),
    CheckConstraint("(status = 'deleted') = (account IS NULL)", name="tombstone"),
)

run = Table(
    "run",
    metadata,
    Column("id", Text, primary_key=True),
    Column("actor", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("command", Text, nullable=False),
    Column("commit_id", Text, nullable=False),
    Column("plan_digest", Text, unique=True),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("result", Text, nullable=False),
    Column("counts", Text, nullable=False),
    Index("ix_run_result_started_at", "result", "started_at"),
    CheckConstraint(
        "result IN ('running', 'done', 'partial', 'refused', 'failed', 'interrupted', 'abandoned')", name="result"
    ),
    CheckConstraint("(result = 'running') = (ended_at IS NULL)", name="ended"),
)

lease = Table(
    "lease",
    metadata,
    # No foreign key: a subscription is leased before it is registered.
    Column("subscription", Text, primary_key=True),
    of_run(index=True),
    Column("taken_at", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("epoch", Integer, nullable=False),
)

invitation = Table(
    "invitation",
    metadata,
    numbered(),
    of_subscription(index=True),
    Column("key", Text, nullable=False),
    Column("account", ForeignKey("account.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("state", Text, nullable=False),
    Column("days", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("sent_at", Instant),
    Column("expires_at", Instant, nullable=False),
    Column("ended_at", Instant),
    # How many mails the person got in vain, and this one.
    Column("attempt", Integer, nullable=False, server_default="1"),
    CheckConstraint("state IN ('planned', 'sent', 'accepted', 'expired', 'cancelled', 'superseded')", name="state"),
)
#: A person has one invitation that works, whatever the number of subscriptions.
Index(
    "uq_invitation_live",
    invitation.c.account,
    unique=True,
    sqlite_where=text("state IN ('planned', 'sent')"),
    postgresql_where=text("state IN ('planned', 'sent')"),
)

token = Table(
    "token",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("purpose", Text, nullable=False),
    Column("account", ForeignKey("account.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("invitation", ForeignKey("invitation.id", ondelete="CASCADE"), index=True),
    Column("subscription", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    Column("revoked_at", Instant),
    CheckConstraint("purpose IN ('activation', 'reset', 'confirm_email')", name="purpose"),
)

outbox = Table(
    "outbox",
    metadata,
    numbered(),
    Column("dedup", Text, nullable=False, unique=True),
    of_subscription(index=True),
    of_run(index=True),
    Column("recipient", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("codes", Text, nullable=False),
    Column("payload", Text, nullable=False),
    # The link that the mail carries, if any; the token is made when the mail is.
    Column("purpose", Text, nullable=False),
    Column("invitation", ForeignKey("invitation.id", ondelete="SET NULL"), index=True),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("next_at", Instant, nullable=False),
    Column("claimed_by", Text, nullable=False),
    Column("claimed_until", Instant),
    Column("sent_at", Instant),
    Column("error", Text, nullable=False),
    Index("ix_outbox_state_next_at", "state", "next_at"),
    Index("ix_outbox_run_recipient", "run", "recipient"),
    Index("ix_outbox_recipient", "recipient"),
    CheckConstraint("state IN ('queued', 'sending', 'sent', 'held', 'dead', 'cancelled')", name="state"),
    CheckConstraint("purpose IN ('', 'activation', 'reset', 'confirm_email')", name="purpose"),
)

journal = Table(
    "journal",
    metadata,
    numbered(),
    Column("operation", Text, nullable=False, unique=True),
    of_subscription(),
    Column("revision", Integer, nullable=False),
    of_run(index=True),
    Column("at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    Column("commit_id", Text, nullable=False),
    Column("plan_digest", Text, nullable=False),
    Column("steps", Text, nullable=False),
    Column("before", Text, nullable=False),
    Column("after_digest", Text, nullable=False),
    Column("chain", Text, nullable=False),
    Index("uq_journal_subscription_revision", "subscription", "revision", unique=True),
)
