"""A chain of tight sets laid open: steps and spans in lists, or findings on its shape."""

from __future__ import annotations

from dataclasses import dataclass

from logistics.judge.shares_case import ShareCase, whole
from logistics.judge.shares_codes import found
from logistics.judge.words import show
from logistics.model.errors import Finding

Span = tuple[int, int]
"""Steps from the first up to but not including the second."""


@dataclass(frozen=True, slots=True)
class Links:
    """A chain in lists, and the grains of one pack (1 where anything can be split)."""

    steps: int
    step: list[int]
    lots: list[Span]
    capacities: list[Span]
    pack: int

    def cuts(self, span: Span, step: int) -> bool:
        """Whether what has this span is cut at a household's step, if it is in any set."""
        return step >= self.steps or span[0] <= step < span[1]


def links_of(case: ShareCase) -> tuple[Links | None, list[Finding]]:
    """The chain in lists, or findings on its shape; nothing where there is no chain."""
    chain = case.result.chain
    if chain is None:
        return None, []
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
        return None, [
            found("chain_shape", f"steps: expected 0 to {most}, found {show(chain.steps)}")
        ]
    sizes = case.pack_sizes
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
