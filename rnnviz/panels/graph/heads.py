"""The answers above the columns: bars of probabilities, tags, numbers; the losses above them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QFont

from rnnviz.panels.canvas.cells import OUTPUT_ROW, Output, draw_outputs
from rnnviz.panels.canvas.colour import Colour
from rnnviz.panels.canvas.fonts import role_font, sans
from rnnviz.panels.canvas.labels import LOSS_HEIGHT, LOSS_WIDTH, draw_loss
from rnnviz.panels.canvas.strokes import arrow_head, filled, framed, pen, polyline
from rnnviz.panels.canvas.text import Run, advance, draw_in, elided, number, size
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.graph.axis import Column
from rnnviz.panels.graph.items import Badge, OutputRow
from rnnviz.panels.graph.scene import Scene

FEW = 3
"""Classes whose bars are all drawn."""
TAG_HEIGHT, TAG_MOST = 42.0, 108.0
NUMBER_ROOM = 33.0
LABEL_MOST = 62.0
TRACK_LEAST, TRACK_MOST = 30.0, 52.0


@dataclass(frozen=True)
class Heading:
    """How the answers are drawn.

    Attributes
    ----------
    kind : str
        "bars", "tags", "numbers" or "" for none.
    label : float
        Px of the names of the classes.
    height : float
        Px of the answers.
    """

    kind: str
    label: float = 0.0
    height: float = 0.0

    @property
    def width(self) -> float:
        """Px of bars with their names and numbers."""
        return self.label + TRACK_MOST + NUMBER_ROOM


def heading(labels: tuple[str, ...], kind: str, theme: Theme) -> Heading:
    """The way in which so many classes, or numbers, are drawn."""
    if not labels:
        return Heading("")
    font = role_font(theme.type.wire)
    longest = max(advance(label, font) for label in labels[:64]) + 8
    label = min(max(longest, 30.0), LABEL_MOST)
    if kind == "regression":
        rows = min(len(labels), FEW)
        return Heading("numbers", label, max(rows * OUTPUT_ROW, 36.0))
    # The best path leads from tag to tag.
    if len(labels) > FEW or kind == "crf":
        return Heading("tags", label, FEW * OUTPUT_ROW)
    return Heading("bars", label, max(len(labels) * OUTPUT_ROW, 2 * OUTPUT_ROW))


def draw_answer(scene: Scene, column: Column, head: Heading) -> None:
    """The answer of a column and its loss, with the stem that leads there."""
    step, band = column.step, scene.plan.bands.get("answer")
    if step not in scene.numbers.answers or band is None or not head.kind:
        return
    known = scene.timing.has_answer(step)
    _draw_stem(scene, column, known)
    narrow = column.width < head.label + TRACK_LEAST + NUMBER_ROOM + 4
    if head.kind == "numbers":
        _draw_numbers(scene, column, known)
    elif (head.kind == "tags" and not column.opened) or narrow:
        _draw_tag(scene, column, known)
    else:
        _draw_bars(scene, column, head, known)
    _draw_badge(scene, column)


def _draw_stem(scene: Scene, column: Column, known: bool) -> None:
    stem, paint = scene.plan.bands["stem"], scene.theme.colours
    if scene.flow is not None:
        return
    ink, dash = (paint.tx3, ()) if known else (paint.line2, (4.0, 4.0))
    points = [(column.head, stem.bottom), (column.head, stem.top + 2)]
    polyline(scene.painter, points, pen(ink, 1.4, dash))


def shown_classes(scene: Scene, step: int, most: int) -> list[int]:
    """The classes whose bars are drawn: all, or the likeliest and the right one."""
    values = scene.numbers.predictions(step)
    most = min(most, FEW)
    if len(values) <= most:
        return list(range(len(values)))
    order = [int(i) for i in (-values).argsort(kind="stable")[:most]]
    target = scene.numbers.target(step)
    if target is not None and target not in order and most > 1:
        order[-1] = target
    return order


def _draw_bars(scene: Scene, column: Column, head: Heading, known: bool) -> None:
    band, step, theme = scene.plan.bands["answer"], column.step, scene.theme
    values, target = scene.numbers.predictions(step), scene.numbers.target(step)
    labels = scene.numbers.document.answers
    most = max(int(band.height / OUTPUT_ROW + 0.01), 1)
    shown = shown_classes(scene, step, most) if known or len(values) <= most else []
    track = min(TRACK_MOST, column.width - head.label - NUMBER_ROOM - 4)
    left = column.head - track / 2 - head.label
    wide = head.label + track + NUMBER_ROOM
    left = max(min(left, column.left + column.width - wide - 2), column.left + 1)
    top = band.bottom - len(shown) * OUTPUT_ROW
    box = QRectF(left, top, wide, len(shown) * OUTPUT_ROW)
    rows = [Output(labels[i], float(values[i]) if known else None, i == target) for i in shown]
    draw_outputs(scene.painter, box, rows, theme, head.label, NUMBER_ROOM)
    for row, index in enumerate(shown):
        line = QRectF(left, top + row * OUTPUT_ROW, wide, OUTPUT_ROW)
        scene.marks.add(line, OutputRow(step, index))
        if known:
            _draw_before(scene, line, (line.left() + head.label, track), step, index)


def _draw_before(
    scene: Scene, line: QRectF, track: tuple[float, float], step: int, index: int
) -> None:
    """Where a bar ended before the last edit."""
    ghost = scene.ghost
    if ghost is None or step not in ghost.answers:
        return
    before = ghost.predictions(step)
    now = scene.numbers.predictions(step)
    if len(before) != len(now) or abs(float(before[index] - now[index])) < 0.005:
        return
    x = track[0] + track[1] * min(max(float(before[index]), 0.0), 1.0)
    y = line.center().y()
    ink = scene.theme.colours.tx2
    polyline(scene.painter, [(x, y - 7), (x, y + 7)], pen(ink, 1.4, (2.0, 2.0)))


def _draw_tag(scene: Scene, column: Column, known: bool) -> None:
    """The likeliest class in a box with its probability as a bar."""
    band, step, paint = scene.plan.bands["answer"], column.step, scene.theme.colours
    high = min(TAG_HEIGHT, band.height)
    box = QRectF(
        column.head - min(TAG_MOST, column.width - 6) / 2,
        band.bottom - high,
        min(TAG_MOST, column.width - 6),
        high,
    )
    index, target = scene.numbers.decoded(step), scene.numbers.target(step)
    scene.marks.add(box, OutputRow(step, index))
    current = (column.side, step) == scene.plan.ask.place
    if not known:
        framed(scene.painter, box, paint.line2, 8, 1, None, (4.0, 3.0))
        if target is not None and box.width() >= 30:
            _write(scene, box, scene.numbers.document.answers[target], paint.tx3, 500)
        return
    wrong = target is not None and target != index
    fill = paint.tx1 if current and not wrong else paint.bg1
    edge = paint.err if wrong else paint.tx1 if current else paint.line2
    framed(scene.painter, box, edge, 8, 1.6 if wrong else 1, fill)
    ink = paint.err if wrong else paint.bg1 if current else paint.tx1
    name = box.adjusted(0, 0, 0, -high * 0.4) if high >= 26 else box
    label = scene.numbers.document.answers[index]
    if wrong and box.width() >= 64:
        _cross(scene, box.left() + 12, name.center().y(), paint.err)
        name = name.adjusted(18, 0, 0, 0)
    _write(scene, name, label, ink, 600)
    if high >= 26:
        _draw_share(
            scene, box, float(scene.numbers.predictions(step)[index]), current and not wrong
        )
    if target is not None and not wrong:
        x = box.right() - 5
        ends = [(x, box.top() + 5), (x, box.top() + 13)]
        polyline(scene.painter, ends, pen(paint.ok, 2))


def _write(scene: Scene, box: QRectF, text: str, ink: Colour, weight: int) -> None:
    px = 16 if box.width() >= 84 and box.height() >= 22 else 13 if box.width() >= 56 else 11
    part = Run(text, sans(px, weight), ink)
    if part.width > box.width() - 6 and px > 11:
        part = Run(text, sans(max(px - 3, 11), weight), ink)
    draw_in(scene.painter, box.adjusted(3, 1, -3, 0), part)


def _cross(scene: Scene, x: float, y: float, ink: Colour) -> None:
    scene.painter.setPen(pen(ink, 1.8))
    lines = [QLineF(x - 4, y - 4, x + 4, y + 4), QLineF(x + 4, y - 4, x - 4, y + 4)]
    scene.painter.drawLines(lines)


def _draw_share(scene: Scene, box: QRectF, share: float, inverted: bool) -> None:
    paint = scene.theme.colours
    pad = min(10.0, box.width() * 0.12)
    low = box.height() < 38
    top = box.bottom() - (9 if low else 15)
    track = QRectF(box.left() + pad, top, box.width() - 2 * pad, 5 if low else 8)
    filled(scene.painter, track, paint.tx2 if inverted else paint.bg3, 3)
    wide = track.width() * min(max(share, 0.0), 1.0)
    if wide >= 1:
        bar = QRectF(track.left(), track.top(), wide, track.height())
        filled(scene.painter, bar, paint.bg1 if inverted else paint.tx2, min(3, wide / 2))


def _draw_numbers(scene: Scene, column: Column, known: bool) -> None:
    """The numbers of a regression, each with its target beneath."""
    band, step, paint = scene.plan.bands["answer"], column.step, scene.theme.colours
    values, aim = scene.numbers.predictions(step), scene.numbers.aim(step)
    labels = scene.numbers.document.answers
    wide = min(150.0 if column.opened else column.width - 4, 150.0)
    many = min(len(values), max(int(band.height / OUTPUT_ROW), 1))
    high = band.height / many
    for index in range(many):
        left = min(column.head - wide / 2, column.left + column.width - wide - 2)
        box = QRectF(left, band.top + index * high, wide, high)
        scene.marks.add(box, OutputRow(step, index))
        texts = [number(float(values[index]), digits) for digits in (2, 1, 0)]
        texts = texts if known else ["\N{EN DASH}"]
        if wide >= 80 and labels:
            name = Run(labels[index], sans(12, 600), paint.tx1)
            room = wide - advance(texts[0], sans(16, 600)) - 8
            texts = [f"{elided(name, room).text} {texts[0]}", *texts]
        fonts = [sans(px, 600) for px in ((16, 12, 11) if high >= 30 else (12, 11))]
        top = box.adjusted(0, 0, 0, -high / 2) if many == 1 else box
        ink = paint.tx1 if known else paint.tx3
        draw_in(scene.painter, top, _fitting(texts, fonts, ink, wide))
        if aim is not None and many == 1:
            words = number(float(aim[index]))
            texts = [f"\N{CHECK MARK} {words}", words, number(float(aim[index]), 1)]
            tick = _fitting(texts, [role_font(scene.theme.type.wire)], paint.ok, wide)
            draw_in(scene.painter, box.adjusted(0, high / 2, 0, 0), tick)


def _fitting(texts: list[str], fonts: list[QFont], ink: Colour, room: float) -> Run:
    """The first text, in the largest font, that there is room for: a number is never elided."""
    runs = [Run(text, font, ink) for text in texts for font in fonts]
    return next((part for part in runs if part.width <= room), runs[-1])


def loss_text(value: float) -> str:
    """A loss as its badge writes it: two decimals, three of a small one."""
    if abs(value) < 0.0005:
        return size(value)
    return number(value, 3 if abs(value) < 0.0095 else 2)


def _draw_badge(scene: Scene, column: Column) -> None:
    loss, band = scene.numbers.losses.get(column.step), scene.plan.bands.get("badge")
    if loss is None or band is None:
        return
    wide = min(LOSS_WIDTH, column.width - 4)
    box = QRectF(column.head - wide / 2, band.top, wide, LOSS_HEIGHT)
    text = loss_text(loss) if scene.timing.has_loss else None
    if wide < 50:
        _draw_small_badge(scene, box, text)
    else:
        draw_loss(scene.painter, box, text, scene.theme)
    if scene.sight.selection.loss_step == column.step:
        framed(scene.painter, box.adjusted(-3, -3, 3, 3), scene.theme.colours.tx1, 14, 1.5)
    scene.marks.add(box, Badge(column.step))


def _draw_small_badge(scene: Scene, box: QRectF, text: str | None) -> None:
    paint = scene.theme.colours
    edge = paint.line if text is None else scene.theme.hue("∂").mark
    framed(scene.painter, box, edge, box.height() / 2, 1, paint.bg2)
    font = role_font(scene.theme.type.wire)
    part = Run(text or "\N{EN DASH}", font, paint.tx3 if text is None else paint.tx1)
    draw_in(scene.painter, box.adjusted(2, 0, -2, 0), part)


def draw_path(scene: Scene) -> None:
    """The best path of a CRF: a line through the tags."""
    head = scene.numbers.trace.network.head
    if head is None or head.kind != "crf" or "answer" not in scene.plan.bands:
        return
    band, paint = scene.plan.bands["answer"], scene.theme.colours
    y = band.bottom - min(TAG_HEIGHT, band.height) * 0.68
    columns = [c for c in scene.plan.axis.visible if c.side == len(scene.plan.sides) - 1]
    for left, right in pairwise(columns):
        known = scene.timing.has_answer(left.step) and scene.timing.has_answer(right.step)
        x1 = left.head + min(TAG_MOST, left.width - 6) / 2 + 1
        x2 = right.head - min(TAG_MOST, right.width - 6) / 2 - 1
        if left.opened or right.opened or x2 - x1 < 6:
            continue
        ink = paint.tx1 if known else paint.line2
        dash = () if known else (3.0, 3.0)
        polyline(scene.painter, [(x1, y), (x2 - 4, y)], pen(ink, 1.6, dash))
        arrow_head(scene.painter, (x2, y), (x1, y), ink, 6, 6)
