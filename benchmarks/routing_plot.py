"""Gap to the best known against time, a panel a class."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.contest import OURS
from benchmarks.routing_table import Run

PANEL_IN, DPI = (4.6, 3.6), 150
POINTS = 60
GAP_MIN = 0.01
"""Percent; what is below is drawn there, since the axis is logarithmic."""
INKS = {
    OURS: ("ours", "#0072b2"),
    "pyvrp": ("PyVRP, a seed a core", "#d55e00"),
    "commiv": ("commiv, a seed a core", "#009e73"),
    "ortools": ("OR-Tools", "#cc79a7"),
    "vroom": ("VROOM", "#777777"),
}
"""Label and ink (Okabe and Ito's palette)."""


def curve(runs: Sequence[Run], moments: Sequence[float]) -> list[float | None]:
    """Mean gap at each moment; None as long as a run has nothing."""
    means: list[float | None] = []
    for moment in moments:
        gaps = [min((gap for at, gap in run.trace if at <= moment), default=None) for run in runs]
        known = [gap for gap in gaps if gap is not None]
        means.append(sum(known) / len(known) if known and len(known) == len(gaps) else None)
    return means


def draw(runs: Sequence[Run], seconds: float, caption: str, path: Path) -> None:
    """Write the picture."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    groups = list(dict.fromkeys(run.group for run in runs))
    moments = [seconds * (0.01 ** (1 - k / (POINTS - 1))) for k in range(POINTS)]
    columns = min(4, len(groups))
    lines = -(-len(groups) // columns)
    size = (PANEL_IN[0] * columns, PANEL_IN[1] * lines + 0.8)
    figure = Figure(figsize=size, layout="constrained")
    FigureCanvasAgg(figure)
    for place, group in enumerate(groups, start=1):
        axes = figure.add_subplot(lines, columns, place)
        for contestant in dict.fromkeys(run.contestant for run in runs):
            own = [run for run in runs if (run.group, run.contestant) == (group, contestant)]
            label, ink = INKS.get(contestant, (contestant, "#000000"))
            drawn = [
                (at, max(GAP_MIN, gap))
                for at, gap in zip(moments, curve(own, moments), strict=True)
                if gap is not None
            ]
            if own and drawn:
                axes.plot(*zip(*drawn, strict=True), color=ink, label=label)
        axes.set(xscale="log", yscale="log", title=group, xlabel="seconds", ylabel="mean gap (%)")
        axes.grid(alpha=0.3)
    found: dict[str, Any] = {}
    for axes in figure.axes:
        handles, labels = axes.get_legend_handles_labels()
        found |= dict(zip(labels, handles, strict=True))
    figure.legend(
        list(found.values()),
        list(found),
        loc="outside lower center",
        ncols=max(1, len(found)),
        frameon=False,
    )
    figure.suptitle(caption, fontsize=9)
    figure.savefig(path, dpi=DPI)
