"""Arrows for a room."""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot

from PySide6.QtGui import QPainter

from rnnviz.panels.canvas.colour import Colour
from rnnviz.panels.canvas.strokes import Dash, Point, arrow_head, pen, polyline

FUTURE: Dash = (6.0, 6.0)
STATE, RISE, READ, AHEAD = 4.5, 3.5, 3.0, 2.5
"""Px of the line of a state, of a wire upward, of one from what is read, and of any to come."""
HEAD = 14.0


def arrow(
    painter: QPainter, points: Sequence[Point], ink: Colour, width: float, dash: Dash = ()
) -> None:
    """A line with a head that is no longer than the last stretch allows."""
    (x1, y1), (x2, y2) = points[-2], points[-1]
    far = hypot(x2 - x1, y2 - y1) or 1.0
    long = min(max(HEAD, 1.5 * width), far * 0.8)
    back = (long - 1) / far
    line = [*points[:-1], (x2 - (x2 - x1) * back, y2 - (y2 - y1) * back)]
    polyline(painter, line, pen(ink, width, dash))
    arrow_head(painter, (x2, y2), (x1, y1), ink, long, max(0.88 * long, 1.7 * width))
