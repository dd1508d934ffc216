"""A recall in words: what to stop, whom to call, whom to warn, and that nothing is missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from fractions import Fraction

from logistics.inventory.entries import Account, AccountKind, site
from logistics.inventory.goods import Goods
from logistics.inventory.recalled import Bound, Gone, Loading, Mass, Recall, Sum, Warned
from logistics.model.units import meals_text
from logistics.words import day_text, say

Names = Mapping[Account, str]
Rows = list[tuple[str, ...]]


def recall_text(
    language: str, found: Recall, goods: Mapping[str, Goods], names: Names, drill_s: float | None
) -> str:
    """The whole report, for the coordinator: it names households of every place."""
    lines = [*heading(language, found, goods, drill_s), ""]
    for title, rows in sections(language, found, names):
        lines.append(title)
        lines += [f"  {'  '.join(row)}" for row in rows] or [f"  {say(language, 'recall_none')}"]
        lines.append("")
    for place in by_place(found):
        lines.append(say(language, "recall_warn", place=_place(place, names)))
        lines += [f"  {'  '.join(row)}" for row in warned_rows(language, found, place)]
        lines.append("")
    lines.append(total_text(language, found))
    if not found.held.issuperset(found.lots):
        lines += [say(language, "recall_hold"), *hold_commands(found)]
    return "\n".join(lines)


def heading(
    language: str, found: Recall, goods: Mapping[str, Goods], drill_s: float | None
) -> list[str]:
    """What is recalled, as of when, and whether it is a drill."""
    lines = []
    if drill_s is not None:
        lines.append(say(language, "recall_drill", seconds=f"{drill_s:.1f}"))
    at = f"{found.at:%Y-%m-%d %H:%M}"
    lines.append(say(language, "recall_title", lot=found.lot_id, at=at))
    lines += [
        say(language, "recall_lot", lot=lot, item=goods[lot].item, donor=goods[lot].org_id)
        + (say(language, "recall_held") if lot in found.held else "")
        for lot in found.lots
    ]
    older = [lot for lot in found.sources if lot not in found.lots]
    if older:
        lines.append(say(language, "recall_older", lots=", ".join(older)))
    return lines


def sections(language: str, found: Recall, names: Names) -> list[tuple[str, Rows]]:
    """What concerns everybody: stock to stop, cars to call, what became of every unit."""
    stock: Rows = [
        (
            f"{each.lot_id} × {each.units}",
            f"{each.id} {names.get(Account(each.kind, each.id), '')}".rstrip(),
            say(language, "recall_promised", units=each.promised),
        )
        for each in found.stock
        if each.kind is AccountKind.SITE
    ]
    aboard: Rows = [
        (f"{each.lot_id} × {each.units}", each.id, say(language, "recall_aboard"))
        for each in found.stock
        if each.kind is AccountKind.VEHICLE
    ]
    return [
        (say(language, "recall_stock"), stock),
        (
            say(language, "recall_cars"),
            aboard + [_load(language, each, names) for each in found.loading],
        ),
        (say(language, "recall_bound"), [_bound(language, each, names) for each in found.bound]),
        (say(language, "recall_gone"), [_gone(language, each, names) for each in found.gone]),
        (say(language, "recall_sums"), [sum_row(language, each) for each in found.sums]),
        (say(language, "recall_mass"), [(mass_text(language, found.mass),)]),
    ]


def _bound(language: str, each: Bound, names: Names) -> tuple[str, ...]:
    where = say(language, "recall_bound_from", place=_place(each.site_id, names))
    return f"{each.lot_id} × {each.units}", _place(each.to_site_id, names), where


def _gone(language: str, each: Gone, names: Names) -> tuple[str, ...]:
    place = f"{each.place.id} {names.get(each.place, '')}".rstrip()
    what = say(language, f"recall_{each.kind}", place=place)
    why = f"({each.reason})" if each.reason else ""
    return f"{each.lot_id} × {each.units}", f"{each.at:%m-%d %H:%M}", f"{what} {why}".rstrip()


def _kg(grams: int) -> str:
    """Kilograms to the gram, so that what is printed adds up."""
    return f"{grams / 1000:.3f}".rstrip("0").rstrip(".")


def mass_text(language: str, mass: Mass) -> str:
    """What became of all grams of the lots together, as an equation in kilograms."""
    parts = {
        name: _kg(getattr(mass, f"{name}_g"))
        for name in (
            "received", "made", "mixed_in", "standing", "aboard", "handed_out", "wasted", "missing",
            "lost",
        )
    }  # fmt: skip
    adds = say(language, "recall_adds" if mass.holds else "recall_adds_not")
    return f"{say(language, 'recall_mass_sum', came=_kg(mass.came_g), **parts)}  {adds}"


def _load(language: str, load: Loading, names: Names) -> tuple[str, ...]:
    key = "recall_begun" if load.begun else "recall_to_load"
    when = f"{load.load_at:%m-%d %H:%M}"
    place = _place(load.site_id, names)
    words = say(language, key, when=when, place=place)
    return f"{load.lot_id} × {load.units}", load.vehicle_id, words


def sum_row(language: str, each: Sum) -> tuple[str, ...]:
    """What became of all units of a lot, as an equation."""
    parts = say(
        language,
        "recall_sum",
        came=each.came,
        standing=each.standing,
        aboard=each.aboard,
        handed=each.handed_out,
        wasted=each.wasted,
        missing=each.missing,
        changed=each.changed,
    )
    return each.lot_id, parts, say(language, "recall_adds" if each.holds else "recall_adds_not")


def warned_rows(language: str, found: Recall, place: str) -> Rows:
    """The households of one place, by day and session."""
    return [_warned(language, each) for each in found.warned if each.site_id == place]


def _warned(language: str, each: Warned) -> tuple[str, ...]:
    through = each.session_id or say(language, "recall_door")
    told = [
        say(language, key, units=units)
        for key, units in (("recall_given", each.given), ("recall_open", each.promised))
        if units
    ]
    day = day_text(language, each.day)
    return day, through, each.household_id, each.lot_id, ", ".join(told)


def total_text(language: str, found: Recall) -> str:
    """What was handed out, and the share of units accounted for."""
    handed = sum(each.handed_out for each in found.sums)
    grams = sum(each.handed_out * each.unit_g for each in found.sums)
    meals = sum((each.handed_out * each.unit_meals for each in found.sums), Fraction(0))
    homes = len({each.household_id for each in found.warned if each.given})
    return say(
        language,
        "recall_total" if found.complete else "recall_incomplete",
        units=handed,
        kg=f"{grams / 1000:.1f}",
        meals=meals_text(meals),
        households=homes,
    )


def hold_commands(found: Recall) -> list[str]:
    """What stops issue of the lots that are not held yet."""
    return [
        f'  osusowake hold {lot} --reason "recall {found.lot_id}"'
        for lot in found.lots
        if lot not in found.held
    ]


def by_place(found: Recall) -> dict[str, list[Warned]]:
    """The households to warn, by the place whose people know their names."""
    places: dict[str, list[Warned]] = defaultdict(list)
    for each in found.warned:
        places[each.site_id].append(each)
    return dict(places)


def _place(site_id: str, names: Names) -> str:
    return f"{site_id} {names.get(site(site_id), '')}".rstrip()


def place_text(site_id: str, names: Names) -> str:
    """A site with its name."""
    return _place(site_id, names)


def lots_text(goods: Mapping[str, Goods], lots: Iterable[str]) -> list[str]:
    """Lots with their items."""
    return [f"{lot} {goods[lot].item}" for lot in lots]
