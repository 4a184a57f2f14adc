"""The bars of the highway, row by row, all steps at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPolygonF

from rnnviz.engine.arrays import Array, Integers, Mask
from rnnviz.panels.canvas.colour import Colour
from rnnviz.panels.canvas.heat import sampled
from rnnviz.panels.canvas.strokes import arrow_head, brush, dot, hairlines, pen
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.highway.layout import Geometry, Row
from rnnviz.panels.highway.sums import NOTICED, Seen

GROUP = 0.48
"""The share of a column that the bars of a step take."""
STACKED_BELOW, RIBBONS_FROM, DOTS_FROM = 8.0, 12.0, 10.0
HIDDEN, HIDDEN_RIBBON, HIDDEN_TICK = 0.3, 0.1, 0.4
"""What is left of the colours of steps that are not read yet."""


@dataclass(frozen=True, eq=False)
class Bars:
    """The steps that are drawn, and where their bars stand.

    Attributes
    ----------
    steps : array of int
        Which.
    left : array
        The x of each group of bars.
    bar : float
        The width of a bar.
    gap : float
        Between two bars of a group.
    hidden : array of bool
        Whether a step is not read yet.
    stacked : bool
        Whether the bars of a step stand on one another, as there is no room for them side by side.
    """

    steps: Integers
    left: Array
    bar: float
    gap: float
    hidden: Mask
    stacked: bool

    def x(self, number: int, count: int, mirrored: bool) -> Array:
        """The left edges of the bars of one term; in time's order, which may run to the left."""
        if self.stacked:
            return self.left
        place = count - 1 - number if mirrored else number
        return self.left + place * (self.bar + self.gap)

    def wide(self, count: int) -> float:
        """The width of a group."""
        if self.stacked:
            return self.bar
        return count * self.bar + (count - 1) * self.gap


def bars_of(place: Geometry, seen: Seen, hidden: tuple[int, int], ratio: float) -> Bars:
    """Lay the bars out; where there are more steps than px, every n-th is drawn."""
    columns, count = place.columns, len(seen.addends)
    span = columns.right - columns.left
    stacked = seen.addends[0].kind == "kept" and columns.width < STACKED_BELOW
    abreast = 1 if stacked else count
    steps = sampled(seen.steps, span * ratio / abreast)
    pitch = span / max(len(steps), 1)
    gap = 1.0 if pitch >= 12 else 0.0
    group = pitch * GROUP if pitch >= STACKED_BELOW else pitch
    bar = max((group - gap * (abreast - 1)) / abreast, 1.0 / ratio)
    offset = (pitch - abreast * bar - gap * (abreast - 1)) / 2
    left = columns.left + pitch * np.arange(len(steps)) + offset
    hidden_ones = (steps >= hidden[0]) & (steps < hidden[1])
    return Bars(steps, left, bar, gap, hidden_ones, stacked)


def draw_row(
    painter: QPainter, seen: Seen, row: Row, bars: Bars, theme: Theme, chosen: bool
) -> None:
    """Draw the bars of one unit, their ribbons, and the ticks at what they add up to."""
    values = [addend.values[bars.steps, row.unit] for addend in seen.addends]
    total = seen.total[bars.steps, row.unit]
    smooth = len(bars.steps) <= 64
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, smooth)
    pitch = bars.left[1] - bars.left[0] if len(bars.left) > 1 else RIBBONS_FROM
    if pitch >= RIBBONS_FROM and seen.addends[0].kind == "kept":
        _draw_ribbons(painter, seen, row, bars, theme, chosen)
    start = np.zeros(len(bars.steps))
    for number, addend in enumerate(seen.addends):
        with np.errstate(all="ignore"):
            end = start + values[number]
        x = bars.x(number, len(values), seen.reads_backward)
        colour = theme.hue(addend.symbol).mark
        _draw_boxes(
            painter, (x, bars.bar), (row.ys(start), row.ys(end)), bars.hidden, colour, theme
        )
        start = end
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _draw_ticks(painter, row, bars, len(values), total, theme, chosen)
    if not seen.balance.is_state and pitch >= DOTS_FROM:
        _draw_states(painter, seen, row, bars, theme)
    _draw_beyond(painter, row, bars, total, theme)


def _draw_boxes(
    painter: QPainter,
    across: tuple[Array, float],
    ends: tuple[Array, Array],
    hidden: Mask,
    colour: Colour,
    theme: Theme,
) -> None:
    left, wide = across
    top, foot = np.minimum(*ends), np.maximum(*ends)
    high = np.maximum(foot - top, 1.0)
    painter.setPen(Qt.PenStyle.NoPen)
    for mask, ink in ((~hidden, colour), (hidden, theme.faded(colour, HIDDEN))):
        places = zip(left[mask].tolist(), top[mask].tolist(), high[mask].tolist(), strict=True)
        boxes = [QRectF(x, y, wide, tall) for x, y, tall in places]
        if boxes:
            painter.setBrush(brush(ink))
            painter.drawRects(boxes)


def _draw_ribbons(
    painter: QPainter, seen: Seen, row: Row, bars: Bars, theme: Theme, chosen: bool
) -> None:
    """From the state of a step to what the next keeps of it: it narrows as the gate closes."""
    count, mirrored = len(seen.addends), seen.reads_backward
    state = row.ys(seen.state[bars.steps, row.unit]).tolist()
    kept = row.ys(seen.addends[0].values[bars.steps, row.unit]).tolist()
    first = bars.left.tolist()
    last = (bars.left + bars.wide(count)).tolist()
    hue = theme.hue(seen.balance.state).mark
    painter.setPen(Qt.PenStyle.NoPen)
    share = 0.4 if chosen else theme.fills.ribbon
    grounds = theme.colours.bg2 if chosen else theme.colours.bg1
    inks = theme.faded(hue, share, grounds), theme.faded(hue, HIDDEN_RIBBON, grounds)
    for number in range(1, len(state)):
        before, now = (number, number - 1) if mirrored else (number - 1, number)
        x1, x2 = last[number - 1] + 1, first[number]
        ends = (state[before], kept[now]) if not mirrored else (kept[now], state[before])
        corners = [(x1, row.zero), (x1, ends[0]), (x2, ends[1]), (x2, row.zero)]
        painter.setBrush(brush(inks[bool(bars.hidden[now])]))
        painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in corners]))


def _draw_ticks(
    painter: QPainter,
    row: Row,
    bars: Bars,
    count: int,
    total: Array,
    theme: Theme,
    chosen: bool,
) -> None:
    """The level of what the terms add up to."""
    levels, ink, ground = row.ys(total), theme.colours.tx1, theme.colours.bg1
    wide, thick = bars.wide(count), 1.5 if chosen else 1.0
    for mask, share in ((~bars.hidden, 0.9), (bars.hidden, HIDDEN_TICK)):
        places = zip(bars.left[mask].tolist(), levels[mask].tolist(), strict=True)
        colour = theme.faded(ink, share, ground)
        if chosen or bars.stacked:
            painter.setPen(pen(colour, thick))
            painter.drawLines([QLineF(x, y, x + wide, y) for x, y in places])
        else:
            hairlines(painter, [(x, y, x + wide, y) for x, y in places], colour)


def _draw_states(painter: QPainter, seen: Seen, row: Row, bars: Bars, theme: Theme) -> None:
    """A dot at the state that the sum is squashed to."""
    levels = row.ys(seen.state[bars.steps, row.unit]).tolist()
    wide, hue = bars.wide(len(seen.addends)), theme.hue(seen.balance.state).mark
    pale = theme.faded(hue, HIDDEN)
    for x, y, hidden in zip(bars.left.tolist(), levels, bars.hidden.tolist(), strict=True):
        dot(painter, (x + wide + 4, y), 2.6, pale if hidden else hue)


def _draw_beyond(painter: QPainter, row: Row, bars: Bars, total: Array, theme: Theme) -> None:
    """An arrow head where the amplitude takes a sum beyond its row."""
    with np.errstate(all="ignore"):
        raw = row.zero - total * row.scale
        over = np.flatnonzero((raw < row.top - 0.5) | (raw > row.foot + 0.5)).tolist()
    last = -100.0
    for number in over:
        x = float(bars.left[number]) + bars.bar
        if x - last < 10:
            continue
        last, up = x, bool(raw[number] < row.top)
        tip = (x, row.top + 1) if up else (x, row.foot - 1)
        back = (x, tip[1] + (6 if up else -6))
        arrow_head(painter, tip, back, theme.colours.tx1, 6, 7)


def draw_before(painter: QPainter, seen: Seen, row: Row, bars: Bars, theme: Theme) -> None:
    """Dotted levels where the last edit changed a sum."""
    if seen.before is None:
        return
    old = seen.before[bars.steps, row.unit]
    with np.errstate(all="ignore"):
        changed = np.abs(old - seen.total[bars.steps, row.unit]) > NOTICED
    if not changed.any():
        return
    levels, wide = row.ys(old), bars.wide(len(seen.addends))
    places = zip(bars.left[changed].tolist(), levels[changed].tolist(), strict=True)
    dash = (2.0, 2.0) if wide >= 8 else ()
    painter.setPen(pen(theme.colours.tx2, 1.5, dash))
    painter.drawLines([QLineF(x - 3, y, x + wide + 3, y) for x, y in places])
