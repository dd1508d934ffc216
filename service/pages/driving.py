"""The routes: each vehicle's day, trip by trip and stop by stop."""

from __future__ import annotations

from dataclasses import dataclass

from logistics.model.plan import Load, Route, Stop, StopKind, Trip
from logistics.model.units import clock
from logistics.reports.itinerary import in_storage_order
from service.pages.words import PageWords
from service.shown import Shown


@dataclass(frozen=True, slots=True)
class StopRow:
    """A stop of a trip."""

    number: str
    time: str
    waits: str
    place: str
    load: tuple[str, ...]
    unload: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TripCard:
    """A trip from home to home."""

    title: str
    caption: str
    stops: tuple[StopRow, ...]


@dataclass(frozen=True, slots=True)
class RouteCard:
    """A vehicle's day."""

    title: str
    line: str
    trips: tuple[TripCard, ...]


def route_cards(shown: Shown, words: PageWords) -> tuple[RouteCard, ...]:
    """All routes by day and vehicle."""
    ordered = sorted(shown.plan.routes, key=lambda route: (route.day, route.vehicle_id))
    return tuple(_route(words, route) for route in ordered if route.trips)


def _route(words: PageWords, route: Route) -> RouteCard:
    metres = sum(trip.metres for trip in route.trips)
    return RouteCard(
        title=words.say("route_head", vehicle=route.vehicle_id),
        line=words.say(
            "route_line",
            day=words.day(route.day),
            start=clock(route.trips[0].stops[0].arrive_s),
            end=clock(route.trips[-1].stops[-1].leave_s),
            trips=len(route.trips),
            stops=sum(len(trip.stops) - 2 for trip in route.trips),
            km=f"{metres / 1000:.1f}",
        ),
        trips=tuple(
            TripCard(
                title=words.say("trip_n", n=number),
                caption=words.say(
                    "caption_trip", vehicle=route.vehicle_id, day=words.day(route.day), n=number
                ),
                stops=_stops(words, trip),
            )
            for number, trip in enumerate(route.trips, start=1)
        ),
    )


def _stops(words: PageWords, trip: Trip) -> tuple[StopRow, ...]:
    last = len(trip.stops) - 1
    ends = {0: words.say("stop_start"), last: words.say("stop_end")}
    return tuple(
        _stop(words, ends.get(index, str(index)), stop) for index, stop in enumerate(trip.stops)
    )


def _stop(words: PageWords, number: str, stop: Stop) -> StopRow:
    at_home = stop.kind is StopKind.HOUSEHOLD
    return StopRow(
        number=number,
        time=f"{clock(stop.arrive_s)}–{clock(stop.leave_s)}",
        waits=words.say("waits", start=clock(stop.start_s)) if stop.start_s > stop.arrive_s else "",
        place=words.say("home_visit", household=stop.id)
        if at_home
        else words.problem.sites[stop.id].name,
        load=_loads(words, stop.load),
        unload=_loads(words, stop.unload),
    )


def _loads(words: PageWords, loads: tuple[Load, ...]) -> tuple[str, ...]:
    return tuple(
        words.say("load_line", item=words.problem.lots[load.lot_id].item, units=load.units)
        for load in in_storage_order(words.problem, loads)
    )
