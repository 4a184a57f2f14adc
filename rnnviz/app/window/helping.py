"""Help: what every key and every panel does, and a palette that finds an action by its name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from rnnviz._version import __version__
from rnnviz.app.window.menus import Command, Menus
from rnnviz.panels import PANELS
from rnnviz.panels.texts import translate


@final
class Helping(QObject):
    """The Help menu of a window.

    Parameters
    ----------
    menus : Menus
        The actions.
    window : QWidget
        The window.
    """

    def __init__(self, menus: Menus, window: QWidget) -> None:
        super().__init__(window)
        self._menus, self._window = menus, window

    def commands(self) -> dict[str, Command]:
        """Id -> what it does."""
        return {
            "keys": lambda _: self._keys().open(),
            "palette": lambda _: Palette(self._menus, self._window).open(),
            "about": lambda _: self._about().open(),
        }

    def _keys(self) -> QDialog:
        dialog = _dialog(self.tr("Keys, gestures and panels"), self._window)
        tabs = QTabWidget(dialog)
        tabs.setDocumentMode(True)
        panels = ((kind.info.caption, translate("PanelInfo", kind.info.help)) for kind in PANELS)
        tabs.addTab(_form(_shortcuts(self._menus)), self.tr("Keys"))
        tabs.addTab(_form(self._gestures()), self.tr("Gestures"))
        tabs.addTab(_form(panels), self.tr("Panels"))
        layout = dialog.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.insertWidget(0, tabs, 1)
        dialog.resize(640, 560)
        return dialog

    def _gestures(self) -> Iterator[tuple[str, str]]:
        """(gesture, what it does)."""
        yield self.tr("Mouse over"), self.tr("The number, and the same number in every panel")
        yield self.tr("Click"), self.tr("Select; on a word, edit it; on an output, set the target")
        yield (
            self.tr("Drag"),
            self.tr("A gate, a weight, a number on a wire: it changes, and everything answers"),
        )
        yield self.tr("Right click"), self.tr("Copy, release, export a picture or a table")
        yield self.tr("Wheel"), self.tr("Over a cell: folded, open, filling the canvas")
        yield self.tr("Tab"), self.tr("To the next panel or control")
        yield self.tr("Alt + arrows"), self.tr("To the next thing in a panel; Enter clicks it")
        yield self.tr("1 to 9"), self.tr("Choose a unit")

    def _about(self) -> QDialog:
        dialog = _dialog(self.tr("About rnnviz"), self._window)
        words = self.tr(
            "rnnviz {version} shows how recurrent neural networks compute, remember and learn.\n\n"
            "Licence: MIT. Qt for Python is under the LGPL; the fonts Inter, STIX Two and Noto "
            "Sans are under the OFL; the icons are Lucide's, under the ISC licence. The data sets "
            "and their licences are listed in the README of the data."
        ).format(version=__version__)
        label = QLabel(words, dialog)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        layout = dialog.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.insertWidget(0, label, 1)
        dialog.resize(440, 240)
        return dialog


def _shortcuts(menus: Menus) -> Iterator[tuple[str, str]]:
    """(keys, what they do), in the order of the menus."""
    for action in menus.actions.values():
        keys = [k.toString(QKeySequence.SequenceFormat.NativeText) for k in action.shortcuts()]
        if keys:
            yield "   ".join(keys), action.text()


def _form(rows: Iterator[tuple[str, str]]) -> QWidget:
    inner = QWidget()
    form = QFormLayout(inner)
    form.setVerticalSpacing(8)
    form.setHorizontalSpacing(24)
    for left, right in rows:
        words = QLabel(right)
        words.setWordWrap(True)
        words.setTextFormat(Qt.TextFormat.PlainText)
        head = QLabel(left)
        head.setTextFormat(Qt.TextFormat.PlainText)
        head.setProperty("role", "title")
        form.addRow(head, words)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setWidget(inner)
    return area


def _dialog(title: str, window: QWidget) -> QDialog:
    """A dialog with a button that closes it; deleted then."""
    dialog = QDialog(window)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(title)
    close = QPushButton(translate("Helping", "Close"), dialog)
    close.setProperty("primary", "true")
    close.clicked.connect(dialog.accept)
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(close)
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(20, 18, 20, 16)
    layout.setSpacing(14)
    layout.addLayout(row)
    return dialog


@final
class Palette(QDialog):
    """A field that finds actions by parts of their names; Enter runs the first.

    Parameters
    ----------
    menus : Menus
        The actions.
    window : QWidget
        The window.
    """

    def __init__(self, menus: Menus, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Find an action"))
        self._actions = [a for a in menus.actions.values() if a.menu() is None and a.isEnabled()]
        self._field = QLineEdit(self)
        self._field.setPlaceholderText(self.tr("What do you want to do?"))
        self._field.setAccessibleName(self.windowTitle())
        self._list = QListWidget(self)
        self._list.setAccessibleName(self.tr("Actions"))
        self._field.textChanged.connect(self._show_found)
        self._field.returnPressed.connect(self._run)
        self._list.itemActivated.connect(self._run)
        layout = QVBoxLayout(self)
        layout.addWidget(self._field)
        layout.addWidget(self._list)
        self.resize(460, 360)
        self._show_found("")

    def _show_found(self, text: str) -> None:
        words = text.casefold().split()
        self._list.clear()
        for action in self._actions:
            name = action.text()
            if all(word in name.casefold() for word in words):
                keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
                item = QListWidgetItem(action.icon(), f"{name}    {keys}" if keys else name)
                item.setData(Qt.ItemDataRole.UserRole, self._actions.index(action))
                self._list.addItem(item)
        self._list.setCurrentRow(0)

    def _run(self) -> None:
        item = self._list.currentItem()
        self.accept()
        if item is not None:
            self._actions[item.data(Qt.ItemDataRole.UserRole)].trigger()

    # ------------------------------------------------------------------------------ Qt's own

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let the arrows choose while the field has the keyboard."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        if step:
            row = self._list.currentRow() + step
            self._list.setCurrentRow(max(0, min(row, self._list.count() - 1)))
        else:
            super().keyPressEvent(event)
