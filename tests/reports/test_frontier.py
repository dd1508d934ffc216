"""The frontier's numbers, its table in both languages and its sentence."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from logistics.model.units import SiteKind
from logistics.reports.frontier import Point, point_of, price, record, table
from logistics.reports.frontier_plot import draw
from logistics.week import Limits, frontier
from tests import weeks
from tests.weeks import at


def points() -> list[Point]:
    """A wants 4 at the hub: 3 are there, 4 are offered by a donor half an hour away."""
    problem = weeks.week(
        [weeks.lot("near", 3), weeks.lot("far", 4, site_id="FAR")],
        [weeks.household("A", 4)],
        sites=[weeks.site("FAR", SiteKind.DONOR)],
        vehicles={"V1": weeks.van()},
        shifts=(weeks.shift(at(0, 9), at(0, 17)),),
        legs=weeks.road({"HUB": 0, "FAR": 30, "A": 0}),
    )
    results = list(frontier(problem, [Fraction(1, 4)], Limits(4.0)))
    return [point_of(one.slack, one.plan, results[0].plan) for one in results]


def test_what_a_slack_gives_up_and_saves() -> None:
    # One call less, 2 x 30 x 350 m = 21 km less, one meal of four less.
    fairest, loose = points()
    assert (fairest.metres, fairest.calls, fairest.fallen) == (21_000, 1, 0)
    assert (loose.metres, loose.calls, loose.fallen) == (0, 0, 1)
    assert [loose.meals_given, loose.meals_given_up] == [Fraction(3), Fraction(1)]
    assert [loose.level_min, loose.fall_max] == [Fraction(3, 4), Fraction(1, 4)]
    assert record(loose)["level_min"] == 0.75


def test_the_table_and_the_price_in_both_languages() -> None:
    fairest, loose = points()
    english = table([fairest, loose], "en").splitlines()
    assert english[0].split()[:3] == ["slack", "lowest", "level"]
    assert english[2].split()[:4] == ["25.0%", "75.0%", "75.0%", "3"]
    assert len({len(line) for line in english}) == 1
    assert "最低の水準" in table([fairest, loose], "ja")
    said = price(loose, fairest, "en")
    assert "meals given up: 1 (households: 1;" in said
    assert "from 100.0% to 75.0%" in said
    assert said.endswith("0.0 kg of waste and 21.0 km.")
    assert "21.0km" in price(loose, fairest, "ja")


def test_a_slack_that_brings_nothing_says_so() -> None:
    fairest, _ = points()
    assert price(fairest, fairest, "en").endswith("the fairest plan stays.")
    assert price(fairest, fairest, "ja").endswith("ままです。")


def test_the_picture_is_the_same_twice(tmp_path: Path) -> None:
    found = points()
    first = draw(found, "題", tmp_path / "a", "ja")
    second = draw(found, "題", tmp_path / "b", "ja")
    assert [path.name for path in first] == ["frontier.png", "frontier.svg"]
    assert first[1].read_bytes() == second[1].read_bytes()
