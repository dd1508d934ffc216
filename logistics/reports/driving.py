"""The driver's sheet: one vehicle's day, a page a trip, as little about people as possible."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

from logistics.model.people import Visit
from logistics.model.plan import Plan, Route, Stop, StopKind
from logistics.model.units import MINUTE_S, Storage, clock, date_of
from logistics.reports.blocks import (
    Beside,
    Cell,
    Column,
    Document,
    Entry,
    Fact,
    Facts,
    Look,
    Notice,
    Page,
    Picture,
    Table,
    plain,
    strong,
)
from logistics.reports.contacts import COORDINATOR, Contact
from logistics.reports.itinerary import Journey, in_storage_order, journeys
from logistics.reports.messages import Words
from logistics.reports.picking import place_name, storage_facts
from logistics.reports.sketch import trip_sketch
from logistics.words.sources import is_by_road


def driver_sheets(plan: Plan, words: Words, contacts: Mapping[str, Contact]) -> list[Document]:
    """One document for every vehicle and day on which it drives."""
    by_route: dict[tuple[str, int], list[Journey]] = {}
    for journey in journeys(plan):
        key = (journey.route.vehicle_id, journey.route.day)
        by_route.setdefault(key, []).append(journey)
    kind = "drive_distance_roads" if is_by_road(plan.travel) else "drive_distance"
    return [_document(words, contacts, trips, words.say(kind)) for trips in by_route.values()]


def _document(
    words: Words, contacts: Mapping[str, Contact], trips: list[Journey], distance: str
) -> Document:
    route = trips[0].route
    title = words.say("drive_title", vehicle=route.vehicle_id)
    return Document(
        name=f"drive-{route.vehicle_id}-{date_of(words.problem.week_start, route.day)}",
        language=words.language,
        title=f"{title} {words.day(route.day)}",
        footer=words.say("drive_footer", week=words.problem.name),
        labels=words.storages(),
        pages=tuple(_page(words, contacts, journey, distance) for journey in trips),
    )


def _page(words: Words, contacts: Mapping[str, Contact], journey: Journey, distance: str) -> Page:
    blocks = (
        _facts(words, journey, distance),
        _stops(words, contacts, journey),
        Beside(_picture(words, journey), _rules(words, contacts, journey)),
    )
    return Page(
        kind=words.say("drive_kind"),
        title=words.say("drive_page", number=journey.number, count=journey.count),
        aside=journey.route.vehicle_id,
        subtitle=_subtitle(words, journey.route),
        blocks=blocks,
    )


def _subtitle(words: Words, route: Route) -> str:
    crew = words.say("list_separator").join(route.volunteer_ids)
    parts = [words.day(route.day)]
    if crew:
        parts.append(words.say("drive_crew", crew=crew))
    return "  ".join(parts)


def _facts(words: Words, journey: Journey, distance: str) -> Facts:
    stops = journey.trip.stops
    facts = [
        Fact(words.say("drive_leave"), clock(stops[0].leave_s)),
        Fact(words.say("drive_back"), clock(stops[-1].arrive_s)),
        Fact(distance, f"{journey.trip.metres / 1000:.1f} km"),
    ]
    rest = journey.route.rest
    if rest is not None:
        hours = f"{clock(rest.start_s)}–{clock(rest.end_s)}"
        facts.append(Fact(words.say("drive_break"), hours))
    carried = [load for stop in stops for load in stop.load]
    return Facts((*facts, *storage_facts(words, carried)))


def _stops(words: Words, contacts: Mapping[str, Contact], journey: Journey) -> Table:
    columns = (
        Column(words.say("col_stop"), 1.2, "center"),
        Column(words.say("col_time"), 2.9),
        Column(words.say("col_place"), 5.2),
        Column(words.say("col_what"), 7.0),
        Column(words.say("col_done"), 2.1),
    )
    last = len(journey.trip.stops) - 1
    rows = tuple(
        (
            strong(_number(words, number, last)),
            _times(words, stop, number == last),
            _place(words, stop, contacts.get(stop.id) if 0 < number < last else None),
            _work(words, stop),
            _done(words, stop),
        )
        for number, stop in enumerate(journey.trip.stops)
    )
    return Table(words.say("drive_order"), columns, rows, "")


def _number(words: Words, number: int, last: int) -> str:
    ends = {0: words.say("stop_start"), last: words.say("stop_end")}
    return ends.get(number, str(number))


def _times(words: Words, stop: Stop, is_end: bool) -> Cell:
    entries = [Entry(clock(stop.arrive_s), look=Look.STRONG)]
    if not is_end and clock(stop.leave_s) != clock(stop.arrive_s):
        entries.append(Entry(words.say("leave_at", time=clock(stop.leave_s))))
    household = words.problem.households.get(stop.id)
    visit = household.visit_at(stop.start_s) if household else None
    if visit:
        window = f"{clock(visit.open_s)}–{clock(visit.close_s)}"
        entries.append(Entry(words.say("window"), look=Look.MUTED))
        entries.append(Entry(window, look=Look.MUTED))
        entries += [Entry(text, look=Look.STRONG) for text in _people(words, visit)]
    return tuple(entries)


def _people(words: Words, visit: Visit) -> Iterator[str]:
    """Whom a visit needs beyond one driver."""
    if visit.crew > 1:
        yield words.say("visit_crew", n=visit.crew)
    if visit.qualification:
        yield words.say("visit_with", qualification=visit.qualification)


def _place(words: Words, stop: Stop, contact: Contact | None) -> Cell:
    name = place_name(words, stop)
    entries = [Entry(name, detail=stop.id if name != stop.id else "", look=Look.STRONG)]
    if contact:
        who = "  ".join(text for text in (contact.name, contact.phone) if text)
        entries += [Entry(text) for text in (who, contact.address) if text]
        if contact.note:
            entries.append(Entry(contact.note, look=Look.STRONG))
    return tuple(entries)


def _work(words: Words, stop: Stop) -> Cell:
    """What comes off, then what goes on: per storage class a head and a line an item to tick."""
    lots = words.problem.lots
    entries: list[Entry] = []
    for key, loads in (("unload", stop.unload), ("load", stop.load)):
        ordered = in_storage_order(words.problem, loads)
        for storage, group in groupby(ordered, lambda load: lots[load.lot_id].storage):
            entries.append(Entry(words.say(key), storage=str(storage), look=Look.MUTED))
            entries += [
                Entry(lots[load.lot_id].item, check=True, count=load.units, detail=load.lot_id)
                for load in group
            ]
    return tuple(entries) or plain(words.say("nothing_to_do"), Look.MUTED)


def _done(words: Words, stop: Stop) -> Cell:
    if not (stop.load or stop.unload):
        return ()
    keys = ["done"] if stop.kind is StopKind.SITE else ["done", "not_home"]
    return tuple(Entry(words.say(key), check=True) for key in keys)


def _picture(words: Words, journey: Journey) -> Picture:
    names = [place_name(words, stop) for stop in journey.calls]
    alt = words.say("sketch_alt", stops=words.say("list_separator").join(names))
    return Picture(words.say("sketch_title"), alt, trip_sketch(words.problem, journey))


def _rules(words: Words, contacts: Mapping[str, Contact], journey: Journey) -> Notice:
    vehicle = words.problem.vehicles[journey.route.vehicle_id]
    lines = [_call_line(words, contacts, vehicle.home_site_id)]
    carried = {
        words.problem.lots[load.lot_id].storage for s in journey.trip.stops for load in s.load
    }
    if vehicle.cold_s_max is not None and carried & {Storage.CHILLED, Storage.FROZEN}:
        lines.append(words.say("cold_limit", minutes=vehicle.cold_s_max // MINUTE_S))
    if any(stop.kind is StopKind.HOUSEHOLD for stop in journey.calls):
        lines += words.numbered("not_home_rule")
        return Notice(words.say("not_home_title"), tuple(lines))
    return Notice(words.say("trouble_title"), (*lines, *words.numbered("trouble_rule")))


def _call_line(words: Words, contacts: Mapping[str, Contact], home_site_id: str) -> str:
    contact = contacts.get(COORDINATOR) or contacts.get(home_site_id)
    if contact and contact.phone:
        who = contact.name or words.say("coordinator")
        return words.say("call", who=who, phone=contact.phone)
    return words.say("call_blank")
