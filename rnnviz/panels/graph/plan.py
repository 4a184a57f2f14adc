"""The plan of the graph: every column and row in its place, for one size and one moment."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from PySide6.QtCore import QRectF

from rnnviz.panels.graph.axis import Axis, Column
from rnnviz.panels.graph.levels import (
    Band,
    Rows,
    lane_key,
    least,
    share_out,
    shares_of,
    strip_key,
)
from rnnviz.panels.graph.sides import Lane, Side, lane_of

MARGIN = 6.0
LABELS, LABELS_SHORT = 124.0, 72.0
BRIDGE = 96.0
ROOMY = 760.0
"""Px of width from which on the labels at the left have a second line."""
WIDTH, HEIGHT = 872.0, 544.0
"""The size of the canvas in the picture."""
LARGEST, SMALLEST = 2.4, 0.5
ROAD_DOWN, LINE_DOWN = 44.8, 226.56
"""Where road and line run in a cell of 256 px, from its top."""
ROAD_FROM = 44.0
"""Px of height from which on a low cell has its road."""
COMPACT_BELOW = 120.0
"""Px of height below which a cell shows its state in place of its gates."""


@dataclass(frozen=True)
class Ask:
    """What a plan is made for.

    Attributes
    ----------
    sides : tuple of Side
        What is shown.
    size : tuple of float
        Of the widget, in px.
    part : str
        The layer and direction that is looked at.
    place : tuple of int
        The side and the step that are looked at.
    zoom : int
        1 folded, 2 open.
    answer : float
        Px of height that the answers want.
    badges : bool
        Whether there are losses.
    scale : float or None
        What the reader chose; None to fit.
    """

    sides: tuple[Side, ...]
    size: tuple[float, float]
    part: str
    place: tuple[int, int]
    zoom: int
    answer: float
    badges: bool
    scale: float | None = None


@dataclass(frozen=True)
class Row:
    """Where a lane stands, whether it has room for gates, and where road and line run."""

    band: Band
    is_big: bool
    road_y: float
    line_y: float


@dataclass(frozen=True, eq=False)
class Plan:
    """Where everything stands, in px of the plan: the painter is scaled by `scale`."""

    ask: Ask
    scale: float
    size: tuple[float, float]
    axis: Axis
    bands: dict[str, Band]

    @property
    def sides(self) -> tuple[Side, ...]:
        """What is shown."""
        return self.ask.sides

    @cached_property
    def lane(self) -> Lane:
        """The lane that is looked at."""
        return lane_of(self.sides, self.ask.part)[1]

    @property
    def is_stacked(self) -> bool:
        """Whether there are several lanes, or two sides."""
        return len(self.sides) > 1 or len(self.sides[0].lanes) > 1

    @property
    def is_open(self) -> bool:
        """Whether a cell is open."""
        return self.axis.is_open

    @cached_property
    def opened(self) -> Column:
        """The column that is looked at."""
        return self.axis.column(self.axis.current)

    def row(self, lane: Lane) -> Row:
        """The row of a lane."""
        found = self._rows.get(lane.part)
        if found is None:
            side = self.sides[lane_of(self.sides, lane.part)[0]]
            upper = lane.is_backward and len(side.layers[lane.layer]) > 1
            band = self.bands[lane_key(lane.layer, int(upper))]
            found = self._rows[lane.part] = _row(band, bool(lane.roads))
        return found

    @cached_property
    def _rows(self) -> dict[str, Row]:
        return {}

    @cached_property
    def _cells(self) -> dict[tuple[int, int, str], QRectF]:
        return {}

    def band(self, lane: Lane) -> Band:
        """Where a lane stands."""
        return self.row(lane).band

    def strip(self, layer: int) -> Band | None:
        """The row of a layer's output, where it has one."""
        return self.bands.get(strip_key(layer))

    def is_big(self, lane: Lane) -> bool:
        """Whether the lane is high enough for gates."""
        return self.row(lane).is_big

    def is_opened(self, column: Column, lane: Lane) -> bool:
        """Whether this very cell is open."""
        return column.opened and lane.part == self.lane.part

    def cell(self, column: Column, lane: Lane) -> QRectF:
        """The box of a cell; shared, so never change it."""
        key = (column.side, column.step, lane.part)
        found = self._cells.get(key)
        if found is None:
            found = self._cells[key] = self._cell(column, lane)
        return found

    def _cell(self, column: Column, lane: Lane) -> QRectF:
        """In an open column, the cells that are not open stand over their wires."""
        band = self.band(lane)
        if not column.opened or self.is_opened(column, lane):
            return QRectF(column.cell_left, band.top, column.cell_width, band.height)
        wide = min(92.0, column.cell_width)
        above = band.top < self.band(self.lane).top
        middle = column.head if above else column.cell_left + wide / 2
        middle = min(middle, column.cell_right - wide / 2)
        return QRectF(middle - wide / 2, band.top, wide, band.height)

    def road_y(self, lane: Lane) -> float:
        """The middle of the road in a lane."""
        return self.row(lane).road_y

    def line_y(self, lane: Lane) -> float:
        """Where the state runs from cell to cell."""
        return self.row(lane).line_y

    def inlet(self, column: Column, lane: Lane) -> float:
        """Where what is read enters a cell from below."""
        if self.is_opened(column, lane):
            return column.inlet
        return self.cell(column, lane).center().x()

    def outlet(self, column: Column, lane: Lane) -> float:
        """Where the state leaves a cell upward."""
        if self.is_opened(column, lane):
            return column.outlet
        return self.cell(column, lane).center().x()

    def strip_x(self, column: Column, layer: int) -> float:
        """The middle of a layer's output: in an open column on its way from inlet to head."""
        if not column.opened:
            return column.centre
        if layer >= self.lane.layer:
            return column.head
        return column.foot


def _row(band: Band, has_road: bool) -> Row:
    part = band.height / 256.0
    if band.height >= COMPACT_BELOW:
        line = band.bottom - (256.0 - LINE_DOWN) * part
        return Row(band, True, band.top + ROAD_DOWN * part, line)
    road = band.top + min(16.0, band.height * 0.25)
    both = has_road and band.height >= ROAD_FROM
    return Row(band, False, road, band.top + band.height * 0.72 if both else band.middle)


def make_plan(ask: Ask) -> Plan:
    """Lay everything out."""
    wide, high = ask.size
    scale = ask.scale or fit_scale(ask)
    size = (wide / scale, high / scale)
    axis = _axis(ask, size[0])
    shares = shares_of(_rows(ask, axis.scrolls))
    return Plan(ask, scale, size, axis, share_out(shares, size[1]))


def _rows(ask: Ask, scrolls: bool) -> Rows:
    opened = ask.part if ask.zoom > 1 else ""
    return Rows(ask.sides, opened, ask.answer, ask.badges, overview=scrolls)


def _axis(ask: Ask, wide: float) -> Axis:
    stacked = len(ask.sides) > 1 or len(ask.sides[0].lanes) > 1
    labels = (LABELS if wide >= ROOMY else LABELS_SHORT) if stacked else 0.0
    counts = tuple(side.steps for side in ask.sides)
    side, step = ask.place
    current = step + (counts[0] if side else 0)
    bridge = BRIDGE if len(counts) > 1 else 0.0
    return Axis(MARGIN + labels, wide - MARGIN, counts, current, ask.zoom > 1, bridge)


def fit_scale(ask: Ask) -> float:
    """The scale at which the graph fills its room: 1 up to the size of the picture."""
    wide, high = ask.size
    scrolls = _axis(ask, wide).scrolls
    low = least(shares_of(_rows(ask, scrolls)))
    if high < low:
        return max(high / low, SMALLEST)
    larger = min(wide / WIDTH, high / max(HEIGHT, low), LARGEST)
    return larger if larger > 1.12 else 1.0
