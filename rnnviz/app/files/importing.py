"""The dialog that asks which of somebody's models is meant, and what its file does not tell."""

from __future__ import annotations

from pathlib import Path
from typing import final

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from rnnviz.app.files.asking import ask_open, plain_label
from rnnviz.app.files.desk import sentence
from rnnviz.app.files.forms import buttons, mark_wrong
from rnnviz.app.files.reading import Models, document_of_model
from rnnviz.document.conversion import words_from
from rnnviz.document.document import Document
from rnnviz.document.errors import visible
from rnnviz.engine.errors import EngineError
from rnnviz.panels.texts import tip_text

ROW = 48
MOST_ROWS = 6


@final
class ImportDialog(QDialog):
    """Lists what was found; a wrong choice is said beneath, and the dialog stays.

    Parameters
    ----------
    models : Models
        What was found.
    parent : QWidget
        The window.

    Attributes
    ----------
    document : Document or None
        What was made when the dialog was accepted.
    """

    def __init__(self, models: Models, parent: QWidget) -> None:
        super().__init__(parent)
        self.document: Document | None = None
        self._models = models
        self.setWindowTitle(self.tr("Import a model"))
        self.setMinimumWidth(640)
        self._list = self._listed()
        self._words = QLineEdit(self)
        self._words.setPlaceholderText(self.tr("a text file with a word in every line"))
        self._words.setAccessibleName(self.tr("Vocabulary"))
        self._labels = QLineEdit(self)
        self._labels.setPlaceholderText(self.tr("names with commas between, such as bad, good"))
        self._labels.setAccessibleName(self.tr("Outputs"))
        self._relu = QCheckBox(self.tr("Its vanilla cell has relu in place of tanh"), self)
        self._fault = plain_label("", self, "error")
        self._fault.setAccessibleName(self.tr("What is wrong"))
        self._compose()

    def _listed(self) -> QListWidget:
        found = QListWidget(self)
        found.setAccessibleName(self.tr("Models"))
        found.setWordWrap(False)
        for number, one in enumerate(self._models.found, 1):
            name = visible(one.name) if one.name else self.tr("Model {n}").format(n=number)
            item = QListWidgetItem(f"{name}\n{one.summary}")
            item.setToolTip(tip_text(one.summary))
            item.setSizeHint(QSize(0, ROW))
            found.addItem(item)
        found.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        found.setCurrentRow(0)
        found.setFixedHeight(ROW * min(max(found.count(), 1), MOST_ROWS) + 8)
        found.itemActivated.connect(self._import)
        found.currentRowChanged.connect(self._show_choices)
        return found

    def _compose(self) -> None:
        count = len(self._models.found)
        words = (
            self.tr("{name} holds one model.")
            if count == 1
            else self.tr("{name} holds {count} models. Which one?")
        )
        title = words.format(name=visible(self._models.path.name), count=count)
        browse = QPushButton(self.tr("Choose…"), self)
        browse.clicked.connect(self._browse)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._words, 1)
        row.addWidget(browse)
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        form.addRow(self.tr("Vocabulary"), row)
        form.addRow(self.tr("Outputs"), self._labels)
        form.addRow("", self._relu)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(10)
        column.addWidget(plain_label(title, self, "title"))
        column.addWidget(self._list)
        column.addLayout(form)
        column.addWidget(self._fault)
        column.addLayout(buttons(self, self.tr("&Import"), self._import))
        self._fault.hide()
        self._show_choices(self._list.currentRow())

    @Slot(int)
    def _show_choices(self, row: int) -> None:
        """Offer relu where there is a vanilla cell, and names where rnnviz did not write them."""
        one = self._models.found[max(row, 0)]
        vanilla = any(layer.cell.name.startswith("rnn") for layer in one.layers)
        self._relu.setVisible(vanilla)
        self._words.setEnabled(one.exact is None)
        self._labels.setEnabled(one.exact is None)

    @Slot()
    def _browse(self) -> None:
        kinds = self.tr("Texts (*.txt *.vocab);;All files (*)")
        path = ask_open(self.tr("Vocabulary"), self._models.path.parent, kinds, self)
        if path is not None:
            self._words.setText(str(path))

    @Slot()
    def _import(self) -> None:
        mark_wrong(self._words, False)
        mark_wrong(self._labels, False)
        try:
            self.document = self._made()
        except EngineError as error:
            self._show_fault(sentence(error, Path(self._words.text().strip())))
        except MemoryError:
            self._show_fault(self.tr("There is not enough memory for this model."))
        else:
            self.accept()

    def _made(self) -> Document:
        one = self._models.found[max(self._list.currentRow(), 0)]
        words = self._words.text().strip() if self._words.isEnabled() else ""
        names = self._labels.text() if self._labels.isEnabled() else ""
        labels = tuple(name.strip() for name in names.split(",")) if names.strip() else None
        return document_of_model(
            one,
            self._models.path,
            vocabulary=words_from(Path(words)) if words else None,
            labels=labels,
            relu=self._relu.isVisibleTo(self) and self._relu.isChecked(),
        )

    def _show_fault(self, sentence: str) -> None:
        self._fault.setText(sentence)
        self._fault.show()
        mark_wrong(self._words, sentence.startswith("vocabulary"))
        mark_wrong(self._labels, sentence.startswith("labels"))

    # ------------------------------------------------------------------------------ Qt's own

    def showEvent(self, event: object) -> None:
        """Begin in the list."""
        self._list.setFocus(Qt.FocusReason.OtherFocusReason)
        super().showEvent(event)  # type: ignore[arg-type]
