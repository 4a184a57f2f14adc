"""Draws loss and accuracy over the updates of a run, with the head that goes through its time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan
from typing import final

import numpy as np
from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QPainter

from rnnviz.engine.arrays import Array, Mask
from rnnviz.panels.canvas.axis import CurveStyle, draw_curve
from rnnviz.panels.canvas.fonts import role_font
from rnnviz.panels.canvas.linear import LinearAxis, draw_linear_axis
from rnnviz.panels.canvas.strokes import Dash, dot, hairlines, pen
from rnnviz.panels.canvas.strokes import Point as Spot
from rnnviz.panels.canvas.text import draw_text, elided, middle, number, run, size
from rnnviz.panels.sight import Sight
from rnnviz.panels.texts import translate
from rnnviz.panels.training.words import score_name
from rnnviz.session.training import Point

LEGEND, FOOT, GUTTER = 16.0, 15.0, 38.0
EPOCHS = 4
"""From so many epochs on the curves go from the end of one to that of the next."""


@final
class Chart:
    """Where the curves stand.

    Parameters
    ----------
    area : QRectF
        The room for everything.
    points : sequence of Point
        What is drawn, at least one of them with a loss.
    sight : Sight
        What is shown.
    """

    def __init__(self, area: QRectF, points: Sequence[Point], sight: Sight) -> None:
        grown = 1.5 if sight.present else 1.0
        lines = 2 if area.height() >= 95 and area.width() < 330 * grown else 1
        top = LEGEND * grown * lines if area.height() >= 60 else 2.0
        foot = FOOT * grown if area.height() >= 80 else 4.0
        self.top = area.top()
        self.has_legend, self.has_foot = top > 2, foot > 4
        self.box = area.adjusted(GUTTER * grown, top, -8, -foot)
        losses = np.array([(p.loss, p.validation_loss) for p in points])
        finite = losses[np.isfinite(losses)]
        high = float(finite.max()) * 1.06 or 1.0
        self.losses = LinearAxis(
            min(0.0, float(finite.min())), high, self.box.top(), self.box.bottom()
        )
        self.scores = LinearAxis(0.0, 1.0, self.box.top(), self.box.bottom())
        self._first = points[0].update
        self._span = max(points[-1].update - self._first, 1)

    def xs(self, points: Sequence[Point]) -> Array:
        """The place of each point."""
        updates = np.array([point.update for point in points], float)
        return self.box.left() + (updates - self._first) / self._span * self.box.width()


@final
@dataclass(frozen=True)
class _Curve:
    """One of the curves: its name, its numbers, its axis and its look."""

    name: str
    values: Array
    axis: LinearAxis
    style: CurveStyle
    text: str


def _curves(chart: Chart, points: Sequence[Point], place: int, sight: Sight) -> list[_Curve]:
    paint = sight.theme.colours
    dash: Dash = (4, 3)
    score = score_name(sight.document)
    given = (
        (translate("Training", "loss"), "loss", chart.losses, CurveStyle(paint.tx1, width=1.8)),
        (score, "score", chart.scores, CurveStyle(paint.ok, width=1.8)),
        (
            translate("Training", "held out"),
            "validation_loss",
            chart.losses,
            CurveStyle(paint.tx2, width=1.5, dash=dash),
        ),
        (
            translate("Training", "held out"),
            "validation_score",
            chart.scores,
            CurveStyle(paint.ok, width=1.3, dash=dash),
        ),
    )
    found = []
    for name, field, axis, style in given:
        values = np.array([getattr(point, field) for point in points], float)
        if np.isfinite(values).any():
            last = values[: place + 1][np.isfinite(values[: place + 1])]
            here = float(last[-1]) if len(last) else float("nan")
            text = size(here, 3) if axis is chart.losses else number(here)
            found.append(_Curve(name, values, axis, style, "" if isnan(here) else text))
    return found


def ends_of_epochs(points: Sequence[Point]) -> Mask:
    """The moments that the curves go through: with several epochs, the last of each.

    Within an epoch the measures are means over the batches so far, which jump about.
    """
    epochs = np.array([point.epoch for point in points])
    last = np.append(epochs[1:] != epochs[:-1], True)
    return last if last.sum() >= EPOCHS else np.ones(len(points), bool)


def draw_chart(
    painter: QPainter, chart: Chart, points: Sequence[Point], place: int, sight: Sight
) -> None:
    """The axis, the curves, their names with the numbers at the head, and the head."""
    box, theme = chart.box, sight.theme
    draw_linear_axis(painter, chart.losses, box.left(), box.right(), theme, sight.present)
    curves, xs = _curves(chart, points, place, sight), chart.xs(points)
    drawn = ends_of_epochs(points)
    for curve in curves:
        known = drawn & (np.isfinite(curve.values) | np.isinf(curve.values))
        there, values = xs[known].tolist(), curve.values[known].tolist()
        draw_curve(painter, there, values, curve.axis, curve.style, theme)
        if len(there) == 1:
            dot(painter, (there[0], curve.axis.place(values[0])), 3, curve.style.line)
    _draw_head(painter, chart, points, place, sight)
    if chart.has_legend:
        _draw_legend(painter, chart, curves, sight)


def _draw_legend(painter: QPainter, chart: Chart, curves: Sequence[_Curve], sight: Sight) -> None:
    """The names with their numbers, in one line or two; what has no room is left out."""
    theme, line = sight.theme, LEGEND * (1.5 if sight.present else 1.0)
    x, y = chart.box.left(), chart.top + line / 2
    for curve in curves:
        name = run(f"{curve.name} ", theme.type.axis, theme.colours.tx2, sight.present)
        value = run(curve.text, theme.type.wire, theme.colours.tx1, sight.present)
        wide = 16 + name.width + value.width
        if x > chart.box.left() and x + wide > chart.box.right() + 8:
            x, y = chart.box.left(), y + line
        if y > chart.box.top() or x + wide > chart.box.right() + 8:
            return
        painter.setPen(pen(curve.style.line, 2, curve.style.dash[:2] and (3, 2)))
        painter.drawLine(QLineF(x, y, x + 12, y))
        base = middle(name.font, y)
        x = draw_text(painter, draw_text(painter, x + 16, base, name), base, value) + 12


def draw_names(
    painter: QPainter, room: QRectF, chart: Chart, points: Sequence[Point], place: int, sight: Sight
) -> None:
    """The names of the curves in the panel's title, right; nothing where the chart has its own."""
    if chart.has_legend:
        return
    theme, x = sight.theme, room.right()
    for curve in reversed(_curves(chart, points, place, sight)[:2]):
        words = f"{curve.name} {curve.text}".rstrip()
        name = run(words, theme.type.axis, theme.colours.tx2, sight.present)
        x -= name.width
        if x - 16 < room.left():
            return
        y = room.center().y()
        draw_text(painter, x, middle(name.font, y), name)
        painter.setPen(pen(curve.style.line, 2))
        painter.drawLine(QLineF(x - 16, y, x - 4, y))
        x -= 28


def _draw_head(
    painter: QPainter, chart: Chart, points: Sequence[Point], place: int, sight: Sight
) -> None:
    """The head of the scrubber through the time of training, with the update below it."""
    box, theme = chart.box, sight.theme
    x = float(chart.xs(points)[place])
    hairlines(painter, [(x, box.top(), x, box.bottom())], theme.colours.tx1)
    knob: Spot = (x, box.bottom())
    dot(painter, knob, 4.5, theme.colours.tx1, theme.colours.bg1)
    if not chart.has_foot:
        return
    words = translate("Training", "update {update}").format(update=f"{points[place].update:,}")
    label = run(words, theme.type.axis, theme.colours.tx1, sight.present)
    half = label.width / 2
    at = min(max(x, box.left() + half), box.right() + 8 - half)
    base = box.bottom() + 13 * (1.5 if sight.present else 1.0)
    draw_text(painter, at, base, elided(label, box.width()), "middle")


def draw_nothing(painter: QPainter, area: QRectF, sight: Sight) -> None:
    """Before any run: an empty axis and a sentence."""
    theme = sight.theme
    hairlines(
        painter, [(area.left(), area.bottom(), area.right(), area.bottom())], theme.colours.line
    )
    words = translate("Training", "No run yet: press Train")
    if sight.training.running:
        words = translate("Training", "The first update is being made")
    label = run(words, theme.type.hint, theme.colours.tx3, sight.present)
    y = middle(role_font(theme.type.hint, sight.present), area.center().y())
    draw_text(painter, area.center().x(), y, elided(label, area.width()), "middle")
