"""The bracket above the chart: through how many steps the error of one loss travels back."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from rnnviz.panels.canvas.strokes import pen, polyline
from rnnviz.panels.canvas.text import draw_text, middle, run
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.gradient.curves import Shown
from rnnviz.panels.gradient.layout import BRACKET, Geometry
from rnnviz.panels.texts import translate


def source(seen: Shown, single: bool, at: int | None) -> int:
    """The step of the loss whose way back is shown: the chosen one, the cursor's, or the last."""
    end = 0 if seen.reads_backward else seen.steps - 1
    if single:
        return end
    if seen.loss is not None:
        return min(seen.loss, seen.steps - 1)
    return end if at is None else at


def draw_bracket(
    painter: QPainter, place: Geometry, seen: Shown, start: int, limit: int, theme: Theme
) -> QRectF:
    """Draw it from the step of the loss back to where it is cut off; gives the box of that end."""
    far = start + (limit - 1) * (1 if seen.reads_backward else -1)
    far = max(0, min(far, seen.steps - 1))
    low, high = sorted((start, far))
    half = place.columns.width / 2
    left, right = place.columns.x(low) - half + 1, place.columns.x(high) + half - 1
    y, ink = place.axis.top - BRACKET + 7, theme.colours.tx1
    text = translate("GradientPanel", "{steps} steps back")
    if limit == 1:
        text = translate("GradientPanel", "{steps} step back")
    words = run(text.format(steps=limit), theme.type.small, ink)
    room = right - left > words.width + 24
    end = right if seen.reads_backward else left
    line = pen(ink, 1.4)
    gap = (left + right - words.width) / 2 - 4, (left + right + words.width) / 2 + 4
    spans = [(left, gap[0]), (gap[1], right)] if room else [(left, right)]
    for one, other in spans:
        polyline(painter, [(one, y), (other, y)], line)
    for x in (left, right):
        polyline(painter, [(x, y - 4), (x, y + 4)], pen(ink, 3.0 if x == end else 1.4))
    base = middle(words.font, y)
    if room:
        draw_text(painter, gap[0] + 4, base, words)
    elif left - words.width - 6 > place.left:
        draw_text(painter, left - 6, base, words, "end")
    else:
        draw_text(painter, right + 6, base, words)
    return QRectF(end - 5, y - 6, 10, 12)
