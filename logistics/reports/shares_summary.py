"""The result of a bare instance in a few lines for people."""

from __future__ import annotations

from fractions import Fraction

from logistics.model.plan import Status
from logistics.model.shares import ShareLevel, ShareResult, Shares
from logistics.words import listing, say

LEVELS_SHOWN = 8
NAMES_SHOWN = 4


def shares_summary(shares: Shares, result: ShareResult, language: str = "en") -> str:
    """What is given to how many, by which engine and why, and the lowest levels that are held."""
    given, served = _given(result)
    held = [level for level in result.levels if _someone_short(shares, result, level)]
    head = say(
        language,
        "shares_head",
        given=_meals(shares, given),
        wanted=_meals(shares, Fraction(sum(map(int, shares.wanted)))),
        served=served,
        households=_counted(language, len(shares.household_ids), "household"),
        lots=_counted(language, len(shares.lot_ids), "lot"),
        status=say(language, _status(result, held)),
        engine=result.engine,
        seconds=f"{result.runtime_s:.1f}",
    )
    lines = [head, say(language, "sum_levels")]
    lines += [_level(shares, result, level, language) for level in held[:LEVELS_SHOWN]]
    if len(held) > LEVELS_SHOWN:
        more = _counted(language, len(held) - LEVELS_SHOWN, "level")
        lines.append(say(language, "shares_more", levels=more))
    if len(held) < len(result.levels):
        full = _counted(language, len(result.levels) - len(held), "level")
        lines.append(say(language, "shares_full", levels=full))
    return "\n".join(lines)


def _counted(language: str, n: int, noun: str) -> str:
    """`1 lot`, `3 lots`."""
    return say(language, f"one_{noun}" if n == 1 else f"some_{noun}s", n=n)


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
    whole, rest = divmod(round(grains * 1000 / shares.grains_per_meal), 1000)
    return f"{whole}.{rest:03}".rstrip("0").rstrip(".")


def _someone_short(shares: Shares, result: ShareResult, level: ShareLevel) -> bool:
    return any(
        int(result.received[h]) < int(shares.wanted[h]) * int(result.scale[h])
        for h in level.households
    )


def _status(result: ShareResult, held: list[ShareLevel]) -> str:
    """The phrase for the status; what only a search says is not called proven."""
    searched = result.chain is None and any(level.proof is None for level in held)
    if result.status is Status.OPTIMAL and searched:
        return "shares_search"
    return f"status_{result.status}"


def _level(shares: Shares, result: ShareResult, level: ShareLevel, language: str) -> str:
    shown = range(min(NAMES_SHOWN, len(level.households)))
    households = [shares.household_ids[int(level.households[i])] for i in shown]
    named = [shares.lot_ids[lot] for lot in level.lots]
    named += [shares.capacities[position].id for position in level.capacities]
    more = len(level.households) - len(households)
    who = listing(language, households)
    if more:
        who = say(language, "and_more", shown=who, n=more)
    proven = level.upper_bound == level.level
    unnamed = say(language, "shares_no_lots" if proven else "shares_unnamed")
    return say(
        language,
        "shares_level" if proven else "shares_level_open",
        level=f"{float(level.level):6.1%}",
        bound=f"{float(level.upper_bound):.1%}",
        households=_counted(language, len(level.households), "household"),
        who=who,
        held=listing(language, named) or unnamed,
        proof=say(language, _proof(result, level)),
    )


def _proof(result: ShareResult, level: ShareLevel) -> str:
    if level.proof is not None:
        return "proof_dual"
    return "shares_search" if result.chain is None else "proof_min_cut"
