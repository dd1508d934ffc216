"""The pure book lives through random weeks and always agrees with plain arithmetic."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import HealthCheck, settings

from logistics.inventory import Entry
from tests.inventory.lifelike import BookLife
from tests.inventory.memory_book import MemoryBook


class PureBookLife(BookLife):
    def open_book(self) -> MemoryBook:
        return MemoryBook()

    def entries(self) -> Sequence[Entry]:
        return tuple(self.book.entries)


TestPureBook = PureBookLife.TestCase
TestPureBook.settings = settings(
    max_examples=150,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
