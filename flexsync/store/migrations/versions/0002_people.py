"""What people need who sign in: operators, sessions, attempts, shared passwords, disclosures, workstations."""

import json
from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the tables of the portal, and count invitations."""
    op.add_column("invitation", sa.Column("attempt", sa.Integer(), server_default="1", nullable=False))
    op.create_index("ix_outbox_run_recipient", "outbox", ["run", "recipient"], unique=False)
    op.create_table(
        "operator",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_operator")),
    )
    _web_session()
    op.create_table(
        "attempt",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.Text(), nullable=False),
        sa.Column("blocked_until", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "subject", name=op.f("pk_attempt")),
    )
    op.create_index("ix_attempt_blocked_until", "attempt", ["blocked_until"], unique=False)
    _service_secret()
    _disclosure()
    _workstation()
    _listing()


def _web_session() -> None:
    op.create_table(
        "web_session",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("account", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("operator", sa.Text(), nullable=True),
        sa.Column("csrf", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("proved_at", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.Text(), nullable=True),
        sa.CheckConstraint("(account IS NULL) <> (operator IS NULL)", name=op.f("ck_web_session_who")),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_web_session_account"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["operator"], ["operator.name"], name=op.f("fk_web_session_operator"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_web_session")),
    )
    op.create_index(op.f("ix_web_session_account"), "web_session", ["account"], unique=False)
    op.create_index(op.f("ix_web_session_operator"), "web_session", ["operator"], unique=False)


def _service_secret() -> None:
    op.create_table(
        "service_secret",
        sa.Column("subscription", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("ciphertext", sa.Text(), nullable=False),
        sa.Column("set_at", sa.Text(), nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["run"], ["run.id"], name=op.f("fk_service_secret_run")),
        sa.ForeignKeyConstraint(["subscription"], ["subscription.name"], name=op.f("fk_service_secret_subscription")),
        sa.PrimaryKeyConstraint("subscription", "service", name=op.f("pk_service_secret")),
    )
    op.create_index(op.f("ix_service_secret_run"), "service_secret", ["run"], unique=False)


def _disclosure() -> None:
    op.create_table(
        "disclosure",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("account", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("subscription", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_disclosure_account"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure")),
    )
    op.create_index(op.f("ix_disclosure_account"), "disclosure", ["account"], unique=False)
    op.create_index("ix_disclosure_subscription_at", "disclosure", ["subscription", "at"], unique=False)


def _workstation() -> None:
    op.create_table(
        "workstation",
        sa.Column("subscription", sa.Text(), nullable=False),
        sa.Column("account", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("product", sa.Text(), nullable=False),
        sa.Column("workstation", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("first_at", sa.Text(), nullable=False),
        sa.Column("last_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_workstation_account"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["subscription"], ["subscription.name"], name=op.f("fk_workstation_subscription")),
        sa.PrimaryKeyConstraint("subscription", "account", "product", "workstation", name=op.f("pk_workstation")),
    )


def _listing() -> None:
    """The table, filled from the bodies, a portion at a time."""
    listing = op.create_table(
        "listing",
        sa.Column("subscription", sa.Text(), nullable=False),
        sa.Column("customer_code", sa.Text(), nullable=False),
        sa.Column("legal_name", sa.Text(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["subscription"], ["subscription.name"], name=op.f("fk_listing_subscription")),
        sa.PrimaryKeyConstraint("subscription", name=op.f("pk_listing")),
    )
    op.create_index(op.f("ix_listing_ends_on"), "listing", ["ends_on"], unique=False)
    body = sa.table("body", sa.column("subscription", sa.Text()), sa.column("current", sa.Text()))
    names = list(op.get_bind().scalars(sa.select(body.c.subscription).order_by(body.c.subscription)))
    for start in range(0, len(names), 250):
        rows = op.get_bind().execute(sa.select(body).where(body.c.subscription.in_(names[start : start + 250])))
        op.bulk_insert(listing, [_listed(row.subscription, json.loads(row.current)) for row in rows])


def _listed(name: str, state: dict[str, object]) -> dict[str, object]:
    company, ends_on = state.get("company"), state.get("ends_on")
    return {
        "subscription": name,
        "customer_code": state.get("customer_code", ""),
        "legal_name": company.get("legal_name", "") if isinstance(company, dict) else "",
        "ends_on": date.fromisoformat(str(ends_on)) if ends_on else None,
    }
