"""What is on board, stop by stop (section 5 of the rules)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from logistics.judge.case import Call, Case, Drive
from logistics.judge.words import finding, show
from logistics.model.errors import Finding
from logistics.model.goods import Lot
from logistics.model.units import MINUTE_S, Storage


@dataclass(slots=True)
class _Hold:
    """The vehicle's load: units by lot, grams by class, and when each lot's cold time began."""

    units: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    grams: dict[Storage, int] = field(default_factory=lambda: defaultdict(int))
    since_s: dict[str, int] = field(default_factory=dict)

    def add(self, lot: Lot, units: int, leave_s: int) -> None:
        self.units[lot.id] += units
        self.grams[lot.storage] += units * lot.unit_g
        self.since_s.setdefault(lot.id, leave_s)

    def take(self, lot: Lot, units: int) -> int:
        """Take units off and return how many of them were not there."""
        taken = min(units, self.units[lot.id])
        self.units[lot.id] -= taken
        self.grams[lot.storage] -= taken * lot.unit_g
        if not self.units[lot.id]:
            self.since_s.pop(lot.id, None)
        return units - taken


def cargo_kept(case: Case) -> Iterator[Finding]:
    """Each trip carries only what it loaded, within its compartments, cold enough, to the end."""
    for drive in case.drives:
        yield from _replay(case, drive)


def _replay(case: Case, drive: Drive) -> Iterator[Finding]:
    """Loads count from the stop's start, unloads at its leave; at one moment unloading is first."""
    hold = _Hold()
    full: set[Storage] = set()
    for index, stop in enumerate(drive.trip.stops):
        call = Call(drive, index, stop)
        if stop.start_s < stop.leave_s:
            yield from _load(case, call, hold, full)
            yield from _unload(case, call, hold)
        else:
            yield from _unload(case, call, hold)
            yield from _load(case, call, hold, full)
    cut = case.driven.is_cut(drive.vehicle.id, drive.day, drive.number)
    for lot_id, units in hold.units.items():
        if units and not cut:
            message = f"{drive.name}: {show(units)} units of lot {lot_id} are still on board"
            yield finding("not_empty", message, lot_id, drive.vehicle.id)


def _load(case: Case, call: Call, hold: _Hold, full: set[Storage]) -> Iterator[Finding]:
    """Put goods on board; a compartment that is too full is reported once a trip."""
    vehicle = call.drive.vehicle
    for load in call.stop.load:
        lot = case.problem.lots[load.lot_id]
        hold.add(lot, load.units, call.stop.leave_s)
    for storage, grams in hold.grams.items():
        room_g = vehicle.room_g(storage)
        if grams <= room_g or storage in full:
            continue
        full.add(storage)
        if room_g:
            message = (
                f"{call.name}: at most {room_g} g {storage}, found {show(grams)} g "
                f"({show(grams - room_g)} too many)"
            )
            yield finding("over_compartment", message, vehicle.id)
        else:
            message = f"{call.name}: the vehicle has no {storage} compartment"
            yield finding("no_vehicle", message, vehicle.id)


def _unload(case: Case, call: Call, hold: _Hold) -> Iterator[Finding]:
    cold_s_max = call.drive.vehicle.cold_s_max
    for load in call.stop.unload:
        lot = case.problem.lots[load.lot_id]
        since_s = hold.since_s.get(lot.id)
        if since_s is not None and cold_s_max is not None and lot.storage is not Storage.AMBIENT:
            warm_s = call.stop.start_s - since_s
            if warm_s > cold_s_max:
                message = (
                    f"{call.name}: lot {lot.id} may be out of the cold for "
                    f"{cold_s_max // MINUTE_S} min, found {show(warm_s)} s"
                )
                yield finding("cold_minutes", message, lot.id, call.drive.vehicle.id)
        absent = hold.take(lot, load.units)
        if absent:
            message = f"{call.name}: {show(absent)} units of lot {lot.id} are not on board"
            yield finding("not_on_board", message, lot.id, call.drive.vehicle.id)
