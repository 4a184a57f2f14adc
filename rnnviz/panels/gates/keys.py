"""The keys over the gates: up and down walk, plus and minus hold, Del releases, B shows bars."""

from __future__ import annotations

from typing import TYPE_CHECKING, final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from rnnviz.document.edits import HoldQuantity, ReleaseQuantity
from rnnviz.panels.changing import FINE, Streak
from rnnviz.panels.gates.drags import DIGITS

if TYPE_CHECKING:
    from rnnviz.panels.gates.panel import GatesPanel

_Key = Qt.Key
# Left and Right stay those of the story: after a drag here they still play it.
MOVES = {_Key.Key_Up: -1, _Key.Key_Down: 1}
CHANGES = {_Key.Key_Plus: 1, _Key.Key_Equal: 1, _Key.Key_Minus: -1}
PACE = 0.05
"""The share of a scale by which a key changes a number; a fifth of that with Shift."""


@final
class Keys:
    """What the keys do.

    Parameters
    ----------
    panel : GatesPanel
        Where.
    """

    def __init__(self, panel: GatesPanel) -> None:
        self._panel, self._streak = panel, Streak()

    def wants(self, event: QKeyEvent) -> bool:
        """Whether a key is the panel's; a presenter's arrows and B are those of the room."""
        key, panel = _Key(event.key()), self._panel
        others = event.modifiers() & ~(FINE | Qt.KeyboardModifier.KeypadModifier)
        if others or not panel.seen.steps:
            return False
        if key in MOVES or key == _Key.Key_B:
            return not panel.sight.present and not event.modifiers() & FINE
        return key in CHANGES or key == _Key.Key_Delete

    def press(self, event: QKeyEvent) -> bool:
        """Do what a key stands for."""
        if not self.wants(event):
            return False
        key = _Key(event.key())
        if key in MOVES:
            self._move(MOVES[key])
        elif key in CHANGES:
            share = PACE * (0.2 if event.modifiers() & FINE else 1.0)
            self._change(CHANGES[key] * share)
        elif key == _Key.Key_B:
            self._panel.show_bars(not self._panel.bars)
        else:
            self._release()
        return True

    def _place(self) -> tuple[str, int, int]:
        """Path, unit and step of the number that the keys change."""
        panel = self._panel
        chart, selection = panel.chart, panel.sight.selection
        known = chart.seen.block(selection.path) or chart.seen.blocks[0]
        return known.path, min(selection.unit, chart.seen.units - 1), chart.bar_step

    def _move(self, by: int) -> None:
        path, unit, _ = self._place()
        unit = max(0, min(unit + by, self._panel.seen.units - 1))
        self._panel.selection_requested.emit({"path": path, "unit": unit})

    def _change(self, share: float) -> None:
        path, unit, step = self._place()
        block = self._panel.seen.block(path)
        if block is None:
            return
        value = block.within(block.start(unit, step) + share * (block.high - block.low))
        edit = HoldQuantity(
            path, step, round(value, DIGITS), unit, gesture=self._streak.number((path, unit, step))
        )
        self._panel.edit_requested.emit(edit)

    def _release(self) -> None:
        path, unit, step = self._place()
        if self._panel.seen.hold(path, unit, step) is not None:
            self._panel.edit_requested.emit(ReleaseQuantity(path, step, unit))
