"""How little must a week change? `python -m benchmarks.replan [--seconds S] [--plan-seconds S]`.

Plans the bundled Takatsuki week, lets one thing go wrong at a time, and plans the rest anew: seconds
(judge included), stops that stay as they were, units that move, phone calls.
"""

from __future__ import annotations

import argparse
import os
import platform
from time import perf_counter

from logistics.intake import read_week
from logistics.model.events import Event, EventKind
from logistics.model.units import DAY_S, HOUR_S
from logistics.reports.changes import changes_of
from logistics.week import Limits, plan_week, replan_week
from scenarios.registry import scenario

TUE, WED, THU, FRI, SAT = (day * DAY_S for day in range(1, 6))
NINE = 9 * HOUR_S


def cases() -> dict[str, tuple[Event, ...]]:
    """What happens, one thing at a time."""
    ill, broken, changed = EventKind.DRIVER_ILL, EventKind.CAR_BROKEN, EventKind.SHIFT_CHANGED
    shift = Event(changed, WED + NINE, "V1", since_s=WED + NINE, until_s=WED + 16 * HOUR_S)
    return {
        "driver of Wednesday ill, nobody else": (Event(ill, WED + NINE, "V3"),),
        "the same, V1 drives 09:00-16:00 instead": (
            Event(ill, WED + NINE, "V3"),
            shift,
        ),
        "V1 breaks down on Thursday 12:00, goods at the hub by 12:40": (
            Event(
                broken,
                THU + 12 * HOUR_S + 2400,
                "V1",
                since_s=THU + 12 * HOUR_S,
                until_s=FRI,
                site_id="HUB",
            ),
        ),
        "lunch boxes of Thursday an hour late": (
            Event(EventKind.LOT_LATE, THU + NINE, lot_id="L01", since_s=THU + 16 * HOUR_S),
        ),
        "bread of Tuesday spoilt on Wednesday": (
            Event(EventKind.LOT_SPOILT, WED + NINE, lot_id="L11"),
        ),
        "session S3 closed, known on Wednesday": (
            Event(EventKind.SESSION_CLOSED, WED + NINE, session_id="S3"),
        ),
        "a household of Thursday cancels": (
            Event(EventKind.HOUSEHOLD_CANCELLED, WED + NINE, household_id="H55"),
        ),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--plan-seconds", type=float, default=12.0)
    arguments = parser.parse_args()
    problem, findings = read_week(scenario("takatsuki").folder)
    if problem is None:
        raise SystemExit("\n".join(finding.text() for finding in findings))
    published = plan_week(problem, Limits(arguments.plan_seconds, 1))
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, "
        f"Python {platform.python_version()}, limit {arguments.seconds:g} s"
    )
    print("| happened | seconds | stops as they were | moved, added, gone | units | calls |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name, events in cases().items():
        begun = perf_counter()
        limits = Limits(arguments.seconds, 1)
        result = replan_week(problem, published.plan, published.travel, events, limits=limits)
        seconds = perf_counter() - begun
        if result.plan is None or result.findings:
            print(f"| {name} | {seconds:.1f} | refused: {result.findings[0].text()} |")
            continue
        changes = changes_of(problem, published.plan, result.week, result.plan)
        c = changes.counts
        calls = sum(change.phone for change in changes.changes)
        print(
            f"| {name} | {seconds:.1f} | {c.stops_kept} of {c.stops} ({c.share_kept:.0%}) | "
            f"{c.stops_moved}, {c.stops_added}, {c.stops_removed} | {c.units_changed} | {calls} |"
        )


if __name__ == "__main__":
    main()
