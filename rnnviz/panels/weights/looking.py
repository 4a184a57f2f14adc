"""The ways of looking at weights: their values or their gradients, and the colours of these."""

from __future__ import annotations

from rnnviz.engine.arrays import Array
from rnnviz.engine.errors import EngineError
from rnnviz.engine.weight_share import number_share
from rnnviz.panels.canvas.maps import Map, magnitude_map, map_of, signed_map
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.weights.grid import Cell
from rnnviz.panels.weights.model import Shown
from rnnviz.panels.weights.places import Mode

SIGNED_MOST = 0.1
"""The ends of the map of signed gradients: fixed, so that pictures can be compared."""


def numbers_of(shown: Shown, mode: Mode) -> dict[str, Array]:
    """Path -> what is coloured, `[row, column]`; nothing for gradients that are not there."""
    if mode != "gradient":
        return {path: shown.array(path) for path in shown.tab.paths}
    found = {path: shown.gradient(path) for path in shown.tab.paths}
    return {path: array for path, array in found.items() if array is not None}


def map_for(mode: Mode, signed: bool, theme: Theme) -> Map:
    """The colours of a way of looking."""
    if mode != "gradient":
        return map_of(theme, "weight")
    if signed:
        return signed_map(theme, SIGNED_MOST)
    return magnitude_map(theme, *theme.scales.edge)


def shares_of(shown: Shown, cell: Cell) -> Array | None:
    """What each step adds to the gradient of one number; None where that cannot be said."""
    gradients = shown.gradients
    if gradients is None or shown.is_unshared:
        return None
    try:
        return number_share(gradients, cell.path, shown.index(cell))
    except EngineError:
        return None


def gradient_of(shown: Shown, cell: Cell) -> float | None:
    """The gradient of the loss by one number."""
    array = shown.gradient(cell.path)
    return None if array is None else float(array[cell.row, cell.column])
