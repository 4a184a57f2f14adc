"""What stands above and below the cells for a room: the answer, the strips, the word."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from rnnviz.panels.canvas.cells import Strip
from rnnviz.panels.canvas.colour import Colour
from rnnviz.panels.canvas.fonts import sans
from rnnviz.panels.canvas.strokes import filled, framed
from rnnviz.panels.canvas.text import Run, draw_in, number
from rnnviz.panels.graph.axis import Column
from rnnviz.panels.graph.foot import is_known, word_of
from rnnviz.panels.graph.items import Attended, Chip, OutputRow
from rnnviz.panels.graph.levels import Band
from rnnviz.panels.graph.present.hall import Hall
from rnnviz.panels.graph.scene import Scene, paint_strip, strip_at

SMALLEST = 18.0
TRACK = 14.0
INPUT, STATE, WIDEST = 26.0, 24.0, 32.0
"""Px of a cell of a strip, its gap included, where cells of the graph are 150 wide; and at most."""


def fitted(text: str, sizes: tuple[float, ...], weight: int, ink: Colour, room: float) -> Run:
    """Text in the largest of the sizes in which it fits, else in the last."""
    runs = [Run(text, sans(px, weight), ink) for px in sizes]
    return next((one for one in runs if one.width <= room), runs[-1])


def is_here(scene: Scene, column: Column) -> bool:
    """Whether a column is looked at."""
    return (column.side, column.step) == scene.plan.ask.place


# ----------------------------------------------------------------------------------- the answer


def draw_answer(scene: Scene, hall: Hall, column: Column) -> None:
    """The likeliest class with its probability; of an encoder, how much it is looked at."""
    band = hall.bands.get("answer")
    if band is None:
        return
    if column.side < len(scene.numbers.sides) - 1:
        _draw_attention(scene, hall, column, band)
    elif column.step in scene.numbers.answers:
        _draw_class(scene, hall, column, band)


def _draw_class(scene: Scene, hall: Hall, column: Column, band: Band) -> None:
    numbers, step, paint = scene.numbers, column.step, scene.theme.colours
    row, track, foot = _rows(hall, column, band)
    known, here = scene.timing.has_answer(step), is_here(scene, column)
    index = 0 if numbers.is_regression else numbers.decoded(step)
    box = QRectF(row.left(), row.top(), row.width(), foot.bottom() - row.top())
    scene.marks.add(box, OutputRow(step, index))
    weight, line = 700 if here else 600, box if numbers.is_regression else row
    if not known:
        draw_in(scene.painter, line, Run("?", sans(26, 600), paint.tx3))
        return
    value = float(numbers.predictions(step)[index])
    name = number(value) if numbers.is_regression else numbers.document.answers[index]
    sizes = (26, 23, 20, SMALLEST)
    draw_in(scene.painter, line, fitted(name, sizes, weight, paint.tx1, line.width()))
    if numbers.is_regression:
        return
    _draw_share(scene, track, value, paint.tx1 if here else paint.tx3)
    draw_in(scene.painter, foot, Run(number(value), sans(20, 500), paint.tx2))


def _rows(hall: Hall, column: Column, band: Band) -> tuple[QRectF, QRectF, QRectF]:
    """The line of the name, the bar, the line of the number."""
    wide = min(hall.pitch - 18, hall.wide + 40)
    left = column.centre - wide / 2
    track = hall.wide - 30
    return (
        QRectF(left, band.top, wide, 32),
        QRectF(column.centre - track / 2, band.top + 38, track, TRACK),
        QRectF(left, band.bottom - 24, wide, 24),
    )


def _draw_share(scene: Scene, track: QRectF, share: float, ink: Colour) -> None:
    filled(scene.painter, track, scene.theme.colours.bg3, 4)
    wide = track.width() * min(max(share, 0.0), 1.0)
    if wide >= 1:
        bar = QRectF(track.left(), track.top(), wide, track.height())
        filled(scene.painter, bar, ink, min(4.0, wide / 2))


def _draw_attention(scene: Scene, hall: Hall, column: Column, band: Band) -> None:
    """How much the step that is looked at looks at this word."""
    weights, (side, step) = scene.numbers.attention, scene.plan.ask.place
    if weights is None or not side or step >= len(weights):
        return
    if not scene.timing.has_input(side, step):
        return
    share, paint = float(weights[step, column.step]), scene.theme.colours
    row, track, foot = _rows(hall, column, band)
    _draw_share(scene, track, share, paint.tx2)
    draw_in(scene.painter, foot, Run(number(share), sans(20, 500), paint.tx2))
    scene.marks.add(row.united(foot), Attended(step, column.step))


# ------------------------------------------------------------------------------------ the strips


def draw_strips(scene: Scene, hall: Hall, column: Column) -> None:
    """What the highest layer gives, and what the lowest reads."""
    theme, dim = scene.theme, scene.theme.dim
    side, back = scene.numbers.sides[column.side], scene.flow is not None
    top = side.layers[-1]
    strip = output_strip(hall, column, len(top) * top[0].units)
    if strip is not None:
        known = scene.timing.has_output(column.side, top[0].layer, column.step)
        path = f"{top[0].prefix}/output" if len(top) > 1 else f"{top[0].part}/{top[0].state}"
        unit = None
        for place, lane in enumerate(top):
            if lane.part == scene.plan.lane.part and known and not back:
                unit = place * lane.units + scene.unit
        share = (dim.behind if back else 1.0) if known else dim.future_cell
        paint_strip(scene, strip, path, column.step, theme.hue("h").mark, share, unit)
    band = hall.bands.get("input")
    if band is not None:
        path = f"{side.first}/x"
        count = scene.numbers.values(path).shape[1]
        wide = min(INPUT * max(hall.wide / 150, 1.0), WIDEST)
        strip = strip_at(column.centre, band.top, count, hall.wide, wide, band.height - 6)
        known = scene.timing.has_input(column.side, column.step)
        share = (dim.behind if back else 1.0) if known else dim.future_cell
        paint_strip(scene, strip, path, column.step, theme.hue("x").mark, share)


def output_strip(hall: Hall, column: Column, count: int) -> Strip | None:
    """The strip of a column's output."""
    band = hall.bands.get("strip")
    if band is None:
        return None
    wide = min(STATE * max(hall.wide / 150, 1.0), WIDEST)
    return strip_at(column.centre, band.top, count, hall.wide + 6, wide, band.height - 6)


# -------------------------------------------------------------------------------------- the word


def draw_word(scene: Scene, hall: Hall, column: Column) -> None:
    """The chip of what a column reads, in its row."""
    band = hall.bands["word"]
    draw_chip(scene, column, QRectF(column.left + 5, band.top, hall.pitch - 10, band.height))


def draw_chip(scene: Scene, column: Column, room: QRectF) -> QRectF:
    """The chip of what a column reads, in the middle of a room; gives its box."""
    side, step, paint = column.side, column.step, scene.theme.colours
    here, read = is_here(scene, column), scene.timing.has_input(side, step)
    ink = paint.tx1 if read or here else paint.tx3
    text = word_of(scene.numbers, side, step)
    word = fitted(text, (30, 26, 22, 20), 700 if here else 500, ink, room.width() - 28)
    wide = min(max(word.width + 46, room.height() + 2), room.width())
    left = round(room.center().x() - wide / 2)
    box = QRectF(left, room.top(), round(wide), room.height())
    known = is_known(scene.numbers, side, step)
    edge = paint.err if not known else paint.tx1 if here else paint.line2
    fill = paint.bg1 if read or here else None
    width, dash = 3.0 if here else 1.0 if known else 1.5, () if known else (6.0, 5.0)
    framed(scene.painter, box, edge, box.height() / 2, width, fill, dash)
    draw_in(scene.painter, box.adjusted(12, 0, -12, 0), word)
    scene.marks.add(box, Chip(side, step))
    return box
