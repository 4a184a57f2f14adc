"""Which drawn thing lies under the pointer: areas of at least 24 by 24 px, the nearest first."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic, TypeVar

from PySide6.QtCore import QPointF, QRectF

Item = TypeVar("Item")
LEAST = 24.0


def hit_area(box: QRectF, least: float = LEAST) -> QRectF:
    """The box, grown around its middle to at least `least` px each way."""
    more_x = max(least - box.width(), 0) / 2
    more_y = max(least - box.height(), 0) / 2
    return box.adjusted(-more_x, -more_y, more_x, more_y)


def _distance(box: QRectF, point: QPointF) -> float:
    """Squared distance to the box; 0 within it."""
    dx = max(box.left() - point.x(), 0, point.x() - box.right())
    dy = max(box.top() - point.y(), 0, point.y() - box.bottom())
    return dx * dx + dy * dy


@dataclass
class HitMap(Generic[Item]):
    """The boxes of what is drawn, in the order of drawing, so that the last lies on top."""

    places: list[tuple[QRectF, Item]] = field(default_factory=list)

    def add(self, box: QRectF, item: Item) -> None:
        """Note where `item` is drawn."""
        self.places.append((QRectF(box), item))

    def at(self, point: QPointF) -> Item | None:
        """What lies under the pointer, or so near that its area reaches there."""
        near = [
            (_distance(box, point), -index)
            for index, (box, _) in enumerate(self.places)
            if hit_area(box).contains(point)
        ]
        return self.places[-min(near)[1]][1] if near else None

    def box_of(self, item: Item) -> QRectF | None:
        """Where `item` is drawn, if it is."""
        return next((QRectF(box) for box, seen in self.places if seen == item), None)
