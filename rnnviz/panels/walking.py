"""Walking over a picture with the keys: from one drawn thing to the nearest in a direction."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent

from rnnviz.panels.canvas.hit import HitMap
from rnnviz.panels.gestures import Item

PACE = 4.0
SIDEWAYS = (0.0, 14.0, -14.0, 30.0, -30.0, 60.0, -60.0, 120.0, -120.0, 240.0, -240.0)
"""How far beside the straight way is looked, the nearest first, in px."""

_WAYS = {
    Qt.Key.Key_Left: (-1.0, 0.0),
    Qt.Key.Key_Right: (1.0, 0.0),
    Qt.Key.Key_Up: (0.0, -1.0),
    Qt.Key.Key_Down: (0.0, 1.0),
}


def way_of(event: QKeyEvent) -> tuple[float, float] | None:
    """The direction of a key: Alt with an arrow walks."""
    if event.modifiers() & Qt.KeyboardModifier.AltModifier:
        return _WAYS.get(Qt.Key(event.key()))
    return None


def next_item(
    hits: HitMap[Item], item: Item | None, way: tuple[float, float], room: QRectF
) -> Item | None:
    """The nearest thing from `item` in a direction; `item` itself where there is none.

    Parameters
    ----------
    hits : HitMap
        What is drawn where.
    item : Item or None
        Where the walk begins; None for the first thing from the upper left.
    way : tuple of float
        The step in x and y: one of them is 1 or -1, the other 0.
    room : QRectF
        The picture.
    """
    box = None if item is None else hits.box_of(item)
    start = room.topLeft() + QPointF(8, 8) if box is None else box.center()
    ways = (way,) if box is not None else ((1.0, 0.0), (0.0, 1.0))
    for dx, dy in ways:
        for aside in SIDEWAYS:
            point = start + QPointF(dy * aside, dx * aside)
            while room.contains(point):
                found = hits.at(point)
                if found is not None and found != item and _is_ahead(hits, found, start, (dx, dy)):
                    return found
                point += QPointF(dx * PACE, dy * PACE)
    return item


def _is_ahead(hits: HitMap[Item], item: Item, start: QPointF, way: tuple[float, float]) -> bool:
    box = hits.box_of(item)
    if box is None:
        return False
    far = box.center() - start
    return far.x() * way[0] + far.y() * way[1] > 0 or start.x() < 9
