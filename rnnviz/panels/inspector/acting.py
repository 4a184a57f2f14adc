"""What the reader does in the inspector: copies equations, holds gates, keeps an update."""

from __future__ import annotations

from collections.abc import Callable
from typing import final

import numpy as np
from PySide6.QtCore import QObject, QPointF, QRectF
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication

from rnnviz.document.edits import (
    HoldQuantity,
    ReleaseQuantity,
    ReplaceWeights,
    SetVectorValue,
    SetWeight,
)
from rnnviz.engine.pytorch_text import pytorch_cell
from rnnviz.engine.story import Lines
from rnnviz.panels.changing import ValueDrag, limits
from rnnviz.panels.entry import Entry
from rnnviz.panels.gestures import Item
from rnnviz.panels.inspector.binder import Page
from rnnviz.panels.inspector.items import (
    AnswerItem,
    ButtonItem,
    ChoiceItem,
    LineItem,
    LossItem,
    ResultItem,
    TermItem,
    TokenItem,
    WeightItem,
)
from rnnviz.panels.inspector.latex import latex_of
from rnnviz.panels.inspector.page import weight_of
from rnnviz.panels.panel import Panel


@final
class Acting(QObject):
    """Turns gestures into wishes of the panel.

    Parameters
    ----------
    panel : Panel
        Which wishes them.
    entry : Entry
        Its field for typing.
    """

    def __init__(self, panel: Panel, entry: Entry) -> None:
        super().__init__(panel)
        self._panel, self._entry = panel, entry

    def click(self, page: Page, item: Item, box: QRectF) -> None:
        """Answer a click."""
        match item:
            case LineItem(number, _):
                self._copy("\n".join(_lines(page, number).texts))
            case ResultItem():
                self._ask_hold(page, box)
            case TermItem(group, place):
                self._click_term(page, group, place, box)
            case WeightItem():
                self._click_weight(page, item, box)
            case _:
                self._click_rest(page, item)

    def _click_rest(self, page: Page, item: Item) -> None:
        match item:
            case ChoiceItem(value):
                self._clamp(page, value)
            case AnswerItem(unit):
                self._panel.selection_requested.emit({"unit": unit})
            case LossItem(step):
                self._panel.selection_requested.emit({"loss_step": step})
            case TokenItem(_, step):
                self._panel.selection_requested.emit({"step": step})
            case ButtonItem("keep"):
                self._keep(page)
            case ButtonItem("undo"):
                self._panel.command_requested.emit("undo", None)
            case ButtonItem("release"):
                self.release(page)

    def _copy(self, text: str) -> None:
        QApplication.clipboard().setText(text)
        first = text.partition("\n")[0]
        words = self.tr("On the clipboard: {text}")
        self._panel.refused.emit(words.format(text=first))

    def copy_all(self, page: Page) -> None:
        """Copy all equations of the page."""
        if page.account is not None and page.account.lines:
            texts = [text for lines in page.account.lines for text in lines.texts]
            self._copy("\n".join(texts))

    # ------------------------------------------------------------------------ holding values

    def drag(self, page: Page, item: Item, at: QPointF) -> ValueDrag | None:
        """A drag on a result holds the quantity; one on a weight changes it."""
        if isinstance(item, WeightItem) and page.evaluation is not None and page.update is None:
            value = float(page.evaluation.document.weights[item.path][item.index])

            def change(new: float, gesture: int) -> None:
                edit = SetWeight(item.path, item.index, new, gesture=gesture)
                self._panel.edit_requested.emit(edit)

            return ValueDrag(self._panel, at, value, change)
        account = page.account
        if not isinstance(item, ResultItem) or account is None:
            return None
        value = account.lines[0].value
        kind = "" if account.operation is None else account.operation.kind
        return ValueDrag(
            self._panel,
            at,
            value if np.isfinite(value) else 0.0,
            lambda new, gesture: self._hold(page, new, gesture),
            within=limits(kind),
        )

    def _hold(self, page: Page, value: float, gesture: int | None = None) -> None:
        account, evaluation = page.account, page.evaluation
        if account is None or evaluation is None:
            return
        path, step = account.path, account.step.place
        is_vector = not isinstance(evaluation.document.sequence, tuple)
        if path == "layer0/x" and is_vector:
            vector = SetVectorValue(step, account.unit, value, gesture=gesture)
            self._panel.edit_requested.emit(vector)
            return
        edit = HoldQuantity(path, step, value, account.unit, gesture=gesture)
        self._panel.edit_requested.emit(edit)

    def _ask_hold(self, page: Page, box: QRectF) -> None:
        if page.account is None:
            return
        lines = page.account.lines[0]
        area = QRectF(box.left() - 10, box.top(), max(box.width() + 20, 96), 28)
        if area.right() > self._panel.width() - 8:
            area.moveRight(self._panel.width() - 8)
        name = self.tr("Hold {name} at").format(name=lines.name)
        self._entry.ask(area, lines.value, name, lambda value: self._hold(page, value))

    def release(self, page: Page) -> None:
        """Let the quantity free again."""
        account = page.account
        if account is None:
            return
        edit = ReleaseQuantity(account.path, account.step.place, account.unit)
        self._panel.edit_requested.emit(edit)

    def _clamp(self, page: Page, value: float | None) -> None:
        account = page.account
        if account is None:
            return
        path, step = account.path, account.step.place
        if value is None:
            self._panel.edit_requested.emit(ReleaseQuantity(path, step))
        else:
            self._panel.edit_requested.emit(HoldQuantity(path, step, value))

    # ------------------------------------------------------------------------------- weights

    def _click_term(self, page: Page, group: int, place: int, box: QRectF) -> None:
        """The bar of a bias asks for its number; another copies what it says."""
        account, evaluation = page.account, page.evaluation
        if account is None or evaluation is None:
            return
        if account.back is None and group < len(account.lines):
            terms = account.lines[group].terms
            if place < len(terms) and terms[place].kind == "bias":
                item, _ = weight_of(account, group, evaluation)
                if item is not None:
                    self._click_weight(page, item, box)
                    return

    def _click_weight(self, page: Page, item: WeightItem, box: QRectF) -> None:
        if page.update is not None or page.evaluation is None:
            self._panel.selection_requested.emit({"weight": (item.path, item.index)})
            return
        value = float(page.evaluation.document.weights[item.path][item.index])
        area = QRectF(0, 0, 96, 27)
        area.moveCenter(box.center())
        area.moveRight(min(area.right(), self._panel.width() - 8.0))

        def keep(new: float) -> None:
            self._panel.edit_requested.emit(SetWeight(item.path, item.index, new))

        self._entry.ask(area, value, item.path.rpartition("/")[2], keep)

    def _keep(self, page: Page) -> None:
        if page.update is not None:
            edit = ReplaceWeights(page.update.weights.vector)
            self._panel.edits_requested.emit([edit], self.tr("Keep one update"))

    # ---------------------------------------------------------------------------------- menu

    def menu(self, page: Page, item: LineItem | ResultItem, box: QRectF) -> list[QAction]:
        """What can be done with an equation."""
        number = item.equation
        lines, account = _lines(page, number), page.account
        assert account is not None
        found = [
            self._action(self.tr("Copy as text"), lambda: self._copy("\n".join(lines.texts))),
            self._action(self.tr("Copy as LaTeX"), lambda: self._copy(_latex(lines))),
        ]
        operation = account.operation
        if operation is not None and operation.scope == "cell":
            cell = account.step.cell
            text = self.tr("Copy the cell as PyTorch")
            found.append(self._action(text, lambda: self._copy(pytorch_cell(cell))))
        if account.back is None and page.can_hold(number):
            text = self.tr("Hold {name} at a value…").format(name=lines.name)
            found.append(self._action(text, lambda: self._ask_hold(page, box)))
            if lines.held:
                text = self.tr("Release {name}").format(name=lines.name)
                found.append(self._action(text, lambda: self.release(page)))
        return found

    def _action(self, text: str, act: Callable[[], None]) -> QAction:
        action = QAction(text, self._panel)
        action.triggered.connect(lambda _=False: act())
        return action


def _lines(page: Page, number: int) -> Lines:
    assert page.account is not None
    return page.account.lines[number]


def _latex(lines: Lines) -> str:
    rows = [latex_of(row) for row in (lines.symbols, lines.numbers, lines.result) if row]
    return " \\\\\n".join(rows)
