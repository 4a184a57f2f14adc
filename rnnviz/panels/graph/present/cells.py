"""The cells for a room: the road with its number, the bars of the gates, the line of the state."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from PySide6.QtCore import QRectF

from rnnviz.panels.canvas.cells import draw_bar, draw_signed_bar
from rnnviz.panels.canvas.diagram import draw_road
from rnnviz.panels.canvas.fonts import italic, sans
from rnnviz.panels.canvas.strokes import framed, hatched, pen, polyline
from rnnviz.panels.canvas.text import Run, draw_in, draw_text, number
from rnnviz.panels.graph.axis import Column
from rnnviz.panels.graph.folded import draw_bar_before, draw_bar_state, share_of
from rnnviz.panels.graph.items import CellBox, GateBar, StateCell
from rnnviz.panels.graph.present.hall import Hall
from rnnviz.panels.graph.present.lines import AHEAD, FUTURE, STATE
from rnnviz.panels.graph.scene import Scene, paint_strip, strip_at
from rnnviz.panels.graph.sides import Lane
from rnnviz.panels.texts import translate

OUTLINE = 3.0
BAR_PITCH, BAR_SHARE = 46.0, 0.8
LETTER = 21.0
FIGURES = 20.0
PILL = 30.0


@dataclass(frozen=True, eq=False)
class Cell:
    """One cell, and how far it is computed."""

    scene: Scene
    hall: Hall
    lane: Lane
    column: Column

    @cached_property
    def box(self) -> QRectF:
        """Its outline."""
        return self.hall.cell(self.column, self.lane)

    @property
    def is_current(self) -> bool:
        """Whether it is looked at."""
        here = (self.column.side, self.column.step) == self.scene.plan.ask.place
        return here and self.lane.part == self.scene.plan.lane.part

    @cached_property
    def has_failed(self) -> bool:
        """Whether a state is no number any more."""
        numbers, step = self.scene.numbers, self.column.step
        return any(numbers.has_failed(self.lane.part, s, step) for s in self.lane.cell.states)

    @cached_property
    def is_known(self) -> bool:
        """Whether its state is computed."""
        return self.scene.timing.has_state(self.column.side, self.lane, self.column.step)

    @property
    def unit(self) -> int:
        """The unit that is looked at."""
        return min(self.scene.sight.selection.unit, self.lane.units - 1)

    def knows(self, symbol: str) -> bool:
        """Whether a quantity is computed; within the step that is told, one after the other."""
        timing, column = self.scene.timing, self.column
        if self.is_known:
            return True
        told = timing.state(column.side, self.lane, column.step) == "now"
        return told and self.lane.part == timing.part and f"cell:{symbol}" in timing.done

    def value(self, symbol: str) -> float:
        """The number of the unit that is looked at."""
        path = f"{self.lane.part}/{symbol}"
        return self.scene.numbers.number(path, self.column.step, self.unit)


def draw_cell(cell: Cell) -> None:
    """Draw a cell with all that is in it."""
    scene, hall, lane, box = cell.scene, cell.hall, cell.lane, cell.box
    scene.marks.add(box, CellBox(lane.part, cell.column.step))
    _draw_ground(cell)
    if not hall.is_tall(lane):
        _draw_state(cell)
        return
    _draw_ways(cell)
    if cell.has_failed and cell.knows(lane.state):
        _draw_overflow(cell)
        return
    _draw_bars(cell)
    if scene.flow is None:
        _draw_number(cell)


def draw_outline(cell: Cell) -> None:
    """The outline of the cell that is looked at, over all that crosses it."""
    framed(cell.scene.painter, cell.box, cell.scene.theme.colours.tx1, 14, OUTLINE)


def _draw_ground(cell: Cell) -> None:
    scene, paint = cell.scene, cell.scene.theme.colours
    known = cell.knows(cell.lane.state)
    failed = cell.has_failed and known
    edge = paint.err if failed else paint.line2 if known else paint.line
    framed(scene.painter, cell.box, edge, 14, 2.0 if failed else 1.0, paint.bg1)
    if failed:
        faint = scene.theme.faded(paint.err, scene.theme.fills.ribbon)
        hatched(scene.painter, cell.box.adjusted(4, 4, -4, -4), faint, 9)


def _draw_overflow(cell: Cell) -> None:
    font = sans(FIGURES, 600)
    word = Run(translate("GraphPanel", "overflow"), font, cell.scene.theme.colours.err)
    if word.width > cell.box.width() - 8:
        word = Run(word.text, sans(18, 600), word.colour)
    draw_in(cell.scene.painter, cell.box.adjusted(4, 20, -4, 0), word)


def _draw_ways(cell: Cell) -> None:
    """The road and the line of the state, from one edge to the other."""
    scene, hall, lane, box = cell.scene, cell.hall, cell.lane, cell.box
    theme, back = scene.theme, scene.flow is not None
    if hall.has_road(lane):
        high, y = theme.lines.road_present, hall.road_y(lane)
        road = QRectF(box.left() + 1, y - high / 2, box.width() - 2, high)
        draw_road(scene.painter, road, theme, back or not cell.knows(lane.roads[0]))
    hue, y = theme.hue(lane.state).mark, hall.line_y(lane)
    known = cell.knows(lane.state)
    share = theme.dim.behind if back else 1.0 if known else theme.dim.future
    ink = theme.faded(hue, share)
    stroke = pen(ink, STATE) if known else pen(ink, AHEAD, FUTURE)
    polyline(scene.painter, [(box.left() + 1, y), (box.right() - 1, y)], stroke)


def _draw_state(cell: Cell) -> None:
    """In a low cell the values of the state take the place of the gates."""
    scene, box, lane = cell.scene, cell.box, cell.lane
    known, theme = cell.knows(lane.state), cell.scene.theme
    share = 1.0 if known else theme.dim.future_cell
    share = theme.dim.behind if scene.flow is not None else share
    strip = strip_at(box.center().x(), box.center().y() - 13, lane.units, box.width() - 16, 24, 20)
    paint_strip(
        scene, strip, f"{lane.part}/{lane.state}", cell.column.step, theme.colours.line, share
    )


def bars_of(cell: Cell) -> list[QRectF]:
    """Where the bars of the gates stand."""
    box, hall, lane = cell.box, cell.hall, cell.lane
    road = hall.has_road(lane)
    top = hall.road_y(lane) + 24 if road else box.top() + 18
    on_line = not road or cell.scene.flow is not None
    foot = hall.line_y(lane) - (46 if on_line else 40)
    count = len(lane.gates)
    pitch = min(BAR_PITCH, (box.width() - 22) / count)
    wide = pitch * BAR_SHARE
    left = box.center().x() - (pitch * (count - 1) + wide) / 2
    high = max(foot - top, 20.0)
    return [QRectF(left + index * pitch, top, wide, high) for index in range(count)]


def _draw_bars(cell: Cell) -> None:
    scene, theme, lane, step = cell.scene, cell.scene.theme, cell.lane, cell.column.step
    back = theme.dim.behind if scene.flow is not None else 1.0
    for bar, (symbol, function) in zip(bars_of(cell), lane.gates, strict=True):
        known = cell.knows(symbol)
        share = share_of(function, cell.value(symbol)) if known else 0.0
        hue = theme.faded(theme.hue(symbol).mark, back)
        draw = draw_bar if function == "sigmoid" or not known else draw_signed_bar
        draw(scene.painter, bar, share, hue, theme)
        if known and scene.flow is None:
            draw_bar_before(scene, lane, cell.column, (symbol, function), bar, cell.unit)
        draw_bar_state(scene, lane, step, symbol, bar, cell.unit)
        ink = theme.hue(symbol).text if known and scene.flow is None else theme.colours.tx3
        letter = Run(symbol[:2], italic(LETTER), ink)
        draw_text(scene.painter, bar.center().x(), bar.bottom() + 22, letter, "middle")
        scene.marks.add(bar, GateBar(lane.part, step, symbol))


def _draw_number(cell: Cell) -> None:
    """What the unit has on the road, or on the line of the state where there is no road."""
    lane, hall = cell.lane, cell.hall
    state = lane.roads[0] if lane.roads else lane.state
    if not cell.knows(state):
        return
    y = hall.road_y(lane) if lane.roads else hall.line_y(lane)
    box = draw_figures(cell, y, number(cell.value(state)), state)
    path = f"{lane.part}/{state}"
    cell.scene.marks.add(box, StateCell(path, cell.column.step, cell.unit))


def draw_figures(cell: Cell, y: float, text: str, symbol: str) -> QRectF:
    """A number in a frame of the hue of its quantity, in the middle of a cell; gives the frame."""
    theme, box = cell.scene.theme, cell.box
    on_way_back = symbol == "∂"
    ink = theme.hue(symbol).text if on_way_back else theme.colours.tx1
    part = Run(text, sans(FIGURES, 600), ink)
    if part.width > box.width() - 16:
        part = Run(text, sans(18, 600), ink)
    wide = min(part.width + 22, box.width() - 6)
    frame = QRectF(round(box.center().x() - wide / 2), round(y - PILL / 2), round(wide), PILL)
    framed(cell.scene.painter, frame, theme.hue(symbol).mark, 6, 2, theme.colours.bg1)
    draw_in(cell.scene.painter, frame.adjusted(2, 0, -2, 0), part)
    return frame
