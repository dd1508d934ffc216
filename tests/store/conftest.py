"""Books of these tests are kept in SQLite and in PostgreSQL."""

from tests.store.servers import server, url

__all__ = ["server", "url"]
