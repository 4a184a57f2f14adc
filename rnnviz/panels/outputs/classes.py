"""Draws classes over the steps: bars or a heat map, the answers, and the path of a CRF."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QPainter, QPolygonF

from rnnviz.engine.arrays import Integers
from rnnviz.panels.canvas.colour import Colour
from rnnviz.panels.canvas.fonts import role_font, sans
from rnnviz.panels.canvas.heat import draw_heat, values_image
from rnnviz.panels.canvas.hit import Field, HitMap
from rnnviz.panels.canvas.maps import gate_map
from rnnviz.panels.canvas.strokes import dot, filled, hairlines, hatched, pen, polyline
from rnnviz.panels.canvas.text import Run, draw_in, draw_text, elided, middle, number, run
from rnnviz.panels.gestures import Item
from rnnviz.panels.outputs.items import AnswerAt, ClassAt
from rnnviz.panels.outputs.pixels import middles, tallest
from rnnviz.panels.outputs.shown import Shown

MARKED_FROM = 13.0
"""Columns as wide as this have a tick or a cross of their own."""
NODES_FROM = 16.0
BAR = 10.2


def draw_classes(painter: QPainter, hits: HitMap[Item], shown: Shown) -> None:
    """The cells with their names at the left, and the answers above them."""
    _draw_names(painter, shown)
    if shown.places.are_wide and not shown.answers.is_chain:
        _draw_bars(painter, shown)
    else:
        _draw_heat(painter, shown)
    if shown.answers.is_chain and shown.answers.steps > 1:
        _draw_paths(painter, shown)
    if shown.places.answers is not None:
        draw_answers(painter, hits, shown, shown.places.answers)
    hits.add_field(_field(shown))


def _field(shown: Shown) -> Field[Item]:
    places = shown.places
    rows: list[int] = places.rows.tolist()

    def at(point: QPointF) -> Item | None:
        step = places.columns.at(point.x())
        place = int((point.y() - places.grid.top()) // places.row)
        return ClassAt(step, rows[place]) if step is not None and place < len(rows) else None

    def box_of(item: Item) -> QRectF | None:
        if not isinstance(item, ClassAt) or item.output not in rows:
            return None
        return places.cell(item.step, rows.index(item.output))

    return Field(places.grid, at, box_of)


def _draw_names(painter: QPainter, shown: Shown) -> None:
    places, theme, answers = shown.places, shown.theme, shown.answers
    best = int(answers.chosen[shown.at])
    for place, output in enumerate(places.rows.tolist()):
        on = output == best
        role = theme.type.wire if on else theme.type.axis
        name = run(
            answers.names[output],
            role,
            theme.colours.tx1 if on else theme.colours.tx3,
            shown.present,
        )
        y = places.grid.top() + (place + 0.5) * places.row
        right = places.columns.left - 8
        draw_text(painter, right, middle(name.font, y), elided(name, right - 12), "end")


def _draw_bars(painter: QPainter, shown: Shown) -> None:
    answers, places = shown.answers, shown.places
    for step in range(answers.steps):
        for place, output in enumerate(places.rows.tolist()):
            draw_cell(painter, shown, places.cell(step, place), step, output)


def draw_cell(painter: QPainter, shown: Shown, box: QRectF, step: int, output: int) -> None:
    """One class at one step: a bar in its track, its number, the target's tick, what was before."""
    answers, paint = shown.answers, shown.theme.colours
    value = float(answers.values[step, output])
    likeliest = int(answers.chosen[step]) == output
    track = _draw_number(painter, shown, box, value, likeliest, shown.is_told(step))
    filled(painter, track, paint.bg3, shown.theme.radii.bar)
    if not np.isfinite(value):
        hatched(painter, track, paint.err)
    else:
        wide = max(track.width() * value, 1.5)
        bar = QRectF(track.left(), track.top(), wide, track.height())
        ink = shown.ink(paint.tx1 if likeliest else paint.tx3, step)
        filled(painter, bar, ink, min(shown.theme.radii.bar, wide / 2))
    if shown.before is not None and shown.is_told(step):
        _draw_before(painter, shown, track, float(shown.before.values[step, output]))
    if answers.targets[step] == output:
        x = track.right() - 1
        polyline(painter, [(x, track.top() - 2.2), (x, track.bottom() + 2.2)], pen(paint.ok, 2.4))


def _draw_number(
    painter: QPainter, shown: Shown, box: QRectF, value: float, likeliest: bool, told: bool
) -> QRectF:
    """The number beside the bar, above it, or not at all, as there is room; gives the bar's box."""
    theme, grown = shown.theme, shown.places.grown
    role = theme.type.wire if likeliest else theme.type.axis
    ink = theme.colours.tx1 if likeliest else theme.colours.tx3
    label = run(number(value), role, ink, shown.present)
    high = min(BAR * grown, box.height() - 3)
    beside, above = box.width() >= 66 * grown, box.height() >= 26 * grown
    room = 34.0 * grown if beside else 4.0
    top = box.center().y() - high / 2
    if above and not beside:
        top = box.bottom() - high - 3
    track = QRectF(box.left() + 2, top, box.width() - room - 4, high)
    if told and beside:
        draw_text(painter, track.right() + 5, middle(label.font, box.center().y()), label)
    elif told and above:
        draw_text(painter, track.left(), track.top() - 3, label)
    return track


def _draw_before(painter: QPainter, shown: Shown, track: QRectF, value: float) -> None:
    """Where the bar ended before the edit."""
    if np.isfinite(value):
        x = track.left() + track.width() * value
        points = [(x, track.top() - 1), (x, track.bottom() + 1)]
        polyline(painter, points, pen(shown.theme.colours.tx2, 1.4, (2, 1.5)))


def _draw_heat(painter: QPainter, shown: Shown) -> None:
    answers, places, paint = shown.answers, shown.places, shown.theme.colours
    values = answers.values[:, places.rows].T
    map_ = gate_map(shown.theme, "p")
    if answers.is_chain:
        # The path is drawn over it and has to stand out.
        map_ = map_.dimmed(paint.bg1, 0.55)
    known = _known_columns(shown)
    for start, end, told in known:
        left, right = places.columns.x(start), places.columns.x(end - 1)
        half = places.columns.width / 2
        box = QRectF(left - half, places.grid.top(), right - left + 2 * half, places.grid.height())
        tinted = map_ if told else map_.dimmed(paint.bg1, shown.theme.dim.future_chart)
        draw_heat(painter, box, values_image(values[:, start:end], tinted), paint.bg1)
    if places.columns.width >= 4:
        _draw_targets(painter, shown)


def _known_columns(shown: Shown) -> list[tuple[int, int, bool]]:
    """Stretches of columns that are told, or not yet."""
    told = shown.told
    edges = [0, *(np.flatnonzero(told[1:] != told[:-1]) + 1).tolist(), len(told)]
    return [(a, b, bool(told[a])) for a, b in pairwise(edges)]


def _draw_targets(painter: QPainter, shown: Shown) -> None:
    """A stroke at the foot of each target's cell."""
    answers, places = shown.answers, shown.places
    rows = {output: place for place, output in enumerate(places.rows.tolist())}
    for step, output in enumerate(answers.targets.tolist()):
        if output in rows:
            box = places.cell(step, rows[output])
            foot = QRectF(box.left(), box.bottom() - 3.5, box.width() - 1, 2.5)
            filled(painter, foot, shown.theme.colours.ok)


def _draw_paths(painter: QPainter, shown: Shown) -> None:
    """The trellis: the best path as a line with nodes, the likeliest tags dotted beside it."""
    answers, places, paint = shown.answers, shown.places, shown.theme.colours
    wide = places.columns.width >= NODES_FROM
    likeliest = _points(shown, answers.chain.single_tags)
    if not np.array_equal(answers.chain.single_tags, answers.chain.tags):
        _draw_path(painter, likeliest, paint.tx2, 1.4, dotted=True)
    best = _points(shown, answers.chain.tags)
    _draw_path(painter, best, paint.tx1, 2.2 if wide else 1.4)
    if wide:
        for point in best:
            if point is not None:
                dot(painter, point, 4.2, paint.tx1, paint.bg1)


def _points(shown: Shown, tags: Integers) -> list[tuple[float, float] | None]:
    """The middles of the cells of a path; None where the tag has no row."""
    places, count = shown.places, shown.answers.outputs
    rows = np.full(count, -1)
    rows[places.rows] = np.arange(len(places.rows))
    found = rows[tags]
    ys = places.grid.top() + (found + 0.5) * places.row
    spots = zip(middles(places.columns).tolist(), ys.tolist(), found.tolist(), strict=True)
    return [(x, y) if row >= 0 else None for x, y, row in spots]


def _draw_path(
    painter: QPainter,
    points: Sequence[tuple[float, float] | None],
    colour: Colour,
    width: float,
    dotted: bool = False,
) -> None:
    pairs = pairwise(points)
    lines = [QLineF(*a, *b) for a, b in pairs if a is not None and b is not None]
    painter.setPen(pen(colour, width, (2, 3) if dotted else ()))
    painter.drawLines(lines)


def draw_answers(painter: QPainter, hits: HitMap[Item], shown: Shown, top: float) -> None:
    """What is answered at each step, with a tick or a cross where a target stands."""
    answers, columns, grown = shown.answers, shown.places.columns, shown.places.grown
    high = 16 * grown
    if columns.width < MARKED_FROM:
        _draw_wrong(painter, shown, top, high)
        return
    for step in range(answers.steps):
        box = columns.box(step, top, top + high)
        _draw_answer(painter, shown, box, step)
        hits.add(box, AnswerAt(step))


def _draw_answer(painter: QPainter, shown: Shown, box: QRectF, step: int) -> None:
    answers, theme, grown = shown.answers, shown.theme, shown.places.grown
    judged = answers.targets[step] >= 0
    mark = QRectF(box.left() + 1, box.center().y() - 4 * grown, 8 * grown, 8 * grown)
    if box.width() < 30 * grown:
        mark.moveCenter(box.center())
    if judged and shown.is_told(step):
        draw_verdict(painter, mark, bool(answers.right[step]), shown)
    if box.width() < 30 * grown:
        return
    room = box.adjusted(11 * grown if judged else 2, 0, 0, 0)
    called = answers.names[int(answers.chosen[step])]
    ink = shown.ink(theme.colours.tx1, step)
    fonts = (role_font(theme.type.wire, shown.present), sans(11 * grown, 600))
    names = [Run(called, font, ink) for font in fonts]
    name = next((one for one in names if one.width <= room.width()), names[-1])
    draw_in(painter, room, name, "start" if judged else "middle")


def draw_verdict(painter: QPainter, box: QRectF, right: bool, shown: Shown) -> None:
    """A tick for right, a cross for wrong; the shape says it without the colour."""
    paint = shown.theme.colours
    left, top, wide, high = box.left(), box.top(), box.width(), box.height()
    painter.setPen(pen(paint.ok if right else paint.err, 1.8 * shown.places.grown, (), True))
    if right:
        corners = [(0.05, 0.55), (0.38, 0.88), (0.95, 0.15)]
        painter.drawPolyline(
            QPolygonF([QPointF(left + x * wide, top + y * high) for x, y in corners])
        )
    else:
        painter.drawLine(QLineF(left + 1, top + 1, left + wide - 1, top + high - 1))
        painter.drawLine(QLineF(left + 1, top + high - 1, left + wide - 1, top + 1))


def _draw_wrong(painter: QPainter, shown: Shown, top: float, high: float) -> None:
    """With many steps: a stroke at each that is wrong."""
    answers, columns, paint = shown.answers, shown.places.columns, shown.theme.colours
    wrong = np.flatnonzero((answers.targets >= 0) & ~answers.right)
    hairlines(painter, [(columns.left, top + high, columns.right, top + high)], paint.line)
    xs, _heights = tallest(columns, wrong, np.ones(len(wrong)))
    lines = [(x, top + 3, x, top + high - 1) for x in xs]
    hairlines(painter, lines, paint.err)
