"""The satellite sheet: who gets what at one session, and what must not be handed to whom."""

from __future__ import annotations

from collections import Counter

from logistics.model.goods import Lot
from logistics.model.people import Household
from logistics.model.places import Session
from logistics.model.plan import Line, Load, Plan
from logistics.model.units import Channel, clock, date_of
from logistics.reports.blocks import (
    Cell,
    Column,
    Document,
    Entry,
    Fact,
    Facts,
    Look,
    Notice,
    Page,
    Table,
    plain,
    strong,
    tick,
)
from logistics.reports.itinerary import in_storage_order, journeys
from logistics.reports.messages import Words
from logistics.reports.picking import lot_name, storage_facts

DOUBTS_MAX = 6
"""More undeclared items than this are counted, not named: a wall of text warns nobody."""


def satellite_sheets(plan: Plan, words: Words) -> list[Document]:
    """One document for every session, also for one to which nobody is assigned."""
    sessions = sorted(
        words.problem.sessions.values(), key=lambda session: (session.open_s, session.id)
    )
    return [_document(plan, words, session) for session in sessions]


def _document(plan: Plan, words: Words, session: Session) -> Document:
    site = words.problem.sites[session.site_id]
    lines = [line for line in plan.allocation.lines if line.session_id == session.id]
    table = _on_the_table(words, lines)
    page = Page(
        kind=words.say("hand_kind"),
        title=site.name,
        aside=session.id,
        subtitle=f"{words.day(session.day)}  {clock(session.open_s)}–{clock(session.close_s)}",
        blocks=(
            _facts(words, plan, session, lines, table),
            Notice(words.say("hand_rules_title"), words.numbered("hand_rule")),
            _households(words, lines, table),
            _items(words, lines, table),
            *_unplanned(plan, words, session),
        ),
    )
    return Document(
        name=f"satellite-{session.id}-{date_of(words.problem.week_start, session.day)}",
        language=words.language,
        title=f"{words.say('hand_title', site=site.name)} {words.day(session.day)}",
        footer=words.say("hand_footer", week=words.problem.name),
        labels=words.storages(),
        pages=(page,),
    )


def _on_the_table(words: Words, lines: list[Line]) -> list[Load]:
    units: Counter[str] = Counter()
    for line in lines:
        units[line.lot_id] += line.units
    return in_storage_order(words.problem, [Load(lot_id, count) for lot_id, count in units.items()])


def _facts(
    words: Words, plan: Plan, session: Session, lines: list[Line], table: list[Load]
) -> Facts:
    households = len({line.household_id for line in lines})
    arrivals = sorted(
        clock(stop.arrive_s)
        for journey in journeys(plan, session.day)
        for stop in journey.calls
        if stop.id == session.site_id and stop.unload
    )
    facts = [Fact(words.say("hand_households"), str(households)), *storage_facts(words, table)]
    if arrivals:
        times = words.say("list_separator").join(arrivals)
        facts.append(Fact(words.say("hand_arrivals"), times))
    return Facts(tuple(facts))


def _households(words: Words, lines: list[Line], table: list[Load]) -> Table:
    rows = []
    for household_id in sorted({line.household_id for line in lines}):
        household = words.problem.households[household_id]
        own = [Load(li.lot_id, li.units) for li in lines if li.household_id == household_id]
        ordered = in_storage_order(words.problem, own)
        items = tuple(_goods(words.problem.lots[load.lot_id], load) for load in ordered)
        rows.append((tick(), strong(household_id), items, _warnings(words, household, table), ()))
    columns = (
        Column("", 0.7, "center"),
        Column(words.say("col_household"), 1.7),
        Column(words.say("col_gets"), 8.4),
        Column(words.say("col_warning"), 4.8),
        Column(words.say("col_signature"), 2.6),
    )
    return Table(words.say("hand_who"), columns, tuple(rows), words.say("hand_nobody"))


def _goods(lot: Lot, load: Load) -> Entry:
    return Entry(lot.item, storage=str(lot.storage), count=load.units, detail=lot.id)


def _warnings(words: Words, household: Household, table: list[Load]) -> Cell:
    """What the household avoids, and what on the table contains it or may contain it."""
    if not household.avoid:
        return plain("–", Look.MUTED)
    dangers, doubts = [], []
    for lot in (words.problem.lots[load.lot_id] for load in table):
        present = household.avoid & lot.contains
        if present:
            what = words.allergens(present)
            dangers.append(words.say("item_with", item=lot.item, what=what))
        elif household.avoid - lot.checked:
            doubts.append(lot.item)
    avoids = words.say("avoids", what=words.allergens(household.avoid))
    entries = [Entry(avoids, look=Look.WARNING)]
    if dangers:
        items = words.say("list_separator").join(dangers)
        entries.append(Entry(words.say("never_contains", items=items)))
    if len(doubts) > DOUBTS_MAX:
        entries.append(Entry(words.say("never_unknown_many", count=len(doubts))))
    elif doubts:
        items = words.say("list_separator").join(doubts)
        entries.append(Entry(words.say("never_unknown", items=items)))
    return tuple(entries)


def _items(words: Words, lines: list[Line], table: list[Load]) -> Table:
    watched = frozenset(
        code for line in lines for code in words.problem.households[line.household_id].avoid
    )
    rows = tuple(_item(words, words.problem.lots[load.lot_id], load, watched) for load in table)
    columns = (
        Column("", 0.7, "center"),
        Column(words.say("col_storage"), 2.3),
        Column(words.say("col_item"), 6.2),
        Column(words.say("col_units"), 1.4, "right"),
        Column(words.say("col_counted"), 1.9, "center"),
        Column(words.say("col_allergens"), 5.9),
    )
    return Table(words.say("hand_table"), columns, rows, words.say("hand_table_empty"))


def _item(words: Words, lot: Lot, load: Load, watched: frozenset[str]) -> tuple[Cell, ...]:
    return (
        tick(),
        (Entry("", storage=str(lot.storage)),),
        lot_name(words, lot),
        strong(str(load.units)),
        (),
        _declared(words, lot, watched),
    )


def _declared(words: Words, lot: Lot, watched: frozenset[str]) -> Cell:
    """What the lot contains, and which codes that somebody here avoids nobody has checked."""
    if not lot.contains and not lot.checked:
        return (Entry(words.say("not_declared"), look=Look.WARNING),)
    unknown = watched - lot.contains - lot.checked
    entries = []
    if lot.contains:
        entries.append(Entry(words.say("contains", what=words.allergens(lot.contains))))
    if unknown:
        text = words.say("unknown", what=words.allergens(unknown))
        entries.append(Entry(text, look=Look.WARNING))
    return tuple(entries) or plain(words.say("none_declared"), Look.MUTED)


def _unplanned(plan: Plan, words: Words, session: Session) -> tuple[Table, ...]:
    """Households that may come to this session though nothing is planned for them this week."""
    served = {line.household_id for line in plan.allocation.lines}
    empty_handed = [
        household
        for household in words.problem.households.values()
        if household.channel is Channel.PICKUP
        and session.id in household.session_ids
        and household.id not in served
    ]
    if not empty_handed:
        return ()
    rows = tuple(
        (tick(), strong(household.id), _warnings(words, household, []), ())
        for household in sorted(empty_handed, key=lambda household: household.id)
    )
    columns = (
        Column("", 0.7, "center"),
        Column(words.say("col_household"), 1.7),
        Column(words.say("col_warning"), 7),
        Column(words.say("col_note"), 8.6),
    )
    note = words.say("hand_unplanned_note")
    return (Table(words.say("hand_unplanned"), columns, rows, "", note),)
