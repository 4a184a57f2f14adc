"""The scale of the gradient's chart: fixed ends, which the wheel moves until they are reset."""

from __future__ import annotations

from math import isfinite, log10
from typing import final

from rnnviz.panels.canvas.theme import Theme

OUTWARD = ((-8, 4), (-12, 4), (-16, 8), (-24, 8), (-40, 8), (-80, 40), (-300, 300))
"""The ends, as powers of ten, from the usual ones outward."""

INWARD = (8, 6, 4, 2)
"""How many powers of ten are seen, inward."""

TICKS = ((4, 1), (12, 2), (24, 4), (48, 8), (120, 20), (600, 100))
"""Up to how many powers -> from label to label."""


@final
class Scale:
    """Holds how far the chart is zoomed, as whole notches of the wheel."""

    def __init__(self) -> None:
        self._notches = 0.0
        self._centre = 0.0

    @property
    def level(self) -> int:
        """0 as usual, above it nearer."""
        return round(self._notches)

    def turn(self, notches: float, value: float | None) -> bool:
        """Zoom, in around a value; give whether the scale changed."""
        before = self.level
        if before == 0 and value is not None and value > 0 and isfinite(value):
            self._centre = log10(value)
        self._notches = max(1 - len(OUTWARD), min(self._notches + notches, len(INWARD)))
        return self.level != before

    def reset(self) -> None:
        """Back to the usual ends."""
        self._notches = 0.0

    def ends(self, theme: Theme) -> tuple[int, int]:
        """The powers of ten at the foot and at the top."""
        level = self.level
        if level == 0:
            return theme.scales.gradient_axis
        if level < 0:
            return OUTWARD[-level]
        span = INWARD[level - 1]
        low = round(self._centre - span / 2)
        return low, low + span


def tick_distance(low: int, high: int) -> int:
    """From one label of the axis to the next, in powers of ten."""
    return next(every for span, every in TICKS if high - low <= span)
