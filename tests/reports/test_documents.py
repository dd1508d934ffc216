"""What stands on each sheet, before it is printed."""

from __future__ import annotations

from dataclasses import replace

from logistics.model.plan import Allocation, Rest, Status
from logistics.reports.blocks import Beside, Cell, Document, Facts, Notice, Table
from logistics.reports.contacts import Contact
from logistics.reports.driving import driver_sheets
from logistics.reports.handing import satellite_sheets
from logistics.reports.messages import Words
from logistics.reports.picking import pick_lists
from logistics.reports.sheets import documents
from tests.reports.sample import FOLDER, WEDNESDAY, at, sample_plan, sample_problem

ENGLISH = Words("en", sample_problem())
PLAN = sample_plan()


def said(cell: Cell) -> str:
    """The words of a cell, counts first."""
    return " | ".join(
        f"{entry.count} {entry.text}" if entry.count is not None else entry.text for entry in cell
    )


def tables(document: Document, page: int = 0) -> list[Table]:
    return [block for block in document.pages[page].blocks if isinstance(block, Table)]


def facts(document: Document, page: int = 0) -> dict[str, str]:
    strip = next(block for block in document.pages[page].blocks if isinstance(block, Facts))
    return {fact.label: fact.value for fact in strip.facts}


def by_name(found: list[Document]) -> dict[str, Document]:
    return {document.name: document for document in found}


def drives(contacts: dict[str, Contact] | None = None) -> dict[str, Document]:
    return by_name(driver_sheets(PLAN, ENGLISH, contacts or {}))


def test_each_hub_day_vehicle_day_and_session_has_one_document() -> None:
    names = [document.name for document in documents(sample_problem(), PLAN, FOLDER, "ja")]
    assert names == [
        "pick-HUB-2026-11-25",
        "pick-HUB-2026-11-26",
        "drive-V1-2026-11-25",
        "drive-V1-2026-11-26",
        "drive-V2-2026-11-26",
        "satellite-SE1-2026-11-25",
        "satellite-SE2-2026-11-26",
        "satellite-SE3-2026-11-27",
    ]


def test_the_pick_list_says_what_goes_to_which_stop() -> None:
    wednesday = by_name(pick_lists(PLAN, ENGLISH))["pick-HUB-2026-11-25"]
    trip, coming = tables(wednesday)
    assert trip.title == "13:15 vehicle V1, trip 2 of 2"
    rice = next(row for row in trip.rows if said(row[2]).startswith("無洗米"))
    # Rice: H01 1, H02 1, H04 2 at stop 1; H09 1 at stop 2. Five bags of 2 kg.
    assert [said(cell) for cell in rice[3:]] == [
        "5",
        "10.0 kg",
        "4 stop 1 第七中学校区つどいの場 | 1 stop 2 H09",
    ]
    # Ambient: rice 10 kg, soup 10 x 180 g, rolls 3 x 240 g = 12.52 kg; frozen: 3 x 320 g.
    assert facts(wednesday) == {
        "Trips to load": "1",
        "Ambient": "12.5 kg",
        "Chilled": "4.7 kg",
        "Frozen": "960 g",
    }
    assert [said(row[3]) for row in coming.rows] == ["30", "40", "24"]
    assert said(coming.rows[0][5]) == "架空ベーカリー"


def test_the_driver_reads_stops_in_order_with_times_and_boxes_to_tick() -> None:
    sheet = drives()["drive-V1-2026-11-25"]
    assert [page.title for page in sheet.pages] == ["Trip 1 of 2", "Trip 2 of 2"]
    (stops,) = tables(sheet, page=1)
    assert [said(row[0]) for row in stops.rows] == ["Start", "1", "2", "3", "End"]
    assert said(stops.rows[0][1]) == "13:00 | to 13:15"
    door = stops.rows[2]
    assert said(door[1]).endswith("promised | 13:00–17:00")
    assert said(door[3]) == "Unload | 1 無洗米 2kg | Unload | 2 冷凍さば切り身 4枚"
    assert [entry.check for entry in door[3]] == [False, True, False, True]
    assert said(door[4]) == "Done | Absent"
    assert said(stops.rows[1][4]) == "Done"
    assert stops.rows[4][4] == ()


def test_the_break_stands_on_the_drivers_sheet() -> None:
    rest = Rest(at(WEDNESDAY, 12), at(WEDNESDAY, 12, 45))
    rested = replace(PLAN, routes=tuple(replace(route, rest=rest) for route in PLAN.routes))
    (sheet, *_) = driver_sheets(rested, ENGLISH, {})
    assert facts(sheet)["Break"] == "12:00–12:45"
    assert "Break" not in facts(drives()["drive-V1-2026-11-25"])


def test_the_drivers_rules_fit_the_trip() -> None:
    collecting, delivering = drives()["drive-V1-2026-11-25"].pages
    assert _rules(collecting.blocks[-1]).title == "If something goes wrong"
    notice = _rules(delivering.blocks[-1])
    assert notice.title == "If nobody is home"
    assert notice.lines[0].startswith("Call first (coordinator): ___")
    assert "within 90 min" in notice.lines[1]
    assert "Leave nothing at the door" in notice.lines[3]
    # V2 has a powered fridge: no limit to keep.
    powered = _rules(drives()["drive-V2-2026-11-26"].pages[0].blocks[-1])
    assert not any(" min " in line for line in powered.lines)


def _rules(block: object) -> Notice:
    assert isinstance(block, Beside)
    return block.notice


def test_contacts_reach_the_drivers_sheet_for_the_stops_of_that_trip_only() -> None:
    contacts = {
        "H09": Contact("阿武さん", "090-9", "阿武野1-1", "犬がいます"),
        "H11": Contact("西さん", "090-11", "", ""),
        "coordinator": Contact("山田", "072-1", "", ""),
    }
    sheets = drives(contacts)
    (stops,) = tables(sheets["drive-V1-2026-11-25"], page=1)
    assert said(stops.rows[2][2]) == "H09 | 阿武さん  090-9 | 阿武野1-1 | 犬がいます"
    assert "西さん" not in str(sheets["drive-V1-2026-11-25"])
    assert "西さん" in str(sheets["drive-V1-2026-11-26"])
    assert "Call first: 山田 072-1" in str(sheets["drive-V2-2026-11-26"])
    others = [*pick_lists(PLAN, ENGLISH), *satellite_sheets(PLAN, ENGLISH)]
    assert not any("090-" in str(document) for document in others)


def test_the_driver_learns_nothing_about_people_but_their_reference() -> None:
    text = str(list(drives().values()))
    assert "egg" not in text.lower()
    assert "members" not in text


def test_the_satellite_sheet_names_what_must_not_be_handed_over() -> None:
    sheet = by_name(satellite_sheets(PLAN, ENGLISH))["satellite-SE1-2026-11-25"]
    who, items, unplanned = tables(sheet)
    warnings = {said(row[1]): said(row[3]) for row in who.rows}
    assert warnings["H01"] == "–"
    # H04 avoids wheat and egg: the rolls contain wheat, spinach is undeclared.
    assert warnings["H04"] == (
        "Avoids egg, wheat | Never give (contains it): ミルクロールパン 6個入り (wheat)"
        " | Never give (unknown): ほうれん草 1束"
    )
    declared = {said(row[2]).split(" | ")[0]: said(row[5]) for row in items.rows}
    assert declared["ほうれん草 1束"] == "All unknown (no declaration)"
    assert declared["ミルクロールパン 6個入り"] == "Contains wheat | egg unknown"
    assert declared["無洗米 2kg"] == "None declared"
    assert [said(row[1]) for row in unplanned.rows] == ["H07"]
    assert facts(sheet)["Households"] == "4"


def test_many_undeclared_items_are_counted_instead_of_named() -> None:
    problem = sample_problem()
    bare = {lot_id: replace(lot, checked=frozenset()) for lot_id, lot in problem.lots.items()}
    more = {f"X{i}": replace(bare["L01"], id=f"X{i}", contains=frozenset()) for i in range(3)}
    words = Words("en", replace(problem, lots={**bare, **more}))
    plan = sample_plan()
    extra = tuple(replace(plan.allocation.lines[0], lot_id=lot_id) for lot_id in more)
    lines = (*plan.allocation.lines, *extra)
    fuller = replace(plan, allocation=replace(plan.allocation, lines=lines))
    sheet = by_name(satellite_sheets(fuller, words))["satellite-SE1-2026-11-25"]
    h02 = next(row for row in tables(sheet)[0].rows if said(row[1]) == "H02")
    # Six items of the sample and three more, none of which declares egg.
    assert "9 other items are unknown" in said(h02[3])


def test_a_session_without_lines_says_so() -> None:
    sheet = by_name(satellite_sheets(PLAN, ENGLISH))["satellite-SE3-2026-11-27"]
    who, items = tables(sheet)
    assert (who.rows, items.rows) == ((), ())
    assert who.empty == "No household is assigned to this session."


def test_an_empty_plan_prints_sessions_and_nothing_else() -> None:
    empty = replace(PLAN, allocation=Allocation(Status.OPTIMAL, (), ()), routes=())
    found = documents(sample_problem(), empty, FOLDER, "en")
    assert [document.name.split("-")[0] for document in found] == ["satellite"] * 3
    unplanned = tables(by_name(found)["satellite-SE1-2026-11-25"])[2]
    assert [said(row[1]) for row in unplanned.rows] == ["H01", "H02", "H03", "H04", "H07"]


def test_goods_for_a_session_at_the_hub_stay_off_the_vehicles() -> None:
    lines = tuple(
        replace(line, session_id="SE3", day=4) if line.household_id == "H06" else line
        for line in PLAN.allocation.lines
    )
    plan = replace(PLAN, allocation=replace(PLAN.allocation, lines=lines))
    friday = by_name(pick_lists(plan, ENGLISH))["pick-HUB-2026-11-27"]
    (stays,) = tables(friday)
    assert stays.title == "Handed out here today: do not load"
    assert [said(row[3]) for row in stays.rows] == ["2", "2"]  # soup and rice of H06
