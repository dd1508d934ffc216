"""The trade-off of tours as a picture: waste against envy, waste against deviation."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from logistics.solver.sequential import Estimate

PANELS = ("envy: highest less lowest level", "deviation from hindsight's equal share")
SIZE_IN = (10.0, 4.6)
DPI = 150
INKS = {"policies": "#d55e00", "steady": "#0072b2"}
"""Okabe and Ito's palette; points and line differ in form, too."""
LATER_FORM = "*"
"""Ends the name of a policy's later form, which lies close to the first: its label goes below."""
LABELS = {"policies": "published policies", "steady": "ours, from wide to cautious"}

Point = tuple[str, str, tuple[Estimate, ...]]
"""Table, policy, and its waste, envy and deviation."""


def draw(points: Sequence[Point], caption: str, path: Path) -> None:
    """Write the picture; bars are 95 % intervals."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=SIZE_IN, layout="constrained")
    FigureCanvasAgg(figure)
    for place, title in enumerate(PANELS, start=1):
        axes = figure.add_subplot(1, len(PANELS), place)
        for table, ink in INKS.items():
            chosen = [(name, figures) for kind, name, figures in points if kind == table]
            axes.errorbar(
                [figures[0].mean for _, figures in chosen],
                [figures[place].mean for _, figures in chosen],
                xerr=[figures[0].half_width for _, figures in chosen],
                yerr=[figures[place].half_width for _, figures in chosen],
                fmt="o-" if table == "steady" else "s",
                color=ink,
                markersize=5,
                label=LABELS[table],
            )
            for name, figures in chosen if table == "policies" else ():
                axes.annotate(
                    name,
                    (figures[0].mean, figures[place].mean),
                    xytext=(6, -13 if name.endswith(LATER_FORM) else 6),
                    textcoords="offset points",
                    fontsize=8,
                )
        axes.set(xlabel="waste (client shares that come home)", ylabel=title)
        axes.set_ylim(bottom=0)
        axes.margins(x=0.1)
        axes.grid(alpha=0.3)
    axes.legend(loc="upper right", frameon=False)
    figure.suptitle(caption, fontsize=9)
    figure.savefig(path, dpi=DPI)
