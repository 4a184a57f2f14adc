"""Where the blocks of the gates lie, as a map of all steps or as bars of one."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor

from PySide6.QtCore import QPointF, QRectF, QSizeF

from rnnviz.panels.canvas.columns import Columns

LEFT, RIGHT, TOP, FOOT, GAP = 38.0, 13.0, 6.0, 20.0, 6.0
BADGE = 18.0
PRESENT = 1.55
"""How much larger margins and badges are before a room."""


@dataclass(frozen=True)
class Window:
    """Which rows of each block are shown.

    Attributes
    ----------
    first, count : int
        The first unit and how many.
    """

    first: int
    count: int

    def zoomed(self, notches: float, unit: int, units: int) -> Window:
        """Fewer rows, or more, with `unit` staying where it is."""
        count = max(1, min(units, round(self.count * 0.75**notches)))
        if count == self.count and notches:
            count = max(1, min(units, count - (1 if notches > 0 else -1)))
        share = (unit - self.first + 0.5) / self.count
        first = floor(unit + 0.5 - share * count + 0.5)
        return Window(max(0, min(first, units - count)), count)

    def showing(self, unit: int, units: int) -> Window:
        """The window moved so far that `unit` is in it."""
        count = max(1, min(self.count, units))
        first = min(max(self.first, unit - count + 1), unit)
        return Window(max(0, min(first, units - count)), count)


@dataclass(frozen=True)
class Geometry:
    """The picture in a panel of one size.

    Attributes
    ----------
    columns : Columns
        The steps; of the bars, the units.
    tops : tuple of float
        Where each block begins.
    row : float
        The height of a row; of the bars, of a whole block.
    rows : int
        How many each block has.
    grown : float
        1, or more before a room.
    high : float
        The height of the panel.
    """

    columns: Columns
    tops: tuple[float, ...]
    row: float
    rows: int
    grown: float
    high: float

    def block(self, number: int) -> QRectF:
        """The box of a block's cells."""
        left, right = self.columns.left, self.columns.right
        return QRectF(left, self.tops[number], right - left, self.row * self.rows)

    def cell(self, number: int, row: int, column: int) -> QRectF:
        """The box of a cell, its gaps included."""
        wide = self.columns.width
        left, top = self.columns.left + wide * column, self.tops[number] + self.row * row
        return QRectF(left, top, wide, self.row)

    def badge(self, number: int) -> QRectF:
        """The square of a block's letter."""
        side = min(BADGE * self.grown, max(self.row * self.rows, 12.0))
        middle = self.tops[number] + self.row * self.rows / 2
        return QRectF(12.0, round(middle - side / 2), side, side)

    @property
    def top(self) -> float:
        """Where the first block begins."""
        return self.tops[0] if self.tops else TOP

    @property
    def foot(self) -> float:
        """Where the last block ends."""
        return self.block(len(self.tops) - 1).bottom() if self.tops else TOP

    @property
    def baseline(self) -> float:
        """Of the words under the columns."""
        return self.high - 6.0 * self.grown

    @property
    def button(self) -> QRectF:
        """The button that changes the view."""
        side = 16.0 * self.grown
        return QRectF(13.0, self.high - side - 3.0, side, side)

    @property
    def area(self) -> QRectF:
        """All blocks, with what lies between."""
        return QRectF(
            self.columns.left, self.top, self.columns.right - self.columns.left, self.high
        )

    def at(self, point: QPointF) -> tuple[int, int, int] | None:
        """Block, row and column under a point; beside a block, those that are nearest."""
        column = self.columns.at(point.x())
        if column is None or not self.top - GAP <= point.y() <= self.foot + GAP:
            return None
        number = max((n for n, top in enumerate(self.tops) if top <= point.y()), default=0)
        row = floor((point.y() - self.tops[number]) / self.row) if self.row else 0
        return number, max(0, min(row, self.rows - 1)), column


def geometry(
    size: QSizeF, blocks: int, sizes: tuple[int, int], above: float, present: bool
) -> Geometry:
    """Lay the blocks out.

    Parameters
    ----------
    size : QSizeF
        Of the panel.
    blocks : int
        How many.
    sizes : tuple of int
        Rows of each block, and columns.
    above : float
        The room that is taken above them.
    present : bool
        Whether it is shown to a room.
    """
    grown = PRESENT if present else 1.0
    rows, columns = sizes
    left, top = LEFT * (1.4 if present else 1.0), TOP + above
    across = _whole(max(size.width() - left - RIGHT, 20.0) / max(columns, 1), 6.0)
    foot = size.height() - FOOT * grown
    slot = max((foot - top - GAP * (blocks - 1)) / max(blocks, 1), 4.0)
    row = _whole(slot / max(rows, 1), 4.0)
    spare = floor(max(slot - row * max(rows, 1), 0.0) / 2)
    tops = tuple(round(top + number * (slot + GAP)) + spare for number in range(blocks))
    right = left + across * columns if columns else size.width() - RIGHT
    return Geometry(Columns(left, right, columns), tops, row, max(rows, 1), grown, size.height())


def _whole(px: float, least: float) -> float:
    """Whole pixels, so that all gaps look the same; where cells are that small, as it comes."""
    return float(floor(px)) if px >= least else px
