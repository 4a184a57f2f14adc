"""The way back: edges with the width and the colour of the gradient that runs on them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import inf, isfinite, log10

from PySide6.QtCore import QRectF

from rnnviz.panels.canvas.fonts import sans
from rnnviz.panels.canvas.strokes import Point, wire
from rnnviz.panels.canvas.text import Run, draw_text, size
from rnnviz.panels.graph.axis import Column
from rnnviz.panels.graph.chrome import edge_map
from rnnviz.panels.graph.items import Road
from rnnviz.panels.graph.numbers import Flow
from rnnviz.panels.graph.plan import ROAD_FROM
from rnnviz.panels.graph.scene import Scene
from rnnviz.panels.graph.sides import Lane
from rnnviz.panels.graph.wires import feed_points, rise_points

NUMBERED = 27.0
"""Px of a stretch from which on its number stands above it."""


def draw_back(scene: Scene) -> None:
    """Repaint what the error has passed, from the answers down and from the end to the start."""
    flow = scene.flow
    if flow is None:
        return
    for number, side in enumerate(scene.numbers.sides):
        columns = [c for c in scene.plan.axis.visible if c.side == number]
        for lane in side.lanes:
            _draw_lane(scene, flow, lane, columns)
        for column in columns:
            _draw_column(scene, flow, side.layers, column)


def is_passed(scene: Scene, lane: Lane, column: Column) -> bool:
    """Whether the error has gone through a cell."""
    found = scene.timing.passed(column.side, lane, column.step)
    return found == "past" or (found == "now" and scene.timing.rests)


def is_entered(scene: Scene, lane: Lane, column: Column) -> bool:
    """Whether the error has come to a cell."""
    return scene.timing.passed(column.side, lane, column.step) != "future"


def draw_edge(scene: Scene, points: Sequence[Point], norm: float, head: bool = True) -> None:
    """An edge with its norm as width and colour; nothing for none, the colour of what is wrong."""
    theme = scene.theme
    if norm == 0:
        return
    if not isfinite(norm):
        wire(scene.painter, points, theme.colours.err, theme.lines.edge_most, head)
        return
    power = log10(norm) if norm > 0 else -inf
    colour = edge_map(theme).colour(norm)
    wire(scene.painter, points, colour, theme.edge_width(power), head)


def _draw_lane(scene: Scene, flow: Flow, lane: Lane, columns: list[Column]) -> None:
    plan = scene.plan
    for column in columns:
        if is_passed(scene, lane, column) and not plan.is_opened(column, lane):
            _draw_through(scene, flow, lane, column)
    for left, right in pairwise(columns):
        later, earlier = (left, right) if lane.is_backward else (right, left)
        if is_passed(scene, lane, later):
            _draw_crossing(scene, flow, lane, (left, right), earlier)


def _draw_through(scene: Scene, flow: Flow, lane: Lane, column: Column) -> None:
    """The gradients by the states of a folded cell, across it."""
    plan, box = scene.plan, scene.plan.cell(column, lane)
    if not plan.is_big(lane):
        return
    for state in lane.cell.states[:2]:
        y = plan.line_y(lane) if state == lane.state else plan.road_y(lane)
        ends = [(box.left() + 1, y), (box.right() - 1, y)]
        draw_edge(scene, ends, flow.norm(f"{lane.part}/{state}", column.step), head=False)


def _draw_crossing(
    scene: Scene, flow: Flow, lane: Lane, pair: tuple[Column, Column], earlier: Column
) -> None:
    """What flows from one cell back into the one that was read before it."""
    plan, (left, right) = scene.plan, pair
    x1, x2 = plan.cell(left, lane).right(), plan.cell(right, lane).left()
    if x2 - x1 < 4:
        return
    for state in lane.cell.states[:2]:
        if state != lane.state and plan.band(lane).height < ROAD_FROM:
            continue
        norm = flow.edge(lane.part, state, earlier.step)
        y = plan.line_y(lane) if state == lane.state else plan.road_y(lane)
        ends = [(x1 + 2, y), (x2, y)] if lane.is_backward else [(x2, y), (x1 + 2, y)]
        if lane.is_backward:
            ends[1] = (x2 - 2, y)
        draw_edge(scene, ends, norm, head=x2 - x1 >= 9)
        if plan.is_big(lane) or (x2 - x1 >= 60 and state == lane.cell.states[-1]):
            _draw_number(scene, (x1 + x2) / 2, y, x2 - x1, norm)
        mark = QRectF(x1, y - 8, x2 - x1, 16)
        scene.marks.add(mark, Road(lane.part, state, earlier.step))


def _draw_number(scene: Scene, x: float, y: float, room: float, norm: float) -> None:
    if room < NUMBERED:
        return
    text = size(norm) if norm < 9.95 else f"{norm:.0f}" if norm < 9999 else size(norm)
    part = Run(text, sans(12, 600), scene.theme.hue("∂").text)
    if part.width > room + 10:
        part = Run(text, sans(11, 600), part.colour)
    if part.width <= room + 14:
        draw_text(scene.painter, x, y - 13, part, "middle")


def _draw_column(
    scene: Scene, flow: Flow, layers: tuple[tuple[Lane, ...], ...], column: Column
) -> None:
    """From the answer down to the cells, and from the cells down to what they read."""
    for lanes in layers:
        layer = lanes[0].layer
        entered = any(is_entered(scene, lane, column) for lane in lanes)
        if entered and layer == len(layers) - 1:
            _draw_stem(scene, flow, lanes[0], column)
        for lane in lanes:
            if is_entered(scene, lane, column):
                points = rise_points(scene, column, lane)
                _draw_down(scene, points, flow.output(lane, lanes, column.step))
            if is_passed(scene, lane, column):
                points = feed_points(scene, column, lane)
                _draw_down(scene, points, flow.norm(f"{lane.part}/x", column.step))


def _draw_stem(scene: Scene, flow: Flow, lane: Lane, column: Column) -> None:
    stem = scene.plan.bands.get("stem")
    if stem is None or column.side != len(scene.plan.sides) - 1:
        return
    if column.step in scene.numbers.answers:
        norm = flow.norm(f"{lane.prefix}/output", column.step)
        draw_edge(scene, [(column.head, stem.top + 1), (column.head, stem.bottom)], norm, False)


def _draw_down(scene: Scene, points: Sequence[Point], norm: float) -> None:
    """The same way as that of the values, in the other direction."""
    if len(points) < 2:
        return
    way = list(reversed(points))
    (x1, y1), (x2, y2) = way[-2], way[-1]
    reach = abs(x2 - x1) + abs(y2 - y1)
    draw_edge(scene, way, norm, head=reach > 5)
