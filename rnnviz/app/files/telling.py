"""The dialog that tells of a fault of the program, with a report that can be copied."""

from __future__ import annotations

from typing import final

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from rnnviz.app.files.asking import plain_label
from rnnviz.panels.texts import translate


@final
class FaultDialog(QDialog):
    """Says what happened; nothing is sent anywhere.

    Parameters
    ----------
    title, text : str
        What happened, in plain words.
    report : str
        What can be copied.
    parent : QWidget or None
        The window.
    """

    def __init__(self, title: str, text: str, report: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.resize(620, 400)
        self._report = QPlainTextEdit(report, self)
        self._report.setReadOnly(True)
        self._report.setAccessibleName(self.tr("Report"))
        self._report.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._copied = QPushButton(self.tr("&Copy the report"), self)
        self._copied.clicked.connect(self._copy)
        go_on = QPushButton(self.tr("&Go on"), self)
        go_on.setProperty("primary", "true")
        go_on.setDefault(True)
        go_on.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.addWidget(self._copied)
        row.addStretch(1)
        row.addWidget(go_on)
        for button in (self._copied, go_on):
            button.setMinimumHeight(32)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(8)
        column.addWidget(plain_label(title, self, "title"))
        column.addWidget(plain_label(text, self))
        column.addWidget(self._report, 1)
        column.addSpacing(6)
        column.addLayout(row)
        go_on.setFocus()

    @Slot()
    def _copy(self) -> None:
        QApplication.clipboard().setText(self._report.toPlainText())
        self._copied.setText(self.tr("Copied"))


def show_fault(text: str, safe: bool, parent: QWidget | None) -> QWidget:
    """Open the dialog of an exception that nobody expected."""
    told = translate(
        "FaultDialog",
        "The mistake is the program's, not yours. Your work is still open, and you can go on. "
        "Nothing is sent to anybody; the report below helps us to mend it.",
    )
    if safe:
        kept = translate("FaultDialog", "What was not saved has been copied to a safe place.")
        told = f"{kept} {told}"
    title = translate("FaultDialog", "Something went wrong in rnnviz")
    dialog = FaultDialog(title, told, text, parent)
    dialog.show()
    return dialog


def show_last_words(text: str, parent: QWidget) -> QWidget:
    """Open the dialog of a program that died the last time."""
    told = translate(
        "FaultDialog",
        "The last time, rnnviz ended without warning. Nothing is sent to anybody; the report below "
        "helps us to mend it.",
    )
    title = translate("FaultDialog", "rnnviz ended unexpectedly")
    dialog = FaultDialog(title, told, text, parent)
    dialog.show()
    return dialog
