"""Every mistake in a routing instance is a finding with its place."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from logistics.intake import read_routing
from logistics.intake.report import catalogue
from logistics.intake.shares_report import LISTED_MAX
from logistics.model.errors import Severity
from tests.intake.routing_files import (
    CVRP,
    EXPLICIT,
    LI_LIM,
    PRIZES,
    RELOADS,
    SOLOMON,
    VRPTW,
    write,
)


class Mistake(NamedTuple):
    """A broken file and the code, row and column of the one finding about it."""

    text: str
    code: str
    row: int | None
    column: str


def swap(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new, 1)


MISTAKES: dict[str, Mistake] = {
    "no TYPE": Mistake(swap(CVRP, "TYPE : CVRP\n", ""), "missing_field", None, "TYPE"),
    "unknown TYPE": Mistake(swap(CVRP, "TYPE : CVRP", "TYPE : MDVRP"), "wrong_value", 3, "TYPE"),
    "no CAPACITY": Mistake(swap(CVRP, "CAPACITY : 10\n", ""), "missing_field", None, "CAPACITY"),
    "no DIMENSION": Mistake(
        swap(CVRP, "DIMENSION : 5\n", ""), "missing_field", None, "DIMENSION"
    ),
    "DIMENSION twice": Mistake(
        swap(CVRP, "CAPACITY", "DIMENSION : 5\nCAPACITY"), "duplicate_part", 6, "DIMENSION"
    ),
    "DIMENSION in words": Mistake(
        swap(CVRP, "DIMENSION : 5", "DIMENSION : five"), "not_number", 4, "DIMENSION"
    ),
    "no demands": Mistake(
        re.sub(r"DEMAND_SECTION\n(\d.*\n)+", "", CVRP), "missing_section", None, "DEMAND_SECTION"
    ),
    "no depot": Mistake(
        swap(CVRP, "DEPOT_SECTION\n1\n-1\n", ""), "missing_section", None, "DEPOT_SECTION"
    ),
    "no coordinates": Mistake(
        re.sub(r"NODE_COORD_SECTION\n(\d.*\n)+", "", CVRP),
        "missing_section", None, "NODE_COORD_SECTION",
    ),
    "a section twice": Mistake(
        swap(CVRP, "DEPOT_S", "DEMAND_SECTION\n1 0\nDEPOT_S"),
        "duplicate_part", 19, "DEMAND_SECTION",
    ),
    "another depot": Mistake(
        swap(CVRP, "SECTION\n1\n-1", "SECTION\n2\n-1"), "depot_number", 20, "DEPOT_SECTION"
    ),
    "two depots": Mistake(
        swap(CVRP, "SECTION\n1\n-1", "SECTION\n1\n2\n-1"), "depot_number", 21, "DEPOT_SECTION"
    ),
    "no depot listed": Mistake(
        swap(CVRP, "SECTION\n1\n-1", "SECTION\n-1"), "depot_number", 19, "DEPOT_SECTION"
    ),
    "a row too few": Mistake(swap(CVRP, "5 6\n", ""), "missing_nodes", 17, "DEMAND_SECTION"),
    "a row too many": Mistake(
        swap(CVRP, "5 6\n", "5 6\n6 1\n"), "unknown_node", 19, "DEMAND_SECTION"
    ),
    "a node twice": Mistake(swap(CVRP, "3 5\n", "2 5\n"), "duplicate_node", 16, "DEMAND_SECTION"),
    "a torn row": Mistake(swap(CVRP, "4 -1 -1", "4 -1"), "wrong_width", 11, "NODE_COORD_SECTION"),
    "no number": Mistake(swap(CVRP, "4 4\n", "4 four\n"), "not_number", 17, "DEMAND_SECTION"),
    "not a number": Mistake(
        swap(CVRP, "4 -1 -1", "4 nan -1"), "not_number", 11, "NODE_COORD_SECTION"
    ),
    "infinite": Mistake(swap(CVRP, "CAPACITY : 10", "CAPACITY : inf"), "not_number", 6, "CAPACITY"),
    "full-width digits": Mistake(
        swap(CVRP, "4 4\n", "4 ４\n"), "not_number", 17, "DEMAND_SECTION"
    ),
    "digits with underscores": Mistake(
        swap(CVRP, "4 4\n", "4 1_0\n"), "not_number", 17, "DEMAND_SECTION"
    ),
    "a negative demand": Mistake(
        swap(CVRP, "4 4\n", "4 -4\n"), "negative", 17, "DEMAND_SECTION"
    ),
    "demand over capacity": Mistake(
        swap(CVRP, "4 4\n", "4 11\n"), "over_capacity", 17, "DEMAND_SECTION"
    ),
    "a fleet too small": Mistake(
        swap(VRPTW, "VEHICLES : 3", "VEHICLES : 1"), "fleet_too_small", None, "DEMAND_SECTION"
    ),
    "a number beyond all use": Mistake(
        swap(CVRP, "4 4\n", f"4 {'9' * 5000}\n"), "too_large", 17, "DEMAND_SECTION"
    ),
    "an exponent beyond all use": Mistake(
        swap(CVRP, "4 -1 -1", "4 1e999 -1"), "too_large", 11, "NODE_COORD_SECTION"
    ),
    "a fraction beyond all use": Mistake(
        swap(CVRP, "4 -1 -1", "4 1e-999 -1"), "too_fine", 11, "NODE_COORD_SECTION"
    ),
    "amounts beyond 64 bits": Mistake(
        swap(CVRP, "4 4\n", "4 0.1234567890123456789\n"),
        "too_large_together", None, "DEMAND_SECTION",
    ),
    "a half customer": Mistake(
        swap(CVRP, "DIMENSION : 5", "DIMENSION : 5.5"), "not_whole", 4, "DIMENSION"
    ),
    "nobody to visit": Mistake(
        "TYPE: CVRP\nDIMENSION: 1\nCAPACITY: 1\nEDGE_WEIGHT_TYPE: EUC_2D\nNODE_COORD_SECTION\n"
        "1 0 0\nDEMAND_SECTION\n1 0\nDEPOT_SECTION\n1\nEOF",
        "no_visits", None, "",
    ),
    "a stray line": Mistake(swap(CVRP, "DIMENSION", "hello\nDIMENSION"), "stray_line", 4, ""),
    "a limit on distance": Mistake(
        swap(CVRP, "CAPACITY", "DISTANCE : 200\nCAPACITY"), "unsupported", 6, "DISTANCE"
    ),
    "an unknown section": Mistake(
        swap(CVRP, "DEPOT_S", "BACKHAUL_SECTION\n1 0\nDEPOT_S"), "unsupported", 19,
        "BACKHAUL_SECTION",
    ),
    "a globe": Mistake(
        swap(CVRP, "EUC_2D", "GEO"), "wrong_value", 5, "EDGE_WEIGHT_TYPE"
    ),
    "distances too few": Mistake(
        swap(EXPLICIT, "8 9", "8"), "wrong_count", 7, "EDGE_WEIGHT_SECTION"
    ),
    "a negative distance": Mistake(
        swap(EXPLICIT, "8 9", "8 -9"), "negative", 9, "EDGE_WEIGHT_SECTION"
    ),
    "an unknown form of matrix": Mistake(
        swap(EXPLICIT, "LOWER_ROW", "ROWS"), "wrong_value", 5, "EDGE_WEIGHT_FORMAT"
    ),
    "no form of matrix": Mistake(
        swap(EXPLICIT, "EDGE_WEIGHT_FORMAT : LOWER_ROW\n", ""), "missing_field", None,
        "EDGE_WEIGHT_FORMAT",
    ),
    "no matrix": Mistake(
        swap(EXPLICIT, "EDGE_WEIGHT_SECTION\n7\n8 9\n", ""), "missing_section", None,
        "EDGE_WEIGHT_SECTION",
    ),
    "a matrix not meant": Mistake(
        swap(
            swap(EXPLICIT, "EXPLICIT", "EUC_2D"), "EDGE_WEIGHT_S",
            "NODE_COORD_SECTION\n1 0 0\n2 0 0\n3 0 0\nEDGE_WEIGHT_S",
        ),
        "matrix_unmeant", 11, "EDGE_WEIGHT_SECTION",
    ),
    "a window that ends first": Mistake(
        swap(VRPTW, "2 10 20", "2 20 10"), "window_order", 20, "TIME_WINDOW_SECTION"
    ),
    "a window out of reach": Mistake(  # 3, 4 is 5 away
        swap(VRPTW, "2 10 20", "2 0 4"), "unreachable", 20, "TIME_WINDOW_SECTION"
    ),
    "no way home": Mistake(  # there at 97, 2 of service, 10 home
        swap(VRPTW, "4 0 60", "4 97 99"), "not_home", 22, "TIME_WINDOW_SECTION"
    ),
    "released too late": Mistake(  # leaves at 50, 1.4 away, open until 50
        swap(RELOADS, "3 9\n", "3 50\n"), "unreachable", 21, "TIME_WINDOW_SECTION"
    ),
    "no prizes": Mistake(
        re.sub(r"PRIZE_SECTION\n(\d.*\n)+", "", PRIZES), "missing_section", None, "PRIZE_SECTION"
    ),
    "reloading elsewhere": Mistake(
        swap(RELOADS, "2 1\n3 1\nDEPOT", "2 2\n3 1\nDEPOT"), "depot_number", 30,
        "VEHICLES_RELOAD_DEPOT_SECTION",
    ),
    "vehicles uncounted": Mistake(
        swap(RELOADS, "VEHICLES : 3\n", ""), "missing_field", None, "VEHICLES"
    ),
    "no such heading": Mistake(
        swap(SOLOMON, "CUSTOMER", "CLIENTS"), "missing_section", None, "CUSTOMER",
    ),
    "a fleet of one number": Mistake(
        swap(SOLOMON, "  3          10", " 3"), "wrong_width", 5, "VEHICLE",
    ),
    "a customer skipped": Mistake(
        swap(SOLOMON, "\n    2 ", "\n    4 "), "missing_nodes", 13, "CUSTOMER",
    ),
    "a customer twice": Mistake(
        swap(SOLOMON, "\n    2 ", "\n    1 "), "duplicate_node", 12, "CUSTOMER",
    ),
    "one load, two amounts": Mistake(swap(LI_LIM, "\t-5\t", "\t-4\t"), "pair_loads", 3, "DEMAND"),
    "a pickup that unloads": Mistake(
        LI_LIM.replace("\t-5\t", "\t55\t").replace("\t5\t", "\t-5\t").replace("\t55\t", "\t5\t"),
        "pair_loads", 3, "DEMAND",
    ),
    "a visit of both kinds": Mistake(
        swap(LI_LIM, "2\t0\t3\n", "2\t3\t3\n"), "pair_role", 3, "pickup",
    ),
    "a partner beyond the end": Mistake(
        swap(LI_LIM, "2\t0\t3\n", "2\t0\t9\n"), "pair_role", 3, "pickup",
    ),
    "a depot in a pair": Mistake(
        swap(LI_LIM, "100\t0\t0\t0\n", "100\t0\t0\t3\n"), "depot_paired", 2, "pickup"
    ),
    "a drop out of reach": Mistake(  # 1 starts at 10, 2 of service, 5 to go: 17
        swap(LI_LIM, "60\t2\t1\t0", "16\t2\t1\t0"), "unreachable", 5, "DUE DATE"
    ),
    "a pair over capacity": Mistake(
        LI_LIM.replace("\t6\t0", "\t16\t0").replace("\t-6\t", "\t-16\t"), "over_capacity", 6, "DEMAND"
    ),
    "a speed": Mistake(swap(LI_LIM, "2\t10\t1\n", "2\t10\t3\n"), "not_used", 1, "speed"),
    "a bare first line": Mistake(swap(LI_LIM, "2\t10\t1\n", "2\t10\n"), "wrong_width", 1, ""),
    "a field of no use": Mistake(
        swap(CVRP, "CAPACITY", "OPTIMUM : 9\nCAPACITY"), "not_used", 6, "OPTIMUM",
    ),
    "something after the end": Mistake(CVRP + "more\n", "after_end", 23, "EOF"),
    "a depot with a demand": Mistake(
        swap(CVRP, "DEMAND_SECTION\n1 0", "DEMAND_SECTION\n1 3"), "depot_value", 14, "DEMAND_SECTION"
    ),
    "optional and out of reach": Mistake(
        swap(PRIZES, "2 10 20", "2 0 4"), "never_made", 20, "TIME_WINDOW_SECTION"
    ),
    "optional and too large": Mistake(
        swap(PRIZES, "2 5\n", "2 50\n"), "never_made", 15, "DEMAND_SECTION"
    ),
    "perhaps out of reach": Mistake(  # without service a detour can be quicker by what is cut off
        VRPTW.replace("2 10 20", "2 0 4").replace("TIME : 2", "TIME : 0"),
        "doubtful", 20, "TIME_WINDOW_SECTION",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_one_mistake_is_one_finding_with_its_place(name: str, tmp_path: Path) -> None:
    mistake = MISTAKES[name]
    problem, findings = read_routing(write(mistake.text, tmp_path))
    texts = [finding.text() for finding in findings]
    assert [(f.code, f.row, f.column) for f in findings] == [mistake[1:]], texts
    assert findings[0].file == "tiny.vrp"
    assert findings[0].fix
    assert (problem is None) == findings[0].is_error
    _, japanese = read_routing(tmp_path / "tiny.vrp", language="ja")
    assert [f.code for f in japanese] == [mistake.code]
    assert not japanese[0].message.isascii()


def test_both_ends_of_a_pair_that_does_not_match_are_named(tmp_path: Path) -> None:
    text = swap(LI_LIM, "2\t0\t3\n", "2\t0\t2\n")  # 1 says 2, whose pickup is 4; 3 says 1
    _, findings = read_routing(write(text, tmp_path))
    assert [(f.code, f.row) for f in findings] == [("pair_mismatch", 3), ("pair_mismatch", 5)]


def test_a_gigantic_dimension_takes_no_memory(tmp_path: Path) -> None:
    text = swap(EXPLICIT, "DIMENSION : 3", "DIMENSION : 999999999999")
    _, findings = read_routing(write(text, tmp_path))
    assert [f.code for f in findings] == ["missing_nodes", "wrong_count"]


FILES: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "empty_file"),
    "blanks": (b"\n \t\n# only a remark\n", "empty_file"),
    "binary": (b"\x1f\x8b\x08\x00\x00\x01\xff", "binary_file"),
    "Shift JIS": ("NAME : 高槻\n".encode("cp932"), "not_utf8"),
    "Latin 1": ("NAME : S\xe3o\n".encode("latin-1"), "not_utf8"),
    "UTF-16": (CVRP.encode("utf-16"), "binary_file"),
    "prose": (b"Dear all,\nsee attachment.\n", "unknown_format"),
    "JSON": (b'{"a": 1}', "unknown_format"),
    "only EOF": (b"EOF\n", "unknown_format"),
}


@pytest.mark.parametrize("name", FILES)
def test_what_is_no_instance(name: str, tmp_path: Path) -> None:
    content, code = FILES[name]
    problem, findings = read_routing(write(content, tmp_path))
    assert problem is None
    assert [finding.code for finding in findings] == [code]


def test_a_folder_or_nothing_at_all(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.vrp"):
        assert [f.code for f in read_routing(path)[1]] == ["unreadable_file"]


def test_never_a_thousand_of_one_kind(tmp_path: Path) -> None:
    rows = "".join(f"{i} x\n" for i in range(1, 1001))
    text = swap(CVRP, "DIMENSION : 5", "DIMENSION : 1000")
    text = re.sub(r"DEMAND_SECTION\n(\d.*\n)+", f"DEMAND_SECTION\n{rows}", text)
    _, findings = read_routing(write(text, tmp_path))
    codes = [finding.code for finding in findings]
    assert codes.count("not_number") == LISTED_MAX
    assert "980 more findings" in findings[codes.index("more_of_these")].message


SOLUTION_CODES = {"other_line", "unknown_visit", "no_routes"}


def test_every_text_is_met_in_a_test() -> None:
    met = {mistake.code for mistake in MISTAKES.values()} | {code for _, code in FILES.values()}
    met |= {"pair_mismatch", "unreadable_file", "more_of_these"} | SOLUTION_CODES
    assert met == set(catalogue("routing"))


def test_every_warning_stands_on_the_page() -> None:
    page = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")
    entries = catalogue("routing").items()
    warnings = {code for code, entry in entries if entry.severity is Severity.WARNING}
    assert warnings <= set(re.findall(r"`(\w+)`", page))
