"""Bare instances: what is read exactly, and every mistake by its name and place."""

from __future__ import annotations

import json
import string
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from logistics.intake.report import catalogue
from logistics.intake.shares import read_shares
from logistics.intake.shares_report import LISTED_MAX
from logistics.model.errors import Finding
from logistics.model.shares import Shares
from tests.intake.shares_data import Json, household, lot, small, write_folder, write_json

FORMS = ("json", "csv", "parquet")


def written(data: Json, folder: Path, form: str) -> Path:
    if form == "json":
        return write_json(data, folder / "instance.json")
    return write_folder(data, folder / form, form)


def read(data: Json, folder: Path, form: str = "json") -> Shares:
    shares, findings = read_shares(written(data, folder, form))
    assert findings == []
    assert shares is not None
    return shares


@pytest.mark.parametrize("form", FORMS)
def test_the_small_instance_is_read_to_the_grain(tmp_path: Path, form: str) -> None:
    """Denominators: 7/2 x 1/2 = 7/4, 1/4, 1/3, 5/2, 3/4: 12 grains a meal; weights in quarters."""
    shares = read(small(), tmp_path, form)
    assert (shares.integer, shares.grains_per_meal, shares.weight_scale) == (False, 12, 4)
    assert list(shares.lot_ids) == ["L1", "L2", "L3"]
    assert list(shares.supply) == [120, 21, 9]
    assert list(shares.unit_grains) == [12, 6, 3]
    assert list(shares.pack) == [1, 1, 2]
    assert list(shares.household_ids) == ["H1", "H2", "H3", "H4"]
    assert list(shares.wanted) == [48, 4, 24, 12]
    assert list(shares.past_wanted) == [0, 96, 0, 0]
    assert list(shares.past_received) == [0, 30, 0, 0]
    assert list(shares.weight) == [4, 5, 4, 4]
    assert list(shares.class_of) == [0, 1, 2, 0]
    assert list(shares.class_lots) == [(0, 1), (2,), ()]
    assert [(c.id, c.grains, c.lots, c.households) for c in shares.capacities] == [
        ("C1", 240, {0, 2}, None),
        ("C2", 9, None, {1}),
    ]


@pytest.mark.parametrize("form", FORMS)
def test_numbers_beyond_64_bits_stay_exact(tmp_path: Path, form: str) -> None:
    data = small()
    data["lots"][0]["units"] = 10**30 + 1
    data["households"][0]["wanted"] = 2**53 + 1
    data["households"][1]["wanted"] = f"{2**63 + 2}/3"
    shares = read(data, tmp_path, form)
    assert shares.supply[0] == 12 * (10**30 + 1)
    assert shares.wanted[0] == 12 * (2**53 + 1)
    assert shares.wanted[1] == 4 * (2**63 + 2)


def test_decimals_in_json_are_what_they_say(tmp_path: Path) -> None:
    """0.1 is a tenth, not the binary number next to it."""
    text = json.dumps(small()).replace('"wanted": 4', '"wanted": 0.1')
    path = tmp_path / "instance.json"
    path.write_text(text, encoding="utf-8")
    shares, findings = read_shares(path)
    assert findings == []
    assert shares is not None
    assert Fraction(int(shares.wanted[0]), shares.grains_per_meal) == Fraction(1, 10)


@pytest.mark.parametrize("form", FORMS)
def test_nothing_to_give_and_nobody_to_give_to(tmp_path: Path, form: str) -> None:
    empty = {**small(), "lots": [], "households": [], "eligible": {}, "capacities": []}
    shares = read(empty, tmp_path, form)
    assert (len(shares.lot_ids), len(shares.household_ids)) == (0, 0)


def test_capacities_may_be_left_out(tmp_path: Path) -> None:
    data = small()
    del data["capacities"]
    for form in FORMS:
        assert read(data, tmp_path, form).capacities == ()


def test_more_received_than_wanted_before_is_history_too(tmp_path: Path) -> None:
    data = small()
    data["households"][0] |= {"past_wanted": 2, "past_received": 3}
    assert read(data, tmp_path).past_received[0] == 36


def of(findings: list[Finding]) -> set[tuple[str, str]]:
    return {(finding.code, finding.column) for finding in findings}


def changed(change: Callable[[Json], object]) -> Json:
    data = small()
    change(data)
    return data


def whole(data: Json) -> None:
    """Make the small instance one of whole units."""
    data["integer"] = True
    data["lots"][1]["units"] = 3
    data["households"][1]["wanted"] = 1


MISTAKES: dict[str, tuple[Callable[[Json], object], set[tuple[str, str]]]] = {
    "another format": (lambda d: d.update(format="osusowake.plan/1"), {("wrong_format", "format")}),
    "no format": (lambda d: d.pop("format"), {("missing_field", "format")}),
    "no word on integer": (lambda d: d.pop("integer"), {("missing_field", "integer")}),
    "integer in words": (lambda d: d.update(integer="no"), {("wrong_type", "integer")}),
    "no lots": (lambda d: d.pop("lots"), {("missing_field", "lots")}),
    "no households": (lambda d: d.pop("households"), {("missing_field", "households")}),
    "no eligible": (lambda d: d.pop("eligible"), {("missing_field", "eligible")}),
    "lots as an object": (lambda d: d.update(lots={}), {("wrong_type", "lots")}),
    "eligible as a list": (lambda d: d.update(eligible=[]), {("wrong_type", "eligible")}),
    "capacities as text": (lambda d: d.update(capacities="C"), {("wrong_type", "capacities")}),
    "a lot that is text": (lambda d: d["lots"].append("L4"), {("wrong_type", "lots[3]")}),
    "a field missing": (
        lambda d: d["households"][2].pop("wanted"),
        {("missing_field", "households[2].wanted")},
    ),
    "two mistakes": (
        lambda d: (d["lots"][0].update(units=-1), d["households"][1].update(weight=0)),
        {("negative", "lots[0].units"), ("not_positive", "households[1].weight")},
    ),
    "a lot twice": (lambda d: d["lots"][2].update(id="L1"), {("duplicate_id", "lots[2].id")}),
    "a household twice": (
        lambda d: d["households"][3].update(id="H2"),
        {("duplicate_id", "households[3].id")},
    ),
    "a capacity twice": (
        lambda d: d["capacities"][1].update(id="C1"),
        {("duplicate_id", "capacities[1].id")},
    ),
    "an identifier that is a number": (
        lambda d: d["lots"][0].update(id=1),
        {("bad_id", "lots[0].id")},
    ),
    "an empty identifier": (lambda d: d["lots"][0].update(id=""), {("bad_id", "lots[0].id")}),
    "half a character": (lambda d: d["lots"][0].update(id="\ud800"), {("bad_id", "lots[0].id")}),
    "a line break": (lambda d: d["lots"][0].update(id="L\n1"), {("bad_id", "lots[0].id")}),
    "eligible for an unknown lot": (
        lambda d: d["eligible"].update(H3=["L1", "L9"]),
        {("unknown_lot", "eligible.H3")},
    ),
    "an unknown household eligible": (
        lambda d: d["eligible"].update(H9=["L1"]),
        {("unknown_household", "eligible.H9")},
    ),
    "eligible twice for a lot": (
        lambda d: d["eligible"].update(H3=["L1", "L1"]),
        {("duplicate_reference", "eligible.H3")},
    ),
    "eligible for text": (
        lambda d: d["eligible"].update(H3="L1"),
        {("wrong_type", "eligible.H3")},
    ),
    "eligible for lists of lists": (
        lambda d: d["eligible"].update(H3=[["L1"]]),
        {("wrong_type", "eligible.H3")},
    ),
    "a capacity over an unknown lot": (
        lambda d: d["capacities"][0]["lots"].append("L9"),
        {("unknown_lot", "capacities[0].lots")},
    ),
    "a capacity over an unknown household": (
        lambda d: d["capacities"][1]["households"].append("H9"),
        {("unknown_household", "capacities[1].households")},
    ),
    "a capacity without its lots": (
        lambda d: d["capacities"][0].pop("lots"),
        {("missing_field", "capacities[0].lots")},
    ),
    "a capacity below zero": (
        lambda d: d["capacities"][0].update(meals_max=-1),
        {("negative", "capacities[0].meals_max")},
    ),
    "units below zero": (lambda d: d["lots"][0].update(units="-1/2"), {("negative", "lots[0].units")}),
    "past below zero": (
        lambda d: d["households"][0].update(past_received=-1),
        {("negative", "households[0].past_received")},
    ),
    "no meals in a unit": (
        lambda d: d["lots"][0].update(unit_meals="0"),
        {("not_positive", "lots[0].unit_meals")},
    ),
    "no units in a pack": (lambda d: d["lots"][0].update(pack=0), {("not_positive", "lots[0].pack")}),
    "half a pack": (lambda d: d["lots"][0].update(pack="3/2"), {("not_whole", "lots[0].pack")}),
    "a yes for a number": (
        lambda d: d["lots"][0].update(units=True),
        {("not_exact", "lots[0].units")},
    ),
    "nothing for a number": (
        lambda d: d["lots"][0].update(units=None),
        {("not_exact", "lots[0].units")},
    ),
    "no finite number": (
        lambda d: d["households"][0].update(wanted=float("nan")),
        {("not_exact", "households[0].wanted")},
    ),
    "an endless number": (
        lambda d: d["households"][0].update(wanted=float("inf")),
        {("not_exact", "households[0].wanted")},
    ),
    "a number in words": (
        lambda d: d["households"][0].update(wanted="three"),
        {("not_exact", "households[0].wanted")},
    ),
    "an exponent": (
        lambda d: d["households"][0].update(wanted="1e9999999"),
        {("not_exact", "households[0].wanted")},
    ),
    "a division by zero": (
        lambda d: d["households"][0].update(wanted="1/0"),
        {("not_exact", "households[0].wanted")},
    ),
    "a full-width number": (
        lambda d: d["households"][0].update(wanted="１"),
        {("not_exact", "households[0].wanted")},
    ),
    "a number too long": (
        lambda d: d["households"][0].update(wanted="9" * 101),
        {("not_exact", "households[0].wanted")},
    ),
    "split units where they are whole": (
        lambda d: (whole(d), d["lots"][0].update(units="1/2")),
        {("not_whole", "lots[0].units")},
    ),
    "split wishes where units are whole": (
        lambda d: (whole(d), d["households"][0].update(wanted="1/2")),
        {("not_whole", "households[0].wanted")},
    ),
    "an unreadable lot is no reason to call others unknown": (
        lambda d: d["lots"][0].pop("id"),
        {("missing_field", "lots[0].id")},
    ),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_the_mistake_is_named_with_its_place(mistake: str, tmp_path: Path) -> None:
    change, expected = MISTAKES[mistake]
    shares, findings = read_shares(write_json(changed(change), tmp_path / "instance.json"))
    assert shares is None
    assert of(findings) == expected
    assert all(f.file == "instance.json" and f.fix and f.text() for f in findings)


def test_whole_units_with_unit_meals_and_history_in_parts_are_fine(tmp_path: Path) -> None:
    assert read(changed(whole), tmp_path).integer


@pytest.mark.parametrize("where", ["", "lots[1]", "households[0]", "capacities[1]"])
def test_an_unknown_field_is_a_warning(where: str, tmp_path: Path) -> None:
    data = small()
    entry: Any = data
    if where:
        name, _, index = where.rstrip("]").partition("[")
        entry = data[name][int(index)]
    entry["colour"] = "red"
    shares, findings = read_shares(write_json(data, tmp_path / "instance.json"))
    assert shares is not None
    assert of(findings) == {("unknown_field", f"{where}.colour".lstrip("."))}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "broken_json"),
        ("{", "broken_json"),
        ("[1, 2]", "wrong_type"),
        ("3", "wrong_type"),
        ("null", "wrong_type"),
        ('{"lots": 1, "lots": 2}', "duplicate_field"),
        ("[" * 100_000, "broken_json"),
        ('{"lots": ' + "9" * 5000 + "}", "broken_json"),
        ("\ufeff{", "broken_json"),
    ],
)
def test_what_is_no_instance_at_all_is_a_finding(text: str, code: str, tmp_path: Path) -> None:
    path = tmp_path / "instance.json"
    path.write_text(text, encoding="utf-8")
    shares, findings = read_shares(path)
    assert shares is None
    assert code in {finding.code for finding in findings}


def test_bytes_of_no_encoding_are_a_finding(tmp_path: Path) -> None:
    path = tmp_path / "instance.json"
    path.write_bytes(b'{"format": "\xff\xfe\x80"}')
    assert [f.code for f in read_shares(path)[1]] == ["broken_json"]
    assert [f.code for f in read_shares(tmp_path / "none.json")[1]] == ["unreadable_file"]


def test_one_mistake_in_every_row_is_listed_some_times_and_counted(tmp_path: Path) -> None:
    data = {**small(), "households": [household(f"H{i}", -1) for i in range(100)], "eligible": {}}
    del data["capacities"]
    for form in FORMS:
        findings = read_shares(written(data, tmp_path, form))[1]
        assert [f.code for f in findings] == ["negative"] * LISTED_MAX + ["more_of_these"]
        assert str(100 - LISTED_MAX) in findings[-1].message


def test_denominators_that_have_nothing_in_common_are_refused(tmp_path: Path) -> None:
    """Products of large primes: their common denominator would fill memory."""
    data = small()
    data["households"] = [household(f"H{i}", f"1/{10**45 + 2 * i + 1}") for i in range(60)]
    data |= {"eligible": {}, "capacities": []}
    shares, findings = read_shares(write_json(data, tmp_path / "instance.json"))
    assert shares is None
    assert [finding.code for finding in findings] == ["too_fine"]


NINES = 10**100 - 1
"""As long as a number may be written."""


@pytest.mark.parametrize("form", FORMS)
def test_as_many_characters_as_a_number_may_have(form: str, tmp_path: Path) -> None:
    data = small()
    data["households"][0]["wanted"] = NINES
    shares, findings = read_shares(written(data, tmp_path, form))
    assert findings == []
    assert shares is not None
    assert int(shares.wanted[0]) == NINES * shares.grains_per_meal


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("table", "field", "value", "code"),
    [
        ("households", "wanted", NINES + 1, "not_exact"),  # a character more
        ("households", "past_wanted", 10**1000, "not_exact"),
        ("households", "past_received", -(10**99), "not_exact"),
        ("lots", "pack", 10**100, "not_exact"),
        ("capacities", "meals_max", 10**100, "not_exact"),
        ("households", "weight", NINES, "too_long"),  # counted in quarters
    ],
)
def test_numbers_too_long_for_any_use_are_refused(
    form: str, table: str, field: str, value: int, code: str, tmp_path: Path
) -> None:
    data = small()
    data[table][0][field] = value
    shares, findings = read_shares(written(data, tmp_path, form))
    assert shares is None
    assert [finding.code for finding in findings] == [code]
    assert field in findings[0].column


def test_products_too_long_for_any_use_are_refused(tmp_path: Path) -> None:
    """About 10^200 meals in twelfths; and in grains so small that 10^99 meals are as many."""
    data = small()
    data["lots"][0] |= {"units": NINES, "unit_meals": NINES}
    found = read_shares(write_json(data, tmp_path / "i.json"))[1]
    assert of(found) == {("too_long", "lots[0].units")}
    data = small()
    data["capacities"][0]["meals_max"] = 10**99
    data["households"][0] |= {"wanted": 10**99, "past_wanted": f"1/{10**97}"}
    data["households"][1] |= {"past_wanted": f"1/{10**60 + 1}", "past_received": 0}
    found = read_shares(write_json(data, tmp_path / "i.json"))[1]
    assert of(found) == {
        ("too_long", "households[0].wanted"),
        ("too_long", "capacities[0].meals_max"),
    }


Edit = Callable[[Path], object]


def cell(name: str, old: str, new: str) -> Edit:
    """Replace text in one CSV file."""

    def edit(folder: Path) -> None:
        path = folder / f"{name}.csv"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return edit


TABLE_MISTAKES: dict[str, tuple[Edit, set[tuple[str, str, int | None, str]]]] = {
    "no instance file": (
        lambda f: (f / "instance.json").unlink(),
        {("missing_instance", "instance.toml", None, "")},
    ),
    "both instance files": (
        lambda f: (f / "instance.toml").write_text("integer = true"),
        {("two_sources", "instance.toml", None, "")},
    ),
    "broken settings": (
        lambda f: ((f / "instance.json").unlink(), (f / "instance.toml").write_text("integer =")),
        {("broken_toml", "instance.toml", None, "")},
    ),
    "no table of lots": (
        lambda f: (f / "lots.csv").unlink(),
        {("missing_file", "lots", None, "")},
    ),
    "lots twice": (
        lambda f: (f / "lots.parquet").write_bytes(b""),
        {("two_sources", "lots.parquet", None, "")},
    ),
    "no Parquet": (
        lambda f: ((f / "lots.csv").unlink(), (f / "lots.parquet").write_bytes(b"PAR1 it is not")),
        {("broken_table", "lots.parquet", None, "")},
    ),
    "an empty table": (
        lambda f: (f / "capacities.csv").write_bytes(b""),
        {("missing_field", "capacities.csv", None, name)
         for name in ("id", "meals_max", "lots", "households")},
    ),
    "another encoding": (
        lambda f: (f / "lots.csv").write_bytes("id,units,unit_meals,pack\n米,1,1,1\n".encode("cp932")),
        {("broken_table", "lots.csv", None, "")},
    ),
    "a column missing": (
        cell("households", "wanted", "wished"),
        {("missing_field", "households.csv", None, "wanted"),
         ("unknown_field", "households.csv", None, "wished")},
    ),
    "a column twice": (
        cell("lots", "pack", "units"),
        {("duplicate_field", "lots.csv", None, "units"),
         ("missing_field", "lots.csv", None, "pack")},
    ),
    "a cell too many": (cell("lots", "L2,7/2", "L2,7/2,8"), {("torn_row", "lots.csv", 3, "")}),
    "a number missing": (
        cell("lots", "L1,10", "L1,"),
        {("not_exact", "lots.csv", 2, "units")},
    ),
    "a name missing": (cell("lots", "L1,10", ",10"), {("blank", "lots.csv", 2, "id")}),
    "a number in words": (
        cell("households", "H3,2", "H3,two"),
        {("not_exact", "households.csv", 4, "wanted")},
    ),
    "a wish below zero": (
        cell("households", "H3,2", "H3,-2"),
        {("negative", "households.csv", 4, "wanted")},
    ),
    "a household twice": (
        cell("households", "H4", "H1"),
        {("duplicate_id", "households.csv", 5, "id")},
    ),
    "an unknown lot": (
        cell("eligible", "of H2,L3", "of H2,L9"),
        {("unknown_lot", "eligible.csv", 4, "lot_id")},
    ),
    "a pair twice": (
        cell("eligible", "of H1,L2", "of H1,L1"),
        {("duplicate_reference", "eligible.csv", 3, "lot_id")},
    ),
    "a class missing": (
        cell("eligible", "of H1,L2", ",L2"),
        {("blank", "eligible.csv", 3, "class")},
    ),
    "a capacity over an unknown lot": (
        cell("capacities", "L1;L3", "L1;L9"),
        {("unknown_lot", "capacities.csv", 2, "lots")},
    ),
}  # fmt: skip


@pytest.mark.parametrize("mistake", TABLE_MISTAKES)
def test_the_mistake_in_a_table_is_named_with_its_row(mistake: str, tmp_path: Path) -> None:
    edit, expected = TABLE_MISTAKES[mistake]
    edit(write_folder(small(), tmp_path, "csv"))
    shares, findings = read_shares(tmp_path)
    assert shares is None
    assert {(f.code, f.file, f.row, f.column) for f in findings} == expected


def test_a_class_that_nobody_lists_is_a_warning(tmp_path: Path) -> None:
    cell("eligible", "of H2", "of H7")(write_folder(small(), tmp_path, "csv"))
    shares, findings = read_shares(tmp_path)
    assert shares is not None
    assert shares.class_lots[shares.class_of[1]] == ()
    assert [(f.code, f.value, f.is_error) for f in findings] == [
        ("class_without_households", "of H7", False),
        ("class_without_lots", "of H2", False),
    ]


@pytest.mark.parametrize(
    ("column", "code"),
    [
        (pa.array([10.0, 2.0, 3.0]), None),
        (pa.array([10.0, 2.5, 3.0]), "inexact_column"),
        (pa.array([10.0, float("nan"), 3.0]), "inexact_column"),
        (pa.array([10, None, 3]), "blank"),
        (pa.array([True, True, True]), "wrong_type"),
        (pa.array([10, 2, 2**64 - 1], pa.uint64()), None),
        (pa.array(["10", "2", "3"]).dictionary_encode(), None),
        (pa.array(["10.25", "2", "3"]).cast(pa.decimal128(10, 3)), None),
    ],
)
def test_columns_of_parquet(column: pa.Array, code: str | None, tmp_path: Path) -> None:
    write_folder(small(), tmp_path, "parquet")
    table = pq.read_table(tmp_path / "lots.parquet")
    pq.write_table(table.set_column(1, "units", column), tmp_path / "lots.parquet")
    shares, findings = read_shares(tmp_path)
    assert [finding.code for finding in findings] == ([code] if code else [])
    if shares is not None:
        units = [Fraction(str(value)) for value in column.to_pylist()]
        meals = [Fraction(1), Fraction(1, 2), Fraction(1, 4)]
        grains = [u * m * shares.grains_per_meal for u, m in zip(units, meals, strict=True)]
        assert list(shares.supply) == grains


def test_findings_speak_both_languages_with_the_same_words(tmp_path: Path) -> None:
    def words(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    for code, entry in catalogue("shares").items():
        english, japanese = (
            set.union(*map(words, entry.texts[language])) for language in ("en", "ja")
        )
        assert japanese <= english, code
    path = write_json({**small(), "lots": [lot("L1", -1)]}, tmp_path / "instance.json")
    assert any("0 以上" in finding.message for finding in read_shares(path, "ja")[1])
