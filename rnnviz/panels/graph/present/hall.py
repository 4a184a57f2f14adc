"""Where everything stands when the graph is shown to a room, in px for a height of 720."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from PySide6.QtCore import QRectF

from rnnviz.panels.graph.axis import Column
from rnnviz.panels.graph.levels import Band, lane_key
from rnnviz.panels.graph.present.rows import Wants, rows_for
from rnnviz.panels.graph.saying import Told
from rnnviz.panels.graph.sides import Lane, Side

MARGIN = 22.0
LABELS = 132.0
"""Px for the names of the rows, where there are several."""
BRIDGE = 40.0
PITCH_LEAST, PITCH_MOST = 124.0, 310.0
CELL_LEAST, CELL_MOST, CELL_SHARE = 100.0, 210.0, 0.766
APART = 16.0
"""Px that are left between two cells at least."""
LINE_UP, ROAD_DOWN = 26.0, 38.0
"""Where the line of the state and the road run, from the lower and the upper edge of a cell."""


@dataclass(frozen=True, eq=False)
class Hall:
    """The places of all parts.

    Attributes
    ----------
    size : tuple of float
        Of the whole picture.
    left, right : float
        Between which the columns stand.
    columns : tuple of Column
        Those in view: around the one that is looked at.
    wide : float
        Px of a cell.
    bands : dict of str to Band
        The rows by their names.
    looked : Lane
        The lane whose cells are tall.
    sides : tuple of Side
        What is shown.
    """

    size: tuple[float, float]
    left: float
    right: float
    columns: tuple[Column, ...]
    wide: float
    bands: dict[str, Band]
    looked: Lane
    sides: tuple[Side, ...]

    @cached_property
    def _keys(self) -> dict[str, str]:
        return {
            lane.part: lane_key(layer, int(lane.is_backward and len(lanes) > 1))
            for side in self.sides
            for layer, lanes in enumerate(side.layers)
            for lane in lanes
        }

    def key(self, lane: Lane) -> str:
        """The name of the row of a lane."""
        return self._keys[lane.part]

    def shown(self, side: Side) -> tuple[Lane, ...]:
        """The lanes of a side that have a row."""
        return tuple(lane for lane in side.lanes if self.key(lane) in self.bands)

    def is_tall(self, lane: Lane) -> bool:
        """Whether the cells of a lane show their gates."""
        return self.key(lane) == self.key(self.looked)

    def cell(self, column: Column, lane: Lane) -> QRectF:
        """The box of a cell."""
        band = self.bands[self.key(lane)]
        return QRectF(column.centre - self.wide / 2, band.top, self.wide, band.height)

    def line_y(self, lane: Lane) -> float:
        """Where the state runs from cell to cell."""
        band = self.bands[self.key(lane)]
        return band.bottom - LINE_UP if self.is_tall(lane) else band.middle

    def road_y(self, lane: Lane) -> float:
        """The middle of the road; only a tall lane has one."""
        return self.bands[self.key(lane)].top + ROAD_DOWN

    def has_road(self, lane: Lane) -> bool:
        """Whether a road is drawn."""
        return bool(lane.roads) and self.is_tall(lane)

    @property
    def pitch(self) -> float:
        """From one column to the next."""
        return self.columns[0].width


def make_hall(told: Told, area: QRectF, size: tuple[float, float], answers: bool) -> Hall:
    """Lay everything out.

    Parameters
    ----------
    told : Told
        What is looked at.
    area : QRectF
        The room for the columns; a card may stand beside it.
    size : tuple of float
        Of the whole picture.
    answers : bool
        Whether there are answers.
    """
    sides = told.numbers.sides
    many = len({(lane.layer, lane.is_backward) for side in sides for lane in side.lanes}) > 1
    left, right = area.left() + MARGIN + (LABELS if many else 0.0), area.right() - MARGIN
    columns = _columns(sides, told.place, left, right)
    pitch = columns[0].width
    wide = min(max(pitch * CELL_SHARE, CELL_LEAST), CELL_MOST, max(pitch - APART, 24.0))
    bands = rows_for(Wants(sides, told.lane, answers, told.place[0]), size[1])
    return Hall(size, left, right, columns, wide, bands, told.lane, sides)


def _columns(
    sides: tuple[Side, ...], place: tuple[int, int], left: float, right: float
) -> tuple[Column, ...]:
    """As many columns as there is room for, the one that is looked at among them."""
    steps = [(number, step) for number, side in enumerate(sides) for step in range(side.steps)]
    bridge = BRIDGE if len(sides) > 1 else 0.0
    room = max(right - left - bridge, 40.0)
    count = min(max(int(room / PITCH_LEAST), 1), len(steps))
    pitch = min(room / count, PITCH_MOST)
    here = steps.index(place)
    first = min(max(here - count // 2, 0), len(steps) - count)
    shown = steps[first : first + count]
    gaps = [bridge if side != shown[0][0] else 0.0 for side, _ in shown]
    start = left + (right - left - count * pitch - gaps[-1]) / 2
    return tuple(
        Column(side, step, start + index * pitch + gap, pitch)
        for index, ((side, step), gap) in enumerate(zip(shown, gaps, strict=True))
    )
