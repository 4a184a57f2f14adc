"""Puts the picture of the highway together, and notes what is where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import final

import numpy as np
from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QPaintEngine, QPainter

from rnnviz.panels.canvas.fonts import role_font
from rnnviz.panels.canvas.hit import Field, HitMap
from rnnviz.panels.canvas.layer import StaticLayer
from rnnviz.panels.canvas.step_labels import draw_step_labels
from rnnviz.panels.canvas.strokes import (
    arrow_head,
    cursor_frame,
    dot,
    filled,
    framed,
    hairlines,
    hatched,
)
from rnnviz.panels.canvas.text import Run, advance, draw_text, middle, number, run
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.cursor import unread
from rnnviz.panels.gestures import Item
from rnnviz.panels.highway.bars import bars_of, draw_before, draw_row
from rnnviz.panels.highway.items import Sum, UnitName
from rnnviz.panels.highway.layout import Geometry, Row
from rnnviz.panels.highway.sums import Seen
from rnnviz.panels.invitation import draw_invitation
from rnnviz.panels.overflow import draw_overflow_word, first_failed
from rnnviz.panels.sight import Sight
from rnnviz.panels.texts import translate

NUMBERS_FROM = 34.0


@dataclass(frozen=True, eq=False)
class Chart:
    """What is drawn.

    Attributes
    ----------
    seen, place
        Which numbers, and where.
    sight : Sight
        The colours, the selection and what the mouse is over.
    at : int or None
        The column of the cursor.
    """

    seen: Seen
    place: Geometry
    sight: Sight
    at: int | None

    @property
    def theme(self) -> Theme:
        """The colours."""
        return self.sight.theme

    @property
    def chosen(self) -> int:
        """The selected unit."""
        return min(self.sight.selection.unit, self.seen.units - 1)

    @property
    def hidden(self) -> tuple[int, int]:
        """The columns that are not read yet."""
        return unread(self.sight, self.seen.part, self.seen.steps)


@final
class Layers:
    """The bars in their colours, and once more pale: a step only moves the seam between the two."""

    def __init__(self) -> None:
        self._read, self._unread = StaticLayer(), StaticLayer()

    def draw(self, painter: QPainter, chart: Chart) -> None:
        """Draw the rows; only what differs is painted anew."""
        start, stop = chart.hidden
        if painter.paintEngine().type() is not QPaintEngine.Type.Raster:
            _draw_still(painter, chart, (start, stop))  # there, nothing can be cut out
            return
        columns, (wide, high) = chart.place.columns, chart.place.size
        first, last = (columns.left + columns.width * step for step in (start, stop))
        left, right = (0.0, first) if start else (last, wide)
        if start == stop:
            left, right = 0.0, wide
        near, far = (0.0, last) if start == 0 else (first, wide)
        seam = QRectF(near, 0, far - near, high)
        self._part(painter, chart, self._read, (0, 0), QRectF(left, 0, right - left, high))
        if stop > start:
            self._part(painter, chart, self._unread, (0, chart.seen.steps), seam)

    @staticmethod
    def _part(
        painter: QPainter, chart: Chart, layer: StaticLayer, hidden: tuple[int, int], box: QRectF
    ) -> None:
        key = (chart.seen, chart.place, chart.chosen, chart.theme.name, chart.sight.present)
        painter.save()
        painter.setClipRect(box)
        size = QSizeF(*chart.place.size)
        layer.draw(painter, size, key, lambda inner: _draw_still(inner, chart, hidden))
        painter.restore()


def draw_chart(painter: QPainter, hits: HitMap[Item], chart: Chart, layers: Layers) -> None:
    """Draw everything."""
    place, seen, theme = chart.place, chart.seen, chart.theme
    layers.draw(painter, chart)
    _add_names(hits, chart)
    if not seen.steps:
        draw_invitation(painter, _area(place), chart.sight)
        return
    hits.add_field(Field(_area(place), place.at, lambda item: _box_of(place, item)))
    xs, present = place.columns.xs(), chart.sight.present
    base = place.size[1] - (9 if present else 6)
    draw_step_labels(painter, xs, seen.words, base, theme, chart.at, present)
    _draw_pins(painter, chart)
    _draw_hover(painter, chart)
    if chart.at is not None:
        box = place.columns.box(chart.at, place.top - 2, place.foot + 1)
        inset = 3.0 if box.width() > 24 else 0.0
        cursor_frame(painter, box.adjusted(inset, 0, -inset, 0), theme)
    _draw_numbers(painter, chart)
    _draw_overflow(painter, hits, chart)


def _area(place: Geometry) -> QRectF:
    left, right = place.columns.left, place.columns.right
    return QRectF(left, place.top, right - left, place.foot - place.top)


def _box_of(place: Geometry, item: Item) -> QRectF | None:
    return place.box(item.unit, item.step) if isinstance(item, Sum) else None


def _draw_still(painter: QPainter, chart: Chart, hidden: tuple[int, int]) -> None:
    """The rows with their bars: what neither the mouse nor the cursor's frame changes."""
    place, seen, theme = chart.place, chart.seen, chart.theme
    for row in place.rows:
        _draw_ground(painter, chart, row)
    if not seen.steps:
        return
    ratio = painter.device().devicePixelRatio()
    bars = bars_of(place, seen, hidden, ratio)
    for row in place.rows:
        draw_row(painter, seen, row, bars, theme, row.unit == chart.chosen)
        draw_before(painter, seen, row, bars, theme)


def _draw_ground(painter: QPainter, chart: Chart, row: Row) -> None:
    """The unit's number, its zero line, and the plate of the selected one."""
    theme, present, left = chart.theme, chart.sight.present, chart.place.columns.left
    on = row.unit == chart.chosen
    if on:
        right = chart.place.columns.right + 6
        filled(painter, QRectF(6, row.top, right - 6, row.high), theme.colours.bg2, 6)
    text = str(row.unit + 1)
    if present:
        text = translate("HighwayPanel", "unit {unit}").format(unit=text)
    role = theme.type.control_on if on else theme.type.hint
    name = run(text, role, theme.colours.tx1 if on else theme.colours.tx3, present)
    y = middle(name.font, row.top + row.high / 2)
    draw_text(painter, 6 + (left - 6) / 2, y, name, "middle")
    zero = max(row.top, min(row.zero, row.foot))
    line = theme.faded(theme.colours.line2, 1.0 if on else 0.7)
    hairlines(painter, [(left, zero, chart.place.columns.right, zero)], line)


def _add_names(hits: HitMap[Item], chart: Chart) -> None:
    for row in chart.place.rows:
        hits.add(QRectF(6, row.top, chart.place.columns.left - 12, row.high), UnitName(row.unit))


def draw_more(painter: QPainter, chart: Chart) -> None:
    """Arrow heads at the left where there are units above and below."""
    place, ink = chart.place, chart.theme.colours.tx3
    x = 6.0
    if place.rows and place.rows[0].unit > 0:
        arrow_head(painter, (x, place.top + 1), (x, place.top + 7), ink, 6, 8)
    if place.rows and place.rows[-1].unit < chart.seen.units - 1:
        arrow_head(painter, (x, place.foot - 1), (x, place.foot - 7), ink, 6, 8)


def _draw_numbers(painter: QPainter, chart: Chart) -> None:
    """The selected unit's sums beyond their ticks; in narrow columns, that at the cursor."""
    seen, place, present = chart.seen, chart.place, chart.sight.present
    row = place.row(chart.chosen)
    if row is None:
        return
    scale = 1.55 if present else 1.0
    wide = place.columns.width >= NUMBERS_FROM * scale
    start, stop = chart.hidden
    font = role_font(chart.theme.type.control_on, present)
    steps: Sequence[int] = [] if chart.at is None else [chart.at]
    if wide:
        # As many as stand apart, that of the cursor among them.
        widest = max(advance(number(float(v)), font) for v in seen.total[:, row.unit])
        every = ceil((widest + 5) / place.columns.width)
        steps = range((chart.at or 0) % every, seen.steps, every)
    for step in steps:
        value = float(seen.total[step, row.unit])
        hidden = start <= step < stop
        paint = chart.theme.colours
        ink = chart.theme.faded(paint.tx1, 0.5, paint.bg2) if hidden else paint.tx1
        word = Run(number(value), font, ink)
        high, low = _ends(seen, row, step)
        base = high - 4 * scale if value >= 0 else low + 13 * scale
        base = max(row.top + 11 * scale, min(base, row.foot - 2))
        half = word.width / 2
        x = max(place.columns.left + half, min(place.columns.x(step), place.columns.right - half))
        if not wide:
            plate = QRectF(x - half - 2, base - 10 * scale, 2 * half + 4, 12 * scale)
            filled(painter, plate, paint.bg2, 2)
        draw_text(painter, x, base, word, "middle")


def _ends(seen: Seen, row: Row, step: int) -> tuple[float, float]:
    """The y of the upper and of the lower end of all bars of a sum."""
    edges, edge = [], 0.0
    for addend in seen.addends:
        edge += float(addend.values[step, row.unit])
        edges.append(edge)
    places = row.ys(np.array([*edges, float(seen.total[step, row.unit])]))
    return float(places.min()), float(places.max())


def _draw_pins(painter: QPainter, chart: Chart) -> None:
    """A dot where the state is held, so that it is not what its terms add up to."""
    paint = chart.theme.colours
    for unit, step in chart.seen.held:
        for row in chart.place.rows:
            if unit in (-1, row.unit) and step < chart.seen.steps:
                y = row.y(float(chart.seen.total[step, row.unit]))
                dot(painter, (chart.place.columns.x(step), y), 3, paint.tx1, paint.bg1)


def _draw_hover(painter: QPainter, chart: Chart) -> None:
    """A frame around what the mouse is over, in whichever panel."""
    spot = chart.sight.hover
    if spot is None or spot.path != chart.seen.path:
        return
    box = chart.place.box(spot.unit, spot.step)
    if box is not None:
        framed(painter, box.adjusted(0.5, 0.5, -0.5, -0.5), chart.theme.colours.tx3, 3, 1.5)


def _draw_overflow(painter: QPainter, hits: HitMap[Item], chart: Chart) -> None:
    """Hatches the steps whose sums are no numbers, and says so."""
    start, stop = chart.seen.failed
    if not stop:
        return
    place, theme = chart.place, chart.theme
    first = place.columns.box(start, place.top, place.foot)
    box = first.united(place.columns.box(stop - 1, place.top, place.foot))
    filled(painter, box, theme.faded(theme.colours.err, 0.15))
    hatched(painter, box, theme.colours.err)
    step = first_failed((start, stop), chart.seen.reads_backward)
    draw_overflow_word(painter, hits, _area(place), step, chart.sight)
