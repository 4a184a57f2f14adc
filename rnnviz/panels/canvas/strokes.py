"""Lines, frames, arrow heads and marks on a painter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import floor, hypot
from typing import Literal, TypeAlias

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPen, QPolygonF

from rnnviz.panels.canvas.colour import Colour, qcolor
from rnnviz.panels.canvas.theme import Theme

Point: TypeAlias = tuple[float, float]
Dash: TypeAlias = tuple[float, ...]
Shape: TypeAlias = Literal["round", "square", "triangle"]

FUTURE_DASH: Dash = (4, 4)
BEFORE_DASH: Dash = (2, 4)
_NO_PEN = QPen(Qt.PenStyle.NoPen)
_NO_BRUSH = QBrush(Qt.BrushStyle.NoBrush)


@lru_cache(maxsize=1024)
def pen(colour: Colour, width: float = 1.0, dash: Dash = (), rounded: bool = False) -> QPen:
    """A pen; the dash is in px, whatever the width. Shared, so never change it."""
    made = QPen(qcolor(colour), width)
    made.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    made.setCapStyle(Qt.PenCapStyle.RoundCap if rounded else Qt.PenCapStyle.FlatCap)
    if dash:
        made.setDashPattern([part / width for part in dash])
    return made


@lru_cache(maxsize=1024)
def brush(colour: Colour | None) -> QBrush:
    """A brush of one colour, or none. Shared, so never change it."""
    return _NO_BRUSH if colour is None else QBrush(qcolor(colour))


def crisp(value: float) -> float:
    """The middle of the pixel that holds `value`: where a hairline is one pixel wide."""
    return floor(value) + 0.5


def hairlines(
    painter: QPainter, lines: Iterable[tuple[float, float, float, float]], colour: Colour
) -> None:
    """Level and upright lines (x1, y1, x2, y2), each exactly one pixel wide."""
    made = [
        QLineF(x1, crisp(y1), x2, crisp(y1)) if y1 == y2 else QLineF(crisp(x1), y1, crisp(x1), y2)
        for x1, y1, x2, y2 in lines
    ]
    painter.setPen(pen(colour))
    painter.drawLines(made)


def dashed_hairline(
    painter: QPainter, start: Point, end: Point, colour: Colour, dash: Dash = FUTURE_DASH
) -> None:
    """One level or upright hairline, dashed."""
    (x1, y1), (x2, y2) = start, end
    level = y1 == y2
    line = QLineF(x1, crisp(y1), x2, crisp(y1)) if level else QLineF(crisp(x1), y1, crisp(x1), y2)
    painter.setPen(pen(colour, 1.0, dash))
    painter.drawLine(line)


def filled(painter: QPainter, box: QRectF, colour: Colour, radius: float = 0.0) -> None:
    """A filled box, with round corners where `radius` is above 0."""
    if radius <= 0:
        painter.fillRect(box, qcolor(colour))
        return
    painter.setPen(_NO_PEN)
    painter.setBrush(brush(colour))
    painter.drawRoundedRect(box, radius, radius)


def framed(
    painter: QPainter,
    box: QRectF,
    colour: Colour,
    radius: float = 0.0,
    width: float = 1.0,
    fill: Colour | None = None,
    dash: Dash = (),
) -> None:
    """A box with an outline that lies wholly within it."""
    half = width / 2
    painter.setPen(pen(colour, width, dash))
    painter.setBrush(brush(fill))
    inner = box.adjusted(half, half, -half, -half)
    corner = max(min(radius - half, inner.width() / 2, inner.height() / 2), 0)
    painter.drawRoundedRect(inner, corner, corner)


def cursor_frame(painter: QPainter, box: QRectF, theme: Theme) -> None:
    """The frame of step t: the same in the graph, in every chart and on the scrubber."""
    whole = QRectF(floor(box.left()), floor(box.top()), round(box.width()), round(box.height()))
    framed(painter, whole, theme.colours.tx1, 4, theme.lines.cursor)


def selection_frame(painter: QPainter, box: QRectF, theme: Theme, radius: float = 3) -> None:
    """The frame of what is selected, around a mark."""
    framed(painter, box, theme.colours.tx1, radius, theme.lines.selection)


def focus_ring(painter: QPainter, box: QRectF, theme: Theme, radius: float = 6) -> None:
    """The ring of the control that has the keyboard, outside its box."""
    out = theme.lines.focus_offset + theme.lines.focus
    ring = box.adjusted(-out, -out, out, out)
    framed(painter, ring, theme.colours.tx1, radius + out, theme.lines.focus)


def polyline(painter: QPainter, points: Sequence[Point], stroke: QPen) -> None:
    """A line through points."""
    painter.setPen(stroke)
    painter.setBrush(_NO_BRUSH)
    painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in points]))


def arrow_head(
    painter: QPainter, tip: Point, back: Point, colour: Colour, length: float = 8, wide: float = 7
) -> None:
    """A filled head at `tip` that points away from `back`."""
    dx, dy = tip[0] - back[0], tip[1] - back[1]
    far = hypot(dx, dy) or 1.0
    ux, uy = dx / far, dy / far
    foot_x, foot_y = tip[0] - ux * length, tip[1] - uy * length
    half = wide / 2
    corners = [
        QPointF(*tip),
        QPointF(foot_x - uy * half, foot_y + ux * half),
        QPointF(foot_x + uy * half, foot_y - ux * half),
    ]
    painter.setPen(_NO_PEN)
    painter.setBrush(brush(colour))
    painter.drawPolygon(QPolygonF(corners))


def head_size(width: float) -> tuple[float, float]:
    """Length and width in px of the head of a wire."""
    long = max(7.2, min(7.2 + 2 * (width - 2.2), 8.0), 1.65 * width)
    return long, max(0.87 * long, 1.5 * width)


def wire(
    painter: QPainter,
    points: Sequence[Point],
    colour: Colour,
    width: float = 2.2,
    head: bool = False,
    dash: Dash = (),
) -> None:
    """A wire through points; with a head, the line ends where the head begins."""
    line = list(points)
    if head and len(line) > 1:
        (x1, y1), (x2, y2) = line[-2], line[-1]
        long, wide = head_size(width)
        far = hypot(x2 - x1, y2 - y1) or 1.0
        back = min(long - 1, far) / far
        line[-1] = (x2 - (x2 - x1) * back, y2 - (y2 - y1) * back)
        polyline(painter, line, pen(colour, width, dash))
        arrow_head(painter, (x2, y2), (x1, y1), colour, long, wide)
    else:
        polyline(painter, line, pen(colour, width, dash))


def dot(
    painter: QPainter, centre: Point, radius: float, colour: Colour, rim: Colour | None = None
) -> None:
    """A filled disc, with a rim of 1.2 px where one is given."""
    painter.setPen(pen(rim, 1.2) if rim else _NO_PEN)
    painter.setBrush(brush(colour))
    painter.drawEllipse(QPointF(*centre), radius, radius)


def mark(painter: QPainter, shape: Shape, centre: Point, colour: Colour, rim: Colour) -> None:
    """A mark on a curve: round for h, square for c, triangle for losses and the GRU."""
    x, y = centre
    if shape == "round":
        dot(painter, centre, 4.6, colour, rim)
        return
    painter.setPen(pen(rim, 1.2))
    painter.setBrush(brush(colour))
    if shape == "square":
        painter.drawRect(QRectF(x - 4, y - 4, 8, 8))
    else:
        corners = [QPointF(x, y - 5.2), QPointF(x + 5, y + 3.8), QPointF(x - 5, y + 3.8)]
        painter.drawPolygon(QPolygonF(corners))


def hatched(painter: QPainter, box: QRectF, colour: Colour, step: float = 6) -> None:
    """Slanting hairlines in a box: what is not, or what overflowed.

    They are cut by arithmetic, as Qt's SVG writer knows no clip.
    """
    inner = box.adjusted(0.5, 0.5, -0.5, -0.5)
    left, right, foot, high = inner.left(), inner.right(), inner.bottom(), inner.height()
    lines = []
    for index in range(1, int((inner.width() + high) / step) + 1):
        start = left - high + step * index
        x1, x2 = max(start, left), min(start + high, right)
        if x1 < x2:
            lines.append(QLineF(x1, foot - (x1 - start), x2, foot - (x2 - start)))
    painter.setPen(pen(colour))
    painter.drawLines(lines)
