"""The dialog that offers, at the start, the work that was not saved when a program ended badly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import final

from PySide6.QtCore import QDateTime, QLocale, QSize, Qt, Slot
from PySide6.QtWidgets import (
    QDialog,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from rnnviz.app.files.asking import CANCEL, Answer, ask, plain_label
from rnnviz.app.files.forms import buttons
from rnnviz.document.errors import visible
from rnnviz.panels.texts import translate
from rnnviz.session.recovery import Recovery

ROW = 52
MOST_ROWS = 6
_PLACE = Qt.ItemDataRole.UserRole


@final
class RecoveryDialog(QDialog):
    """Lists what was found. Whatever is neither opened nor discarded is kept for the next time.

    Parameters
    ----------
    found : sequence of Recovery
        The newest first.
    parent : QWidget
        The window.

    Attributes
    ----------
    chosen : Recovery or None
        What is to be opened.
    """

    def __init__(self, found: Sequence[Recovery], parent: QWidget) -> None:
        super().__init__(parent)
        self.chosen: Recovery | None = None
        self._found = list(found)
        self.setWindowTitle(self.tr("Unsaved work was found"))
        self.setMinimumWidth(540)
        self._list = QListWidget(self)
        self._list.setAccessibleName(self.tr("Unsaved work"))
        self._list.itemActivated.connect(self._open)
        for place, recovery in enumerate(self._found):
            item = QListWidgetItem("\n".join(said(recovery)), self._list)
            item.setData(_PLACE, place)
            item.setSizeHint(QSize(0, ROW))
        self._list.setCurrentRow(0)
        self._list.setFixedHeight(ROW * min(len(self._found), MOST_ROWS) + 8)
        discard = QPushButton(self.tr("&Discard"), self)
        discard.setMinimumHeight(32)
        discard.clicked.connect(self._discard)
        row = buttons(self, self.tr("&Open"), self._open, discard)
        later = self.findChild(QPushButton, "cancel")
        if later is not None:
            later.setText(self.tr("&Keep for later"))
        text = self.tr(
            "rnnviz ended before this was saved. Open one now; the others are kept for the next "
            "time."
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(8)
        column.addWidget(plain_label(self.windowTitle(), self, "title"))
        column.addWidget(plain_label(text, self))
        column.addSpacing(4)
        column.addWidget(self._list)
        column.addSpacing(6)
        column.addLayout(row)

    def _current(self) -> Recovery | None:
        item = self._list.currentItem()
        return None if item is None else self._found[int(item.data(_PLACE))]

    @Slot()
    def _open(self) -> None:
        self.chosen = self._current()
        if self.chosen is not None:
            self.accept()

    @Slot()
    def _discard(self) -> None:
        """Delete the chosen one for good, after a question."""
        recovery = self._current()
        if recovery is None:
            return
        answers = (
            Answer(CANCEL, self.tr("Cancel")),
            Answer("discard", self.tr("&Discard"), primary=True),
        )
        title = self.tr("Discard this work?")
        text = self.tr("“{name}” is then gone for good.").format(name=said(recovery)[0])
        if ask(title, text, answers, self) != "discard":
            return
        recovery.discard()
        self._list.takeItem(self._list.currentRow())
        if not self._list.count():
            self.reject()


def said(recovery: Recovery) -> tuple[str, str]:
    """The title; when it was copied and the file that it belongs to."""
    original = recovery.original
    title = recovery.document.title or (original.stem if original else "")
    title = visible(title) or translate("RecoveryDialog", "untitled")
    moment = QDateTime.fromSecsSinceEpoch(int(recovery.saved_at.timestamp()))
    time = QLocale().toString(moment, QLocale.FormatType.ShortFormat)
    if original is None:
        words = translate("RecoveryDialog", "{time}, never saved")
        return title, words.format(time=time)
    words = translate("RecoveryDialog", "{time}, changes to {file}")
    return title, words.format(time=time, file=visible(original))
