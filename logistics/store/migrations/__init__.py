"""Alembic migrations of the book; `logistics.store.schema` runs them."""
