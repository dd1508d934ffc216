"""The judge of bare fair shares: lines, levels and certificate of a result, in whole numbers.

It knows the nouns and nothing of any solver, and solves nothing itself; its time is linear in
households, lines and ways. Whole packs for which no certificate is known are only searched for
anything that one pack would better: their optimality is claimed, not certified.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from logistics.judge.shares_amounts import (
    capacities_kept,
    lines_allowed,
    nobody_overserved,
    receipts_true,
    supply_kept,
)
from logistics.judge.shares_case import ShareCase, open_case
from logistics.judge.shares_certificate import certificate_kept
from logistics.judge.shares_levels import (
    bounds_kept,
    levels_complete,
    levels_rise,
    levels_true,
    status_true,
)
from logistics.judge.shares_packs import no_pack_left, no_pack_to_move
from logistics.judge.shares_scarce import levels_explained
from logistics.model.errors import Finding
from logistics.model.shares import ShareResult, Shares

LISTED_MAX = 20
"""Findings of one check that are listed: one fault in a million households may show everywhere."""

CHECKS: tuple[Callable[[ShareCase], Iterator[Finding]], ...] = (
    lines_allowed,
    supply_kept,
    capacities_kept,
    receipts_true,
    nobody_overserved,
    levels_complete,
    levels_rise,
    levels_true,
    bounds_kept,
    status_true,
)
PROOFS: tuple[Callable[[ShareCase], Iterator[Finding]], ...] = (
    levels_explained,
    certificate_kept,
    no_pack_left,
    no_pack_to_move,
)
"""Checked only where lines and levels are right: why those could not be better."""


def verify_shares(shares: Shares, result: ShareResult) -> list[Finding]:
    """Everything that is wrong with a result; an empty list is acceptance.

    The instance is taken as read. Any result is judged: this function never raises because of
    what a result says.
    """
    case, findings = open_case(shares, result)
    if case is None:
        return findings[:LISTED_MAX]
    findings = _listed(case, CHECKS)
    return findings or _listed(case, PROOFS)


def _listed(
    case: ShareCase, checks: Iterable[Callable[[ShareCase], Iterator[Finding]]]
) -> list[Finding]:
    return [finding for check in checks for finding in islice(check(case), LISTED_MAX)]
