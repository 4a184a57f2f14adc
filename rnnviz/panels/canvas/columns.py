"""The columns of a chart over time: where each step stands, and which step stands at a place."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor

from PySide6.QtCore import QRectF


@dataclass(frozen=True)
class Columns:
    """Equal columns, one a step, between two edges.

    Attributes
    ----------
    left, right : float
        The edges in px.
    count : int
        How many there are.
    """

    left: float
    right: float
    count: int

    @property
    def width(self) -> float:
        """Of one column, in px."""
        return (self.right - self.left) / max(self.count, 1)

    def x(self, step: int) -> float:
        """The middle of a column."""
        return self.left + self.width * (step + 0.5)

    def xs(self) -> list[float]:
        """The middles of all columns."""
        width = self.width
        return [self.left + width * (step + 0.5) for step in range(self.count)]

    def box(self, step: int, top: float, foot: float) -> QRectF:
        """A column from `top` to `foot`; at least 3 px wide, so that a cursor can be seen."""
        wide = max(self.width, 3.0)
        return QRectF(self.x(step) - wide / 2, top, wide, foot - top)

    def at(self, x: float) -> int | None:
        """The step whose column holds `x`, or None outside."""
        if not self.left <= x < self.right or not self.count:
            return None
        return min(floor((x - self.left) / self.width), self.count - 1)

    def nearest(self, x: float) -> int:
        """The step whose column is nearest to `x`."""
        return max(0, min(floor((x - self.left) / self.width), self.count - 1))
