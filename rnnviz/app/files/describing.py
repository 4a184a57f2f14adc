"""What is said about a document: its title and its notes, to be changed, and facts, to be read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import final

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from rnnviz.app.commands.described import network_rows, said_score
from rnnviz.app.files.asking import plain_label
from rnnviz.app.files.forms import buttons, mark_wrong
from rnnviz.document.document import Document
from rnnviz.document.edits import SetNotes, SetTitle
from rnnviz.document.errors import visible
from rnnviz.panels.texts import translate
from rnnviz.session.session import Session

SHOWN = 600
"""Characters of a fact."""


@final
class AboutDialog(QDialog):
    """Title, notes and facts of the open document; the changes are one step of undo.

    Parameters
    ----------
    session : Session
        What is open.
    path : Path or None
        The file that it belongs to.
    parent : QWidget
        The window.
    """

    def __init__(self, session: Session, path: Path | None, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        document = session.store.document
        self.setWindowTitle(self.tr("About this document"))
        self.resize(600, 600)
        self._title = QLineEdit(document.title, self)
        self._title.setPlaceholderText(self.tr("untitled"))
        self._title.setAccessibleName(self.tr("Title"))
        self._notes = QPlainTextEdit(document.notes.strip("\n"), self)
        self._notes.setPlaceholderText(self.tr("What should a reader know?"))
        self._notes.setAccessibleName(self.tr("Notes"))
        self._notes.setTabChangesFocus(True)
        self._fault = plain_label("", self, "error")
        self._fault.hide()
        session.refused.connect(self._show_fault)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(8)
        column.addWidget(plain_label(self.tr("Title"), self, "hint"))
        column.addWidget(self._title)
        column.addWidget(plain_label(self.tr("Notes"), self, "hint"))
        column.addWidget(self._notes, 1)
        column.addWidget(self._fault)
        column.addSpacing(6)
        column.addLayout(self._facts(document, path))
        column.addSpacing(8)
        column.addLayout(buttons(self, self.tr("&Keep"), self._keep))

    def _facts(self, document: Document, path: Path | None) -> QFormLayout:
        form = QFormLayout()
        form.setHorizontalSpacing(20)
        form.setVerticalSpacing(5)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for name, value in facts(document, path):
            label = plain_label(name, self, "hint")
            label.setWordWrap(False)
            text = plain_label(visible(value, SHOWN), self)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            text.setAccessibleName(name)
            form.addRow(label, text)
        return form

    def edit_title(self) -> None:
        """Begin with the title."""
        self._title.selectAll()
        self._title.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _keep(self) -> None:
        document, session = self._session.store.document, self._session
        self._fault.hide()
        title, notes = SetTitle(self._title.text()), SetNotes(self._notes.toPlainText())
        same_title = title.title.strip() == document.title
        same_notes = notes.notes == document.notes.strip("\n")
        if same_title and same_notes:
            done = True
        elif same_notes:
            done = session.apply(title)
        elif same_title:
            done = session.apply(notes)
        else:
            done = session.apply_all((title, notes), self.tr("Change title and notes"))
        if done:
            self.accept()

    @Slot(object, str)
    def _show_fault(self, edit: object, why: str) -> None:
        mark_wrong(self._title, isinstance(edit, SetTitle))
        self._fault.setText(why)
        self._fault.show()


def facts(document: Document, path: Path | None) -> Iterator[tuple[str, str]]:
    """(name, value) of what is so and cannot be typed."""
    yield from network_rows(document.network)
    if document.score is not None:
        yield translate("About", "score"), said_score(document.score)
    if document.history is not None:
        count = len(document.history.moments)
        words = translate("About", "{count} moments are kept")
        yield translate("About", "training"), words.format(count=count)
    for name, value in (
        (translate("About", "language"), document.language),
        (translate("About", "licence of the data"), document.licence),
        (translate("About", "source of the data"), document.source),
    ):
        if value:
            yield name, value
    where = translate("About", "not saved yet") if path is None else str(path)
    yield translate("About", "file"), where
