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
from fractions import Fraction
from itertools import accumulate

from logistics.judge.shares_case import ShareCase, exact_sum
from logistics.judge.shares_chain import Links, Span, links_of
from logistics.judge.shares_codes import found
from logistics.judge.shares_events import Event, comes_after, last_event, next_event
from logistics.judge.shares_prices import prices_kept
from logistics.judge.words import show
from logistics.model.errors import Finding


def certificate_kept(case: ShareCase) -> Iterator[Finding]:
    """All findings about chain and prices, and about levels that are claimed without either."""
    links, wrong = links_of(case)
    yield from wrong
    if links is not None:
        yield from _sets_tight(case, links)
        yield from _sets_covered(case, links)
        yield from _nobody_better(case, links)
    needed = case.result.chain is None and _is_flow(case)
    for position, level in enumerate(case.result.levels):
        if level.proof is not None:
            yield from prices_kept(case, position, level.proof)
        elif needed and level.upper_bound == level.level:
            short = [h for h in case.members[position] if case.short[h]]
            if short:
                message = (
                    f"Level {show(level.level)}: {case.name(short[0])} is short, without a proof"
                )
                yield found("share_unproven", message)


def _is_flow(case: ShareCase) -> bool:
    """Whether every level that is the best has a certificate that can be found.

    Anything that can be split has one; whole packs surely do where all are of one size and there
    are no capacities.
    """
    return not case.shares.integer or (not case.shares.capacities and len(case.pack_sizes) <= 1)


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
        if not (case.short[household] and claimed[case.rank[household]]):
            continue
        if step >= links.steps:
            message = f"{case.name(household)} is short, but stands in no tight set"
        elif comes_after(last[step], _next_move(case, links, household)):
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
            event = last_event(case, household, links.pack)
            if comes_after(event, last[step]):
                last[step] = event
    for step in range(1, links.steps):
        if not comes_after(last[step], last[step - 1]):
            last[step] = last[step - 1]
    return last


def _next_move(case: ShareCase, links: Links, household: int) -> Event:
    """What a household that is short would do next, in the terms of the events it is compared with."""
    if not case.shares.integer:
        return case.rank[household], 0, 1
    return next_event(case, household, links.pack)
