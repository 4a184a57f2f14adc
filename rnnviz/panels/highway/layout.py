"""Where the rows of the highway lie, and how large a number is drawn in each."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, isfinite

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF

from rnnviz.engine.arrays import Array
from rnnviz.panels.canvas.columns import Columns
from rnnviz.panels.highway.items import Sum
from rnnviz.panels.highway.sums import Seen

SELECTED = 2.7
"""How much higher the selected row is."""
LEAST, LEAST_PRESENT = 16.0, 90.0
"""The height of the other rows, at least."""
PAD = 2.0


@dataclass(frozen=True)
class Row:
    """One unit's row.

    Attributes
    ----------
    unit : int
        Which.
    top, high : float
        Where it lies, in px.
    zero : float
        The y of its zero line.
    scale : float
        Px of a difference of 1.
    """

    unit: int
    top: float
    high: float
    zero: float
    scale: float

    @property
    def foot(self) -> float:
        """Its lower end."""
        return self.top + self.high

    def ys(self, values: Array) -> Array:
        """Where values lie; what is beyond the row, or no number, lies at its end."""
        with np.errstate(all="ignore"):
            places = self.zero - values * self.scale
            return np.asarray(np.fmin(np.fmax(places, self.top + 1), self.foot - 1))

    def y(self, value: float) -> float:
        """Where a value lies."""
        return float(self.ys(np.array([value]))[0])


@dataclass(frozen=True)
class Geometry:
    """The picture in a panel of one size.

    Attributes
    ----------
    columns : Columns
        The steps.
    rows : tuple of Row
        Those that are shown, from the top.
    top, foot : float
        Where the rows begin and end.
    size : tuple of float
        Of the panel.
    """

    columns: Columns
    rows: tuple[Row, ...]
    top: float
    foot: float
    size: tuple[float, float]

    def row(self, unit: int) -> Row | None:
        """The row of a unit, if it is shown."""
        return next((row for row in self.rows if row.unit == unit), None)

    def box(self, unit: int, step: int) -> QRectF | None:
        """Row and column of a sum."""
        row = self.row(unit)
        if row is None or not 0 <= step < self.columns.count:
            return None
        return self.columns.box(step, row.top, row.foot)

    def at(self, point: QPointF) -> Sum | None:
        """The sum under a point."""
        step = self.columns.at(point.x())
        row = next((r for r in self.rows if r.top <= point.y() < r.foot), None)
        return None if step is None or row is None else Sum(row.unit, step)


@dataclass(frozen=True)
class Frame:
    """The room of the picture.

    Attributes
    ----------
    left, right, top, foot : float
        The edges of the rows, in px.
    least : float
        The least height of a row.
    label : float
        The room for a number above or below the selected row's bars.
    """

    left: float
    right: float
    top: float
    foot: float
    least: float
    label: float


def frame(size: QSizeF, above: float, present: bool) -> Frame:
    """The room that a panel of one size leaves."""
    left = 84.0 if present else 38.0
    foot = size.height() - (32.0 if present else 20.0)
    top = 4.0 + above
    least = LEAST_PRESENT if present else LEAST
    right = max(size.width() - 12.0, left + 20)
    return Frame(left, right, top, max(foot, top + 20), least, 23.0 if present else 15.0)


def shown_units(room: float, least: float, units: int, selected: int) -> range:
    """As many units as fit, around the selected one."""
    count = max(1, min(units, floor(room / least - (SELECTED - 1))))
    first = max(0, min(selected - count // 2, units - count))
    return range(first, first + count)


def geometry(room: Frame, seen: Seen, selected: int, amplitude: float, size: QSizeF) -> Geometry:
    """Lay the rows out, the largest sum of each fitting into it at an amplitude of 1."""
    units = shown_units(room.foot - room.top, room.least, seen.units, selected)
    base = (room.foot - room.top) / (len(units) - 1 + SELECTED)
    columns = Columns(room.left, room.right, seen.steps)
    lows, highs = seen.extents(units)
    highest = base - 2 * PAD
    others = [high - low for u, low, high in zip(units, lows, highs, strict=True) if u != selected]
    common = _fit(highest, max(others, default=0.0)) if others else float("inf")
    rows, top = [], room.top
    for unit, low, high in zip(units, lows, highs, strict=True):
        chosen = unit == selected
        tall = base * (SELECTED if chosen else 1.0)
        above = room.label if chosen and (high > 0 or low >= 0) else 0.0
        below = room.label if chosen and low < 0 else 0.0
        space = max(tall - 2 * PAD - above - below, 4.0)
        scale = min(common * (SELECTED if chosen else 1.0), _fit(space, high - low))
        used = (high - low) * scale if isfinite(high - low) else 0.0
        zero = top + PAD + above + (space - used) / 2 + max(high, 0.0) * scale
        rows.append(Row(unit, top, tall, zero, scale * amplitude))
        top += tall
    return Geometry(columns, tuple(rows), room.top, room.foot, (size.width(), size.height()))


def _fit(px: float, reach: float) -> float:
    """Px of a difference of 1 so that `reach` fits; what is tiny is not blown up."""
    if not isfinite(reach):
        return 0.0
    return max(px, 1.0) / max(reach, 0.05)
