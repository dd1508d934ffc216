"""The written result of a bare instance says everything that a third party needs to judge it."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from math import lcm
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from logistics.judge.shares import verify_shares
from logistics.model.plan import Status
from logistics.model.shares import Chain, Prices, ShareLevel, ShareResult, Shares
from logistics.reports.shares_files import write_shares_folder, write_shares_result
from logistics.reports.shares_summary import shares_summary
from tests.judge.shares_cases import (
    BAKERY_CHAIN,
    BAKERY_LINES,
    TOWN_CHAIN,
    TOWN_LINES,
    TOWN_PRICES,
    bakery,
    result_of,
    town,
)

Json = dict[str, Any]
CASES = {
    "town by chain": (town(), result_of(town(), TOWN_LINES, TOWN_CHAIN)),
    "town by prices": (town(), result_of(town(), TOWN_LINES, None, TOWN_PRICES)),
    "bakery": (bakery(), result_of(bakery(), BAKERY_LINES, BAKERY_CHAIN)),
}


def written(shares: Shares, result: ShareResult, folder: Path) -> Json:
    path = folder / "made" / "result.json"
    write_shares_result(shares, result, path)
    found: Json = json.loads(path.read_text(encoding="utf-8"))
    return found


def test_the_town_as_json(tmp_path: Path) -> None:
    data = written(*CASES["town by chain"], tmp_path)
    assert list(data)[:3] == ["format", "status", "engine"]
    assert data["format"] == "osusowake.shares.result/1"
    assert data["status"] == "optimal"
    assert data["levels"][1] == {
        "level": "2/5",
        "household_ids": ["b", "c", "e"],
        "held_by": {"lot_ids": ["bread", "rice"], "capacity_ids": [], "wanted": False},
        "upper_bound": "2/5",
    }
    assert data["levels"][2]["held_by"]["capacity_ids"] == ["C1"]
    assert "g" not in data["level"]  # wants nothing and never did
    assert data["level"]["h"] == "1/4"
    assert data["received"] == {
        "a": "2", "b": "6/5", "c": "16/5", "d": "2", "e": "8/5", "f": "2", "h": "0",
    }  # fmt: skip
    assert ["a", "bread", "4"] in data["lines"]  # units: four halves
    assert ["c", "rice", "16/5"] in data["lines"]
    assert data["certificate"]["chain"] == {
        "steps": 3,
        "household_step": {"a": 0, "b": 1, "c": 1, "d": 2, "e": 1},
        "lot_steps": {"bread": [0, 3], "rice": [1, 3]},
        "capacity_steps": {"C1": [2, 3]},
    }


def read_back(shares: Shares, data: Json) -> ShareResult:
    """The result again, from nothing but the instance and the file."""
    households = {name: i for i, name in enumerate(shares.household_ids)}
    lots = {name: i for i, name in enumerate(shares.lot_ids)}
    capacities = {capacity.id: i for i, capacity in enumerate(shares.capacities)}
    received = [
        Fraction(data["received"].get(name, 0)) * shares.grains_per_meal for name in households
    ]
    lines = [
        (households[h], lots[lot], Fraction(units) * shares.unit_grains[lots[lot]])
        for h, lot, units in data["lines"]
    ]
    scale = [
        lcm(received[i].denominator, *(x.denominator for h, _, x in lines if h == i))
        for i in range(len(households))
    ]
    chain, steps = data["certificate"]["chain"], 0
    spans: dict[str, Any] = {}
    if chain:
        steps = chain["steps"]
        for key, names in (("lot_steps", lots), ("capacity_steps", capacities)):
            spans[key] = [chain[key].get(name, [steps, steps]) for name in names]
    prices = {each["level"]: each for each in data["certificate"]["prices"]}
    known = {"households": households, "lots": lots, "capacities": capacities}
    return ShareResult(
        status=Status(data["status"]),
        engine=data["engine"],
        received=[int(r * s) for r, s in zip(received, scale, strict=True)],
        scale=scale,
        line_household=[h for h, _, _ in lines],
        line_lot=[lot for _, lot, _ in lines],
        line_amount=[int(x * scale[h]) for h, _, x in lines],
        levels=tuple(
            ShareLevel(
                level=Fraction(level["level"]),
                households=[households[name] for name in level["household_ids"]],
                lots=tuple(lots[name] for name in level["held_by"]["lot_ids"]),
                capacities=tuple(capacities[name] for name in level["held_by"]["capacity_ids"]),
                wanted=level["held_by"]["wanted"],
                upper_bound=Fraction(level["upper_bound"]),
                proof=Prices(
                    *(
                        {names[name]: n for name, n in prices[position][kind].items()}
                        for kind, names in known.items()
                    )
                )
                if position in prices
                else None,
            )
            for position, level in enumerate(data["levels"])
        ),
        chain=Chain(
            steps,
            [chain["household_step"].get(name, steps) for name in households],
            *(
                [span[end] for span in spans[key]]
                for key in ("lot_steps", "capacity_steps")
                for end in (0, 1)
            ),
        )
        if chain
        else None,
    )


@pytest.mark.parametrize("case", CASES)
def test_a_third_party_can_judge_the_file(case: str, tmp_path: Path) -> None:
    shares, result = CASES[case]
    data = written(shares, result, tmp_path)
    assert verify_shares(shares, read_back(shares, data)) == []
    data["received"]["a"] = "1"
    assert verify_shares(shares, read_back(shares, data)) != []


@pytest.mark.parametrize("case", CASES)
def test_folder_and_file_say_the_same(case: str, tmp_path: Path) -> None:
    shares, result = CASES[case]
    data = written(shares, result, tmp_path)
    paths = write_shares_folder(shares, result, tmp_path / "out")
    assert all(path.is_file() for path in paths)
    tables = {path.name: pq.read_table(path).to_pylist() for path in paths[1:]}
    lines = [[row["household_id"], row["lot_id"], row["units"]] for row in tables["lines.parquet"]]
    assert lines == data["lines"]
    rows = tables["households.parquet"]
    assert {row["household_id"]: row["level"] for row in rows} == data["level"]
    assert {row["household_id"]: row["received"] for row in rows} == data["received"]
    levels = json.loads(paths[0].read_text(encoding="utf-8"))
    for brief, level in zip(levels["levels"], data["levels"], strict=True):
        assert brief.pop("households") == len(level.pop("household_ids"))
        assert brief == level
    chain = data["certificate"]["chain"]
    assert levels["chain_steps"] == (chain and chain["steps"])
    certificate = tables["certificate.parquet"]
    steps = {row["id"]: row["first"] for row in certificate if row["kind"] == "household"}
    if chain:
        assert steps == chain["household_step"]
        spans = {r["id"]: [r["first"], r["until"]] for r in certificate if r["kind"] == "lot"}
        assert spans == chain["lot_steps"]
    else:
        prices = {
            (row["level"], row["id"]): int(row["price"])
            for row in certificate
            if row["kind"] == "lot"
        }
        assert prices == {
            (each["level"], name): price
            for each in data["certificate"]["prices"]
            for name, price in each["lots"].items()
        }


def test_numbers_beyond_64_bits_are_written_exactly(tmp_path: Path) -> None:
    shares, result = CASES["town by chain"]
    scale = [s * 2**80 for s in result.scale]
    finer = replace(
        result,
        scale=scale,
        received=[r * 2**80 for r in result.received],
        line_amount=[x * 2**80 for x in result.line_amount],
    )
    assert written(shares, finer, tmp_path) == written(shares, result, tmp_path)


def test_the_summary_names_levels_and_what_holds_them() -> None:
    """2 + 6 + 2 + 2 = 12 meals of the wished 8 + 4 + 8 + 3 + 4 + 2 = 29."""
    shares, result = CASES["town by chain"]
    english, japanese = (shares_summary(shares, result, language) for language in ("en", "ja"))
    assert english.startswith("12 of 29 meals for 6 of 8 households from 3 lots.")
    assert "  1 level at which all have what they want" in english
    assert "8世帯中6世帯へ、希望29食のうち12食" in japanese
    for text in (english, japanese):
        assert "40.0%" in text
        assert "rice" in text
        assert "C1" in text


def alone(units: int, grains: int = 1) -> tuple[Shares, ShareResult]:
    """One household that wants 47 meals, and one lot of so many grains."""
    shares = replace(
        bakery(),
        integer=False,
        grains_per_meal=grains,
        household_ids=["a"],
        wanted=[47 * grains],
        past_wanted=[0],
        past_received=[0],
        weight=[1],
        class_of=[0],
        supply=[units],
        pack=[1],
    )
    return shares, result_of(shares, [(0, 0, Fraction(units))], Chain(1, [0], [0], [1], [], []))


@pytest.mark.parametrize(
    ("units", "grains", "meals"),
    [
        (9_999_999, 1_000_000, "10"),
        (10, 1, "10"),
        (1, 1_000_000, "0"),
        (1, 8, "0.125"),
        (1, 3, "0.333"),
        (100, 10, "10"),
        (10**120 + 1, 10**119, "10"),
    ],
)
def test_meals_are_told_to_a_thousandth(units: int, grains: int, meals: str) -> None:
    assert shares_summary(*alone(units, grains)).startswith(f"{meals} of 47 meals for 1 of 1 hou")


def test_one_is_one_in_the_summary() -> None:
    english, japanese = (shares_summary(*alone(1), language) for language in ("en", "ja"))
    assert "for 1 of 1 household from 1 lot." in english
    assert "   2.1%  1 household (a): rice [minimum cut]" in english
    assert "1世帯中1世帯へ、希望47食のうち1食（1ロット）" in japanese


def test_what_a_search_says_is_not_called_proven() -> None:
    """Packs of 2 and 3 meals, in a plan that no single pack betters."""
    shares = replace(
        bakery(), lot_ids=["rice", "oats"], supply=[6, 3], unit_grains=[1, 1], pack=[2, 3],
        class_lots=[(0, 1)],
    )  # fmt: skip
    result = result_of(shares, [(0, 0, Fraction(2)), (1, 0, Fraction(4)), (2, 1, Fraction(3))])
    assert verify_shares(shares, result) == []
    english, japanese = (shares_summary(shares, result, language) for language in ("en", "ja"))
    assert "Fairness: claimed by search, not certified." in english
    assert "66.7%  1 household (a): rice, oats [claimed by search, not certified]" in english
    assert "proven" not in english
    assert "公平さ：探索による主張で、証明書はなし。" in japanese


def test_a_level_that_is_not_proven_may_not_know_what_holds_it() -> None:
    shares, result = CASES["town by chain"]
    levels = tuple(
        replace(level, lots=(), capacities=(), upper_bound=Fraction(1)) for level in result.levels
    )
    stated = replace(result, status=Status.TIME_LIMIT, chain=None, levels=levels)
    english, japanese = (shares_summary(shares, stated, language) for language in ("en", "ja"))
    assert "25.0%  (at most 100.0%, stated, not proven)  2 households (a, h): not known" in english
    assert "Fairness: stopped by the time limit." in english
    assert "抑えているものは不明" in japanese
