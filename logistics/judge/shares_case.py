"""A result of a bare instance laid open: plain whole numbers by position, whatever the columns were."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from operator import index

from logistics.judge.shares_codes import found
from logistics.judge.shares_types import types_kept
from logistics.judge.words import show
from logistics.model.errors import Finding
from logistics.model.shares import Capacity, Column, ShareLevel, ShareResult, Shares


@dataclass(frozen=True, slots=True)
class ShareCase:
    """Instance and result in lists.

    Household *h* is given `given[h] / scale[h]` grains and receives `received[h] / scale[h]`, `short`
    where that is less than it wants; `total` is past and present wish, and `rank` the position of its
    level in the result (-1: none). A pack of a lot is `pack` grains; `lots_left` and `capacities_left`
    are grains that are not handed out. Of each level, `members` stand there, and `named_lots` and
    `named_capacities` are said to be scarce.
    """

    shares: Shares
    result: ShareResult
    wanted: list[int]
    past: list[int]
    total: list[int]
    weight: list[int]
    class_of: list[int]
    usable: list[int]
    pack: list[int]
    received: list[int]
    scale: list[int]
    line_household: list[int]
    line_lot: list[int]
    line_amount: list[int]
    given: list[int]
    short: list[bool]
    members: list[list[int]]
    rank: list[int]
    ways: Ways
    lots_left: list[Fraction]
    capacities_left: list[Fraction]
    named_lots: list[list[int]]
    named_capacities: list[list[int]]

    @property
    def households(self) -> int:
        """How many households there are."""
        return len(self.wanted)

    def name(self, household: int) -> str:
        """`household H1`."""
        return f"household {self.shares.household_ids[household]}"

    def meals(self, grains: int | Fraction) -> str:
        """Grains as meals, exactly."""
        return show(Fraction(grains) / self.shares.grains_per_meal)

    @property
    def pack_sizes(self) -> set[int]:
        """Grains of a pack of all lots that hold any."""
        return {size for size, usable in zip(self.pack, self.usable, strict=True) if usable > 0}


def whole(column: Column) -> list[int]:
    """A column as Python integers.

    Raises:
        TypeError: if anything in it is no whole number.
    """
    listed = column.tolist() if hasattr(column, "tolist") else column
    return list(map(index, listed))


def open_case(shares: Shares, result: ShareResult) -> tuple[ShareCase | None, list[Finding]]:
    """The case, or findings on columns that do not fit the instance or one another."""
    wrong = list(types_kept(result))
    if wrong:
        return None, wrong
    households, lots = len(shares.household_ids), len(shares.lot_ids)
    names = ("received", "scale", "line_household", "line_lot", "line_amount")
    columns, wrong = _columns(result, names)
    listed = [
        _columns(each, ("households", "lots", "capacities"), f"level {i}, ")
        for i, each in enumerate(result.levels)
    ]
    wrong += [finding for _, findings in listed for finding in findings]
    if wrong:
        return None, wrong
    members = [numbers["households"] for numbers, _ in listed]
    lines = len(columns["line_household"])
    wrong += _lengths(columns, {"received": households, "scale": households})
    wrong += _lengths(columns, {"line_lot": lines, "line_amount": lines})
    wrong += _ranges("scale", columns["scale"], 1, None)
    wrong += _ranges("line_household", columns["line_household"], 0, households)
    wrong += _ranges("line_lot", columns["line_lot"], 0, lots)
    for position, each in enumerate(members):
        wrong += _ranges(f"level {position}", each, 0, households)
    if wrong:
        return None, wrong
    rank = [-1] * households
    for position, each in enumerate(members):
        for household in each:
            rank[household] = position
    wanted, past_wanted = whole(shares.wanted), whole(shares.past_wanted)
    ways = Ways(shares)
    given, lots_given, used = _handed_out(shares, ways, **columns)
    usable = [shares.usable(lot) for lot in range(lots)]
    case = ShareCase(
        shares=shares,
        result=result,
        wanted=wanted,
        past=whole(shares.past_received),
        total=[now + before for now, before in zip(wanted, past_wanted, strict=True)],
        weight=whole(shares.weight),
        class_of=whole(shares.class_of),
        usable=usable,
        pack=[shares.pack_grains(lot) for lot in range(lots)],
        **columns,
        given=given,
        short=[
            received < want * scale
            for received, want, scale in zip(
                columns["received"], wanted, columns["scale"], strict=True
            )
        ],
        members=members,
        rank=rank,
        ways=ways,
        lots_left=[size - part for size, part in zip(usable, lots_given, strict=True)],
        capacities_left=[c.grains - x for c, x in zip(shares.capacities, used, strict=True)],
        named_lots=[numbers["lots"] for numbers, _ in listed],
        named_capacities=[numbers["capacities"] for numbers, _ in listed],
    )
    return case, []


def _columns(
    source: ShareResult | ShareLevel, names: Sequence[str], where: str = ""
) -> tuple[dict[str, list[int]], list[Finding]]:
    """Columns by name, and findings on those that are none."""
    columns: dict[str, list[int]] = {}
    wrong: list[Finding] = []
    for name in names:
        try:
            columns[name] = whole(getattr(source, name))
        except TypeError:
            wrong.append(found("share_columns", f"{where}{name}: expected whole numbers"))
    return columns, wrong


def _handed_out(
    shares: Shares,
    ways: Ways,
    received: list[int],
    scale: list[int],
    line_household: list[int],
    line_lot: list[int],
    line_amount: list[int],
) -> tuple[list[int], list[Fraction], list[Fraction]]:
    """What each household is given (in its scale), of each lot, and under each capacity."""
    given = [0] * len(received)
    of_lot: list[dict[int, int]] = [{} for _ in shares.lot_ids]
    under: list[dict[int, int]] = [{} for _ in shares.capacities]
    for household, lot, amount in zip(line_household, line_lot, line_amount, strict=True):
        given[household] += amount
        unit, parts = scale[household], of_lot[lot]
        parts[unit] = parts.get(unit, 0) + amount
        if under:
            for position in ways.over(lot, ways.named(household)):
                parts = under[position]
                parts[unit] = parts.get(unit, 0) + amount
    return given, list(map(exact_sum, of_lot)), list(map(exact_sum, under))


def _lengths(columns: Mapping[str, list[int]], expected: Mapping[str, int]) -> Iterator[Finding]:
    for name, length in expected.items():
        if len(columns[name]) != length:
            message = f"{name}: expected {length} values, found {len(columns[name])}"
            yield found("share_columns", message)


def _ranges(name: str, numbers: Sequence[int], least: int, end: int | None) -> Iterator[Finding]:
    """At most one finding: a number outside `least` to below `end`."""
    if not numbers:
        return
    low, high = min(numbers), max(numbers)
    if low < least or (end is not None and high >= end):
        wrong = low if low < least else high
        bound = f"{least} or more" if end is None else f"{least} to {end - 1}"
        yield found("share_columns", f"{name}: expected {bound}, found {show(wrong)}")


class Ways:
    """Which capacities count what a household gets of a lot, without a test of every pair."""

    def __init__(self, shares: Shares) -> None:
        capacities = shares.capacities
        self._named: dict[int, list[int]] = {}
        self._general: list[int] = []
        for position, capacity in enumerate(capacities):
            if capacity.households is None:
                self._general.append(position)
            for household in capacity.households or ():
                self._named.setdefault(household, []).append(position)
        self._capacities: Sequence[Capacity] = capacities
        self._of_lot = {
            lot: tuple(p for p in self._general if _holds(capacities[p], lot))
            for lot in (range(len(shares.lot_ids)) if self._general else ())
        }

    def named(self, household: int) -> tuple[int, ...]:
        """Capacities that name this household, for whatever lots."""
        return tuple(self._named.get(household, ()))

    def over(self, lot: int, named: Iterable[int]) -> Iterator[int]:
        """Capacities over a lot and any household that these capacities name."""
        yield from self._of_lot.get(lot, ())
        for position in named:
            if _holds(self._capacities[position], lot):
                yield position


def _holds(capacity: Capacity, lot: int) -> bool:
    return capacity.lots is None or lot in capacity.lots


def exact_sum(parts: Mapping[int, int]) -> Fraction:
    """Sum of amounts by their scale: total of `amount / scale`, in pairs to keep numbers small."""
    terms = [Fraction(amount, scale) for scale, amount in parts.items()]
    while len(terms) > 1:
        odd = terms[-1:] if len(terms) % 2 else []
        terms = [a + b for a, b in zip(terms[::2], terms[1::2], strict=False)] + odd
    return terms[0] if terms else Fraction(0)
