"""Which fields of a day the compiled search and the relaxations of the proof take into account."""

from __future__ import annotations

from logistics.solver.routing.day import Day, Point, Slot, Task
from logistics.solver.routing.problem import Call

KNOWN: dict[type, frozenset[str]] = {
    Day: frozenset(
        ("number", "classes", "points", "tasks", "slots", "places", "metres", "seconds")
    ),
    Point: frozenset(("task", "call", "load", "unload", "change_g")),
    Task: frozenset(
        [
            "job_ids",
            "price",
            "points",
            "hub_id",
            "from_hub",
            "from_hub_g",
            "to_hub",
            "cold",
            "needs",
        ]
    ),
    Slot: frozenset(
        [
            "vehicle_id",
            "home_id",
            "dock_s",
            "start_s",
            "end_s",
            "room_g",
            "cold_s_max",
            "volunteer_ids",
        ]
    ),
    Call: frozenset(("place_id", "kind", "open_s", "start_by_s", "leave_by_s", "service_s")),
}
"""Any other field must have its default, or neither may be asked: a new field is added here once both
obey it."""
