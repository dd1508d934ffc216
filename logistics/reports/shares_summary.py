"""The result of a bare instance in a few lines for people."""

from __future__ import annotations

from fractions import Fraction

from logistics.model.shares import ShareLevel, ShareResult, Shares
from logistics.words import listing, say

LEVELS_SHOWN = 8
NAMES_SHOWN = 4


def shares_summary(shares: Shares, result: ShareResult, language: str = "en") -> str:
    """What is given to how many, by which engine and why, and the lowest levels that are held."""
    given, served = _given(result)
    head = say(
        language,
        "shares_head",
        given=_meals(shares, given),
        wanted=_meals(shares, Fraction(sum(map(int, shares.wanted)))),
        served=served,
        households=len(shares.household_ids),
        lots=len(shares.lot_ids),
        status=say(language, f"status_{result.status}"),
        engine=result.engine,
        seconds=f"{result.runtime_s:.1f}",
    )
    lines = [head, say(language, "sum_levels")]
    held = [lv for lv in result.levels if lv.lots or lv.capacities or not lv.wanted]
    lines += [_level(shares, result, level, language) for level in held[:LEVELS_SHOWN]]
    if len(held) > LEVELS_SHOWN:
        lines.append(say(language, "sum_more_levels", n=len(held) - LEVELS_SHOWN))
    if len(held) < len(result.levels):
        lines.append(say(language, "shares_full", n=len(result.levels) - len(held)))
    return "\n".join(lines)


def _given(result: ShareResult) -> tuple[Fraction, int]:
    """Grains received in all, and by how many."""
    parts: dict[int, int] = {}
    served = 0
    for received, scale in zip(result.received, result.scale, strict=True):
        parts[int(scale)] = parts.get(int(scale), 0) + int(received)
        served += received > 0
    return sum((Fraction(amount, scale) for scale, amount in parts.items()), Fraction(0)), served


def _meals(shares: Shares, grains: Fraction) -> str:
    """Grains in meals, to a thousandth: the sum of many shares may be no short decimal."""
    meals = grains / shares.grains_per_meal
    return str(meals) if meals.denominator == 1 else f"{float(meals):.3f}".rstrip("0")


def _level(shares: Shares, result: ShareResult, level: ShareLevel, language: str) -> str:
    shown = range(min(NAMES_SHOWN, len(level.households)))
    households = [shares.household_ids[int(level.households[i])] for i in shown]
    named = [shares.lot_ids[lot] for lot in level.lots]
    named += [shares.capacities[position].id for position in level.capacities]
    more = len(level.households) - len(households)
    who = listing(language, households)
    if more:
        who = say(language, "and_more", shown=who, n=more)
    return say(
        language,
        "sum_level" if level.upper_bound == level.level else "sum_level_open",
        level=f"{float(level.level):6.1%}",
        bound=f"{float(level.upper_bound):.1%}",
        n=len(level.households),
        who=who,
        held=listing(language, named) or say(language, "shares_no_lots"),
        proof=say(language, _proof(result, level)),
    )


def _proof(result: ShareResult, level: ShareLevel) -> str:
    if level.proof is not None:
        return "proof_dual"
    return "proof_search" if result.chain is None else "proof_min_cut"
