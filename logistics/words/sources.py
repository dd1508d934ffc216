"""Where a plan's distances and times come from, in words: estimated, or along which roads."""

from __future__ import annotations

from logistics.model.plan import TravelSource
from logistics.model.travel import ENGINES
from logistics.words import say

ROADS = ("graph", "osrm")
"""Engines whose legs follow roads."""


def source_in_words(language: str, source: TravelSource) -> str:
    """One line; an engine that has no words gives its name, as the plan has it."""
    engine, _, given = source.engine.partition("+")
    if source.engine == "travel.csv":
        return say(language, "legs_from_given")
    if engine not in ENGINES:
        return source.engine
    told = say(language, f"legs_from_{engine}", detail=source.detail or "?")
    return say(language, "legs_from_and_given", source=told) if given else told


def is_by_road(source: TravelSource) -> bool:
    """Whether the engine follows roads; an estimate, or an engine without a name, does not."""
    return source.engine.partition("+")[0] in ROADS
