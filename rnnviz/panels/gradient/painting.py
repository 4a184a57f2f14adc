"""Paints the gradient's chart: bands, curves, the column of the weights."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QPainter

from rnnviz.panels.canvas.axis import (
    CurveStyle,
    before_edit,
    cell_gradient,
    draw_bands,
    draw_curve,
    draw_log_axis,
    hidden_gradient,
)
from rnnviz.panels.canvas.fonts import role_font
from rnnviz.panels.canvas.layer import StaticLayer
from rnnviz.panels.canvas.strokes import dashed_hairline, filled, hairlines, pen, polyline
from rnnviz.panels.canvas.text import Run, draw_text, elided, middle, power, run, size
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.gradient.curves import Curve, Shown
from rnnviz.panels.gradient.layout import Geometry
from rnnviz.panels.gradient.scale import tick_distance
from rnnviz.panels.texts import translate

MARKS_FROM = 9.0
"""Columns narrower than this have no marks."""


def style_of(curve: Curve, theme: Theme) -> CurveStyle:
    """How a curve is drawn: all have the gradient's hue, shape and dash tell them apart."""
    if curve.kind == "output":
        return replace(hidden_gradient(theme), fill=theme.hue(curve.state).mark)
    if curve.kind == "road":
        return replace(cell_gradient(theme), fill=theme.hue(curve.state).mark)
    if curve.kind == "turned":
        fill = theme.hue(curve.state).mark
        return CurveStyle(theme.hue("∂").mark, "triangle", fill, 2.0, (3, 3))
    return CurveStyle(theme.faded(theme.hue("∂").mark, 0.55), width=1.2)


def draw_ground(painter: QPainter, place: Geometry, theme: Theme) -> None:
    """Axis and bands."""
    low, high = theme.scales.gradient_bands
    exploding = translate("GradientPanel", "exploding  > {size}").format(size=power(high))
    vanishing = translate("GradientPanel", "vanishing  < {size}").format(size=power(low))
    ends = place.axis
    draw_bands(painter, ends, place.left, place.right, theme, "", "")
    draw_log_axis(painter, ends, place.left, place.right, theme, tick_distance(ends.low, ends.high))
    font = role_font(theme.type.axis)
    right = place.weights.left() - 6
    above, below = ends.y_of_power(high), ends.y_of_power(low)
    for words, top, foot in ((exploding, ends.top, above), (vanishing, below, ends.foot)):
        if foot - top >= 14:
            label = elided(Run(words, font, theme.colours.tx2), right - place.left - 6)
            draw_text(painter, right, middle(font, (top + foot) / 2), label, "end")
    x = place.weights.left()
    hairlines(painter, [(x, ends.top, x, ends.foot)], theme.colours.line2)


def draw_curves(painter: QPainter, place: Geometry, seen: Shown, theme: Theme) -> None:
    """All curves, those from before the edit lowest and the selected part's output on top."""
    xs = place.columns.xs()
    most = len(xs) if place.columns.width >= MARKS_FROM else 0
    for curve in seen.before:
        there = xs[: len(curve.values)]
        values = curve.values[: len(there)]
        draw_curve(painter, there, values, place.axis, before_edit(theme), theme, most)
    for curve in reversed(seen.curves):
        draw_curve(painter, xs, curve.values, place.axis, style_of(curve, theme), theme, most)


def curves_key(place: Geometry, seen: Shown, theme: Theme) -> tuple[object, ...]:
    """All that the still part of the picture depends on; `seen` is made anew when it differs."""
    return id(seen), place.axis, place.columns, place.right, theme.name


class StillPart:
    """The part of the chart that neither the playhead nor the mouse changes."""

    def __init__(self) -> None:
        self._layer = StaticLayer()
        self._seen: Shown | None = None

    def draw(
        self, painter: QPainter, box: QSizeF, place: Geometry, seen: Shown, theme: Theme
    ) -> None:
        """Draw it, painted anew only where it differs."""
        self._seen = seen  # kept, so that its id stays its own

        def paint(inner: QPainter) -> None:
            draw_ground(inner, place, theme)
            draw_curves(inner, place, seen, theme)

        self._layer.draw(painter, box, curves_key(place, seen, theme), paint)


def draw_number(painter: QPainter, place: Geometry, seen: Shown, step: int, theme: Theme) -> None:
    """The size at the step that is looked at, under its mark or where there is room."""
    main = seen.curves[0]
    value = main.values[step]
    words = run(size(value) if value else "0", theme.type.control_on, theme.colours.tx1)
    y = place.axis.place(value)
    below = y + 27 <= place.axis.foot
    base = y + 23 if below else y - 11
    half = words.width / 2
    x = min(max(place.columns.x(step), place.left + half + 4), place.columns.right - half - 4)
    plate = QRectF(x - half - 3, base - 11, 2 * half + 6, 14)
    filled(painter, plate, theme.colours.bg1, 3)
    draw_text(painter, x, base, words, "middle")


def draw_hover(painter: QPainter, place: Geometry, step: int, theme: Theme) -> None:
    """An upright line where the mouse is, in whichever panel."""
    x = place.columns.x(step)
    dashed_hairline(painter, (x, place.axis.top), (x, place.axis.foot), theme.colours.tx3, (2, 2))


def draw_cut(painter: QPainter, place: Geometry, seen: Shown, limit: int, theme: Theme) -> None:
    """The mark at which the curve of one loss ends, because its error goes no further."""
    loss = seen.loss if seen.loss is not None else seen.steps - 1
    if seen.reads_backward and seen.loss is None:
        loss = 0
    last = loss + (limit - 1) * (1 if seen.reads_backward else -1)
    if not 0 <= last < seen.steps or not seen.curves[0].values[last]:
        return
    beyond = last + (1 if seen.reads_backward else -1)
    if not 0 <= beyond < seen.steps:
        return
    x = (place.columns.x(last) + place.columns.x(beyond)) / 2
    y = place.axis.place(seen.curves[0].values[last])
    stroke = pen(theme.hue("∂").mark, 2.0)
    polyline(painter, [(place.columns.x(last), y), (x, y)], stroke)
    polyline(painter, [(x, y - 8), (x, y + 8)], pen(theme.colours.tx1, 2.0))
