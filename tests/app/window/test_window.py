"""The window: its bars, its menus, and the wishes that they turn into edits."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from rnnviz.app.window.actions import ACTIONS
from rnnviz.app.window.statusbar import StatusBar
from rnnviz.app.window.window import LabWindow
from rnnviz.document.edits import SetCell
from rnnviz.document.new import new_document
from rnnviz.panels import PANELS
from rnnviz.panels.canvas.theme import theme

Open = Callable[..., LabWindow]


def button(window: LabWindow, name: str) -> QToolButton:
    found = [b for b in window.findChildren(QToolButton) if b.accessibleName() == name]
    assert len(found) == 1, name
    return found[0]


def options(window: LabWindow, name: str) -> dict[str, QAction]:
    """The actions of a menu that is opened."""
    menu = button(window, name).menu()
    menu.aboutToShow.emit()
    return {action.text(): action for action in menu.actions()}


def press(window: LabWindow, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
    QTest.keyClick(window, key, modifiers)


def test_every_panel_is_there(open_window: Open) -> None:
    window = open_window()
    assert list(window.panels) == [kind.info.id for kind in PANELS]
    for name, panel in window.panels.items():
        assert panel.isVisibleTo(window) == (name not in window.layout_.folded)
        assert panel.accessibleName()


def test_the_cell_is_changed_and_changed_back(open_window: Open) -> None:
    window = open_window()
    before = window.session.store.document
    QTest.mouseClick(button(window, "GRU"), Qt.MouseButton.LeftButton)
    assert [x.cell.name for x in window.session.store.document.network.layers] == ["gru"]
    assert button(window, "GRU").isChecked()
    assert window.isWindowModified()
    press(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.session.store.document is before
    assert button(window, "LSTM").isChecked()
    assert not window.isWindowModified()


def test_keys_move_the_playhead(open_window: Open) -> None:
    window = open_window()
    playhead = window.session.view.playhead
    last = playhead.moment
    press(window, Qt.Key.Key_Home, Qt.KeyboardModifier.NoModifier)
    assert playhead.moment == playhead.story.first
    press(window, Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier)
    assert playhead.moment == playhead.story.next(playhead.story.first)
    press(window, Qt.Key.Key_Left, Qt.KeyboardModifier.NoModifier)
    assert playhead.moment == playhead.story.first
    for _ in range(4):
        press(window, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert playhead.moment == last
    press(window, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier)
    assert playhead.is_playing
    press(window, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier)
    assert not playhead.is_playing


def test_menus_offer_every_choice_of_the_network(open_window: Open) -> None:
    window = open_window()
    options(window, "Hidden 6")["8"].trigger()
    assert window.session.store.document.network.layers[0].hidden == 8
    options(window, "Task Every step → tag")["Last step → class"].trigger()
    assert window.session.store.document.network.single
    assert button(window, "Task Last step → class")


def test_a_refused_choice_is_said_and_springs_back(open_window: Open) -> None:
    window = open_window()
    QTest.mouseClick(button(window, "Read in both directions"), Qt.MouseButton.LeftButton)
    before = window.session.store.document
    options(window, "Task Every step → tag")["One → many"].trigger()
    assert window.session.store.document is before
    foot = window.findChild(StatusBar)
    assert isinstance(foot, StatusBar)
    assert "choose one direction first" in foot.hint


def test_the_theme_reaches_every_panel(open_window: Open) -> None:
    window = open_window()
    QTest.mouseClick(button(window, "Light or dark"), Qt.MouseButton.LeftButton)
    assert window.stage.sight.theme is theme("light")
    assert all(panel.sight.theme is theme("light") for panel in window.panels.values())


def test_a_folded_panel_is_offered_at_the_foot(open_window: Open) -> None:
    window = open_window()
    for name, title in window.layout_.names.items():
        window.layout_.show_panel(name, False)
        assert window.layout_.folded[name] == title
        QTest.mouseClick(button(window, f"Show {title}"), Qt.MouseButton.LeftButton)
        assert name not in window.layout_.folded


@pytest.mark.parametrize("info", ACTIONS, ids=lambda info: info.id)
def test_every_action_has_a_command(info: object, open_window: Open) -> None:
    window = open_window()
    assert hasattr(info, "id")
    assert info.submenu or info.id in window.commands  # type: ignore[attr-defined]


def test_a_new_name_of_a_title_is_plain_text(open_window: Open) -> None:
    from rnnviz.document.edits import SetTitle

    window = open_window()
    window.session.apply(SetTitle("<img src=x>"))
    assert window.windowTitle().startswith("<img src=x>")


def test_another_document_is_first_seen_as_a_whole(open_window: Open) -> None:
    window = open_window()
    window.run("zoom", 3)
    window.session.apply(SetCell("gru"))
    zooms = [window.stage.sight.zoom]
    window.session.open(new_document("gru"))
    zooms.append(window.stage.sight.zoom)
    assert zooms == [3, 2]
