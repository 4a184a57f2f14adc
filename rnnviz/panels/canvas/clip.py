"""The line at which gradients are clipped, in a chart with a logarithmic axis."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from rnnviz.panels.canvas.axis import LogAxis
from rnnviz.panels.canvas.strokes import framed, hairlines, pen, polyline
from rnnviz.panels.canvas.theme import Theme


def draw_clip_line(
    painter: QPainter, axis: LogAxis, left: float, right: float, value: float, theme: Theme
) -> QRectF:
    """The line at which gradients are clipped, with its handle at the right; gives the handle."""
    paint = theme.colours
    y = axis.y(value)
    polyline(painter, [(left, y), (right, y)], pen(paint.tx2, 1.4, (6, 4)))
    handle = QRectF(round(right) - 3, round(y - 8), 12, 16)
    framed(painter, handle, paint.tx3, 3, 1, paint.bg3)
    grips = [handle.center().y() - 3, handle.center().y() + 2]
    hairlines(painter, [(handle.left() + 3, g, handle.right() - 3, g) for g in grips], paint.tx1)
    return handle
