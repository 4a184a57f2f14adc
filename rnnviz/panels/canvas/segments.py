"""A row of choices of which one is on: the tabs of a panel, a way of looking, a speed."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from rnnviz.panels.canvas.fonts import role_font
from rnnviz.panels.canvas.strokes import filled, framed
from rnnviz.panels.canvas.text import advance, draw_in, run
from rnnviz.panels.canvas.theme import Theme

HEIGHT = 24.0
PAD = 9.0
LEAST = 24.0


def segment_width(label: str, theme: Theme, wanted: float = LEAST) -> float:
    """The width of one choice in px: as `wanted`, or wider for a long word."""
    return max(wanted, floor(advance(label, role_font(theme.type.control_on)) + 2 * PAD + 0.5))


def segment_boxes(
    left: float, top: float, labels: Sequence[str], theme: Theme, wanted: float = LEAST
) -> list[QRectF]:
    """The boxes of all choices, side by side."""
    found, x = [], left + 2
    for label in labels:
        wide = segment_width(label, theme, wanted)
        found.append(QRectF(x, top, wide, HEIGHT))
        x += wide
    return found


def draw_segments(
    painter: QPainter,
    boxes: Sequence[QRectF],
    labels: Sequence[str],
    chosen: int | None,
    theme: Theme,
) -> None:
    """Draw the choices in one frame; the chosen one is filled with the text's colour."""
    if not boxes:
        return
    paint = theme.colours
    whole = boxes[0].united(boxes[-1]).adjusted(-2, 0, 2, 0)
    framed(painter, whole, paint.line, theme.radii.field, 1, paint.bg2)
    for place, (box, label) in enumerate(zip(boxes, labels, strict=True)):
        on = place == chosen
        if on:
            filled(painter, box.adjusted(0, 2, 0, -2), paint.tx1, 4)
        role = theme.type.control_on if on else theme.type.control
        draw_in(
            painter, box.adjusted(3, 0, -3, 0), run(label, role, paint.bg1 if on else paint.tx2)
        )
