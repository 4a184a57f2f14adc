"""A field over a chip in which a word is typed, with a list of words that fit."""

from __future__ import annotations

from collections.abc import Callable
from typing import final

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem

from rnnviz.panels.canvas.fonts import sans
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.graph.wishing import Wishing, fitting
from rnnviz.panels.panel import Panel

LEAST = 128
ROW = 26
LONGEST = 400
_ADD = Qt.ItemDataRole.UserRole


@final
class WordField(QLineEdit):
    """The field; a panel has one and shows it where a word is to be typed.

    Parameters
    ----------
    panel : Panel
        The owner.
    wishing : Wishing
        Takes what was typed.
    """

    def __init__(self, panel: Panel, wishing: Wishing) -> None:
        super().__init__(panel)
        self._panel, self._wishing = panel, wishing
        self._place: tuple[int, bool] | None = None
        self.words = QListWidget(panel)
        self.words.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.words.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.words.setAccessibleName(self.tr("Words that fit"))
        self.words.itemClicked.connect(self._choose)
        self.words.hide()
        self.setMaxLength(LONGEST)
        self.setFrame(False)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.textEdited.connect(self._offer)
        self.hide()

    @property
    def is_open(self) -> bool:
        """Whether a word is being typed."""
        return self._place is not None

    def ask(self, box: QRectF, step: int, text: str, insert: bool) -> None:
        """Let a word be typed.

        Parameters
        ----------
        box : QRectF
            The chip.
        step : int
            The place of the word.
        text : str
            What stands there at first, all of it marked.
        insert : bool
            Whether it comes before the word at `step`, rather than in its place.
        """
        self._place = step, insert
        self.setAccessibleName(self.tr("Word {number}").format(number=step + 1))
        self.setFont(sans(self._panel.sight.theme.type.chip.px * self._grown, 500))
        wide = max(round(box.width()) + 24, LEAST)
        left = round(box.center().x() - wide / 2)
        left = max(4, min(left, self._panel.width() - wide - 4))
        self.setGeometry(left, round(box.top()), wide, max(round(box.height()), 30))
        self.setText(text)
        self._show_wrong(False)
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.selectAll()
        self._offer(text)

    @property
    def _grown(self) -> float:
        """How much larger than in the Lab everything is."""
        sight = self._panel.sight
        chip = sight.theme.type.chip
        return sight.scale * chip.present / chip.px if sight.present else 1.0

    def close_field(self) -> None:
        """Leave everything as it was."""
        self._place = None
        self.words.hide()
        self.hide()
        self._panel.setFocus(Qt.FocusReason.OtherFocusReason)

    def _offer(self, text: str) -> None:
        """List the words that fit, and what can be done with one that the network does not know."""
        self._show_wrong(False)
        document = self._wishing.document
        self.words.clear()
        several = len(text.split()) > 1
        for word in [] if several else fitting(document, text):
            self.words.addItem(word)
        plain = text.strip()
        if plain and not several and not document.knows(plain):
            words = self.tr("Add “{word}” to the vocabulary").format(word=plain)
            item = QListWidgetItem(words)
            item.setData(_ADD, plain)
            self.words.addItem(item)
        self._place_list()

    def _place_list(self) -> None:
        count = self.words.count()
        if not count:
            self.words.hide()
            return
        self.words.ensurePolished()
        high = sum(self.words.sizeHintForRow(n) for n in range(count)) + 8
        wide = max(
            self.width(), min(self.words.sizeHintForColumn(0) + 28, round(320 * self._grown))
        )
        left = min(self.x(), self._panel.width() - wide - 4)
        above = self.y() - high - 4
        top = above if above >= 4 else self.geometry().bottom() + 4
        if above < 4:
            high = min(high, max(self._panel.height() - top - 4, ROW + 8))
        self.words.setGeometry(max(left, 4), top, wide, high)
        self.words.show()
        self.words.raise_()

    def _choose(self, item: QListWidgetItem) -> None:
        """Take a word of the list."""
        if self._place is None:
            return
        (step, insert), added = self._place, item.data(_ADD)
        if added:
            fault = self._wishing.add_word(step, str(added), insert)
        else:
            fault = self._wishing.put(step, item.text(), insert)
        self._show_wrong(bool(fault)) if fault else self.close_field()

    def _take(self) -> None:
        """Hand on what was typed; what is refused stays to be mended."""
        chosen = self.words.currentItem()
        if chosen is not None and self.words.isVisible():
            self._choose(chosen)
            return
        if self._place is None:
            return
        step, insert = self._place
        text = self.text()
        if not text.strip() or not (self.isModified() or insert):
            self.close_field()
            return
        fault = self._wishing.put(step, text, insert)
        self._show_wrong(True) if fault else self.close_field()

    def _show_wrong(self, wrong: bool) -> None:
        self.setProperty("wrong", wrong)
        field, rows = _sheets(self._panel.sight.theme, wrong, self._grown)
        self.setStyleSheet(field)
        self.words.setStyleSheet(rows)

    def _walk(self, by: int) -> None:
        count, row = self.words.count(), self.words.currentRow()
        if count:
            row = row + by if row >= 0 else (0 if by > 0 else count - 1)
            self.words.setCurrentRow(max(-1, min(row, count - 1)))

    # ------------------------------------------------------------------------------ Qt's own

    def event(self, event: QEvent) -> bool:
        """Keep every key that is typed from the program's shortcuts."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take with Enter, leave with Esc, walk through the list with the arrows."""
        actions: dict[int, Callable[[], None]] = {
            Qt.Key.Key_Return: self._take,
            Qt.Key.Key_Enter: self._take,
            Qt.Key.Key_Escape: self.close_field,
            Qt.Key.Key_Down: lambda: self._walk(1),
            Qt.Key.Key_Up: lambda: self._walk(-1),
        }
        action = actions.get(event.key())
        if action is not None:
            action()
        else:
            self.words.setCurrentRow(-1)
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leave when another field takes the keyboard."""
        super().focusOutEvent(event)
        if self._place is not None and event.reason() != Qt.FocusReason.PopupFocusReason:
            self._place = None
            self.words.hide()
            self.hide()


def _sheets(theme: Theme, wrong: bool, grown: float) -> tuple[str, str]:
    """The looks of the field and of its list, so much larger than in the Lab."""
    paint = theme.colours
    edge = paint.err if wrong else paint.tx1
    field = (
        f"QLineEdit {{ background: {paint.bg0.hex}; color: {paint.tx1.hex};"
        f" border: 1.6px solid {edge.hex}; border-radius: 15px; padding: 0 8px;"
        f" font-size: {round(theme.type.chip.px * grown)}px;"
        f" selection-background-color: {paint.tx1.hex}; selection-color: {paint.bg1.hex}; }}"
    )
    rows = (
        f"QListWidget {{ background: {paint.bg2.hex}; color: {paint.tx1.hex};"
        f" border: 1px solid {paint.line2.hex}; border-radius: 6px; padding: 3px; outline: 0;"
        f" font-size: {round(theme.type.body.px * grown)}px; }}"
        f"QListWidget::item {{ height: {round(ROW * grown) - 2}px;"
        f" padding-left: 6px; border-radius: 4px; }}"
        f"QListWidget::item:hover {{ background: {paint.bg3.hex}; }}"
        f"QListWidget::item:selected {{ background: {paint.tx1.hex}; color: {paint.bg1.hex}; }}"
    )
    return field, rows
