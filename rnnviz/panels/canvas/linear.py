"""An upright axis of plain numbers, with round ticks."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, isfinite, log10

import numpy as np
from PySide6.QtGui import QPainter

from rnnviz.engine.arrays import Array
from rnnviz.panels.canvas.fonts import role_font
from rnnviz.panels.canvas.strokes import hairlines
from rnnviz.panels.canvas.text import Run, draw_text, middle, number
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.canvas.upright import Standing

_STEPS = (1.0, 2.0, 5.0, 10.0)


@dataclass(frozen=True)
class LinearAxis:
    """An axis from `low` at `foot` to `high` at `top`, both in px.

    Attributes
    ----------
    low, high : float
        The numbers at the ends; `high` is above `low`.
    top, foot : float
        Where they lie.
    """

    low: float
    high: float
    top: float
    foot: float

    def y(self, value: float) -> float:
        """The place of a number; what lies outside is put at the end."""
        if not isfinite(value):
            return self.foot if value < 0 else self.top
        share = min(max((value - self.low) / (self.high - self.low), 0.0), 1.0)
        return self.foot + (self.top - self.foot) * share

    def value(self, y: float) -> float:
        """The number at a place, also beyond the ends."""
        return self.low + (self.high - self.low) * (self.foot - y) / (self.foot - self.top)

    def standing(self, value: float) -> Standing:
        """Where a number stands: within the axis, or beyond an end."""
        if not value <= self.high:
            return "over"
        return "within" if value >= self.low else "under"

    def place(self, value: float) -> float:
        """As `y`, with what is no number at the top."""
        return self.y(value)

    def ticks(self, apart: float = 26.0) -> list[float]:
        """Round numbers at least `apart` px from each other."""
        most = max((self.foot - self.top) / apart, 1.0)
        rough = (self.high - self.low) / most
        power = 10.0 ** floor(log10(rough))
        step = next(s for s in _STEPS if s * power >= rough * 0.999) * power
        first = ceil(self.low / step - 1e-9)
        last = floor(self.high / step + 1e-9)
        return [n * step for n in range(first, last + 1)]


def fitting_axis(values: Array, top: float, foot: float, margin: float = 0.08) -> LinearAxis:
    """An axis that holds all finite ones of some numbers; from 0 to 1 where there are none."""
    finite = values[np.isfinite(values)]
    if not finite.size:
        return LinearAxis(0.0, 1.0, top, foot)
    low, high = float(finite.min()), float(finite.max())
    room = (high - low) * margin or max(abs(high), 1.0) * 0.5
    return LinearAxis(low - room, high + room, top, foot)


def draw_linear_axis(
    painter: QPainter,
    axis: LinearAxis,
    left: float,
    right: float,
    theme: Theme,
    present: bool = False,
) -> None:
    """Ticks, labels that end 7 px before `left`, and faint lines; that of zero is stronger."""
    paint, font = theme.colours, role_font(theme.type.small, present)
    ticks = axis.ticks(44.0 if present else 26.0)
    faint = theme.faded(paint.line, 0.6)
    hairlines(painter, [(left, axis.y(t), right, axis.y(t)) for t in ticks if t], faint)
    hairlines(painter, [(left, axis.y(t), right, axis.y(t)) for t in ticks if not t], paint.line2)
    hairlines(painter, [(left - 4, axis.y(t), left, axis.y(t)) for t in ticks], paint.line2)
    decimals = _decimals(ticks)
    for tick in ticks:
        label = Run(number(tick, decimals), font, paint.tx3)
        draw_text(painter, left - 7, middle(font, axis.y(tick)), label, "end")


def _decimals(ticks: list[float]) -> int:
    """So many that no two ticks look the same."""
    if len(ticks) < 2:
        return 2
    return min(max(-floor(log10(ticks[1] - ticks[0]) + 1e-9), 0), 6)
