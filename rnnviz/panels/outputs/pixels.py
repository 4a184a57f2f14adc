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


def thinned(columns: Columns, first: int, values: Array) -> tuple[list[float], list[float]]:
    """A curve from column `first` on: with more steps than pixels, the lowest and the highest."""
    xs = middles(columns)[first : first + len(values)]
    if columns.width >= 1 or len(values) < 3:
        return xs.tolist(), values.tolist()
    pixels = np.floor(xs).astype(int)
    starts = np.flatnonzero(np.diff(pixels, prepend=pixels[0] - 1))
    low, high = np.minimum.reduceat(values, starts), np.maximum.reduceat(values, starts)
    return np.repeat(xs[starts], 2).tolist(), np.stack([low, high], 1).ravel().tolist()
