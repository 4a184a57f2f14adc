"""Draws the classes of one step as a list: for a single answer, or beside a heat map."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from rnnviz.engine.arrays import Integers
from rnnviz.panels.canvas.hit import HitMap
from rnnviz.panels.canvas.text import draw_in, draw_text, elided, middle, run
from rnnviz.panels.gestures import Item
from rnnviz.panels.outputs.classes import draw_cell, draw_verdict
from rnnviz.panels.outputs.items import ClassAt
from rnnviz.panels.outputs.shown import Shown
from rnnviz.panels.texts import translate

ROW = 16.5
HIGHEST_ROW = 24.0


def ranked(shown: Shown, step: int, most: int) -> Integers:
    """The most probable classes of a step and the target: in their own order if all fit."""
    answers = shown.answers
    if answers.outputs <= most:
        return np.arange(answers.outputs)
    with np.errstate(all="ignore"):
        weight = np.nan_to_num(answers.values[step])
    first = min(shown.first, answers.outputs - most)
    order = np.argsort(-weight, kind="stable")[first : first + most]
    target = int(answers.targets[step])
    if target >= 0 and target not in order and first == 0:
        order[-1] = target
    return order


def draw_list(painter: QPainter, hits: HitMap[Item], shown: Shown, box: QRectF, step: int) -> int:
    """The classes of a step, below a line that names the step where there are several.

    Gives how many there is room for.
    """
    top = box.top()
    if shown.answers.steps > 1:
        top = _draw_head(painter, shown, box, step)
    grown = shown.places.grown
    most = max(int((box.bottom() - top) // (ROW * grown)), 1)
    order = ranked(shown, step, most)
    row = min((box.bottom() - top) / len(order), HIGHEST_ROW * grown)
    for place, output in enumerate(order.tolist()):
        line = QRectF(box.left(), top + place * row, box.width(), row)
        _draw_row(painter, shown, line, step, output)
        hits.add(line, ClassAt(step, output))
    return most


def _draw_head(painter: QPainter, shown: Shown, box: QRectF, step: int) -> float:
    theme, answers, grown = shown.theme, shown.answers, shown.places.grown
    high = 20.0 * grown
    word = answers.words[step] if step < len(answers.words) else ""
    text = translate("Outputs", "t = {step}  {word}").format(step=step + 1, word=word)
    head = QRectF(box.left(), box.top(), box.width() - 12 * grown, high)
    draw_in(painter, head, run(text, theme.type.wire, theme.colours.tx2, shown.present), "start")
    if answers.targets[step] >= 0 and shown.is_told(step):
        side = 8 * grown
        mark = QRectF(box.right() - side - 2, head.center().y() - side / 2, side, side)
        draw_verdict(painter, mark, bool(answers.right[step]), shown)
    return box.top() + high


def _draw_row(painter: QPainter, shown: Shown, line: QRectF, step: int, output: int) -> None:
    theme, answers = shown.theme, shown.answers
    wide = min(max(line.width() * 0.36, 30), 110 * shown.places.grown)
    on = int(answers.chosen[step]) == output
    role = theme.type.wire if on else theme.type.axis
    ink = theme.colours.tx1 if on else theme.colours.tx3
    name = elided(run(answers.names[output], role, ink, shown.present), wide - 6)
    draw_text(painter, line.left() + wide - 6, middle(name.font, line.center().y()), name, "end")
    draw_cell(painter, shown, line.adjusted(wide, 0, 0, 0), step, output)
