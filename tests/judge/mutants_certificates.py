"""Tampered certificates: C of the good week can have 4 biscuits (its share) and the only cracker.

Weight 1 for C, price 1 for its share of other food (4) and for the crackers (1): C receives 5 of the
6 it wants at most, 5/6.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from logistics.model.plan import Cap, Certificate, Inequality, Price
from logistics.model.problem import Policy
from tests.judge.edits import Edit, chain, problem, row
from tests.judge.good_facts import HALF, THU, WED
from tests.judge.mutant import Mutant, mutant

SHARE, CRACKERS = Cap("group_share_other", "C"), Cap("lot", "CRACKER")
FOR_C: Mapping[str, int] = {"C": 1}
FIVE_SIXTHS = Fraction(5, 6)


def certificate(
    bound: Fraction, weights: Mapping[str, int], *prices: tuple[Cap, int], level: int = 2
) -> Edit:
    """Put a certificate of one inequality on a level, by default on C's."""
    inequality = Inequality(weights, tuple(Price(cap, amount) for cap, amount in prices))
    return row("levels", level, certificate=Certificate(bound, (inequality,)))


def tampered(name: str, edit: Edit, code: str = "certificate_bound") -> Mutant:
    return mutant(f"certificate: {name}", edit, code)


GOOD = certificate(FIVE_SIXTHS, FOR_C, (SHARE, 1), (CRACKERS, 1))
"""The true certificate of C's level."""

CERTIFICATES = [
    # 2 C <= 4 + 1 + 6 biscuits and 1 cracker that the prices cover by half = 12: C may have all 6.
    tampered("a weight doubled", certificate(FIVE_SIXTHS, {"C": 2}, (SHARE, 1), (CRACKERS, 1))),
    # 2 C <= 1 x 4 + 2 x 1 + 6 biscuits half covered = 12.
    tampered("a price lowered", certificate(FIVE_SIXTHS, {"C": 2}, (SHARE, 1), (CRACKERS, 2))),
    tampered("a price left out", certificate(FIVE_SIXTHS, FOR_C, (CRACKERS, 1))),
    tampered(
        "a row renamed to another",
        certificate(FIVE_SIXTHS, FOR_C, (SHARE, 1), (Cap("lot", "RICE"), 1)),
    ),
    tampered("another household", certificate(FIVE_SIXTHS, {"A": 1}, (SHARE, 1), (CRACKERS, 1))),
    tampered(
        "a household more", certificate(FIVE_SIXTHS, {"A": 1, "C": 1}, (SHARE, 1), (CRACKERS, 1))
    ),
    tampered("nobody", certificate(FIVE_SIXTHS, {}, (SHARE, 1), (CRACKERS, 1))),
    tampered("a bound too low", certificate(Fraction(4, 5), FOR_C, (SHARE, 1), (CRACKERS, 1))),
    tampered("a bound too high", certificate(Fraction(1), FOR_C, (SHARE, 1), (CRACKERS, 1))),
    tampered(
        "of another level", certificate(FIVE_SIXTHS, FOR_C, (SHARE, 1), (CRACKERS, 1), level=1)
    ),
    tampered("no inequality", row("levels", 2, certificate=Certificate(FIVE_SIXTHS))),
    *(
        tampered(
            f"no such row, {cap.kind} {cap.id} {cap.storage}",
            certificate(FIVE_SIXTHS, FOR_C, (cap, 1)),
            "certificate_unknown",
        )
        for cap in (
            Cap("lot", "CAKE"),
            Cap("lot", "CRACKER", "ambient"),
            Cap("luck", "C"),
            Cap("group_share_sweets", "C"),
            Cap("group_share_other", "S2"),
            Cap("cooked_per_day", "C"),
            Cap("session", "V2"),  # it has no households_max
            Cap("site_storage", "S2", "ambient", WED),  # no session there on that day
            Cap("site_storage", "S2", "lukewarm", THU),
        )
    ),
    tampered(
        "a row twice",
        certificate(FIVE_SIXTHS, FOR_C, (CRACKERS, 1), (CRACKERS, 1)),
        "certificate_unknown",
    ),
    tampered("a stranger", certificate(FIVE_SIXTHS, {"X": 1}, (SHARE, 1)), "certificate_unknown"),
    tampered(
        "a weight of nothing",
        certificate(FIVE_SIXTHS, {"A": 0, "C": 1}, (SHARE, 1), (CRACKERS, 1)),
        "certificate_number",
    ),
    tampered(
        "a price below nothing",
        certificate(FIVE_SIXTHS, FOR_C, (SHARE, 1), (CRACKERS, -1)),
        "certificate_number",
    ),
    # Half of 6 is 3 biscuits: C can have 4 of 6 by the rules, and the plan gives it 5.
    mutant(
        "certificate: the plan is too good",
        chain(
            problem(policy=Policy(group_share_max=HALF)),
            certificate(Fraction(2, 3), FOR_C, (SHARE, 1), (CRACKERS, 1)),
        ),
        "certificate_low",
        "group_share",
    ),
    tampered(
        "a proof of less",
        row("levels", 2, certificate=Certificate(Fraction(1))),
        "certificate_loose",
    ),
]
