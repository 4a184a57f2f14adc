"""The column of the weights' gradient, which is what clipping cuts, and the clip line."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import final

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPolygonF

from rnnviz.document.document import Clip
from rnnviz.document.evaluate import Evaluation
from rnnviz.engine.optimisers import clip_norm
from rnnviz.panels.canvas.clip import draw_clip_line
from rnnviz.panels.canvas.colour import Colour
from rnnviz.panels.canvas.fonts import italic
from rnnviz.panels.canvas.strokes import (
    BEFORE_DASH,
    arrow_head,
    brush,
    filled,
    framed,
    hairlines,
    pen,
    polyline,
)
from rnnviz.panels.canvas.text import Run, draw_text, elided, middle, run, size
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.gradient.layout import NARROW, Geometry
from rnnviz.panels.texts import translate


@dataclass(frozen=True)
class Cutting:
    """What clipping does to the gradient of all weights.

    Attributes
    ----------
    before, after : float
        Its norm.
    count : int
        How many numbers of it were changed.
    """

    before: float
    after: float
    count: int

    @property
    def cut(self) -> bool:
        """Whether anything was cut."""
        return self.count > 0


def cutting(evaluation: Evaluation | None) -> Cutting | None:
    """What the document's clipping does; None where nothing is learned."""
    if evaluation is None or evaluation.gradients is None:
        return None
    found = evaluation.clipped()
    if found is None:
        vector = evaluation.gradients.weights.vector
        norm = clip_norm(vector, float(np.finfo(vector.dtype).max)).norm_before
        return Cutting(norm, norm, 0)
    clipped = found[1]
    return Cutting(clipped.norm_before, clipped.norm_after, clipped.count)


@final
class Cuts:
    """What clipping does to the last two evaluations that were asked for."""

    def __init__(self) -> None:
        self._known: list[tuple[Evaluation, Cutting | None]] = []

    def keep(self, *shown: Evaluation | None) -> None:
        """Forget all others."""
        self._known = [one for one in self._known if any(one[0] is e for e in shown)]

    def of(self, evaluation: Evaluation | None) -> Cutting | None:
        """What is cut of one of them."""
        if evaluation is None:
            return None
        for known, cut in self._known:
            if known is evaluation:
                return cut
        self._known = [(evaluation, cutting(evaluation)), *self._known[:1]]
        return self._known[0][1]


def draw_weights(
    painter: QPainter,
    place: Geometry,
    cut: Cutting,
    before: float | None,
    theme: Theme,
) -> QRectF:
    """The norm as a diamond, hollow where it was cut, and an arrow to what is left; its box.

    `before` is the norm before the last edit.
    """
    hue, paint, x = theme.hue("∂").mark, theme.colours, place.weights.center().x()
    y, left = place.axis.place(cut.before), place.axis.place(cut.after)
    if before is not None:
        there = place.axis.place(before)
        stroke = pen(paint.tx2, 1.8, BEFORE_DASH)
        polyline(painter, [(x - 12, there), (x + 12, there)], stroke)
    if cut.cut:
        _diamond(painter, x, y, paint.bg1, hue)
        if left - y > 16:
            polyline(painter, [(x, y + 6), (x, left - 13)], pen(hue, 2.0))
            arrow_head(painter, (x, left - 6), (x, y), hue)
        _diamond(painter, x, left, hue, paint.bg1)
    elif place.axis.overflows(cut.before):
        arrow_head(painter, (x, y), (x, y + 1), hue)
    else:
        _diamond(painter, x, y, hue, paint.bg1)
    _number(painter, place, cut, theme)
    return QRectF(x - 8, y - 8, 16, max(left - y, 0) + 16)


def _number(painter: QPainter, place: Geometry, cut: Cutting, theme: Theme) -> None:
    """The norm above its mark, or below where the mark is at the top."""
    words = run(size(cut.before), theme.type.wire, theme.colours.tx1)
    x, y = place.weights.center().x(), place.axis.place(cut.before)
    base = y - 9
    if base - 11 < place.axis.top:
        base = place.axis.place(cut.after) + 20
    filled(
        painter, QRectF(x - words.width / 2 - 1, base - 10, words.width + 2, 12), theme.colours.bg1
    )
    draw_text(painter, x, base, words, "middle")


def _diamond(painter: QPainter, x: float, y: float, fill: Colour, rim: Colour) -> None:
    corners = [QPointF(x, y - 6), QPointF(x + 6, y), QPointF(x, y + 6), QPointF(x - 6, y)]
    painter.setPen(pen(rim, 1.2))
    painter.setBrush(brush(fill))
    painter.drawPolygon(QPolygonF(corners))


def draw_weights_name(painter: QPainter, place: Geometry, theme: Theme) -> None:
    """What the column stands for: all weights."""
    letter = Run("W", italic(theme.type.axis.px * 1.15), theme.colours.tx2)
    draw_text(painter, place.weights.center().x(), place.baseline, letter, "middle")


def draw_clip(
    painter: QPainter, place: Geometry, clip: Clip, before: Clip | None, theme: Theme, wide: float
) -> QRectF:
    """The clip line: across the weights' column, and faint over the steps; gives its handle."""
    paint = theme.colours
    if before is not None and before != clip and before.kind != "none":
        y = place.axis.y(before.limit)
        line = [(place.left, y), (place.right, y)]
        polyline(painter, line, pen(paint.tx3, 1.4, BEFORE_DASH))
    if clip.kind == "none":
        return _parked(painter, place, theme, wide)
    handle = draw_clip_line(painter, place.axis, place.left, place.right, clip.limit, theme)
    y = handle.center().y()
    strong = [(place.weights.left(), y), (place.right - 3, y)]
    polyline(painter, strong, pen(paint.tx1, 2.0))
    text = translate("GradientPanel", "clip {limit}")
    if clip.kind == "value":
        text = translate("GradientPanel", "clip ±{limit}")
    _beside(painter, handle, text.format(limit=limit_text(clip.limit)), paint.tx1, theme, wide)
    return handle


def _parked(painter: QPainter, place: Geometry, theme: Theme, wide: float) -> QRectF:
    """The handle waits at the top."""
    paint = theme.colours
    handle = QRectF(round(place.right) - 3, round(place.axis.top) - 4, 12, 16)
    framed(painter, handle, paint.tx3, 3, 1, paint.bg2, (2, 2))
    grips = [handle.center().y() - 3, handle.center().y() + 2]
    hairlines(painter, [(handle.left() + 3, g, handle.right() - 3, g) for g in grips], paint.tx3)
    words = translate("GradientPanel", "no clip")
    _beside(painter, handle, words, paint.tx3, theme, wide)
    return handle


def _beside(
    painter: QPainter, handle: QRectF, words: str, ink: Colour, theme: Theme, wide: float
) -> None:
    if wide < NARROW:
        return
    label = run(words, theme.type.control, ink)
    room = wide - handle.right() - 6
    if label.width > room:
        label = elided(run(words, theme.type.small, ink), room)
    draw_text(painter, handle.right() + 4, middle(label.font, handle.center().y()), label)


def limit_text(limit: float) -> str:
    """A clip limit in as few figures as it was set with."""
    if not isfinite(limit) or not 0.01 <= limit < 1000:
        return size(limit)
    return f"{limit:.2g}" if limit < 100 else f"{limit:.0f}"
