"""Where the rows of the graph stand, from the legend down to the words: room shared out fairly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rnnviz.panels.graph.sides import Side

STRIP = 22.0
FULL = (140.0, 256.0, 330.0)
COMPACT = (30.0, 64.0, 72.0)
OVERVIEW = 12.0
ANSWERS = 50.0
"""The room for three classes, which the cells give way to."""


@dataclass(frozen=True)
class Share:
    """A piece of the height: what it needs, what it has in the picture, and what it can use."""

    name: str
    least: float
    wanted: float
    most: float


@dataclass(frozen=True)
class Band:
    """Where a piece stands."""

    top: float
    height: float

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.top + self.height

    @property
    def middle(self) -> float:
        """Its middle."""
        return self.top + self.height / 2


def _fixed(name: str, size: float) -> Share:
    return Share(name, size, size, size)


def share_out(shares: Sequence[Share], height: float) -> dict[str, Band]:
    """Give every piece its band; what cannot be used lies above and below.

    Where the height is too small for the least sizes, the bands reach beyond it.
    """
    wanted = sum(s.wanted for s in shares)
    short, long = sum(s.least for s in shares), sum(s.most for s in shares)
    if height <= wanted:
        part = max((height - short) / max(wanted - short, 1e-9), 0.0)
        sizes = [s.least + part * (s.wanted - s.least) for s in shares]
    else:
        part = min((height - wanted) / max(long - wanted, 1e-9), 1.0)
        sizes = [s.wanted + part * (s.most - s.wanted) for s in shares]
    top = 0.0
    found: dict[str, Band] = {}
    spare = max(height - sum(sizes), 0.0) / 2
    for number, (share, size) in enumerate(zip(shares, sizes, strict=True)):
        found[share.name] = Band(top, size)
        top += size + (spare if number == 0 else 0.0)
    return found


def least(shares: Sequence[Share]) -> float:
    """The height below which nothing fits any more."""
    return sum(share.least for share in shares)


@dataclass(frozen=True)
class Rows:
    """What decides the rows.

    Attributes
    ----------
    sides : tuple of Side
        What is shown.
    opened : str
        The part whose lane is tall; "" for none.
    answer : float
        Px of the answers; 0 for none.
    badges : bool
        Whether there are losses.
    words : bool
        Whether there are chips.
    overview : bool
        Whether the columns scroll.
    """

    sides: tuple[Side, ...]
    opened: str
    answer: float
    badges: bool
    words: bool = True
    overview: bool = False


def lane_key(layer: int, way: int) -> str:
    """The name of the band of a lane."""
    return f"lane{layer}.{way}"


def strip_key(layer: int) -> str:
    """The name of the band of a layer's output."""
    return f"strip{layer}"


def shares_of(rows: Rows) -> list[Share]:
    """The pieces from the top down."""
    titles = len(rows.sides) > 1  # the names of encoder and decoder stand below the legend
    found = [Share("legend", 46 if titles else 36, 46, 46), Share("gap top", 2, 4, 30)]
    found += [_fixed("badge", 22), Share("gap badge", 3, 10, 14)] if rows.badges else []
    if rows.answer:
        low = min(rows.answer, ANSWERS)
        found.append(Share("answer", low, rows.answer, rows.answer))
        found.append(Share("stem", 8, 13.5, 22))
    elif not rows.badges:
        found.append(Share("answer", 56, 90, 90))
    layers = max(len(side.layers) for side in rows.sides)
    for layer in reversed(range(layers)):
        found += _layer_shares(rows, layer, layer == layers - 1)
    both = any(len(side.layers[0]) > 1 for side in rows.sides)
    found.append(Share("gap input", 18, 36, 40) if both else Share("gap input", 10, 13, 20))
    found += [_fixed("input", STRIP), Share("gap word", 6, 23, 34), Share("word", 28, 32, 32)]
    found.append(Share("foot", 6, 12, 16))
    if rows.overview:
        found += [_fixed("overview", OVERVIEW), _fixed("edge", 6)]
    return found


def _layer_shares(rows: Rows, layer: int, top: bool) -> list[Share]:
    lanes = [side.layers[layer] for side in rows.sides if layer < len(side.layers)]
    both = any(len(found) > 1 for found in lanes)
    is_open = any(lane.part == rows.opened for found in lanes for lane in found)
    alone = max(len(side.lanes) for side in rows.sides) == 1
    shares: list[Share] = []
    if both or top or is_open:
        shares.append(_fixed(strip_key(layer), STRIP))
        shares.append(Share(f"gap strip{layer}", 18, 40, 44) if both else _strip_gap(layer))
    elif not top:
        shares.append(Share(f"gap strip{layer}", 12, 26, 34))
    for way in (1, 0) if both else (0,):
        tall = alone or any(found[way].part == rows.opened for found in lanes if way < len(found))
        shares.append(Share(lane_key(layer, way), *(FULL if tall else COMPACT)))
        if way:
            shares.append(Share(f"gap lane{layer}", 26, 50, 54))
    if layer:
        shares.append(_feed_gap(layer, both))
    return shares


def _strip_gap(layer: int) -> Share:
    return Share(f"gap strip{layer}", 12, 19, 26)


def _feed_gap(layer: int, both: bool) -> Share:
    """Between a layer and the strip, or the cells, of the layer below."""
    return Share(f"gap feed{layer}", 18, 36, 40) if both else Share(f"gap feed{layer}", 2, 8, 10)
