"""What can be pointed at in the matrix, and what it says."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF

from rnnviz.engine.arrays import Array
from rnnviz.panels.canvas.fonts import sans
from rnnviz.panels.canvas.hit import Field
from rnnviz.panels.canvas.text import Line, Run, run, size, symbol
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.gestures import Item
from rnnviz.panels.losses.layout import Geometry
from rnnviz.panels.losses.matrix import Question, possible
from rnnviz.panels.texts import translate


@dataclass(frozen=True)
class Cell:
    """What one loss sends to one step."""

    loss: int
    step: int


@dataclass(frozen=True)
class Row:
    """A loss."""

    loss: int


@dataclass(frozen=True)
class Compute:
    """The button that computes a large matrix."""


def describe(
    item: Item,
    asked: Question | None,
    values: Array | None,
    before: Array | None,
    theme: Theme,
) -> Line:
    """The number of a cell, a row in words, or what the button does."""
    role, ink = theme.type.control, theme.colours.tx1
    if isinstance(item, Compute):
        text = translate("LossMatrixPanel", "Compute the gradient of each loss alone")
        return (run(text, role, ink),)
    if asked is None or not isinstance(item, Cell | Row) or item.loss >= len(asked.rows):
        return ()
    if isinstance(item, Cell) and item.step >= len(asked.columns):
        return ()
    if isinstance(item, Row) or values is None:
        return (run(_row_words(asked, item.loss), role, ink),)
    why = _why_nothing(item, asked, values)
    if why:
        return (run(why, role, ink),)
    line = _number(item, asked, values, theme)
    if before is None or before[item.loss, item.step] == values[item.loss, item.step]:
        return line
    text = translate("LossMatrixPanel", "   before {size}")
    was = text.format(size=size(float(before[item.loss, item.step])))
    return (*line, run(was, role, theme.colours.tx2))


def _row_words(asked: Question, loss: int) -> str:
    if asked.whole:
        return translate("LossMatrixPanel", "the loss")
    text = translate("LossMatrixPanel", "the loss at t = {k}: click to see its gradient alone")
    return text.format(k=loss + 1)


def _why_nothing(item: Cell, asked: Question, values: Array) -> str:
    can = possible((values.shape[0], values.shape[1]), asked.reach)
    text = ""
    if can is not None and not can[item.loss, item.step]:
        text = translate("LossMatrixPanel", "the loss at t = {k} does not depend on t = {t}")
    elif not asked.counts(item.loss):
        text = translate("LossMatrixPanel", "no loss is taken at t = {k}")
    return text.format(k=item.loss + 1, t=item.step + 1)


def _number(item: Cell, asked: Question, values: Array, theme: Theme) -> Line:
    plain, ink = sans(12, 500), theme.colours.tx1
    loss = "" if asked.whole else str(item.loss + 1)
    both = ""
    if len(asked.paths) > 1:
        both = "  " + translate("LossMatrixPanel", "both directions")
    return (
        Run("|∂", plain, ink),
        *symbol("L", loss, theme, 12, ink),
        Run("/∂", plain, ink),
        *symbol(asked.state, str(item.step + 1), theme, 12),
        Run(f"| = {size(float(values[item.loss, item.step]))}", plain, ink),
        run(both, theme.type.control, theme.colours.tx2),
    )


def cells_field(place: Geometry) -> Field[Item]:
    """Cells, and left of them the rows, found by arithmetic."""

    def at(point: QPointF) -> Item | None:
        row = int(np.floor((point.y() - place.box.top()) / place.high))
        if not 0 <= row < place.rows:
            return None
        column = place.steps.at(point.x())
        return Row(row) if column is None else Cell(row, column)

    def box_of(item: Item) -> QRectF | None:
        if isinstance(item, Cell):
            return place.cell(item.loss, item.step)
        if isinstance(item, Row):
            return QRectF(0, place.row(item.loss).top(), place.box.left() - 4, place.high)
        return None

    return Field(QRectF(0, place.box.top(), place.box.right(), place.box.height()), at, box_of)
