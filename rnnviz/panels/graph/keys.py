"""The wheel and the keys of the graph."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from rnnviz.panels.cell.items import CellNode, CellWire
from rnnviz.panels.gestures import Item
from rnnviz.panels.graph import items as of
from rnnviz.panels.graph.acting import Acting
from rnnviz.panels.graph.saying import Told
from rnnviz.panels.graph.wishing import Wishing

if TYPE_CHECKING:
    from rnnviz.panels.graph.panel import GraphPanel

_PLAIN = Qt.KeyboardModifier.NoModifier | Qt.KeyboardModifier.KeypadModifier
ROOM = ("b", "t", "z")
"""When presenting, these keys and the digits are the window's."""


@final
class Keys:
    """Turns the wheel and the keys into wishes.

    Parameters
    ----------
    panel : GraphPanel
        Where.
    acting : Acting
        What clicks do.
    wishing : Wishing
        Wishes edits.
    """

    def __init__(self, panel: GraphPanel, acting: Acting, wishing: Wishing) -> None:
        self._panel, self._acting, self._wishing = panel, acting, wishing
        self._turned = 0.0

    def _told(self) -> Told | None:
        return self._panel.look.told(self._panel.sight)

    # ------------------------------------------------------------------------------------ wheel

    def wheel(self, item: Item | None, notches: float, modifiers: Qt.KeyboardModifier) -> bool:
        """Do what the wheel does over an item."""
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            self._whole(notches, lambda by: self._acting.scale("larger" if by > 0 else "smaller"))
            return True
        match item:
            case of.Chip(0, step):
                return self._whole(notches, lambda by: self._wishing.turn(step, by))
            case of.UnitChip() | of.MoreUnits():
                return self._whole(notches, lambda by: self._acting.move_unit(-by))
            case of.CellBox() | of.GateBar() | CellWire() | CellNode():
                return self._whole(notches, self._zoom)
            case of.Overview():
                return self._whole(notches, self._scroll)
        plan = self._panel.look.plan
        if item is None and plan is not None and plan.axis.scrolls:
            return self._whole(notches, self._scroll)
        return False

    def _whole(self, notches: float, act: Callable[[int], object]) -> bool:
        """Act once for each whole notch; what is left counts at the next turn."""
        if notches * self._turned < 0:
            self._turned = 0.0
        self._turned += notches
        by = int(self._turned)
        self._turned -= by
        if by:
            act(by)
        return True

    def _zoom(self, by: int) -> None:
        now = self._panel.sight.zoom
        zoom = max(1, min(now + by, 3))
        if zoom != now:
            self._panel.command_requested.emit("zoom", zoom)

    def _scroll(self, by: int) -> None:
        told = self._told()
        if told is not None:
            steps = told.numbers.sides[told.place[0]].steps
            self._acting.go_to(told.lane.part, max(0, min(told.step - by, steps - 1)))

    # ------------------------------------------------------------------------------------- keys

    def wants(self, event: QKeyEvent) -> bool:
        """Whether a key is the graph's."""
        return self._action(event) is not None

    def key(self, event: QKeyEvent) -> bool:
        """Do what a key does."""
        action = self._action(event)
        if action is not None:
            action()
        return action is not None

    def _action(self, event: QKeyEvent) -> Callable[[], object] | None:
        if event.matches(QKeySequence.StandardKey.Paste):
            return self._wishing.paste
        if event.modifiers() & ~_PLAIN:
            return None
        told = self._told()
        if told is None:
            wanted = (Qt.Key.Key_F2, Qt.Key.Key_Insert, Qt.Key.Key_Return, Qt.Key.Key_Enter)
            return partial(self._acting.insert_word, 0) if event.key() in wanted else None
        return self._of_words(event, told) or self._of_choice(event, told)

    def _of_words(self, event: QKeyEvent, told: Told) -> Callable[[], object] | None:
        side, step = told.place
        if side and event.key() in (Qt.Key.Key_F2, Qt.Key.Key_Insert, Qt.Key.Key_Delete):
            return None
        return {
            Qt.Key.Key_F2: partial(self._acting.edit_word, 0, step),
            Qt.Key.Key_Insert: partial(self._acting.insert_word, step),
            Qt.Key.Key_Delete: partial(self._wishing.delete, step),
        }.get(Qt.Key(event.key()))

    def _of_choice(self, event: QKeyEvent, told: Told) -> Callable[[], object] | None:
        key, text, lane = event.key(), event.text(), told.lane
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return partial(self._zoom, 1)
        if key == Qt.Key.Key_Up:
            return partial(self._acting.move_unit, -1)
        if key == Qt.Key.Key_Down:
            return partial(self._acting.move_unit, 1)
        if self._panel.sight.present and (text.isdigit() or text in ROOM):
            return None
        # A raised two, a key of French keyboards, is a digit too, but no decimal one.
        if text.isdecimal() and 1 <= int(text) <= min(9, lane.units):
            unit = int(text) - 1
            return partial(self._panel.selection_requested.emit, {"unit": unit})
        if text and text in (*lane.cell.states, *(symbol for symbol, _ in lane.gates)):
            return partial(self._acting.select, f"{lane.part}/{text}")
        return self._acting.show_loss if text == "l" else None
