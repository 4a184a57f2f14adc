"""The fields of a training run's settings; each keeps its old value where it gets a wrong one."""

from __future__ import annotations

from typing import final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QLineEdit, QWidget

from rnnviz.engine.recipes import Recipe
from rnnviz.panels.training.settings import OPTIMISERS, Setting, settings, with_optimiser, written

COLUMNS = 3


@final
class Fields(QWidget):
    """Shows a recipe.

    Parameters
    ----------
    recipe : Recipe
        What is shown first.
    parent : QWidget, optional
        The owner.
    """

    recipe_requested = Signal(object)
    """The reader wishes another `Recipe`."""
    refused = Signal(str)
    """What was typed cannot be: a sentence; "" when it can."""

    def __init__(self, recipe: Recipe, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._recipe = recipe
        self._settings = settings()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(2)
        self.optimiser = QComboBox(self)
        self.optimiser.addItems([kind.__name__ for kind in OPTIMISERS])
        self.optimiser.activated.connect(self._choose)
        self._add(self.tr("optimiser"), self.optimiser, 0)
        self.edits: dict[str, QLineEdit] = {}
        for place, setting in enumerate(self._settings, 1):
            edit = self.edits[setting.id] = QLineEdit(self)
            edit.setToolTip(setting.takes)
            edit.editingFinished.connect(lambda s=setting: self._write(s))
            self._add(setting.label, edit, place)
        self.show_recipe(recipe)

    def _add(self, name: str, widget: QWidget, place: int) -> None:
        label = QLabel(name, self)
        label.setProperty("role", "hint")
        label.setBuddy(widget)
        widget.setAccessibleName(name)
        widget.setMinimumWidth(48)
        row, column = divmod(place, COLUMNS)
        self._grid.addWidget(label, 2 * row, column)
        self._grid.addWidget(widget, 2 * row + 1, column)
        self._grid.setColumnStretch(column, 1)

    def show_recipe(self, recipe: Recipe) -> None:
        """Show another recipe; a field that is being typed in keeps its text."""
        self._recipe = recipe
        kind = type(recipe.optimiser)
        self.optimiser.setCurrentIndex(OPTIMISERS.index(kind) if kind in OPTIMISERS else -1)
        for setting in self._settings:
            edit = self.edits[setting.id]
            if not edit.isModified():
                edit.setText(setting.read(recipe))
                _mark(edit, wrong=False)

    def _choose(self, index: int) -> None:
        found = with_optimiser(self._recipe, OPTIMISERS[index])
        if found is not self._recipe:
            self.recipe_requested.emit(found)

    def _write(self, setting: Setting) -> None:
        edit = self.edits[setting.id]
        if not edit.isModified():
            return
        found = written(setting, self._recipe, edit.text())
        _mark(edit, wrong=found is None)
        self.refused.emit(setting.takes if found is None else "")
        if found is None:
            # The old value stays the one that holds; what was typed stays to be mended.
            return
        edit.setModified(False)
        edit.setText(setting.read(found))
        if found != self._recipe:
            self.recipe_requested.emit(found)


def _mark(edit: QLineEdit, wrong: bool) -> None:
    if bool(edit.property("wrong")) != wrong:
        edit.setProperty("wrong", wrong)
        edit.style().unpolish(edit)
        edit.style().polish(edit)
