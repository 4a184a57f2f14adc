"""What runs from cell to cell for a room: the road and the line of the state, and the way up."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import QRectF

from rnnviz.panels.canvas.colour import Colour
from rnnviz.panels.canvas.diagram import draw_road
from rnnviz.panels.canvas.strokes import Point, pen, polyline
from rnnviz.panels.graph.axis import Column
from rnnviz.panels.graph.items import Road
from rnnviz.panels.graph.lanes import is_future
from rnnviz.panels.graph.present.hall import Hall
from rnnviz.panels.graph.present.lines import AHEAD, FUTURE, READ, RISE, STATE, arrow
from rnnviz.panels.graph.scene import Scene
from rnnviz.panels.graph.sides import Lane

BESIDE = 10.0
"""Px beside a cell at which a wire passes it."""


def draw_between(scene: Scene, hall: Hall, side: int, lane: Lane) -> None:
    """All stretches of a lane, those that lead out of view too."""
    columns = [c for c in hall.columns if c.side == side]
    if not columns:
        return
    _draw_stretch(scene, hall, lane, (None, columns[0]))
    for before, after in pairwise(columns):
        _draw_stretch(scene, hall, lane, (before, after))
    _draw_stretch(scene, hall, lane, (columns[-1], None))


def ends_of(
    hall: Hall, lane: Lane, pair: tuple[Column | None, Column | None]
) -> tuple[float, float]:
    """From where to where the stretch between two cells runs; to the edge where there is none."""
    before, after = pair
    stub = (hall.pitch - hall.wide) / 2 + 6
    if before is None and after is not None:
        right = hall.cell(after, lane).left()
        here = hall.columns.index(after)
        if here:  # the last cell of an encoder
            return hall.columns[here - 1].centre + hall.wide / 2, right
        return right - min(stub, 40.0), right
    assert before is not None
    left = hall.cell(before, lane).right()
    if after is None:
        return left, left + min(stub, 40.0)
    return left, hall.cell(after, lane).left()


def _draw_stretch(
    scene: Scene, hall: Hall, lane: Lane, pair: tuple[Column | None, Column | None]
) -> None:
    before, after = pair
    some = before or after
    assert some is not None
    if after is None and hall.columns[-1] != before:
        return  # to the decoder, which draws it
    left, right = ends_of(hall, lane, pair)
    step = before.step if before else some.step - 1
    source = step + 1 if lane.is_backward else step
    future = _is_future(scene, some.side, lane, source)
    theme, painter, back = scene.theme, scene.painter, scene.flow is not None
    if hall.has_road(lane):
        high, y = theme.lines.road_present, hall.road_y(lane)
        box = QRectF(left, y - high / 2, right - left, high)
        draw_road(painter, box, theme, future or back)
        scene.marks.add(box, Road(lane.part, lane.roads[0], source))
    y, hue = hall.line_y(lane), theme.hue(lane.state).mark
    points = [(right, y), (left + 2, y)] if lane.is_backward else [(left, y), (right - 2, y)]
    draw_arrow(scene, points, hue, STATE, future)
    scene.marks.add(QRectF(left, y - 9, right - left, 18), Road(lane.part, lane.state, source))


def _is_future(scene: Scene, side: int, lane: Lane, source: int) -> bool:
    if side and source < 0:
        encoder = scene.numbers.sides[0]
        tops = encoder.layers[-1]
        ends = [0 if top.is_backward else encoder.steps - 1 for top in tops]
        return not all(
            scene.timing.has_state(0, top, end) for top, end in zip(tops, ends, strict=True)
        )
    return is_future(scene, side, lane, source)


def draw_arrow(scene: Scene, points: list[Point], hue: Colour, width: float, future: bool) -> None:
    """An arrow; on the way back a line, as what runs there has another direction."""
    dim = scene.theme.dim
    if future:
        arrow(scene.painter, points, scene.ink(hue, dim.future), AHEAD, FUTURE)
    elif scene.flow is not None:
        polyline(scene.painter, points, pen(scene.ink(hue, dim.behind), width))
    else:
        arrow(scene.painter, points, hue, width)


# -------------------------------------------------------------------------------------- upward


def draw_upward(scene: Scene, hall: Hall, column: Column) -> None:
    """What a column reads goes up through its cells to its output."""
    side = scene.numbers.sides[column.side]
    for lane in hall.shown(side):
        points = feed(scene, hall, column, lane)
        if points:
            letter = "h" if lane.layer else "x"
            future = _reads_later(scene, column, lane)
            hue = scene.theme.hue(letter).mark
            draw_arrow(scene, points, hue, RISE if lane.layer else READ, future)
        points = rise(scene, hall, column, lane)
        if points:
            future = not scene.timing.has_state(column.side, lane, column.step)
            draw_arrow(scene, points, scene.theme.hue(lane.state).mark, RISE, future)


def _reads_later(scene: Scene, column: Column, lane: Lane) -> bool:
    if lane.layer:
        return not scene.timing.has_output(column.side, lane.layer - 1, column.step)
    return scene.timing.state(column.side, lane, column.step) == "future"


def feed(scene: Scene, hall: Hall, column: Column, lane: Lane) -> list[Point]:
    """The way into a cell from below; past the other direction of its layer."""
    box, side = hall.cell(column, lane), scene.numbers.sides[column.side]
    below = [other for other in hall.shown(side) if hall.cell(column, other).top() > box.bottom()]
    x, foot = box.center().x(), box.bottom() + 2
    beside = [other for other in below if other.layer == lane.layer]
    start = _start(hall, column, [other for other in below if other.layer < lane.layer])
    if not beside:
        return [(x, start), (x, foot)]
    passed = hall.cell(column, beside[0])
    out, turn = passed.right() + BESIDE, foot + (passed.top() - foot) * 0.55
    low = passed.bottom() + min(8.0, (start - passed.bottom()) / 2)
    return [(x, start), (x, low), (out, low), (out, turn), (x, turn), (x, foot)]


def _start(hall: Hall, column: Column, lower: list[Lane]) -> float:
    if lower:
        return min(hall.cell(column, other).top() for other in lower)
    band = hall.bands.get("input") or hall.bands["word"]
    return band.top


def rise(scene: Scene, hall: Hall, column: Column, lane: Lane) -> list[Point]:
    """The way from a cell of the highest layer to its output; empty from another."""
    side = scene.numbers.sides[column.side]
    strip = hall.bands.get("strip")
    if strip is None or lane not in side.layers[-1]:
        return []
    box = hall.cell(column, lane)
    x, top, foot = box.center().x(), box.top(), strip.bottom + 3
    above = [o for o in hall.shown(side) if hall.cell(column, o).bottom() < top]
    if not above:
        return [(x, top), (x, foot)]
    passed = hall.cell(column, above[0])
    out, turn = passed.left() - BESIDE, passed.bottom() + (top - passed.bottom()) * 0.45
    high, to = passed.top() - min(8.0, (passed.top() - foot) / 2), x - hall.wide * 0.26
    return [(to, top), (to, turn), (out, turn), (out, high), (to, high), (to, foot)]


def lanes_in(scene: Scene, hall: Hall) -> Iterator[tuple[int, Lane]]:
    """Every lane that has a row, with the number of its side."""
    for number, side in enumerate(scene.numbers.sides):
        for lane in hall.shown(side):
            yield number, lane
