"""What planning learns from a job that was not driven, from the mildest to the harshest."""

from __future__ import annotations

from logistics.model.plan import Cut, Line
from logistics.model.problem import WeekProblem
from logistics.model.units import MINUTE_S, SiteKind, Storage
from logistics.solver.allocation import allocate
from logistics.solver.cuts import cuts_of, without_dropped
from logistics.solver.eligible import eligibility
from logistics.solver.jobs import JobBuilder
from logistics.solver.routing import DayJobs, Dropped
from logistics.solver.ways import Ways
from tests import weeks
from tests.weeks import at

ROAD = weeks.road({"HUB": 0, "FARM": -10, "T1": 20, "A": 10})
WEDNESDAY = weeks.shift(at(2, 8), at(2, 18))
VAN = {"V1": weeks.van()}


def planned(problem: WeekProblem) -> tuple[tuple[Line, ...], list[DayJobs]]:
    """Lines and the jobs of each day."""
    eligible = eligibility(problem, Ways(problem, ROAD))
    allocation = allocate(problem, ROAD, eligible, seconds=2.0).allocation
    return allocation.lines, JobBuilder(problem, eligible.options, allocation).days()


def at_home(*lots_: tuple[str, Storage]) -> WeekProblem:
    """A is visited on Wednesday and gets two units of each lot."""
    lots = [weeks.lot(name, 2, storage=storage) for name, storage in lots_]
    home = weeks.visited("A", 2 * len(lots), at(2, 10), at(2, 12), 5 * MINUTE_S)
    return weeks.week(lots, [home], vehicles=VAN, shifts=(WEDNESDAY,))


def test_a_visit_that_was_left_out_is_asked_for_with_less_and_less() -> None:
    problem = at_home(("dry", Storage.AMBIENT), ("cold", Storage.CHILLED))
    _, (day,) = planned(problem)
    (job,) = day.deliveries
    dropped = (Dropped(job.id, False, "no room in the shift"),)

    known: list[Cut] = []
    kinds = []
    while True:
        new = [cut for cut in cuts_of(problem, ROAD, day, dropped, known) if cut not in known]
        if not new:
            break
        assert not any(cut.proven for cut in new)
        kinds.append({cut.kind for cut in new})
        known += new
    assert kinds == [{"detour", "one_trip"}, {"cold_visit"}, {"visit"}]


def test_a_visit_that_cannot_be_driven_is_cut_in_the_end_but_not_proven() -> None:
    # The routes prove it for this load only; a smaller one might be driven.
    problem = at_home(("dry", Storage.AMBIENT))
    _, (day,) = planned(problem)
    (job,) = day.deliveries
    dropped = (Dropped(job.id, True, "out of reach"),)
    mild = cuts_of(problem, ROAD, day, dropped, ())
    (cut,) = cuts_of(problem, ROAD, day, dropped, mild)
    assert cut == Cut("visit", ("A",), False, "out of reach")


def test_a_collection_that_was_left_out_is_not_asked_for_again() -> None:
    # The offer of the farm is fetched on Tuesday for Wednesday's session at the hub.
    problem = weeks.week(
        [weeks.lot("L", 4, site_id="FARM")],
        [weeks.household("A", 4)],
        sites=[weeks.site("FARM", SiteKind.DONOR)],
        vehicles=VAN,
        shifts=(weeks.shift(at(1, 8), at(1, 18)),),
    )
    lines, (day,) = planned(problem)
    (job,) = day.collections
    dropped = (Dropped(job.id, False, "the farm is far"),)
    assert cuts_of(problem, ROAD, day, dropped, ()) == [
        Cut("collection", ("L",), False, "the farm is far")
    ]
    assert without_dropped(problem, lines, day, dropped)[0] == ()


def two_lots_for_t1(van_g: int) -> WeekProblem:
    """3 kg and 1 kg for the session at T1."""
    return weeks.week(
        [weeks.lot("big", 6), weeks.lot("small", 2)],
        [weeks.household("A", 8)],
        [weeks.session("S1", site_id="T1")],
        [weeks.site("T1")],
        vehicles={"V1": weeks.van(capacity_g={Storage.AMBIENT: van_g})},
        shifts=(WEDNESDAY,),
    )


def test_a_session_s_load_is_driven_in_parts_and_cut_to_the_parts_that_were() -> None:
    # The van takes 3 kg: two parts. Without the second one 3 kg can come: that is the new limit.
    problem = two_lots_for_t1(van_g=3_000)
    lines, (day,) = planned(problem)
    first, second = day.deliveries
    assert [sum(part.grams.values()) for part in (first, second)] == [3_000, 1_000]
    dropped = (Dropped(second.id, False, "one trip only"),)
    assert cuts_of(problem, ROAD, day, dropped, ()) == [
        Cut("session_load", ("S1", "ambient", "3000"), False, "one trip only")
    ]
    kept, cuts = without_dropped(problem, lines, day, dropped)
    assert {line.lot_id for line in kept} == {"big"}
    assert {cut.ids for cut in cuts} == {("small", "S1")}


def test_what_keeps_a_cut_is_allocated_again_within_it() -> None:
    problem = two_lots_for_t1(van_g=10_000)
    eligible = eligibility(problem, Ways(problem, ROAD))
    # 1.5 kg at most: three units of 500 g.
    cut = Cut("session_load", ("S1", "ambient", "1500"), False, "said so")
    lines = allocate(problem, ROAD, eligible, (cut,), seconds=2.0).allocation.lines
    assert sum(line.units for line in lines) == 3
    # Not the big lot at all: the two small units are left.
    cut = Cut("delivery", ("big", "S1"), False, "said so")
    lines = allocate(problem, ROAD, eligible, (cut,), seconds=2.0).allocation.lines
    assert [(line.lot_id, line.units) for line in lines] == [("small", 2)]


def test_identifiers_may_hold_blanks() -> None:
    # `Mori 3` is an identifier like any other; the cut names it whole.
    home = weeks.visited("Mori 3", 2, at(2, 10), at(2, 12))
    problem = weeks.week([weeks.lot("dry", 2)], [home], vehicles=VAN, shifts=(WEDNESDAY,))
    travel = weeks.road({"HUB": 0, "Mori 3": 10})
    eligible = eligibility(problem, Ways(problem, travel))
    allocation = allocate(problem, travel, eligible, seconds=2.0).allocation
    (day,) = JobBuilder(problem, eligible.options, allocation).days()
    (job,) = day.deliveries
    dropped = (Dropped(job.id, False, "no room in the shift"),)
    mild = cuts_of(problem, travel, day, dropped, ())
    (cut,) = cuts_of(problem, travel, day, dropped, mild)
    assert (cut.kind, cut.ids) == ("visit", ("Mori 3",))
    assert without_dropped(problem, allocation.lines, day, dropped)[0] == ()
