"""Where a plan's distances and times come from, in words: estimated, or along which roads."""

from __future__ import annotations

from logistics.model.plan import TravelSource
from logistics.words import catalogue, say

ROADS = ("graph", "osrm")
"""Engines whose legs follow roads."""


def source_in_words(language: str, source: TravelSource) -> str:
    """One line; an engine that has no words gives its name, as the plan has it."""
    engine, _, given = source.engine.partition("+")
    if source.engine == "travel.csv":
        return say(language, "travel_given")
    if f"travel_{engine}" not in catalogue(language):
        return source.engine
    told = say(language, f"travel_{engine}", detail=source.detail or "?")
    return say(language, "travel_and_given", source=told) if given else told


def is_by_road(source: TravelSource) -> bool:
    """Whether the engine follows roads; an estimate, or an engine without a name, does not."""
    return source.engine.partition("+")[0] in ROADS
