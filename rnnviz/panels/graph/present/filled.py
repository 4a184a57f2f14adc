"""One cell over the whole picture, for a room: its inside with the numbers of one unit."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QRectF

from rnnviz.panels.canvas.diagram import draw_road
from rnnviz.panels.canvas.fonts import sans
from rnnviz.panels.canvas.hit import HitMap
from rnnviz.panels.canvas.strokes import Point
from rnnviz.panels.canvas.text import Line, Run, draw_line, middle, number
from rnnviz.panels.cell import CellPicture
from rnnviz.panels.cell.ports import ports
from rnnviz.panels.gestures import Item
from rnnviz.panels.graph.axis import Column
from rnnviz.panels.graph.present.columns import INPUT, STATE, draw_chip
from rnnviz.panels.graph.present.lines import RISE
from rnnviz.panels.graph.present.rows import STRIP
from rnnviz.panels.graph.present.ways import draw_arrow
from rnnviz.panels.graph.scene import Scene, paint_strip, strip_at

GROWN = 18 / 11
"""The smallest letters of a cell's picture are 11 px."""
SIDE, ABOVE, BELOW = 64.0, 66.0, 106.0
"""Px around the cell: for what comes and goes, the answer and the word."""
CHIP = 50.0


def draw_filled(scene: Scene, picture: CellPicture, area: QRectF) -> None:
    """Draw the cell that is looked at into an area, with what it reads and what it gives."""
    box = area.adjusted(SIDE, ABOVE, -SIDE, -BELOW)
    joined = ports(scene.plan.lane.cell, box, 2)
    _draw_sides(scene, box)
    _draw_read(scene, area, (joined.input_x, box.bottom()))
    _draw_given(scene, area, (joined.output_x, box.top()))
    _draw_inside(scene, picture, box)


def _draw_read(scene: Scene, area: QRectF, to: Point) -> None:
    """The word with its numbers, or those of the layer below, and the way into the cell."""
    lane, (side, step), (x, y) = scene.plan.lane, scene.plan.ask.place, to
    foot, hue = area.bottom() - 20 - CHIP, scene.theme.hue("h" if lane.layer else "x").mark
    read = scene.timing.has_input(side, step)
    draw_arrow(scene, [(x, foot), (x, y + 2)], hue, RISE, not read)
    half = min(x - area.left() - 12, 200.0)
    room = QRectF(x - half, foot, 2 * half, CHIP)
    chip = draw_chip(scene, Column(side, step, room.left(), room.width()), room)
    path, left = f"{lane.prefix}/x", chip.right() + 20
    count = scene.numbers.values(path).shape[1]
    most = min(count * INPUT + 6, area.right() - left - 24)
    strip = strip_at(left + most / 2, foot + (CHIP - STRIP) / 2, count, most, INPUT, STRIP - 6)
    share = 1.0 if read else scene.theme.dim.future_cell
    paint_strip(scene, strip, path, step, hue, share)


def _draw_given(scene: Scene, area: QRectF, start: Point) -> None:
    """The state with the answer beside it, and the way out of the cell."""
    lane, (side, step), (x, y) = scene.plan.lane, scene.plan.ask.place, start
    hue, known = scene.theme.hue(lane.state).mark, scene.timing.has_state(side, lane, step)
    draw_arrow(scene, [(x, y), (x, y - 26)], hue, RISE, not known)
    most = min(lane.units * STATE + 6, 2 * (area.right() - 24 - x))
    strip = strip_at(x, y - 28 - STRIP, lane.units, most, STATE, STRIP - 6)
    share = 1.0 if known else scene.theme.dim.future_cell
    unit = scene.unit if known and scene.flow is None else None
    paint_strip(scene, strip, f"{lane.part}/{lane.state}", step, hue, share, unit)
    _draw_answer(scene, strip.box)


def _draw_inside(scene: Scene, picture: CellPicture, box: QRectF) -> None:
    inside: HitMap[Item] = HitMap(scale=GROWN)
    part, step = scene.plan.lane.part, scene.plan.ask.place[1]
    small = QRectF(box.topLeft() / GROWN, box.size() / GROWN)
    scene.painter.save()
    scene.painter.scale(GROWN, GROWN)
    picture.draw(scene.painter, small, replace(scene.sight, zoom=2), part, step, inside)
    scene.painter.restore()
    for place, item in inside.places:
        scene.marks.add(place, item)


def _draw_sides(scene: Scene, box: QRectF) -> None:
    """The states that come in from one side and go out at the other."""
    lane, (side, step) = scene.plan.lane, scene.plan.ask.place
    joined, theme, reach = ports(lane.cell, box, 2), scene.theme, SIDE - 12
    known = scene.timing.has_state(side, lane, step)
    if joined.road_y is not None:
        high = theme.lines.road * GROWN
        for left, future in ((box.left() - reach, False), (box.right(), not known)):
            road = QRectF(left, joined.road_y - high / 2, reach, high)
            draw_road(scene.painter, road, theme, future or scene.flow is not None)
    hue, y = theme.hue(lane.state).mark, joined.line_y
    before = [(box.left() - reach, y), (box.left() - 1, y)]
    after = [(box.right(), y), (box.right() + reach, y)]
    if lane.is_backward:
        before, after = after[::-1], before[::-1]
    draw_arrow(scene, before, hue, RISE, False)
    draw_arrow(scene, after, hue, RISE, not known)


def _draw_answer(scene: Scene, strip: QRectF) -> None:
    """The likeliest class, or the number, that the step answers with, left of what it gives."""
    numbers, (side, step) = scene.numbers, scene.plan.ask.place
    is_last = side == len(numbers.sides) - 1
    if not is_last or step not in numbers.answers or not scene.timing.has_answer(step):
        return
    paint, index = scene.theme.colours, 0
    if not numbers.is_regression:
        index = numbers.decoded(step)
    value = number(float(numbers.predictions(step)[index]))
    line: Line = (Run(value, sans(26, 700), paint.tx1),)
    if not numbers.is_regression:
        label = Run(numbers.document.answers[index] + "  ", sans(26, 700), paint.tx1)
        line = (label, Run(value, sans(22, 500), paint.tx2))
    base = middle(line[0].font, strip.center().y())
    draw_line(scene.painter, strip.left() - 20, base, line, "end")
