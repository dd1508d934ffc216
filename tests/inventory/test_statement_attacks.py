"""Attacks on donor pages: somebody who has every statement of every donor over every period.

The attacker solves for amounts by exact linear algebra and for counts by trying every world, knows how
the pages are made, which places were open in a month, and, as an insider, all about one place. Amounts
are whole kg here, so that rounding hides nothing: what protects must be the groups alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logistics.inventory import disclosure
from logistics.inventory.disclosure import Grouping, MonthShown, Rule, groups, shown_months
from logistics.inventory.months import months_between
from logistics.inventory.statement import Statement
from tests.inventory.giving import DEC, NOV, OCT, GiftBook, Row, follows, people, reduced

DONORS = ("D", "E")
Visits = Mapping[date, Mapping[str, frozenset[str]]]
"""Who was served where in each month."""


def book_of(visits: Visits) -> GiftBook:
    """Every donor gives each household of each place 1 kg a month."""
    book = GiftBook()
    for month, served in visits.items():
        for org_id in DONORS:
            for place, names in served.items():
                book.visits(f"{org_id}/rice", sorted(names), place, month + timedelta(days=9))
    return book


class Attacker:
    """What is known of amounts x[donor, month, place], as sums in reduced form."""

    def __init__(self, visits: Visits, insider: str = "") -> None:
        self.visits = visits
        self.keys = [
            (org_id, month, place)
            for org_id in DONORS
            for month, served in visits.items()
            for place in served
        ]
        rows = [self.row([key]) for key in self.keys if key[2] == insider]
        book = book_of(visits)
        for org_id in DONORS:
            for first, last in ranges(visits):
                rows += self.said(org_id, book.statement(org_id, first, last))
        self.known = reduced(rows)

    def row(self, keys: Iterable[tuple[str, date, str]]) -> Row:
        """The sum of some amounts."""
        wanted = set(keys)
        return [Fraction(key in wanted) for key in self.keys]

    def said(self, org_id: str, page: Statement) -> Iterator[Row]:
        """Everything that a page adds up, told apart by nothing but the page."""
        shown = {month.month: self.atoms(org_id, month) for month in page.months}
        yield self.row(key for atoms in shown.values() for keys in atoms.values() for key in keys)
        for atoms in shown.values():
            yield self.row(key for keys in atoms.values() for key in keys)
            yield from (self.row(keys) for keys in atoms.values())
        for place in page.places:
            name = (place.kind, place.place_id)
            yield self.row(key for atoms in shown.values() for key in atoms.get(name, ()))

    def atoms(
        self, org_id: str, month: MonthShown
    ) -> dict[tuple[Grouping, str], list[tuple[str, date, str]]]:
        """The amounts behind each line of a month: who does not stand alone is among the others."""
        alone = {atom.place_id for atom in month.atoms if atom.place_id}
        rest = set(self.visits.get(month.month, {})) - alone
        return {
            (atom.kind, atom.place_id): [
                (org_id, month.month, place)
                for place in ([atom.place_id] if atom.place_id else sorted(rest))
            ]
            for atom in month.atoms
        }

    def found(self, month: date, places: Iterable[str]) -> bool:
        """Whether some donor's amount, or that of all donors, in a set of places can be computed."""
        amounts = [[(org_id, month, place) for place in places] for org_id in DONORS]
        pooled = [key for keys in amounts for key in keys]
        return any(follows(self.known, self.row(keys)) for keys in (*amounts, pooled))


def ranges(visits: Visits) -> Iterator[tuple[date, date]]:
    """Every period of whole months."""
    months = months_between(min(visits), max(visits)) if visits else ()
    return ((first, last) for first in months for last in months if first <= last)


def leaks(visits: Visits, least: int, insider: str = "") -> list[tuple[date, frozenset[str], int]]:
    """Sets of places of a month whose amount is known though they served fewer than `least`.

    An insider's own place is no secret. Where the whole month is one group, its total says what an
    insider's place leaves over: that is not promised.
    """
    attacker = Attacker(visits, insider)
    found = []
    for month, served in visits.items():
        others = [place for place in served if place != insider]
        patterns = patterns_of(served)
        whole = [g.kind for g in groups(patterns, frozenset(served))] == [Grouping.ALL]
        if insider and whole:
            continue
        for size in range(1, len(others) + 1):
            for places in combinations(others, size):
                reached = len(frozenset[str]().union(*(served[place] for place in places)))
                if reached < least and attacker.found(month, places):
                    found.append((month, frozenset(places), reached))
    return found


def patterns_of(served: Mapping[str, frozenset[str]]) -> dict[frozenset[str], int]:
    """Households by the places that served them."""
    counts: dict[frozenset[str], int] = {}
    for name in frozenset[str]().union(*served.values()):
        pattern = frozenset(place for place, names in served.items() if name in names)
        counts[pattern] = counts.get(pattern, 0) + 1
    return counts


def month(sizes: Mapping[str, int]) -> dict[str, frozenset[str]]:
    """Places that share no household."""
    return {place: frozenset(people(place, size)) for place, size in sizes.items()}


BIG_AND_SMALL = {
    OCT: month({"A": 12, "B": 11, "C": 10, "S": 3}),
    NOV: month({"A": 12, "B": 11, "C": 10, "S": 12}),
    DEC: month({"A": 12, "S": 2}),
}


def test_small_places_stay_hidden_by_hand() -> None:
    for insider in ("", *"ABCS"):
        assert leaks(BIG_AND_SMALL, 10, insider) == []
    # and what is shown is worth showing: October A alone, November everybody alone
    page = book_of(BIG_AND_SMALL).statement("D", OCT, DEC)
    alone = {
        (shown.month, atom.place_id): atom.kg
        for shown in page.months
        for atom in shown.atoms
        if atom.place_id
    }
    assert alone == {
        (OCT, "A"): 12,
        **{(NOV, place): kg for place, kg in (("A", 12), ("B", 11), ("C", 10), ("S", 12))},
    }
    assert [shown.kg for shown in page.months] == [36, 45, 14]


SERVED = st.dictionaries(
    st.sampled_from("ABCD"),
    st.frozensets(st.integers(0, 25).map(lambda n: f"h{n}"), min_size=1, max_size=18),
    min_size=1,
    max_size=4,
)
WORLDS = st.fixed_dictionaries({OCT: SERVED, NOV: SERVED})


@settings(max_examples=25, deadline=None)
@given(WORLDS, st.sampled_from(("", "A", "B")))
def test_small_places_stay_hidden(visits: Visits, insider: str) -> None:
    assert leaks(visits, 10, insider) == []


def test_the_attacker_finds_what_a_page_without_complements_gives_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(disclosure, "_hides", lambda *_: True)
    assert (OCT, frozenset("S"), 3) in leaks(BIG_AND_SMALL, 10)


def test_the_attacker_finds_what_a_page_that_counts_together_gives_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # S + C are 13 households and hidden from outside, but C subtracts its own 10
    def together(patterns: disclosure.Patterns, places: frozenset[str], rule: Rule) -> bool:
        return disclosure.reached(patterns, places) >= rule.households_min

    monkeypatch.setattr(disclosure, "_hides", together)
    assert leaks(BIG_AND_SMALL, 10) == []
    assert leaks(BIG_AND_SMALL, 10, "C") == [(OCT, frozenset("S"), 3)]


def test_the_attacker_finds_what_deciding_by_the_period_asked_for_gives_away() -> None:
    """Why the groups are those of months: S reaches 12 in two months, 9 of them in the first alone."""
    visits = {OCT: {"S": frozenset(people("s", 9))}, NOV: {"S": frozenset(people("s", 12))}}
    attacker = Attacker(visits)
    assert not attacker.found(OCT, "S")
    page_of_both = attacker.row([("D", OCT, "S"), ("D", NOV, "S")])
    attacker.known = reduced([*attacker.known, page_of_both])
    assert attacker.found(OCT, "S")


SMALL_RULE = Rule(households_min=3, households_step=2, grams_step=1_000, meals_step=1)


def test_no_count_below_the_least_can_be_worked_out() -> None:
    """Every month of four places with up to six households each: what else could it have been?"""
    worlds: dict[str, list[tuple[int, ...]]] = {}
    for sizes in product(range(7), repeat=4):
        served = {place: size for place, size in zip("ABCD", sizes, strict=True) if size}
        patterns = {frozenset({place}): size for place, size in served.items()}
        amounts = {("D", OCT, place): disclosure.Amount(Fraction(50_000)) for place in "ABCD"}
        handed = {key: amount for key, amount in amounts.items() if key[2] in served}
        given_to = {("D", OCT): disclosure.Amount(Fraction(200_000))}
        ledger = disclosure.PeriodLedger(handed, given_to, {}, {}, {OCT: patterns})
        (shown,) = shown_months(ledger, "D", OCT, SMALL_RULE)
        told = [(atom.kind, atom.place_id, atom.households_from) for atom in shown.atoms]
        worlds.setdefault(repr((shown.withheld, told)), []).append(sizes)
    for told_in_words, candidates in worlds.items():
        for index, place in enumerate("ABCD"):
            possible = {sizes[index] for sizes in candidates}
            if possible & {1, 2}:
                assert len(possible) > 1, (place, told_in_words, candidates)
