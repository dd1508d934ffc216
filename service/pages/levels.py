"""The table of levels: who stands where, what holds them, and how that is proven."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from logistics.model.plan import Level
from logistics.words.held import held_in_words
from service.pages.words import PageWords, percent
from service.shown import Shown

NAMES_SHOWN = 4
HOUSEHOLDS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class LevelRow:
    """Households at one level: who they are, what is scarce, the proof or else the bound."""

    level: str
    width: float
    households: str
    held: str
    proof: str


@dataclass(frozen=True, slots=True)
class CutRow:
    """Something that could not be driven."""

    names: str
    why: str
    proof: str


def level_rows(shown: Shown, words: PageWords) -> tuple[LevelRow, ...]:
    """The levels over the weeks, from the lowest up."""
    wanting = {entry.household_id for entry in shown.plan.allocation.unmet}
    return tuple(
        _row(words, level, any(name in wanting for name in level.household_ids))
        for level in shown.plan.allocation.levels
        if level.stage == "level"
    )


def _row(words: PageWords, level: Level, is_short: bool) -> LevelRow:
    held = level.held_by
    is_held = held.lot_ids or held.session_ids or held.vehicle_ids or held.caps
    named = held_in_words(words.language, level, words.problem) if is_held else []
    nothing = words.say("held_unknown" if is_short else "held_wish")
    return LevelRow(
        level=percent(level.level),
        width=round(100 * float(min(level.level, Fraction(1))), 1),
        households=words.listing(level.household_ids, most=HOUSEHOLDS_SHOWN),
        held=words.listing(named, most=NAMES_SHOWN) if named else nothing,
        proof=_proof(words, level),
    )


def _proof(words: PageWords, level: Level) -> str:
    """The kind of proof; a level below its bound is not proven, so the bound is told."""
    if level.upper_bound != level.level:
        return words.say("at_most", bound=percent(level.upper_bound))
    known = words.known(f"proof_{level.proof}")
    return words.say(f"proof_{level.proof}") if known else level.proof


def cut_rows(shown: Shown, words: PageWords) -> tuple[CutRow, ...]:
    """What routing could not drive and allocation had to respect."""
    return tuple(
        CutRow(
            names=" ".join(cut.ids),
            why=cut.why,
            proof=words.say("cut_proven" if cut.proven else "cut_unproven"),
        )
        for cut in shown.plan.allocation.cuts
    )
