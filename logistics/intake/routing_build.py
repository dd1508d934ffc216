"""From what a file says to a problem in whole numbers, by a convention's rounding.

| convention | distances | windows, services, releases | prizes |
| --- | --- | --- | --- |
| `cvrplib` | nearest unit | nearest unit | nearest unit |
| `dimacs` | tenths, cut off | tenths, cut off | tenths, cut off |
| `sintef` | nearest millionth, as a time upwards | millionths, to the safe side | nearest millionth |

Amounts are counted in the largest fraction of which all are whole multiples.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from fractions import Fraction
from math import ceil, floor, hypot, lcm
from typing import cast

from logistics.intake.routing_parts import Raw
from logistics.intake.routing_reach import check_reach
from logistics.intake.routing_report import Number, RoutingReport
from logistics.model.routing import (
    FOREVER,
    MUST,
    SCALES,
    Convention,
    RoutingProblem,
    VehicleType,
)

SUM_MAX = 2**61
"""Bound on whatever sums of distances, times or amounts can come to: engines count in 64 bits."""

Round = Callable[[Number], int]


def build(raw: Raw, convention: Convention, report: RoutingReport) -> RoutingProblem | None:
    """The problem; `None` with findings on what no plan could keep."""
    if raw.customers < 1:
        report.note("no_visits", None, "")
        return None
    for name in ("demand", "service", "release", "prize"):
        if name in raw.fields and raw.fields[name].values[0]:
            field = raw.fields[name]
            report.note("depot_value", field.rows[0], field.name, field.values[0])
    columns = _times(raw, convention, report)
    amounts, capacity = _amounts(raw, report)
    lengths = _lengths(raw, convention)
    if report.has_errors or not _countable(raw, convention, lengths, columns, report):
        return None
    fleet = VehicleType(
        raw.vehicles, (capacity,),
        open_s=columns["open"][0], close_s=columns["close"][0], trips_max=raw.trips_max,
    )  # fmt: skip
    points = {
        axis: [float(value) for value in raw.fields[axis].values] if axis in raw.fields else ()
        for axis in ("x", "y")
    }
    problem = RoutingProblem(
        name=raw.name,
        convention=convention,
        numbers=range(raw.size),
        amounts=(amounts,),
        open_s=columns["open"],
        close_s=columns["close"],
        service_s=columns["service"],
        release_s=columns["release"],
        prize=columns["prize"],
        vehicles=(fleet,),
        x=points["x"],
        y=points["y"],
        distance=lengths[0],
        duration=lengths[1],
        pairs=raw.pairs,
        vehicles_first=convention is Convention.SINTEF,
    )
    _check_loads(raw, problem, report)
    check_reach(raw, problem, report)
    return problem


def _nearest(value: Number) -> int:
    return floor(value + Fraction(1, 2))


def _rounds(convention: Convention) -> dict[str, Round]:
    """How each column is rounded, by its name."""
    if convention is Convention.SINTEF:
        return {"open": ceil, "close": floor, "service": ceil, "release": ceil, "prize": _nearest}
    way: Round = floor if convention is Convention.DIMACS else _nearest
    return dict.fromkeys(("open", "close", "service", "release", "prize"), way)


def _scaled(values: Sequence[Number], scale: int, way: Round) -> list[int]:
    if set(map(type, values)) == {int}:  # at once, for a million distances
        whole = cast("Sequence[int]", values)
        return list(whole) if scale == 1 else [value * scale for value in whole]
    return [v * scale if isinstance(v, int) else way(v * scale) for v in values]


def _times(raw: Raw, convention: Convention, report: RoutingReport) -> dict[str, list[int]]:
    """Columns in whole numbers; what the file does not have is without effect."""
    defaults = {"open": 0, "close": FOREVER, "service": 0, "release": 0, "prize": MUST}
    ways, columns = _rounds(convention), {}
    for name, default in defaults.items():
        if name not in raw.fields:
            columns[name] = [default] * raw.size
            continue
        values = raw.fields[name].values
        columns[name] = _scaled(values, SCALES[convention], ways[name])
        if name == "prize":
            columns[name] = [
                scaled if value else MUST
                for scaled, value in zip(columns[name], values, strict=True)
            ]
    for name in ("service", "release"):
        columns[name][0] = 0
    columns["prize"][0] = MUST
    for i, (start, end) in enumerate(zip(columns["open"], columns["close"], strict=True)):
        if start > end:
            field = raw.fields["close"]
            found = " ".join(str(raw.fields[name].values[i]) for name in ("open", "close"))
            report.note("window_order", field.rows[i], field.name, found)
    return columns


def _amounts(raw: Raw, report: RoutingReport) -> tuple[list[int], int]:
    """Amounts and capacity over one common denominator; the depot has none."""
    demand = raw.fields["demand"]
    numbers = (*demand.values, raw.capacity)
    per_one = lcm(*{n.denominator for n in numbers})
    whole = [int(number * per_one) for number in numbers]
    if sum(map(abs, whole)) > SUM_MAX:
        report.note("too_large_together", None, demand.name)
    return [0, *whole[1:-1]], whole[-1]


def _lengths(raw: Raw, convention: Convention) -> tuple[Sequence[int], Sequence[int]]:
    """Matrices of distance and, where times are rounded otherwise, duration; empty by coordinates."""
    if raw.matrix is None:
        return (), ()
    scale = SCALES[convention]
    way: Round = floor if convention is Convention.DIMACS else _nearest
    distance = array("q", _scaled(raw.matrix, scale, way))
    if convention is not Convention.SINTEF:
        return distance, ()
    upwards = array("q", _scaled(raw.matrix, scale, ceil))
    return distance, () if upwards == distance else upwards


def _countable(
    raw: Raw,
    convention: Convention,
    lengths: tuple[Sequence[int], Sequence[int]],
    columns: dict[str, list[int]],
    report: RoutingReport,
) -> bool:
    """Whether no sum over a solution can leave 64 bits, even if every visit has a trip of its own."""
    if raw.matrix is None:
        spans = [
            float(max(raw.fields[axis].values)) - float(min(raw.fields[axis].values))
            for axis in ("x", "y")
        ]
        longest = ceil(hypot(*spans) * SCALES[convention]) + 1
    else:
        longest = max(map(max, filter(len, lengths)))
    last = max(
        *columns["open"], *columns["release"], *(t for t in columns["close"] if t < FOREVER), 0
    )
    extra = last + sum(columns["service"]) + sum(prize for prize in columns["prize"] if prize > 0)
    if 2 * raw.size * longest + extra <= SUM_MAX:
        return True
    report.note("too_large_together", None, "")
    return False


def _check_loads(raw: Raw, problem: RoutingProblem, report: RoutingReport) -> None:
    """Findings on visits that fit no vehicle, and on fleets that cannot carry what they must."""
    demand, amounts = raw.fields["demand"], problem.amounts[0]
    (fleet,) = problem.vehicles
    (capacity,) = fleet.capacity
    for i in problem.visits:
        if amounts[i] > capacity:
            code = "over_capacity" if problem.prize[i] == MUST else "never_made"
            row, value = demand.rows[i], demand.values[i]
            report.note(code, row, demand.name, value, node=i, capacity=raw.capacity)
    if fleet.count is None or fleet.trips_max is None or problem.pairs or not capacity:
        return
    total = sum(amounts[i] for i in problem.visits if problem.prize[i] == MUST)
    room = fleet.count * fleet.trips_max * capacity
    if total > room:
        unit = Fraction(raw.capacity) / capacity
        report.note(
            "fleet_too_small", None, demand.name, total * unit,
            vehicles=fleet.count, room=room * unit,
        )  # fmt: skip
