"""The certificate of a fair share: a chain of tight sets, checked without solving anything.

Households of steps 0..k are tight set *k*. If every lot that a member may have is cut at k, or a
capacity over both is, the set can be given no more than the cut; if it is given exactly that,
nobody in it can rise unless another member falls. So a household that is short is held fairly when
no member of its set that was given anything stands better: in no plan does a level rise without one
as low or lower falling. Where packs move, a member that *falls* gives back its last pack. Moving it to
*h* betters the plan exactly when that pack's event comes after the next event of *h* in the order of

    (level left, minus level reached),

and in the chain's own bounds, which are nested, a plan that no such move betters is a leximin
(a basis of a laminar matroid that no exchange improves).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate

from logistics.judge.shares_case import ShareCase, exact_sum, whole
from logistics.judge.shares_codes import found
from logistics.judge.shares_prices import prices_kept
from logistics.model.errors import Finding
from logistics.model.shares import Chain

Span = tuple[int, int]
"""Steps from the first up to but not including the second."""

Event = tuple[int, int, int]
"""A household's move by one pack: level left and level reached, both over the third number."""


@dataclass(frozen=True, slots=True)
class Links:
    """A chain in lists, and the grains of one pack (1 where anything can be split)."""

    steps: int
    step: list[int]
    lots: list[Span]
    capacities: list[Span]
    pack: int


def certificate_kept(case: ShareCase) -> Iterator[Finding]:
    """All findings about chain and prices, and about levels that are claimed without either."""
    chain = case.result.chain
    if chain is not None:
        links, wrong = _links(case, chain)
        yield from wrong
        if links is not None:
            yield from _sets_tight(case, links)
            yield from _sets_covered(case, links)
            yield from _nobody_better(case, links)
    for position, level in enumerate(case.result.levels):
        if level.proof is not None:
            yield from prices_kept(case, position, level.proof)
        elif chain is None and not case.shares.integer and level.upper_bound == level.level:
            short = [h for h in case.members[position] if case.is_short(h)]
            if short:
                message = f"Level {level.level}: {case.name(short[0])} is short, without a proof"
                yield found("share_unproven", message)


def _links(case: ShareCase, chain: Chain) -> tuple[Links | None, list[Finding]]:
    """The chain in lists, or findings on its shape."""
    lots, capacities = len(case.shares.lot_ids), len(case.shares.capacities)
    expected = {
        "household_step": case.households,
        "lot_from": lots,
        "lot_to": lots,
        "capacity_from": capacities,
        "capacity_to": capacities,
    }
    columns: dict[str, list[int]] = {}
    for name, length in expected.items():
        try:
            columns[name] = whole(getattr(chain, name))
        except TypeError:
            return None, [found("chain_shape", f"{name}: expected whole numbers")]
        if len(columns[name]) != length:
            message = f"{name}: expected {length} values, found {len(columns[name])}"
            return None, [found("chain_shape", message)]
        if min(columns[name], default=0) < 0:
            return None, [found("chain_shape", f"{name}: a step is below 0")]
    most = case.households + lots + capacities
    if type(chain.steps) is not int or not 0 <= chain.steps <= most:
        return None, [found("chain_shape", f"steps: expected 0 to {most}, found {chain.steps}")]
    sizes = {case.shares.pack_grains(lot) for lot in range(lots) if case.usable[lot] > 0}
    if case.shares.integer and len(sizes) > 1:
        message = f"packs of {' and '.join(case.meals(size) for size in sorted(sizes))} meals"
        return None, [found("chain_packs", message)]
    return Links(
        chain.steps,
        columns["household_step"],
        list(zip(columns["lot_from"], columns["lot_to"], strict=True)),
        list(zip(columns["capacity_from"], columns["capacity_to"], strict=True)),
        max(sizes, default=1) if case.shares.integer else 1,
    ), []


def _sets_tight(case: ShareCase, links: Links) -> Iterator[Finding]:
    """`chain_loose`: each tight set is given what is cut, in grains, packs rounded down."""
    sizes = [
        *case.usable,
        *(capacity.grains // links.pack * links.pack for capacity in case.shares.capacities),
    ]
    change = [0] * (links.steps + 1)
    for size, (start, stop) in zip(sizes, (*links.lots, *links.capacities), strict=True):
        if start < min(stop, links.steps):
            change[start] += size
            change[min(stop, links.steps)] -= size
    parts: list[dict[int, int]] = [{} for _ in range(links.steps)]
    for step, given, scale in zip(links.step, case.given, case.scale, strict=True):
        if given and step < links.steps:
            part = parts[step]
            part[scale] = part.get(scale, 0) + given
    given_until: Fraction = Fraction(0)
    for step, (cut, part) in enumerate(zip(accumulate(change), parts, strict=False)):
        given_until += exact_sum(part)
        if given_until != cut:
            message = (
                f"Tight set {step}: {case.meals(cut)} meals are cut, "
                f"its households are given {case.meals(given_until)}"
            )
            yield found("chain_loose", message)


def _sets_covered(case: ShareCase, links: Links) -> Iterator[Finding]:
    """`chain_uncovered`: from a household's step on, every lot it may have is cut.

    Households of equal lots and capacities are looked at once, from the lowest step among them.
    """
    ways = case.ways
    lowest: dict[tuple[int, tuple[int, ...]], int] = {}
    for household, step in enumerate(links.step):
        if step < links.steps and case.wanted[household] > 0:
            group = (case.class_of[household], ways.named(household))
            if step < lowest.get(group, links.steps):
                lowest[group] = step
    for (of_class, named), step in lowest.items():
        for lot in case.shares.class_lots[of_class]:
            start, stop = links.lots[lot]
            if start <= step and stop >= links.steps:
                continue
            spans = [links.lots[lot], *(links.capacities[k] for k in ways.over(lot, named))]
            open_from = _first_uncovered(spans, step, links.steps)
            if open_from is not None:
                name = case.shares.lot_ids[lot]
                yield found(
                    "chain_uncovered", f"Tight set {open_from}: lot {name} is not cut", name
                )


def _first_uncovered(spans: Sequence[Span], start: int, stop: int) -> int | None:
    """First step from `start` to before `stop` that no span covers."""
    for first, end in sorted(spans):
        if first > start:
            break
        start = max(start, end)
    return start if start < stop else None


def _nobody_better(case: ShareCase, links: Links) -> Iterator[Finding]:
    """`chain_unfair`: whoever is short is held by members of its set that stand no better.

    Asked of levels that are claimed to be the best and have no proof of their own.
    """
    claimed = [each.proof is None and each.upper_bound == each.level for each in case.result.levels]
    last = _last_packs(case, links) if case.shares.integer else _standings(case, links)
    for household, step in enumerate(links.step):
        if not (case.is_short(household) and claimed[case.rank[household]]):
            continue
        if step >= links.steps:
            message = f"{case.name(household)} is short, but stands in no tight set"
        elif _comes_after(last[step], _next_move(case, links, household)):
            message = f"{case.name(household)} is short, and a member of its set could do with less"
        else:
            continue
        yield found("chain_unfair", message, case.shares.household_ids[household])


def _standings(case: ShareCase, links: Links) -> list[Event | None]:
    """The highest level in each tight set of those who are given anything, by its position."""
    top = [-1] * links.steps
    for household, step in enumerate(links.step):
        if case.given[household] and step < links.steps:
            top[step] = max(top[step], case.rank[household])
    return [(rank, 0, 1) if rank >= 0 else None for rank in accumulate(top, max)]


def _last_packs(case: ShareCase, links: Links) -> list[Event | None]:
    """The last event in each tight set: that of the pack which can best be spared."""
    last: list[Event | None] = [None] * links.steps
    for household, step in enumerate(links.step):
        if case.given[household] and step < links.steps:
            scale = case.scale[household]
            given = case.given[household] // scale
            past = case.past[household]
            event = (
                past + given - links.pack,
                past + case.received[household] // scale,
                case.total[household] * case.weight[household],
            )
            if _comes_after(event, last[step]):
                last[step] = event
    for step in range(1, links.steps):
        if not _comes_after(last[step], last[step - 1]):
            last[step] = last[step - 1]
    return last


def _next_move(case: ShareCase, links: Links, household: int) -> Event:
    """What a household that is short would do next, in the terms of the events it is compared with."""
    if not case.shares.integer:
        return case.rank[household], 0, 1
    given, past = case.given[household] // case.scale[household], case.past[household]
    return (
        past + given,
        past + min(case.wanted[household], given + links.pack),
        case.total[household] * case.weight[household],
    )


def _comes_after(event: Event | None, other: Event | None) -> bool:
    """Whether an event leaves a higher level than another, or the same one for a lower."""
    if event is None or other is None:
        return event is not None
    left = event[0] * other[2] - other[0] * event[2]
    return left > 0 or (left == 0 and event[1] * other[2] < other[1] * event[2])
