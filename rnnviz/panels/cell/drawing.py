"""Draws a diagram into a box: wires, nodes, and the number of one unit on each wire."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, log10, sqrt
from typing import final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from rnnviz.engine.arrays import Array
from rnnviz.panels.canvas.colour import Colour
from rnnviz.panels.canvas.diagram import (
    OPERATION,
    draw_branch,
    draw_function,
    draw_gate,
    draw_operation,
    draw_road,
    draw_wire,
)
from rnnviz.panels.canvas.hit import HitMap
from rnnviz.panels.canvas.labels import draw_pill
from rnnviz.panels.canvas.maps import magnitude_map
from rnnviz.panels.canvas.strokes import framed, selection_frame, wire
from rnnviz.panels.canvas.text import number, size
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.cell.items import READER, CellNode, CellWire
from rnnviz.panels.cell.ports import READ_AT, placed
from rnnviz.panels.cell.shape import (
    HALF,
    HEIGHT,
    LINE_Y,
    OUTPUT_X,
    ROAD_Y,
    WIDTH,
    Diagram,
    Kind,
    Node,
    Point,
    Wire,
)
from rnnviz.panels.cell.told import Told
from rnnviz.panels.gestures import Item
from rnnviz.session.selection import Spot

WIDEST = 7.0
"""Px of the widest wire of the way back: wider ones would cover what stands beside them."""
SMALLEST = 0.8
"""How small nodes get in a low cell, where their letters are still to be read."""
DIGITS = 3
"""Of a gradient on a wire."""


@final
@dataclass(frozen=True, eq=False)
class Board:
    """On what, where and for whom a diagram is drawn.

    Attributes
    ----------
    painter : QPainter
        On what.
    box : QRectF
        The cell.
    theme : Theme
        The colours.
    zoom : int
        2 or 3.
    part : str
        Layer and direction.
    place, unit : int
        The public step and the selected unit.
    selected : str
        The selected quantity of this part.
    held : frozenset of (str, int or None)
        The quantities that are held at this step, and their units; None for all.
    hover : Spot or None
        What the mouse is over, in whichever panel.
    """

    painter: QPainter
    box: QRectF
    theme: Theme
    zoom: int
    part: str
    place: int
    unit: int
    selected: str = ""
    held: frozenset[tuple[str, int | None]] = frozenset()
    hover: Spot | None = None

    @property
    def grown(self) -> float:
        """How much larger than in an open cell of the usual height nodes are drawn."""
        if self.zoom == 3:
            return 1.5
        return min(max(self.box.height() / HEIGHT, SMALLEST), 1.0)

    def is_held(self, name: str, unit: int) -> bool:
        """Whether a number is held."""
        return (name, unit) in self.held or (name, None) in self.held

    def is_lit(self, name: str, unit: int) -> bool:
        """Whether the mouse is over a number, here or in another panel."""
        return self.hover == Spot(f"{self.part}/{name}", unit, self.place)

    def at(self, point: Point) -> Point:
        """A point of the diagram in px."""
        return placed(self.box, point, self.zoom)

    def half(self, kind: Kind) -> Point:
        """Half the width and height of a node, in px."""
        wide, high = HALF[kind]
        # A pill is as low as its letters allow already.
        grown = max(self.grown, 1.0) if kind == "function" else self.grown
        return wide * grown, high * grown

    def way(self, diagram: Diagram, one: Wire) -> list[Point]:
        """A wire of the diagram in px, from the edge of its first node to that of its last."""
        way = [self.at(point) for point in one.points]
        nodes = diagram.by_name
        for end, name in ((0, one.name), (-1, one.target)):
            node = nodes.get(name)
            if node is not None and _touches(one.points[end], node):
                beside = way[1] if end == 0 else way[-2]
                way[end] = self._edge(node, way[end], beside)
        return way

    def number(self, values: Array) -> float:
        """The number of the selected unit."""
        return float(values[min(self.unit, len(values) - 1)])

    def flow(self, way: list[Point], values: Array) -> None:
        """Draw a wire of the way back, as wide as the gradient of the selected unit is large."""
        theme = self.theme
        power = _power(self.number(values), theme)
        colour = magnitude_map(theme, *theme.scales.edge).colour(10.0**power)
        wire(self.painter, way, colour, min(theme.edge_width(power), WIDEST), head=True)

    def _edge(self, node: Node, end: Point, beside: Point) -> Point:
        """Where a wire that comes from `beside` meets a node, whose size does not scale."""
        (x, y), (half_x, half_y) = self.at(node.at), self.half(node.kind)
        if abs(end[0] - beside[0]) < abs(end[1] - beside[1]):
            return end[0], y + (half_y if beside[1] > y else -half_y)
        if node.kind == "operation":
            half_x = sqrt(max(half_x**2 - (end[1] - y) ** 2, 0.0))
        return x + (half_x if beside[0] > x else -half_x), end[1]


def _power(value: float, theme: Theme) -> float:
    """The logarithm of a gradient's size; the ends of the scale for what has none."""
    low, high = theme.scales.edge
    if value == 0:
        return low
    return log10(abs(value)) if isfinite(value) else high


def _touches(point: Point, node: Node) -> bool:
    """Whether a wire of the diagram ends at a node, rather than at another wire."""
    half_x, half_y = HALF[node.kind]
    near_x = abs(point[0] - node.at[0]) <= half_x + 1
    return near_x and abs(point[1] - node.at[1]) <= half_y + 1


def draw_diagram(board: Board, diagram: Diagram, told: Told, hits: HitMap[Item]) -> None:
    """Draw the road, the wires, the nodes and what was told last."""
    roads = [one for one in diagram.wires if one.road]
    for road in roads:
        _draw_road(board, road, told)
    for one in diagram.wires:
        if not one.road:
            _draw_wire(board, diagram, one, told)
    if told.goes_back:
        for road in roads:
            _draw_gradient(board, diagram, road, told)
    else:
        for point, symbol in diagram.dots:
            draw_branch(board.painter, board.at(point), board.theme, symbol)
    _draw_output(board, diagram, told, hits)
    for node in diagram.nodes:
        _draw_node(board, node, told, hits)


def draw_numbers_of(board: Board, diagram: Diagram, told: Told, hits: HitMap[Item]) -> None:
    """Draw the number of the selected unit on each wire that has one."""
    for one in diagram.wires:
        if one.pill is not None:
            draw_number(board, one, told, hits)


def draw_number(board: Board, one: Wire, told: Told, hits: HitMap[Item]) -> None:
    """Draw one number: the value, or on the way back its gradient."""
    known = told.step.adjoints if told.goes_back else told.step.values
    values = known.get(one.name)
    if one.pill is None or values is None or not told.shows(one.name):
        return
    value = board.number(values)
    text = size(value, DIGITS) if told.goes_back else number(value)
    symbol = "∂" if told.goes_back else one.symbol
    pinned = board.is_held(one.name, board.unit)
    box = draw_pill(board.painter, board.at(one.pill), text, board.theme, symbol, pinned)
    if board.is_lit(one.name, board.unit):
        framed(board.painter, box.adjusted(-2, -2, 2, 2), board.theme.colours.tx1, 5, 1.5)
    hits.add(box, CellWire(board.part, one.name, board.place, board.unit))


def _draw_road(board: Board, one: Wire, told: Told) -> None:
    (x1, y), (x2, _) = board.at(one.points[0]), board.at(one.points[-1])
    lines = board.theme.lines
    high = lines.road_zoomed if board.zoom == 3 else lines.road
    # Operations stand on the road, which runs below them.
    reach = OPERATION / WIDTH * board.box.width()
    box = QRectF(x1 - reach, y - high / 2, x2 - x1 + 2 * reach, high)
    box = box.intersected(board.box.adjusted(1, 0, -1, 0))
    draw_road(board.painter, box, board.theme, future=one.name not in told.done)


def _draw_wire(board: Board, diagram: Diagram, one: Wire, told: Told) -> None:
    way = board.way(diagram, one)
    if told.goes_back:
        if not _draw_gradient(board, diagram, one, told):
            faint = _behind(board.theme, one.symbol)
            wire(board.painter, way, faint, 1.4)
        return
    future = one.name not in told.done
    draw_wire(board.painter, way, board.theme, one.symbol, future)


def _behind(theme: Theme, symbol: str) -> Colour:
    """What is left of an activation behind the gradients."""
    return theme.faded(theme.hue(symbol).mark, theme.dim.behind)


def _draw_gradient(board: Board, diagram: Diagram, one: Wire, told: Told) -> bool:
    """Draw a wire with the width and colour of its gradient, from its end to its start."""
    values = told.gradient(one.name, one.target)
    if values is None:
        return False
    board.flow(list(reversed(board.way(diagram, one))), values)
    return True


def _draw_output(board: Board, diagram: Diagram, told: Told, hits: HitMap[Item]) -> None:
    """The way of the hidden state up to what reads it, behind the road."""
    hidden = diagram.cell.states[0]
    x, line = board.at((OUTPUT_X, LINE_Y))
    top = board.box.top()
    stretches = [(line, top)]
    if diagram.road is not None:
        road = board.at((0.0, ROAD_Y))[1]
        high = (board.theme.lines.road_zoomed if board.zoom == 3 else board.theme.lines.road) / 2
        stretches = [(line, road + high + 3), (road - high - 3, top)]
    values = told.from_reader
    for start, end in stretches:
        way = ((x, start), (x, end))
        if values is not None:
            board.flow([way[1], way[0]], values)
        elif told.goes_back:
            wire(board.painter, way, _behind(board.theme, hidden), 1.4)
        else:
            draw_wire(board.painter, way, board.theme, hidden, hidden not in told.done)
    if values is not None:
        at = board.at(READ_AT)
        box = draw_pill(board.painter, at, size(board.number(values), DIGITS), board.theme, "∂")
        hits.add(box, CellWire(board.part, READER, board.place, board.unit))


def _draw_node(board: Board, node: Node, told: Told, hits: HitMap[Item]) -> None:
    theme, grown = board.theme, board.grown
    x, y = board.at(node.at)
    ready = node.name in told.done
    half_x, half_y = board.half(node.kind)
    box = QRectF(x - half_x, y - half_y, 2 * half_x, 2 * half_y)
    if node.kind == "gate":
        hue = theme.hue(node.symbol).mark
        colour = hue if ready else theme.faded(hue, theme.dim.future)
        chosen = node.name == board.selected
        draw_gate(board.painter, box, node.label, theme, node.symbol, chosen, colour)
    elif node.kind == "function":
        draw_function(board.painter, box, node.label, theme, node.symbol)
    else:
        sign = {"×": "×", "+": "+"}.get(node.label, "−")
        radius = OPERATION * grown
        draw_operation(board.painter, (x, y), sign, theme, node.symbol, radius)  # type: ignore[arg-type]
    if node.name == told.last and node.kind != "gate":
        selection_frame(board.painter, box.adjusted(-4, -4, 4, 4), theme, 6)
    elif node.name == told.last:
        selection_frame(board.painter, box.adjusted(-7, -7, 7, 7), theme, 11)
    hits.add(box, CellNode(board.part, node.name, board.place))


def active_way(board: Board, diagram: Diagram, told: Told) -> list[Point]:
    """The wire of what was told last, in the direction in which it is told; empty for none."""
    found = next((one for one in diagram.wires if one.name == told.last), None)
    if found is None:
        return []
    way = board.way(diagram, found)
    return way[::-1] if told.goes_back else way
