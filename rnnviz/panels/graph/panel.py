"""The panel of the graph: what it shows, and what the reader can do with it."""

from __future__ import annotations

from typing import final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from rnnviz.panels.canvas.hit import HitMap
from rnnviz.panels.canvas.text import Line
from rnnviz.panels.cell.items import CellNode, CellWire
from rnnviz.panels.entry import Entry
from rnnviz.panels.gestures import Gestures, Item
from rnnviz.panels.graph.acting import Acting
from rnnviz.panels.graph.items import GateBar, InputCell, StateCell
from rnnviz.panels.graph.keys import Keys
from rnnviz.panels.graph.look import Look
from rnnviz.panels.graph.menus import Menus
from rnnviz.panels.graph.pulling import Pulling
from rnnviz.panels.graph.table import table_of
from rnnviz.panels.graph.wishing import Wishing
from rnnviz.panels.graph.wordfield import WordField
from rnnviz.panels.graph.words import Sayer
from rnnviz.panels.losing import Losses
from rnnviz.panels.panel import PanelInfo
from rnnviz.panels.picture import PicturePanel
from rnnviz.panels.pulse import Pulse
from rnnviz.panels.sight import Sight
from rnnviz.panels.texts import noop
from rnnviz.session.playhead import OPERATION_MS
from rnnviz.session.selection import Spot


@final
class GraphPanel(PicturePanel):
    """The network unrolled in time, one column a step.

    Attributes
    ----------
    look : Look
        What is drawn.
    field : WordField
        Where words are typed.
    entry : Entry
        Where numbers are typed.
    """

    info = PanelInfo(
        "graph",
        noop("PanelInfo", "Graph"),
        "canvas",
        noop(
            "PanelInfo",
            "The network unrolled in time: one column a step, from the word at the foot to the "
            "answer at the top. Click a word to change it, a cell to go to its step, a unit to "
            "follow it.",
        ),
        width=872,
    )

    def __init__(self, sight: Sight, parent: QWidget | None = None) -> None:
        wishing = Wishing(self)
        acting = Acting(self, wishing)
        keys = Keys(self, acting, wishing)
        gestures = Gestures(
            click=lambda item, _: acting.click(item),
            drag=Pulling(self, acting, wishing).drag,
            wheel=keys.wheel,
            key=keys.key,
            wants=keys.wants,
            spot=self._spot,
            menu=Menus(self, acting, wishing).menu,
            table=lambda: table_of(self.look.told(self.sight)),
        )
        super().__init__(sight, gestures, parent)
        self.look, self._acting = Look(Losses(self.update, self)), acting
        self.field, self.entry = WordField(self, wishing), Entry(self)
        self._pulse, self._beats = Pulse(self), False

    def describe(self, item: Item) -> Line:
        """What an item says."""
        if isinstance(item, CellWire | CellNode):
            return self.look.cell.describe(item, self.sight)
        told = self.look.told(self.sight)
        return () if told is None else Sayer(told).say(item)

    def _spot(self, item: Item) -> Spot | None:
        told = self.look.told(self.sight)
        match item:
            case CellWire() | CellNode():
                return self.look.cell.spot(item, self.sight)
            case StateCell(path, step, unit):
                return Spot(path, unit, step)
            case InputCell(side, step, unit) if told is not None:
                return Spot(f"{told.numbers.sides[side].first}/x", unit, step)
            case GateBar(part, step, symbol) if told is not None:
                return Spot(f"{part}/{symbol}", told.sight.selection.unit, step)
        return None

    def _follow(self, now: Sight, before: Sight) -> None:
        if now.frame.document is not before.frame.document and self.field.is_open:
            self.field.close_field()
        self._beats = now.playing and now.motion and now.moment is not before.moment
        if not now.playing:
            self._pulse.rest()
        if not now.looks_as(before):
            self.update()

    def _draw(self, painter: QPainter, hits: HitMap[Item]) -> None:
        said = self._draw_graph(painter, hits)
        if said and said != self.accessibleDescription():
            self.setAccessibleDescription(said)
        way, self.look.cell.active = self.look.cell.active, ()
        if self._beats and len(way) > 1:
            self._beats = False
            self._pulse.run(way, round(OPERATION_MS / self.sight.speed), self.sight.theme)

    def _draw_graph(self, painter: QPainter, hits: HitMap[Item]) -> str:
        """Draw it for the Lab, or for a room beside what covers its margins."""
        if not self.sight.present:
            size = (self.room.width(), self.room.height())
            return self.look.draw(painter, hits, self.sight, size)
        inner, grown = QRectF(self.contentsRect()), self.grown
        area = QRectF(inner.topLeft() / grown, inner.size() / grown)
        return self.look.draw_for_room(painter, hits, self.sight, area, self.room)

    # ------------------------------------------------------------------------------ Qt's own

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Fit the graph into the window when free ground is clicked twice."""
        on_ground = self.hits.at(event.position()) is None
        if on_ground and event.button() == Qt.MouseButton.LeftButton:
            self._acting.scale("fit")
        else:
            super().mouseDoubleClickEvent(event)
