"""docs/formats.md says what the code does: columns, headings, what must be filled, the example."""

from __future__ import annotations

import re
from pathlib import Path

from logistics.intake import read_week
from logistics.intake.report import catalogue
from logistics.intake.vocabulary import data_rows
from logistics.model.errors import Severity
from logistics.model.problem import Policy, TravelSettings
from tests.intake.folder import Folder
from tests.intake.test_facts import SPECS

PAGE = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")


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


def test_every_warning_stands_on_the_page() -> None:
    warnings = {c for c, entry in catalogue().items() if entry.severity is Severity.WARNING}
    assert warnings <= set(re.findall(r"`(\w+)`", PAGE))
