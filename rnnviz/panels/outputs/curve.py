"""Draws the answers of a regression: the outputs and the targets over the steps."""

from __future__ import annotations

from math import isfinite

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from rnnviz.engine.arrays import Array, Mask
from rnnviz.panels.canvas.axis import CurveStyle, before_edit, draw_curve
from rnnviz.panels.canvas.fonts import role_font
from rnnviz.panels.canvas.hit import Field, HitMap
from rnnviz.panels.canvas.linear import LinearAxis, draw_linear_axis, fitting_axis
from rnnviz.panels.canvas.strokes import Shape, dot, filled, mark, pen, polyline
from rnnviz.panels.canvas.text import draw_text, elided, middle, number, run
from rnnviz.panels.gestures import Item
from rnnviz.panels.outputs.items import NumberAt, TargetPoint
from rnnviz.panels.outputs.pixels import points
from rnnviz.panels.outputs.shown import Shown
from rnnviz.panels.texts import translate

MARKS_FROM = 11.0
"""Columns as wide as this have a mark on the curves."""
POINTS_UP_TO = 200
"""With more steps than this, targets cannot be taken hold of one by one."""


def axis_of(shown: Shown, output: int) -> LinearAxis:
    """The axis for one output: it holds the outputs and the targets, before and after an edit."""
    grid = shown.places.grid
    parts = [shown.answers.values[:, output], shown.answers.wanted[:, output]]
    if shown.before is not None:
        parts.append(shown.before.values[:, output])
    if shown.answers.single:
        # From zero, so that a small difference looks small.
        parts.append(np.zeros(1))
    return fitting_axis(np.concatenate(parts), grid.top() + 8, grid.bottom() - 6)


def draw_curves(
    painter: QPainter, hits: HitMap[Item], shown: Shown, output: int, axis: LinearAxis
) -> None:
    """The axis and the two curves of one output."""
    answers, columns, grid = shown.answers, shown.places.columns, shown.places.grid
    draw_linear_axis(painter, axis, columns.left, columns.right, shown.theme, shown.present)
    if shown.before is not None:
        xs, ys = points(columns, 0, shown.before.values[:, output])
        draw_curve(painter, xs, ys, axis, before_edit(shown.theme), shown.theme)
    wanted, values = answers.wanted[:, output], answers.values[:, output]
    shape: Shape | None = "square" if columns.width >= MARKS_FROM else None
    target = CurveStyle(shown.theme.colours.ok, shape, shown.theme.colours.ok, 1.6, (5, 3))
    for start, end in _known(wanted):
        xs, ys = points(columns, start, wanted[start:end])
        draw_curve(painter, xs, ys, axis, target, shown.theme)
        if end - start == 1:
            y = axis.y(float(wanted[start]))
            mark(painter, "square", (xs[0], y), shown.theme.colours.ok, shown.theme.colours.bg1)
    _draw_outputs(painter, shown, values, axis)
    _draw_last(painter, shown, values, axis)
    hits.add_field(_field(shown, output, grid))
    if answers.steps <= POINTS_UP_TO:
        for step in np.flatnonzero(np.isfinite(wanted)).tolist():
            x, y = columns.x(step), axis.y(float(wanted[step]))
            hits.add(QRectF(x - 5, y - 5, 10, 10), TargetPoint(step, output))


def _draw_outputs(painter: QPainter, shown: Shown, values: Array, axis: LinearAxis) -> None:
    paint, columns = shown.theme.colours, shown.places.columns
    ahead = shown.theme.faded(paint.tx1, shown.theme.dim.future_chart)
    for ink, wanted in ((ahead, False), (paint.tx1, True)):
        for start, end in _stretches(shown.told == wanted):
            # A line to the first step that is not told yet belongs to what is not told.
            first = max(start - 1, 0) if not wanted else start
            xs, ys = points(columns, first, values[first:end])
            shape: Shape | None = "round" if columns.width >= MARKS_FROM else None
            style = CurveStyle(ink, shape, ink, 2.0)
            draw_curve(painter, xs, ys, axis, style, shown.theme)


def _stretches(flags: Mask) -> list[tuple[int, int]]:
    """From where to where flags are set."""
    edges = np.flatnonzero(np.diff(flags.astype(int), prepend=0, append=0))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def _known(values: Array) -> list[tuple[int, int]]:
    return _stretches(np.isfinite(values))


def _draw_last(painter: QPainter, shown: Shown, values: Array, axis: LinearAxis) -> None:
    """The number of a single answer, or the forecast of the step that is not read yet."""
    answers, theme, columns = shown.answers, shown.theme, shown.places.columns
    last = len(values) - 1
    if not shown.is_told(last) or not isfinite(values[last]):
        return
    if not (answers.single or answers.forecasts):
        return
    x, y = columns.x(last), axis.y(float(values[last]))
    paint = theme.colours
    dot(painter, (x, y), 5.5 * shown.places.grown, paint.tx1, paint.bg1)
    words = number(float(values[last]), 3)
    if answers.forecasts:
        words = translate("Outputs", "next: {number}").format(number=words)
    label = run(words, theme.type.wire, paint.tx1, shown.present)
    font = role_font(theme.type.wire, shown.present)
    if answers.single:
        draw_text(painter, x + 12, middle(font, y), elided(label, columns.right - x - 14))
        _label_target(painter, shown, axis, x)
    else:
        above = y - 12 if y - 20 > shown.places.grid.top() else y + 14
        right = min(x - 8, columns.right)
        ground = QRectF(right - label.width - 3, above - 8, label.width + 6, 16)
        filled(painter, ground, paint.bg1, 3)
        draw_text(painter, right, middle(font, above), label, "end")


def _label_target(painter: QPainter, shown: Shown, axis: LinearAxis, x: float) -> None:
    theme = shown.theme
    wanted = float(shown.answers.wanted[0, 0]) if shown.answers.outputs == 1 else float("nan")
    if not isfinite(wanted):
        return
    y = axis.y(wanted)
    words = translate("Outputs", "target {number}").format(number=number(wanted, 3))
    label = run(words, theme.type.axis, theme.colours.ok, shown.present)
    polyline(painter, [(x - 26, y), (x - 8, y)], pen(theme.colours.ok, 1.4))
    room = x - 30 - shown.places.columns.left
    draw_text(painter, x - 30, middle(label.font, y), elided(label, room), "end")


def _field(shown: Shown, output: int, grid: QRectF) -> Field[Item]:
    columns = shown.places.columns

    def at(point: QPointF) -> Item | None:
        step = columns.at(point.x())
        return None if step is None else NumberAt(step, output)

    def box_of(item: Item) -> QRectF | None:
        if not isinstance(item, NumberAt):
            return None
        return columns.box(item.step, grid.top(), grid.bottom())

    return Field(grid, at, box_of)
