"""Charts over the steps: the logarithmic axis with its bands, and curves with their marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
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
    dot,
    filled,
    hairlines,
    mark,
    pen,
    polyline,
)
from rnnviz.panels.canvas.text import Run, draw_text, elided, middle, power
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.canvas.thinning import thinned
from rnnviz.panels.canvas.upright import Standing, Upright

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

    @cached_property
    def _ends(self) -> tuple[float, float]:
        """The least and the largest size that the axis shows."""
        return 10.0**self.low, 10.0**self.high

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
        return isnan(value) or value > self._ends[1]

    def standing(self, value: float) -> Standing:
        """Where a size stands: within the axis, beyond an end, or nowhere."""
        if self.overflows(value):
            return "over"
        if value <= 0:
            return "nothing"
        return "under" if value < self._ends[0] else "within"

    def place(self, value: float) -> float:
        """As `y`, with what is no number at the top."""
        least, most = self._ends
        if least < value < most:  # nearly all, and quickly
            share = (log10(value) - self.low) / (self.high - self.low)
            return self.foot + (self.top - self.foot) * share
        return self.top if self.overflows(value) else self.y(value)


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
    """The fixed bands of exploding and vanishing gradients, each with its words on the left."""
    low, high = theme.scales.gradient_bands
    above, below = axis.y_of_power(high), axis.y_of_power(low)
    bands = [
        (QRectF(left, axis.top, right - left, above - axis.top), "∂", exploding, above),
        (QRectF(left, below, right - left, axis.foot - below), "h", vanishing, below),
    ]
    font = role_font(theme.type.axis)
    for box, symbol, words, border in bands:
        if box.height() < 1:
            continue
        filled(painter, box, theme.faded(theme.hue(symbol).mark, theme.fills.band))
        dashed_hairline(painter, (left, border), (right, border), theme.colours.line2, (2, 3))
        if box.height() >= 14:
            label = elided(Run(words, font, theme.colours.tx2), box.width() - 12)
            base = middle(font, min(box.center().y() + 3, box.bottom() - 7))
            draw_text(painter, left + 8, base, label)


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


LONG = 64
"""A curve of more steps is thinned and drawn piece by piece."""

HEADS_APART = 12.0
"""Arrow heads of neighbouring steps are drawn no closer than this, in px."""


def draw_curve(
    painter: QPainter,
    xs: Values,
    values: Values,
    axis: Upright,
    style: CurveStyle,
    theme: Theme,
    marks_most: int = LONG,
) -> None:
    """A curve over the steps; where it leaves the axis it ends in an arrow head.

    Steps with 0, which has no place on the axis, have a hollow mark at its foot and no line.

    Parameters
    ----------
    xs, values : sequence of float
        Where the steps lie in px, and the size at each; nan and infinity count as overflow.
    marks_most : int
        With more steps than this, the marks are left out.
    """
    short, marked = len(xs) <= LONG, len(xs) <= marks_most
    if not short:
        xs, values = thinned(xs, values)
    standing = [axis.standing(value) for value in values]
    points = [(x, axis.place(value)) for x, value in zip(xs, values, strict=True)]
    for part in _parts(points, standing):
        _stroke(painter, part, style, short)
    _heads(painter, points, standing, style.line)
    if style.shape is not None and marked:
        for point, place in zip(points, standing, strict=True):
            if place == "within":
                mark(painter, style.shape, point, style.fill or style.line, theme.colours.bg1)
            elif place == "nothing":
                dot(painter, point, 2.5, theme.colours.bg1, style.fill or style.line)


def _heads(
    painter: QPainter, points: list[Point], standing: list[Standing], colour: Colour
) -> None:
    """An arrow head where the curve leaves the axis, and now and then while it stays outside."""
    last: tuple[Standing, float] = ("within", -inf)
    for (x, y), place in zip(points, standing, strict=True):
        if place in ("over", "under") and (place != last[0] or x - last[1] >= HEADS_APART):
            arrow_head(painter, (x, y), (x, y + (1 if place == "over" else -1)), colour)
            last = (place, x)
        elif place not in ("over", "under"):
            last = (place, -inf)


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


def _parts(points: list[Point], standing: list[Standing]) -> list[list[Point]]:
    """The stretches without a line between two steps beyond the same end, or to a step with 0."""
    parts: list[list[Point]] = [points[:1]]
    for index in range(1, len(points)):
        before, now = standing[index - 1], standing[index]
        if "nothing" in (before, now) or (now == before != "within"):
            parts.append([])
        parts[-1].append(points[index])
    return [part for part in parts if len(part) > 1]
