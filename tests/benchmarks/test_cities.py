"""Generated cities: the same seed makes the same city, and files carry it unchanged."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.cities import (
    SUPPLY,
    Caps,
    City,
    city,
    load_arrays,
    pairs,
    save_arrays,
    write_folder,
)
from logistics.intake.shares import read_shares
from logistics.model.shares import Shares
from logistics.solver.shares import solve

RICH = City(300, seed=4, history=True)


def plain(shares: Shares) -> dict[str, object]:
    """All of an instance as lists."""
    columns = {field.name: getattr(shares, field.name) for field in fields(shares)}
    return {
        name: column.tolist() if isinstance(column, np.ndarray) else column
        for name, column in columns.items()
    }


@pytest.mark.parametrize("caps", list(Caps))
def test_the_same_arguments_make_the_same_city(caps: Caps) -> None:
    wish = replace(RICH, caps=caps)
    assert plain(city(wish)) == plain(city(wish))
    assert plain(city(wish)) != plain(city(replace(wish, seed=5)))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_food_is_scarce_by_the_share_that_is_said(seed: int) -> None:
    shares = city(City(1_000, seed=seed))
    assert abs(sum(shares.supply) / sum(shares.wanted) - SUPPLY) < 0.01


def test_everybody_may_have_something_and_not_all_the_same() -> None:
    shares = city(City(1_000))
    assert min(map(len, shares.class_lots)) >= 1
    assert len(set(shares.class_lots)) > 100
    assert len(solve(shares).levels) > 5


def test_history_and_weights_are_for_a_part() -> None:
    shares = city(RICH)
    assert 0 < sum(past > 0 for past in shares.past_wanted) < len(shares.household_ids)
    assert {weight / shares.weight_scale for weight in shares.weight} == {0.8, 1.0, 1.25}
    assert all(
        got <= past for got, past in zip(shares.past_received, shares.past_wanted, strict=True)
    )
    assert not any(city(replace(RICH, history=False)).past_wanted)


def test_where_everybody_chooses_each_is_a_class_of_about_so_many_lots() -> None:
    shares = city(City(2_000, lots=100, ways=8.0))
    assert len(shares.class_lots) == 2_000
    assert abs(pairs(shares) / 2_000 - 8.0) < 0.5


@pytest.mark.parametrize(
    ("caps", "engine"), [(Caps.NESTED, "flow"), (Caps.OVERLAPPING, "linear programs")]
)
def test_nested_capacities_are_a_flow_and_overlapping_ones_are_not(caps: Caps, engine: str) -> None:
    assert solve(city(City(200, caps=caps))).engine.startswith(engine)


def test_a_city_comes_back_from_arrays(tmp_path: Path) -> None:
    save_arrays(city(RICH), tmp_path / "city.npz")
    assert plain(load_arrays(tmp_path / "city.npz")) == plain(city(RICH))


def test_a_city_comes_back_from_csv_with_the_same_shares(tmp_path: Path) -> None:
    write_folder(city(RICH), tmp_path)
    read, findings = read_shares(tmp_path)
    assert read is not None
    assert not findings
    made, again = solve(city(RICH)), solve(read)
    assert [made.grains(h) for h in range(300)] == [again.grains(h) for h in range(300)]


def test_capacities_are_not_silently_left_out_of_files(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="capacities"):
        write_folder(city(replace(RICH, caps=Caps.NESTED)), tmp_path)
