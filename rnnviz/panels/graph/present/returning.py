"""The way back for a room: wide edges by their gradients, and one number a column."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import inf, isfinite, log10

from PySide6.QtCore import QRectF

from rnnviz.panels.canvas.strokes import Point, pen, polyline
from rnnviz.panels.canvas.text import size
from rnnviz.panels.graph.axis import Column
from rnnviz.panels.graph.back import is_entered, is_passed
from rnnviz.panels.graph.chrome import edge_map
from rnnviz.panels.graph.items import Road, StateNorm
from rnnviz.panels.graph.numbers import Flow
from rnnviz.panels.graph.present.cells import Cell, draw_figures
from rnnviz.panels.graph.present.hall import Hall
from rnnviz.panels.graph.present.lines import arrow
from rnnviz.panels.graph.present.ways import feed, lanes_in, rise
from rnnviz.panels.graph.scene import Scene
from rnnviz.panels.graph.sides import Lane

GROWN = 1.6
PASSING = 8.0
"""Px that an edge may have which runs between two cells."""


def draw_returning(scene: Scene, hall: Hall) -> None:
    """Repaint what the error has passed."""
    flow = scene.flow
    if flow is None:
        return
    for number, lane in lanes_in(scene, hall):
        columns = [column for column in hall.columns if column.side == number]
        _draw_lane(scene, hall, flow, lane, columns)
    for number, lane in lanes_in(scene, hall):
        for column in (c for c in hall.columns if c.side == number):
            if hall.is_tall(lane) and is_passed(scene, lane, column):
                _draw_number(scene, hall, flow, lane, column)


def _draw_lane(scene: Scene, hall: Hall, flow: Flow, lane: Lane, columns: list[Column]) -> None:
    for left, right in pairwise(columns):
        later, earlier = (left, right) if lane.is_backward else (right, left)
        if is_passed(scene, lane, later):
            _draw_crossing(scene, hall, flow, lane, (later, earlier))
    for column in columns:
        _draw_column(scene, hall, flow, lane, column)


def _states(hall: Hall, lane: Lane) -> list[tuple[str, float]]:
    """The states that have a way of their own, with its place."""
    found = [(lane.state, hall.line_y(lane))]
    if hall.has_road(lane):
        found.append((lane.roads[0], hall.road_y(lane)))
    return found


def _draw_crossing(
    scene: Scene, hall: Hall, flow: Flow, lane: Lane, pair: tuple[Column, Column]
) -> None:
    """What flows from one cell back into the one that was read before it."""
    later, earlier = pair
    here, there = hall.cell(later, lane), hall.cell(earlier, lane)
    start, end = (here.right(), there.left() - 2)
    if not lane.is_backward:
        start, end = here.left(), there.right() + 2
    for state, y in _states(hall, lane):
        draw_edge(scene, [(start, y), (end, y)], flow.edge(lane.part, state, earlier.step))
        mark = QRectF(min(start, end), y - 9, abs(end - start), 18)
        scene.marks.add(mark, Road(lane.part, state, earlier.step))


def _draw_column(scene: Scene, hall: Hall, flow: Flow, lane: Lane, column: Column) -> None:
    """Down into a cell, across it, and down to what it reads."""
    box, side = hall.cell(column, lane), scene.numbers.sides[column.side]
    if is_entered(scene, lane, column):
        lanes = side.layers[lane.layer]
        points = rise(scene, hall, column, lane)
        _draw_down(scene, points, flow.output(lane, lanes, column.step))
    if not is_passed(scene, lane, column):
        return
    points = feed(scene, hall, column, lane)
    _draw_down(scene, points, flow.norm(f"{lane.part}/x", column.step))
    if hall.is_tall(lane):
        for state, y in _states(hall, lane):
            ends = [(box.left() + 1, y), (box.right() - 1, y)]
            norm = flow.norm(f"{lane.part}/{state}", column.step)
            draw_edge(scene, ends, norm, head=False)


def _draw_down(scene: Scene, points: Sequence[Point], norm: float) -> None:
    if len(points) > 1:
        draw_edge(scene, list(reversed(points)), norm)


def draw_edge(scene: Scene, points: Sequence[Point], norm: float, head: bool = True) -> None:
    """An edge with its norm as width and colour; nothing for none, the colour of what is wrong."""
    theme = scene.theme
    if norm == 0:
        return
    power = inf if not isfinite(norm) else log10(norm)
    ink = edge_map(theme).colour(norm) if isfinite(norm) else theme.colours.err
    width = theme.edge_width(power) * GROWN
    if len(points) > 2:
        width = min(width, PASSING)
    if head:
        arrow(scene.painter, points, ink, width)
    else:
        polyline(scene.painter, points, pen(ink, width))


def _draw_number(scene: Scene, hall: Hall, flow: Flow, lane: Lane, column: Column) -> None:
    """The norm of the gradient by the state of a step."""
    cell = Cell(scene, hall, lane, column)
    norm = flow.norm(f"{lane.part}/{lane.state}", column.step)
    box = draw_figures(cell, hall.line_y(lane), size(norm), "∂")
    scene.marks.add(box, StateNorm(lane.part, lane.state, column.step))
