"""The look of the window: as the system until another is chosen, and still if that is wished."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from rnnviz.app.preferences import Preferences
from rnnviz.app.remembering import Remembering
from rnnviz.app.window.look import dress
from rnnviz.app.window.window import LabWindow
from rnnviz.panels.canvas.theme import theme
from rnnviz.panels.pulse import Pulse

Open = Callable[..., LabWindow]


@pytest.fixture
def followed(open_window: Open, tmp_path: Path) -> Iterator[tuple[LabWindow, Preferences]]:
    kept = Preferences(tmp_path / "look.ini")
    window = open_window(look="dark")
    remembering = Remembering(kept)
    remembering.follow(window)
    yield window, kept
    remembering.end()


def system_turns(scheme: Qt.ColorScheme) -> None:
    QGuiApplication.styleHints().colorSchemeChanged.emit(scheme)
    QApplication.processEvents()


@pytest.fixture
def schemes(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let the system wish for a theme."""

    def turn(name: str) -> None:
        monkeypatch.setattr("rnnviz.app.window.viewing.system_theme", lambda: name)
        scheme = Qt.ColorScheme.Light if name == "light" else Qt.ColorScheme.Dark
        system_turns(scheme)

    return turn


def test_the_window_turns_with_the_system(
    followed: tuple[LabWindow, Preferences], schemes: Callable[[str], None]
) -> None:
    window, kept = followed
    for name in ("light", "dark", "light"):
        schemes(name)
        assert window.stage.sight.theme is theme(name)
        assert kept.appearance == "system"


def test_a_chosen_look_stays_until_the_system_is_followed_again(
    followed: tuple[LabWindow, Preferences], schemes: Callable[[str], None]
) -> None:
    window, kept = followed
    schemes("dark")
    window.run("theme", "light")
    schemes("dark")
    assert window.stage.sight.theme is theme("light")
    assert kept.appearance == "light"
    window.run("follow_system")
    assert window.stage.sight.theme is theme("dark")
    schemes("light")
    assert window.stage.sight.theme is theme("light")


def test_every_widget_of_qt_has_the_colours_of_the_theme(open_window: Open) -> None:
    window, application = open_window(look="dark"), QApplication.instance()
    assert isinstance(application, QApplication)
    for name in ("light", "dark"):
        window.run("theme", name)
        colours = theme(name).colours
        assert application.palette().color(QPalette.ColorRole.Window).name() in {
            colours.bg0.hex.lower(),
            colours.bg1.hex.lower(),
        }
        assert colours.tx1.hex in application.styleSheet()
    dress(application, theme("dark"))


def test_nothing_moves_by_itself_if_that_is_not_wished(open_window: Open) -> None:
    window = open_window()
    pulse = window.panels["graph"].findChild(Pulse)
    assert isinstance(pulse, Pulse)
    playhead = window.session.view.playhead
    for still in (False, True):
        if still:
            window.run("motion")
        playhead.go_to_start()
        window.run("play")
        QTest.qWait(20)
        for _ in range(4):
            playhead.next_operation() if not playhead.is_playing else QTest.qWait(300)
            if pulse.isVisible():
                break
        assert pulse.isVisible() is not still
        playhead.pause()


def test_a_room_follows_the_wish_for_little_motion(open_window: Open) -> None:
    window = open_window()
    window.run("motion")
    window.run("present")
    room = window.viewing.presenting
    assert room is not None
    assert not room.stage.sight.motion
    room.leave()
    QTest.qWait(10)
    assert window.viewing.presenting is None


def test_full_screen_gives_a_maximised_window_back(open_window: Open) -> None:
    window = open_window()
    window.showMaximized()
    window.run("full_screen")
    assert window.isFullScreen()
    window.run("full_screen")
    assert window.isMaximized()
    assert not window.isFullScreen()
