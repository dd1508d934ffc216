"""The declared scenarios: register one here and every command, test and benchmark can name it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from logistics.model.errors import InvalidFact, NotFound
from scenarios.southern_tier import build as southern_tier
from scenarios.takatsuki import build as takatsuki

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Scenario:
    """A committed week folder and the seeded builder that wrote it.

    `build(folder, seed)` writes another week of the same kind; with `seed` as declared it writes
    `folder` again, byte for byte.
    """

    name: str
    folder: Path
    title_ja: str
    title_en: str
    build: Callable[[Path, int], None]
    seed: int = 1


_SCENARIOS: dict[str, Scenario] = {}


def register(scenario: Scenario) -> Scenario:
    """Declare a scenario.

    Raises:
        InvalidFact: if the name is taken.
    """
    if scenario.name in _SCENARIOS:
        raise InvalidFact(f"Scenario {scenario.name!r} is already registered")
    _SCENARIOS[scenario.name] = scenario
    return scenario


def scenario(name: str) -> Scenario:
    """The scenario of that name.

    Raises:
        NotFound: if there is none.
    """
    if name not in _SCENARIOS:
        raise NotFound(f"There is no scenario {name!r}; known are {', '.join(names())}")
    return _SCENARIOS[name]


def names() -> tuple[str, ...]:
    """The names of all scenarios, in the order in which they were declared."""
    return tuple(_SCENARIOS)


register(
    Scenario(
        name="takatsuki",
        folder=HERE / "takatsuki" / "week-2026-11-23",
        title_ja="高槻市 2026年11月23日の週(町は実在、人と寄付は架空)",
        title_en="Takatsuki, week of 2026-11-23 (real towns, invented people and gifts)",
        build=takatsuki.build,
        seed=takatsuki.SEED,
    )
)
register(
    Scenario(
        name="southern_tier",
        folder=HERE / "southern_tier" / "week",
        title_ja="ニューヨーク州サザンティアの移動パントリー70か所",
        title_en="The 70 mobile pantries of New York's Southern Tier",
        build=southern_tier.build,
        seed=southern_tier.SEED,
    )
)
