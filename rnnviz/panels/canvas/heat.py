"""Heat maps: one image of one pixel a cell, scaled unsmoothed, with gaps painted over."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QImage, QPainter

from rnnviz.engine.arrays import Array, Integers
from rnnviz.panels.canvas.colour import Colour
from rnnviz.panels.canvas.maps import Codes, Map
from rnnviz.panels.canvas.strokes import pen

_SMOOTH = QPainter.RenderHint.SmoothPixmapTransform
GAP_FROM = 4.0
"""Cells narrower than this many px touch each other."""


def heat_image(codes: Codes, map_: Map) -> QImage:
    """An image of one pixel a cell.

    Parameters
    ----------
    codes : array of uint8, shape [row, column]
        Codes of `map_`.
    map_ : Map
        Gives the colours.
    """
    rows, columns = codes.shape
    if not codes.size:
        return QImage()
    # Its own memory, as the array goes; and Qt scales 32 bits some ten times faster than 8.
    words = map_.words.take(codes)
    return QImage(words.data, columns, rows, 4 * columns, QImage.Format.Format_RGB32).copy()


def part_dimmed_image(codes: Codes, map_: Map, dimmed: Map, start: int, stop: int) -> QImage:
    """As `heat_image`, the columns from `start` to before `stop` in the colours of `dimmed`."""
    rows, columns = codes.shape
    if not codes.size:
        return QImage()
    words = map_.words.take(codes)
    words[:, start:stop] = dimmed.words.take(codes[:, start:stop])
    return QImage(words.data, columns, rows, 4 * columns, QImage.Format.Format_RGB32).copy()


def sampled(count: int, px: float) -> Integers:
    """Which of `count` rows or columns the pixels show: all, or where there are more, every n-th.

    A pixel shows what stands at its middle, so that the number under the pointer is the one whose
    colour is seen.
    """
    shown = min(count, max(int(px), 1))
    if shown == count:
        return np.arange(count)
    return ((np.arange(shown) + 0.5) * (count / shown)).astype(np.int64)


def draw_heat(
    painter: QPainter, box: QRectF, image: QImage, ground: Colour | None = None, gap: float = 1.0
) -> None:
    """Draw an image of cells into a box, unsmoothed; `ground` shows in the gaps where it is given.

    The gaps lie between the cells and are left out where a cell is narrower than `GAP_FROM`.
    """
    if image.isNull() or box.isEmpty():
        return
    smooth = painter.testRenderHint(_SMOOTH)
    if smooth:
        painter.setRenderHint(_SMOOTH, False)
    painter.drawImage(box, image)
    if smooth:
        painter.setRenderHint(_SMOOTH, True)
    if ground is not None:
        _gaps(painter, box, image, ground, gap)


def _gaps(painter: QPainter, box: QRectF, image: QImage, ground: Colour, gap: float) -> None:
    left, top, right, bottom = box.left(), box.top(), box.right(), box.bottom()
    across, down = box.width() / image.width(), box.height() / image.height()
    lines: list[QLineF] = []
    if across >= GAP_FROM:
        places = (left + across * i - gap / 2 for i in range(1, image.width()))
        lines += [QLineF(x, top, x, bottom) for x in places]
    if down >= GAP_FROM:
        places = (top + down * i - gap / 2 for i in range(1, image.height()))
        lines += [QLineF(left, y, right, y) for y in places]
    if lines:
        painter.setPen(pen(ground, gap))
        painter.drawLines(lines)


def cell_box(box: QRectF, shape: tuple[int, int], row: int, column: int) -> QRectF:
    """The box of one cell of a heat map that fills `box`."""
    rows, columns = shape
    across, down = box.width() / columns, box.height() / rows
    return QRectF(box.left() + across * column, box.top() + down * row, across, down)


@lru_cache(maxsize=64)
def _ramp(map_: Map) -> QImage:
    return heat_image(np.arange(1, 256, dtype=np.uint8)[None, :], map_)


def draw_colour_bar(painter: QPainter, box: QRectF, map_: Map) -> None:
    """The whole map from its low to its high end, as a legend shows it."""
    draw_heat(painter, box, _ramp(map_))


def values_image(values: Array, map_: Map) -> QImage:
    """`heat_image` of numbers, shape ``[row, column]``."""
    return heat_image(map_.codes(values), map_)
