"""Which drawn thing lies under the pointer: areas of at least 24 by 24 px, the nearest first."""

from __future__ import annotations

from collections.abc import Callable
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


@dataclass(frozen=True)
class Field(Generic[Item]):
    """An area with so many things in it that they are found by arithmetic, such as a heat map.

    Attributes
    ----------
    box : QRectF
        The area.
    at : callable
        A point of it -> what lies there, or None.
    box_of : callable
        A thing -> its box, or None if it is none of this area.
    """

    box: QRectF
    at: Callable[[QPointF], Item | None]
    box_of: Callable[[Item], QRectF | None]


def _times(box: QRectF, scale: float) -> QRectF:
    size = box.size() * scale
    return QRectF(box.topLeft() * scale, size)


def _scaled(field: Field[Item], scale: float) -> Field[Item]:
    """The field of a drawing that is shown larger."""

    def box_of(item: Item) -> QRectF | None:
        box = field.box_of(item)
        return None if box is None else _times(box, scale)

    return Field(_times(field.box, scale), lambda point: field.at(point / scale), box_of)


@dataclass
class HitMap(Generic[Item]):
    """The boxes of what is drawn, in the order of drawing, so that the last lies on top.

    Fields lie below all boxes. What is noted is in the units of the drawing; what is asked for is
    in px, of which there are `scale` to a unit.
    """

    places: list[tuple[QRectF, Item]] = field(default_factory=list)
    fields: list[Field[Item]] = field(default_factory=list)
    scale: float = 1.0

    def add(self, box: QRectF, item: Item) -> None:
        """Note where `item` is drawn."""
        self.places.append((box if self.scale == 1.0 else _times(box, self.scale), item))

    def add_field(self, field: Field[Item]) -> None:
        """Note an area whose things are found by arithmetic."""
        self.fields.append(field if self.scale == 1.0 else _scaled(field, self.scale))

    def at(self, point: QPointF) -> Item | None:
        """What lies under the pointer, or so near that its area reaches there."""
        near = [
            (_distance(box, point), -index)
            for index, (box, _) in enumerate(self.places)
            if hit_area(box).contains(point)
        ]
        if near:
            return self.places[-min(near)[1]][1]
        inside = (field for field in reversed(self.fields) if field.box.contains(point))
        found = (field.at(point) for field in inside)
        return next((item for item in found if item is not None), None)

    def box_of(self, item: Item) -> QRectF | None:
        """Where `item` is drawn, if it is."""
        for box, seen in self.places:
            if seen == item:
                return QRectF(box)
        boxes = (field.box_of(item) for field in self.fields)
        return next((box for box in boxes if box is not None), None)
