"""Engines on growing cities as a picture: seconds, memory, and the level of the worst-off."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.contest import OURS, OUT_OF_TIME
from benchmarks.lines import Line

SIZE_IN = (13.0, 4.8)
DPI = 150
PANELS = (
    ("seconds", "seconds"),
    ("peak_mib", "peak memory of the process (MiB)"),
    ("lowest", "lowest level: what the worst-off are given"),
)
CASES = {
    "seconds": ("cities", "cities with history and weights", "cities, overlapping capacities"),
    "peak_mib": ("cities", "cities with history and weights"),
    "lowest": ("cities",),
}
"""Which tables each panel shows: levels only of those where all engines see the same city."""
SHOWN: dict[tuple[str, str], tuple[str, str, str]] = {
    ("cities", OURS): ("ours, flow: exact", "#0072b2", "o-"),
    ("cities with history and weights", OURS): ("ours, with history", "#56b4e9", "D-"),
    ("cities, overlapping capacities", OURS): ("overlaps: ours, exact", "#009e73", "^-"),
    ("cities, overlapping capacities", "LP saturation"): (
        "overlaps: LP saturation",
        "#009e73",
        "v--",
    ),
    ("cities", "LP saturation"): ("LP saturation", "#d55e00", "s--"),
    ("cities", "cvxpy-leximin, ordered outcomes"): ("cvxpy-leximin", "#cc79a7", "v--"),
    ("cities", "first come"): ("first come", "#000000", "x:"),
    ("cities", "equal split"): ("equal split of each lot", "#777777", "+:"),
    ("cities", "proportional split"): ("proportional split of each lot", "#e69f00", "1:"),
}
"""Table and engine: label, ink (Okabe and Ito's palette) and form of line and points."""


def draw(lines: Sequence[Line], caption: str, path: Path) -> None:
    """Write the picture."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.ticker import ScalarFormatter

    figure = Figure(figsize=SIZE_IN, layout="constrained")
    FigureCanvasAgg(figure)
    for place, (value, title) in enumerate(PANELS, start=1):
        axes = figure.add_subplot(1, len(PANELS), place)
        for (table, engine), (label, ink, form) in SHOWN.items():
            if table not in CASES[value]:
                continue
            own = [line for line in lines if line.table == table and line.engine == engine]
            _curve(axes, own, value, label, ink, form)
        axes.set_xscale("log")
        if value == "seconds":
            axes.set_yscale("log")
        elif value == "peak_mib":
            axes.set_yscale("log", base=2)
            axes.yaxis.set_major_formatter(ScalarFormatter())
        axes.set(xlabel="households", ylabel=title)
        axes.grid(alpha=0.3)
    handles, labels = figure.axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=4, frameon=False, fontsize=9)
    figure.suptitle(caption, fontsize=9)
    figure.savefig(path, dpi=DPI)


def _curve(axes: Any, own: Sequence[Line], value: str, label: str, ink: str, form: str) -> None:
    """One engine; where it ran out of time, a cross above the last point."""
    points = [(line.households, getattr(line, value)) for line in own if line.seconds is not None]
    if not points:
        return
    axes.plot(*zip(*points, strict=True), form, color=ink, label=label, markersize=5)
    late = next((line for line in own if line.note.startswith(OUT_OF_TIME)), None)
    if late is not None and value == "seconds":
        axes.annotate(
            "out of time",
            (late.households, 1.0),
            xycoords=("data", "axes fraction"),
            xytext=(0, -4),
            textcoords="offset points",
            ha="center",
            va="top",
            rotation=90,
            fontsize=8,
            color=ink,
        )
