"""The rest of a week as a week of its own: what can still be decided after what has been driven.

Lots stand where they are now, vehicles start when they are back, sessions that have opened and
households that have been served are gone. A lot that stands at several places is one lot for each
of them, under a name of its own (`origin_of` leads back).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction
from types import MappingProxyType

from logistics.model.fleet import Shift
from logistics.model.goods import Lot
from logistics.model.people import HistoryWeek, Household
from logistics.model.plan import Line
from logistics.model.problem import Pin, WeekProblem
from logistics.model.units import WEEK_DAYS, PinKind, SiteKind, day_of
from logistics.solver.allocation.room import Underway
from logistics.solver.eligible import Eligibility, Option
from logistics.solver.replan.past import Past
from logistics.solver.routing.schedule import AFTER_UNLOADING_S
from logistics.solver.ways import WayKind


@dataclass(frozen=True, slots=True)
class Remainder:
    """What is left of a week to plan.

    `problem` is a week with moved lots under new names, `origin_of` their names in the whole week;
    `here_only` are those that may not be driven any further. `parts` are, for each lot of the whole
    week, its names here, nearest to being handed out first. `underway` tells the allocation what is
    in the stores for a while only. `barred` are pairs (household, lot) that the rules of the whole week
    forbid because of what the household has received already.
    """

    problem: WeekProblem
    origin_of: Mapping[str, str]
    here_only: frozenset[str]
    parts: Mapping[str, tuple[str, ...]]
    underway: Underway
    barred: frozenset[tuple[str, str]] = frozenset()

    def allowed(self, eligible: Eligibility) -> Eligibility:
        """Options without those that move what may not be moved again, or are barred."""
        kept = tuple(option for option in eligible.options if self._allows(option))
        if len(kept) == len(eligible.options):
            return eligible
        able = {(option.household_id, option.lot_id) for option in kept}
        gone = {(option.household_id, option.lot_id) for option in eligible.options} - able
        refusals = {**eligible.refusals, **dict.fromkeys(sorted(gone), "too_late")}
        return Eligibility(kept, MappingProxyType(refusals))

    def _allows(self, option: Option) -> bool:
        if (option.household_id, option.lot_id) in self.barred:
            return False
        return option.lot_id not in self.here_only or option.way.kind is WayKind.HERE

    def whole(self, line: Line) -> Line:
        """A line of the rest under the names of the whole week."""
        return replace(line, lot_id=self.origin_of[line.lot_id])


def remainder_of(week: WeekProblem, past: Past) -> Remainder:
    """What is left of a changed week (`changed_week`) after what has been driven."""
    lots, here_only = _lots(week, past)
    origin_of = {name: lot_id for name, (lot_id, _) in lots.items()}
    parts: dict[str, list[str]] = defaultdict(list)
    for name, lot_id in origin_of.items():
        parts[lot_id].append(name)
        parts[lot_id].sort(key=lambda n: (n not in here_only, lots[n][1].site_id, n))
    homes = _Homes(week, past)
    passing = frozenset(name for name, (lot_id, _) in lots.items() if name != lot_id)
    problem = replace(
        week,
        lots=MappingProxyType({name: lot for name, (_, lot) in lots.items()}),
        sessions=MappingProxyType(homes.sessions),
        households=MappingProxyType(homes.households),
        history=(*week.history, *homes.history),
        shifts=tuple(_shifts(week, past)),
        pins=tuple(_pins(week, past, parts)),
    )
    barred = frozenset(
        (household_id, name)
        for name, (_, lot) in lots.items()
        for household_id in homes.partly
        if homes.bars(household_id, lot)
    )
    underway = Underway(passing, _held(week, past))
    frozen = {lot_id: tuple(names) for lot_id, names in parts.items()}
    return Remainder(problem, origin_of, frozenset(here_only), frozen, underway, barred)


def _lots(week: WeekProblem, past: Past) -> tuple[dict[str, tuple[str, Lot]], set[str]]:
    """Name -> (lot of the whole week, lot as it stands now), and those that only wait for a session."""
    found: dict[str, tuple[str, Lot]] = {}
    here_only: set[str] = set()
    homes = {vehicle.home_site_id for vehicle in week.vehicles.values()}
    for (lot_id, site_id), units in sorted(past.stock.items()):
        lot = week.lots[lot_id]
        if units <= 0:
            continue
        if site_id == lot.site_id:
            if not past.hubs.get(lot_id):  # an offer is collected once
                held = min(past.held[lot_id], units)
                found[lot_id] = lot_id, replace(lot, units=units, hold_units=held)
            continue
        name = f"{lot_id}@{site_id}"
        while name in week.lots or name in found:
            name += "@"
        stays = site_id not in past.hubs.get(lot_id, ()) or site_id not in homes
        if stays:
            here_only.add(name)
        ready_s = past.ready_s[lot_id, site_id] + (0 if stays else AFTER_UNLOADING_S)
        ready = ready_s if ready_s > past.now_s or lot.is_cooked else None
        eat_by_s = lot.eat_by_s
        found[name] = (
            lot_id,
            replace(
                lot,
                id=name,
                site_id=site_id,
                units=units,
                hold_units=0,
                ready_s=ready,
                fresh_s=None if eat_by_s is None or ready is None else eat_by_s - ready,
                collect_by_s=None,
            ),
        )
    return found, here_only


def _shifts(week: WeekProblem, past: Past) -> Iterator[Shift]:
    """Shifts from now on, each vehicle from when and where it is free again.

    A day under way is driven to its end by those who began it. A break that has begun is taken; one
    that has not lies after what was driven.
    """
    crews = {(route.vehicle_id, route.day): route.volunteer_ids for route in past.routes}
    for shift in week.shifts:
        key = shift.vehicle_id, shift.day
        start_s = max(shift.start_s, past.now_s, past.free_s.get(key, 0))
        if key in past.stuck or start_s >= shift.end_s or day_of(start_s) != shift.day:
            continue
        if crews.get(key, shift.volunteer_ids) != shift.volunteer_ids:
            continue
        due = None if key in past.rests else shift.break_
        if due is not None and key in past.free_s:
            open_s = max(due.open_s, past.free_s[key])
            if open_s > due.close_s:
                continue
            due = replace(due, open_s=open_s)
        start_id = past.at.get(key, shift.start_id)
        yield replace(shift, start_s=start_s, start_id=start_id, break_=due)


class _Homes:
    """Sessions and households of the rest.

    A household that is visited once, or may come to one session, has been served when it has received
    anything. Where it may come to more sessions, it wants what it has not received yet. One that has no
    session to come to any more is not among them.
    """

    def __init__(self, week: WeekProblem, past: Past) -> None:
        self._week = week
        self.sessions = {s.id: s for s in week.sessions.values() if s.open_s > past.now_s}
        self._got: dict[str, list[Line]] = defaultdict(list)
        for line in past.settled:
            self._got[line.household_id].append(line)
        self.partly: list[str] = []
        self.history: list[HistoryWeek] = []
        self.households: dict[str, Household] = {}
        for household in week.households.values():
            remainder = self._remainder(household)
            if remainder is not None:
                self.households[household.id] = remainder

    def _remainder(self, household: Household) -> Household | None:
        open_ids = tuple(s for s in household.session_ids if s in self.sessions)
        lines = self._got.get(household.id, [])
        if household.visit is None and not open_ids:
            return None
        if not lines:
            kept = open_ids if household.visit is None else household.session_ids
            return replace(household, session_ids=kept)
        come = {line.session_id for line in lines}
        left = self._week.policy.sessions_max - len(come)
        wanted = household.meals_wanted - int(self._meals(lines))
        if household.visit is not None or left < 1 or wanted < 1:
            return None
        self.partly.append(household.id)
        before = self._week.week_start - timedelta(days=WEEK_DAYS)
        received = household.meals_wanted - wanted
        self.history.append(HistoryWeek(household.id, before, received, Fraction(received)))
        return replace(household, meals_wanted=wanted, session_ids=open_ids[:left])

    def _meals(self, lines: list[Line]) -> Fraction:
        lots = self._week.lots
        return sum((line.units * lots[line.lot_id].unit_meals for line in lines), Fraction(0))

    def bars(self, household_id: str, lot: Lot) -> bool:
        """Whether a lot could break a rule together with what the household has received.

        A food group once more could pass its share, a pack larger than one of those received could be
        one too many, cooked meals could be more than its members can eat that day.
        """
        lots = [self._week.lots[line.lot_id] for line in self._got[household_id]]
        return (
            lot.food_group in {other.food_group for other in lots}
            or lot.pack_meals > min(other.pack_meals for other in lots)
            or (lot.is_cooked and any(other.is_cooked for other in lots))
        )


def _pins(week: WeekProblem, past: Past, parts: Mapping[str, list[str]]) -> Iterator[Pin]:
    """Pins with what is settled taken off their units, on the names that a lot has now."""
    for pin in week.pins:
        units = pin.units
        if units is not None and pin.kind is not PinKind.FORBID:
            done = sum(line.units for line in past.settled if _matches(pin, line))
            units = max(0, units - done)
        names = parts.get(pin.lot_id, []) if pin.lot_id else [""]
        if pin.kind is not PinKind.FORBID:
            names = names[:1]  # units over several places cannot be said by one pin
        for name in names:
            yield replace(pin, lot_id=name, units=units)


def _matches(pin: Pin, line: Line) -> bool:
    return (
        pin.household_id in ("", line.household_id)
        and pin.lot_id in ("", line.lot_id)
        and pin.session_id in ("", line.session_id)
    )


def _held(week: WeekProblem, past: Past) -> Mapping[tuple[str, str, int], int]:
    """Grams by site, class and day that wait at an open session for those who will fetch them."""
    grams: dict[tuple[str, str, int], int] = defaultdict(int)
    for site_id, lot_id, units, close_s in past.promised:
        if close_s > past.now_s and week.sites[site_id].kind is not SiteKind.DONOR:
            lot = week.lots[lot_id]
            grams[site_id, lot.storage, day_of(close_s)] += units * lot.unit_g
    return MappingProxyType(dict(grams))
