"""The pulse: during play a dot runs along the wire of the operation that was told last."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import dist
from typing import final

from PySide6.QtCore import QEasingCurve, QPointF, QSize, Qt, QVariantAnimation
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from rnnviz.panels.canvas.diagram import draw_pulse
from rnnviz.panels.canvas.theme import Theme

SIDE = 12
Point = tuple[float, float]


@final
class Pulse(QWidget):
    """A dot over a picture; it takes no clicks, and what it covers is not repainted by itself."""

    def __init__(self, picture: QWidget) -> None:
        super().__init__(picture)
        self._way: tuple[Point, ...] = ()
        self._theme: Theme | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.resize(QSize(SIDE, SIDE))
        self.hide()
        self._clock = QVariantAnimation(self)
        self._clock.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._clock.setStartValue(0.0)
        self._clock.setEndValue(1.0)
        self._clock.valueChanged.connect(self._place)
        self._clock.finished.connect(self.hide)

    def run(self, way: Sequence[Point], ms: int, theme: Theme) -> None:
        """Run along a way of at least two points once."""
        self._way, self._theme = tuple(way), theme
        self._clock.stop()
        self._clock.setDuration(ms)
        self._place(0.0)
        self.show()
        self.raise_()
        self._clock.start()

    def rest(self) -> None:
        """Be gone."""
        self._clock.stop()
        self.hide()

    def _place(self, share: object) -> None:
        if isinstance(share, float) and len(self._way) > 1:
            x, y = along(self._way, share)
            self.move(round(x - SIDE / 2), round(y - SIDE / 2))

    # ------------------------------------------------------------------------------ Qt's own

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw the dot."""
        if self._theme is None:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            draw_pulse(painter, (SIDE / 2, SIDE / 2), self._theme)


def along(way: Sequence[Point], share: float) -> Point:
    """The point of a way after a share of its length, 0 to 1."""
    left = share * sum(dist(a, b) for a, b in pairwise(way))
    for start, end in pairwise(way):
        far = dist(start, end)
        if left <= far and far > 0:
            part = left / far
            return start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part
        left -= far
    return way[-1]


def in_widget(painter: QPainter, way: Sequence[Point]) -> tuple[Point, ...]:
    """A way of a painter in px of the widget that it paints on."""
    turned = painter.worldTransform()
    points = (turned.map(QPointF(x, y)) for x, y in way)
    return tuple((point.x(), point.y()) for point in points)
