"""Runs the migrations on the connection, and in the transaction, that `logistics.store.schema` gives."""

from alembic import context

from logistics.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
)
context.run_migrations()
