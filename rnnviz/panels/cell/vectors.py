"""Where the columns of numbers stand in a cell that fills the canvas: clear of nodes and others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import hypot
from typing import TypeAlias, final

from PySide6.QtCore import QPointF, QRectF

from rnnviz.engine.cell import PREVIOUS
from rnnviz.panels.cell.ports import placed
from rnnviz.panels.cell.shape import GATE_Y, HALF, LINE_Y, MIDDLE_Y, ROAD_Y, Diagram, Point, Wire

Columns: TypeAlias = dict[str, QRectF]

ROW = 19.0
COLUMN = 56.0
FEWEST = 3
"""With fewer rows a single number is better than a column."""
GROWN = 1.5
"""How much larger nodes are than in an open cell."""
STRIDE = 8.0
CROSSED = 60.0
"""What it costs to cover a wire of another value, in px of distance."""
PAD = 6.0
"""Px above and below the rows of a column, in all."""


@final
@dataclass(frozen=True)
class Frame:
    """The outline of a cell, as four numbers."""

    left: float
    top: float
    width: float
    height: float

    @property
    def box(self) -> QRectF:
        """The same as a box."""
        return QRectF(self.left, self.top, self.width, self.height)


@lru_cache(maxsize=32)
def columns_of(diagram: Diagram, frame: Frame, counts: tuple[tuple[str, int], ...]) -> Columns:
    """Value -> the box of its column, for those that find room.

    Parameters
    ----------
    counts : tuple of (str, int)
        Value -> how many units it has.
    """
    box, found = frame.box, Columns()
    nodes = [node_box(diagram, box, name) for name in diagram.by_name]
    for name, count in counts:
        own = [one for one in diagram.wires if one.name == name]
        first = next((one for one in own if one.pill is not None), None)
        if first is None or not count:
            continue
        rows = _rows(box, count)
        if name.isidentifier() and name.endswith(PREVIOUS):
            found[name] = _beside(diagram, box, name, rows)
            continue
        taken = [*nodes, *found.values()]
        wanted = _wanted(box, first, rows)
        if not _is_free(wanted, taken):
            others = [one for one in diagram.wires if one.name != name]
            near = _nearest(box, own, others, taken, wanted, rows)
            if near is None:
                continue
            wanted = near
        found[name] = wanted
    return found


def node_box(diagram: Diagram, box: QRectF, name: str) -> QRectF:
    """The box of a node in px."""
    node = diagram.by_name[name]
    (x, y), (half_x, half_y) = placed(box, node.at, 3), HALF[node.kind]
    return QRectF(x - half_x * GROWN, y - half_y * GROWN, 2 * half_x * GROWN, 2 * half_y * GROWN)


def _rows(box: QRectF, count: int) -> int:
    """How many rows there are room for between the operations and the gates."""
    top = placed(box, (0.0, MIDDLE_Y), 3)[1] + HALF["operation"][1] * GROWN
    foot = placed(box, (0.0, GATE_Y), 3)[1] - HALF["gate"][1] * GROWN
    return max(min(count, int((foot - top - 10) / ROW)), min(FEWEST, count))


def _around(at: Point, rows: int) -> QRectF:
    high = rows * ROW + PAD
    return QRectF(round(at[0] - COLUMN / 2), round(at[1] - high / 2), COLUMN, high)


def _beside(diagram: Diagram, box: QRectF, name: str, rows: int) -> QRectF:
    """At the left of the cell, where the state comes in."""
    number = diagram.cell.states.index(name.removesuffix(PREVIOUS))
    high = rows * ROW + PAD
    y = placed(box, (0.0, LINE_Y if number == 0 else ROAD_Y), 3)[1]
    highest, lowest = box.top() + 8 + high / 2, box.bottom() + 2 - high / 2
    return _around((box.left() - COLUMN / 2 - 8, min(max(y, highest), lowest)), rows)


def _wanted(box: QRectF, one: Wire, rows: int) -> QRectF:
    """Around the number's place on the wire, within the cell."""
    assert one.pill is not None
    x, y = placed(box, one.pill, 3)
    high = rows * ROW + PAD
    top, foot = box.top() + 8, box.bottom() - 8
    if MIDDLE_Y - 40 < one.pill[1] < GATE_Y:
        foot = placed(box, (0.0, GATE_Y), 3)[1] - HALF["gate"][1] * GROWN - 4
    return _around((x, min(max(y - high / 2, top), foot - high) + high / 2), rows)


def _nearest(
    box: QRectF,
    own: list[Wire],
    others: list[Wire],
    taken: list[QRectF],
    wanted: QRectF,
    rows: int,
) -> QRectF | None:
    """A free place on a wire, with as many rows as possible, near to where it should be."""
    inside = box.adjusted(6, 6, -6, -6)
    crossing = [_flat(box, stretch) for one in others for stretch in pairwise(one.points)]
    for count in range(rows, min(FEWEST, rows) - 1, -1):
        spots = [_around(at, count) for one in own for at in _along(box, one)]
        free = [spot for spot in spots if inside.contains(spot) and _is_free(spot, taken)]
        if free:
            return min(free, key=lambda spot: _cost(spot, wanted.center(), crossing))
    return None


def _cost(spot: QRectF, wanted: QPointF, crossing: list[QRectF]) -> float:
    away = spot.center() - wanted
    return hypot(away.x(), away.y()) + CROSSED * sum(spot.intersects(one) for one in crossing)


def _along(box: QRectF, one: Wire) -> Iterator[Point]:
    points = [placed(box, point, 3) for point in one.points]
    for (x1, y1), (x2, y2) in pairwise(points):
        count = max(int((abs(x1 - x2) + abs(y1 - y2)) / STRIDE), 1)
        for number in range(count + 1):
            share = number / count
            yield x1 + (x2 - x1) * share, y1 + (y2 - y1) * share


def _flat(box: QRectF, stretch: tuple[Point, Point]) -> QRectF:
    (x1, y1), (x2, y2) = (placed(box, point, 3) for point in stretch)
    return QRectF(min(x1, x2) - 1, min(y1, y2) - 1, abs(x1 - x2) + 2, abs(y1 - y2) + 2)


def _is_free(spot: QRectF, taken: list[QRectF]) -> bool:
    room = spot.adjusted(-2, -2, 2, 2)
    return not any(room.intersects(other) for other in taken)
