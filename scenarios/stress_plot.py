"""One picture of a sweep: what each shock does to meals and to the worst-off, by severity.

Small multiples with one scale a row, so that shocks can be compared by eye. The inks are from Okabe
and Ito's palette (told apart by people with colour-blindness, and the rows never rely on colour).
"""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from logistics.reports.figures import save_figure
from scenarios.shocks import SEVERITY_MAX, names, shock
from scenarios.stress import UNDISTURBED, Measures, Run
from scenarios.stress_table import Row, Setting, changes, undisturbed

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PANEL_IN = 2.3
MARGINS_IN = 1.4
HEIGHT_IN = 6.2
CAPTION_LINE_IN = 0.165
LETTERS_AN_INCH = 14
"""Latin letters of the caption's size; a Japanese character is as wide as two."""
DOT_SHIFT = -4
"""Dots stand a little to the left of the bars, so that both are seen."""
QUIET = "#5f6368"
PANELS = (
    ("meals_given", "配れた食数の変化\nChange in meals given", "{:+.0f}", "#0072b2"),
    ("level_min", "最も低い充足度の変化\nChange in worst level", "{:+.2f}", "#d55e00"),
)
"""Measure, label of the axis, form of the numbers, ink."""


def draw(runs: Sequence[Run], rows: Sequence[Row], setting: Setting, out: Path) -> list[Path]:
    """Write `stress.png` and `stress.svg`."""
    return save_figure(out, "stress", lambda: _figure(runs, rows, setting))


def _figure(runs: Sequence[Run], rows: Sequence[Row], setting: Setting) -> Figure:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    shown = [name for name in names() if any(row.shock == name for row in rows)]
    width_in = PANEL_IN * max(3, len(shown)) + MARGINS_IN
    caption = _caption(rows, setting, int((width_in - 0.3) * LETTERS_AN_INCH))
    below = (len(caption) + 1) * CAPTION_LINE_IN / HEIGHT_IN
    layout = ConstrainedLayoutEngine(rect=(0, below, 1, 1 - below), w_pad=0.08, h_pad=0.08)
    figure = Figure(figsize=(width_in, HEIGHT_IN), layout=layout)
    FigureCanvasAgg(figure)
    grid = figure.subplots(2, len(shown), sharex=True, sharey="row", squeeze=False)
    calm = undisturbed(runs)
    for panels, (measure, label, form, ink) in zip(grid, PANELS, strict=True):
        panels[0].set_ylabel(f"{label}\n{_undisturbed(rows, measure, form)}", linespacing=1.5)
        for panel, name in zip(panels, shown, strict=True):
            _scatter(panel, [run for run in runs if run.task.shock == name], calm, measure, ink)
            _line(panel, [row for row in rows if row.shock == name], measure, form, ink)
            _furnish(panel)
    for panel, name in zip(grid[0], shown, strict=True):
        panel.set_title(f"{shock(name).title_ja}\n{shock(name).title_en}", fontweight="bold")
    for panel in grid[1]:
        panel.set_xlabel("強さ Severity (0–100)", fontsize=8)
    figure.text(0.01, 0.015, "\n".join(caption), fontsize=7.5, color=QUIET, linespacing=1.5)
    return figure


def _scatter(
    panel: Axes, runs: Sequence[Run], calm: Mapping[int, Measures | None], measure: str, ink: str
) -> None:
    """Every pair of weeks as a faint dot, where there are several."""
    for severity in sorted({run.task.severity for run in runs}):
        at = [run for run in runs if run.task.severity == severity]
        dots = list(changes(at, calm, measure).values())
        panel.plot(
            [severity + DOT_SHIFT] * len(dots), dots, "o", ms=3, color=ink, alpha=0.35, mew=0
        )


def _line(panel: Axes, rows: Sequence[Row], measure: str, form: str, ink: str) -> None:
    """Means with intervals, the last one in numbers, and how many weeks could not be planned."""
    found = [(row.severity, row.changes[measure]) for row in rows]
    points = [(at, one.mean, one.low, one.high) for at, one in found if one.mean is not None]
    points.sort()
    xs = [0, *(at for at, *_ in points)]
    panel.plot(xs, [0.0, *(mean for _, mean, *_ in points)], "-", color=ink, lw=1.8)
    for at, mean, low, high in points:
        panel.plot(at, mean, "o", ms=5, color=ink)
        if low is not None and high is not None:
            panel.errorbar(at, mean, [[mean - low], [high - mean]], color=ink, capsize=3, lw=1.2)
    if points:
        at, mean, *_ = points[-1]
        panel.annotate(
            form.format(mean),
            (at, mean),
            xytext=(7, 0),
            textcoords="offset points",
            va="center",
            color=ink,
            fontweight="bold",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5},
        )
    for row in rows:
        if row.planned < row.runs:
            text = f"×{row.runs - row.planned}"
            place = panel.get_xaxis_transform()
            panel.text(row.severity, 0.02, text, transform=place, ha="center", color=QUIET)


def _undisturbed(rows: Sequence[Row], measure: str, form: str) -> str:
    """What the zero line stands for."""
    mean = next(row.means[measure] for row in rows if row.shock == UNDISTURBED)
    return f"(平常 undisturbed: {'–' if mean is None else form.format(mean).lstrip('+')})"


def _furnish(panel: Axes) -> None:
    """A zero line, quiet grid, no box."""
    panel.axhline(0, color=QUIET, lw=1, ls=(0, (4, 3)))
    panel.set_xlim(-4, SEVERITY_MAX + 30)
    panel.set_xticks(range(0, SEVERITY_MAX + 1, 25))
    panel.grid(axis="y", color="#e3e5e8", lw=0.7)
    panel.set_axisbelow(True)
    panel.spines[["top", "right"]].set_visible(False)


def _caption(rows: Sequence[Row], setting: Setting, letters: int) -> list[str]:
    """What the picture shows, in both languages, in lines of at most so many Latin letters."""
    has_intervals = len(setting.seeds) > 1
    bars_ja = "線は平均と95 %区間" if has_intervals else "種が1つなので区間なし"
    bars_en = "lines are means with 95 % intervals" if has_intervals else "one seed: no intervals"
    japanese = f"{setting.caption_ja()}破線は平常の週、点は種ごとの差、{bars_ja}。"
    english = (
        f"{setting.caption_en()} Dashed: the undisturbed week. Dots are differences by seed, "
        f"{bars_en}."
    )
    if any(row.planned < row.runs for row in rows):
        japanese += "×k: 計画できず平均から除いた週の数。"
        english += " ×k: weeks without an accepted plan, left out of the means."
    return [*_chunks(japanese, letters), *textwrap.wrap(english, letters)]


def _chunks(text: str, letters: int) -> list[str]:
    """Japanese text in lines; it may break anywhere, and every wide character counts twice."""
    lines, used = [""], 0
    for char in text:
        width = 2 if unicodedata.east_asian_width(char) in "WF" else 1
        if used + width > letters:
            lines, used = [*lines, ""], 0
        lines[-1] += char
        used += width
    return lines
