"""Runs migrations on the connection, and in the transaction, that the caller opened."""

from alembic import context

from flexsync.store import tables_portal  # noqa: F401 - its tables join the others
from flexsync.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=False,
)
context.run_migrations()
