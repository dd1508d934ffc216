"""Faults in flows, stock and driving (sections 2, 4 and 5 of the rules).

Routes: 0 is Tuesday (trips 0 farm, 1 kitchen and S1, 2 the door of D), 1 is Wednesday (trip 0).
"""

from __future__ import annotations

from dataclasses import replace

from logistics.model.fleet import Shift
from logistics.model.people import Visit
from logistics.model.plan import (
    Route,
    StopKind,
    Trip,
)
from logistics.model.problem import Leg
from logistics.model.units import (
    HOUR_S,
    MINUTE_S,
)
from tests.judge.edits import (
    chain,
    fact,
    later,
    leg,
    loads,
    metrics,
    plan,
    problem,
    route,
    stop,
    trip,
)
from tests.judge.good_facts import AMBIENT, CHILLED, THU, TUE, WED, at
from tests.judge.mutant import insert, mutant, site_stop

FLOWS = [
    mutant(
        "hub stock loaded after the start",
        insert(0, 2, 0, site_stop("HUB", at(TUE, 12, 40), at(TUE, 12, 40))),
        "wrong_loading",
    ),
    mutant(
        "hub stock loaded at a donor",
        chain(
            stop(0, 1, 0, load=loads(CANS=3, GREENS=3)), stop(0, 1, 1, load=loads(BENTO=5, RICE=7))
        ),
        "wrong_loading",
        "stock_short",
    ),
    mutant(
        "collected goods pass the hub by",
        insert(0, 0, 3, site_stop("HUB", at(TUE, 9, 55), at(TUE, 9, 55))),
        "bypasses_hub",
    ),
    mutant(
        "the farm is visited twice",
        chain(
            later(0, 0, 5 * MINUTE_S, first=2),
            stop(0, 0, 2, arrive_s=at(TUE, 9, 50)),
            stop(0, 0, 1, load=loads(GREENS=3)),
            insert(0, 0, 2, site_stop("FARM", at(TUE, 9, 25), at(TUE, 9, 30), GREENS=3)),
            metrics(vehicle_seconds=12_900 + 300),
        ),
        "collected_twice",
    ),
    mutant("bento ready at 12:10", fact("lots", "BENTO", ready_s=at(TUE, 12, 10)), "not_ready"),
    mutant("biscuits ready at 10:00", fact("lots", "BISCUIT", ready_s=at(THU, 10)), "not_ready"),
    mutant(
        "the farm closes 9:24",
        fact("lots", "GREENS", collect_by_s=at(TUE, 9, 24)),
        "collected_late",
    ),
    mutant(
        "Thursday's shift begins at 8:00",
        lambda week: problem(
            shifts=(*week.problem.shifts[:2], Shift("VAN", at(THU, 8), at(THU, 12), ("P1",)))
        )(week),
        "arrival_day",
    ),
    mutant(
        "rice for nobody",
        chain(
            stop(0, 1, 0, load=loads(RICE=8, CANS=3, GREENS=3)),
            stop(0, 1, 2, unload=loads(RICE=8, CANS=3, GREENS=3, BENTO=5)),
        ),
        "stranded",
    ),
    mutant(
        "all greens collected",
        chain(stop(0, 0, 1, load=loads(GREENS=12)), stop(0, 0, 2, unload=loads(GREENS=12))),
        "stranded",
    ),
    mutant(
        "held rice goes for a ride",
        chain(
            stop(1, 0, 0, load=loads(CRACKER=1, RICE=12)),
            stop(1, 0, 2, unload=loads(RICE=12), leave_s=at(WED, 10, 5)),
            trip(1, 0, seconds=3_900),
            metrics(vehicle_seconds=12_900 + 600),
        ),
        "held_units",
        "stranded",
    ),
    mutant(
        "5 greens collected, 6 given",
        chain(stop(0, 0, 1, load=loads(GREENS=5)), stop(0, 0, 2, unload=loads(GREENS=5))),
        "stock_short",
    ),
    mutant("V1 opens at 12:10", fact("sessions", "V1", open_s=at(TUE, 12, 10)), "too_late"),
    mutant(
        # rice 7 x 500 + cans 3 x 300 + bento 5 x 600 = 7,400 g
        "S1 has room for 7 kg",
        fact("sites", "S1", capacity_g={AMBIENT: 7_000, CHILLED: 20_000}),
        "over_capacity",
    ),
]

DRIVING = [
    mutant(
        "two routes on one day",
        lambda week: plan(routes=(*week.plan.routes, Route("VAN", TUE, ())))(week),
        "route_twice",
    ),
    mutant(
        "home after the shift",
        lambda week: problem(
            shifts=(Shift("VAN", at(TUE, 9), at(TUE, 13), ("P1",)), *week.problem.shifts[1:])
        )(week),
        "outside_shift",
    ),
    mutant("a route on a day off", route(1, day=THU), "outside_shift", "receive_hours"),
    mutant(
        "the van stays out",
        chain(
            lambda week: trip(1, 0, stops=week.plan.routes[1].trips[0].stops[:2])(week),
            trip(1, 0, metres=6_000, seconds=2_100),
            metrics(metres=43_000 - 6_000, vehicle_seconds=12_900 - 1_200),
        ),
        "trip_not_home",
    ),
    mutant(
        "a trip without stops",
        lambda week: route(0, trips=(*week.plan.routes[0].trips, Trip((), 0, 0)))(week),
        "trip_not_home",
    ),
    mutant(
        "the first stop waits",
        chain(
            stop(0, 2, 0, arrive_s=at(TUE, 12, 39)),
            trip(0, 2, seconds=2_760),
            metrics(vehicle_seconds=12_900 + 60),
        ),
        "first_stop",
    ),
    mutant("trips overlap", later(0, 1, 15 * MINUTE_S), "trips_overlap"),
    mutant("a leg is missing", leg("HUB", "S2", None), "leg_missing", "metrics"),
    mutant("a leg is negative", leg("HUB", "S2", Leg(-1, 1200)), "leg_missing", "metrics"),
    mutant("the week's own leg", problem(legs={("HUB", "FARM"): Leg(6001, 1200)}), "leg_differs"),
    mutant("a second faster", leg("FARM", "HUB", Leg(6000, 1199)), "arrival_time"),
    mutant("service before arrival", stop(0, 2, 1, start_s=at(TUE, 13, 4)), "start_early"),
    mutant(
        "a visit takes 6 minutes",
        fact("households", "D", visit=Visit(at(TUE, 13), at(TUE, 14), 6 * MINUTE_S)),
        "service_short",
    ),
    mutant("the hub's dock takes 11 minutes", fact("sites", "HUB", dock_s=660), "service_short"),
    mutant(
        "S2 receives from 10:00", fact("sites", "S2", receive_open_s=10 * HOUR_S), "receive_hours"
    ),
    mutant(
        "the window opens at 13:06",
        fact("households", "D", visit=Visit(at(TUE, 13, 6), at(TUE, 14), 5 * MINUTE_S)),
        "window_missed",
    ),
    mutant(
        "D is visited twice",
        chain(
            later(0, 2, 5 * MINUTE_S, first=2),
            stop(0, 2, 2, arrive_s=at(TUE, 13, 30)),
            insert(
                0,
                2,
                2,
                replace(site_stop("D", at(TUE, 13, 10), at(TUE, 13, 15)), kind=StopKind.HOUSEHOLD),
            ),
            metrics(vehicle_seconds=12_900 + 300),
        ),
        "visited_twice",
    ),
    mutant(
        "D is forgotten",
        chain(
            lambda week: route(0, trips=week.plan.routes[0].trips[:2])(week),
            metrics(metres=43_000 - 9_000, vehicle_seconds=12_900 - 2_700),
        ),
        "not_visited",
        "stranded",
    ),
    mutant(
        "D gets a milk more",
        chain(
            stop(0, 2, 0, load=loads(GREENS=3, MILK=3)),
            stop(0, 2, 1, unload=loads(GREENS=3, MILK=3)),
        ),
        "visit_goods",
    ),
    mutant(
        "milk from the neighbours",
        stop(0, 2, 1, load=loads(MILK=1), unload=loads(GREENS=3, MILK=3)),
        "loaded_at_door",
        "visit_goods",
    ),
    mutant(
        "rice out of nowhere",
        stop(0, 1, 2, unload=loads(RICE=8, CANS=3, GREENS=3, BENTO=5)),
        "not_on_board",
        "stranded",
    ),
    mutant("rice stays on board", stop(0, 1, 0, load=loads(RICE=8, CANS=3, GREENS=3)), "not_empty"),
    mutant(
        "a van without a fridge",
        fact("vehicles", "VAN", capacity_g={AMBIENT: 100_000}),
        "no_vehicle",
    ),
    mutant(
        "a van for 7 kg",
        fact("vehicles", "VAN", capacity_g={AMBIENT: 7_000, CHILLED: 30_000}),
        "over_compartment",
    ),
    mutant("30 minutes cold", fact("vehicles", "VAN", cold_s_max=30 * MINUTE_S), "cold_minutes"),
    mutant("a metre less", trip(0, 0, metres=11_999), "trip_metres"),
    mutant("a second less", trip(0, 0, seconds=3_299), "trip_seconds"),
]
