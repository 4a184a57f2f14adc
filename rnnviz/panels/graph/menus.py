"""What the menu of an item of the graph offers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, final

from PySide6.QtGui import QAction

from rnnviz.panels.cell.items import CellNode, CellWire
from rnnviz.panels.changing import limits
from rnnviz.panels.gestures import Item
from rnnviz.panels.graph import items as of
from rnnviz.panels.graph.acting import Acting
from rnnviz.panels.graph.foot import is_known, word_of
from rnnviz.panels.graph.saying import Told
from rnnviz.panels.graph.sides import lane_of
from rnnviz.panels.graph.wishing import Wishing, nearest
from rnnviz.panels.texts import menu_text, translate

if TYPE_CHECKING:
    from rnnviz.panels.graph.panel import GraphPanel


@final
class Menus:
    """Makes the actions of the menus.

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

    def menu(self, item: Item | None) -> list[QAction]:
        """What can be done with an item."""
        told = self._panel.look.told(self._panel.sight)
        if told is None:
            return []
        match item:
            case CellWire() | CellNode():
                return self._panel.look.cell.menu(item, self._panel, self._panel)
            case of.Chip(0, step):
                return self._chip_menu(told, step)
            case of.GateBar(part, step, symbol):
                return self._gate_menu(told, part, step, symbol)
            case of.CellBox(part, step):
                visit = partial(self._acting.go_to, part, step)
                fill = partial(self._panel.command_requested.emit, "zoom", 3)
                return [
                    self._act(translate("GraphPanel", "Go to this step"), visit),
                    self._act(
                        translate("GraphPanel", "Fill the canvas"), lambda: (visit(), fill())
                    ),
                ]
        return []

    def _act(self, text: str, act: Callable[[], object]) -> QAction:
        action = QAction(menu_text(text), self._panel)
        action.triggered.connect(lambda _=False: act())
        return action

    def _chip_menu(self, told: Told, step: int) -> list[QAction]:
        found: list[QAction] = []
        word = word_of(told.numbers, 0, step)
        if self._wishing.reads_words:
            if not is_known(told.numbers, 0, step):
                put = translate("GraphPanel", "Replace by “{word}”")
                for near in nearest(self._wishing.document, word):
                    act = partial(self._wishing.put, step, near, False)
                    found.append(self._act(put.format(word=near), act))
                text = translate("GraphPanel", "Add “{word}” to the vocabulary").format(word=word)
                found.append(self._act(text, partial(self._wishing.add_word, step, word, False)))
            found.append(
                self._act(translate("GraphPanel", "Edit"), partial(self._acting.edit_word, 0, step))
            )
        before = partial(self._acting.insert_word, step)
        found.append(self._act(translate("GraphPanel", "Insert before"), before))
        found.append(
            self._act(translate("GraphPanel", "Delete"), partial(self._wishing.delete, step))
        )
        return found

    def _gate_menu(self, told: Told, part: str, step: int, symbol: str) -> list[QAction]:
        path = f"{part}/{symbol}"
        lane = lane_of(told.numbers.sides, part)[1]
        unit = min(told.sight.selection.unit, lane.units - 1)
        found = []
        if any(h.path == path and h.step == step for h in self._wishing.document.holds):
            release = partial(self._wishing.release, path, step, unit)
            found.append(self._act(translate("GraphPanel", "Release"), release))
        low = max(limits(dict(lane.gates).get(symbol, ""))[0], -1.0)
        for value in (low, 1.0):
            text = translate("GraphPanel", "Hold at {value}").format(
                value=f"{value:.0f}".replace("-", "−")
            )
            found.append(self._act(text, partial(self._wishing.hold, path, step, unit, value)))
        return found
