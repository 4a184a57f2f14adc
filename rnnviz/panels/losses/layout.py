"""Where the parts of the matrix lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSizeF

from rnnviz.panels.canvas.columns import Columns
from rnnviz.panels.canvas.fonts import role_font
from rnnviz.panels.canvas.text import advance
from rnnviz.panels.canvas.theme import Theme

CELL = 44.0
"""The largest cell."""
TOP, FOOT, SIDE, WORDS = 7.0, 21.0, 14.0, 76.0


@dataclass(frozen=True)
class Geometry:
    """The matrix in a panel of one size.

    Attributes
    ----------
    box : QRectF
        The cells.
    rows, columns : int
        How many there are.
    baseline : float
        Of the words below.
    """

    box: QRectF
    rows: int
    columns: int
    baseline: float

    @property
    def wide(self) -> float:
        """Of one cell."""
        return self.box.width() / max(self.columns, 1)

    @property
    def high(self) -> float:
        """Of one cell."""
        return self.box.height() / max(self.rows, 1)

    @property
    def steps(self) -> Columns:
        """The columns."""
        return Columns(self.box.left(), self.box.right(), self.columns)

    def cell(self, row: int, column: int) -> QRectF:
        """The box of one cell."""
        left = self.box.left() + self.wide * column
        return QRectF(left, self.box.top() + self.high * row, self.wide, self.high)

    def row(self, row: int) -> QRectF:
        """The box of one row."""
        return QRectF(self.box.left(), self.cell(row, 0).top(), self.box.width(), self.high)

    def y(self, row: int) -> float:
        """The middle of a row."""
        return self.box.top() + self.high * (row + 0.5)


def geometry(size: QSizeF, rows: Sequence[str], columns: int, theme: Theme) -> Geometry:
    """Lay it out: square cells where the matrix is square, and room for the words at the left."""
    font = role_font(theme.type.wire)
    longest = max((advance(word, font) for word in rows[:64]), default=0.0)
    words = min(longest, WORDS, size.width() * 0.3) + 8
    room = max(size.width() - 2 * SIDE - words, 20.0), max(size.height() - TOP - FOOT, 20.0)
    wide, high = min(room[0] / max(columns, 1), CELL), min(room[1] / max(len(rows), 1), CELL)
    if len(rows) == columns:
        wide = high = min(wide, high)
    elif len(rows) == 1:
        high = min(max(wide, 24.0), high)
    if min(wide, high) >= 12:
        wide, high = float(int(wide)), float(int(high))
    across, down = wide * columns, high * len(rows)
    left = SIDE + words + (room[0] - across) / 2
    top = TOP + (max(room[1] - down, 0) / 2 if len(rows) == 1 else 0)
    box = QRectF(round(left), round(top), across, down)
    return Geometry(box, len(rows), columns, box.bottom() + 15)
