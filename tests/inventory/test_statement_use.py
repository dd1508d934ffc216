"""A page must stay useful at a satellite's real size: how much of a made-up quarter it can place.

Every satellite hands out 50 packs of 600 g a week for 13 weeks, from ten donors at random, to those of
its households that come (each comes with four chances in five).
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta

import pytest

from logistics.inventory.disclosure import Grouping
from logistics.inventory.statement import statement_of
from tests.inventory.giving import DEC, JST, OCT, GiftBook, people

DONORS, WEEKS, PACKS, PACK_G = 10, 13, 50, 600


def quarter(sizes: Mapping[str, int]) -> GiftBook:
    """Thirteen weeks of satellites with so many households each."""
    chance, book = random.Random(1), GiftBook()
    for number in range(DONORS):
        book.unit_g[f"D{number}/rice"] = PACK_G
    for week in range(WEEKS):
        day = OCT + timedelta(days=7 * week + 2)
        for place, size in sizes.items():
            there = [name for name in people(place, size) if chance.random() < 0.8]
            for pack in range(PACKS if there else 0):
                giver = chance.randrange(DONORS)
                book.hand(f"D{giver}/rice", there[pack % len(there)], place, day)
    return book


@pytest.mark.parametrize(
    ("sizes", "placed"),
    [
        # everybody has ten or more: all of it is shown by place
        ({"A": 30, "B": 24, "C": 20, "E": 16, "F": 12, "G": 11}, 1),
        # one of six is small; two more must hide it, so three of six have their own line
        ({"A": 30, "B": 24, "C": 20, "E": 16, "F": 12, "G": 6}, 1 / 2),
        # two of four are small: 8 and 5 hide from outside, not from each other; B joins them
        ({"A": 20, "B": 12, "C": 8, "E": 5}, 1 / 4),
        # one of two is small: only the total can be shown
        ({"A": 25, "G": 6}, 0),
    ],
)
def test_how_much_of_a_quarter_is_placed(sizes: Mapping[str, int], placed: float) -> None:
    ledger = quarter(sizes).ledger()
    shown: Counter[Grouping] = Counter()
    for number in range(DONORS):
        for place in statement_of(ledger, f"D{number}", (OCT, DEC), {}, JST).places:
            shown[place.kind] += place.kg
    # 13 x 50 x 0.6 = 390 kg a satellite; each donor's sum is within half a kilogram
    total = 390 * len(sizes)
    assert sum(shown.values()) == pytest.approx(total, abs=DONORS / 2)
    assert shown[Grouping.PLACE] / total == pytest.approx(placed, abs=0.02)
