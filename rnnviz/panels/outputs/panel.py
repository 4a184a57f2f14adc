"""The panel of what the network answers: probabilities or curves, targets, and the loss."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite, nan
from typing import ClassVar, final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QAction, QPainter
from PySide6.QtWidgets import QWidget

from rnnviz.document.edits import SetLossSteps, SetTargets
from rnnviz.document.evaluate import Evaluation
from rnnviz.panels.canvas.hit import HitMap
from rnnviz.panels.canvas.linear import LinearAxis
from rnnviz.panels.canvas.step_labels import draw_step_labels
from rnnviz.panels.canvas.strokes import cursor_frame
from rnnviz.panels.canvas.text import Line, draw_text, elided, middle, run
from rnnviz.panels.gestures import Drag, Gestures, Item, Table
from rnnviz.panels.outputs.answers import Answers, told
from rnnviz.panels.outputs.classes import draw_classes
from rnnviz.panels.outputs.costs import draw_foot, draw_ground, draw_losses, light
from rnnviz.panels.outputs.curve import axis_of, draw_curves
from rnnviz.panels.outputs.items import AnswerAt, Choice, ClassAt, LossAt, NumberAt, TargetPoint
from rnnviz.panels.outputs.layout import placed
from rnnviz.panels.outputs.listing import draw_list
from rnnviz.panels.outputs.menu import actions
from rnnviz.panels.outputs.shown import Shown
from rnnviz.panels.outputs.wishes import first_number, set_number, toggled_loss, toggled_target
from rnnviz.panels.outputs.words import describe, draw_score, nothing, table
from rnnviz.panels.panel import PanelInfo, next_gesture
from rnnviz.panels.picture import PicturePanel
from rnnviz.panels.sight import Sight
from rnnviz.panels.texts import noop
from rnnviz.session.selection import Spot

WHEEL = 0.01


@final
class TargetDrag:
    """A drag of one target of a regression; the axis does not move under the pointer."""

    def __init__(self, panel: OutputsPanel, point: TargetPoint, axis: LinearAxis) -> None:
        self._panel, self._point, self._axis = panel, point, axis
        self._gesture, self._first = next_gesture(), self._value()

    def _value(self) -> float:
        answers = self._panel.answers
        return (
            nan if answers is None else float(answers.wanted[self._point.step, self._point.output])
        )

    def _set(self, value: float) -> None:
        answers = self._panel.answers
        if answers is not None:
            step, output = self._point.step, self._point.output
            self._panel.edit_requested.emit(set_number(answers, step, output, value, self._gesture))

    def move(self, at: QPointF, _: Qt.KeyboardModifier) -> None:
        """Follow the pointer."""
        self._set(float(f"{self._axis.value(at.y()):.4g}"))

    def drop(self) -> None:
        """Stay."""
        self._panel.locked = None

    def cancel(self) -> None:
        """Put it back; as a part of the same gesture nothing is left of it."""
        self._panel.locked = None
        if isfinite(self._first) and self._value() != self._first:
            self._set(self._first)


@final
class OutputsPanel(PicturePanel):
    """What comes out at each step, what should, and what the difference costs.

    Parameters
    ----------
    sight : Sight
        What is shown first.
    parent : QWidget, optional
        The owner.

    Attributes
    ----------
    locked : LinearAxis or None
        The axis while a target is dragged: it does not move under the pointer.
    """

    info: ClassVar[PanelInfo] = PanelInfo(
        id="outputs",
        title=noop("PanelInfo", "Outputs and loss"),
        area="dock",
        help=noop(
            "PanelInfo",
            "What the network answers at each step, beside the targets, and the loss. Click a "
            "class to make it the target, a box to let the loss of a step count; drag a target of "
            "a curve up or down.",
        ),
        shown=False,
        width=320,
    )

    def __init__(self, sight: Sight, parent: QWidget | None = None) -> None:
        gestures = Gestures(
            click=self._click,
            double_click=self._double_click,
            drag=self._drag_of,
            wheel=self._wheel,
            spot=self._spot,
            menu=self._menu,
            table=self._table,
        )
        super().__init__(sight, gestures, parent)
        self._known: tuple[Evaluation, Answers] | None = None
        self._ghost: tuple[Evaluation, Answers] | None = None
        self._first, self._listed = 0, 0
        self.locked: LinearAxis | None = None
        self._axis: LinearAxis | None = None
        self.legend = self._draw_legend

    @property
    def answers(self) -> Answers | None:
        """The numbers that are shown; None without a sequence or a head."""
        self._known = _answers(self.sight.evaluation, self._known)
        return None if self._known is None else self._known[1]

    def _before(self, now: Answers) -> Answers | None:
        ghost = self.sight.frame.ghost
        self._ghost = _answers(None if ghost is None else ghost.evaluation, self._ghost)
        if self._ghost is None:
            return None
        found = self._ghost[1]
        same = found.names == now.names and found.is_numeric == now.is_numeric
        return found if same and found.values.shape == now.values.shape else None

    @property
    def output(self) -> int:
        """The number of a regression whose curve is shown."""
        answers, selection = self.answers, self.sight.selection
        if answers is None or not selection.path.startswith("head/"):
            return 0
        return min(selection.unit, answers.outputs - 1)

    def describe(self, item: Item) -> Line:
        """What an item says."""
        return () if self.answers is None else describe(item, self.answers, self.sight.theme)

    def _follow(self, now: Sight, before: Sight) -> None:
        old = before.document.score, before.frame.preview
        if (now.document.score, now.frame.preview) != old:
            self.caption_changed.emit()
        self.update()

    def _click(self, item: Item, _: Qt.KeyboardModifier) -> None:
        answers = self.answers
        if answers is None:
            return
        step = _step_to_look_at(answers, item)
        if step is not None:
            self.selection_requested.emit({"step": step})
            return
        edit = self._wish(answers, item)
        if edit is not None:
            self.edit_requested.emit(edit)

    def _wish(self, answers: Answers, item: Item) -> SetTargets | SetLossSteps | None:
        match item:
            case ClassAt(step, output):
                return toggled_target(answers, step, output)
            case LossAt(step):
                return self._toggled_loss(answers, step)
            case Choice(steps):
                return SetLossSteps(steps)
            case NumberAt(step, output):
                return first_number(answers, step, output)
        return None

    def _toggled_loss(self, answers: Answers, step: int) -> SetLossSteps | None:
        if answers.single or answers.is_chain:
            return None
        edit = toggled_loss(answers, step)
        if edit is None:
            self.refused.emit(self.tr("The loss of one step at least has to count."))
        return edit

    def _double_click(self, item: Item, _: Qt.KeyboardModifier) -> None:
        if isinstance(item, TargetPoint) and self.answers is not None:
            self.edit_requested.emit(set_number(self.answers, item.step, item.output, None))

    def _drag_of(self, item: Item, _: QPointF) -> Drag | None:
        if not isinstance(item, TargetPoint) or self._axis is None:
            return None
        self.locked = self._axis
        return TargetDrag(self, item, self._axis)

    def _wheel(self, item: Item | None, notches: float, _: Qt.KeyboardModifier) -> bool:
        answers = self.answers
        if answers is None:
            return False
        if isinstance(item, TargetPoint):
            value = float(answers.wanted[item.step, item.output]) + WHEEL * notches
            self.edit_requested.emit(set_number(answers, item.step, item.output, round(value, 6)))
            return True
        if not isinstance(item, ClassAt) or answers.outputs <= self._listed:
            return False
        self._first = max(0, min(self._first - round(notches), answers.outputs - self._listed))
        self.update()
        return True

    def _spot(self, item: Item) -> Spot | None:
        match item:
            case ClassAt(step, output) | NumberAt(step, output) | TargetPoint(step, output):
                return Spot("head/predictions", output, step)
        return None

    def _menu(self, _: Item | None) -> Sequence[QAction]:
        found = actions(self.answers, self)
        for action, edit in found:
            action.triggered.connect(lambda _=False, e=edit: self.edit_requested.emit(e))
        return [action for action, _ in found]

    def _table(self) -> Table:
        return () if self.answers is None else table(self.answers)

    def _draw_legend(self, painter: QPainter, box: QRectF) -> None:
        score = self.sight.document.score
        if score is not None and not self.sight.frame.preview:
            draw_score(painter, box, score, self.sight.theme, self.sight.present)

    def _draw(self, painter: QPainter, hits: HitMap[Item]) -> None:
        answers = self.answers
        if answers is None:
            self._draw_empty(painter)
            return
        sight = self.sight
        places = placed(answers, QRectF(self.rect()), sight.theme, sight.present)
        known = told(answers, sight.moment)
        shown = Shown(sight, answers, self._before(answers), places, known, self._first)
        if answers.is_numeric:
            self._axis = self.locked or axis_of(shown, self.output)
            draw_curves(painter, hits, shown, self.output, self._axis)
        elif answers.steps == 1:
            whole = QRectF(self.rect()).adjusted(14, 6, -14, -8 - places.foot.height())
            self._listed = draw_list(painter, hits, shown, whole, 0)
        else:
            draw_ground(painter, shown)
            draw_classes(painter, hits, shown)
            if not places.list.isEmpty():
                self._listed = draw_list(painter, hits, shown, places.list, shown.at)
        self._draw_steps(painter, shown)
        draw_losses(painter, hits, shown)
        draw_foot(painter, hits, shown)
        light(painter, hits, shown)

    def _draw_steps(self, painter: QPainter, shown: Shown) -> None:
        places, answers = shown.places, shown.answers
        if answers.steps < 2:
            return
        foot = shown.places.grid.bottom() + 2
        box = places.columns.box(shown.at, places.grid.top() - 2, foot)
        cursor_frame(painter, box, shown.theme)
        if places.words is not None:
            base = places.words + 11 * places.grown
            xs, words = places.columns.xs(), answers.words
            draw_step_labels(painter, xs, words, base, shown.theme, shown.at)

    def _draw_empty(self, painter: QPainter) -> None:
        theme, words = self.sight.theme, nothing(self.sight.document)
        label = elided(run(words, theme.type.hint, theme.colours.tx3), self.width() - 28)
        y = middle(label.font, self.height() / 2)
        draw_text(painter, self.width() / 2, y, label, "middle")


def _answers(
    evaluation: Evaluation | None, known: tuple[Evaluation, Answers] | None
) -> tuple[Evaluation, Answers] | None:
    if evaluation is None or evaluation.document.network.head is None:
        return None
    if known is not None and known[0] is evaluation:
        return known
    return evaluation, Answers(evaluation)


def _step_to_look_at(answers: Answers, item: Item) -> int | None:
    """The step that a click selects: on an answer, or where a target of a curve stands already."""
    if isinstance(item, AnswerAt):
        return item.step
    if isinstance(item, NumberAt) and isfinite(answers.wanted[item.step, item.output]):
        return item.step
    return None
