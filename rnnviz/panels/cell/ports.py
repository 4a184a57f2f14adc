"""Where the wires of a graph join a cell, and how its diagram is stretched into a box."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import final

import numpy as np
from PySide6.QtCore import QRectF

from rnnviz.engine.cell import Cell
from rnnviz.panels.cell.shape import (
    GATE_Y,
    HEIGHT,
    INPUT_X,
    LINE_Y,
    MIDDLE_Y,
    OUTPUT_X,
    ROAD_Y,
    WIDTH,
    Point,
)

READ_AT: Point = (OUTPUT_X, 146.0)
"""Where the gradient is written that comes from the reader of the hidden state."""
_OPEN = (0.0, ROAD_Y, MIDDLE_Y, GATE_Y, LINE_Y, HEIGHT)
_FILLED = (0.0, 40.0, 105.0, 203.0, 236.0, HEIGHT)
"""The same heights where a cell fills the canvas: there is more room for vectors on the wires."""


@final
@dataclass(frozen=True)
class Ports:
    """Places in px.

    Attributes
    ----------
    road_y : float or None
        The middle of the road; None for a cell without one.
    line_y : float
        Where the hidden state comes in and goes on.
    input_x, output_x : float
        Where the input comes in from below, and the hidden state leaves upward.
    """

    road_y: float | None
    line_y: float
    input_x: float
    output_x: float


def placed(box: QRectF, at: Point, zoom: int) -> Point:
    """A point of a diagram in its box."""
    x, y = at
    if zoom == 3:
        y = _filled(y)
    return box.left() + x / WIDTH * box.width(), box.top() + y / HEIGHT * box.height()


@lru_cache(maxsize=1024)
def _filled(y: float) -> float:
    return float(np.interp(y, _OPEN, _FILLED))


def ports(cell: Cell, box: QRectF, zoom: int) -> Ports:
    """Where the wires around a cell join it.

    Parameters
    ----------
    box : QRectF
        Of the cell, in px.
    zoom : int
        2 for an open cell, 3 for one that fills the canvas.
    """
    road = placed(box, (0.0, ROAD_Y), zoom)[1] if len(cell.states) > 1 else None
    line = placed(box, (0.0, LINE_Y), zoom)[1]
    return Ports(
        road,
        line,
        placed(box, (INPUT_X, 0.0), zoom)[0],
        placed(box, (OUTPUT_X, 0.0), zoom)[0],
    )
