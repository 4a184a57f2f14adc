"""What runs upward in a column: from what is read through the layers to the answer."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF

from rnnviz.panels.canvas.cells import Strip
from rnnviz.panels.canvas.diagram import draw_branch
from rnnviz.panels.canvas.strokes import FUTURE_DASH, Point, framed, wire
from rnnviz.panels.canvas.text import draw_line, symbol, width
from rnnviz.panels.graph.axis import Column
from rnnviz.panels.graph.levels import STRIP
from rnnviz.panels.graph.scene import Scene, paint_bare, paint_strip, strip_at
from rnnviz.panels.graph.sides import Lane

UP = 2.0
"""Px of an upright wire."""
OPEN_STRIP = 172.0
"""Px that a strip may have in an open column."""


def draw_column(scene: Scene, column: Column) -> None:
    """The strips of a column and the wires between them and the cells."""
    for lanes in scene.numbers.sides[column.side].layers:
        _draw_feeds(scene, column, lanes)
        _draw_output(scene, column, lanes)


def strip_room(column: Column) -> float:
    """How wide a strip may be."""
    return OPEN_STRIP if column.opened else max(column.width - 8, 20.0)


def input_strip(scene: Scene, column: Column) -> Strip:
    """The strip of what a column reads."""
    path = f"{scene.numbers.sides[column.side].first}/x"
    count = scene.numbers.values(path).shape[1]
    band = scene.plan.bands["input"]
    strip = strip_at(column.foot, band.top, count, min(strip_room(column), 120.0), 16.0)
    if not column.opened:
        return strip
    half = strip.box.width() / 2
    middle = max(column.foot, column.cell_left + half + 6)
    return strip_at(min(middle, column.inlet + half - 8), band.top, count, 120.0, 16.0)


def below(scene: Scene, column: Column, layer: int) -> Point:
    """Where a layer gets what it reads: the top of the strip, or of the cell, below it."""
    plan = scene.plan
    if layer == 0:
        return column.inlet if _opens(scene, column, 0) else column.foot, plan.bands["input"].top
    strip = plan.strip(layer - 1)
    if strip is not None:
        return plan.strip_x(column, layer - 1), strip.top
    lane = scene.numbers.sides[column.side].layers[layer - 1][0]
    return plan.outlet(column, lane), plan.band(lane).top


def _opens(scene: Scene, column: Column, layer: int) -> bool:
    lane = scene.plan.lane
    return column.opened and lane.layer == layer and not scene.plan.is_stacked


def feed_points(scene: Scene, column: Column, lane: Lane) -> list[Point]:
    """The way from what a cell reads to its lower edge."""
    plan = scene.plan
    lanes = scene.numbers.sides[column.side].layers[lane.layer]
    x, y = below(scene, column, lane.layer)
    inlet, foot = plan.inlet(column, lane), plan.band(lane).bottom
    if lane is lanes[0]:
        if abs(x - inlet) < 1:
            return [(inlet, y), (inlet, foot + 2)]
        half = (y + foot) / 2
        return [(x, y), (x, half), (inlet, half), (inlet, foot + 2)]
    lower = plan.cell(column, lanes[0])
    branch = lower.bottom() + max((y - lower.bottom()) * 0.45, 4)
    side = lower.right() + min(7.0, max(column.width - lower.width(), 8) * 0.2)
    to = inlet if plan.is_opened(column, lane) else inlet + plan.cell(column, lane).width() * 0.26
    level = foot + (lower.top() - foot) * 0.26
    return [(x, branch), (side, branch), (side, level), (to, level), (to, foot + 3)]


def rise_points(scene: Scene, column: Column, lane: Lane) -> list[Point]:
    """The way from a cell to the strip of its layer; empty where there is no strip."""
    plan = scene.plan
    strip = plan.strip(lane.layer)
    if strip is None:
        return []
    lanes = scene.numbers.sides[column.side].layers[lane.layer]
    middle, foot = plan.strip_x(column, lane.layer), strip.bottom + 2
    out, top = plan.outlet(column, lane), plan.band(lane).top
    if len(lanes) == 1:
        if plan.is_opened(column, lane) or abs(out - middle) < 1:
            return [(out, top), (out, foot)]
        half = (top + foot) / 2
        return [(out, top), (out, half), (middle, half), (middle, foot)]
    upper = plan.cell(column, lanes[1])
    quarter = min(upper.width() * 0.26, 24.0)
    if lane is lanes[1]:
        out = out if plan.is_opened(column, lane) else out + quarter
        half = (top + foot) / 2
        to = middle + quarter
        return (
            [(out, top), (out, half), (to, half), (to, foot)]
            if abs(out - to) > 1
            else [(out, top), (out, foot)]
        )
    start = out if plan.is_opened(column, lane) else out - quarter
    level, side = upper.bottom() + (top - upper.bottom()) * 0.56, upper.left() - 7
    turn = upper.top() - (upper.top() - foot) * 0.62
    to = middle - quarter
    return [(start, top), (start, level), (side, level), (side, turn), (to, turn), (to, foot)]


def draw_up(scene: Scene, points: Sequence[Point], symbol: str, future: bool) -> None:
    """A wire upward, thin and dashed before it is computed, dim on the way back."""
    theme, hue = scene.theme, scene.theme.hue(symbol).mark
    if future:
        dim = scene.ink(hue, theme.dim.future)
        wire(scene.painter, points, dim, 1.4, True, FUTURE_DASH)
    elif scene.flow is not None:
        wire(scene.painter, points, scene.ink(hue, theme.dim.behind), UP, True)
    else:
        wire(scene.painter, points, hue, UP, True)


def _draw_feeds(scene: Scene, column: Column, lanes: tuple[Lane, ...]) -> None:
    symbol = "h" if lanes[0].layer else "x"
    for lane in lanes:
        if lane.layer:
            future = not scene.timing.has_output(column.side, lane.layer - 1, column.step)
        else:
            future = scene.timing.state(column.side, lane, column.step) == "future"
        points = feed_points(scene, column, lane)
        draw_up(scene, points, symbol, future)
        if lane is not lanes[0] and not future:
            draw_branch(scene.painter, points[0], scene.theme, symbol)


def _draw_output(scene: Scene, column: Column, lanes: tuple[Lane, ...]) -> None:
    """The strip of a layer's output, and what leads to it."""
    layer, step = lanes[0].layer, column.step
    band = scene.plan.strip(layer)
    if band is None:
        return
    for lane in lanes:
        future = not scene.timing.has_state(column.side, lane, step)
        draw_up(scene, rise_points(scene, column, lane), lane.state, future)
    middle = scene.plan.strip_x(column, layer)
    if len(lanes) > 1:
        _draw_joined(scene, column, lanes, middle)
        return
    lane = lanes[0]
    path = f"{lane.part}/{lane.state}"
    strip = output_strip(column, lane, middle, band.top)
    future = not scene.timing.has_state(column.side, lane, step)
    share = scene.theme.dim.future_cell if future else 1.0
    unit = None if future else scene.unit_of(lane.part)
    paint_strip(scene, strip, path, step, scene.theme.hue("h").mark, share, unit)
    if column.opened:
        name_strip(scene, strip, lane.state, step)


def output_strip(column: Column, lane: Lane, middle: float, top: float) -> Strip:
    """The strip of a layer's output, within its column."""
    strip = strip_at(middle, top, lane.units, strip_room(column), 15.0)
    over = strip.box.right() - (column.left + column.width - 2)
    if over > 0:
        strip = strip_at(middle - over, top, lane.units, strip_room(column), 15.0)
    return strip


def strip_left(scene: Scene, column: Column, lanes: tuple[Lane, ...]) -> float:
    """Where the strip of a layer's output begins."""
    middle = scene.plan.strip_x(column, lanes[0].layer)
    if len(lanes) > 1:
        return joined_box(scene, column, lanes, middle)[0].left()
    return output_strip(column, lanes[0], middle, 0.0).box.left()


def name_strip(scene: Scene, strip: Strip, letter: str, step: int, left: float = 0.0) -> None:
    """The symbol left of a strip, with its step; right of it where `left` leaves no room."""
    name, y = symbol(letter, str(step + 1), scene.theme, 15), strip.box.center().y() + 4
    if strip.box.left() - 7 - width(name) >= left:
        draw_line(scene.painter, strip.box.left() - 7, y, name, "end")
    else:
        draw_line(scene.painter, strip.box.right() + 7, y, name)


def joined_box(
    scene: Scene, column: Column, lanes: tuple[Lane, ...], middle: float
) -> tuple[QRectF, float, float]:
    """The frame of both directions, the width of a cell, and of the gap between the two."""
    band = scene.plan.strip(lanes[0].layer)
    units, room = lanes[0].units, min(strip_room(column), 104.0 if not column.opened else 172.0)
    gap = 4.0 if room >= 60 else 2.0
    cell = min(15.0, (room - 6 - gap) / (2 * units))
    wide = 2 * units * cell + gap + 4
    middle = min(middle, column.left + column.width - 2 - wide / 2)
    middle = max(middle, column.left + 2 + wide / 2)
    top = 0.0 if band is None else band.top
    return QRectF(middle - wide / 2, top, wide, STRIP), cell, gap


def _draw_joined(scene: Scene, column: Column, lanes: tuple[Lane, ...], middle: float) -> None:
    """Both directions side by side in one frame."""
    theme, step, units = scene.theme, column.step, lanes[0].units
    box, cell, gap = joined_box(scene, column, lanes, middle)
    whole = all(scene.timing.has_state(column.side, lane, step) for lane in lanes)
    edge = theme.hue("h").mark if whole else theme.colours.line
    framed(scene.painter, box, edge, 4, 1, theme.colours.bg1)
    for number, lane in enumerate(lanes):
        left = box.left() + 2.5 + number * (units * cell + gap)
        strip = Strip(left, box.top() + 3, units, cell, 16, 0)
        known = scene.timing.has_state(column.side, lane, step)
        share = 1.0 if known else theme.dim.future_cell
        paint_bare(scene, strip, f"{lane.part}/{lane.state}", step, share)
