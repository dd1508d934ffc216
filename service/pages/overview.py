"""The head of the page: the numbers of the week, the judge's word, stages, leftovers, runs."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from logistics.judge import CODES
from logistics.model.errors import Finding
from logistics.model.plan import Fate, Stage
from logistics.model.units import WEEK_DAYS
from service.pages.words import PageWords, kilos, meals_text, percent
from service.shown import Shown

FINDINGS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Tile:
    """A headline number: what, how much in which unit, beside what; `share` fills a bar to 100."""

    label: str
    value: str
    note: str
    share: float | None = None
    unit: str = ""
    is_text: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judge's word and the first of its findings."""

    accepted: bool
    text: str
    findings: tuple[str, ...]
    more: str


@dataclass(frozen=True, slots=True)
class StageRow:
    """One optimisation."""

    name: str
    status: str
    objective: str
    bound: str
    gap: str
    time: str
    is_proven: bool


@dataclass(frozen=True, slots=True)
class LeftoverRow:
    """A lot with units that nobody gets."""

    lot: str
    site: str
    units: int
    kg: str
    fate: str
    fate_code: str


def tiles(shown: Shown, words: PageWords) -> tuple[Tile, ...]:
    """The headline numbers in the order in which a coordinator asks for them."""
    metrics, allocation = shown.plan.metrics, shown.plan.allocation
    share = metrics.meals_given / metrics.meals_wanted if metrics.meals_wanted else Fraction(1)
    levels = [fill.level for fill in allocation.fill]
    households = len(shown.problem.households)
    return (
        Tile(
            words.say("tile_meals"),
            meals_text(metrics.meals_given),
            words.say("tile_meals_note", wanted=metrics.meals_wanted, share=percent(share)),
            round(100 * float(share), 1),
        ),
        Tile(
            words.say("tile_served"),
            str(metrics.households_served),
            words.say("tile_served_note", n=households, short=len(allocation.unmet)),
            round(100 * metrics.households_served / max(households, 1), 1),
        ),
        Tile(
            words.say("tile_lowest"),
            percent(min(levels)) if levels else "–",
            words.say(
                "tile_lowest_note",
                least=percent(metrics.fill_min),
                mean=percent(metrics.fill_mean),
            )
            if levels
            else words.say("tile_lowest_none"),
            round(100 * float(min(min(levels), Fraction(1))), 1) if levels else None,
        ),
        Tile(
            words.say("tile_waste"),
            f"{metrics.waste_kg:,.1f}",
            words.say("tile_waste_note" if metrics.waste_kg else "tile_waste_zero"),
            unit="kg",
        ),
        Tile(
            words.say("tile_driving"),
            f"{metrics.metres / 1000:,.1f}",
            words.say(
                "tile_driving_note",
                hours=f"{metrics.vehicle_seconds / 3600:,.1f}",
                routes=len(shown.plan.routes),
            )
            if shown.plan.routes
            else words.say("tile_driving_none"),
            unit="km",
        ),
        Tile(
            words.say("tile_fairness"),
            words.say(f"status_{allocation.status}"),
            words.say("tile_fairness_note"),
            is_text=True,
        ),
    )


def verdict(shown: Shown, words: PageWords) -> Verdict:
    """Whether the plan may be used."""
    found = shown.verdict
    if not found:
        return Verdict(True, words.say("accepted"), (), "")
    hidden = len(found) - FINDINGS_SHOWN
    return Verdict(
        False,
        words.say("refused", n=len(found)),
        tuple(_finding(words, finding) for finding in found[:FINDINGS_SHOWN]),
        words.say("refused_more", n=hidden) if hidden > 0 else "",
    )


def _finding(words: PageWords, finding: Finding) -> str:
    """A finding with the meaning of its code; its own text is English."""
    code = CODES[finding.code]
    return f"{code.ja if words.language == 'ja' else code.en} ({finding.message})"


def stages(shown: Shown, words: PageWords) -> tuple[StageRow, ...]:
    """How good each stage provably is."""
    return tuple(
        StageRow(
            name=_stage_name(words, stage),
            status=words.say(f"status_{stage.status}"),
            objective=_number(stage.objective),
            bound=_number(stage.bound),
            gap="–" if stage.gap is None else f"{stage.gap:.1%}",
            time=words.say("seconds", n=f"{stage.runtime_s:.1f}"),
            is_proven=stage.status == "optimal",
        )
        for stage in shown.plan.stages
    )


def _stage_name(words: PageWords, stage: Stage) -> str:
    """The stage's name in words where there are some; `routes 2` is the routing of day 2."""
    name, _, day = stage.name.partition(" ")
    if words.known(f"{name}_on") and day in map(str, range(WEEK_DAYS)):
        return words.say(f"{name}_on", day=words.day(int(day)))
    return words.say(f"stage_{stage.name}") if words.known(f"stage_{stage.name}") else stage.name


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:,.1f}".removesuffix(".0")


def leftovers(shown: Shown, words: PageWords) -> tuple[LeftoverRow, ...]:
    """What nobody gets: what expires first, then what is not collected, then what keeps."""
    order = (Fate.EXPIRES, Fate.DECLINED, Fate.KEEP)
    problem = shown.problem
    return tuple(
        LeftoverRow(
            lot=f"{problem.lots[left.lot_id].item} ({left.lot_id})",
            site=problem.sites[left.site_id].name,
            units=left.units,
            kg=kilos(left.units * problem.lots[left.lot_id].unit_g),
            fate=words.say(f"fate_{left.fate}"),
            fate_code=str(left.fate),
        )
        for left in sorted(
            shown.plan.allocation.leftover, key=lambda left: (order.index(left.fate), left.lot_id)
        )
    )


def runs(shown: Shown, words: PageWords) -> tuple[tuple[str, float], ...]:
    """Hot-meal runs beside the cooked meals given on their day, in words and as a share of 100."""
    rows = []
    for run in shown.problem.runs:
        given = sum(
            (
                shown.problem.lots[line.lot_id].unit_meals * line.units
                for line in shown.plan.allocation.lines
                if line.day == run.day and shown.problem.lots[line.lot_id].is_cooked
            ),
            start=Fraction(0),
        )
        text = words.say(
            "run_line",
            id=run.id,
            day=words.day(run.day),
            site=shown.problem.sites[run.site_id].name,
            given=meals_text(given),
            meals=run.meals,
        )
        rows.append((text, round(min(100.0, 100 * float(given) / max(run.meals, 1)), 1)))
    return tuple(rows)
