"""Plots as files: the vendored Japanese font, PNG and SVG that do not change from run to run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FONTS = Path(__file__).resolve().parent / "fonts"
FAMILY = "BIZ UDPGothic"
DPI = 160


def save_figure(out: Path, name: str, draw: Callable[[], Figure]) -> list[Path]:
    """Draw with the house's font and write `NAME.png` and `NAME.svg` into a folder that is there."""
    from matplotlib import font_manager, rc_context

    for font in sorted(FONTS.glob("*.ttf")):
        font_manager.fontManager.addfont(font)
    paths = [out / f"{name}.png", out / f"{name}.svg"]
    with rc_context(
        {
            "font.family": [FAMILY, "DejaVu Sans"],
            "font.size": 9,
            "axes.unicode_minus": False,
            "svg.hashsalt": name,
        }
    ):
        figure = draw()
        figure.savefig(paths[0], dpi=DPI)
        figure.savefig(paths[1], metadata={"Date": None})
    return paths
