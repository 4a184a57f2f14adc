"""Help: the dialogs name what there is, and the palette runs what it finds."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit, QTabWidget

from rnnviz.app.window.helping import Palette
from rnnviz.app.window.window import LabWindow
from rnnviz.panels import PANELS

Open = Callable[..., LabWindow]


def opened(window: LabWindow) -> QDialog:
    found = [d for d in window.findChildren(QDialog) if d.isVisible()]
    assert len(found) == 1
    return found[0]


def test_every_key_and_every_panel_is_named(open_window: Open) -> None:
    window = open_window()
    QTest.keyClick(window, Qt.Key.Key_F1)
    dialog = opened(window)
    tabs = dialog.findChild(QTabWidget)
    assert isinstance(tabs, QTabWidget)
    assert tabs.count() == 3
    texts = {label.text() for label in dialog.findChildren(QLabel)}
    assert {"Next operation", "Undo"} <= texts
    assert {kind.info.caption for kind in PANELS} <= texts
    dialog.accept()


def test_the_palette_runs_what_it_finds(open_window: Open) -> None:
    window = open_window()
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    palette = opened(window)
    assert isinstance(palette, Palette)
    field = palette.findChild(QLineEdit)
    assert isinstance(field, QLineEdit)
    QTest.keyClicks(field, "to start")
    QTest.keyClick(field, Qt.Key.Key_Return)
    playhead = window.session.view.playhead
    assert playhead.moment == playhead.story.first


def test_about_is_plain_text(open_window: Open) -> None:
    window = open_window()
    window.run("about")
    dialog = opened(window)
    texts = [label.text() for label in dialog.findChildren(QLabel)]
    assert any("MIT" in text for text in texts)
    dialog.accept()
    QApplication.processEvents()
