"""The foot of the graph: what each column reads, as a word or a number and as a strip."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from rnnviz.engine.inputs import Tokens
from rnnviz.panels.canvas.labels import ChipState, chip_width, draw_chip
from rnnviz.panels.canvas.strokes import FUTURE_DASH, filled, framed, wire
from rnnviz.panels.canvas.text import draw_in, number, run
from rnnviz.panels.graph.axis import Column
from rnnviz.panels.graph.items import AddChip, Chip
from rnnviz.panels.graph.numbers import Numbers
from rnnviz.panels.graph.scene import Scene, paint_strip
from rnnviz.panels.graph.wires import input_strip, name_strip

SMALL = 74.0
"""Px of a column below which its word is small."""
OPEN_CHIP = 150.0


def word_of(numbers: Numbers, side: int, step: int) -> str:
    """What a column reads, as its chip writes it."""
    document = numbers.document
    if numbers.sides[side].name == "decoder":
        words = document.target_vocabulary or ()
        place = int(numbers.trace.batch.inputs[step, 0])
        return words[place] if place < len(words) else str(place)
    sequence = document.sequence
    if isinstance(sequence, tuple):
        return sequence[step]
    row = sequence[step]
    return number(float(row[0])) if len(row) == 1 else str(step + 1)


def is_known(numbers: Numbers, side: int, step: int) -> bool:
    """Whether the vocabulary has the word of a column."""
    document = numbers.document
    if numbers.sides[side].name == "decoder" or not isinstance(document.input, Tokens):
        return True
    return document.knows(word_of(numbers, side, step))


def can_edit(numbers: Numbers, side: int) -> bool:
    """Whether the words of a side are those of the sequence."""
    return numbers.sides[side].name != "decoder"


def chip_box(scene: Scene, column: Column) -> QRectF:
    """Where the chip of a column stands."""
    band, word = scene.plan.bands["word"], word_of(scene.numbers, column.side, column.step)
    if column.width < SMALL:
        wide = column.width - 4
    else:
        most = OPEN_CHIP if column.opened else column.width - 6
        wide = chip_width(word, scene.theme, most)
    left = max(column.foot - wide / 2, column.left + 3)
    return QRectF(round(left), band.top, wide, band.height)


def draw_foot(scene: Scene, column: Column) -> None:
    """The strip and the chip of a column."""
    side, step, theme = column.side, column.step, scene.theme
    read = scene.timing.has_input(side, step)
    strip = input_strip(scene, column)
    path = f"{scene.numbers.sides[side].first}/x"
    share = 1.0 if read else theme.dim.future_cell
    paint_strip(scene, strip, path, step, theme.hue("x").mark, share)
    if column.opened:
        name_strip(scene, strip, "x", step, column.left)
    box = chip_box(scene, column)
    _draw_word(scene, column, box, read)
    if _is_own_answer(scene, side, step):
        _draw_feedback(scene, column, box)


def _draw_word(scene: Scene, column: Column, box: QRectF, read: bool) -> None:
    side, step = column.side, column.step
    word = word_of(scene.numbers, side, step)
    state: ChipState = "past" if read else "future"
    if not is_known(scene.numbers, side, step):
        state = "unknown"
    elif (side, step) == scene.plan.ask.place:
        state = "current"
    draw_chip(scene.painter, box, word, scene.theme, state, small=column.width < SMALL)
    if state == "unknown" and (side, step) == scene.plan.ask.place:
        framed(scene.painter, box.adjusted(-3, -3, 3, 3), scene.theme.colours.tx1, 19, 1.2)
    scene.marks.add(box, Chip(side, step))


def _is_own_answer(scene: Scene, side: int, step: int) -> bool:
    """Whether a column reads what the one before has answered."""
    feeds = scene.numbers.trace.network.form == "one-to-many"
    return step > 0 and (feeds or scene.numbers.sides[side].name == "decoder")


def _draw_feedback(scene: Scene, column: Column, box: QRectF) -> None:
    """The dashed way from the answer before to this word."""
    x = column.left + 3
    if box.left() - x < 4:
        return
    y, ink = box.center().y(), scene.theme.colours.tx3
    wire(scene.painter, [(x, y), (box.left() - 1, y)], ink, 1.4, True, FUTURE_DASH)


def draw_add(scene: Scene) -> None:
    """The plus behind the last word."""
    axis, last = scene.plan.axis, scene.plan.sides[0].steps - 1
    column = next((c for c in axis.visible if (c.side, c.step) == (0, last)), None)
    if column is None or not can_edit(scene.numbers, 0):
        return
    chip = chip_box(scene, column)
    box = QRectF(chip.right() + 8, chip.center().y() - 12, 24, 24)
    limit = axis.between[0] + 40 if len(scene.plan.sides) > 1 else scene.plan.size[0] - 4
    if box.right() > limit:
        return
    paint = scene.theme.colours
    framed(scene.painter, box, paint.line2, 12, 1, None, (3.0, 3.0))
    draw_in(scene.painter, box, run("+", scene.theme.type.body, paint.tx2))
    scene.marks.add(box, AddChip())


def draw_floating(scene: Scene, floating: tuple[int, float, int]) -> None:
    """A word that is being dragged, and a mark where it would fall."""
    step, x, to = floating
    columns = {c.step: c for c in scene.plan.axis.visible if c.side == 0}
    if step not in columns or to not in columns:
        return
    box, paint = chip_box(scene, columns[step]), scene.theme.colours
    place = chip_box(scene, columns[to])
    if to != step:
        edge = place.left() - 5 if to < step else place.right() + 5
        mark = QRectF(edge - 1.5, place.top() - 4, 3, place.height() + 8)
        filled(scene.painter, mark, paint.tx1, 1.5)
    moved = QRectF(x - box.width() / 2, box.top() - 10, box.width(), box.height())
    word = word_of(scene.numbers, 0, step)
    draw_chip(scene.painter, moved, word, scene.theme, "current", small=box.width() < SMALL)
