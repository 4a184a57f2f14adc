"""The panel of the matrix: how much of each loss arrives at each step."""

from __future__ import annotations

from functools import partial
from typing import final

from PySide6.QtCore import QPointF, QRectF, Qt, Slot
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from rnnviz.engine.arrays import Array
from rnnviz.panels.background import Background
from rnnviz.panels.canvas.hit import HitMap
from rnnviz.panels.canvas.layer import StaticLayer
from rnnviz.panels.canvas.step_labels import draw_step_labels
from rnnviz.panels.canvas.strokes import cursor_frame, framed, selection_frame
from rnnviz.panels.canvas.text import Line
from rnnviz.panels.cursor import cursor
from rnnviz.panels.gestures import Gestures, Item, Table
from rnnviz.panels.losses.items import Cell, Compute, Row, cells_field, describe
from rnnviz.panels.losses.layout import Geometry, geometry
from rnnviz.panels.losses.matrix import (
    AT_ONCE,
    UNASKED,
    Answers,
    Matrix,
    Question,
    compute,
    question,
)
from rnnviz.panels.losses.painting import draw_before, draw_matrix, draw_row_words, draw_scale
from rnnviz.panels.losses.waiting import draw_failed, draw_nothing, draw_waiting
from rnnviz.panels.panel import PanelInfo
from rnnviz.panels.picture import PicturePanel
from rnnviz.panels.sight import Sight
from rnnviz.panels.texts import noop
from rnnviz.session.selection import Spot


@final
class LossMatrixPanel(PicturePanel):
    """Whose gradient it is: the norm of what each step's loss alone sends to each step."""

    info = PanelInfo(
        "losses",
        noop("PanelInfo", "Loss k → step t"),
        "dock",
        noop(
            "PanelInfo",
            "How much of each loss arrives at each step. Click a row to see the gradient of that "
            "loss alone, and again to see the whole.",
        ),
        width=260,
    )
    grows = True

    def __init__(self, sight: Sight, parent: QWidget | None = None) -> None:
        gestures = Gestures(click=self._click, spot=self._spot, table=self.table)
        super().__init__(sight, gestures, parent)
        self._background = Background("loss matrix", self)
        self._background.arrived.connect(self._arrive)
        self._answers = Answers()
        self._question: Question | None = None
        self._layer = StaticLayer()
        self.legend = self._draw_legend

    @property
    def question(self) -> Question | None:
        """What the matrix is of."""
        found, known = question(self.sight.evaluation, self.sight.selection), self._question
        if found is None or known is None or found.identity != known.identity:
            self._question = found
        return self._question

    @property
    def matrix(self) -> Matrix | None:
        """What is drawn; None where there is none, or not yet."""
        asked = self.question
        if asked is None:
            return None
        if asked not in self._answers:
            if asked.price > AT_ONCE:
                if asked.price <= UNASKED:
                    self._background.ask(asked.key, partial(compute, asked))
                return None
            self._answers.put(asked.key, compute(asked, lambda: False))
        self._answers.keep(asked, self._asked_before)
        return self._answers.get(asked)

    @property
    def values(self) -> Array | None:
        """The numbers of it, `[loss, step]`."""
        return None if self.matrix is None else self.matrix.values

    @property
    def before(self) -> Matrix | None:
        """What was drawn before the last edit, where it has the same losses and steps."""
        now, asked = self.matrix, self._asked_before
        if asked is not None and asked not in self._answers and asked.price <= AT_ONCE:
            self._answers.put(asked.key, compute(asked, lambda: False))
        found = self._answers.get(asked)
        if now is None or found is None or found is now:
            return None
        return found if found.values.shape == now.values.shape else None

    @property
    def _asked_before(self) -> Question | None:
        ghost, selection = self.sight.frame.ghost, self.sight.selection
        return None if ghost is None else question(ghost.evaluation, selection)

    @Slot(object, object)
    def _arrive(self, key: tuple[object, ...], answer: Array | None) -> None:
        self._answers.put(key, answer)
        self.update()

    def _follow(self, now: Sight, before: Sight) -> None:
        if not now.charts_as(before):
            self.update()

    def _draw(self, painter: QPainter, hits: HitMap[Item]) -> None:
        asked, matrix, before = self.question, self.matrix, self.before
        theme = self.sight.theme
        if asked is None:
            draw_nothing(
                painter, QRectF(QPointF(), self.room), self.sight.evaluation is None, theme
            )
            return
        box = self.room
        place = geometry(box, asked.rows, len(asked.columns), theme)
        at = cursor(self.sight, asked.part, place.columns)
        if matrix is None:
            self._draw_waiting(painter, hits, asked)
            return
        self._draw_words(painter, place, asked, at)

        def paint(inner: QPainter) -> None:
            draw_matrix(inner, place, matrix.values, asked.reach, theme)
            if before is not None:
                draw_before(inner, place, matrix.values, before.values, theme)

        key = (matrix, before, place, asked.reach, theme.name)
        self._layer.draw(painter, box, key, paint)
        hits.add_field(cells_field(place))
        self._draw_frames(painter, place, asked, at)

    def _draw_words(
        self, painter: QPainter, place: Geometry, asked: Question, at: int | None
    ) -> None:
        theme, chosen = self.sight.theme, self.sight.selection.loss_step
        square = len(asked.rows) == len(asked.columns)
        lit = [row for row in (chosen, at if square else None) if row is not None]
        draw_row_words(painter, place, asked.rows, lit, theme)
        draw_step_labels(painter, place.steps.xs(), asked.columns, place.baseline, theme, at)

    def _draw_frames(
        self, painter: QPainter, place: Geometry, asked: Question, at: int | None
    ) -> None:
        theme, chosen = self.sight.theme, self.sight.selection.loss_step
        hover = self.sight.hover
        if at is not None:
            frame = place.steps.box(at, place.box.top() - 3, place.box.bottom() + 3)
            cursor_frame(painter, frame, theme)
        if chosen is not None and not asked.whole and chosen < place.rows:
            row = place.row(chosen).adjusted(-2, -1, 2, 1)
            selection_frame(painter, row, theme, 4)
        mine = self.hovered
        if isinstance(mine, Cell) and mine.loss < place.rows and mine.step < place.columns:
            cell = place.cell(mine.loss, mine.step)
            framed(painter, cell, theme.colours.tx1, 2, 1.5)
        elif hover is not None and hover.step < place.columns and hover.step != at:
            box = place.steps.box(hover.step, place.box.top(), place.box.bottom())
            framed(painter, box, theme.colours.tx3, 2, 1, None, (2, 2))

    def _draw_waiting(self, painter: QPainter, hits: HitMap[Item], asked: Question) -> None:
        box, theme = QRectF(QPointF(), self.room), self.sight.theme
        if asked in self._answers:
            draw_failed(painter, box, theme)
            return
        works = self._background.asked == asked.key
        button = draw_waiting(painter, box, asked, works, theme)
        if button is not None:
            hits.add(button, Compute())

    def _draw_legend(self, painter: QPainter, box: QRectF) -> None:
        theme = self.sight.theme
        self.draw_grown(painter, box, lambda p, b: draw_scale(p, b, theme))

    def _click(self, item: Item, _: Qt.KeyboardModifier) -> None:
        asked = self.question
        if isinstance(item, Compute) and asked is not None:
            self._background.ask(asked.key, partial(compute, asked), 0)
            self.update()
        if isinstance(item, Cell | Row) and asked is not None and not asked.whole:
            chosen = self.sight.selection.loss_step
            loss = None if item.loss == chosen else item.loss
            self.selection_requested.emit({"loss_step": loss})

    def _spot(self, item: Item) -> Spot | None:
        asked = self.question
        if not isinstance(item, Cell) or asked is None:
            return None
        return Spot(f"{asked.part}/{asked.state}", self.sight.selection.unit, item.step)

    def describe(self, item: Item) -> Line:
        """The number of a cell, a row in words, or what the button does."""
        before = None if self.before is None else self.before.values
        return describe(item, self.question, self.values, before, self.sight.theme)

    def table(self) -> Table:
        """One row a loss."""
        asked, values = self.question, self.values
        if asked is None or values is None:
            return []
        rows = [(name, *row) for name, row in zip(asked.rows, values.tolist(), strict=True)]
        return [("loss", *asked.columns), *rows]
