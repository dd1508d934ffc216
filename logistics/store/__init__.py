"""The only SQL: the stock book in SQLite or PostgreSQL, one transaction a verb."""

from sqlalchemy import Engine

from logistics.store.acts import discard, hold, move, reverse, unhold
from logistics.store.archive import Backup, BadBackup, BookNotEmpty, backup, restore
from logistics.store.auditing import audit
from logistics.store.book import (
    ImportReport,
    PublishReport,
    RecordReport,
    import_week,
    publish,
    record,
)
from logistics.store.changing import merge, repack, split
from logistics.store.commands import Command, KeyReused
from logistics.store.databases import BookUnavailable
from logistics.store.databases import name_of as place
from logistics.store.desk import Done
from logistics.store.engine import BookBusy, init_book, open_book, transact
from logistics.store.periods import Extract, goods_facts, lots_extract, period_extract
from logistics.store.promises import Promise, release, reserve, settle
from logistics.store.recalls import recall
from logistics.store.schema import WrongSchema
from logistics.store.views import StockRow, clock, goods, names, stock, trace

__all__ = [
    "Engine",
    "init_book",
    "open_book",
    "place",
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
    "move",
    "discard",
    "hold",
    "unhold",
    "reverse",
    "split",
    "merge",
    "repack",
    "Done",
    "stock",
    "StockRow",
    "trace",
    "recall",
    "goods",
    "names",
    "clock",
    "audit",
    "backup",
    "restore",
    "Backup",
    "BadBackup",
    "BookNotEmpty",
    "Extract",
    "lots_extract",
    "period_extract",
    "goods_facts",
    "transact",
    "Command",
    "KeyReused",
    "BookUnavailable",
    "BookBusy",
    "WrongSchema",
]
