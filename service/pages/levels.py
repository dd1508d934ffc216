"""The table of levels: who stands where, what holds them, and how that is proven."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from logistics.model.plan import Cap, HeldBy, Level
from service.pages.words import PageWords, percent
from service.shown import Shown

NAMES_SHOWN = 4
HOUSEHOLDS_SHOWN = 12
GROUP_SHARE = "group_share_"
"""How capacities of a household's share of one food group are called: `group_share_dairy`."""


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
    named = _held(words, level.held_by)
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


def _held(words: PageWords, held: HeldBy) -> list[str]:
    lots = words.problem.lots
    return [
        *(words.say("held_lot", item=lots[i].item if i in lots else i, id=i) for i in held.lot_ids),
        *(words.say("held_session", id=name) for name in held.session_ids),
        *(words.say("held_vehicle", id=name) for name in held.vehicle_ids),
        *dict.fromkeys(_cap(words, cap) for cap in held.caps),
    ]


def _cap(words: PageWords, cap: Cap) -> str:
    """A capacity in words: its kind, whose it is, of what, and when."""
    kind, group = cap.kind, words.say("one_group")
    if kind.startswith(GROUP_SHARE):
        kind, group = GROUP_SHARE.rstrip("_"), words.plan_word(kind.replace(GROUP_SHARE, "group_"))
    site = words.problem.sites.get(cap.id)
    text = words.say(
        f"cap_{kind}" if words.known(f"cap_{kind}") else "cap_other",
        owner=site.name if site else cap.id,
        kind=cap.kind,
        what=words.plan_word(f"storage_{cap.storage}") if cap.storage else group,
    )
    return text if cap.day is None else words.say("on_day", what=text, day=words.day(cap.day))


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
