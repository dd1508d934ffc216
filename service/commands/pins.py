"""`pins`: what the coordinator's pins cost, and who pays."""

from __future__ import annotations

from pathlib import Path

import click

from logistics.model.plan import Status
from logistics.model.problem import Pin, WeekProblem
from logistics.model.units import PinKind
from service.commands.advice import allocated, seconds_option
from service.commands.common import (
    FILE,
    FOLDER,
    Language,
    json_option,
    print_json,
    travel_or_stop,
)
from service.commands.plan import language_option, seed_option

FIELDS = ("kind", "household_id", "lot_id", "session_id", "vehicle_id", "units")


@click.command()
@click.argument("folder", type=FOLDER)
@click.argument("plan_file", metavar="[PLAN.json]", type=FILE, required=False)
@click.option(
    "--pin",
    "rows",
    multiple=True,
    metavar="ROW",
    help="a pin to try, as a row of pins.csv: kind,household,lot,session,vehicle,units",
)
@click.option("--routes", is_flag=True, help="route both weeks, too, and compare the driving")
@seconds_option
@seed_option
@json_option
@language_option
def pins(
    folder: Path,
    plan_file: Path | None,
    rows: tuple[str, ...],
    routes: bool,
    seconds: float,
    seed: int,
    as_json: bool,
    language: Language,
) -> None:
    """What each pin of pins.csv costs and who pays for it; with --pin, what a new one would cost.

    Names households: for use inside the network only. Several pins are priced one by one and together.
    """
    from logistics.solver.advise import what_if_of
    from logistics.solver.allocation.advice.pin_price import price_of
    from logistics.solver.allocation.effort import Effort
    from logistics.words import say
    from logistics.words.pins import price_lines

    with travel_or_stop(as_json, language):
        problem, allocation = allocated(folder, plan_file, as_json, seconds, seed, language)
        asked = [pin_of(row, problem) for row in rows] or list(problem.pins)
        groups = [(pin,) for pin in asked] + ([tuple(asked)] if len(asked) > 1 else [])
        proven = allocation.status is Status.OPTIMAL
        effort = Effort.FULL if proven else Effort.QUICK
        what_if = what_if_of(problem, allocation, seconds=seconds, seed=seed, effort=effort)
        found: list[dict[str, object]] = []
        for group in groups:
            if what_if.late():
                click.echo(say(language, "pin_late", n=len(groups) - len(found)), err=True)
                break
            entry = price_of(what_if, group).plain()
            if routes:
                entry["driving"] = _driving(problem, group, seconds / len(groups), seed)
            found.append(entry)
            if not as_json:
                click.echo("\n".join(price_lines(language, entry)))
    if as_json:
        print_json({"ok": True, "prices": found})
    elif not groups:
        click.echo(say(language, "pin_none"))


def _driving(
    problem: WeekProblem, group: tuple[Pin, ...], seconds: float, seed: int
) -> dict[str, int]:
    """Metres and vehicle seconds more with the pins, both weeks routed with the same effort."""
    from dataclasses import replace

    from logistics.solver.planner import plan
    from logistics.solver.rounds import Limits

    limits = Limits(max(2.0, seconds / 4), seed, quick=True)
    free = replace(problem, pins=tuple(pin for pin in problem.pins if pin not in group))
    held = replace(free, pins=(*free.pins, *group))
    without, with_pins = (plan(week, limits).plan.metrics for week in (free, held))
    return {
        "metres": with_pins.metres - without.metres,
        "vehicle_seconds": with_pins.vehicle_seconds - without.vehicle_seconds,
    }


def pin_of(row: str, problem: WeekProblem) -> Pin:
    """A pin from a row of pins.csv; trailing commas may be left out.

    Raises:
        UsageError: if it cannot be read, names what the week lacks, or fixes no number.
    """
    cells = [cell.strip() for cell in row.split(",")]
    if len(cells) > len(FIELDS):
        raise click.UsageError(
            f"--pin {row!r}: expected at most {len(FIELDS)} cells: {', '.join(FIELDS)}"
        )
    given = dict(zip(FIELDS, cells + [""] * (len(FIELDS) - len(cells)), strict=True))
    kinds = [str(kind) for kind in PinKind]
    if given["kind"] not in kinds:
        raise click.UsageError(f"--pin {row!r}: kind must be one of {', '.join(kinds)}")
    known = {
        "household_id": problem.households,
        "lot_id": problem.lots,
        "session_id": problem.sessions,
        "vehicle_id": problem.vehicles,
    }
    for field, things in known.items():
        if given[field] and given[field] not in things:
            raise click.UsageError(f"--pin {row!r}: there is no {field} {given[field]!r} this week")
    if not any(given[field] for field in known):
        raise click.UsageError(f"--pin {row!r}: name a household, a lot, a session or a vehicle")
    if given["kind"] != PinKind.FORBID and not given["units"].isdecimal():
        raise click.UsageError(f"--pin {row!r}: {given['kind']} needs a number of units")
    units = int(given["units"]) if given["units"].isdecimal() else None
    household_id, lot_id, session_id, vehicle_id = (given[field] for field in known)
    return Pin(PinKind(given["kind"]), household_id, lot_id, session_id, vehicle_id, units)
