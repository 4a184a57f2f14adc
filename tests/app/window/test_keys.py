"""The menus: their keys are free of conflicts, and macOS shows them at the top of the screen."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest

from rnnviz.app.window.actions import ACTIONS, MENUS
from rnnviz.app.window.menus import menu_bar
from rnnviz.app.window.window import LabWindow

Open = Callable[..., LabWindow]

LETTERS = ("F", "I", "G", "O", "C", "H", "L", "B", "F2", "Del", "Ins", "Return", "0", "+", "-")
OF_PANELS = frozenset((*LETTERS, *map(str, range(1, 10)), "Up", "Down", "Alt+Left", "Alt+Up"))
"""Keys that panels use for themselves."""


def portable(keys: str) -> str:
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.PortableText)


def test_no_two_actions_share_a_key() -> None:
    count = Counter(portable(keys) for info in ACTIONS for keys in info.keys)
    assert [keys for keys, times in count.items() if times > 1] == []
    assert "" not in count, "every key is one that Qt knows"


def test_no_action_takes_a_key_from_the_panels() -> None:
    taken = {portable(keys) for info in ACTIONS for keys in info.keys}
    assert taken & {portable(keys) for keys in OF_PANELS} == set()


def test_ids_and_texts_are_not_given_twice() -> None:
    assert len({info.id for info in ACTIONS}) == len(ACTIONS)
    texts = Counter((info.menu, info.text) for info in ACTIONS)
    assert max(texts.values()) == 1
    assert {info.menu for info in ACTIONS} <= set(MENUS)


def test_the_usual_keys_do_the_usual_things() -> None:
    keys = {portable(key): info.id for info in ACTIONS for key in info.keys}
    usual = {
        QKeySequence.StandardKey.Open: "open",
        QKeySequence.StandardKey.Save: "save",
        QKeySequence.StandardKey.Undo: "undo",
        QKeySequence.StandardKey.New: "new",
        QKeySequence.StandardKey.ZoomIn: "zoom_in",
        QKeySequence.StandardKey.HelpContents: "keys",
    }
    for standard, name in usual.items():
        known = [k.toString() for k in QKeySequence.keyBindings(standard)]
        assert any(keys.get(key) == name for key in known), name


@pytest.mark.parametrize("platform", ["linux", "win32"])
def test_elsewhere_the_menu_is_in_the_window(platform: str, open_window: Open) -> None:
    assert menu_bar(open_window().menus, platform) is None


def test_macos_has_the_same_menus_at_the_top_of_the_screen(open_window: Open) -> None:
    window = open_window()
    bar = menu_bar(window.menus, "darwin")
    assert bar is not None
    assert [action.text() for action in bar.actions()] == [m.title() for m in window.menus.menus]
    roles = {name: action.menuRole() for name, action in window.menus.actions.items()}
    assert roles["about"] is QAction.MenuRole.AboutRole
    assert roles["quit"] is QAction.MenuRole.QuitRole
    others = [roles[i.id] for i in ACTIONS if i.id not in ("about", "quit") and not i.submenu]
    assert set(others) == {QAction.MenuRole.NoRole}
    bar.deleteLater()


def test_the_window_asks_for_the_bar_of_its_system(
    open_window: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert open_window().menu_bar is None
    monkeypatch.setattr(sys, "platform", "darwin")
    window = open_window()
    assert window.menu_bar is not None
    window.menu_bar.deleteLater()


def test_a_key_works_whatever_has_the_keyboard(open_window: Open) -> None:
    window = open_window()
    playhead = window.session.view.playhead
    for panel in window.panels.values():
        playhead.go_to_end()
        panel.setFocus()
        QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_Home)
        assert playhead.moment == playhead.story.first, panel.info.id
