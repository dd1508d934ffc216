"""What levels name as scarce: it is used up, and stands in the way of somebody who is short there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import NamedTuple

from logistics.judge.shares_case import ShareCase
from logistics.judge.shares_chain import Links, links_of
from logistics.judge.shares_codes import found
from logistics.judge.words import show
from logistics.model.errors import Finding


class Short(NamedTuple):
    """Households of one level that are short, with the same lots, step and naming capacities."""

    of_class: int
    named: tuple[int, ...]
    step: int


def levels_explained(case: ShareCase) -> Iterator[Finding]:
    """`share_held_by`: who is short is short of something that is really used up.

    A level that is claimed to be the best must name something; one that is not may name nothing.
    """
    links, _ = links_of(case)
    for position, members in enumerate(case.members):
        level, about = case.result.levels[position], _about(case, position)
        short = [household for household in members if case.short[household]]
        if (level.wanted and len(short) == len(members)) or not (level.wanted or short):
            said = "some have all they want" if level.wanted else "all are short"
            yield found("share_held_by", f"{about}: it is said that {said}, which is not so")
        if case.named_lots[position] or case.named_capacities[position]:
            yield from _known(case, position)
            yield from _in_the_way(case, position, short, links)
        elif level.upper_bound == level.level:
            for household in short:
                if case.shares.class_lots[case.class_of[household]]:
                    name = case.shares.household_ids[household]
                    message = f"{about}: {name} is short, but nothing is named as scarce"
                    yield found("share_held_by", message, name)


def _about(case: ShareCase, position: int) -> str:
    return f"Level {show(case.result.levels[position].level)}"


def _named(case: ShareCase, position: int) -> Iterator[tuple[str, list[int], int]]:
    """Kind, positions named, and how many there are of the kind."""
    yield "lot", case.named_lots[position], len(case.lots_left)
    yield "capacity", case.named_capacities[position], len(case.capacities_left)


def _known(case: ShareCase, position: int) -> Iterator[Finding]:
    """Each thing named is there, and is named once."""
    for kind, named, count in _named(case, position):
        if len(set(named)) < len(named):
            yield found("share_held_by", f"{_about(case, position)}: a {kind} is named twice")
        for each in named:
            if not 0 <= each < count:
                message = f"{_about(case, position)}: there is no {kind} number {show(each)}"
                yield found("share_held_by", message)


def _in_the_way(
    case: ShareCase, position: int, short: Iterable[int], links: Links | None
) -> Iterator[Finding]:
    """Each thing named is one that somebody here may have and that is used up.

    Where a chain is the proof of the level, it is also cut at that household's step.
    """
    if case.result.levels[position].proof is not None:
        links = None
    groups = {
        Short(case.class_of[h], case.ways.named(h), links.step[h] if links else 0) for h in short
    }
    missing = tuple(set(named) for _, named, _ in _named(case, position))
    for group in groups:
        if not any(missing):
            return
        for left, held in zip(missing, _held(case, group, links, *missing), strict=True):
            left.difference_update(held)
    for (kind, _, count), left in zip(_named(case, position), missing, strict=True):
        for each in sorted(left.intersection(range(count))):
            message = f"{_about(case, position)}: {kind} number {each} holds nobody who is short"
            yield found("share_held_by", message)


def _held(
    case: ShareCase, group: Short, links: Links | None, lots: set[int], capacities: set[int]
) -> tuple[list[int], list[int]]:
    """Which of these lots and capacities leave no more of something to a group."""
    own = case.shares.class_lots[group.of_class]
    over = [
        (lot, k)
        for lot in (own if capacities else ())
        for k in case.ways.over(lot, group.named)
        if k in capacities
    ]
    return [
        lot
        for lot in own
        if lot in lots
        and _used_up(case, lot, case.lots_left[lot], links)
        and (links is None or links.cuts(links.lots[lot], group.step))
    ], [
        k
        for lot, k in over
        if _used_up(case, lot, case.capacities_left[k], links)
        and (links is None or links.cuts(links.capacities[k], group.step))
    ]


def _used_up(case: ShareCase, lot: int, left: Fraction, links: Links | None) -> bool:
    """Whether too little is left to give anything more of a lot."""
    if not case.shares.integer:
        return left == 0
    return left < (case.pack[lot] if links is None else links.pack)
