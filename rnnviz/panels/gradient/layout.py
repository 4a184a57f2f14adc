"""Where the parts of the gradient's chart lie."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSizeF

from rnnviz.panels.canvas.axis import LogAxis
from rnnviz.panels.canvas.columns import Columns

LEFT, RIGHT, TOP, FOOT = 44.0, 58.0, 7.0, 21.0
BRACKET = 15.0
"""The height of the strip above the chart in which a truncation is shown."""
WEIGHTS = 36.0
"""The width of the column of the weights' gradient."""
NARROW = 260.0
"""Below this width the clip line has no words."""


@dataclass(frozen=True)
class Geometry:
    """The chart in a panel of one size.

    Attributes
    ----------
    axis : LogAxis
        The sizes.
    columns : Columns
        The steps.
    weights : QRectF
        The column of the weights' gradient.
    right : float
        Where the chart ends and the clip line's handle stands.
    baseline : float
        Of the words under the columns.
    """

    axis: LogAxis
    columns: Columns
    weights: QRectF
    right: float
    baseline: float

    @property
    def left(self) -> float:
        """Where the chart begins."""
        return self.columns.left

    @property
    def plot(self) -> QRectF:
        """The area of the steps."""
        return QRectF(self.left, self.axis.top, self.columns.right - self.left, self.height)

    @property
    def height(self) -> float:
        """Of the chart."""
        return self.axis.foot - self.axis.top


def geometry(size: QSizeF, ends: tuple[int, int], steps: int, bracket: bool) -> Geometry:
    """Lay the chart out; it never gets smaller than 40 by 40 px."""
    margin = RIGHT if size.width() >= NARROW else 16.0
    right = max(size.width() - margin, LEFT + WEIGHTS + 40)
    top = TOP + (BRACKET if bracket else 0.0)
    foot = max(size.height() - FOOT, top + 40)
    axis = LogAxis(*ends, top, foot)
    weights = QRectF(right - WEIGHTS, top, WEIGHTS, foot - top)
    return Geometry(axis, Columns(LEFT, weights.left(), steps), weights, right, foot + 15)
