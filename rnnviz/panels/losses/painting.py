"""Paints the matrix: colours on a fixed logarithmic scale, numbers where they fit, hatching."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QImage, QPainter, QPolygonF

from rnnviz.engine.arrays import Array, Mask
from rnnviz.panels.canvas.colour import ink_on
from rnnviz.panels.canvas.fonts import role_font
from rnnviz.panels.canvas.heat import draw_colour_bar, draw_heat
from rnnviz.panels.canvas.maps import Map, magnitude_map
from rnnviz.panels.canvas.strokes import brush, hatched, pen
from rnnviz.panels.canvas.text import Run, advance, draw_text, elided, middle, power, run, size
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.losses.layout import Geometry
from rnnviz.panels.losses.matrix import Reach, possible

NUMBERS = 26.0, 15.0
"""The least width and height of a cell with a number in it."""
WORDS_FROM = 11.0
"""Rows lower than this have no words, except those that are pointed at."""
CORNER_FROM = 14.0
"""Larger cells have a corner with the colour that they had before the edit."""
LINE_FROM = 9.0
"""Cells larger than this that nothing can reach have a slanting line each."""


def scale_of(theme: Theme) -> Map:
    """The fixed colours of sizes: those of the edges in the graph."""
    return magnitude_map(theme, *theme.scales.edge)


def draw_matrix(
    painter: QPainter, place: Geometry, values: Array, which: Reach, theme: Theme
) -> None:
    """Cells and numbers."""
    scale, can = scale_of(theme), possible((place.rows, place.columns), which)
    image = _image(values, can, scale, theme)
    draw_heat(painter, place.box, image, theme.colours.bg1)
    if min(place.wide, place.high) >= LINE_FROM:
        _lines(painter, place, can, theme)
        _numbers(painter, place, values, can, scale, theme)
    elif can is not None:
        _hatch(painter, place, which, theme)


def _image(values: Array, can: Mask | None, scale: Map, theme: Theme) -> QImage:
    """The colour of each cell; a 0, and what cannot be reached, has that of an empty field."""
    words = np.array(scale.words, np.uint32)[scale.codes(values)]
    words[values == 0] = theme.colours.bg2.word
    if can is not None:
        words[~can] = theme.faded(theme.colours.bg2, 0.5).word
    rows, columns = words.shape
    words = np.ascontiguousarray(words)
    made = QImage(words.data, columns, rows, columns * 4, QImage.Format.Format_RGB32)
    return made.copy()


def _lines(painter: QPainter, place: Geometry, can: Mask | None, theme: Theme) -> None:
    if can is None:
        return
    pad = min(place.wide, place.high) * 0.26
    lines = []
    for row, column in np.argwhere(~can).tolist():
        box = place.cell(row, column).adjusted(pad, pad, -pad, -pad)
        lines.append(QLineF(box.bottomLeft(), box.topRight()))
    painter.setPen(pen(theme.faded(theme.colours.line2, 0.7)))
    painter.drawLines(lines)


def _hatch(painter: QPainter, place: Geometry, which: Reach, theme: Theme, step: float = 7) -> None:
    """Slanting lines over the half that nothing reaches, cut off at the diagonal by arithmetic."""
    sign, cell = (1, place.wide) if which == "past" else (-1, place.wide)
    side = place.box.width() - cell
    left = place.box.left() + (cell if sign > 0 else 0)
    box = QRectF(left, place.box.top() + (0 if sign > 0 else cell), side, side)
    middle_x, lines = box.center().x(), []
    for number in range(1, int(2 * side / step)):
        # Along x + y = const from the diagonal outward to the edges of the square.
        offset = number * step - side
        half = (side - abs(offset)) / 2
        x, y = middle_x + offset / 2, box.center().y() + offset / 2
        lines.append(QLineF(x, y, x + sign * half, y - sign * half))
    painter.setPen(pen(theme.faded(theme.colours.line2, 0.5)))
    painter.drawLines(lines)


def _numbers(
    painter: QPainter, place: Geometry, values: Array, can: Mask | None, scale: Map, theme: Theme
) -> None:
    fits = place.wide >= NUMBERS[0] and place.high >= NUMBERS[1]
    font = role_font(theme.type.wire if place.wide >= 32 else theme.type.small)
    codes = scale.codes(values)
    for row, column in np.argwhere(values != 0).tolist():
        value, box = float(values[row, column]), place.cell(row, column)
        if can is not None and not can[row, column]:
            continue
        if not np.isfinite(value):
            hatched(painter, box.adjusted(1, 1, -1, -1), theme.colours.bg1)
        if not fits:
            continue
        text = size(value)
        if advance(text, font) > place.wide - 1:
            text = size(value, 1)
        if advance(text, font) <= place.wide:
            ink = ink_on(scale.colours[int(codes[row, column])])
            x, base = box.center().x(), middle(font, box.center().y())
            draw_text(painter, x, base, Run(text, font, ink), "middle")


def draw_before(
    painter: QPainter, place: Geometry, now: Array, before: Array, theme: Theme
) -> None:
    """In the corner of each cell that an edit changed, the colour that it had before."""
    if min(place.wide, place.high) < CORNER_FROM:
        return
    scale = scale_of(theme)
    codes, old = scale.codes(now), scale.codes(before)
    side = min(place.wide, place.high) * 0.26
    painter.setPen(pen(theme.colours.bg1, 1.2))
    for row, column in np.argwhere((codes != old) & ((now != 0) | (before != 0))).tolist():
        box = place.cell(row, column).adjusted(0, 0, -1, -1)
        corner = box.bottomRight()
        x, y = corner.x(), corner.y()
        painter.setBrush(brush(scale.colours[int(old[row, column])]))
        points = [QPointF(x, y), QPointF(x - side, y), QPointF(x, y - side)]
        painter.drawPolygon(QPolygonF(points))


def draw_row_words(
    painter: QPainter, place: Geometry, words: tuple[str, ...], lit: Sequence[int], theme: Theme
) -> None:
    """The names of the losses at the left; of a crowd those pointed at, and some numbers."""
    right = place.box.left() - 8
    room = right - 6
    if place.high >= WORDS_FROM:
        for row, word in enumerate(words):
            _word(painter, right, place.y(row), word, room, theme, row in lit)
        return
    used = [place.y(row) for row in lit if row < len(words)]
    for row in lit:
        if row < len(words):
            _word(painter, right, place.y(row), words[row], room, theme, True)
    every = next(
        scale * digit
        for scale in (1, 10, 100, 1000, 10000)
        for digit in (1, 2, 5)
        if scale * digit * place.high >= 24 or scale == 10000
    )
    for row in (0, *range(every - 1, len(words), every)):
        if all(abs(place.y(row) - y) > 13 for y in used):
            used.append(place.y(row))
            _word(painter, right, place.y(row), str(row + 1), room, theme, False)


def _word(
    painter: QPainter, right: float, y: float, word: str, room: float, theme: Theme, on: bool
) -> None:
    role = theme.type.wire if on else theme.type.axis
    label = run(word, role, theme.colours.tx1 if on else theme.colours.tx3)
    draw_text(painter, right, middle(label.font, y), elided(label, room), "end")


def draw_scale(painter: QPainter, box: QRectF, theme: Theme) -> None:
    """The legend: the colours with their ends, at the right of a box."""
    low, high = theme.scales.edge
    font = role_font(theme.type.small)
    texts = (power(low), "10" if high == 1 else power(high))
    least, most = (Run(text, font, theme.colours.tx3) for text in texts)
    y = box.center().y()
    x, base = box.right() - most.width, middle(font, y)
    wide = min(56.0, box.width() - least.width - most.width - 10)
    if wide < 16:
        return
    draw_text(painter, x, base, most)
    bar = QRectF(x - 5 - wide, y - 4, wide, 8)
    draw_colour_bar(painter, bar, scale_of(theme))
    draw_text(painter, bar.left() - 5, base, least, "end")
