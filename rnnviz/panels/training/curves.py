"""The picture of a run: loss and accuracy over the updates, and the gradient at each step."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import ClassVar, final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from rnnviz.document.history import History
from rnnviz.panels.canvas.hit import Field, HitMap
from rnnviz.panels.canvas.text import Line, run
from rnnviz.panels.gestures import Drag, Gestures, Item, Table
from rnnviz.panels.panel import PanelInfo
from rnnviz.panels.picture import PicturePanel
from rnnviz.panels.sight import Sight
from rnnviz.panels.texts import noop
from rnnviz.panels.training.chart import Chart, draw_chart, draw_names, draw_nothing
from rnnviz.panels.training.flow import Flow, draw_flow
from rnnviz.panels.training.words import describe_point, table
from rnnviz.session.training import Point, point_of_moment

BOTH_FROM = 330.0
FLOW_SHARE = 0.36


@final
@dataclass(frozen=True)
class At:
    """One moment of the run."""

    number: int


@final
class Scrub:
    """A drag through the time of training."""

    def __init__(self, curves: Curves) -> None:
        self._curves, self._start = curves, curves.sight.training.viewed

    def move(self, at: QPointF, _: Qt.KeyboardModifier) -> None:
        """Show the weights of the moment under the pointer."""
        self._curves.view(self._curves.number_at(at.x()))

    def drop(self) -> None:
        """Stay."""

    def cancel(self) -> None:
        """Show what was shown before."""
        self._curves.command_requested.emit("view_training", self._start)


@final
class Curves(PicturePanel):
    """The curves; a drag, a click or the wheel goes through the time of a run that has ended.

    Parameters
    ----------
    sight : Sight
        What is shown first.
    parent : QWidget, optional
        The owner.
    """

    info: ClassVar[PanelInfo] = PanelInfo(
        id="training_curves",
        title=noop("PanelInfo", "Course of the training"),
        area="dock",
        help=noop(
            "PanelInfo",
            "Loss and accuracy over the updates. Drag to see the network as it was then.",
        ),
        shown=False,
    )

    def __init__(self, sight: Sight, parent: QWidget | None = None) -> None:
        gestures = Gestures(
            click=self._click, drag=self._scrub, wheel=self._wheel, table=self._table
        )
        super().__init__(sight, gestures, parent)
        self._chart: Chart | None = None
        self._flow = Flow()
        self._remembered: tuple[History | None, tuple[Point, ...]] = (None, ())
        self.setMinimumSize(120, 30)

    @property
    def points(self) -> tuple[Point, ...]:
        """The measures that are drawn: of the run under way, else those that were remembered."""
        sight = self.sight
        if sight.training.running:
            return sight.training.points
        history = sight.frame.document.history
        if history is not self._remembered[0]:
            moments = () if history is None else history.moments
            self._remembered = (history, tuple(map(point_of_moment, moments)))
        return self._remembered[1]

    @property
    def place(self) -> int:
        """The number of the point where the head stands."""
        points, training = self.points, self.sight.training
        if training.running or training.viewed is None:
            return len(points) - 1
        return min(training.viewed, len(points) - 1)

    def number_at(self, x: float) -> int:
        """The number of the point that is nearest to a place."""
        if self._chart is None or not self.points:
            return 0
        places = self._chart.xs(self.points)
        return int(np.argmin(np.abs(places - x)))

    def view(self, number: int) -> None:
        """Ask for the weights of a moment; that cannot be while a run is under way."""
        if not self.sight.training.running and self.sight.training.viewed != number:
            self.command_requested.emit("view_training", number)

    def describe(self, item: Item) -> Line:
        """The measures of a moment."""
        points, theme = self.points, self.sight.theme
        if not isinstance(item, At) or item.number >= len(points):
            return ()
        text = describe_point(points[item.number], self.sight.document)
        return (run(text, theme.type.control, theme.colours.tx1),)

    def _follow(self, _now: Sight, _before: Sight) -> None:
        self.update()

    def _click(self, item: Item, _: Qt.KeyboardModifier) -> None:
        if isinstance(item, At):
            self.view(item.number)

    def _scrub(self, item: Item, _: QPointF) -> Drag | None:
        scrubs = isinstance(item, At) and not self.sight.training.running
        return Scrub(self) if scrubs else None

    def _wheel(self, item: Item | None, notches: float, _: Qt.KeyboardModifier) -> bool:
        if not isinstance(item, At) or self.sight.training.running or abs(notches) < 0.5:
            return False
        way = 1 if notches > 0 else -1
        self.view(max(0, min(self.place + way, len(self.points) - 1)))
        return True

    def _table(self) -> Table:
        return table(self.points)

    def _draw(self, painter: QPainter, hits: HitMap[Item]) -> None:
        sight, points = self.sight, self.points
        area = QRectF(self.rect()).adjusted(14, 4, -14, -4)
        flow = self._flow.shown(sight)
        if flow is not None and area.width() >= BOTH_FROM:
            wide = area.width() * FLOW_SHARE
            beside = QRectF(area.right() - wide, area.top(), wide, area.height())
            draw_flow(painter, beside, flow, sight)
            area.setRight(beside.left() - 22)
        self._chart = None
        if not any(isfinite(point.loss) for point in points):
            draw_nothing(painter, area, sight)
            return
        self._chart = Chart(area, points, sight)
        draw_chart(painter, self._chart, points, self.place, sight)
        hits.add_field(Field(area, lambda at: At(self.number_at(at.x())), self._box_of))

    def draw_names(self, painter: QPainter, room: QRectF) -> None:
        """The names of the curves in the title of the panel, where the chart has no room."""
        if self._chart is not None and self.isVisible():
            draw_names(painter, room, self._chart, self.points, self.place, self.sight)

    def _box_of(self, item: Item) -> QRectF | None:
        if self._chart is None or not isinstance(item, At) or item.number >= len(self.points):
            return None
        x = float(self._chart.xs(self.points)[item.number])
        return QRectF(x - 3, self._chart.box.top(), 6, self._chart.box.height())
