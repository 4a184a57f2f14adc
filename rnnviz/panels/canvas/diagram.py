"""The parts of a cell's picture: its outline, the road, operations and the edges of gradients."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QPainter

from rnnviz.panels.canvas.colour import Colour
from rnnviz.panels.canvas.fonts import metrics, sans
from rnnviz.panels.canvas.strokes import (
    FUTURE_DASH,
    Point,
    brush,
    crisp,
    dashed_hairline,
    dot,
    filled,
    framed,
    hairlines,
    hatched,
    pen,
    wire,
)
from rnnviz.panels.canvas.text import Run, draw_in, draw_text, middle
from rnnviz.panels.canvas.theme import Theme

CellState: TypeAlias = Literal["past", "current", "future", "failed"]
Sign: TypeAlias = Literal["×", "+", "−"]

OPERATION = 10.5
"""Radius of a round operation in px."""
GATE_WIDTH, GATE_HEIGHT = 40.5, 30.0


def draw_cell(
    painter: QPainter, box: QRectF, theme: Theme, state: CellState, opened: bool = False
) -> None:
    """The outline of a cell; one that overflowed is hatched."""
    paint = theme.colours
    edges = {"past": paint.line2, "current": paint.tx1, "future": paint.line, "failed": paint.err}
    radius = theme.radii.open_cell if opened else theme.radii.cell
    framed(painter, box, edges[state], radius, 1.4 if state == "current" else 1.0, paint.bg1)
    if state == "failed":
        faint = theme.faded(paint.err, theme.fills.ribbon)
        hatched(painter, box.adjusted(3, 3, -3, -3), faint)


def draw_road(painter: QPainter, box: QRectF, theme: Theme, future: bool = False) -> None:
    """A stretch of the cell state's road: kerbs of 1 px and dashes of 6 along its middle."""
    hue = theme.hue("c").mark
    share = theme.dim.road if future else theme.fills.road
    line = theme.faded(hue, theme.dim.kerb) if future else hue
    filled(painter, box, theme.faded(hue, share))
    left, right = box.left(), box.right()
    top, foot = crisp(box.top()), crisp(box.bottom() - 0.5)
    hairlines(painter, [(left, top, right, top), (left, foot, right, foot)], line)
    dash = theme.lines.road_dash
    centre = box.center().y()
    dashed_hairline(painter, (left, centre), (right, centre), line, (dash, dash))


def draw_operation(
    painter: QPainter,
    centre: Point,
    sign: Sign,
    theme: Theme,
    symbol: str,
    radius: float = OPERATION,
) -> None:
    """A round operation between two values, in the hue of what comes out."""
    x, y = centre
    dot(painter, centre, radius, theme.colours.bg2)
    painter.setPen(pen(theme.hue(symbol).mark, 1.8))
    painter.setBrush(brush(None))
    painter.drawEllipse(QRectF(x - radius, y - radius, 2 * radius, 2 * radius))
    painter.setPen(pen(theme.colours.tx1, 2.0 * radius / OPERATION))
    arm = radius * (0.42 if sign == "×" else 0.5)
    lines = {
        "×": [
            QLineF(x - arm, y - arm, x + arm, y + arm),
            QLineF(x + arm, y - arm, x - arm, y + arm),
        ],
        "+": [QLineF(x - arm, y, x + arm, y), QLineF(x, y - arm, x, y + arm)],
        "−": [QLineF(x - arm, y, x + arm, y)],
    }
    painter.drawLines(lines[sign])


def draw_gate(
    painter: QPainter,
    box: QRectF,
    label: str,
    theme: Theme,
    symbol: str,
    selected: bool = False,
    colour: Colour | None = None,
) -> None:
    """A layer of the cell, σ or tanh, filled with a share of its hue; a frame when selected."""
    hue = colour or theme.hue(symbol).mark
    edge = box.adjusted(-0.9, -0.9, 0.9, 0.9)
    framed(painter, edge, hue, 7, 1.8, theme.faded(hue, theme.fills.operation))
    letter = len(label) == 1
    font = sans(max((17 if letter else 13) * box.height() / GATE_HEIGHT, 11), 500)
    # One small letter stands by its own height, not by that of capitals.
    half = metrics(font).xHeight() / 2 if letter else metrics(font).capHeight() / 2
    name = Run(label, font, theme.colours.tx1)
    draw_text(painter, box.center().x(), box.center().y() + half, name, "middle")
    if selected:
        framed(painter, box.adjusted(-4.8, -4.8, 4.8, 4.8), theme.colours.tx1, 10, 1.6)


def draw_function(painter: QPainter, box: QRectF, label: str, theme: Theme, symbol: str) -> None:
    """A function without weights, such as the tanh after the road: a pill."""
    framed(painter, box, theme.hue(symbol).mark, box.height() / 2, 1.6, theme.colours.bg2)
    px = theme.type.axis.px * box.height() / 18
    draw_in(painter, box, Run(label, sans(px, 500), theme.colours.tx1))


def draw_wire(
    painter: QPainter,
    points: Sequence[Point],
    theme: Theme,
    symbol: str,
    future: bool = False,
    head: bool = False,
    ground: Colour | None = None,
) -> None:
    """A wire in the hue of what runs on it; thin, dashed and dim before it is computed."""
    hue = theme.hue(symbol).mark
    if future:
        dim = theme.faded(hue, theme.dim.future, ground)
        wire(painter, points, dim, 1.4, head, FUTURE_DASH)
    else:
        wire(painter, points, hue, theme.lines.wire, head)


def draw_branch(painter: QPainter, at: Point, theme: Theme, symbol: str) -> None:
    """The dot where a wire parts."""
    dot(painter, at, 2.6, theme.hue(symbol).mark)


def draw_pulse(painter: QPainter, at: Point, theme: Theme) -> None:
    """The dot that runs along the active wire during play."""
    dot(painter, at, 4, theme.colours.tx1, theme.colours.bg1)


def draw_cell_name(painter: QPainter, box: QRectF, name: str, theme: Theme, future: bool) -> None:
    """The kind of a folded cell, near its foot."""
    font = sans(theme.type.control_on.px, theme.type.control_on.weight)
    ink = theme.colours.tx3 if future else theme.colours.tx2
    y = middle(font, box.bottom() - 44)
    draw_text(painter, box.center().x(), y, Run(name, font, ink), "middle")
