"""Parts that the dialogs share: the row of buttons at the foot, and fields that are wrong."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QWidget

from rnnviz.panels.texts import translate


def buttons(
    dialog: QDialog, text: str, do: Callable[[], object], *others: QPushButton
) -> QHBoxLayout:
    """Cancel and a primary button at the right; the others at the left."""
    cancel = QPushButton(translate("Dialog", "Cancel"), dialog)
    cancel.setObjectName("cancel")
    cancel.clicked.connect(dialog.reject)
    cancel.setAutoDefault(False)
    primary = QPushButton(text, dialog)
    primary.setObjectName("primary")
    primary.setProperty("primary", "true")
    primary.setDefault(True)
    primary.clicked.connect(do)
    row = QHBoxLayout()
    row.setSpacing(8)
    for other in others:
        other.setAutoDefault(False)
        row.addWidget(other)
    row.addStretch(1)
    for button in (cancel, primary):
        button.setMinimumHeight(32)
        row.addWidget(button)
    return row


def mark_wrong(field: QWidget, wrong: bool) -> None:
    """Outline a field in the colour of errors, or no more."""
    field.setProperty("wrong", "true" if wrong else "false")
    field.style().unpolish(field)
    field.style().polish(field)
