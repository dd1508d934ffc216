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
    ("seconds", "seconds", "log"),
    ("peak_mib", "peak memory of the process (MiB)", "log"),
    ("lowest", "lowest level: what the worst-off are given", "linear"),
)
SHOWN: dict[tuple[str, str], tuple[str, str, str]] = {
    ("cities", OURS): ("ours, flow: exact", "#0072b2", "o-"),
    ("cities with history and weights", OURS): ("ours, with history", "#56b4e9", "D-"),
    ("cities, overlapping capacities", OURS): ("ours, linear programs: exact", "#009e73", "^-"),
    ("cities", "LP saturation"): ("LP saturation", "#d55e00", "s--"),
    ("cities", "cvxpy-leximin, ordered outcomes"): ("cvxpy-leximin", "#cc79a7", "v--"),
    ("cities", "first come"): ("first come", "#000000", "x:"),
    ("cities", "equal split"): ("equal split of each lot", "#777777", "+:"),
    ("cities", "proportional split"): ("proportional split of each lot", "#e69f00", "1:"),
}
"""Table and engine: label, ink (Okabe and Ito's palette) and form of line and points."""


def draw(lines: Sequence[Line], caption: str, path: Path) -> None:
    """Write the picture; levels only of cities without capacities, where all engines see the same."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=SIZE_IN, layout="constrained")
    FigureCanvasAgg(figure)
    for place, (value, title, scale) in enumerate(PANELS, start=1):
        axes = figure.add_subplot(1, len(PANELS), place)
        for (table, engine), (label, ink, form) in SHOWN.items():
            if value == "lowest" and table != "cities":
                continue
            own = [line for line in lines if line.table == table and line.engine == engine]
            _curve(axes, own, value, label, ink, form)
        axes.set_xscale("log")
        axes.set_yscale(scale)
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
