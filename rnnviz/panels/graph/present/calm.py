"""What clicks mean before a room: they choose a step, and change nothing by accident."""

from __future__ import annotations

from rnnviz.panels.gestures import Item
from rnnviz.panels.graph.items import Badge, CellBox, Chip, InputCell, OutputRow
from rnnviz.panels.graph.saying import Told


def calmed(item: Item, told: Told | None) -> Item:
    """What is clicked instead: the cell of the step, unless its word is clicked a second time."""
    if told is None:
        return item
    last = len(told.numbers.sides) - 1
    match item:
        case Chip(side, step) if (side, step) == told.place:
            return item
        case Chip(side, step) | InputCell(side, step):
            return _cell(told, side, step)
        case OutputRow(step) | Badge(step):
            return _cell(told, last, step)
    return item


def _cell(told: Told, side: int, step: int) -> CellBox:
    lane = told.lane if told.place[0] == side else told.numbers.sides[side].lanes[0]
    return CellBox(lane.part, step)
