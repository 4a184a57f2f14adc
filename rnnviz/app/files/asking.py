"""Questions: a short text with a few buttons, and the dialogs in which a file is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

WIDTH = 440
CANCEL = "cancel"


@final
@dataclass(frozen=True)
class Answer:
    """A button of a question.

    Attributes
    ----------
    id : str
        What `ask` gives.
    text : str
        On the button.
    primary : bool
        What Enter chooses.
    apart : bool
        Whether it stands at the left, away from the others, as what loses something does.
    """

    id: str
    text: str
    primary: bool = False
    apart: bool = False


@final
class Question(QDialog):
    """A question that has to be answered before the program goes on.

    Parameters
    ----------
    title : str
        The question, short.
    text : str
        What follows from the answers; plain text.
    answers : sequence of Answer
        The buttons from left to right.
    parent : QWidget
        Above which window.
    """

    def __init__(self, title: str, text: str, answers: Sequence[Answer], parent: QWidget) -> None:
        super().__init__(parent)
        self.chosen = CANCEL
        self.setWindowTitle(title)
        self.setMinimumWidth(WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(8)
        column.addWidget(plain_label(title, self, "title"))
        column.addWidget(plain_label(text, self))
        column.addSpacing(10)
        column.addLayout(self._row(answers))

    def _row(self, answers: Sequence[Answer]) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        for answer in sorted(answers, key=lambda a: not a.apart):
            button = QPushButton(answer.text, self)
            button.setObjectName(answer.id)
            button.setProperty("primary", "true" if answer.primary else "false")
            button.setDefault(answer.primary)
            button.setMinimumHeight(32)
            button.clicked.connect(lambda _=False, name=answer.id: self._choose(name))
            row.addWidget(button)
            if answer.apart:
                row.addStretch(1)
        if not any(answer.apart for answer in answers):
            row.insertStretch(0, 1)
        return row

    def _choose(self, name: str) -> None:
        self.chosen = name
        self.accept()


def ask(title: str, text: str, answers: Sequence[Answer], parent: QWidget) -> str:
    """The id of the answer; "cancel" where the question was closed."""
    question = Question(title, text, answers, parent)
    question.exec()
    question.deleteLater()
    return question.chosen


def plain_label(text: str, parent: QWidget, role: str = "body") -> QLabel:
    """A text that is never taken for HTML, and breaks its lines."""
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("role", role)
    label.setWordWrap(True)
    label.setText(text)
    return label


def ask_open(title: str, folder: Path, kinds: str, parent: QWidget) -> Path | None:
    """A file to read that a person chose, or None."""
    dialog = QFileDialog(parent, title, str(folder), kinds)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    return _chosen(dialog)


def ask_save(title: str, proposed: Path, kinds: str, ending: str, parent: QWidget) -> Path | None:
    """A file to write that a person chose, or None; the dialog asks before one is replaced.

    Parameters
    ----------
    ending : str
        What a name without an ending gets, such as ".rnnviz"; "" for a folder's name.
    """
    dialog = QFileDialog(parent, title, str(proposed.parent), kinds)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    dialog.setDefaultSuffix(ending.removeprefix("."))
    dialog.selectFile(proposed.name)
    return _chosen(dialog)


def _chosen(dialog: QFileDialog) -> Path | None:
    done = dialog.exec()
    files = dialog.selectedFiles()
    dialog.deleteLater()
    return Path(files[0]) if done and files and files[0] else None
