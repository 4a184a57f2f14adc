"""The drag of a bar by which matrices are scrolled."""

from __future__ import annotations

from collections.abc import Callable
from typing import final

from PySide6.QtCore import QPointF, Qt

from rnnviz.panels.weights.grid import Grid


@final
class TrackDrag:
    """Scrolls with the pointer.

    Parameters
    ----------
    grid : Grid
        What is scrolled, as it was at the start.
    down : bool
        Whether by rows rather than by columns.
    start : QPointF
        Where the drag begins.
    scroll : callable
        `(first row, first column)`.
    """

    def __init__(
        self, grid: Grid, down: bool, start: QPointF, scroll: Callable[[int, int], None]
    ) -> None:
        self._grid, self._down, self._start, self._scroll = grid, down, start, scroll
        self._corner = (grid.shown_rows.start, grid.first_column)

    def move(self, at: QPointF, _: Qt.KeyboardModifier) -> None:
        """Follow the pointer."""
        grid, way = self._grid, at - self._start
        row, column = self._corner
        if self._down:
            row += round(way.y() / max(grid.box.height(), 1) * grid.rows)
        else:
            column += round(way.x() / max(grid.box.width(), 1) * grid.columns)
        self._scroll(max(row, 0), max(column, 0))

    def drop(self) -> None:
        """End where it is."""

    def cancel(self) -> None:
        """Scroll back."""
        self._scroll(*self._corner)
