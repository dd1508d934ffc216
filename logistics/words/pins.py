"""The price of pins in words."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from logistics.words import say

SHOWN = 12
"""Households named for one price at most; `--json` has all."""


def price_lines(language: str, price: Mapping[str, Any]) -> list[str]:
    """Which pins, what they change in all, who loses and who gains, and whether that is proven."""
    pins = price["pins"]
    if len(pins) > 1:
        lines = [say(language, "pin_together", n=len(pins))]
    else:
        lines = [say(language, "pin_head", pins=pins[0])]
    if not price["possible"]:
        return [*lines, say(language, "pin_impossible")]
    proof = say(language, "pin_proven" if price["proven"] else "pin_found")
    meals = f"{float(Fraction(price['meals'])):+g}"
    lines.append(
        say(language, "pin_meals", meals=meals, kg=f"{price['expires_kg']:+.1f}", proof=proof)
    )
    driving = price.get("driving")
    if driving is not None:
        km, hours = driving["metres"] / 1000, driving["vehicle_seconds"] / 3600
        lines.append(say(language, "pin_driving", km=f"{km:+.1f}", hours=f"{hours:+.1f}"))
    if not price["lose"] and not price["gain"]:
        lines.append(say(language, "pin_free" if price["proven"] else "pin_no_cost"))
    for key in ("lose", "gain"):
        lines += [
            say(
                language,
                f"pin_{key}",
                household=change["household_id"],
                before=change["meals"][0],
                after=change["meals"][1],
                low=_percent(change["level"][0]),
                high=_percent(change["level"][1]),
            )
            for change in price[key][:SHOWN]
        ]
        if len(price[key]) > SHOWN:
            lines.append("  " + say(language, "and_more", shown="...", n=len(price[key]) - SHOWN))
    return lines


def _percent(level: int | str) -> str:
    return f"{float(Fraction(level)):.1%}"
