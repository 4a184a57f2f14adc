"""Draws what stands below the matrices: the value, the legend, the sliders, the steps' shares."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPolygonF

from rnnviz.engine.arrays import Array
from rnnviz.panels.canvas.controls import draw_slider, slider_x
from rnnviz.panels.canvas.fonts import sans
from rnnviz.panels.canvas.heat import draw_colour_bar
from rnnviz.panels.canvas.maps import Map
from rnnviz.panels.canvas.strokes import brush, filled, hairlines, pen
from rnnviz.panels.canvas.text import (
    Line,
    Run,
    draw_line,
    draw_text,
    elided,
    number,
    power,
    run,
    width,
)
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.texts import translate
from rnnviz.panels.weights.drawing import weight_line
from rnnviz.panels.weights.knobs import Knob


def draw_legend(
    painter: QPainter, box: QRectF, map_: Map, value: float | None, theme: Theme
) -> None:
    """The colours with their ends, and a marker at a value; nothing where there is no room."""
    if box.width() < 60:
        return
    bar = QRectF(box.left(), box.top() + 5, box.width(), 8)
    draw_colour_bar(painter, bar, map_)
    low, high = map_.low, map_.high
    if map_.logarithmic:
        exponents = (int(low), round((low + high) / 2), int(high))
        labels = ["10" if exponent == 1 else power(exponent) for exponent in exponents]
    else:
        labels = [number(low, _digits(low)), "0", number(high, _digits(high), signed=True)]
    for text, x, align in zip(
        labels, (bar.left(), bar.center().x(), bar.right()), ("start", "middle", "end"), strict=True
    ):
        part = run(text, theme.type.small, theme.colours.tx3)
        draw_text(painter, x, bar.bottom() + 12, part, align)  # type: ignore[arg-type]
    if value is not None and np.isfinite(value):
        share = (_place(map_, value) - low) / (high - low)
        _draw_pointer(painter, bar.left() + bar.width() * min(max(share, 0), 1), bar.top(), theme)


def _digits(value: float) -> int:
    return 0 if value == int(value) else 2


def _place(map_: Map, value: float) -> float:
    if not map_.logarithmic:
        return value
    return float(np.log10(abs(value))) if value else map_.low


def _draw_pointer(painter: QPainter, x: float, foot: float, theme: Theme) -> None:
    corners = [QPointF(x - 4, foot - 7), QPointF(x + 4, foot - 7), QPointF(x, foot - 1.5)]
    painter.setPen(pen(theme.colours.bg1, 0.5))
    painter.setBrush(brush(theme.colours.tx1))
    painter.drawPolygon(QPolygonF(corners))


def knob_track(box: QRectF) -> QRectF:
    """The track of a slider within its box."""
    return QRectF(box.left() + 1, box.bottom() - 18, box.width() - 2, 16)


def draw_knob(painter: QPainter, box: QRectF, knob: Knob, words: str, theme: Theme) -> None:
    """A slider with its label and value; `words` has {name} in the place of the weight."""
    paint, base = theme.colours, box.top() + 13
    before, _, after = words.partition("{name}")
    font = sans(12.5, 400)
    text = translate("Weights", "compute") if knob.value is None else number(knob.value)
    ink = paint.tx1 if knob.value is None or np.isfinite(knob.value) else paint.err
    value = Run(text, sans(13, 600), ink)
    draw_text(painter, box.right(), base, value, "end")
    name = weight_line(knob.path, theme, 12.5)
    room = box.width() - value.width - 12 - width(name)
    label: Line = (
        elided(Run(before, font, paint.tx2), max(room - Run(after, font, paint.tx2).width, 20)),
        *name,
        Run(after, font, paint.tx2),
    )
    draw_line(painter, box.left(), base, label)
    track = knob_track(box)
    centre = slider_x(track, knob.share(knob.tick))
    hairlines(painter, [(centre, track.center().y() + 6, centre, track.bottom() + 3)], paint.tx3)
    value_share = 0.0 if knob.value is None else knob.share(knob.value)
    old = None if knob.before is None else knob.share(knob.before)
    if knob.value is not None:
        draw_slider(painter, track, value_share, theme, old)
    else:
        filled(painter, track.adjusted(0, 6, 0, -6), paint.bg3, 2)


def share_columns(box: QRectF, count: int) -> Callable[[int], QRectF]:
    """Step -> the box of its bar."""
    area = QRectF(box.left(), box.top() + 22, box.width(), box.height() - 36)
    wide = area.width() / max(count, 1)
    return lambda step: QRectF(area.left() + wide * step, area.top(), wide, area.height())


def draw_shares(
    painter: QPainter,
    box: QRectF,
    shares: Array,
    step: int | None,
    words: tuple[str, str],
    theme: Theme,
) -> None:
    """Bars over the steps that add up to the gradient of one number.

    Parameters
    ----------
    shares : array `[time]`
        The share of each step.
    step : int or None
        The step that is looked at.
    words : tuple of str
        What it is, and the sum.
    """
    paint = theme.colours
    total = run(words[1], theme.type.control_on, theme.hue("∂").text)
    draw_text(painter, box.right(), box.top() + 12, total, "end")
    label = run(words[0], theme.type.hint, paint.tx2)
    draw_text(painter, box.left(), box.top() + 12, elided(label, box.width() - total.width - 10))
    column = share_columns(box, len(shares))
    zero = column(0).center().y()
    hairlines(painter, [(box.left(), zero, box.right(), zero)], paint.line2)
    finite = np.where(np.isfinite(shares), shares, 0.0)
    most = float(np.abs(finite).max(initial=0.0)) or 1.0
    half = column(0).height() / 2 - 1
    ink, mark = theme.hue("∂").mark, theme.faded(theme.hue("∂").mark, 0.55)
    for place, value in enumerate(finite.tolist()):
        area = column(place)
        tall = half * value / most
        gap = 2.0 if area.width() > 8 else 0.0
        bar = QRectF(area.left() + gap, zero - max(tall, 0), max(area.width() - 2 * gap, 0.5), 0)
        bar.setHeight(max(abs(tall), 0.75))
        filled(painter, bar, ink if place == step else mark)
    _draw_share_labels(painter, box, shares, step, theme)


def _draw_share_labels(
    painter: QPainter, box: QRectF, shares: Array, step: int | None, theme: Theme
) -> None:
    column, paint = share_columns(box, len(shares)), theme.colours
    room = column(0).width()
    every = max(1, int(np.ceil(22 / room)))
    for place in range(0, len(shares), every):
        if step is not None and abs(place - step) * room < 22:
            continue
        text = run(str(place + 1), theme.type.small, paint.tx3)
        draw_text(painter, column(place).center().x(), box.bottom() - 1, text, "middle")
    if step is not None:
        text = run(str(step + 1), theme.type.wire, paint.tx1)
        x = min(max(column(step).center().x(), box.left() + 6), box.right() - 6)
        draw_text(painter, x, box.bottom() - 1, text, "middle")
