"""Numbers as colours: maps of 256 colours, and the codes into them.

Code 0 is kept for what is no number; 1 to 255 are the ends of the map, so 128 is a signed zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from rnnviz.engine.arrays import Array
from rnnviz.engine.errors import EngineError
from rnnviz.panels.canvas.colour import Colour, blend
from rnnviz.panels.canvas.theme import Theme

Codes = npt.NDArray[np.uint8]
Table = npt.NDArray[np.uint8]
Words = npt.NDArray[np.uint32]

FAILED = 0
LOWEST, ZERO, HIGHEST = 1, 128, 255


@dataclass(frozen=True, eq=False)
class Map:
    """How numbers become colours.

    Attributes
    ----------
    low, high : float
        The numbers that take the first and the last colour; what lies outside takes them too.
    logarithmic : bool
        `low` and `high` are powers of ten, and the size of a number counts.
    table : Table
        sRGB bytes, shape ``[256, 3]``.
    """

    low: float
    high: float
    logarithmic: bool
    table: Table

    def codes(self, values: Array) -> Codes:
        """The code of each number, of the same shape; nan and infinity are `FAILED`."""
        scale = (HIGHEST - LOWEST) / (self.high - self.low)
        finite = np.isfinite(values)
        whole = bool(finite.all())
        code = np.multiply(self._places(values if whole else np.where(finite, values, 0)), scale)
        code += LOWEST + 0.5 - self.low * scale
        np.clip(code, LOWEST, HIGHEST + 0.5, out=code)
        codes: Codes = code.astype(np.uint8)
        if not whole:
            codes[~finite] = FAILED
        return codes

    def _places(self, values: Array) -> Array:
        if not self.logarithmic:
            return values
        with np.errstate(divide="ignore"):
            return np.asarray(np.log10(np.abs(values)))

    def colour(self, value: float) -> Colour:
        """The colour of one number."""
        return self.colours[int(self.codes(np.array([value]))[0])]

    @cached_property
    def colours(self) -> tuple[Colour, ...]:
        """The table as colours."""
        return tuple(Colour(*row) for row in self.table.tolist())

    @cached_property
    def words(self) -> Words:
        """The table as the pixels of an image."""
        return np.array([colour.word for colour in self.colours], np.uint32)

    def dimmed(self, ground: Colour, share: float) -> Map:
        """The same map with only `share` of its colours left over `ground`."""
        return _dimmed(self, ground, share)


@lru_cache(maxsize=64)
def _dimmed(map_: Map, ground: Colour, share: float) -> Map:
    pairs = np.array([[ground, colour] for colour in map_.colours])
    rows = [blend(pair, np.array(share)) for pair in pairs]
    return Map(map_.low, map_.high, map_.logarithmic, np.array(rows).astype(np.uint8))


def _table(theme: Theme, colours: Array) -> Table:
    return np.array([theme.colours.err, *colours]).astype(np.uint8)


@lru_cache(maxsize=64)
def signed_map(theme: Theme, most: float) -> Map:
    """Weights and states, from ``-most`` to `most`: v takes the place sign(v) |v|^0.8."""
    if not most > 0:
        raise EngineError(f"most: {most} is not above 0")
    place = np.linspace(-1, 1, HIGHEST)
    bent = np.sign(place) * np.abs(place) ** theme.scales.signed_power
    return Map(-most, most, False, _table(theme, blend(np.array(theme.signed), 0.5 + 0.5 * bent)))


@lru_cache(maxsize=64)
def gate_map(theme: Theme, symbol: str) -> Map:
    """Gates, from 0 to 1: from the field's ground to the gate's own hue."""
    floor = theme.scales.gate_floor
    stops = np.array([theme.colours.bg2, theme.hue(symbol).mark])
    shares = floor + (1 - floor) * np.linspace(0, 1, HIGHEST)
    return Map(0.0, 1.0, False, _table(theme, blend(stops, shares)))


@lru_cache(maxsize=64)
def magnitude_map(theme: Theme, low: float, high: float) -> Map:
    """Sizes of gradients, from ``10**low`` to ``10**high``, a zero like the least of them."""
    if not high > low:
        raise EngineError(f"high: {high} is not above low, which is {low}")
    shares = np.linspace(0, 1, HIGHEST)
    return Map(low, high, True, _table(theme, blend(np.array(theme.magnitude), shares)))


def map_of(theme: Theme, symbol: str, most: float | None = None) -> Map:
    """The map of a symbol: signed with its fixed range for states and inputs, else its gate's.

    `most` takes the place of the fixed range, as a cell state's own maximum does.
    """
    fixed = theme.scales.ranges.get(symbol)
    if most is None and fixed is None:
        return gate_map(theme, symbol)
    return signed_map(theme, most if most is not None else fixed or 1.0)
