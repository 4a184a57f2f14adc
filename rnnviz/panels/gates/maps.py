"""The map of the gates: a block of rows for each, one column a step."""

from __future__ import annotations

from typing import final

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter, QPainterPath

from rnnviz.engine.arrays import Array
from rnnviz.panels.canvas.colour import Colour, ink_on
from rnnviz.panels.canvas.fonts import role_font
from rnnviz.panels.canvas.heat import draw_heat, part_dimmed_image, sampled
from rnnviz.panels.canvas.step_labels import draw_step_labels
from rnnviz.panels.canvas.strokes import brush, cursor_frame, filled, framed
from rnnviz.panels.canvas.text import Run, draw_in, number
from rnnviz.panels.cursor import unread
from rnnviz.panels.gates.blocks import Block
from rnnviz.panels.gates.picture import Chart

MARKS_MOST = 1500
"""Where more cells changed than this, their steps are marked in place of them."""
NUMBERS = (36.0, 15.0)
"""Cells from this size on have their numbers written on them."""


@final
class Images:
    """The pictures of the blocks, made anew only where their numbers or their rows differ."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Array, tuple[object, ...], QImage]] = {}

    def of(self, block: Block, chart: Chart, ratio: float) -> QImage:
        """One pixel a cell, or where they are smaller than a pixel, one a pixel."""
        place, window = chart.place, chart.window
        box = place.block(0)
        size = (box.width() * ratio, box.height() * ratio)
        hidden = unread(chart.sight, chart.seen.part, chart.seen.steps)
        key = (window, size, hidden, chart.theme.name, block.high)
        known = self._known.get(block.path)
        if known is None or known[0] is not block.values or known[1] != key:
            image = _image(block, chart, size, hidden)
            known = self._known[block.path] = (block.values, key, image)
        return known[2]

    def forget(self) -> None:
        """Drop what is no longer shown."""
        self._known.clear()


def _image(
    block: Block, chart: Chart, size: tuple[float, float], hidden: tuple[int, int]
) -> QImage:
    theme, window = chart.theme, chart.window
    steps = sampled(chart.seen.steps, size[0])
    rows = window.first + sampled(window.count, size[1])
    map_ = block.map(theme)
    start, stop = np.searchsorted(steps, hidden).tolist()
    codes = map_.codes(block.values[np.ix_(steps, rows)].T)
    dimmed = map_.dimmed(theme.colours.bg1, theme.dim.future_chart)
    return part_dimmed_image(codes, map_, dimmed, start, stop)


def draw_map(painter: QPainter, chart: Chart, images: Images) -> None:
    """Draw the blocks, what changed in them, and where the reader stands."""
    theme, place = chart.theme, chart.place
    ratio = painter.device().devicePixelRatio()
    for index, block in enumerate(chart.seen.blocks):
        draw_heat(painter, place.block(index), images.of(block, chart, ratio), theme.colours.bg1)
        _draw_numbers(painter, chart, index, block)
        _draw_changes(painter, chart, index, block)
    labels = chart.seen.words
    xs, present = place.columns.xs(), chart.sight.present
    draw_step_labels(painter, xs, labels, place.baseline, theme, chart.at, present)
    _draw_rows(painter, chart)
    if chart.at is not None:
        frame = place.columns.box(chart.at, place.top - 3, place.foot + 2)
        cursor_frame(painter, frame.adjusted(-1, 0, 0, 0), theme)
    _draw_selected(painter, chart)


def _draw_numbers(painter: QPainter, chart: Chart, index: int, block: Block) -> None:
    """The numbers themselves, where cells are large; none on what is dimmed."""
    place, window, theme = chart.place, chart.window, chart.theme
    scale = 1.6 if chart.sight.present else 1.0
    if place.columns.width < NUMBERS[0] * scale or place.row < NUMBERS[1] * scale:
        return
    start, stop = unread(chart.sight, chart.seen.part, chart.seen.steps)
    map_, font = block.map(theme), role_font(theme.type.axis, chart.sight.present)
    rows = slice(window.first, window.first + window.count)
    codes = map_.codes(block.values[:, rows]).tolist()
    values = block.values[:, rows].tolist()
    for step in range(chart.seen.steps):
        if start <= step < stop:
            continue
        for row, value in enumerate(values[step]):
            ink = ink_on(map_.colours[codes[step][row]])
            draw_in(painter, place.cell(index, row, step), Run(number(value), font, ink))


def _draw_changes(painter: QPainter, chart: Chart, index: int, block: Block) -> None:
    """A tick in the corner of what the last edit changed, or where cells are small, below it."""
    place, window, changed = chart.place, chart.window, block.changed
    if changed is None:
        return
    part = changed[:, window.first : window.first + window.count]
    small = place.columns.width < 8 or place.row < 4
    if small or np.count_nonzero(part) > MARKS_MOST:
        _draw_changed_steps(painter, chart, index, block)
        return
    hidden = unread(chart.sight, chart.seen.part, chart.seen.steps)
    paths = QPainterPath(), QPainterPath()
    side = min(5.0, place.row - 1)
    for step, row in np.argwhere(part).tolist():
        box = place.cell(index, row, step)
        path = paths[hidden[0] <= step < hidden[1]]
        path.moveTo(box.topLeft())
        path.lineTo(box.topLeft() + QPointF(side, 0))
        path.lineTo(box.topLeft() + QPointF(0, side))
        path.closeSubpath()
    paint = chart.theme.colours
    inks: tuple[Colour, Colour] = (paint.tx1, paint.line2)
    for path, ink in zip(paths, inks, strict=True):
        painter.fillPath(path, brush(ink))


def _draw_changed_steps(painter: QPainter, chart: Chart, index: int, block: Block) -> None:
    assert block.changed is not None
    flags = np.concatenate(([0], block.changed.any(axis=1).astype(np.int8), [0]))
    edges = np.flatnonzero(np.diff(flags)).reshape(-1, 2).tolist()
    box, columns = chart.place.block(index), chart.place.columns
    for start, stop in edges:
        left = columns.left + columns.width * start
        wide = max(columns.width * (stop - start), 1.0)
        line = QRectF(left, box.bottom() + 1, wide, 1.5)
        filled(painter, line, chart.theme.colours.tx2)


def _draw_rows(painter: QPainter, chart: Chart) -> None:
    """A mark at the left of the selected unit's row in each block."""
    unit = chart.sight.selection.unit
    for index in range(len(chart.seen.blocks)):
        box = chart.cell(index, unit, 0)
        if box is not None:
            high = max(box.height() - 1, 3.0)
            bar = QRectF(box.left() - 5, box.center().y() - 0.5 - high / 2, 3, high)
            filled(painter, bar, chart.theme.colours.tx1, 1)


def _draw_selected(painter: QPainter, chart: Chart) -> None:
    """Frames around the selected unit at the cursor, and around what the mouse is over."""
    ink, unit = chart.theme.colours.tx1, chart.sight.selection.unit
    hover = chart.sight.hover
    for index, block in enumerate(chart.seen.blocks):
        box = None if chart.at is None else chart.cell(index, unit, chart.at)
        if box is not None:
            framed(painter, around(box), ink, 2, 1.4)
        if hover is not None and hover.path == block.path:
            box = chart.cell(index, hover.unit, hover.step)
            if box is not None:
                framed(painter, around(box), ink, 2, 2)


def around(box: QRectF) -> QRectF:
    """A frame around a cell that can be seen however small the cell is."""
    frame = box.adjusted(-1.5, -1.5, 0.5, 0.5)
    more_x, more_y = max(6.0 - frame.width(), 0.0) / 2, max(5.0 - frame.height(), 0.0) / 2
    return frame.adjusted(-more_x, -more_y, more_x, more_y)
