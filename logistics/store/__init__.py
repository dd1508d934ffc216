"""The only SQL: the stock book in SQLite or PostgreSQL, one transaction a verb."""

from logistics.store.book import (
    ImportReport,
    PublishReport,
    RecordReport,
    import_week,
    publish,
    record,
)
from logistics.store.commands import Command, KeyReused
from logistics.store.databases import BookUnavailable
from logistics.store.engine import BookBusy, init_book, open_book, transact
from logistics.store.promises import Promise, release, reserve, settle
from logistics.store.schema import WrongSchema
from logistics.store.views import StockRow, names, stock, trace

__all__ = [
    "init_book",
    "open_book",
    "import_week",
    "ImportReport",
    "publish",
    "PublishReport",
    "record",
    "RecordReport",
    "reserve",
    "settle",
    "release",
    "Promise",
    "stock",
    "StockRow",
    "trace",
    "names",
    "transact",
    "Command",
    "KeyReused",
    "BookUnavailable",
    "BookBusy",
    "WrongSchema",
]
