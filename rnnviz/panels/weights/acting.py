"""What the reader does to weights: edits of numbers, and the clipboard, as a spreadsheet has it."""

from __future__ import annotations

from time import monotonic
from typing import final

import numpy as np
from PySide6.QtCore import QObject, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication

from rnnviz.document.edits import (
    IdentityWeights,
    SetWeight,
    SetWeightMatrix,
    SetWeightRow,
    ZeroWeights,
)
from rnnviz.document.edits.base import Edit, EditError
from rnnviz.document.edits.pasting import numbers_from_text
from rnnviz.engine.arrays import Array
from rnnviz.engine.errors import EngineError
from rnnviz.panels.changing import DIGITS, Streak, ValueDrag
from rnnviz.panels.panel import Panel
from rnnviz.panels.weights.grid import Cell, Grid
from rnnviz.panels.weights.model import Shown
from rnnviz.panels.weights.tabs import name_of

STEP, FINE = 0.1, 0.01
SOON = 1.0
"""Seconds in which a minus and a digit are one number."""
BEGINS = tuple("123456789.,")
"""What begins a number that is typed; 0 alone sets it to zero."""
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_SIGNS = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Equal: 1, Qt.Key.Key_Minus: -1, Qt.Key.Key_Underscore: -1}


@final
class Acting(QObject):
    """Turns strokes into edits of the panel.

    Parameters
    ----------
    panel : Panel
        Which wishes them.
    """

    def __init__(self, panel: Panel) -> None:
        super().__init__(panel)
        self._panel = panel
        self._streak = Streak()
        self._minus_at = -SOON

    def select(self, shown: Shown, cell: Cell) -> None:
        """Select a number, and the unit of its row."""
        parts: dict[str, object] = {"weight": (cell.path, shown.index(cell))}
        if shown.tab.quantity or shown.tab.recurrent:
            parts["unit"] = cell.row
        self._panel.selection_requested.emit(parts)

    def set(self, shown: Shown, cell: Cell, value: float, gesture: int | None = None) -> None:
        """Give a number another value."""
        edit = SetWeight(cell.path, shown.index(cell), round(value, DIGITS), gesture=gesture)
        self._panel.edit_requested.emit(edit)

    def wish(self, shown: Shown, edit: Edit) -> bool:
        """Wish an edit; one that cannot be made is said in a sentence, and nothing changes."""
        try:
            edit.apply(shown.document)
        except EngineError as error:
            self._panel.refused.emit(said(error))
            return False
        self._panel.edit_requested.emit(edit)
        return True

    def nudge(self, shown: Shown, cell: Cell, by: float, how: str) -> None:
        """Change a number a little; strokes in quick succession are one step of undo."""
        value = shown.value(cell)
        if np.isfinite(value):
            self.set(shown, cell, value + by, self._streak.number((how, cell)))

    def drag(self, shown: Shown, cell: Cell, start: QPointF) -> ValueDrag:
        """A drag that changes a number."""
        value = shown.value(cell)
        value = value if np.isfinite(value) else 0.0
        return ValueDrag(
            self._panel,
            start,
            value,
            lambda new, gesture: self.set(shown, cell, new, gesture),
        )

    def key(self, shown: Shown, grid: Grid, event: QKeyEvent) -> bool:
        """Answer a key on the matrices."""
        cell = shown.chosen
        if copies_row(event) or event.matches(QKeySequence.StandardKey.Copy):
            self.copy(shown, cell, row=copies_row(event))
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste(shown, cell)
        elif _is_held(event):
            return False
        elif (way := _ARROWS.get(Qt.Key(event.key()))) is not None:
            self.select(shown, grid.moved(cell, *way))
        elif (sign := _SIGNS.get(Qt.Key(event.key()))) is not None:
            self.nudge(shown, cell, STEP * sign, "key")
        elif event.key() == Qt.Key.Key_0:
            self.set(shown, cell, 0.0)
        else:
            return False
        return True

    def typed(self, event: QKeyEvent) -> str:
        """What a key begins to type; after a minus of just now, a number below zero."""
        now, text = monotonic(), event.text()
        after = now - self._minus_at < SOON
        if event.key() == Qt.Key.Key_Minus:
            self._minus_at = now
        elif text != "0":
            self._minus_at = -SOON
        if _is_held(event) or text not in BEGINS:
            return ""
        return f"-{text}" if after else text

    @staticmethod
    def wants(event: QKeyEvent) -> bool:
        """Whether a key is for the matrices rather than for the program."""
        clipboard = (QKeySequence.StandardKey.Copy, QKeySequence.StandardKey.Paste)
        if copies_row(event) or any(map(event.matches, clipboard)):
            return True
        keys = {*_ARROWS, *_SIGNS, Qt.Key.Key_0, Qt.Key.Key_F2}
        wanted = Qt.Key(event.key()) in keys or event.text() in BEGINS
        return wanted and not _is_held(event)

    def copy(self, shown: Shown, cell: Cell, row: bool = False) -> None:
        """Put a matrix, or one row of it, on the clipboard, with tabs between the columns."""
        array = shown.array(cell.path)
        rows = array[cell.row : cell.row + 1] if row else array
        QApplication.clipboard().setText(table_text(rows))
        if row:
            words = self.tr("Row {row} of {name} is on the clipboard.")
        else:
            words = self.tr("{name} is on the clipboard: {rows} rows, {columns} columns.")
        self._panel.hint_requested.emit(
            words.format(
                name=name_of(cell.path), row=cell.row + 1, rows=len(rows), columns=rows.shape[1]
            )
        )

    def paste(self, shown: Shown, cell: Cell) -> None:
        """Put what is on the clipboard in the place of a matrix, of a row, or of a number."""
        text = QApplication.clipboard().text()
        try:
            values = numbers_from_text(text)
            edit = self._pasted(shown, cell, values)
        except EngineError as error:
            self._panel.refused.emit(said(error))
            return
        self.wish(shown, edit)

    def _pasted(self, shown: Shown, cell: Cell, values: Array) -> Edit:
        rows, columns = shown.array(cell.path).shape
        step = shown.step if shown.is_unshared else None
        fits = values.shape == (rows, columns) or (
            shown.is_vector(cell.path) and (values.shape == (1, rows))
        )
        if fits:
            return SetWeightMatrix(cell.path, values, step)
        if values.shape == (1, 1):
            return SetWeight(cell.path, shown.index(cell), float(values[0, 0]))
        if values.shape == (1, columns) and not shown.is_vector(cell.path):
            return SetWeightRow(cell.path, shown.row(cell), tuple(values[0].tolist()))
        came = f"{values.shape[0]} \N{MULTIPLICATION SIGN} {values.shape[1]}"
        words = self.tr("text: {came} numbers came, {name} has {rows} × {columns}")
        raise EditError(
            words.format(came=came, name=name_of(cell.path), rows=rows, columns=columns)
        )

    def zero(self, shown: Shown, path: str) -> None:
        """Set a weight to 0."""
        self.wish(shown, ZeroWeights((path,)))

    def identity(self, shown: Shown, path: str) -> None:
        """Make a matrix the identity."""
        self.wish(shown, IdentityWeights((path,)))


def _is_held(event: QKeyEvent) -> bool:
    """Whether Ctrl or Alt is held."""
    held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    return bool(event.modifiers() & held)


def copies_row(event: QKeyEvent) -> bool:
    """Whether a key copies one row of a matrix: Ctrl+Shift+C."""
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    return event.key() == Qt.Key.Key_C and event.modifiers() == both


def said(error: EngineError) -> str:
    """An error as a sentence: without the name of the argument in front."""
    text = str(error).partition("\n")[0]
    name, colon, rest = text.partition(": ")
    text = rest if colon and name.replace("_", "").isalpha() else text
    return f"{text[:1].upper()}{text[1:]}".rstrip(".") + "."


def table_text(rows: Array) -> str:
    """Numbers as a spreadsheet takes them, with every digit."""
    return "\n".join("\t".join(repr(float(value)) for value in row) for row in rows)
