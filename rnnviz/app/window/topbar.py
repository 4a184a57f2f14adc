"""The bar at the top: menu, title, what the network is made of, undo, presenting, the theme."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QMenu, QToolButton, QWidget

from rnnviz.app.window.choices import architecture_choices
from rnnviz.app.window.elided import ElidedLabel
from rnnviz.app.window.segments import Segments
from rnnviz.app.window.sparkline import Sparkline
from rnnviz.panels.canvas.icons import icon
from rnnviz.panels.canvas.strokes import filled
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.sight import Sight
from rnnviz.panels.texts import tip_text

HEIGHT = 44
WAITING_LINE = 2
NARROW = 1280
"""Px below which layers and hidden units share a menu, and a button shows its icon only."""
DIRTY = "\N{BULLET}"


@final
class TopBar(QWidget):
    """Shows the document's title and its network, and says what is wished for.

    Parameters
    ----------
    menu : QMenu
        The menu of the program.
    sight : Sight
        What is shown first.
    parent : QWidget, optional
        The owner.
    """

    edit_requested = Signal(object)
    """An `Edit` of the network."""
    command_requested = Signal(str, object)
    """An action of the program."""

    def __init__(self, menu: QMenu, sight: Sight, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bar")
        self.setAccessibleName(self.tr("Network"))
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT)
        self._sight = sight
        self._choices = architecture_choices(sight.frame.document)
        self._icons: list[tuple[QToolButton, str]] = []
        self._title = ElidedLabel(150, self)
        self._title.setProperty("role", "title")
        self._cells = Segments(self.tr("Cell"), self)
        self._ways = Segments(self.tr("Direction"), self)
        self._menus = [self._menu_button((number,)) for number in range(3)]
        self._both = self._menu_button((0, 1))
        for segments in (self._cells, self._ways):
            segments.chosen.connect(self.edit_requested)
        self._lay_out(menu)
        self.show_sight(sight)
        self.show_steps("", "")
        self._order_stops()

    def _lay_out(self, menu: QMenu) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 0, 14, 1)
        layout.setSpacing(8)
        main = self._button("menu", self.tr("Menu"), "")
        main.setMenu(menu)
        main.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        layout.addWidget(main)
        layout.addWidget(self._title, 3)
        for widget in (self._cells, self._ways, *self._menus[:2], self._both, self._menus[2]):
            layout.addWidget(widget)
        layout.addStretch(2)
        self._run = Sparkline(self._sight.theme, self)
        self._run.clicked.connect(lambda: self.command_requested.emit("show_training", None))
        layout.addWidget(self._run)
        self._undo = self._button("undo-2", self.tr("Undo"), "undo")
        self._redo = self._button("redo-2", self.tr("Redo"), "redo")
        self._present = self._button("presentation", self.tr("Present"), "present")
        self._present.setText(self.tr("Present"))
        theme = self._button("contrast", self.tr("Light or dark"), "theme")
        for button in (self._undo, self._redo, self._present, theme):
            layout.addWidget(button)

    def _order_stops(self) -> None:
        """Let Tab go from left to right."""
        layout = self.layout()
        assert layout is not None
        items = [layout.itemAt(number) for number in range(layout.count())]
        widgets = [item.widget() for item in items if item is not None]
        stops: list[QWidget] = []
        for widget in widgets:
            if isinstance(widget, Segments):
                stops += widget.findChildren(QAbstractButton)
            elif isinstance(widget, QAbstractButton):
                stops.append(widget)
        for one, other in pairwise(stops):
            QWidget.setTabOrder(one, other)

    def _button(self, name: str, words: str, command: str) -> QToolButton:
        button = QToolButton(self)
        button.setToolTip(words)
        button.setAccessibleName(words)
        button.setIconSize(QSize(16, 16))
        button.setMinimumWidth(30)
        if command:
            button.clicked.connect(lambda: self.command_requested.emit(command, None))
        self._icons.append((button, name))
        return button

    def _menu_button(self, numbers: Sequence[int]) -> QToolButton:
        """A button whose menu offers one choice, or several in menus of their own."""
        button = QToolButton(self)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        button.setIconSize(QSize(14, 14))
        menu = QMenu(button)
        menu.aboutToShow.connect(lambda: self._fill(menu, numbers))
        button.setMenu(menu)
        self._icons.append((button, "chevron-down"))
        return button

    def show_title(self, title: str, dirty: bool) -> None:
        """Show the document's title, with a dot while it is not saved."""
        self._title.setText(f"{title} {DIRTY}" if dirty else title)

    def show_steps(self, undo: str, redo: str) -> None:
        """Say what would be undone and done again; "" where there is nothing."""
        for button, text, words in (
            (self._undo, undo, self.tr("Undo: {what}")),
            (self._redo, redo, self.tr("Redo: {what}")),
        ):
            button.setEnabled(bool(text))
            button.setToolTip(tip_text(words.format(what=text)) if text else "")

    def show_sight(self, sight: Sight) -> None:
        """Show another network, or other colours."""
        before, self._sight = self._sight, sight
        fresh = not self._cells.options
        if fresh or sight.theme is not before.theme:
            self._tint(sight.theme)
        same = sight.frame.document.network is before.frame.document.network
        if fresh or not same or sight.frame.document.labels is not before.frame.document.labels:
            self._show_choices()
        self._run.show_training(sight.training, sight.theme)
        if fresh or (sight.theme, sight.waiting) != (before.theme, before.waiting):
            self.update()

    def _tint(self, theme: Theme) -> None:
        for button, name in self._icons:
            button.setIcon(icon(name, theme))

    def _show_choices(self) -> None:
        choices = self._choices = architecture_choices(self._sight.frame.document)
        self._cells.show_options(choices.cells)
        self._ways.show_options(choices.directions)
        for button, choice in zip(self._menus, choices.menus, strict=True):
            button.setText(choice.words)
            button.setAccessibleName(choice.words)
        layers, hidden, _ = choices.menus
        self._both.setText(f"{layers.value} \N{MULTIPLICATION SIGN} {hidden.value}")
        self._both.setAccessibleName(f"{layers.words}, {hidden.words}")
        self._both.setToolTip(f"{layers.words}, {hidden.words}")

    def _fill(self, menu: QMenu, numbers: Sequence[int]) -> None:
        """Fill a menu when it is opened, so that none of its actions goes while it is chosen."""
        menu.clear()
        for number in numbers:
            choice = self._choices.menus[number]
            inner = menu if len(numbers) == 1 else menu.addMenu(choice.words)
            for option in choice.options:
                action = inner.addAction(option.text)
                action.setCheckable(True)
                action.setChecked(option.on)
                action.setEnabled(option.edit is not None)
                action.setToolTip(option.help)
                action.triggered.connect(lambda _=False, o=option: self.edit_requested.emit(o.edit))

    # ------------------------------------------------------------------------------ Qt's own

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold what there is no room for."""
        super().resizeEvent(event)
        narrow = self.width() < NARROW
        for button in self._menus[:2]:
            button.setVisible(not narrow)
        self._both.setVisible(narrow)
        beside = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        alone = Qt.ToolButtonStyle.ToolButtonIconOnly
        self._present.setToolButtonStyle(alone if narrow else beside)

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw the ground, and a line while new numbers are computed."""
        colours = self._sight.theme.colours
        with QPainter(self) as painter:
            whole = self.rect().toRectF()
            filled(painter, whole, colours.bg1)
            line = WAITING_LINE if self._sight.waiting else 1
            ink = colours.tx1 if self._sight.waiting else colours.line
            filled(painter, whole.adjusted(0, whole.height() - line, 0, 0), ink)
