"""Indexes for what is asked at each sign-in, reset and run, so that it does not cost more in a large store."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the indexes."""
    op.create_index("ix_fact_name", "fact", ["name"], unique=False)
    op.create_index("ix_run_result_started_at", "run", ["result", "started_at"], unique=False)
    op.create_index("ix_outbox_recipient", "outbox", ["recipient"], unique=False)
    op.create_index("ix_web_session_expires_at", "web_session", ["expires_at"], unique=False)
