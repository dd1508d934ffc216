"""The pick list: for one hub and day, what goes on which trip, what comes in, what stays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from logistics.model.goods import Lot
from logistics.model.plan import Load, Plan, Stop
from logistics.model.units import SiteKind, clock, date_of
from logistics.reports.blocks import (
    Block,
    Cell,
    Column,
    Document,
    Entry,
    Fact,
    Facts,
    Look,
    Page,
    Table,
    plain,
    strong,
    tick,
)
from logistics.reports.itinerary import Journey, busy_days, grams, in_storage_order, journeys
from logistics.reports.messages import Words

Call = tuple[Journey, int, Stop]
"""A stop with its trip and its place in it."""


def pick_lists(plan: Plan, words: Words) -> list[Document]:
    """One document for every day and place that is no donor where goods are picked or come in."""
    documents = []
    for day in busy_days(words.problem, plan):
        for site_id in sorted(words.problem.sites):
            blocks = _blocks(plan, words, site_id, day)
            if blocks:
                documents.append(_document(words, site_id, day, blocks))
    return documents


def storage_facts(words: Words, loads: list[Load]) -> list[Fact]:
    """Kilograms of each storage class that occurs, for a strip of figures."""
    return [
        Fact(words.storage(storage), words.mass(mass), str(storage))
        for storage, mass in grams(words.problem, loads).items()
    ]


def _document(words: Words, site_id: str, day: int, blocks: tuple[Block, ...]) -> Document:
    site = words.problem.sites[site_id]
    title = words.say("pick_title", site=site.name)
    page = Page(words.say("pick_kind"), site.name, site_id, words.day(day), blocks)
    return Document(
        name=f"pick-{site_id}-{date_of(words.problem.week_start, day)}",
        language=words.language,
        title=f"{title} {words.day(day)}",
        footer=words.say("footer", week=words.problem.name),
        labels=words.storages(),
        pages=(page,),
    )


def _blocks(plan: Plan, words: Words, site_id: str, day: int) -> tuple[Block, ...]:
    site = words.problem.sites[site_id]
    if site.kind is SiteKind.DONOR:
        return ()
    calls = [call for call in _calls(plan, day) if call[2].id == site_id]
    picked = sorted((call for call in calls if call[2].load), key=lambda call: call[2].leave_s)
    coming = [call for call in calls if call[2].unload] if site.kind is SiteKind.HUB else []
    stays = _handed_over_here(words, plan, site_id, day) if site.kind is SiteKind.HUB else []
    if not (picked or coming or stays):
        return ()
    loads = [load for _, _, stop in picked for load in stop.load]
    facts = [
        Fact(words.say("pick_trips"), str(len(picked))),
        *storage_facts(words, loads),
    ]
    blocks: list[Block] = [Facts(tuple(facts))]
    blocks += [_trip_table(words, call) for call in picked]
    if coming:
        blocks.append(_arrivals(words, coming))
    if stays:
        blocks.append(_stays(words, stays))
    return tuple(blocks)


def _calls(plan: Plan, day: int) -> Iterator[Call]:
    for journey in journeys(plan, day):
        for index, stop in enumerate(journey.trip.stops):
            yield journey, index, stop


def _trip_table(words: Words, call: Call) -> Table:
    journey, index, stop = call
    title = words.say(
        "pick_trip",
        vehicle=journey.route.vehicle_id,
        number=journey.number,
        count=journey.count,
        time=clock(stop.leave_s),
    )
    rows = tuple(
        (*_goods(words, load), _goals(words, journey, index, load))
        for load in in_storage_order(words.problem, stop.load)
    )
    columns = (*_goods_columns(words), Column(words.say("col_for_stop"), 5.2))
    note = " / ".join(
        f"{fact.label} {fact.value}" for fact in storage_facts(words, list(stop.load))
    )
    return Table(title, columns, rows, "", words.say("total", what=note))


def _goods_columns(words: Words) -> tuple[Column, ...]:
    return (
        Column("", 0.7, "center"),
        Column(words.say("col_storage"), 2.3),
        Column(words.say("col_item"), 6),
        Column(words.say("col_units"), 1.4, "right"),
        Column(words.say("col_mass"), 2, "right"),
    )


def _goods(words: Words, load: Load) -> tuple[Cell, ...]:
    lot = words.problem.lots[load.lot_id]
    return (
        tick(),
        (Entry("", storage=str(lot.storage)),),
        lot_name(words, lot),
        strong(str(load.units)),
        plain(words.mass(load.units * lot.unit_g)),
    )


def lot_name(words: Words, lot: Lot) -> Cell:
    """A lot's item and identifier, and below it the date on its label."""
    dated = words.label(lot)
    name = Entry(lot.item, detail=lot.id)
    return (name, Entry(dated, look=Look.MUTED)) if dated else (name,)


def _goals(words: Words, journey: Journey, index: int, load: Load) -> Cell:
    return tuple(
        Entry(words.say("goal", number=number, place=place_name(words, stop)), count=units)
        for number, stop, units in journey.goals(index, load.lot_id)
    )


def place_name(words: Words, stop: Stop) -> str:
    """A site by its name, a household by its reference."""
    site = words.problem.sites.get(stop.id)
    return stop.id if site is None else site.name


def _arrivals(words: Words, calls: list[Call]) -> Table:
    rows = []
    for journey, _, stop in sorted(calls, key=lambda call: call[2].start_s):
        for load in in_storage_order(words.problem, stop.unload):
            giver = words.problem.organisations.get(words.problem.lots[load.lot_id].org_id)
            source = plain(giver.name if giver else words.problem.lots[load.lot_id].org_id)
            when = (
                Entry(clock(stop.start_s)),
                Entry(words.say("trip_short", vehicle=journey.route.vehicle_id, n=journey.number)),
            )
            rows.append((*_goods(words, load), source, when))
    columns = (
        *_goods_columns(words),
        Column(words.say("col_from"), 3.4),
        Column(words.say("col_when"), 1.8),
    )
    return Table(words.say("pick_arrivals"), columns, tuple(rows), "")


def _handed_over_here(words: Words, plan: Plan, site_id: str, day: int) -> list[Load]:
    """Units for sessions at this site on this day: they are put aside, not driven."""
    units: Counter[str] = Counter()
    for line in plan.allocation.lines:
        session = words.problem.sessions.get(line.session_id or "")
        if session and session.site_id == site_id and session.day == day:
            units[line.lot_id] += line.units
    return in_storage_order(words.problem, [Load(lot_id, count) for lot_id, count in units.items()])


def _stays(words: Words, loads: list[Load]) -> Table:
    rows = tuple(_goods(words, load) for load in loads)
    return Table(words.say("pick_stays"), _goods_columns(words), rows, "")
