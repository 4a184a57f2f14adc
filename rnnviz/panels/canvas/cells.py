"""The small parts that show values: strips, bars, output bars, columns of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from rnnviz.engine.arrays import Array
from rnnviz.panels.canvas.colour import Colour, ink_on
from rnnviz.panels.canvas.fonts import role_font
from rnnviz.panels.canvas.heat import draw_heat, heat_image, values_image
from rnnviz.panels.canvas.maps import Map
from rnnviz.panels.canvas.strokes import filled, framed, hairlines, pen, polyline, selection_frame
from rnnviz.panels.canvas.text import Run, draw_text, elided, middle, number, size
from rnnviz.panels.canvas.theme import Theme

ROUNDED_FROM = 8.0
"""Px from cell to cell; a strip of narrower cells is drawn as one image."""


@dataclass(frozen=True)
class Strip:
    """A row of cells in a frame: the input or the hidden state of one step.

    Attributes
    ----------
    left, top : float
        The corner of the frame in px.
    cell : float
        From one cell to the next, its gap included.
    height : float
        Of a cell.
    pad : float
        Between the frame and the cells.
    """

    left: float
    top: float
    count: int
    cell: float = 15.0
    height: float = 16.0
    pad: float = 3.0

    @property
    def box(self) -> QRectF:
        """The frame."""
        wide = self.count * self.cell - 1 + 2 * self.pad
        return QRectF(self.left, self.top, max(wide, 2 * self.pad), self.height + 2 * self.pad)

    def cell_box(self, unit: int) -> QRectF:
        """The box of one unit's cell, from 0."""
        x = self.left + self.pad + unit * self.cell
        return QRectF(x, self.top + self.pad, self.cell - 1, self.height)


def draw_strip(
    painter: QPainter,
    strip: Strip,
    values: Array,
    map_: Map,
    theme: Theme,
    outline: Colour,
    selected: int | None = None,
) -> None:
    """Draw a strip; dim it with a dimmed map and a neutral outline."""
    framed(painter, strip.box, outline, 4, 1, theme.colours.bg1)
    if strip.cell < ROUNDED_FROM:
        pad = strip.pad
        inner = strip.box.adjusted(pad, pad, -pad, -pad)
        image = values_image(np.asarray(values)[None, :], map_)
        draw_heat(painter, inner, image, theme.colours.bg1)
    else:
        for unit, code in enumerate(map_.codes(values).tolist()):
            filled(painter, strip.cell_box(unit), map_.colours[code], theme.radii.value)
    if selected is not None:
        selection_frame(painter, strip.cell_box(selected).adjusted(-2.75, -2.75, 2.75, 2.75), theme)


def draw_numbers(
    painter: QPainter,
    box: QRectF,
    values: Array,
    map_: Map,
    theme: Theme,
    outline: Colour,
    selected: int | None = None,
) -> None:
    """A column of numbers on their colours in a frame: a wire's whole vector.

    With a logarithmic map they are gradients, and written as such.
    """
    framed(painter, box, outline, 5, 1, theme.colours.bg1)
    rows = np.asarray(values).tolist()
    if not rows:
        return
    inner = box.adjusted(3, 3, -3, -3)
    tall = inner.height() / len(rows)
    codes = map_.codes(np.asarray(values))
    draw_heat(painter, inner, heat_image(codes[:, None], map_), theme.colours.bg1)
    font, bold = role_font(theme.type.control), role_font(theme.type.control_on)
    middle_x, base = inner.center().x(), middle(font, inner.top() + (tall - 1) / 2)
    for unit, (value, code) in enumerate(zip(rows, codes.tolist(), strict=True)):
        face = bold if unit == selected else font
        ink = Run(
            size(value, 3) if map_.logarithmic else number(value), face, ink_on(map_.colours[code])
        )
        if ink.width > inner.width():
            ink = elided(ink, inner.width())
        draw_text(painter, middle_x, base + unit * tall, ink, "middle")
    if selected is not None:
        chosen = QRectF(box.left(), inner.top() + selected * tall - 1, box.width(), tall + 1)
        framed(painter, chosen, theme.colours.tx1, 3, 2)


def draw_bar(painter: QPainter, box: QRectF, share: float, colour: Colour, theme: Theme) -> None:
    """An upright bar in its track, for a gate: `share` is 0 to 1 from the foot."""
    radius = theme.radii.bar
    filled(painter, box, theme.colours.bg2, radius)
    tall = box.height() * min(max(share, 0.0), 1.0)
    if tall >= 0.5:
        foot = QRectF(box.left(), box.bottom() - tall, box.width(), tall)
        filled(painter, foot, colour, min(radius, tall / 2))


def draw_signed_bar(
    painter: QPainter, box: QRectF, share: float, colour: Colour, theme: Theme
) -> None:
    """An upright bar from the middle of its track, for a value of -1 to 1, with its zero line."""
    filled(painter, box, theme.colours.bg2, theme.radii.bar)
    zero = box.center().y()
    tall = box.height() / 2 * min(max(share, -1.0), 1.0)
    if abs(tall) >= 0.5:
        top = zero - max(tall, 0.0)
        filled(painter, QRectF(box.left(), top, box.width(), abs(tall)), colour, 1)
    hairlines(painter, [(box.left(), zero, box.right(), zero)], theme.colours.tx3)


def draw_term(
    painter: QPainter, box: QRectF, zero: float, length: float, colour: Colour, theme: Theme
) -> None:
    """A level bar from its zero line: `zero` is its x, `length` is in px and may be negative."""
    hairlines(painter, [(zero, box.top(), zero, box.bottom())], theme.colours.line2)
    start, end = sorted((zero, zero + length))
    bar = QRectF(start, box.center().y() - 5.5, max(end - start, 1.0), 11)
    filled(painter, bar, colour, min(theme.radii.bar, bar.width() / 2))


@dataclass(frozen=True)
class Output:
    """One class of the output: its name, its probability (None before it is known), the target."""

    label: str
    probability: float | None
    target: bool = False


OUTPUT_ROW = 16.5


def draw_outputs(
    painter: QPainter,
    box: QRectF,
    outputs: Sequence[Output],
    theme: Theme,
    label: float = 36.0,
    figures: float | None = None,
) -> None:
    """Rows of 16.5 px: name, bar in its track, number; the likeliest stands out.

    The target has a tick in the colour of what is right. `label` is the room for names in px; the
    number has as much on the other side, or `figures`.
    """
    known = [o.probability for o in outputs if o.probability is not None]
    best = max(known, default=None)
    for row, output in enumerate(outputs):
        line = QRectF(box.left(), box.top() + row * OUTPUT_ROW, box.width(), OUTPUT_ROW)
        likeliest = best is not None and output.probability == best
        rooms = (label, label if figures is None else figures)
        _draw_output(painter, line, output, likeliest, theme, rooms)


def _draw_output(
    painter: QPainter,
    line: QRectF,
    output: Output,
    likeliest: bool,
    theme: Theme,
    rooms: tuple[float, float],
) -> None:
    paint = theme.colours
    strong = likeliest or (output.probability is None and output.target)
    font = role_font(theme.type.wire if strong else theme.type.axis)
    ink = paint.tx1 if likeliest else paint.tx3
    label, wide = rooms[0], line.width() - sum(rooms)
    track = QRectF(line.left() + label, line.center().y() - 5.1, wide, 10.2)
    base = middle(font, line.center().y())
    name = elided(Run(output.label, font, ink), label - 6)
    draw_text(painter, track.left() - 6, base, name, "end")
    filled(painter, track, paint.bg3, theme.radii.bar)
    if output.probability is not None:
        wide = max(track.width() * min(max(output.probability, 0.0), 1.0), 2.0)
        bar = QRectF(track.left(), track.top(), wide, track.height())
        filled(painter, bar, paint.tx1 if likeliest else paint.tx3, min(theme.radii.bar, wide / 2))
        draw_text(painter, track.right() + 5, base, Run(number(output.probability), font, ink))
    if output.target:
        x = track.right() - 1
        points = [(x, track.top() - 2.2), (x, track.bottom() + 2.2)]
        polyline(painter, points, pen(paint.ok, 2))
