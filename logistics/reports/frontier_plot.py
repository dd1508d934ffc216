"""The frontier as a picture: what each slack gives up (left) and what it saves (right).

Small multiples over one axis. The inks are from Okabe and Ito's palette, and no panel relies on colour.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from logistics.reports.figures import save_figure
from logistics.reports.frontier import Point
from logistics.words import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SIZE_IN = (8.6, 6.0)
QUIET = "#5f6368"
GIVES, SAVES = "#d55e00", "#0072b2"


@dataclass(frozen=True, slots=True)
class Panel:
    """A measure: its words, how it is read off a point and written, its ink."""

    words: str
    value: Callable[[Point], float]
    form: str
    ink: str


PANELS = (
    (
        Panel("front_axis_level", lambda p: 100 * float(p.level_min), "{:.1f}", GIVES),
        Panel("front_axis_waste", lambda p: p.waste_kg, "{:.1f}", SAVES),
    ),
    (
        Panel("front_axis_meals", lambda p: float(p.meals_given), "{:g}", GIVES),
        Panel("front_axis_km", lambda p: p.metres / 1000, "{:.1f}", SAVES),
    ),
)


def draw(points: Sequence[Point], title: str, out: Path, language: str = "en") -> list[Path]:
    """Write `frontier.png` and `frontier.svg`."""
    out.mkdir(parents=True, exist_ok=True)
    return save_figure(out, "frontier", lambda: _figure(points, title, language))


def _figure(points: Sequence[Point], title: str, language: str) -> Figure:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    layout = ConstrainedLayoutEngine(w_pad=0.1, h_pad=0.08, hspace=0.06)
    figure = Figure(figsize=SIZE_IN, layout=layout)
    FigureCanvasAgg(figure)
    grid = figure.subplots(2, 2, sharex=True)
    for axes, panels in zip(grid, PANELS, strict=True):
        for panel_axes, panel in zip(axes, panels, strict=True):
            _fill(panel_axes, points, panel, language)
    for axes, words in zip(grid[0], ("front_gives", "front_saves"), strict=True):
        axes.set_title(say(language, words), fontweight="bold", loc="left", pad=14)
    for axes in grid[1]:
        axes.set_xlabel(say(language, "front_axis_slack"))
    figure.suptitle(title, x=0.02, ha="left", fontsize=11, fontweight="bold")
    figure.supxlabel(say(language, "front_caption"), x=0.02, ha="left", fontsize=7.5, color=QUIET)
    return figure


def _fill(axes: Axes, points: Sequence[Point], panel: Panel, language: str) -> None:
    """Every point with its number, evenly spaced, and the fairest plan's value as a dashed line."""
    xs = range(len(points))
    ys = [panel.value(point) for point in points]
    axes.axhline(ys[0], color=QUIET, lw=1, ls=(0, (4, 3)))
    axes.plot(xs, ys, "-o", color=panel.ink, lw=1.8, ms=5, clip_on=False)
    for x, y in zip(xs, ys, strict=True):
        axes.annotate(
            panel.form.format(y),
            (x, y),
            xytext=(0, 7),
            textcoords="offset points",
            ha="center",
            fontsize=8,
            color=panel.ink,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.4, "alpha": 0.8},
        )
    room = 0.3 * (max(ys) - min(ys)) or 1.0
    axes.set_ylim(max(0.0, min(ys) - room), max(ys) + room)
    axes.set_xlim(-0.4, len(points) - 0.6)
    axes.set_xticks(xs, [f"{100 * float(point.slack):g}" for point in points])
    axes.set_ylabel(say(language, panel.words))
    axes.grid(axis="y", color="#e3e5e8", lw=0.7)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
