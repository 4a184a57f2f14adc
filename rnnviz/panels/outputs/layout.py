"""Where the parts of the outputs stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from PySide6.QtCore import QRectF

from rnnviz.engine.arrays import Integers
from rnnviz.panels.canvas.columns import Columns
from rnnviz.panels.canvas.fonts import role_font
from rnnviz.panels.canvas.text import advance
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.outputs.answers import Answers, classes_that_matter

BARS_FROM = 36.0
"""Columns as wide as this show a bar and its number for each class; narrower ones a heat map."""
ROW = 16.5
NARROW_ROW = 12.0
HIGHEST_ROW = 32.0
LIST = 150.0
LIST_FROM = 300.0
NAMES_MOST = 74.0


@final
@dataclass(frozen=True)
class Places:
    """The rows and columns of the panel, in px.

    Attributes
    ----------
    columns : Columns
        One for each step.
    grid : QRectF
        The cells of the classes, or the curve.
    rows : array
        The classes that are shown, from above.
    row : float
        The height of one.
    answers, losses, words : float or None
        The tops of the rows with the answers, the losses, and the words that are read; None where
        there is no room.
    foot : QRectF
        The line with the whole loss; empty where there is no room.
    list : QRectF
        The classes of the current step; empty where the columns say it all.
    grown : float
        How much larger than in the Lab.
    """

    columns: Columns
    grid: QRectF
    rows: Integers
    row: float
    answers: float | None
    losses: float | None
    words: float | None
    foot: QRectF
    list: QRectF
    grown: float

    def cell(self, step: int, place: int) -> QRectF:
        """The cell of a step and of the class in a row."""
        top = self.grid.top() + place * self.row
        return self.columns.box(step, top, top + self.row)

    @property
    def are_wide(self) -> bool:
        """Whether a cell has room for a bar."""
        return self.columns.width >= BARS_FROM * self.grown


@final
@dataclass(frozen=True)
class _Around:
    """What lies above and below the cells: the tops of the rows, and the room that is left."""

    answers: float | None
    losses: float | None
    words: float | None
    foot: QRectF
    room: QRectF


def _around(answers: Answers, size: QRectF, grown: float) -> _Around:
    left, right = 14.0, size.width() - 14.0
    top, foot, high = 4.0, size.height() - 4.0, size.height() / grown
    line = 20.0 * grown
    bottom = QRectF()
    if high >= 96:
        bottom = QRectF(left, foot - line, right - left, line)
        foot -= line + 2
    many = answers.steps > 1
    words = losses = tags = None
    if many and high >= 110:
        words = foot = foot - 15 * grown
    if many and high >= 96 and answers.losses is not None and not answers.is_chain:
        losses = foot = foot - 17 * grown
    if many and not answers.is_numeric and high >= 120:
        tags, top = top, top + 17 * grown
    room = QRectF(left, top, right - left, max(foot - top - 2, 8))
    return _Around(tags, losses, words, bottom, room)


def placed(answers: Answers, size: QRectF, theme: Theme, present: bool) -> Places:
    """The places for a panel of a size."""
    grown = theme.type.control.present / theme.type.control.px if present else 1.0
    around = _around(answers, size, grown)
    room = around.room
    rows = classes_that_matter(answers, max(int(room.height() // (NARROW_ROW * grown)), 1))
    wide = _gutter(answers, rows, theme, present)
    columns = Columns(room.left() + wide, room.right(), answers.steps)
    beside = QRectF()
    if _listed(answers, columns, rows, size.width(), grown):
        span = min(LIST * grown, size.width() * 0.45)
        columns = Columns(room.left() + wide, room.right() - span - 14, answers.steps)
        high = size.height() - around.foot.height() - 10
        beside = QRectF(room.right() - span, 4, span, high)
    row = min(room.height() / max(len(rows), 1), HIGHEST_ROW * grown)
    if answers.is_numeric:
        rows, row = rows[:1], room.height()
    return Places(
        columns,
        QRectF(columns.left, room.top(), columns.right - columns.left, row * len(rows)),
        rows,
        row,
        around.answers,
        around.losses,
        around.words,
        around.foot,
        beside,
        grown,
    )


def _gutter(answers: Answers, rows: Integers, theme: Theme, present: bool) -> float:
    """The room at the left: for the names of the classes, or for the numbers of the axis."""
    font = role_font(theme.type.axis, present)
    if answers.is_numeric:
        return 44.0 if not present else 70.0
    widest = max((advance(answers.names[k], font) for k in rows.tolist()), default=0.0)
    most = NAMES_MOST * (1.6 if present else 1.0)
    return max(min(widest, most), 28.0) + 8


def _listed(answers: Answers, columns: Columns, rows: Integers, width: float, grown: float) -> bool:
    """Whether the classes of the current step stand in a list of their own."""
    if answers.is_numeric or answers.steps == 1 or width < LIST_FROM:
        return False
    return columns.width < BARS_FROM * grown or len(rows) < answers.outputs
