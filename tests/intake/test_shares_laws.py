"""Laws of reading bare instances: every form says the same, and nothing ever raises."""

from __future__ import annotations

import json
import tempfile
from fractions import Fraction
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from logistics.intake.shares import read_shares
from logistics.model.shares import Shares
from tests.intake.shares_data import Json, household, lot, small, write_folder, write_json

FAST = settings(max_examples=60, deadline=None)

whole = st.integers(0, 20) | st.integers(2**53 - 2, 2**53 + 2) | st.integers(0, 2**70)
decimals = st.decimals(0, 1000, allow_nan=False, places=3).map(str)
fractions = st.fractions(0, 100, max_denominator=50).map(str)
exact = whole | decimals | fractions
positive = exact.filter(lambda value: Fraction(value) > 0)


def _members(names: list[str]) -> st.SearchStrategy[list[str] | None]:
    """All (null) or some; a blank cell cannot say none of them."""
    if not names:
        return st.none()
    return st.none() | st.lists(st.sampled_from(names), unique=True, min_size=1)


@st.composite
def instances(draw: st.DrawFn) -> Json:
    """Anything the format allows; with `integer` units and wishes are whole."""
    integer = draw(st.booleans())
    units = whole if integer else exact
    lots = [
        lot(f"米{i}", draw(units), draw(positive), draw(st.integers(1, 9)))
        for i in range(draw(st.integers(0, 4)))
    ]
    households = [
        household(f"H {i}", draw(units), draw(exact), draw(exact), draw(positive))
        for i in range(draw(st.integers(0, 6)))
    ]
    lot_ids, names = [each["id"] for each in lots], [each["id"] for each in households]
    some_lots = st.lists(st.sampled_from(lot_ids), unique=True) if lot_ids else st.just([])
    eligible = {name: draw(some_lots) for name in names if draw(st.booleans())}
    capacities = [
        {
            "id": f"C{i}",
            "meals_max": draw(exact),
            "lots": draw(_members(lot_ids)),
            "households": draw(_members(names)),
        }
        for i in range(draw(st.integers(0, 2)))
    ]
    return {
        "format": "osusowake.shares/1",
        "integer": integer,
        "lots": lots,
        "households": households,
        "eligible": eligible,
        "capacities": capacities,
    }


def said(shares: Shares) -> Json:
    """What an instance says, in exact meals and units."""
    grains, weights = shares.grains_per_meal, shares.weight_scale
    return {
        "lots": [
            (
                name,
                Fraction(int(shares.supply[i]), int(shares.unit_grains[i])),
                Fraction(int(shares.unit_grains[i]), grains),
                int(shares.pack[i]),
            )
            for i, name in enumerate(shares.lot_ids)
        ],
        "households": [
            (
                name,
                *(
                    Fraction(int(column[i]), grains)
                    for column in (shares.wanted, shares.past_wanted, shares.past_received)
                ),
                Fraction(int(shares.weight[i]), weights),
                {shares.lot_ids[each] for each in shares.class_lots[int(shares.class_of[i])]},
            )
            for i, name in enumerate(shares.household_ids)
        ],
        "capacities": [
            (c.id, Fraction(c.grains, grains), c.lots, c.households) for c in shares.capacities
        ],
    }


def meant(data: Json) -> Json:
    """What an instance means, from its JSON alone."""

    def places(names: list[str] | None, table: str) -> frozenset[int] | None:
        order = [each["id"] for each in data[table]]
        return None if names is None else frozenset(map(order.index, names))

    return {
        "lots": [
            (each["id"], Fraction(each["units"]), Fraction(each["unit_meals"]), each["pack"])
            for each in data["lots"]
        ],
        "households": [
            (
                each["id"],
                *(Fraction(each[name]) for name in ("wanted", "past_wanted", "past_received")),
                Fraction(each["weight"]),
                set(data["eligible"].get(each["id"], [])),
            )
            for each in data["households"]
        ],
        "capacities": [
            (
                each["id"],
                Fraction(each["meals_max"]),
                places(each["lots"], "lots"),
                places(each["households"], "households"),
            )
            for each in data["capacities"]
        ],
    }


@FAST
@given(instances())
def test_every_form_says_what_is_meant(data: Json) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = [
            write_json(data, folder / "instance.json"),
            write_folder(data, folder / "csv", "csv"),
            write_folder(data, folder / "parquet", "parquet"),
        ]
        for path in paths:
            shares, findings = read_shares(path)
            assert findings == [], path
            assert shares is not None
            assert said(shares) == meant(data), path
            assert len(set(shares.class_lots)) == len(shares.class_lots)


scalars = (
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.sampled_from([2**63, -(2**70), 10**400, 0.5, 1e300, float("nan"), float("-inf")])
    | st.sampled_from(["", "1/0", "-1", "NaN", "L1", "H1", "\x00", "\udc80", "{0}", "{", "1e99"])
)
junk = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)


def spots(data: object) -> list[list[str | int]]:
    """The way to everything inside a JSON value."""
    found: list[list[str | int]] = [[]]
    if isinstance(data, dict):
        pairs: list[tuple[str | int, object]] = list(data.items())
    elif isinstance(data, list):
        pairs = list(enumerate(data))
    else:
        return found
    return found + [[key, *rest] for key, value in pairs for rest in spots(value)]


def put(data: object, way: list[str | int], value: object) -> object:
    """The JSON value with another one in place."""
    if not way:
        return value
    assert isinstance(data, dict | list)
    data[way[0]] = put(data[way[0]], way[1:], value)  # type: ignore[index]
    return data


def read_safely(path: Path) -> None:
    shares, findings = read_shares(path)
    assert (shares is None) == any(finding.is_error for finding in findings)
    for finding in findings:
        assert finding.text().encode()
        assert finding.fix


@settings(max_examples=1000, deadline=None)
@given(st.data())
def test_a_thousand_spoilt_files_give_findings_only(data: st.DataObject) -> None:
    instance: object = small()
    for _ in range(data.draw(st.integers(1, 3))):
        way = data.draw(st.sampled_from(spots(instance)))
        instance = put(instance, way, data.draw(junk))
    text = json.dumps(instance)
    if data.draw(st.integers(0, 9)) == 0:
        cut = data.draw(st.integers(0, len(text)))
        text = text[:cut] + data.draw(st.text(max_size=3)) + text[cut + 1 :]
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "instance.json"
        path.write_text(text, encoding="utf-8", errors="surrogatepass")
        read_safely(path)


CSV = {"lots": "lots.csv", "households": "households.csv", "eligible": "eligible.csv"}


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from([*CSV.values(), "capacities.csv", "instance.json"]),
    st.integers(0, 400),
    st.integers(0, 12),
    st.text(max_size=6) | st.sampled_from(["\n", '"', ",", "\r\n", "\x00", "-", "/0", "e9", ";"]),
)
def test_spoilt_tables_give_findings_only(file: str, start: int, length: int, text: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = write_folder(small(), Path(name), "csv")
        path = folder / file
        old = path.read_text(encoding="utf-8")
        spoilt = old[:start] + text + old[start + length :]
        path.write_bytes(spoilt.encode("utf-8", "surrogatepass"))
        read_safely(folder)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 3000), st.binary(min_size=1, max_size=8))
def test_spoilt_parquet_gives_findings_only(start: int, spoilt: bytes) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = write_folder(small(), Path(name), "parquet")
        path = folder / "households.parquet"
        old = path.read_bytes()
        path.write_bytes(old[:start] + spoilt + old[start + len(spoilt) :])
        read_safely(folder)
