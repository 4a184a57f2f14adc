"""Draws what the answers cost: the loss of each step, which of them count, and the whole."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QPainter, QPolygonF

from rnnviz.panels.canvas.colour import Colour
from rnnviz.panels.canvas.fonts import role_font
from rnnviz.panels.canvas.hit import Field, HitMap
from rnnviz.panels.canvas.labels import draw_choice
from rnnviz.panels.canvas.strokes import dashed_hairline, filled, framed, pen
from rnnviz.panels.canvas.text import (
    Run,
    advance,
    draw_in,
    draw_text,
    elided,
    middle,
    number,
    run,
    size,
)
from rnnviz.panels.gestures import Item
from rnnviz.panels.outputs.items import Choice, ClassAt, LossAt, PathScore, Total
from rnnviz.panels.outputs.pixels import tallest
from rnnviz.panels.outputs.shown import Shown
from rnnviz.panels.texts import translate

NUMBERS_FROM = 46.0
"""Columns as wide as this write the loss; narrower ones draw its height."""
BOX = 10.0


def draw_losses(painter: QPainter, hits: HitMap[Item], shown: Shown) -> None:
    """The row of the losses."""
    top = shown.places.losses
    losses = shown.answers.losses
    if top is None or losses is None:
        return
    theme, columns, grown = shown.theme, shown.places.columns, shown.places.grown
    high = 15 * grown
    name = run(translate("Outputs", "loss"), theme.type.axis, theme.colours.tx3, shown.present)
    base = middle(name.font, top + high / 2)
    draw_text(painter, columns.left - 8, base, elided(name, columns.left - 16), "end")
    if columns.width >= 14 * grown:
        for step in range(shown.answers.steps):
            box = columns.box(step, top, top + high)
            _draw_loss(painter, shown, box, step, float(losses[step]))
    else:
        _draw_heights(painter, shown, top, high)
    area = QRectF(columns.left, top, columns.right - columns.left, high)

    def at(point: QPointF) -> Item | None:
        step = columns.at(point.x())
        return None if step is None else LossAt(step)

    def box_of(item: Item) -> QRectF | None:
        return columns.box(item.step, top, top + high) if isinstance(item, LossAt) else None

    hits.add_field(Field(area, at, box_of))


def _ink(shown: Shown, step: int) -> Colour:
    colours = shown.theme.colours
    if not shown.loss_is_told:
        return colours.tx3
    return shown.theme.hue("∂").text if shown.answers.counts[step] else colours.tx3


def _draw_loss(painter: QPainter, shown: Shown, box: QRectF, step: int, loss: float) -> None:
    theme, grown = shown.theme, shown.places.grown
    text = size(loss) if shown.loss_is_told else "\N{EN DASH}"
    label = run(text, theme.type.axis, _ink(shown, step), shown.present)
    boxed = not (shown.answers.single or shown.answers.is_chain)
    wide = (BOX * grown + 4 if boxed else 0) + label.width
    written = box.width() >= max(NUMBERS_FROM * grown, wide + 4)
    left = box.center().x() - (wide if written else BOX * grown) / 2
    if boxed:
        side = BOX * grown
        _draw_box(painter, shown, QRectF(left, box.center().y() - side / 2, side, side), step)
        left += side + 4
    if written:
        draw_text(painter, left, middle(label.font, box.center().y()), label)


def _draw_box(painter: QPainter, shown: Shown, box: QRectF, step: int) -> None:
    """A box with a tick where the loss counts."""
    paint = shown.theme.colours
    framed(painter, box, paint.tx3, 2, 1, paint.bg2)
    if shown.answers.counts[step]:
        side = box.width()
        corners = [(0.2, 0.52), (0.43, 0.75), (0.82, 0.25)]
        points = [QPointF(box.left() + x * side, box.top() + y * side) for x, y in corners]
        painter.setPen(pen(paint.tx1, 1.5, (), True))
        painter.drawPolyline(QPolygonF(points))


def _draw_heights(painter: QPainter, shown: Shown, top: float, high: float) -> None:
    losses, columns = shown.answers.losses, shown.places.columns
    assert losses is not None
    finite = np.where(np.isfinite(losses), losses, 0.0)
    most = float(finite.max(initial=0.0)) or 1.0
    wide = max(columns.width - 1, 1.0)
    for counted in (True, False):
        chosen = np.flatnonzero(shown.answers.counts == counted)
        xs, tall = tallest(columns, chosen, finite[chosen] * (high / most))
        foot = top + high
        lines = [QLineF(x, foot, x, foot - up) for x, up in zip(xs, tall, strict=True)]
        colour = shown.theme.hue("∂").mark if counted else shown.theme.colours.line2
        painter.setPen(pen(colour, wide))
        painter.drawLines(lines)
    foot = top + high
    dashed_hairline(painter, (columns.left, foot), (columns.right, foot), shown.theme.colours.line2)


def draw_foot(painter: QPainter, hits: HitMap[Item], shown: Shown) -> None:
    """The whole loss, what it was before the edit, and which steps count."""
    box = shown.places.foot
    if box.isEmpty():
        return
    right = _draw_choices(painter, hits, shown, box)
    left = _draw_total(painter, hits, shown, box, right)
    if shown.answers.is_chain:
        _draw_scores(painter, hits, shown, QRectF(left, box.top(), right - left, box.height()))


def _draw_choices(painter: QPainter, hits: HitMap[Item], shown: Shown, box: QRectF) -> float:
    answers = shown.answers
    if answers.single or answers.is_chain or answers.losses is None:
        return box.right()
    names = (
        (Choice("last"), translate("Outputs", "last")),
        (Choice("every"), translate("Outputs", "every step")),
    )
    right = box.right()
    font = role_font(shown.theme.type.control_on, shown.present)
    both = sum(advance(name, font) + 18 for _, name in names)
    if both > box.width() - 90 * shown.places.grown:
        names = (names[0], (Choice("every"), translate("Outputs", "every")))
    for choice, name in names:
        wide = advance(name, font) + 14
        if right - wide < box.left() + 60 * shown.places.grown:
            break
        chip = QRectF(right - wide, box.top() + 1, wide, box.height() - 2)
        if shown.present:
            framed(painter, chip, shown.theme.colours.line, 5, 1, shown.theme.colours.bg2)
            on = answers.document.loss_steps == choice.steps
            role = shown.theme.type.control_on if on else shown.theme.type.hint
            draw_in(painter, chip, run(name, role, shown.theme.colours.tx1, True))
        else:
            on = answers.document.loss_steps == choice.steps
            draw_choice(painter, chip, name, shown.theme, on)
        hits.add(chip, choice)
        right -= wide + 4
    return right


def _draw_total(
    painter: QPainter, hits: HitMap[Item], shown: Shown, box: QRectF, right: float
) -> float:
    theme, evaluation = shown.theme, shown.answers.evaluation
    loss = evaluation.loss
    if loss is None:
        words = translate("Outputs", "No target: click a class to set one")
        if shown.answers.is_numeric:
            words = translate("Outputs", "No target: click beside the curve to set one")
        hint = run(words, theme.type.hint, theme.colours.tx3, shown.present)
        draw_in(
            painter,
            QRectF(box.left(), box.top(), right - box.left() - 6, box.height()),
            hint,
            "start",
        )
        return right
    base = middle(role_font(theme.type.wire, shown.present), box.center().y())
    told = shown.loss_is_told
    text = size(loss, 3) if told else "\N{EN DASH}"
    name = run("L = ", theme.type.axis, theme.colours.tx2, shown.present)
    value = run(text, theme.type.wire, _total_ink(shown, loss), shown.present)
    x = draw_text(painter, draw_text(painter, box.left(), base, name), base, value)
    before = None if shown.before is None else shown.before.evaluation.loss
    if told and before is not None and before != loss:
        words = translate("Outputs", "  before {loss}").format(loss=size(before, 3))
        ghost = run(words, theme.type.axis, theme.colours.tx3, shown.present)
        if x + ghost.width < right - 8:
            x = draw_text(painter, x, base, ghost)
    hits.add(QRectF(box.left(), box.top(), x - box.left(), box.height()), Total())
    return x + 12


def _total_ink(shown: Shown, loss: float) -> Colour:
    if not shown.loss_is_told:
        return shown.theme.colours.tx3
    return shown.theme.hue("∂").text if np.isfinite(loss) else shown.theme.colours.err


def _draw_scores(painter: QPainter, hits: HitMap[Item], shown: Shown, box: QRectF) -> None:
    """The score of the best path, beside that of the tags that are likeliest one by one."""
    answers, theme, paint = shown.answers, shown.theme, shown.theme.colours
    best = translate("Outputs", "best path {score}").format(score=number(answers.chain.score))
    one = translate("Outputs", "tag by tag {score}").format(
        score=number(answers.chain.single_score)
    )
    font = role_font(theme.type.axis, shown.present)
    parts = (
        (Run(best, font, paint.tx1), paint.tx1, ()),
        (Run(one, font, paint.tx2), paint.tx2, (2.0, 2.0)),
    )
    x, y = box.left(), box.center().y()
    for part, colour, dash in parts:
        if x + 20 + part.width > box.right():
            break
        painter.setPen(pen(colour, 2, dash))
        painter.drawLine(QLineF(x, y, x + 14, y))
        x = draw_text(painter, x + 18, middle(font, y), part) + 12
    hits.add(QRectF(box.left(), box.top(), max(x - box.left() - 12, 1), box.height()), PathScore())


def draw_ground(painter: QPainter, shown: Shown) -> None:
    """A band behind the step that is looked at."""
    places = shown.places
    if shown.answers.steps > 1 and places.columns.width >= 6:
        top = places.grid.top() - 1
        box = places.columns.box(shown.at, top, places.grid.bottom() + 1)
        filled(painter, box, shown.theme.faded(shown.theme.colours.bg2, 0.7), 3)


def light(painter: QPainter, hits: HitMap[Item], shown: Shown) -> None:
    """A frame around the number that the mouse is over, in whichever panel."""
    spot = shown.sight.hover
    if spot is None or not spot.path.startswith("head/") or shown.answers.is_numeric:
        return
    box = hits.box_of(ClassAt(spot.step, spot.unit))
    if box is not None:
        framed(painter, box, shown.theme.colours.tx2, 3, 1)
