"""Many steps in few pixels: what is drawn of them loses no extreme."""

from __future__ import annotations

import numpy as np

from rnnviz.engine.arrays import Array, Integers
from rnnviz.panels.canvas.columns import Columns


def middles(columns: Columns) -> Array:
    """The middle of every column in px."""
    return columns.left + columns.width * (np.arange(columns.count) + 0.5)


def tallest(columns: Columns, steps: Integers, values: Array) -> tuple[list[float], list[float]]:
    """Where strokes stand and how tall they are: with more steps than pixels, one a pixel."""
    xs = middles(columns)[steps]
    if columns.width >= 1 or not len(steps):
        return xs.tolist(), values.tolist()
    pixels = np.floor(xs).astype(int)
    places, which = np.unique(pixels, return_inverse=True)
    most = np.zeros(len(places))
    np.maximum.at(most, which, values)
    return (places + 0.5).tolist(), most.tolist()


def points(columns: Columns, first: int, values: Array) -> tuple[list[float], list[float]]:
    """Where a curve from column `first` on stands, and its values."""
    xs = middles(columns)[first : first + len(values)]
    return xs.tolist(), values.tolist()
