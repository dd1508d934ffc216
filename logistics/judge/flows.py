"""By which way goods may travel (section 2 of the rules)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from logistics.judge.case import Call, Case, Flow
from logistics.judge.words import day_name, finding, show, when
from logistics.model.errors import Finding
from logistics.model.fleet import Shift
from logistics.model.goods import Lot
from logistics.model.places import Session, Site
from logistics.model.plan import StopKind
from logistics.model.units import DAY_S, SiteKind, Storage

Arrival = tuple[int, int, int]
"""Moment in seconds, day of the route, units."""

FACT = -100
"""Stands for the day of an arrival that was driven before the plan was made anew."""


def loading_places_kept(case: Case) -> Iterator[Finding]:
    """`wrong_loading`: hub stock where a trip starts, everything else where the lot is."""
    for call in case.calls:
        for load in call.stop.load:
            lot = case.problem.lots[load.lot_id]
            if call.stop.kind is StopKind.SITE and not _may_load(case, call, lot):
                flow = case.flows[lot.id].value
                message = f"{call.name}: lot {lot.id} of {lot.site_id} travels {flow}"
                yield finding("wrong_loading", message, lot.id, call.drive.vehicle.id)


def _may_load(case: Case, call: Call, lot: Lot) -> bool:
    flow = case.flows[lot.id]
    at_start = call.is_loading
    stands_here = call.stop.id == lot.site_id
    if flow is Flow.HUB:
        return at_start and stands_here
    if flow is Flow.COLLECTED:
        return stands_here or (at_start and call.stop.id in case.hubs_of.get(lot.id, ()))
    return stands_here


def collections_kept(case: Case) -> Iterator[Finding]:
    """`bypasses_hub` and `collected_twice`: once, to the hub at which the trip ends."""
    times: dict[str, int] = defaultdict(int)
    for call in case.calls:
        for lot_id in {load.lot_id for load in call.stop.load}:
            lot = case.problem.lots[lot_id]
            if case.flows[lot_id] is not Flow.COLLECTED or call.stop.id != lot.site_id:
                continue
            times[lot_id] += 1
            if times[lot_id] == 2:
                message = f"Lot {lot_id}: expected one collection, found another at {call.name}"
                yield finding("collected_twice", message, lot_id)
            yield from _goes_to_hub(case, call, lot)


def _goes_to_hub(case: Case, loading: Call, lot: Lot) -> Iterator[Finding]:
    home = case.problem.sites[loading.drive.vehicle.home_site_id]
    last = loading.drive.unloading
    for index, stop in enumerate(loading.drive.trip.stops):
        if index != last and any(load.lot_id == lot.id for load in stop.unload):
            message = f"{loading.name}: lot {lot.id} must go to {home.id}, found at {stop.id}"
            yield finding("bypasses_hub", message, lot.id, stop.id)


def goods_ready(case: Case) -> Iterator[Finding]:
    """`not_ready` and `collected_late`: not before it is ready, not after the donor's deadline.

    What was fetched or handed out before a plan was made anew was ready then, whatever is said since.
    """
    for call in case.calls:
        if case.is_fact(call.drive):
            continue
        for load in call.stop.load:
            lot = case.problem.lots[load.lot_id]
            if call.stop.id != lot.site_id:
                continue
            if lot.ready_s is not None and call.stop.start_s < lot.ready_s:
                message = f"{call.name}: lot {lot.id} is ready {when(lot.ready_s)}, not before"
                yield finding("not_ready", message, lot.id)
            at_donor = case.problem.sites[lot.site_id].kind is SiteKind.DONOR
            deadline_s = lot.collect_by_s
            if at_donor and deadline_s is not None and call.stop.leave_s > deadline_s:
                message = (
                    f"{call.name}: lot {lot.id} to be collected by {when(deadline_s)}, "
                    f"found {when(call.stop.leave_s)}"
                )
                yield finding("collected_late", message, lot.id)
    yield from _own_stock_ready(case)


def _own_stock_ready(case: Case) -> Iterator[Finding]:
    """Goods that are handed out where they stand are ready when the session opens."""
    for session_id, lines in case.lines_at.items():
        if session_id in case.driven.session_ids:
            continue
        session = case.problem.sessions[session_id]
        for lot_id in sorted({line.lot_id for line in lines}):
            lot = case.problem.lots[lot_id]
            if lot.site_id != session.site_id or lot.ready_s is None:
                continue
            if lot.ready_s > session.open_s:
                message = (
                    f"Session {session_id} opens {when(session.open_s)}: "
                    f"lot {lot_id} is ready {when(lot.ready_s)}"
                )
                yield finding("not_ready", message, lot_id, session_id)


def arrival_days_kept(case: Case) -> Iterator[Finding]:
    """`arrival_day`: goods reach a session's site on its day, or as late before as a shift can.

    Units that arrived first are handed out first. An early arrival is wrong only when the travel
    table proves that a shift on a later day would have made it.
    """
    arrivals: dict[tuple[str, str], list[Arrival]] = defaultdict(list)
    for call in case.calls:
        if call.stop.kind is StopKind.SITE:
            for load in call.stop.unload:
                day = FACT if case.is_fact(call.drive) else call.drive.day
                arrival = (call.stop.leave_s, day, load.units)
                arrivals[call.stop.id, load.lot_id].append(arrival)
    demands: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for session_id, lines in case.lines_at.items():
        site_id = case.problem.sessions[session_id].site_id
        for line in lines:
            demands[site_id, line.lot_id][session_id] += line.units
    fleet = _fleet_at(case)
    for (site_id, lot_id), units_by_session in demands.items():
        lot = case.problem.lots[lot_id]
        if site_id == lot.site_id or site_id in case.hubs_of.get(lot_id, ()):
            continue
        came = sorted(arrivals.get((site_id, lot_id), ()))
        for session, day in _first_in_first_out(case, came, units_by_session):
            if day not in (session.day, FACT) and not _had_to(case, fleet, lot, session, day):
                message = (
                    f"Lot {lot_id} for session {session.id} ({day_name(session.day)}): "
                    f"arrives on {day_name(day)}"
                )
                yield finding("arrival_day", message, lot_id, session.id)


def _first_in_first_out(
    case: Case, came: list[Arrival], units_by_session: dict[str, int]
) -> Iterator[tuple[Session, int]]:
    """Pairs of a session and a day on which some of its units arrived."""
    sessions = sorted((case.problem.sessions[name] for name in units_by_session), key=_opening)
    waiting = iter(came)
    day, left = 0, 0
    for session in sessions:
        need = units_by_session[session.id]
        while need > 0:
            if left == 0:
                arrival = next(waiting, None)
                if arrival is None:
                    return
                _, day, left = arrival
            used = min(need, left)
            need, left = need - used, left - used
            yield session, day


def _opening(session: Session) -> tuple[int, str]:
    return session.open_s, session.id


def _had_to(
    case: Case, fleet: dict[tuple[str, int], list[Shift]], lot: Lot, session: Session, day: int
) -> bool:
    """Whether no later day would have done, for goods that may wait at the session's site."""
    if case.flows[lot.id] is Flow.STRAIGHT or day > session.day:
        return False
    hubs = {lot.site_id} if case.flows[lot.id] is Flow.HUB else case.hubs_of.get(lot.id, set())
    site = case.problem.sites[session.site_id]
    return not any(
        _in_time(case, shift, lot.storage, site, session.open_s)
        for hub_id in hubs
        for later in range(max(day, -1) + 1, session.day + 1)
        for shift in fleet.get((hub_id, later), ())
    )


def _fleet_at(case: Case) -> dict[tuple[str, int], list[Shift]]:
    """Shifts by the home site of their vehicle and their day."""
    fleet: dict[tuple[str, int], list[Shift]] = defaultdict(list)
    for shift in case.problem.shifts:
        home_id = case.problem.vehicles[shift.vehicle_id].home_site_id
        fleet[home_id, shift.day].append(shift)
    return fleet


def _in_time(case: Case, shift: Shift, storage: Storage, site: Site, by_s: int) -> bool:
    """Whether a shift, driving there first and at once, has unloaded by a moment and is home again."""
    vehicle = case.problem.vehicles[shift.vehicle_id]
    home_id = vehicle.home_site_id
    begin = case.leg(shift.start_id or home_id, home_id)
    out, back = case.leg(home_id, site.id), case.leg(site.id, shift.end_id or home_id)
    if begin is None or out is None or back is None or not vehicle.room_g(storage):
        return False
    cold_s_max = None if storage is Storage.AMBIENT else vehicle.cold_s_max
    if cold_s_max is not None and out.seconds > cold_s_max:
        return False
    home = case.problem.sites[home_id]
    midnight_s = shift.day * DAY_S
    arrive_s = shift.start_s + begin.seconds + home.dock_s + out.seconds
    leave_s = max(arrive_s, midnight_s + site.receive_open_s) + site.dock_s
    return (
        leave_s <= min(by_s, midnight_s + site.receive_close_s)
        and leave_s + back.seconds <= shift.end_s
    )


def nothing_stranded(case: Case) -> Iterator[Finding]:
    """`stranded`: what is driven to a site is handed out there or driven on, to the last unit.

    Of what was driven before a plan was made anew, whoever it was for may not come any more; but no
    more is brought to it then.
    """
    balance: dict[tuple[str, str], int] = defaultdict(int)
    brought: dict[tuple[str, str], int] = defaultdict(int)
    before: set[tuple[str, str]] = set()
    for call in case.calls:
        if call.stop.kind is not StopKind.SITE:
            continue
        for load in call.stop.load:
            balance[call.stop.id, load.lot_id] -= load.units
        for load in call.stop.unload:
            if case.is_fact(call.drive):
                before.add((call.stop.id, load.lot_id))
            else:
                brought[call.stop.id, load.lot_id] += load.units
            balance[call.stop.id, load.lot_id] += load.units
            if case.problem.lots[load.lot_id].site_id == call.stop.id:
                message = f"{call.name}: brings lot {load.lot_id} back to where it came from"
                yield finding("stranded", message, load.lot_id, call.stop.id)
    for session_id, lines in case.lines_at.items():
        for line in lines:
            balance[case.problem.sessions[session_id].site_id, line.lot_id] -= line.units
    for (site_id, lot_id), left in balance.items():
        units = min(left, brought[site_id, lot_id])
        if (site_id, lot_id) in before:  # a broken pack may be left of it
            units -= units % case.problem.lots[lot_id].pack
        if units > 0 and case.problem.lots[lot_id].site_id != site_id:
            message = f"Lot {lot_id} at {site_id}: {show(units)} units were brought for nobody"
            yield finding("stranded", message, lot_id, site_id)
