"""A row of joined buttons of which one is on, and a menu behind it for what is rarer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QToolButton, QWidget

from rnnviz.document.edits.base import Edit


@final
@dataclass(frozen=True, eq=False)
class Option:
    """One of several choices.

    Attributes
    ----------
    text : str
        What it is called.
    edit : Edit or None
        What choosing it does; None where it cannot be chosen.
    on : bool
        Whether it is so now.
    help : str
        What it means.
    """

    text: str
    edit: Edit | None
    on: bool = False
    help: str = ""


@final
class Segments(QWidget):
    """Shows a few options side by side."""

    chosen = Signal(object)
    """The edit of the option that was clicked."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.options: tuple[Option, ...] = ()
        self._group = QButtonGroup(self)
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(2)

    def show_options(self, options: Sequence[Option]) -> None:
        """Show these options; buttons that are there already are used again."""
        self.options = tuple(options)
        while len(self._group.buttons()) < len(options):
            self._add()
        for number, button in enumerate(self._group.buttons()):
            button.setVisible(number < len(options))
            if number < len(options):
                option = options[number]
                button.setText(option.text)
                button.setToolTip(option.help)
                button.setAccessibleName(option.help or option.text)
                button.setEnabled(option.edit is not None or option.on)
        self._show_chosen()

    def _show_chosen(self) -> None:
        """Check what is on; a refused wish springs back."""
        self._group.setExclusive(False)
        for option, button in zip(self.options, self._group.buttons(), strict=False):
            button.setChecked(option.on)
        self._group.setExclusive(True)

    def _add(self) -> None:
        button = QToolButton(self)
        button.setCheckable(True)
        number = len(self._group.buttons())
        self._group.addButton(button, number)
        self._layout.addWidget(button)
        button.clicked.connect(lambda: self._choose(number))

    def _choose(self, number: int) -> None:
        edit, on = self.options[number].edit, self.options[number].on
        self._show_chosen()
        if edit is not None and not on:
            self.chosen.emit(edit)
