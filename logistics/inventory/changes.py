"""Units of lots become units of another lot: split, merged or repacked, and no gram comes from nowhere.

What the new lot may be used for is never more than what every lot in it may be used for: the earliest
date, all allergens, only the claims that all share.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeVar

from logistics.inventory.acts import (
    Act,
    ActRefused,
    checked,
    refuse_held,
    refuse_more_than_free,
    refuse_no_reason,
)
from logistics.inventory.balance import Balance
from logistics.inventory.entries import AccountKind, Entry, Kind, change, site
from logistics.inventory.goods import Goods
from logistics.model.errors import Finding
from logistics.model.units import Kitchen, Label, Tag

T = TypeVar("T")

PARTS_MAX = 99
"""Most entries of a change: what one person does in one go."""

CLAIMS = frozenset({Tag.HALAL, Tag.VEGAN, Tag.VEGETARIAN, Tag.SOFT})
"""What a lot is only if all of it is; the other tags say what it contains."""

STRICTNESS = (Label.NONE, Label.BEST_BEFORE, Label.USE_BY)
"""Kinds of label, the strictest last."""


@dataclass(frozen=True, slots=True)
class Change:
    """A new lot and the entries by which units became it; `loss_g` did not come out again."""

    goods: Goods
    units: int
    loss_g: int
    entries: tuple[Entry, ...]


def split(
    balance: Balance, act: Act, goods: Goods, site_id: str, units: int, new_id: str
) -> Change:
    """Units of a lot become a lot of their own with the same facts.

    Raises:
        ActRefused: if the lot is held or fewer units are free.
    """
    made = replace(goods, id=new_id)
    return _change(balance, act, Kind.SPLIT, site_id, [(goods, units)], (made, units), 0)


def merge(
    balance: Balance,
    act: Act,
    parts: Sequence[tuple[Goods, int]],
    site_id: str,
    new_id: str,
    org_id: str,
) -> Change:
    """Units of lots of one item become one lot; `org_id` stands for donors that differ.

    Raises:
        ActRefused: if they are not alike, one is held, or fewer units are free.
    """
    if len({goods.id for goods, _ in parts}) != len(parts) or len(parts) < 2:
        raise ActRefused(
            f"Lot {new_id}: a merge needs two lots or more, each named once",
            "merge_two",
            lot=new_id,
        )
    for what in ("item", "food_group", "unit_g", "storage"):
        found = sorted({str(getattr(goods, what)) for goods, _ in parts})
        if len(found) > 1:
            values = ", ".join(found)
            raise ActRefused(
                f"Lot {new_id}: lots of different {what} stay apart ({values})",
                "merge_apart",
                lot=new_id,
                what=what,
                values=values,
            )
    units = sum(n for _, n in parts)
    meals = sum((goods.unit_meals * n for goods, n in parts), Fraction(0)) / max(units, 1)
    made = strictest(new_id, [goods for goods, _ in parts], org_id, parts[0][0].unit_g, meals)
    return _change(balance, act, Kind.MERGE, site_id, parts, (made, units), 0)


def repack(
    balance: Balance,
    act: Act,
    goods: Goods,
    site_id: str,
    units: int,
    new_id: str,
    new_units: int,
    unit_g: int,
    *,
    loss_g: int = 0,
    unit_meals: Fraction | None = None,
) -> Change:
    """Units of a lot become units of another size, such as a sack of 25 kg 50 bags of 500 g.

    `loss_g` is what was spilt or weighed less, with the reason; `unit_meals` of the new units follow
    from their mass if nobody says otherwise.

    Raises:
        ActRefused: unless grams in = grams out + loss, or if the lot is held or fewer units are free.
    """
    if unit_g <= 0 or new_units <= 0:
        raise ActRefused(f"Lot {new_id}: units and their grams must be whole numbers > 0")
    meals = goods.unit_meals * unit_g / goods.unit_g if unit_meals is None else unit_meals
    made = replace(goods, id=new_id, unit_g=unit_g, unit_meals=meals)
    out = made, new_units
    return _change(balance, act, Kind.REPACK, site_id, [(goods, units)], out, loss_g)


def strictest(
    new_id: str, parts: Sequence[Goods], org_id: str, unit_g: int, unit_meals: Fraction
) -> Goods:
    """The facts of a lot made of others: whatever is true or feared of one is so of all."""
    donors = {goods.org_id for goods in parts}
    claims = frozenset.intersection(*(goods.tags & CLAIMS for goods in parts))
    contains_tags = frozenset[Tag]().union(*(goods.tags - CLAIMS for goods in parts))
    return replace(
        parts[0],
        id=new_id,
        org_id=donors.pop() if len(donors) == 1 else org_id,
        unit_g=unit_g,
        unit_meals=unit_meals,
        label=max((goods.label for goods in parts), key=STRICTNESS.index),
        last_day=_earliest(parts, lambda goods: goods.last_day),
        made_on=_earliest(parts, lambda goods: goods.made_on),
        eat_by=_earliest(parts, lambda goods: goods.eat_by),
        contains=frozenset[str]().union(*(goods.contains for goods in parts)),
        checked=frozenset.intersection(*(goods.checked for goods in parts)),
        kitchen_needed=max(
            (goods.kitchen_needed for goods in parts), key=lambda k: Kitchen(k).rank
        ),
        tags=claims | contains_tags,
    )


def _earliest(parts: Sequence[Goods], of: Callable[[Goods], T | None]) -> T | None:
    """The earliest of those that are known."""
    known = [found for goods in parts if (found := of(goods)) is not None]
    return min(known, default=None)  # type: ignore[type-var]


def _change(
    balance: Balance,
    act: Act,
    kind: Kind,
    site_id: str,
    parts: Sequence[tuple[Goods, int]],
    out: tuple[Goods, int],
    loss_g: int,
) -> Change:
    """Units go into the change lot by lot and come out as one lot, at the same site."""
    made, made_units = out
    if len(parts) >= PARTS_MAX:
        raise ActRefused(f"Lot {made.id}: at most {PARTS_MAX - 1} lots are merged at once")
    for goods, units in parts:
        refuse_held(balance, act, goods.id)
        refuse_more_than_free(balance, goods.id, site_id, units)
    _refuse_other_mass(act, parts, out, loss_g)
    here, there = site(site_id), change(act.id)
    entries = [
        act.entry(kind, goods.id, (here, there), units, number)
        for number, (goods, units) in enumerate(parts, start=1)
    ]
    entries.append(act.entry(kind, made.id, (there, here), made_units, len(parts) + 1))
    return Change(made, made_units, loss_g, checked(balance, entries))


def _refuse_other_mass(
    act: Act, parts: Sequence[tuple[Goods, int]], out: tuple[Goods, int], loss_g: int
) -> None:
    """Grams in = grams out + loss, and a loss has a reason."""
    made, made_units = out
    in_g = sum(goods.unit_g * units for goods, units in parts)
    out_g = made.unit_g * made_units
    if out_g > in_g:
        raise ActRefused(
            f"Lot {made.id}: {out_g} g cannot come out of {in_g} g",
            "mass_more",
            lot=made.id,
            into=in_g,
            out=out_g,
        )
    if loss_g != in_g - out_g:
        raise ActRefused(
            f"Lot {made.id}: {in_g} g go in and {out_g} g come out: "
            f"state a loss of {in_g - out_g} g with its reason, got {loss_g} g",
            "mass_loss",
            lot=made.id,
            into=in_g,
            out=out_g,
            loss=in_g - out_g,
            told=loss_g,
        )
    if loss_g:
        refuse_no_reason(act, f"Lot {made.id}: a loss of {loss_g} g")


def losses(entries: Iterable[Entry], goods: Mapping[str, Goods]) -> dict[str, int]:
    """Grams lost in each change that stands, by its id: grams in less grams out (0: none lost).

    It is not kept beside the entries but follows from them, so that the chains vouch for it.
    """
    net: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for entry in entries:
        for account, sign in ((entry.target, 1), (entry.source, -1)):
            if account.kind is AccountKind.CHANGE:
                net[account.id][entry.lot_id] += sign * entry.units
    return {
        change_id: sum(units * goods[lot_id].unit_g for lot_id, units in lots.items())
        for change_id, lots in net.items()
        if any(lots.values())
    }


def change_findings(entries: Iterable[Entry], goods: Mapping[str, Goods]) -> list[Finding]:
    """The mass law over all changes of a book: nothing comes from nowhere, a loss has a reason.

    `entries` are all entries of the lots in `goods`.
    """
    known = list(entries)
    reasons = {
        account.id: entry.reason
        for entry in known
        if entry.kind.is_change
        for account in (entry.source, entry.target)
        if account.kind is AccountKind.CHANGE
    }
    findings = []
    for change_id, loss_g in sorted(losses(known, goods).items()):
        if loss_g < 0:
            message = f"Change {change_id}: {-loss_g} g more came out than went in"
            findings.append(Finding("mass_created", message, ids=(change_id,)))
        elif loss_g and not reasons.get(change_id):
            message = f"Change {change_id}: {loss_g} g were lost and nobody says why"
            findings.append(Finding("mass_lost", message, ids=(change_id,)))
    return findings
