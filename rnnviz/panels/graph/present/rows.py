"""The rows of the graph for a room: what does not fit is left out, and nothing gets small."""

from __future__ import annotations

from dataclasses import dataclass

from rnnviz.panels.graph.levels import Band, Share, lane_key, least, share_out
from rnnviz.panels.graph.sides import Lane, Side

HEAD = 88.0
STRIP = 33.0
TALL, LESS_TALL = (166.0, 192.0, 232.0), (140.0, 192.0, 232.0)
"""Of the cells that are looked at: alone or with one other lane, and with more."""
LOW = (44.0, 52.0, 60.0)
BETWEEN = (26.0, 32.0, 36.0)


@dataclass(frozen=True)
class Wants:
    """What there is to show.

    Attributes
    ----------
    sides : tuple of Side
        All steps and lanes.
    looked : Lane
        The lane whose cells are tall.
    answers : bool
        Whether there are answers.
    side : int
        The side that is looked at.
    """

    sides: tuple[Side, ...]
    looked: Lane
    answers: bool
    side: int


def rows_for(wants: Wants, height: float) -> dict[str, Band]:
    """The rows by their names, from the top down.

    In a low room the strip of what is read is left out first, then that of what comes out.
    """
    for left_out in ((), ("input",), ("input", "strip")):
        shares = _shares(wants, height, left_out)
        if least(shares) <= height:
            break
    bands = share_out(shares, height)
    return {name: band for name, band in bands.items() if not name.startswith("gap")}


def _shares(wants: Wants, height: float, left_out: tuple[str, ...]) -> list[Share]:
    """The pieces with as many lanes as there is room for."""
    keys = _keys(wants)
    here = next(number for number, (key, _, _) in enumerate(keys) if key == _looked(wants))
    low, high = here, here + 1
    shares = _pieces(wants, keys[low:high], left_out)
    while high - low < len(keys):
        more = (low - 1, high) if low > 0 and (here - low <= high - 1 - here) else (low, high + 1)
        if more[1] > len(keys):
            more = (low - 1, high)
        wider = _pieces(wants, keys[more[0] : more[1]], left_out)
        if least(wider) > height:
            break
        (low, high), shares = more, wider
    return shares


def _looked(wants: Wants) -> str:
    side = wants.sides[wants.side]
    both = len(side.layers[wants.looked.layer]) > 1
    return lane_key(wants.looked.layer, int(wants.looked.is_backward and both))


def _keys(wants: Wants) -> list[tuple[str, int, int]]:
    """The rows of all lanes from the top down, with their layers and directions."""
    found = {
        (lane.layer, int(lane.is_backward and len(side.layers[lane.layer]) > 1))
        for side in wants.sides
        for lane in side.lanes
    }
    return [(lane_key(layer, way), layer, way) for layer, way in sorted(found, reverse=True)]


def _pieces(
    wants: Wants, keys: list[tuple[str, int, int]], left_out: tuple[str, ...]
) -> list[Share]:
    shares = [Share("head", 60, HEAD, HEAD), Share("gap head", 2, 12, 26)]
    if wants.answers or len(wants.sides) > 1:
        shares += [Share("answer", 78, 80, 84), Share("gap answer", 6, 9, 20)]
    if "strip" not in left_out:
        shares += [Share("strip", STRIP, STRIP, STRIP), Share("gap rise", 22, 24, 30)]
    for number, (key, _, _) in enumerate(keys):
        if number:
            shares.append(Share(f"gap {key}", *BETWEEN))
        tall = TALL if len(keys) < 3 else LESS_TALL
        shares.append(Share(key, *(tall if key == _looked(wants) else LOW)))
    if "input" not in left_out:
        shares += [Share("gap feed", 20, 22, 28), Share("input", STRIP, STRIP, STRIP)]
    shares += [Share("gap word", 10, 33, 40), Share("word", 46, 50, 50)]
    shares.append(Share("gap foot", 8, 25, 30))
    return shares
