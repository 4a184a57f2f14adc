"""The panel of the graph: what it shows, and what the reader can do with it."""

from __future__ import annotations

from typing import final

from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from rnnviz.panels.canvas.hit import HitMap
from rnnviz.panels.canvas.text import Line
from rnnviz.panels.gestures import Gestures, Item
from rnnviz.panels.graph.look import Look
from rnnviz.panels.graph.words import Sayer
from rnnviz.panels.panel import PanelInfo
from rnnviz.panels.picture import PicturePanel
from rnnviz.panels.sight import Sight


@final
class GraphPanel(PicturePanel):
    """The network unrolled in time, one column a step."""

    info = PanelInfo(
        "graph",
        "Graph",
        "canvas",
        "The network unrolled in time: one column a step, from the word at the foot to the answer "
        "at the top. Click a word to change it, a cell to go to its step, a unit to follow it.",
        width=872,
    )

    def __init__(self, sight: Sight, parent: QWidget | None = None) -> None:
        super().__init__(sight, Gestures(), parent)
        self.look = Look()

    def describe(self, item: Item) -> Line:
        """What an item says."""
        told = self.look.told(self.sight)
        return () if told is None else Sayer(told).say(item)

    def _follow(self, _now: Sight, _before: Sight) -> None:
        self.update()

    def _draw(self, painter: QPainter, hits: HitMap[Item]) -> None:
        self.look.draw(painter, hits, self.sight, (self.width(), self.height()))
