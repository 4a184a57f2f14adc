"""Euclidean lengths that neither vanish nor overflow because of the squares on the way."""

from __future__ import annotations

import numpy as np

from rnnviz.engine.arrays import Array

SAFE = 1e-140, 1e150
"""Between these, the squares of float64 numbers are exact enough."""


@np.errstate(all="ignore")
def lengths(values: Array) -> Array:
    """The length of each vector along the last axis, in float64; inf or nan if an entry is."""
    wide = np.asarray(values, np.float64)
    found = np.asarray(np.linalg.norm(wide, axis=-1))
    doubtful = ~((found > SAFE[0]) & (found < SAFE[1]))
    if doubtful.any():
        found = np.where(doubtful, _scaled(wide), found)
    return found


def _scaled(values: Array) -> Array:
    """With the largest entry of each vector taken out."""
    peak = np.abs(values).max(axis=-1, initial=0.0)
    whole = np.isfinite(peak) & (peak > 0)
    shares = values / np.where(whole, peak, 1.0)[..., None]
    return np.asarray(np.where(whole, peak * np.linalg.norm(shares, axis=-1), peak))
