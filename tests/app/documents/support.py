"""A person who answers the dialogs that are opened, one after the other."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import TypeVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLineEdit, QPushButton, QWidget

from rnnviz.app.files.asking import Question

Step = Callable[[QDialog], object]
PATIENCE = 400
"""How often a person looks whether a dialog is there."""


@contextlib.contextmanager
def person(*steps: Step) -> Iterator[None]:
    """Does each step in the dialog that is then open; all of them have to come to pass."""
    left, wrong = list(steps), list[Exception]()
    looks = [0]
    present, at_work = [True], list[QDialog]()

    def act() -> None:
        if not present[0]:
            return
        # The next look comes first: a step may open another dialog and wait for it.
        QTimer.singleShot(5, act)
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, QDialog) or not dialog.isVisible() or dialog in at_work:
            return
        looks[0] += 1
        try:
            if not left or looks[0] > PATIENCE:
                raise AssertionError(f"{dialog.windowTitle()!r} is left, it says {said(dialog)!r}")
            at_work.append(dialog)
            left.pop(0)(dialog)
        except Exception as error:
            wrong.append(error)
            left.clear()
            dialog.reject()
        finally:
            at_work[:] = [other for other in at_work if other is not dialog]

    QTimer.singleShot(0, act)
    try:
        yield
    finally:
        present[0] = False
    if wrong:
        raise wrong[0]
    assert not left, f"{len(left)} dialogs never came"


def click(name: str) -> Step:
    """Click the button of a question."""

    def step(dialog: QDialog) -> None:
        found = dialog.findChild(QPushButton, name)
        assert found is not None, f"{dialog.windowTitle()!r} has no button {name}"
        QTest.mouseClick(found, Qt.MouseButton.LeftButton)

    return step


def answer(name: str, says: str = "") -> Step:
    """Answer a question that says something."""

    def step(dialog: QDialog) -> None:
        assert isinstance(dialog, Question)
        assert says in said(dialog)
        click(name)(dialog)

    return step


def choose(path: object) -> Step:
    """Type a path into a file dialog."""

    def step(dialog: QDialog) -> None:
        assert isinstance(dialog, QFileDialog)
        field = dialog.findChild(QLineEdit, "fileNameEdit")
        assert field is not None
        # The dialog reads its folder in the background, and then names what is selected there.
        QTest.qWait(60)
        field.setText(str(path))
        QTest.keyClick(field, Qt.Key.Key_Return)

    return step


Kind = TypeVar("Kind", bound=QWidget)


def part(widget: QWidget, kind: type[Kind]) -> Kind:
    """The first of its widgets of a kind."""
    return widget.findChildren(kind)[0]


def said(widget: QWidget) -> str:
    """Everything that the labels of a widget say."""
    from PySide6.QtWidgets import QLabel

    labels = widget.findChildren(QLabel)
    return "\n".join(label.text() for label in labels if label.isVisibleTo(widget))


def press(widget: QWidget, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
    """Press a key with modifiers."""
    held = Qt.KeyboardModifier.NoModifier
    for modifier in modifiers:
        held |= modifier
    if widget.isWindow():
        # The keys of actions work in the active window alone; a dialog may still be going.
        for _ in range(100):
            QTest.qWait(2)
            if QGuiApplication.focusWindow() is widget.windowHandle():
                break
            widget.activateWindow()
        assert QApplication.activeWindow() is widget
    QTest.keyClick(widget, key, held)
