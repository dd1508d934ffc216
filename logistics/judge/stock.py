"""Every lot's way through the week, replayed site by site (section 4 of the rules)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from enum import IntEnum
from typing import NamedTuple

from logistics.judge.case import Case
from logistics.judge.words import finding, show, when
from logistics.model.errors import Finding
from logistics.model.plan import StopKind
from logistics.model.units import Storage, kg_text


class Order(IntEnum):
    """What counts first at one moment: leaving, coming, a session's opening, what happened to stock."""

    LEAVES = 0
    COMES = 1
    OPENS = 2
    HAPPENS = 3


class Event(NamedTuple):
    """A change at a site: `stock` units come or go, `promised` units are set aside for a session.

    `stock` is what stands on the shelf; the units of a session leave it at the close. They are
    promised from the opening on, so that nothing else may take them in between. What a trip that is a
    fact has brought is no fault of the plan.
    """

    at_s: int
    order: Order
    lot_id: str
    stock: int
    promised: int = 0
    is_fact: bool = False


def stock_kept(case: Case) -> Iterator[Finding]:
    """`stock_short`, `held_units`, `too_late`: what is given is there, in time, and not on hold."""
    by_lot: dict[tuple[str, str], list[Event]] = defaultdict(list)
    for site_id, event in _events(case):
        by_lot[site_id, event.lot_id].append(event)
    for (site_id, lot_id), events in by_lot.items():
        yield from _lot_at_site(case, site_id, lot_id, sorted(events))


def _events(case: Case) -> Iterator[tuple[str, Event]]:
    """Everything that happens to stock, with the site where it happens."""
    for call in case.calls:
        stop = call.stop
        if stop.kind is not StopKind.SITE or stop.id not in case.problem.sites:
            continue
        for load in stop.load:
            yield stop.id, Event(stop.start_s, Order.LEAVES, load.lot_id, -load.units)
        for load in stop.unload:
            arrival = Event(stop.leave_s, Order.COMES, load.lot_id, load.units)
            yield stop.id, arrival._replace(is_fact=case.is_fact(call.drive))
    for move in case.driven.moves:
        yield move.site_id, Event(move.at_s, Order.HAPPENS, move.lot_id, move.units)
    for session_id, lines in case.lines_at.items():
        session = case.problem.sessions[session_id]
        given: dict[str, int] = defaultdict(int)
        for line in lines:
            given[line.lot_id] += line.units
        for lot_id, units in given.items():
            yield session.site_id, Event(session.open_s, Order.OPENS, lot_id, 0, units)
            yield session.site_id, Event(session.close_s, Order.LEAVES, lot_id, -units, -units)


def _lot_at_site(case: Case, site_id: str, lot_id: str, events: list[Event]) -> Iterator[Finding]:
    """At most one finding: the gravest thing that happens to a lot at a site."""
    lot = case.problem.lots[lot_id]
    at_home = lot.site_id == site_id
    stock, held = (lot.units, lot.hold_units) if at_home else (0, 0)
    promised = 0
    faults: dict[str, str] = {}
    where = f"Lot {lot_id} at {site_id}"
    for event in events:
        stock += event.stock
        promised += event.promised
        if event.order is Order.HAPPENS:
            held = min(held, stock)
        moment = f"{where}, {when(event.at_s)}"
        if stock < 0:
            faults.setdefault("stock_short", f"{moment}: {show(-stock)} units missing")
        elif stock < held:
            text = f"{moment}: expected {held} held units to stay, found {show(stock)}"
            faults.setdefault("held_units", text)
        elif stock < promised:
            text = (
                f"{moment}: the open session needs {show(promised)} units, "
                f"there are {show(stock)} ({show(promised - stock)} missing)"
            )
            faults.setdefault("too_late", text)
    for code in ("stock_short", "held_units", "too_late"):
        if code in faults:
            yield finding(code, faults[code], lot_id, site_id)
            return


def storage_kept(case: Case) -> Iterator[Finding]:
    """`over_capacity`: after every unloading each storage class is within its capacity."""
    begin_g: dict[tuple[str, Storage], int] = defaultdict(int)
    for lot in case.problem.lots.values():
        begin_g[lot.site_id, lot.storage] += lot.units * lot.unit_g
    by_class: dict[tuple[str, Storage], list[Event]] = defaultdict(list)
    for site_id, event in _events(case):
        by_class[site_id, case.problem.lots[event.lot_id].storage].append(event)
    for (site_id, storage), events in by_class.items():
        room_g = case.problem.sites[site_id].room_g(storage)
        stored_g = begin_g[site_id, storage]
        for event in sorted(events):
            stored_g += event.stock * case.problem.lots[event.lot_id].unit_g
            if event.order is Order.COMES and not event.is_fact and stored_g > room_g:
                message = (
                    f"Site {site_id}, {when(event.at_s)}: at most {_kg(room_g)} kg {storage}, "
                    f"found {_kg(stored_g)} ({_kg(stored_g - room_g)} too many)"
                )
                yield finding("over_capacity", message, site_id, event.lot_id)
                break


def _kg(grams: int) -> str:
    """Kilograms for people, without a float where a broken plan has absurd units."""
    return kg_text(grams) if abs(grams) < 10**15 else "far too many"
