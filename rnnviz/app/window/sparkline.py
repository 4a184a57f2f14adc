"""The loss of a training run as a small curve in the top bar; a click unfolds the panel."""

from __future__ import annotations

from typing import final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QAbstractButton, QWidget

from rnnviz.panels.canvas.strokes import focus_ring, framed, pen
from rnnviz.panels.canvas.text import draw_in, run, size
from rnnviz.panels.canvas.theme import Theme
from rnnviz.session.training import IDLE, Training

WIDE, HIGH = 148, 26
CURVE = 74


@final
class Sparkline(QAbstractButton):
    """Shows a run while it is under way, and nothing else.

    Parameters
    ----------
    theme : Theme
        The colours at first.
    parent : QWidget, optional
        The owner.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._training = theme, IDLE
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedSize(self.sizeHint())
        self.hide()

    def show_training(self, training: Training, theme: Theme) -> None:
        """Show how a run goes."""
        if training is self._training and theme is self._theme:
            return
        self._training, self._theme = training, theme
        self.setVisible(training.running)
        words = self.tr("Training: update {update}, loss {loss}")
        text = words.format(update=f"{training.update:,}", loss=self._loss or "\N{EN DASH}")
        self.setToolTip(text)
        self.setAccessibleName(text)
        self.update()

    @property
    def _loss(self) -> str:
        points = self._training.points
        return size(points[-1].loss, 3) if points else ""

    def sizeHint(self) -> QSize:
        """As wide as the curve and the loss."""
        return QSize(WIDE, HIGH)

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw the curve and the loss behind it."""
        paint, box = self._theme.colours, QRectF(self.rect())
        losses = np.array([point.loss for point in self._training.points])
        losses = losses[np.isfinite(losses)][-CURVE:]
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            framed(painter, box, paint.line, self._theme.radii.field, 1, paint.bg2)
            if len(losses) > 1:
                high = float(losses.max()) or 1.0
                xs = np.linspace(10, 10 + CURVE, len(losses))
                ys = box.bottom() - 6 - losses / high * (HIGH - 12)
                points = [QPointF(x, y) for x, y in zip(xs.tolist(), ys.tolist(), strict=True)]
                painter.setPen(pen(paint.tx1, 1.4))
                painter.drawPolyline(QPolygonF(points))
            label = run(f"L {self._loss}", self._theme.type.control, paint.tx2)
            draw_in(painter, QRectF(CURVE + 14, 0, WIDE - CURVE - 22, HIGH), label)
            if self.hasFocus():
                focus_ring(painter, box.adjusted(4, 4, -4, -4), self._theme, 4)
