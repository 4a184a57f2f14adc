"""Where the parts of the factors' panel lie."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSizeF

from rnnviz.panels.canvas.axis import LogAxis
from rnnviz.panels.canvas.columns import Columns

LEFT, RIGHT, FOOT = 44.0, 14.0, 21.0
LINES = 34.0
"""The height of the two sentences."""
STRIP = 34.0
"""The height of the factors from step to step."""
STRIP_FROM = 150.0
"""Lower panels have no strip."""


@dataclass(frozen=True)
class Geometry:
    """The panel at one size.

    Attributes
    ----------
    strip : LogAxis or None
        Of the factors from step to step.
    axis : LogAxis
        Of what is left.
    columns : Columns
        The steps.
    baseline : float
        Of the words below.
    """

    strip: LogAxis | None
    axis: LogAxis
    columns: Columns
    baseline: float

    @property
    def top(self) -> float:
        """Where the columns begin."""
        return self.axis.top if self.strip is None else self.strip.top

    @property
    def area(self) -> QRectF:
        """All columns."""
        left, right = self.columns.left, self.columns.right
        return QRectF(left, self.top, right - left, self.axis.foot - self.top)


def geometry(size: QSizeF, ends: tuple[int, int], steps: int) -> Geometry:
    """Lay it out."""
    top, foot = LINES + 4, max(size.height() - FOOT, LINES + 44)
    strip = None
    if size.height() >= STRIP_FROM:
        high = STRIP + max(0.0, size.height() - 200) * 0.3
        strip = LogAxis(-1, 1, top, top + high)
        top += high + 14
    right = max(size.width() - RIGHT, LEFT + 40)
    return Geometry(strip, LogAxis(*ends, top, foot), Columns(LEFT, right, steps), foot + 15)
