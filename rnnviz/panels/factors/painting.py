"""Paints the factors: from step to step above, and what is left of the last step below."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPolygonF

from rnnviz.engine.arrays import Array
from rnnviz.engine.step_factors import Roads
from rnnviz.panels.canvas.axis import (
    CurveStyle,
    LogAxis,
    before_edit,
    cell_gradient,
    draw_bands,
    draw_curve,
    draw_log_axis,
    hidden_gradient,
)
from rnnviz.panels.canvas.fonts import role_font, sans
from rnnviz.panels.canvas.strokes import brush, hairlines, mark, pen, polyline
from rnnviz.panels.canvas.text import Line, Run, draw_line, draw_text, middle, run, width
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.factors.layout import Geometry
from rnnviz.panels.factors.numbers import Full, Subject
from rnnviz.panels.texts import translate

MARKS_FROM = 9.0
"""Columns narrower than this have no marks."""


def road_style(state: str, theme: Theme) -> CurveStyle:
    """The road: dashed, square marks, in the hue of its state."""
    hue = theme.hue(state).mark
    return replace(cell_gradient(theme), line=hue, fill=hue)


def full_style(theme: Theme) -> CurveStyle:
    """All that passes through a step: solid, round marks, in the gradient's hue."""
    hue = theme.hue("∂").mark
    return replace(hidden_gradient(theme), line=hue, fill=hue)


def values_of(powers: Array) -> list[float]:
    """Sizes of logarithms; what is too small for a number is the smallest, unless it is 0."""
    with np.errstate(all="ignore"):
        sizes = 10.0**powers
    sizes[(sizes == 0) & (powers > -np.inf)] = 5e-324
    found: list[float] = sizes.tolist()
    return found


def draw_ground(painter: QPainter, place: Geometry, theme: Theme) -> None:
    """Both axes, and the bands of vanishing and exploding."""
    left, right = place.columns.left, place.columns.right
    every = 2 if place.axis.foot - place.axis.top > 110 else 4
    draw_bands(
        painter,
        place.axis,
        left,
        right,
        theme,
        translate("FactorsPanel", "exploding"),
        translate("FactorsPanel", "vanishing"),
    )
    draw_log_axis(painter, place.axis, left, right, theme, every)
    _one(painter, place.axis, left, right, theme)
    if place.strip is not None:
        _draw_strip(painter, place.strip, left, right, theme)


def _one(painter: QPainter, axis: LogAxis, left: float, right: float, theme: Theme) -> None:
    """The line at 1: above it a gradient grows, below it shrinks."""
    y = axis.y(1.0)
    hairlines(painter, [(left, y, right, y)], theme.colours.line2)


def _draw_strip(painter: QPainter, axis: LogAxis, left: float, right: float, theme: Theme) -> None:
    faint = theme.faded(theme.colours.line, 0.6)
    font = role_font(theme.type.small)
    hairlines(painter, [(left, y, right, y) for y in (axis.top, axis.foot)], faint)
    _one(painter, axis, left, right, theme)
    for value, text in ((10.0, "10"), (1.0, "1"), (0.1, "0.1")):
        y = axis.y(value)
        hairlines(painter, [(left - 4, y, left, y)], theme.colours.line2)
        draw_text(painter, left - 7, middle(font, y), Run(text, font, theme.colours.tx3), "end")


def draw_factors(
    painter: QPainter, place: Geometry, about: Subject, full: Full | None, unit: int, theme: Theme
) -> None:
    """The factor of each step back, as a mark between the two steps."""
    axis = place.strip
    if axis is None:
        return
    half = place.columns.width / 2 * (1 if about.turned else -1)
    steps = list(about.back[:-1])
    xs = [place.columns.x(step) + half for step in steps]
    series: list[tuple[CurveStyle, list[float]]] = []
    if about.road is not None:
        sizes = np.abs(about.road.factors[:, unit]).tolist()
        series.append((road_style(about.road.state, theme), sizes))
    if full is not None:
        series.append((full_style(theme), full.norms.tolist()))
    for style, values in series:
        _draw_marks(painter, axis, xs, [values[step] for step in steps], style, theme)


def _draw_marks(
    painter: QPainter,
    axis: LogAxis,
    xs: list[float],
    values: list[float],
    style: CurveStyle,
    theme: Theme,
) -> None:
    """Marks on stalks from the line at 1, or of many steps a curve."""
    if len(xs) > 1 and abs(xs[1] - xs[0]) < MARKS_FROM:
        draw_curve(painter, xs, values, axis, replace(style, width=1.4, dash=()), theme, 0)
        return
    foot = axis.y(1.0)
    for x, value in zip(xs, values, strict=True):
        polyline(painter, [(x, foot), (x, axis.place(value))], pen(style.line, 1.4))
        draw_curve(painter, [x], [value], axis, style, theme)


def draw_left(
    painter: QPainter, place: Geometry, about: Subject, full: Full | None, unit: int, theme: Theme
) -> None:
    """What is left of the gradient of the last step, along the road and along all paths."""
    xs = place.columns.xs()
    most = len(xs) if place.columns.width >= MARKS_FROM else 0
    if about.road is not None:
        style = road_style(about.road.state, theme)
        draw_curve(
            painter, xs, values_of(about.road.powers[:, unit]), place.axis, style, theme, most
        )
    if full is not None:
        draw_curve(painter, xs, values_of(full.powers), place.axis, full_style(theme), theme, most)


def draw_before(
    painter: QPainter, place: Geometry, about: Subject, full: Full | None, unit: int, theme: Theme
) -> None:
    """What was left before the last edit, dotted."""
    powers = [] if full is None else [full.powers]
    if about.road is not None:
        powers.append(about.road.powers[:, min(unit, about.road.powers.shape[1] - 1)])
    xs = place.columns.xs()
    for one in powers:
        values = values_of(one)[: len(xs)]
        draw_curve(painter, xs[: len(values)], values, place.axis, before_edit(theme), theme, 0)


def draw_spread(painter: QPainter, place: Geometry, road: Roads | None, theme: Theme) -> None:
    """From the least to the most that any unit's road leaves."""
    if road is None or road.powers.shape[1] < 2:
        return
    axis, xs = place.axis, place.columns.xs()
    low, high = np.fmin.reduce(road.powers, axis=1), np.fmax.reduce(road.powers, axis=1)
    if np.isnan(low).any():
        return
    upper = [QPointF(x, axis.y_of_power(p)) for x, p in zip(xs, high.tolist(), strict=True)]
    lower = [QPointF(x, axis.y_of_power(p)) for x, p in zip(xs, low.tolist(), strict=True)]
    painter.setPen(pen(theme.colours.bg1, 0.01))
    painter.setBrush(brush(theme.faded(theme.hue(road.state).mark, 0.2)))
    painter.drawPolygon(QPolygonF([*upper, *reversed(lower)]))


def draw_legend(painter: QPainter, box: QRectF, road: Roads | None, theme: Theme) -> None:
    """The two curves, from the right end of the title's line."""
    entries: list[tuple[CurveStyle, Line]] = []
    role, ink = theme.type.hint, theme.colours.tx2
    if road is not None:
        words = translate("FactorsPanel", "road")
        entries.append((road_style(road.state, theme), (run(words, role, ink),)))
    words = translate("FactorsPanel", "all paths")
    entries.append((full_style(theme), (run(words, role, ink),)))
    long = sum(30 + width(line) + 16 for _, line in entries) - 16
    if long > box.width():
        return
    x, y = box.right() - long, box.center().y()
    for style, line in entries:
        polyline(painter, [(x, y), (x + 24, y)], pen(style.line, 2.0, style.dash))
        if style.shape is not None:
            mark(painter, style.shape, (x + 12, y), style.line, theme.colours.bg1)
        x = draw_line(painter, x + 30, middle(sans(12, 400), y), line) + 16
