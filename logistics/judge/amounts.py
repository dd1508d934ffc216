"""How much: supply, packs, shares, sessions and pins (section 3 of the rules)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from fractions import Fraction

from logistics.judge.case import Case
from logistics.judge.words import day_name, differs, exceeds, finding, show
from logistics.model.errors import Finding
from logistics.model.plan import Line
from logistics.model.problem import Pin
from logistics.model.units import FoodGroup, PinKind, ceil_of


def supply_kept(case: Case) -> Iterator[Finding]:
    """`supply_exceeded`: lines take at most the units that are not on hold and not lost."""
    for lot_id in case.lines_with:
        lot = case.problem.lots[lot_id]
        held = case.driven.held.get(lot_id, lot.hold_units)
        free = max(0, lot.units - held - case.driven.lost.get(lot_id, 0))
        taken = case.taken(lot_id)
        if taken > free:
            yield finding("supply_exceeded", exceeds(f"Lot {lot_id}", free, taken, "units"), lot_id)


def packs_whole(case: Case) -> Iterator[Finding]:
    """`pack_broken`: whatever is given, loaded or unloaded is a whole number of packs."""
    moved = [(f"Line for {line.household_id}", line.lot_id, line.units) for line in case.lines]
    moved += [
        (call.name, load.lot_id, load.units)
        for call in case.calls
        for load in (*call.stop.load, *call.stop.unload)
    ]
    for where, lot_id, units in moved:
        pack = case.problem.lots[lot_id].pack
        if units % pack:
            message = f"{where}: expected a multiple of {pack} of {lot_id}, found {show(units)}"
            yield finding("pack_broken", message, lot_id)


def nobody_overserved(case: Case) -> Iterator[Finding]:
    """`overserved`: taking away any one pack leaves less than is wanted."""
    for household_id, lines in case.lines_of.items():
        wanted = case.problem.households[household_id].meals_wanted
        given = case.given[household_id]
        smallest = min(case.problem.lots[line.lot_id].pack_meals for line in lines)
        if given - smallest >= wanted:
            message = (
                f"Household {household_id}: wanted {wanted} meals, found {show(given)}; "
                f"a pack of {smallest} could be taken away"
            )
            yield finding("overserved", message, household_id)


def groups_shared(case: Case) -> Iterator[Finding]:
    """`group_share`: no food group fills more than its share, save for one single pack."""
    for household_id, lines in case.lines_of.items():
        wanted = case.problem.households[household_id].meals_wanted
        share = ceil_of(case.problem.policy.group_share_max * wanted)
        meals: dict[FoodGroup, Fraction] = defaultdict(Fraction)
        largest: dict[FoodGroup, Fraction] = defaultdict(Fraction)
        for line in lines:
            lot = case.problem.lots[line.lot_id]
            meals[lot.food_group] += line.units * lot.unit_meals
            largest[lot.food_group] = max(largest[lot.food_group], lot.pack_meals)
        for group, found in meals.items():
            most = max(Fraction(share), largest[group])
            if found > most:
                what = f"Household {household_id}, {group}"
                yield finding("group_share", exceeds(what, most, found, "meals"), household_id)


def cooked_portions_kept(case: Case) -> Iterator[Finding]:
    """`cooked_portion`: cooked meals on one day are at most one per member."""
    for household_id, lines in case.lines_of.items():
        members = case.problem.households[household_id].members
        meals: dict[int, Fraction] = defaultdict(Fraction)
        for line in lines:
            lot = case.problem.lots[line.lot_id]
            if lot.is_cooked:
                meals[line.day] += line.units * lot.unit_meals
        for day, found in meals.items():
            if found > members:
                what = f"Household {household_id}, {day_name(day)}"
                message = exceeds(what, members, found, "cooked meals")
                yield finding("cooked_portion", message, household_id)


def sessions_kept(case: Case) -> Iterator[Finding]:
    """`sessions_max` by household and `households_max` by session."""
    most = case.problem.policy.sessions_max
    for household_id, lines in case.lines_of.items():
        attended = {line.session_id for line in lines} - {None}
        if len(attended) > most:
            message = exceeds(f"Household {household_id}", most, len(attended), "sessions")
            yield finding("sessions_max", message, household_id)
    for session_id, lines in case.lines_at.items():
        room = case.problem.sessions[session_id].households_max
        served = len({line.household_id for line in lines})
        if room is not None and served > room:
            message = exceeds(f"Session {session_id}", room, served, "households")
            yield finding("households_max", message, session_id)


def pins_kept(case: Case) -> Iterator[Finding]:
    """`pinned` and `pin_units`: what a coordinator has decided."""
    carriers = _carriers(case) if any(pin.vehicle_id for pin in case.problem.pins) else {}
    for pin in case.problem.pins:
        lines = [line for line in _candidates(case, pin) if _matches(case, carriers, pin, line)]
        units = sum(line.units for line in lines)
        ids = tuple(filter(None, (pin.household_id, pin.lot_id, pin.session_id, pin.vehicle_id)))
        what = f"Pin {pin.kind} {' '.join(ids)}"
        if pin.kind is PinKind.FORBID:
            if lines:
                yield finding("pinned", differs(what, 0, units), *ids)
        elif pin.kind is PinKind.FIX and pin.units is not None:
            if units != pin.units:
                yield finding("pin_units", differs(what, pin.units, units), *ids)
        elif units < (1 if pin.units is None else pin.units):
            yield finding("pin_units", differs(what, pin.units or 1, units), *ids)


def _candidates(case: Case, pin: Pin) -> Iterable[Line]:
    """The shortest list that holds every line a pin can match."""
    if pin.household_id:
        return case.lines_of.get(pin.household_id, ())
    if pin.lot_id:
        return case.lines_with.get(pin.lot_id, ())
    if pin.session_id:
        return case.lines_at.get(pin.session_id, ())
    return case.lines


def _matches(case: Case, carriers: dict[tuple[str, str], set[str]], pin: Pin, line: Line) -> bool:
    """Whether a line falls under a pin; one that several vehicles bring counts against the plan."""
    if pin.lot_id not in ("", line.lot_id) or pin.session_id not in ("", line.session_id):
        return False
    if not pin.vehicle_id:
        return True
    session = case.problem.sessions.get(line.session_id or "")
    place_id = session.site_id if session else line.household_id
    vehicles = carriers.get((place_id, line.lot_id), set())
    if pin.kind is PinKind.FORBID:
        return pin.vehicle_id in vehicles
    return vehicles == {pin.vehicle_id}


def _carriers(case: Case) -> dict[tuple[str, str], set[str]]:
    """The vehicles that unload a lot at a place."""
    carriers: dict[tuple[str, str], set[str]] = defaultdict(set)
    for call in case.calls:
        for load in call.stop.unload:
            carriers[call.stop.id, load.lot_id].add(call.drive.vehicle.id)
    return carriers
