"""Charts over the steps: the logarithmic axis with its bands, and curves with their marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf, isnan, log10
from typing import TypeAlias

from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QPainter

from rnnviz.panels.canvas.colour import Colour
from rnnviz.panels.canvas.fonts import role_font
from rnnviz.panels.canvas.strokes import (
    BEFORE_DASH,
    Dash,
    Point,
    Shape,
    arrow_head,
    dashed_hairline,
    filled,
    framed,
    hairlines,
    mark,
    pen,
    polyline,
)
from rnnviz.panels.canvas.text import Run, draw_text, elided, middle, power, run
from rnnviz.panels.canvas.theme import Theme

Values: TypeAlias = Sequence[float]


@dataclass(frozen=True)
class LogAxis:
    """An upright axis of powers of ten with fixed ends, so that sizes can be compared.

    Attributes
    ----------
    low, high : int
        The powers of ten at the foot and at the top.
    top, foot : float
        Where they lie, in px.
    """

    low: int
    high: int
    top: float
    foot: float

    def y(self, value: float) -> float:
        """The place of a value above 0; what lies outside is put at the end."""
        return self.y_of_power(log10(value) if value > 0 else -inf)

    def y_of_power(self, exponent: float) -> float:
        """The place of a power of ten."""
        share = min(max((exponent - self.low) / (self.high - self.low), 0.0), 1.0)
        return self.foot + (self.top - self.foot) * share

    def value(self, y: float) -> float:
        """The value at a place, as for a clip line that is dragged."""
        share = min(max((y - self.foot) / (self.top - self.foot), 0.0), 1.0)
        return float(10.0 ** (self.low + (self.high - self.low) * share))

    def overflows(self, value: float) -> bool:
        """Whether a value lies above the axis, or is no number."""
        return isnan(value) or value > 10.0**self.high


def draw_log_axis(
    painter: QPainter, axis: LogAxis, left: float, right: float, theme: Theme, every: int = 2
) -> None:
    """Ticks, labels and faint lines at every second power of ten; labels end 7 px before `left`."""
    paint = theme.colours
    powers = range(axis.low, axis.high + 1, every)
    faint = theme.faded(paint.line, 0.6)
    places = [(axis.y_of_power(p), p) for p in powers]
    hairlines(painter, [(left, y, right, y) for y, _ in places], faint)
    hairlines(painter, [(left - 4, y, left, y) for y, _ in places], paint.line2)
    font = role_font(theme.type.small)
    for y, exponent in places:
        label = Run(power(exponent), font, paint.tx3)
        draw_text(painter, left - 7, middle(font, y), label, "end")


def draw_bands(
    painter: QPainter,
    axis: LogAxis,
    left: float,
    right: float,
    theme: Theme,
    exploding: str,
    vanishing: str,
) -> None:
    """The fixed bands of exploding and vanishing gradients, each with its words on the right."""
    low, high = theme.scales.gradient_bands
    above, below = axis.y_of_power(high), axis.y_of_power(low)
    bands = [
        (QRectF(left, axis.top, right - left, above - axis.top), "∂", exploding, above),
        (QRectF(left, below, right - left, axis.foot - below), "h", vanishing, below),
    ]
    font = role_font(theme.type.axis)
    for box, symbol, words, border in bands:
        filled(painter, box, theme.faded(theme.hue(symbol).mark, theme.fills.band))
        dashed_hairline(painter, (left, border), (right, border), theme.colours.line2, (2, 3))
        if box.height() >= 14:
            label = elided(Run(words, font, theme.colours.tx2), box.width() - 12)
            base = middle(font, min(box.center().y() + 3, box.bottom() - 7))
            draw_text(painter, right - 6, base, label, "end")


@dataclass(frozen=True)
class CurveStyle:
    """How a curve looks: its line, and the marks that tell it from another of the same hue."""

    line: Colour
    shape: Shape | None = None
    fill: Colour | None = None
    width: float = 2.0
    dash: Dash = ()


def hidden_gradient(theme: Theme) -> CurveStyle:
    """``∂L/∂h``: solid, round marks."""
    return CurveStyle(theme.hue("∂").mark, "round", theme.hue("h").mark, 2.4)


def cell_gradient(theme: Theme) -> CurveStyle:
    """``∂L/∂c``: dashed, square marks."""
    return CurveStyle(theme.hue("∂").mark, "square", theme.hue("c").mark, 2.0, (7, 3))


def before_edit(theme: Theme) -> CurveStyle:
    """A curve as it was before the edit: dotted, without marks."""
    return CurveStyle(theme.colours.tx2, width=1.8, dash=BEFORE_DASH)


def draw_curve(
    painter: QPainter,
    xs: Values,
    values: Values,
    axis: LogAxis,
    style: CurveStyle,
    theme: Theme,
    marks_most: int = 64,
) -> None:
    """A curve over the steps; where it leaves the axis it ends in an arrow head at the band.

    Parameters
    ----------
    xs, values : sequence of float
        Where the steps lie in px, and the size at each; nan and infinity count as overflow.
    marks_most : int
        With more steps than this, the marks are left out.
    """
    points = [
        (x, axis.top if axis.overflows(value) else axis.y(value))
        for x, value in zip(xs, values, strict=True)
    ]
    over = [axis.overflows(value) for value in values]
    for part in _parts(points, over):
        _stroke(painter, part, style, len(points) <= marks_most)
    shape = style.shape if len(points) <= marks_most else None
    for point, beyond in zip(points, over, strict=True):
        if beyond:
            arrow_head(painter, point, (point[0], point[1] + 1), style.line)
        elif shape:
            mark(painter, shape, point, style.fill or style.line, theme.colours.bg1)


def _stroke(painter: QPainter, points: list[Point], style: CurveStyle, short: bool) -> None:
    """A long line is drawn piece by piece: as one it takes Qt hundreds of milliseconds."""
    if short:
        polyline(painter, points, pen(style.line, style.width, style.dash, not style.dash))
        return
    period = sum(style.dash)
    lines = [
        QLineF(*start, *end)
        for start, end in pairwise(points)
        if not style.dash or (start[0] - points[0][0]) % period < style.dash[0]
    ]
    painter.setPen(pen(style.line, style.width))
    painter.drawLines(lines)


def _parts(points: list[Point], over: list[bool]) -> list[list[Point]]:
    """The stretches without a line between two steps that both lie beyond the axis."""
    parts: list[list[Point]] = [points[:1]]
    for index in range(1, len(points)):
        if over[index] and over[index - 1]:
            parts.append([])
        parts[-1].append(points[index])
    return [part for part in parts if len(part) > 1]


def draw_clip_line(
    painter: QPainter, axis: LogAxis, left: float, right: float, value: float, theme: Theme
) -> QRectF:
    """The line at which gradients are clipped, with its handle at the right; gives the handle."""
    paint = theme.colours
    y = axis.y(value)
    polyline(painter, [(left, y), (right, y)], pen(paint.tx2, 1.4, (6, 4)))
    handle = QRectF(round(right) - 3, round(y - 8), 12, 16)
    framed(painter, handle, paint.tx3, 3, 1, paint.bg3)
    grips = [handle.center().y() - 3, handle.center().y() + 2]
    hairlines(painter, [(handle.left() + 3, g, handle.right() - 3, g) for g in grips], paint.tx1)
    return handle


def draw_step_labels(
    painter: QPainter,
    xs: Values,
    labels: Sequence[str],
    baseline: float,
    theme: Theme,
    current: int | None,
) -> None:
    """The words under the columns, the current one bold; those without room are left out.

    A word gets the distance to the next column; below 14 px a column only the current is written.
    """
    room = xs[1] - xs[0] if len(xs) > 1 else inf
    for index, (x, label) in enumerate(zip(xs, labels, strict=True)):
        on = index == current
        if room < 14 and not on:
            continue
        role = theme.type.wire if on else theme.type.axis
        ink = theme.colours.tx1 if on else theme.colours.tx3
        word = run(label, role, ink)
        draw_text(
            painter, x, baseline, elided(word, max(room - 4, 60) if on else room - 4), "middle"
        )
