"""Finds places for the numbers on the wires of a diagram that nobody has placed by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import TypeAlias

from rnnviz.engine.cell import INPUT
from rnnviz.panels.cell.places import Places, Ways
from rnnviz.panels.cell.shape import HALF, HEIGHT, WIDTH, Kind, Point

Rectangle: TypeAlias = tuple[float, float, float, float]
WIDE, HIGH = 40.0, 18.0
"""Of a number with its frame, at most."""
STRIDE = 3.0
CROSSED, ASIDE = 25.0, 0.25
"""What it costs to cover another wire, and to stand a px from the middle of a stretch."""


def numbered(places: Places, kinds: Mapping[str, Kind], ways: Ways) -> Places:
    """Value -> the middle of its number: on one of its wires, clear of nodes and numbers.

    What finds no such place has none.
    """
    taken = [_around(at, *HALF[kinds[name]]) for name, at in places.items()]
    found: Places = {}
    for name in dict.fromkeys(name for name, _ in ways):
        if name == INPUT:
            continue
        others = [
            _flat(stretch) for (n, _), way in ways.items() if n != name for stretch in pairwise(way)
        ]
        spots = [
            spot for (n, _), way in ways.items() if n == name for spot in _spots(way, taken, others)
        ]
        if spots:
            found[name] = min(spots)[1]
            taken.append(_around(found[name], WIDE / 2, HIGH / 2))
    return found


def _spots(
    way: tuple[Point, ...], taken: list[Rectangle], others: list[Rectangle]
) -> Iterator[tuple[float, Point]]:
    """What a number costs at each place of a way where it has room."""
    for (x1, y1), (x2, y2) in pairwise(way):
        length = abs(x1 - x2) + abs(y1 - y2)
        count = max(int(length / STRIDE), 1)
        for number in range(count + 1):
            share = number / count
            at = (x1 + (x2 - x1) * share, y1 + (y2 - y1) * share)
            box = _around(at, WIDE / 2, HIGH / 2)
            if not _inside(box) or any(_meet(box, other, 1.0) for other in taken):
                continue
            crossed = sum(_meet(box, other, 1.0) for other in others)
            yield CROSSED * crossed + ASIDE * length * abs(share - 0.5) - 0.1 * length, at


def _around(at: Point, half_x: float, half_y: float) -> Rectangle:
    return at[0] - half_x, at[1] - half_y, at[0] + half_x, at[1] + half_y


def _flat(stretch: tuple[Point, Point]) -> Rectangle:
    (x1, y1), (x2, y2) = stretch
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def _inside(box: Rectangle) -> bool:
    return box[0] >= 2 and box[1] >= 2 and box[2] <= WIDTH - 2 and box[3] <= HEIGHT - 2


def _meet(one: Rectangle, other: Rectangle, apart: float) -> bool:
    """Whether two boxes are nearer to each other than `apart`."""
    level = one[0] < other[2] + apart and other[0] < one[2] + apart
    return level and one[1] < other[3] + apart and other[1] < one[3] + apart
