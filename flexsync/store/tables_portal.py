"""The tables of the portal, beside those of the subscriptions: who signs in, and what they were shown."""

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, Table, Text

from flexsync.store.tables import Instant, metadata, numbered, of_run, of_subscription

#: People who look after the whole fleet in the portal; no account of a subscription is one.
operator = Table(
    "operator",
    metadata,
    Column("name", Text, primary_key=True),
    Column("password_hash", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("ended_at", Instant),
)

#: Somebody signed in; the cookie holds a random text, this its hash.
web_session = Table(
    "web_session",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("account", ForeignKey("account.id", ondelete="CASCADE"), index=True),
    Column("operator", ForeignKey("operator.name", ondelete="CASCADE"), index=True),
    Column("csrf", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    # When the password was last typed: what is secret asks for a recent one.
    Column("proved_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Index("ix_web_session_expires_at", "expires_at"),
    CheckConstraint("(account IS NULL) <> (operator IS NULL)", name="who"),
)

#: How often somebody failed lately, so that guessing gets slow; nobody is locked out for good.
attempt = Table(
    "attempt",
    metadata,
    Column("kind", Text, primary_key=True),
    # A hash of an account key or of a network address, never the thing itself.
    Column("subject", Text, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("first_at", Instant, nullable=False),
    Column("blocked_until", Instant, nullable=False),
    Index("ix_attempt_blocked_until", "blocked_until"),
)

#: The shared password of a service, encrypted with a key that the store does not hold.
service_secret = Table(
    "service_secret",
    metadata,
    of_subscription(primary_key=True),
    Column("service", Text, primary_key=True),
    Column("ciphertext", Text, nullable=False),
    Column("set_at", Instant, nullable=False),
    of_run(index=True),
)

#: Who was shown what, when: shared passwords read, personal data handed out.
disclosure = Table(
    "disclosure",
    metadata,
    numbered(),
    Column("at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    Column("account", ForeignKey("account.id", ondelete="SET NULL"), index=True),
    Column("subscription", Text, nullable=False),
    Column("what", Text, nullable=False),
    Index("ix_disclosure_subscription_at", "subscription", "at"),
)

#: Where a product was launched; the first launch has to be online.
workstation = Table(
    "workstation",
    metadata,
    of_subscription(primary_key=True),
    Column("account", ForeignKey("account.id", ondelete="CASCADE"), primary_key=True),
    Column("product", Text, primary_key=True),
    Column("workstation", Text, primary_key=True),
    Column("version", Text, nullable=False),
    Column("first_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
)

#: What subscriptions are looked up by across the fleet, so that no body has to be read for it.
listing = Table(
    "listing",
    metadata,
    of_subscription(primary_key=True),
    Column("customer_code", Text, nullable=False),
    Column("legal_name", Text, nullable=False),
    Column("ends_on", Date, index=True),
)
