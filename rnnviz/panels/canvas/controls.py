"""The parts of controls that we draw ourselves: sliders, the scrubber's track, value fields."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPolygonF

from rnnviz.panels.canvas.colour import Colour
from rnnviz.panels.canvas.fonts import sans
from rnnviz.panels.canvas.strokes import brush, dot, filled, framed, hairlines, pen
from rnnviz.panels.canvas.text import Run, draw_text, middle
from rnnviz.panels.canvas.theme import Theme

KNOB = 7.5


def slider_x(box: QRectF, share: float) -> float:
    """The x of the knob's middle; `share` is 0 to 1."""
    return box.left() + box.width() * min(max(share, 0.0), 1.0)


def draw_slider(
    painter: QPainter, box: QRectF, share: float, theme: Theme, before: float | None = None
) -> None:
    """A track of 4 px with a knob, and a ring where it stood before the edit."""
    paint = theme.colours
    y = box.center().y()
    filled(painter, QRectF(box.left(), y - 2, box.width(), 4), paint.bg3, 2)
    here = slider_x(box, share)
    if before is not None:
        there = slider_x(box, before)
        filled(painter, QRectF(min(here, there), y - 2, abs(here - there), 4), paint.tx2, 2)
        painter.setPen(pen(paint.tx3, 1.4))
        painter.setBrush(brush(paint.bg1))
        painter.drawEllipse(QPointF(there, y), 5.5, 5.5)
    dot(painter, (here, y), KNOB + 1, paint.bg1)
    dot(painter, (here, y), KNOB - 1, paint.tx1)


def draw_value_field(
    painter: QPainter, box: QRectF, text: str, theme: Theme, wrong: bool = False
) -> QRectF:
    """A field with a number and the handle of six dots; gives the handle's box."""
    paint = theme.colours
    framed(painter, box, paint.err if wrong else paint.tx2, theme.radii.field, 1, paint.bg0)
    font = sans(theme.type.body.px, 600)
    draw_text(painter, box.left() + 12, middle(font, box.center().y()), Run(text, font, paint.tx1))
    handle = QRectF(box.right() - 22, box.top() + 1, 21, box.height() - 2)
    x, y = box.right() - 14, box.center().y()
    for column in range(2):
        for row in range(3):
            dot(painter, (x + 5 * column, y - 5 + 5 * row), 1.3, paint.tx2)
    return handle


def draw_track(
    painter: QPainter, box: QRectF, done: float, hue: Colour, ticks: int, theme: Theme
) -> None:
    """One step of the scrubber: `done` of it, 0 to 1, in its hue; `ticks` operations marked."""
    paint = theme.colours
    filled(painter, box, paint.bg3, 2)
    wide = box.width() * min(max(done, 0.0), 1.0)
    if wide > 0:
        filled(painter, QRectF(box.left(), box.top(), wide, box.height()), hue, min(2, wide / 2))
    step = box.width() / ticks if ticks else 0.0
    if step >= 4:
        places = [box.left() + step * i for i in range(1, ticks)]
        top, foot = box.bottom() - 3, box.bottom()
        before = [(x, top, x, foot) for x in places if x < box.left() + wide]
        after = [(x, top, x, foot) for x in places if x >= box.left() + wide]
        hairlines(painter, before, theme.faded(paint.bg1, 0.7, hue))
        hairlines(painter, after, paint.line2)


def draw_head(
    painter: QPainter, x: float, box: QRectF, theme: Theme, below: bool = False, grown: float = 1.0
) -> None:
    """The playhead over a track; `below` it where a second track lies under the first."""
    ink = theme.colours.tx1
    over, tip = 5 * grown, 9 * grown
    painter.fillRect(
        QRectF(x - grown, box.top() - over, 2 * grown, box.height() + 2 * over), brush(ink)
    )
    way = -1.0 if below else 1.0
    edge = box.bottom() + tip if below else box.top() - tip
    corners = [(-5.5, 0.0), (5.5, 0.0), (5.5, 4.0), (0.0, 9.5), (-5.5, 4.0)]
    painter.setPen(pen(ink, 0.5))
    painter.setBrush(brush(ink))
    painter.drawPolygon(
        QPolygonF([QPointF(x + dx * grown, edge + way * dy * grown) for dx, dy in corners])
    )
