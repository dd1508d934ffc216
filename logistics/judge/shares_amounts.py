"""What is handed out: lines, packs, supply, capacities, receipts."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from logistics.judge.shares_case import ShareCase
from logistics.judge.shares_codes import found
from logistics.model.errors import Finding


def lines_allowed(case: ShareCase) -> Iterator[Finding]:
    """`share_ineligible`, `share_negative`, `share_duplicate`, `share_pack`: line by line."""
    shares = case.shares
    lots_of = [frozenset(lots) for lots in shares.class_lots]
    size = case.pack
    met: set[int] = set()
    for household, lot, amount in zip(
        case.line_household, case.line_lot, case.line_amount, strict=True
    ):
        pair = household * len(size) + lot
        if lot not in lots_of[case.class_of[household]]:
            yield _about(case, "share_ineligible", household, lot, "may not have it")
        if amount < 0:
            yield _about(case, "share_negative", household, lot, "the amount is below zero")
        if shares.integer and amount % (size[lot] * case.scale[household]):
            yield _about(case, "share_pack", household, lot, "the amount is no whole packs")
        if pair in met:
            yield _about(case, "share_duplicate", household, lot, "listed twice")
        met.add(pair)


def _about(case: ShareCase, code: str, household: int, lot: int, what: str) -> Finding:
    ids = (case.shares.household_ids[household], case.shares.lot_ids[lot])
    return found(code, f"Household {ids[0]}, lot {ids[1]}: {what}", *ids)


def supply_kept(case: ShareCase) -> Iterator[Finding]:
    """`share_supply`: of no lot more than there is of it, in whole packs where packs are."""
    for lot, left in enumerate(case.lots_left):
        if left < 0:
            name, most = case.shares.lot_ids[lot], case.usable[lot]
            message = (
                f"Lot {name}: at most {case.meals(most)} meals, found {case.meals(most - left)}"
            )
            yield found("share_supply", message, name)


def capacities_kept(case: ShareCase) -> Iterator[Finding]:
    """`share_capacity`: meals handed out under each capacity, also those beyond a wish."""
    for capacity, left in zip(case.shares.capacities, case.capacities_left, strict=True):
        if left < 0:
            most, used = case.meals(capacity.grains), case.meals(capacity.grains - left)
            message = f"Capacity {capacity.id}: at most {most} meals, found {used}"
            yield found("share_capacity", message, capacity.id)


def receipts_true(case: ShareCase) -> Iterator[Finding]:
    """`share_received`: min(wanted, given), for each household."""
    for household, (given, received, wanted, scale) in enumerate(
        zip(case.given, case.received, case.wanted, case.scale, strict=True)
    ):
        true = min(given, wanted * scale)
        if received != true:
            name = case.shares.household_ids[household]
            message = (
                f"Household {name}: expected {case.meals(Fraction(true, scale))} meals received, "
                f"found {case.meals(Fraction(received, scale))}"
            )
            yield found("share_received", message, name)


def nobody_overserved(case: ShareCase) -> Iterator[Finding]:
    """`share_overserved`: nothing beyond the wish, or not one pack that could be left out."""
    over = {
        household
        for household, given in enumerate(case.given)
        if given >= case.wanted[household] * case.scale[household] and given > 0
    }
    if not case.shares.integer:
        over = {h for h in over if case.given[h] > case.wanted[h] * case.scale[h]}
        for household in sorted(over):
            name = case.shares.household_ids[household]
            excess = case.given[household] - case.wanted[household] * case.scale[household]
            extra = case.meals(Fraction(excess, case.scale[household]))
            yield found("share_overserved", f"Household {name}: {extra} meals too many", name)
        return
    for household, lot, amount in zip(
        case.line_household, case.line_lot, case.line_amount, strict=True
    ):
        if household in over and amount > 0:
            scale = case.scale[household]
            less = case.given[household] - case.pack[lot] * scale
            if less >= case.wanted[household] * scale:
                what = "one pack could be left out"
                yield _about(case, "share_overserved", household, lot, what)
