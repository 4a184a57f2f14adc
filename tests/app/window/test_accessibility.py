"""The window for people who see little or use no mouse: names, the way of Tab, a ring, the keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QListView, QWidget

from rnnviz.app.window.statusbar import StatusBar
from rnnviz.app.window.window import LabWindow
from rnnviz.panels.picture import PicturePanel
from tests.panels.looking import sample

Open = Callable[..., LabWindow]

NAMED = {
    QAccessible.Role.Button,
    QAccessible.Role.CheckBox,
    QAccessible.Role.RadioButton,
    QAccessible.Role.ButtonMenu,
    QAccessible.Role.ButtonDropDown,
    QAccessible.Role.ComboBox,
    QAccessible.Role.EditableText,
    QAccessible.Role.Slider,
    QAccessible.Role.SpinBox,
    QAccessible.Role.StaticText,
    QAccessible.Role.Pane,
    QAccessible.Role.Window,
}
"""Roles of which a screen reader says the name."""
NAMELESS = {"inner"}
"""Windows within the window, which hold panels that have names."""
STOPS = 120


def unfolded(window: LabWindow) -> LabWindow:
    for name in window.panels:
        window.layout_.show_panel(name)
    QApplication.processEvents()
    return window


def interfaces(top: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    """An interface with all that are within it, and can be seen."""
    yield top
    for number in range(top.childCount()):
        child = top.child(number)
        if child is not None and not child.state().invisible:
            yield from interfaces(child)


def test_everything_has_a_name(open_window: Open) -> None:
    window = unfolded(open_window())
    found = list(interfaces(QAccessible.queryAccessibleInterface(window)))
    assert len(found) > 60
    nameless = [
        f"{one.role().name} {one.object()}"
        for one in found
        if (one.role() in NAMED or one.state().focusable)
        and not one.text(QAccessible.Text.Name)
        and (one.object() is None or one.object().objectName() not in NAMELESS)
    ]
    assert nameless == []


def test_every_panel_says_what_it_shows(open_window: Open) -> None:
    window = open_window()
    for name, panel in window.panels.items():
        seen = QAccessible.queryAccessibleInterface(panel)
        assert seen.text(QAccessible.Text.Name), name
        assert len(seen.text(QAccessible.Text.Description)) > 40, name
    names = [panel.accessibleName() for panel in window.panels.values()]
    assert len(set(names)) == len(names)


def tabbed(window: LabWindow, key: Qt.Key = Qt.Key.Key_Tab) -> list[QWidget]:
    """Where the keyboard goes from the graph until it is back there."""
    start = window.panels["graph"]
    start.setFocus(Qt.FocusReason.TabFocusReason)
    seen: list[QWidget] = []
    while len(seen) < STOPS:
        here = window.focusWidget()
        assert here is not None
        if seen and here is start:
            return seen
        assert here not in seen, f"{here} comes again before the graph does"
        seen.append(here)
        QTest.keyClick(here, key)
    pytest.fail("Tab does not come back")


def test_tab_reaches_everything_and_comes_back(open_window: Open) -> None:
    window = unfolded(open_window())
    stops = tabbed(window)
    for name, panel in window.panels.items():
        assert panel in stops or any(panel.isAncestorOf(stop) for stop in stops), name
    names = [stop.accessibleName() for stop in stops]
    assert names.index("Menu") < names.index("Hidden 6") < names.index("Present")
    assert any(name.startswith("Inspector") for name in names)
    foot = window.findChild(StatusBar)
    assert isinstance(foot, StatusBar)
    assert any(foot.isAncestorOf(stop) for stop in stops)
    back = tabbed(window, Qt.Key.Key_Backtab)
    assert len(back) == len(stops)


def test_tab_goes_round_with_panels_folded(open_window: Open) -> None:
    window = open_window(size=(1024, 600))
    for name in window.panels:
        window.layout_.show_panel(name, False)
    names = [stop.accessibleName() for stop in tabbed(window)]
    assert "Show a panel" in names or any(name.startswith("Show ") for name in names)


def picture(widget: QWidget) -> QImage:
    return widget.grab().toImage()


@pytest.mark.parametrize("look", ["dark", "light"])
def test_the_keyboard_can_be_seen(look: str, open_window: Open) -> None:
    window = unfolded(open_window(size=(1920, 1080), look=look))
    for stop in tabbed(window):
        stop.setFocus(Qt.FocusReason.TabFocusReason)
        QApplication.processEvents()
        with_it = picture(stop)
        stop.clearFocus()
        QApplication.processEvents()
        assert picture(stop) != with_it, f"{stop} {stop.accessibleName()}"


@pytest.mark.parametrize("name", ["not_happy", "sentiment_gru", "pos_bilstm", "clicks"])
def test_alt_and_arrows_walk_every_picture(name: str, open_window: Open) -> None:
    window = unfolded(open_window(sample(name), size=(1920, 1080)))
    pictures = [p for p in window.panels.values() if isinstance(p, PicturePanel)]
    assert len(pictures) >= 9
    for panel in pictures:
        panel.setFocus(Qt.FocusReason.TabFocusReason)
        QApplication.processEvents()
        walked = []
        for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Down):
            QTest.keyClick(panel, key, Qt.KeyboardModifier.AltModifier)
            walked.append(panel.hovered)
            assert panel.hovered is not None, f"{panel.info.id} {key}"
            assert panel.text_of(panel.hovered), f"{panel.info.id} {panel.hovered}"
        assert len(set(walked)) > 1, panel.info.id
        before = picture(panel)
        QTest.keyClick(panel, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
        QTest.keyClick(panel, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
        QApplication.processEvents()
        assert panel.hovered == walked[-1] or picture(panel) != before, panel.info.id


def test_enter_clicks_what_the_keys_walked_to(open_window: Open) -> None:
    window = open_window()
    gates, selector = window.panels["gates"], window.session.view.selector
    assert isinstance(gates, PicturePanel)
    gates.setFocus(Qt.FocusReason.TabFocusReason)
    before = selector.selection
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right):
        QTest.keyClick(gates, key, Qt.KeyboardModifier.AltModifier)
    QTest.keyClick(gates, Qt.Key.Key_Return)
    assert selector.selection != before


def test_fields_that_open_over_pictures_have_names(open_window: Open) -> None:
    window = open_window()
    graph = window.panels["graph"]
    graph.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(graph, Qt.Key.Key_F2)
    fields = [field for field in graph.findChildren(QLineEdit) if field.isVisible()]
    assert len(fields) == 1
    assert fields[0].accessibleName()
    for listed in graph.findChildren(QListView):
        assert listed.accessibleName() or isinstance(listed.parent(), QComboBox)
