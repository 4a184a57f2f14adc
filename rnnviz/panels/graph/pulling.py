"""What a drag of an item of the graph does."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, final

from PySide6.QtCore import QPointF, QRectF

from rnnviz.panels.cell.items import CellNode, CellWire
from rnnviz.panels.changing import PlaceDrag, ValueDrag
from rnnviz.panels.gestures import Drag, Item
from rnnviz.panels.graph import items as of
from rnnviz.panels.graph.acting import Acting
from rnnviz.panels.graph.dragging import ChipDrag, Pull, Sweep
from rnnviz.panels.graph.folded import value_at
from rnnviz.panels.graph.saying import Told
from rnnviz.panels.graph.sides import Lane, lane_of
from rnnviz.panels.graph.wishing import Wishing

if TYPE_CHECKING:
    from rnnviz.panels.graph.panel import GraphPanel


@final
class Pulling:
    """Begins drags.

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

    def _told(self) -> Told | None:
        return self._panel.look.told(self._panel.sight)

    def drag(self, item: Item, at: QPointF) -> Drag | None:
        """Begin what a drag of an item does."""
        panel, told = self._panel, self._told()
        if told is None:
            return None
        match item:
            case CellWire() | CellNode():
                return panel.look.cell.drag(item, at, panel)
            case of.Chip(0, step) if panel.look.plan and panel.sight.frame.document.steps > 1:
                return ChipDrag(panel, panel.look, self._wishing, step)
            case of.InputCell(0, step, unit) if not self._wishing.reads_words:
                return self._change_input(told, at, step, unit)
            case of.GateBar(part, step, symbol):
                return self._hold(item, told, (part, step, symbol))
            case of.UnitChip():
                return Sweep(panel, told.unit)
            case of.Overview():
                return Pull(self._pull_overview)
        return None

    def _change_input(self, told: Told, at: QPointF, step: int, unit: int) -> Drag | None:
        """Change a number that is read."""
        value = told.numbers.number(f"{told.numbers.sides[0].first}/x", step, unit)
        if not isfinite(value):
            return None
        return ValueDrag(
            self._panel, at, value, lambda v, g: self._wishing.set_input(step, unit, v, g)
        )

    def _hold(self, item: Item, told: Told, place: tuple[str, int, str]) -> Drag | None:
        """Hold a gate where the pointer stands within its bar."""
        part, step, symbol = place
        lane: Lane = lane_of(told.numbers.sides, part)[1]
        function = dict(lane.gates).get(symbol, "")
        box = self._panel.hits.box_of(item)
        if box is None:
            return None
        grown = self._panel.grown
        box = QRectF(box.topLeft() / grown, box.size() / grown)
        unit = min(told.sight.selection.unit, lane.units - 1)
        low = 0.0 if function == "sigmoid" else -1.0

        def change(at: QPointF, gesture: int) -> None:
            share = (box.bottom() - at.y()) / max(box.height(), 1.0)
            value = value_at(function, low + (1.0 - low) * min(max(share, 0.0), 1.0))
            self._wishing.hold(f"{part}/{symbol}", step, unit, round(value, 2), gesture)

        return PlaceDrag(self._panel, change)

    def _pull_overview(self, at: QPointF) -> None:
        plan, told = self._panel.look.plan, self._told()
        if plan is None or told is None:
            return
        axis = plan.axis
        share = (at.x() / plan.scale - axis.left) / max(axis.room, 1.0)
        index = min(max(int(share * axis.count), 0), axis.count - 1)
        side, step = axis.place(index)
        part = told.numbers.sides[side].lanes[0].part if side != told.place[0] else told.lane.part
        self._acting.go_to(part, step)
