"""The choice of what is learned from: the sequence itself, the sample's data, or a file."""

from __future__ import annotations

from typing import final

from PySide6.QtCore import Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget

from rnnviz.document.learning.fitting import Kind, sample_of
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
        self._known: tuple[str, str, str] | None = None
        self.addItems([self.tr("This sequence"), self.tr("The sample's data"), self.tr("File…")])
        self.setAccessibleName(self.tr("Learn from"))
        self.setToolTip(self.tr("Learn from"))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(80)
        self.activated.connect(lambda index: self.kind_chosen.emit(KINDS[index]))

    def show_sight(self, sight: Sight) -> None:
        """Show what is chosen, and whether the sample's data are known."""
        document, data = sight.frame.document, sight.training.data
        key = (document.title, document.licence, document.source)
        if key != self._known:
            self._known = key
            sample = sample_of(document)
            model = self.model()
            if isinstance(model, QStandardItemModel):
                model.item(1).setEnabled(sample is not None)
            said = self.tr("The sample's data")
            self.setItemText(1, said if sample is None else f"{said}: {sample.title}")
        name = self.tr("File…")
        if data.kind == "file" and data.path is not None:
            name = data.path.name
        self.setItemText(2, name)
        self.setCurrentIndex(KINDS.index(data.kind))
