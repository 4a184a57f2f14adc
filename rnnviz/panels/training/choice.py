"""The choice of what is learned from: the sequence itself, the sample's data, or a file."""

from __future__ import annotations

from typing import final

from PySide6.QtCore import Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget

from rnnviz.document.data_choice import Kind
from rnnviz.document.document import Document
from rnnviz.panels.sight import Sight

KINDS: tuple[Kind, ...] = ("own", "sample", "file")


@final
class DataChoice(QComboBox):
    """Shows from what is learned.

    Parameters
    ----------
    parent : QWidget, optional
        The owner.
    """

    kind_chosen = Signal(str)
    """The reader chose one of `KINDS`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document: Document | None = None
        self.addItems([self.tr("This sequence"), self.tr("The sample's data"), self.tr("File…")])
        self.setAccessibleName(self.tr("Learn from"))
        self.setToolTip(self.tr("Learn from"))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(80)
        self.activated.connect(lambda index: self.kind_chosen.emit(KINDS[index]))

    def show_sight(self, sight: Sight) -> None:
        """Show what is chosen."""
        data = sight.training.data
        self._document = sight.frame.document
        name = self.tr("File…")
        if data.kind == "file" and data.path is not None:
            name = data.path.name
        self.setItemText(2, name)
        self.setCurrentIndex(KINDS.index(data.kind))

    def _name_sample(self) -> None:
        """Say which sample the document came from, or that none is known."""
        # All data sets hang on this, which no window needs to open.
        from rnnviz.document.learning.fitting import sample_of

        sample = None if self._document is None else sample_of(self._document)
        model, said = self.model(), self.tr("The sample's data")
        if isinstance(model, QStandardItemModel):
            model.item(1).setEnabled(sample is not None)
        self.setItemText(1, said if sample is None else f"{said}: {sample.title}")

    # ------------------------------------------------------------------------------ Qt's own

    def showPopup(self) -> None:
        """Find out what can be chosen when it is asked for."""
        self._name_sample()
        super().showPopup()
