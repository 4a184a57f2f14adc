"""Drags a gate up and down: it is held at what the hand says, and all else follows."""

from __future__ import annotations

from typing import final

from PySide6.QtCore import QPointF, Qt

from rnnviz.document.edits import HoldQuantity
from rnnviz.panels.changing import FINE, undo_since
from rnnviz.panels.gates.blocks import Block
from rnnviz.panels.gates.items import Cell
from rnnviz.panels.panel import Panel, next_gesture

DIGITS = 4


@final
class HoldDrag:
    """A drag that holds one number; upward it grows.

    Parameters
    ----------
    panel : Panel
        Where it is; its document says whether there is something to undo.
    block : Block
        The quantity.
    cell : Cell
        Which of its numbers.
    start : QPointF
        Where it begins.
    reach : float
        How many px go through the whole scale; ten times as many with Shift.
    """

    def __init__(
        self, panel: Panel, block: Block, cell: Cell, start: QPointF, reach: float
    ) -> None:
        self.cell = cell
        self.value = block.start(cell.unit, cell.step)
        self._block, self._last = block, start.y()
        self._per_px = (block.high - block.low) / reach
        self._panel, self._before = panel, panel.sight.frame.document
        self._gesture = next_gesture()
        self._held: float | None = None

    def move(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Hold it at what the pointer's height says."""
        pace = self._per_px * (0.1 if modifiers & FINE else 1.0)
        self.value = self._block.within(self.value + (self._last - at.y()) * pace)
        self._last = at.y()
        value = round(self.value, DIGITS)
        if value != self._held:
            self._held = value
            cell = self.cell
            edit = HoldQuantity(cell.path, cell.step, value, cell.unit, gesture=self._gesture)
            self._panel.edit_requested.emit(edit)

    def drop(self) -> None:
        """Leave it held."""

    def cancel(self) -> None:
        """As it was."""
        undo_since(self._panel, self._before)
