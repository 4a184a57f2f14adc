"""Curves of more steps than pixels: in each pixel the least and the largest value stay."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

PER_PIXEL = 2
"""A curve with more steps than this in a pixel is thinned; of fewer, each step is drawn."""


def thinned(xs: Sequence[float], values: Sequence[float]) -> tuple[list[float], list[float]]:
    """The steps that can be seen of a curve, in their order, with all extremes and the ends.

    What is no number stays, as it is shown as overflow, and so does one 0 a pixel.
    """
    count = len(xs)
    if count < 4 or count <= PER_PIXEL * (xs[-1] - xs[0]):
        return list(xs), list(values)
    x, y = np.asarray(xs, np.float64), np.asarray(values, np.float64)
    pixel = np.floor(x - x[0]).astype(np.intp)
    starts = np.flatnonzero(np.r_[True, pixel[1:] != pixel[:-1]])
    order = np.lexsort((np.nan_to_num(y, nan=np.inf, posinf=np.inf), pixel))
    ends = np.r_[starts[1:], count] - 1
    kept = np.unique(np.r_[0, order[starts], order[ends], count - 1])
    return x[kept].tolist(), y[kept].tolist()
