"""The small window that draws weights anew: which, by which scheme, from which seed."""

from __future__ import annotations

from collections.abc import Callable
from typing import final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QFrame,
    QPushButton,
    QSpinBox,
    QWidget,
)

from rnnviz.document.edits import Reinitialise
from rnnviz.engine.initial_weights import STANDARD
from rnnviz.engine.initialise import SCHEMES
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.weights.model import Shown
from rnnviz.panels.weights.tabs import name_of

SEEDS = 2**31 - 1


@final
class Anew(QFrame):
    """Asks how weights are to be drawn.

    Parameters
    ----------
    owner : QWidget
        Beside what.
    shown : Shown
        The weights that are looked at.
    path : str
        The one that is selected.
    wish : callable
        Takes the edit; False where it cannot be made.
    """

    def __init__(
        self, owner: QWidget, shown: Shown, path: str, wish: Callable[[Reinitialise], bool]
    ) -> None:
        super().__init__(owner, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("anew")
        self._shown, self._path, self._wish = shown, path, wish
        self.which = QComboBox(self)
        self.which.addItem(self.tr("only {name}").format(name=name_of(path)), (path,))
        if len(shown.tab.paths) > 1:
            names = ", ".join(map(name_of, shown.tab.paths))
            self.which.addItem(names, shown.tab.paths)
        self.which.addItem(self.tr("all weights"), None)
        self.scheme = QComboBox(self)
        self.scheme.addItem(self.tr("as the document says"), None)
        for name in SCHEMES:
            self.scheme.addItem(name.replace("_", " "), name)
        self.seed = QSpinBox(self)
        self.seed.setRange(0, SEEDS)
        self.seed.setValue(shown.document.seed)
        self.draw = QPushButton(self.tr("Draw anew"), self)
        self.draw.clicked.connect(self._ask)
        form = QFormLayout(self)
        form.setContentsMargins(14, 12, 14, 12)
        form.addRow(self.tr("Weights"), self.which)
        form.addRow(self.tr("Scheme"), self.scheme)
        form.addRow(self.tr("Seed"), self.seed)
        form.addRow(self.draw)

    def show_at(self, place: QPoint, theme: Theme) -> None:
        """Show it with its upper right corner at a place of the screen."""
        edge, ground = theme.colours.line2.hex, theme.colours.bg1.hex
        self.setStyleSheet(f"QFrame#anew {{ background: {ground}; border: 1px solid {edge}; }}")
        self.adjustSize()
        self.move(place.x() - self.width(), place.y())
        self.show()
        self.scheme.setFocus()

    def _ask(self) -> None:
        scheme, paths = self.scheme.currentData(), self.which.currentData()
        own = self._shown.document.scheme or STANDARD
        edit = Reinitialise(
            own if scheme is None else str(scheme),
            self.seed.value(),
            None if paths is None else tuple(paths),
        )
        if self._wish(edit):
            self.seed.setValue(min(self.seed.value() + 1, SEEDS))
