"""One cell over the whole picture, for a room: its inside with the numbers of one unit."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QRectF

from rnnviz.panels.canvas.diagram import draw_road
from rnnviz.panels.canvas.fonts import sans
from rnnviz.panels.canvas.hit import HitMap
from rnnviz.panels.canvas.text import Line, Run, draw_line, number, width
from rnnviz.panels.cell import CellPicture
from rnnviz.panels.cell.ports import ports
from rnnviz.panels.gestures import Item
from rnnviz.panels.graph.axis import Column
from rnnviz.panels.graph.present.columns import INPUT, draw_chip
from rnnviz.panels.graph.present.lines import RISE
from rnnviz.panels.graph.present.rows import STRIP
from rnnviz.panels.graph.present.ways import draw_arrow
from rnnviz.panels.graph.scene import Scene, paint_strip, strip_at

GROWN = 18 / 11
"""The smallest letters of a cell's picture are 11 px."""
SIDE, ABOVE, BELOW = 64.0, 62.0, 106.0
"""Px around the cell: for what comes and goes, the answer and the word."""
CHIP = 50.0


def draw_filled(scene: Scene, picture: CellPicture, area: QRectF) -> None:
    """Draw the cell that is looked at into an area, with what it reads and what it gives."""
    box = area.adjusted(SIDE, ABOVE, -SIDE, -BELOW)
    lane, (side, step) = scene.plan.lane, scene.plan.ask.place
    _draw_sides(scene, box)
    joined = ports(lane.cell, box, 2)
    inlet, outlet = joined.input_x, joined.output_x
    foot = area.bottom() - 20 - CHIP
    read = scene.timing.has_input(side, step)
    known = scene.timing.has_state(side, lane, step)
    hue = scene.theme.hue
    draw_arrow(scene, [(inlet, foot), (inlet, box.bottom() + 2)], hue("x").mark, RISE, not read)
    up = [(outlet, box.top()), (outlet, box.top() - 26)]
    draw_arrow(scene, up, hue(lane.state).mark, RISE, not known)
    _draw_inside(scene, picture, box)
    half = min(inlet - area.left() - 12, 200.0)
    room = QRectF(inlet - half, foot, 2 * half, CHIP)
    chip = draw_chip(scene, Column(side, step, room.left(), room.width()), room)
    path = f"{scene.numbers.sides[side].first}/x"
    count, left = scene.numbers.values(path).shape[1], chip.right() + 20
    most = min(count * INPUT + 6, area.right() - left - 24)
    strip = strip_at(left + most / 2, foot + (CHIP - STRIP) / 2, count, most, INPUT, STRIP - 6)
    share = 1.0 if read else scene.theme.dim.future_cell
    paint_strip(scene, strip, path, step, hue("x").mark, share)
    _draw_answer(scene, outlet, box.top() - 32, area)


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


def _draw_answer(scene: Scene, x: float, y: float, area: QRectF) -> None:
    """The likeliest class, or the number, that the step answers with."""
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
    middle = min(x, area.right() - 24 - width(line) / 2)
    draw_line(scene.painter, middle, y, line, "middle")
