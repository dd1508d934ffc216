"""The words of the house: the glossary names what exists, tables of the pages say what the code says."""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

from logistics.intake.events import NEEDED
from logistics.inventory.entries import ENDS, Kind
from logistics.model.events import EventKind
from logistics.reports import answers, calls, change_files, recall_files, statement_files
from logistics.reports.plan_files import write_plan
from logistics.words import catalogue
from scenarios import shocks
from service.app import create_app
from service.cli import WEEK
from tests.judge.good_week import good_week
from tests.service.web import good_shown

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("logistics", "service", "scenarios", "benchmarks")


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def table(text: str, heading: str) -> list[list[str]]:
    """Cells of the rows of a table, known by its line of headings."""
    lines = text.split(f"{heading}\n")[1].split("\n\n")[0].splitlines()[1:]
    return [[cell.strip() for cell in line[1:-1].split("|")] for line in lines]


def quoted(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def named(body: Iterable[ast.stmt]) -> Iterator[str]:
    """What a module or class calls its own: classes, functions, constants, fields, what it hands on."""
    for part in body:
        if isinstance(part, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield part.name
        elif isinstance(part, ast.Assign):
            yield from (target.id for target in part.targets if isinstance(target, ast.Name))
        elif isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
            yield part.target.id
        elif isinstance(part, ast.ImportFrom):
            yield from (alias.asname or alias.name for alias in part.names)


@cache
def members() -> dict[str, frozenset[str]]:
    """Names in the code by the module or class that they belong to."""
    found: dict[str, set[str]] = {}
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            module = path.parent.name if path.stem == "__init__" else path.stem
            found.setdefault(module, set()).update(named(tree.body))
            for node in ast.walk(tree):
                if isinstance(node, ast.ClassDef):
                    found.setdefault(node.name, set()).update(named(node.body))
    return {name: frozenset(own) for name, own in found.items()}


def exists(name: str) -> bool:
    """Whether the code has a name of the glossary: `Class`, `field`, `Class.field`, file, option."""
    if "/" in name or name.endswith((".py", ".toml")):
        return any(ROOT.glob(name)) or any(any((ROOT / room).rglob(name)) for room in ROOMS)
    if name.startswith("--"):
        commands = (ROOT / "service" / "commands").glob("*.py")
        return any(f'"{name}"' in path.read_text(encoding="utf-8") for path in commands)
    owner, _, own = name.rpartition(".")
    if owner == "logistics":
        return (ROOT / owner / own).is_dir()
    if owner:
        return own in members().get(owner, ())
    return name in members() or any(name in names for names in members().values())


def test_the_glossary_names_what_the_code_has() -> None:
    rows = table(page("GLOSSARY.md"), "| English | 日本語 | in code | what |")
    assert {len(row) for row in rows} == {4}
    unknown = [(row[0], name) for row in rows for name in quoted(row[2]) if not exists(name)]
    assert len(rows) > 100
    assert unknown == []


def test_the_glossary_has_each_term_once() -> None:
    rows = table(page("GLOSSARY.md"), "| English | 日本語 | in code | what |")
    terms = [(row[0], row[1]) for row in rows]
    assert [term for term in terms if terms.count(term) > 1] == []


def test_the_book_page_has_every_kind_of_entry_with_its_word_and_its_ends() -> None:
    rows = table(page("docs/book.md"), "| kind | from → to | meaning |")
    said = {kind: word for row in rows for kind, word in re.findall(r"`(\w+)` ([^\s,|]+)", row[0])}
    assert said == {str(kind): catalogue("ja")[f"kind_{kind}"] for kind in Kind}
    for kinds, ends, _ in rows:
        for kind in map(Kind, quoted(kinds)):
            if kind is Kind.REVERSAL or kind.is_hold:
                continue
            sources, targets = ENDS[kind]
            assert set(re.findall(r"\w+", ends)) >= set(map(str, sources | targets)), kind


@pytest.mark.parametrize("readme", ["README.md", "README.ja.md"])
def test_the_readme_lists_every_verb_where_help_lists_it(readme: str) -> None:
    heading = {"README.md": "| part of the week | commands |"}.get(readme, "| 週のどこで | 命令 |")
    rows = table(page(readme), heading)
    assert [quoted(row[1]) for row in rows] == [[verb.name for verb in verbs] for _, verbs in WEEK]


def test_tables_of_the_formats_page_have_the_columns_that_are_written(tmp_path: Path) -> None:
    text = page("docs/formats.md")
    said = {name: cells for row in table(text, "| table | columns |") for name, cells in [row]}
    week = good_week()
    write_plan(week.plan, week.travel, week.problem, tmp_path)
    for name, cells in said.items():
        with (tmp_path / name.strip("`")).open(encoding="utf-8-sig", newline="") as stream:
            assert quoted(cells)[0].split(", ") == next(csv.reader(stream)), name
    others = {row[0]: row[2] for row in table(text, "| file | from | columns |")}
    for file, columns in (
        ("`changes.csv`", change_files.COLUMNS),
        ("`calls.csv`", calls.COLUMNS),
        ("`triage.csv`", answers.COLUMNS),
        ("`recall-LOT.csv`", recall_files.COLUMNS),
        ("`statement-ORG-FROM-TO.LANG.csv`", statement_files.COLUMNS),
    ):
        assert ", ".join(columns) in quoted(others[file]), file


def test_the_service_page_has_every_route_of_the_api() -> None:
    said = {
        quoted(row[0])[0].partition("?")[0]
        for row in table(page("docs/service.md"), "| route | answers |")
    }
    paths = create_app(good_shown()).openapi()["paths"]
    api = {path.removeprefix("/api/v1") for path in paths if path.startswith("/api/v1")}
    assert {re.sub(r"\{\w+\}", "{}", path) for path in said} == {
        re.sub(r"\{\w+\}", "{}", path) for path in api
    }


def test_pages_have_every_shock_and_every_event() -> None:
    rows = table(page("docs/stress.md"), "| name | 0 | 100 | between |")
    assert [quoted(row[0])[0] for row in rows] == list(shocks.names())
    events = table(page("docs/replan.md"), "| event | needs | means |")
    assert {name for row in events for name in quoted(row[0])} == set(map(str, EventKind))
    for kinds, needs, _ in events:
        for kind in quoted(kinds):
            assert set(quoted(needs)) == set(NEEDED[EventKind(kind)]), kind


def test_decisions_are_numbered_listed_and_say_context_choice_and_consequences() -> None:
    files = sorted((ROOT / "docs" / "decisions").glob("0*.md"))
    listed = table(page("docs/decisions/README.md"), "| decision | stands |")
    assert len(files) == len(listed)
    for number, (path, (link, stands)) in enumerate(zip(files, listed, strict=True), start=1):
        text = path.read_text(encoding="utf-8")
        title = text.splitlines()[0].removeprefix("# ")
        assert title.startswith(f"{number}. ")
        assert path.name.startswith(f"{number:04}-")
        assert link == f"[{title}]({path.name})"
        assert stands.startswith(("yes", "in part"))
        for part in ("Context", "Choice", "Consequences"):
            assert re.search(rf"^\*\*{part}", text, re.MULTILINE), (path.name, part)


CODED = re.compile(r"raise (?:NotFree|NotOpen|NotFound|ActRefused)\((?:[^()]|\([^()]*\))*\)")


def test_every_refusal_with_a_code_has_its_phrase() -> None:
    phrases = catalogue("ja")
    codes = {
        code
        for path in (ROOT / "logistics").rglob("*.py")
        for raised in CODED.findall(path.read_text(encoding="utf-8"))
        for code in re.findall(r',\s*"([a-z_]+)"', raised)[:1]
    }
    assert len(codes) > 15
    assert {code for code in codes if f"refused_{code}" not in phrases} == set()
