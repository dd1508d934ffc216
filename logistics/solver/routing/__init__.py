"""By which way: one day's jobs to routes that keep windows, capacities, shifts and the cold chain."""

from logistics.solver.routing.problem import (
    LANGUAGE_COST,
    METRE_COST,
    MUST_PRICE,
    NO_LIMIT_S,
    SECOND_COST,
    STRANGER_COST,
    VEHICLE_DAY_COST,
    Call,
    Collection,
    DayJobs,
    DayResult,
    Delivery,
    Dropped,
    Job,
    Pair,
)
from logistics.solver.routing.route import prove_day, route_day

__all__ = [
    "route_day",
    "prove_day",
    "DayJobs",
    "Delivery",
    "Collection",
    "Pair",
    "Call",
    "Job",
    "DayResult",
    "Dropped",
    "METRE_COST",
    "STRANGER_COST",
    "LANGUAGE_COST",
    "SECOND_COST",
    "VEHICLE_DAY_COST",
    "MUST_PRICE",
    "NO_LIMIT_S",
]
