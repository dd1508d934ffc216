"""What a new plan changes against the published one: counts, and what each person must know."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from logistics.model.plan import Line, Plan, StopKind
from logistics.model.problem import WeekProblem
from logistics.model.units import MINUTE_S, SiteKind

TOLERANCE_S = 15 * MINUTE_S
"""A call that moves by no more than this counts as kept, and nobody is told."""


@dataclass(frozen=True, slots=True)
class Call:
    """A stop away from home: day, vehicle, place, start, and the units that move by lot."""

    day: int
    vehicle_id: str
    kind: StopKind
    place_id: str
    start_s: int
    load: tuple[tuple[str, int], ...]
    unload: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """A call of the published plan beside the same one of the new plan; either may be missing."""

    old: Call | None
    new: Call | None

    @property
    def moved_s(self) -> int:
        """Seconds by which the call moves; 0 where one is missing."""
        return abs(self.new.start_s - self.old.start_s) if self.old and self.new else 0

    @property
    def is_other_car(self) -> bool:
        """Whether another car calls at the very minute at which the old one would have."""
        if self.old is None or self.new is None or self.old.vehicle_id == self.new.vehicle_id:
            return False
        return self.old.start_s // MINUTE_S == self.new.start_s // MINUTE_S

    @property
    def is_kept(self) -> bool:
        """Whether the same car still calls there at about the same time."""
        if self.old is None or self.new is None:
            return False
        return self.old.vehicle_id == self.new.vehicle_id and self.moved_s <= TOLERANCE_S


@dataclass(frozen=True, slots=True)
class Counts:
    """How much changes. Stops are calls away from a vehicle's home; a car is a vehicle on a day."""

    stops: int
    stops_kept: int
    stops_moved: int
    stops_added: int
    stops_removed: int
    minutes_moved: int
    cars_changed: int
    lots_changed: int
    units_changed: int
    households_changed: int

    @property
    def share_kept(self) -> float:
        """Part of the published stops that stay as they are; 1 if there were none."""
        return self.stops_kept / self.stops if self.stops else 1.0


@dataclass(frozen=True, slots=True)
class Change:
    """What one satellite, driver, household or donor must know.

    `code` names the phrase, `values` fill it: identifiers, moments of the week in seconds, counts,
    pairs of lot and units more (or less, negative). `phone` says that it cannot wait for a new sheet.
    """

    who: str
    id: str
    day: int
    code: str
    phone: bool
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Changes:
    """Counts and everybody's changes, those to be phoned first, then by day."""

    counts: Counts
    changes: tuple[Change, ...]


def changes_of(problem: WeekProblem, published: Plan, week: WeekProblem, plan: Plan) -> Changes:
    """Compare the published plan of a week with the new one of the changed week."""
    pairs = _pairs(published, plan)
    old, new = _units(published.allocation.lines), _units(plan.allocation.lines)
    differ = {key: new[key] - old[key] for key in old.keys() | new.keys() if new[key] != old[key]}
    cars = {(c.vehicle_id, c.day) for m in pairs if not m.is_kept for c in (m.old, m.new) if c}
    cars |= {(c.vehicle_id, c.day) for m in pairs if _goods_differ(m) for c in (m.new,) if c}
    counts = Counts(
        stops=sum(m.old is not None for m in pairs),
        stops_kept=sum(m.is_kept for m in pairs),
        stops_moved=sum(m.old is not None and m.new is not None and not m.is_kept for m in pairs),
        stops_added=sum(m.old is None for m in pairs),
        stops_removed=sum(m.new is None for m in pairs),
        minutes_moved=sum(m.moved_s for m in pairs) // MINUTE_S,
        cars_changed=len(cars),
        lots_changed=len({lot_id for _, lot_id, _, _ in differ}),
        units_changed=sum(abs(units) for units in differ.values()),
        households_changed=len({household_id for household_id, _, _, _ in differ}),
    )
    found = [
        *_drivers(pairs, published, plan),
        *_sites(problem, week, pairs, differ),
        *_households(problem, week, published, plan, pairs),
    ]
    order = {who: k for k, who in enumerate(("driver", "satellite", "donor", "household"))}
    found.sort(key=lambda c: (not c.phone, c.day, order[c.who], c.id, c.code))
    return Changes(counts, tuple(found))


def _calls(plan: Plan) -> Iterator[Call]:
    for route in plan.routes:
        for trip in route.trips:
            home_id = trip.stops[0].id
            back = len(trip.stops) > 1 and trip.stops[-1].id == home_id  # not after a breakdown
            for stop in trip.stops[1:-1] if back else trip.stops[1:]:
                yield Call(
                    route.day,
                    route.vehicle_id,
                    stop.kind,
                    stop.id,
                    stop.start_s,
                    tuple((load.lot_id, load.units) for load in stop.load),
                    tuple((load.lot_id, load.units) for load in stop.unload),
                )


def _pairs(published: Plan, plan: Plan) -> list[Moved]:
    """Calls at the same place on the same day, the most alike first: same car, then least moved."""
    old: dict[tuple[int, str], list[Call]] = defaultdict(list)
    new: dict[tuple[int, str], list[Call]] = defaultdict(list)
    for calls, given in ((old, published), (new, plan)):
        for call in _calls(given):
            calls[call.day, call.place_id].append(call)
    found = []
    for key in sorted(old.keys() | new.keys()):
        left, right = old[key], new[key]
        ranked = sorted(
            ((a, b) for a in range(len(left)) for b in range(len(right))),
            key=lambda ab: (
                left[ab[0]].vehicle_id != right[ab[1]].vehicle_id,
                abs(left[ab[0]].start_s - right[ab[1]].start_s),
            ),
        )
        used_a: set[int] = set()
        used_b: set[int] = set()
        for a, b in ranked:
            if a not in used_a and b not in used_b:
                used_a.add(a)
                used_b.add(b)
                found.append(Moved(left[a], right[b]))
        found += [Moved(call, None) for a, call in enumerate(left) if a not in used_a]
        found += [Moved(None, call) for b, call in enumerate(right) if b not in used_b]
    return found


def _goods_differ(pair: Moved) -> bool:
    if pair.old is None or pair.new is None:
        return False
    return (pair.old.load, pair.old.unload) != (pair.new.load, pair.new.unload)


Key = tuple[str, str, str, int]


def _units(lines: Iterable[Line]) -> Counter[Key]:
    """Units by household, lot, session and day."""
    units: Counter[Key] = Counter()
    for line in lines:
        units[line.household_id, line.lot_id, line.session_id or "", line.day] += line.units
    return units


def _drivers(pairs: list[Moved], published: Plan, plan: Plan) -> Iterator[Change]:
    """Each vehicle's day that is called off, new, driven otherwise, or only loaded otherwise."""
    before = {(route.vehicle_id, route.day): route for route in published.routes}
    after = {(route.vehicle_id, route.day): route for route in plan.routes}
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key), after.get(key)
        if old == new:
            continue
        own = [m for m in pairs for c in (m.old, m.new) if c and (c.vehicle_id, c.day) == key]
        own = list(dict.fromkeys(own))
        gone = sum(m.new is None or (m.new.vehicle_id, m.new.day) != key for m in own)
        come = sum(m.old is None or (m.old.vehicle_id, m.old.day) != key for m in own)
        moved = sum(not m.is_kept for m in own) - gone - come
        route = new or old
        assert route is not None  # the key is in one of them
        values: dict[str, object] = {
            "people": ", ".join(route.volunteer_ids),
            "gone": gone,
            "come": come,
            "moved": moved,
        }
        if new is None:
            code = "driver_none"
        elif old is None:
            code, values = "driver_new", {**values, "at_s": new.trips[0].stops[0].arrive_s}
        else:
            code = "driver_changed" if gone or come or moved else "driver_loads"
        yield Change("driver", key[0], key[1], code, code != "driver_loads", values)


def _sites(
    problem: WeekProblem, week: WeekProblem, pairs: list[Moved], differ: Mapping[Key, int]
) -> Iterator[Change]:
    """Calls that are new, gone or moved; sessions that are closed or hand out other goods."""
    for pair in pairs:
        call = pair.new or pair.old
        assert call is not None  # one side is there
        site = problem.sites.get(call.place_id)
        if site is None or (pair.is_kept and not _goods_differ(pair)):
            continue
        who = "donor" if site.kind is SiteKind.DONOR else "satellite"
        values: dict[str, object] = {
            "vehicle": call.vehicle_id,
            "old_s": pair.old.start_s if pair.old else None,
            "new_s": pair.new.start_s if pair.new else None,
            "goods": _moved_goods(pair),
        }
        if pair.new is None:
            yield Change(who, site.id, call.day, f"{who}_gone", True, values)
        elif pair.old is None:
            yield Change(who, site.id, call.day, f"{who}_new", True, values)
        elif not pair.is_kept:
            code = f"{who}_car" if pair.is_other_car else f"{who}_moved"
            yield Change(who, site.id, call.day, code, True, values)
        else:
            yield Change(who, site.id, call.day, f"{who}_goods", who == "donor", values)
    for session in problem.sessions.values():
        closed = session.id not in week.sessions
        goods: Counter[str] = Counter()
        homes = set()
        for (household_id, lot_id, session_id, _), units in differ.items():
            if session_id == session.id:
                goods[lot_id] += units
                homes.add(household_id)
        if closed or homes:
            code = "session_closed" if closed else "session_goods"
            told = {"session": session.id, "households": len(homes), "goods": _listed(goods)}
            yield Change("satellite", session.site_id, session.day, code, closed, told)


def _moved_goods(pair: Moved) -> tuple[tuple[str, int], ...]:
    """Units more or less by lot, loaded and unloaded alike."""
    units: Counter[str] = Counter()
    for call, sign in ((pair.new, 1), (pair.old, -1)):
        for lot_id, count in (*call.load, *call.unload) if call else ():
            units[lot_id] += sign * count
    return _listed(units)


def _listed(units: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple((lot_id, units[lot_id]) for lot_id in sorted(units) if units[lot_id])


def _households(
    problem: WeekProblem, week: WeekProblem, published: Plan, plan: Plan, pairs: list[Moved]
) -> Iterator[Change]:
    """Households that get other goods, at another place or time, or nothing any more."""
    before, after = _by_household(published), _by_household(plan)
    visits = {m.new.place_id: m for m in pairs if m.new and m.new.kind is StopKind.HOUSEHOLD}
    for household_id in sorted(before.keys() | after.keys()):
        old, new = before.get(household_id, []), after.get(household_id, [])
        visit = visits.get(household_id)
        late = visit is not None and visit.old is not None and visit.moved_s > TOLERANCE_S
        if _units(old) == _units(new) and not late:
            continue
        goods: Counter[str] = Counter()
        for line in new:
            goods[line.lot_id] += line.units
        for line in old:
            goods[line.lot_id] -= line.units
        had, has = _meals(problem, old), _meals(problem, new)
        where_old, where_new = {line.session_id for line in old}, {line.session_id for line in new}
        values: dict[str, object] = {
            "old_meals": had,
            "new_meals": has,
            "sessions": sorted(name for name in where_new if name),
            "old_s": visit.old.start_s if visit and visit.old else None,
            "new_s": visit.new.start_s if visit and visit.new else None,
            "goods": _listed(goods),
        }
        code = _home_code(household_id in week.households, old, new, had, has)
        if code in ("home_items", "home_more"):
            code = "home_place" if where_old != where_new else "home_time" if late else code
        day = min(line.day for line in (new or old))
        phone = code not in ("home_items", "home_more", "home_cancelled")
        yield Change("household", household_id, day, code, phone, values)


def _home_code(
    is_there: bool, old: list[Line], new: list[Line], had: Fraction, has: Fraction
) -> str:
    if not is_there:
        return "home_cancelled"
    if not new:
        return "home_none"
    if not old:
        return "home_new"
    return "home_less" if has < had else "home_more" if has > had else "home_items"


def _by_household(plan: Plan) -> dict[str, list[Line]]:
    lines: dict[str, list[Line]] = defaultdict(list)
    for line in plan.allocation.lines:
        lines[line.household_id].append(line)
    return dict(lines)


def _meals(problem: WeekProblem, lines: Iterable[Line]) -> Fraction:
    return sum((line.units * problem.lots[line.lot_id].unit_meals for line in lines), Fraction(0))
