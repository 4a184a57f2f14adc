"""The bars of the gates: every unit of one step, side by side."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from rnnviz.panels.canvas.colour import ink_on
from rnnviz.panels.canvas.fonts import role_font
from rnnviz.panels.canvas.heat import sampled
from rnnviz.panels.canvas.step_labels import draw_step_labels
from rnnviz.panels.canvas.strokes import (
    BEFORE_DASH,
    brush,
    cursor_frame,
    dashed_hairline,
    filled,
    framed,
    hairlines,
)
from rnnviz.panels.canvas.text import Run, draw_text, number
from rnnviz.panels.gates.blocks import Block
from rnnviz.panels.gates.maps import around
from rnnviz.panels.gates.picture import Chart

NUMBERS_FROM, NUMBERS_TALL = 36.0, 46.0
BEFORE_FROM = 5.0


def draw_bars(painter: QPainter, chart: Chart) -> None:
    """Draw one bar a unit in each block, from the zero line, with its value before the edit."""
    place, window, theme = chart.place, chart.window, chart.theme
    for index, block in enumerate(chart.seen.blocks):
        filled(painter, place.block(index), theme.colours.bg2, theme.radii.bar)
        _draw_block(painter, chart, index, block)
    names = [str(unit + 1) for unit in range(window.first, window.first + window.count)]
    chosen = chart.sight.selection.unit - window.first
    current = chosen if 0 <= chosen < window.count else None
    xs, present = place.columns.xs(), chart.sight.present
    draw_step_labels(painter, xs, names, place.baseline, theme, current, present)
    if current is not None:
        cursor_frame(painter, place.columns.box(current, place.top - 3, place.foot + 2), theme)
    hover = chart.sight.hover
    for index, block in enumerate(chart.seen.blocks):
        if hover is not None and hover.path == block.path:
            box = chart.cell(index, hover.unit, hover.step)
            if box is not None:
                framed(painter, around(box), theme.colours.tx1, 2, 2)


def height_of(block: Block, box: QRectF, value: float) -> float:
    """The y of a value in a block's box."""
    share = (value - block.low) / (block.high - block.low)
    return box.bottom() - box.height() * min(max(share, 0.0), 1.0)


def _draw_block(painter: QPainter, chart: Chart, index: int, block: Block) -> None:
    place, window, theme = chart.place, chart.window, chart.theme
    box = place.block(index)
    zero = height_of(block, box, 0.0)
    shown = sampled(window.count, box.width())
    values = np.nan_to_num(block.values[chart.bar_step, window.first + shown]).tolist()
    wide = place.columns.width
    gap = 2.0 if wide >= 8 else 1.0 if wide >= 4 else 0.0
    bars = []
    for row, value in zip(shown.tolist(), values, strict=True):
        y = height_of(block, box, value)
        left = place.columns.left + wide * row
        bars.append(QRectF(left, min(y, zero), max(wide - gap, 1.0), max(abs(y - zero), 1.0)))
    ink = theme.hue(block.symbol).mark
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(brush(ink))
    painter.drawRects(bars)
    if block.is_signed:
        hairlines(painter, [(box.left(), zero, box.right(), zero)], theme.colours.tx3)
    _draw_before(painter, chart, index, block)
    _draw_numbers(painter, chart, index, values)


def _draw_before(painter: QPainter, chart: Chart, index: int, block: Block) -> None:
    place, window = chart.place, chart.window
    changed, before = block.changed, block.before
    if changed is None or before is None or place.columns.width < BEFORE_FROM:
        return
    for row in range(window.count):
        unit = window.first + row
        if changed[chart.bar_step, unit]:
            cell = place.cell(index, 0, row)
            y = height_of(block, cell, float(np.nan_to_num(before[chart.bar_step, unit])))
            start, end = (cell.left(), y), (cell.right() - 1, y)
            dashed_hairline(painter, start, end, chart.theme.colours.tx1, BEFORE_DASH)


def _draw_numbers(painter: QPainter, chart: Chart, index: int, values: list[float]) -> None:
    """The values: above their bars, or within those that reach too far up."""
    place, present, theme = chart.place, chart.sight.present, chart.theme
    scale = 1.6 if present else 1.0
    if place.columns.width < NUMBERS_FROM * scale or place.row < NUMBERS_TALL * scale:
        return
    block = chart.seen.blocks[index]
    font, inside = role_font(theme.type.wire, present), ink_on(theme.hue(block.symbol).mark)
    for row, value in enumerate(values):
        cell = place.cell(index, 0, row)
        y = height_of(block, cell, max(value, 0.0))
        above = y - cell.top() >= 16 * scale
        word = Run(number(value), font, theme.colours.tx1 if above else inside)
        base = y - 4 * scale if above else y + 13 * scale
        draw_text(painter, cell.center().x() - 0.5, base, word, "middle")
