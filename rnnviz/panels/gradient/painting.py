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
from rnnviz.panels.canvas.layer import StaticLayer
from rnnviz.panels.canvas.strokes import dashed_hairline, filled, hairlines, pen, polyline
from rnnviz.panels.canvas.text import Run, draw_in, draw_text, power, run, size
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.gradient.curves import Curve, Shown
from rnnviz.panels.gradient.layout import Geometry
from rnnviz.panels.gradient.scale import tick_distance
from rnnviz.panels.texts import translate

MARKS_FROM = 9.0
"""Columns narrower than this have no marks."""


def style_of(curve: Curve, theme: Theme) -> CurveStyle:
    """How a curve is drawn: all have the gradient's hue, shape and dash tell them apart."""
    fill = theme.hue(curve.state).mark
    if curve.kind == "thin":
        return CurveStyle(theme.faded(theme.hue("∂").mark, 0.55), width=1.2)
    if curve.kind == "road":
        return replace(cell_gradient(theme), fill=fill)
    if curve.part.endswith("/backward"):
        return CurveStyle(theme.hue("∂").mark, "triangle", fill, 2.0, (3, 3))
    return replace(hidden_gradient(theme), fill=fill)


def draw_ground(painter: QPainter, place: Geometry, theme: Theme) -> None:
    """Axis and bands."""
    ends = place.axis
    draw_bands(painter, ends, place.left, place.right, theme, "", "")
    draw_log_axis(painter, ends, place.left, place.right, theme, tick_distance(ends.low, ends.high))
    for box, words in band_words(place, theme):
        draw_in(painter, box, words, "start")
    x = place.weights.left()
    hairlines(painter, [(x, ends.top, x, ends.foot)], theme.colours.line2)


def band_words(place: Geometry, theme: Theme) -> list[tuple[QRectF, Run]]:
    """The names of the bands that are high enough, and where they stand."""
    low, high = theme.scales.gradient_bands
    exploding = translate("GradientPanel", "exploding  > {size}").format(size=power(high))
    vanishing = translate("GradientPanel", "vanishing  < {size}").format(size=power(low))
    above, below = place.axis.y_of_power(high), place.axis.y_of_power(low)
    right, found = place.weights.left() - 6, []
    for text, top, foot in (
        (exploding, place.axis.top, above),
        (vanishing, below, place.axis.foot),
    ):
        words = run(text, theme.type.axis, theme.colours.tx2)
        wide = min(words.width, right - place.left - 8)
        if foot - top >= 14:
            found.append((QRectF(place.left + 8, (top + foot) / 2 - 7, wide, 14), words))
    return found


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
    return seen, place.axis, place.columns, place.right, theme.name


class StillPart:
    """The part of the chart that neither the playhead nor the mouse changes."""

    def __init__(self) -> None:
        self._layer = StaticLayer()

    def draw(
        self, painter: QPainter, box: QSizeF, place: Geometry, seen: Shown, theme: Theme
    ) -> None:
        """Draw it, painted anew only where it differs."""

        def paint(inner: QPainter) -> None:
            draw_ground(inner, place, theme)
            draw_curves(inner, place, seen, theme)

        self._layer.draw(painter, box, curves_key(place, seen, theme), paint)


def draw_number(painter: QPainter, place: Geometry, seen: Shown, step: int, theme: Theme) -> None:
    """The size at the step that is looked at, under its mark or where there is room."""
    value = seen.curves[0].values[step]
    words = run(size(value) if value else "0", theme.type.control_on, theme.colours.tx1)
    half = words.width / 2
    x = min(max(place.columns.x(step), place.left + half + 4), place.columns.right - half - 4)
    plates = [QRectF(x - half - 3, y - 11, 2 * half + 6, 14) for y in _places(place, seen, step)]
    free = (plate for plate in plates if _is_free(plate, place, seen, step, theme))
    plate = next(free, plates[0])
    filled(painter, plate, theme.colours.bg1, 3)
    draw_text(painter, x, plate.top() + 11, words, "middle")


def _places(place: Geometry, seen: Shown, step: int) -> list[float]:
    """Baselines for the number, the best first: below its mark, above it, clear of all marks."""
    ys = [place.axis.place(curve.values[step]) for curve in seen.main]
    low, high = place.axis.y_of_power(-6), place.axis.y_of_power(2)
    return [ys[0] + 23, ys[0] - 11, max(ys) + 23, min(ys) - 11, high + 14, low - 5]


def _is_free(plate: QRectF, place: Geometry, seen: Shown, step: int, theme: Theme) -> bool:
    """Whether a number there covers no mark of this step, no name of a band, and no end."""
    x = place.columns.x(step)
    ys = [place.axis.place(curve.values[step]) for curve in seen.curves if curve.kind != "thin"]
    marks = [QRectF(x - 4, y - 4, 8, 8) for y in ys]
    taken = [*marks, *(box for box, _ in band_words(place, theme))]
    inside = place.axis.top <= plate.top() and plate.bottom() <= place.axis.foot
    return inside and not any(plate.intersects(box) for box in taken)


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
