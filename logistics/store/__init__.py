"""The only SQL: the stock book in an SQLite file, one transaction a verb."""

from logistics.store.book import (
    ImportReport,
    PublishReport,
    RecordReport,
    import_week,
    publish,
    record,
)
from logistics.store.engine import BookUnavailable, init_book, open_book
from logistics.store.periods import Extract, goods_facts, lots_extract, period_extract
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
    "stock",
    "StockRow",
    "trace",
    "names",
    "Extract",
    "lots_extract",
    "period_extract",
    "goods_facts",
    "BookUnavailable",
    "WrongSchema",
]
