"""docs/formats.md says what the code does: columns, headings, what must be filled, the example."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel

from logistics.intake import read_week, shares_folder
from logistics.intake.report import catalogue
from logistics.intake.settings import Settings
from logistics.intake.vocabulary import data_rows, fold, values
from logistics.inventory.outcomes_csv import COLUMNS, WORDS
from logistics.model.errors import Severity
from logistics.model.events import EventKind
from logistics.model.problem import Policy, TravelSettings
from logistics.model.units import (
    DAY_S,
    MINUTE_S,
    Channel,
    Cold,
    Diet,
    FoodGroup,
    Kitchen,
    Label,
    PinKind,
    Sector,
    SiteKind,
    Storage,
    Tag,
)
from logistics.reports.contacts import HEADINGS
from tests.intake.folder import Folder
from tests.intake.test_facts import SPECS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")


def section(table: str) -> list[list[str]]:
    """Cells of the table that describes a file, below its headings."""
    text = PAGE.split(f"### {table}.csv\n")[1].split("\n#")[0]
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_every_column_stands_on_the_page() -> None:
    aliases = {(r["table"], r["column"]): r["aliases"].split(";") for r in data_rows("columns.csv")}
    for spec in SPECS:
        described = section(spec.name)
        assert {row[0].strip("`") for row in described} == set(spec.columns)
        for name, japanese, what, blank in described:
            column = name.strip("`")
            assert japanese.split("、") == aliases[spec.name, column]
            assert what
            assert (blank == "must be filled") == (column in spec.needed), (spec.name, column)


def test_the_example_holds_the_defaults(tmp_path: Path) -> None:
    example = re.search(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert example is not None
    folder = Folder()
    folder.settings = example[1]
    problem, findings = read_week(folder.write(tmp_path))
    assert findings == []
    assert problem is not None
    assert problem.policy == Policy()
    assert problem.travel == TravelSettings()


def keys(model: type[BaseModel], above: str = "") -> Iterator[str]:
    """Every setting that a table of week.toml may hold, with the tables that it is in."""
    for name, field in model.model_fields.items():
        inner = next(
            (k for k in (field.annotation, *get_args(field.annotation)) if is_model(k)), None
        )
        yield from keys(inner, f"{above}{name}.") if inner else [f"{above}{name}"]


def is_model(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def written(table: dict[str, Any], above: str = "") -> Iterator[str]:
    for name, value in table.items():
        inner = value[0] if isinstance(value, list) else value
        yield from (
            written(inner, f"{above}{name}.") if isinstance(inner, dict) else [f"{above}{name}"]
        )


def test_the_example_holds_every_setting() -> None:
    example = re.search(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert example is not None
    assert sorted(written(tomllib.loads(example[1]))) == sorted(keys(Settings))


def test_every_warning_stands_on_the_page() -> None:
    warnings = {c for c, entry in catalogue().items() if entry.severity is Severity.WARNING}
    assert warnings <= set(re.findall(r"`(\w+)`", PAGE))


def test_every_value_of_a_list_of_words_stands_on_the_page_as_it_is_read() -> None:
    """`ambient` 常温: the Japanese word beside a value is one that intake takes for it."""
    kinds = {kind.__name__: kind for kind in (Sector, SiteKind, FoodGroup, Storage, Label, Kitchen)}
    kinds |= {kind.__name__: kind for kind in (Cold, Channel, Diet, Tag, PinKind, EventKind)}
    seen = set()
    for spec in SPECS:
        for name, _, what, _ in section(spec.name):
            said = re.findall(r"`(\w+)`(?: ([^,\s`|;]+))?", what)
            kind = next(
                (k for k in kinds.values() if {w for w, _ in said} >= set(map(str, k))), None
            )
            if kind is not None:
                seen.add(kind.__name__)
                assert [w for w, _ in said] == list(map(str, kind)), (spec.name, name)
                for word, japanese in said:
                    if japanese:
                        assert values(kind.__name__)[fold(japanese)] == word, (spec.name, name)
    assert seen == set(kinds)


def test_a_blank_cell_means_the_number_or_word_of_the_page() -> None:
    clock = {0: "00:00", DAY_S: "24:00"}
    for spec in SPECS:
        for name, _, _, blank in section(spec.name):
            field = spec.model.model_fields[name.strip("`")]
            default = field.default
            if field.is_required() or isinstance(default, frozenset | tuple) or not default:
                continue
            minutes = default // MINUTE_S if "minutes" in name else default
            shown = clock.get(default) if name.startswith("`receive") else str(minutes)
            assert blank.partition(" (")[0].strip("`") == shown, (spec.name, name)


def test_the_tables_of_a_bare_instance_stand_on_the_page() -> None:
    text = PAGE.split("### An instance as a folder\n")[1].split("\n\n")[1]
    said = dict(re.findall(r"^\| `(\w+)` \|[^`]*`([^`]+)`", text, re.MULTILINE))
    assert {name: tuple(columns.split(", ")) for name, columns in said.items()} == {
        "lots": shares_folder.LOTS,
        "households": shares_folder.HOUSEHOLDS,
        "eligible": shares_folder.ELIGIBLE,
        "capacities": shares_folder.CAPACITIES,
    }


def test_the_tables_that_are_read_by_other_verbs_stand_on_their_pages() -> None:
    contacts = {row[1]: row[0].strip("`") for row in section("contacts")}
    assert contacts == HEADINGS
    book = (ROOT / "docs" / "book.md").read_text(encoding="utf-8")
    for heading, words in (
        ("| column | 見出し | content |", COLUMNS),
        ("| `outcome` | 結果 | effect |", {str(k): j for j, k in WORDS.items() if j != str(k)}),
    ):
        lines = book.split(f"{heading}\n")[1].split("\n\n")[0].splitlines()[1:]
        rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
        assert {row[0].strip("`"): row[1] for row in rows} == dict(words)
