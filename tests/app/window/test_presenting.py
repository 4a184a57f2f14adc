"""Presenting: a second window on the same session, with its own theme, led by keys."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from rnnviz.app.window.presenting import PresentWindow
from rnnviz.app.window.viewing import Viewing
from rnnviz.app.window.window import LabWindow
from rnnviz.panels.canvas.theme import theme
from tests.app.window.texts import faults_of, writing
from tests.panels.looking import sample

Open = Callable[..., LabWindow]


def presenting(window: LabWindow, qtbot: QtBot) -> PresentWindow:
    QTest.keyClick(window, Qt.Key.Key_F5)
    viewing = window.findChild(Viewing)
    assert isinstance(viewing, Viewing)
    assert viewing.presenting is not None
    with qtbot.waitActive(viewing.presenting):
        viewing.presenting.activateWindow()
    return viewing.presenting


def test_the_room_sees_light_large_letters(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    room = presenting(window, qtbot)
    assert room.isFullScreen()
    assert room.stage.sight.present
    assert room.stage.sight.theme is theme("light")
    assert window.stage.sight.theme is theme("dark")
    QTest.keyClick(room, Qt.Key.Key_T)
    assert room.stage.sight.theme is theme("dark")
    assert all(panel.sight is room.stage.sight for panel in room.panels.values())


def test_keys_lead_through_the_story(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    room = presenting(window, qtbot)
    playhead = window.session.view.playhead
    QTest.keyClick(room, Qt.Key.Key_Home)
    assert playhead.moment == playhead.story.first
    QTest.keyClick(room, Qt.Key.Key_Right)
    QTest.keyClick(room, Qt.Key.Key_Right)
    assert (playhead.moment.phase, playhead.moment.step) == ("forward", 1)
    assert room.stage.sight.moment == window.stage.sight.moment == playhead.moment


def test_numbers_choose_the_panel_and_b_shows_nothing(open_window: Open, qtbot: QtBot) -> None:
    room = presenting(open_window(), qtbot)
    for number, card in enumerate(room.cards[1:], 2):
        QTest.keyClick(room, Qt.Key(Qt.Key.Key_0 + number))
        assert [c for c in room.cards if c.isVisible()] == [card]
    QTest.keyClick(room, Qt.Key.Key_B)
    assert not any(panel.isVisible() for panel in room.panels.values())
    QTest.keyClick(room, Qt.Key.Key_B)
    assert [c for c in room.cards if c.isVisible()] == room.cards[-1:]


def test_the_graph_leaves_the_room_its_keys(open_window: Open, qtbot: QtBot) -> None:
    room = presenting(open_window(), qtbot)
    graph = room.panels["graph"]
    graph.setFocus()
    QTest.keyClick(graph, Qt.Key.Key_2)
    assert room.stage.sight.selection.unit == 0
    assert [c for c in room.cards if c.isVisible()] == [room.cards[1]]
    QTest.keyClicks(graph, "²")  # a digit for Python, but no unit
    assert room.stage.sight.selection.unit == 0


def test_the_same_number_or_zero_gives_the_graph_all_the_room(
    open_window: Open, qtbot: QtBot
) -> None:
    room = presenting(open_window(), qtbot)
    graph = room.panels["graph"]
    assert room.cards[0].isVisible()
    assert graph.contentsMargins().right() > 300
    for keys in ("1", "20", "33"):
        for key in keys:
            QTest.keyClicks(room, key)
        assert not any(card.isVisible() for card in room.cards)
        assert graph.contentsMargins().right() == 0
    QTest.keyClicks(room, "4")
    assert room.cards[3].isVisible()
    assert room.cards[3].geometry().left() > graph.contentsRect().right()


def test_z_fills_the_screen_with_the_cell_and_leads_back(open_window: Open, qtbot: QtBot) -> None:
    room = presenting(open_window(), qtbot)
    QTest.keyClicks(room, "2z")
    zooms = [room.stage.sight.zoom]
    assert not any(card.isVisible() for card in room.cards)
    QTest.keyClicks(room, "z")
    assert [*zooms, room.stage.sight.zoom] == [3, 2]
    assert [card for card in room.cards if card.isVisible()] == [room.cards[1]]


def test_blank_keeps_what_was_shown(open_window: Open, qtbot: QtBot) -> None:
    room = presenting(open_window(), qtbot)
    QTest.keyClicks(room, "0bb")
    assert not any(card.isVisible() for card in room.cards)
    assert room.panels["graph"].isVisible()
    QTest.keyClicks(room, "b3")
    assert not any(panel.isVisible() for panel in room.panels.values())
    QTest.keyClicks(room, "b")
    assert room.cards[2].isVisible()


def test_the_loss_is_shown_in_the_room_and_not_in_the_lab(open_window: Open, qtbot: QtBot) -> None:
    room = presenting(open_window(), qtbot)
    room.panels["graph"].setFocus()
    QTest.keyClicks(room.panels["graph"], "ll")
    assert [card.panel.info.id for card in room.cards if card.isVisible()] == ["losses"]
    QTest.keyClicks(room, ".")
    assert not any(panel.isVisible() for panel in room.panels.values())


SCREENS = ((1024, 768), (1280, 720), (1920, 1080), (3840, 2160))


@pytest.mark.parametrize("size", SCREENS)
@pytest.mark.parametrize("name", ["not_happy", "pos_bilstm"])
def test_everything_can_be_read_on_every_screen(
    open_window: Open, qtbot: QtBot, size: tuple[int, int], name: str
) -> None:
    room = presenting(open_window(sample(name)), qtbot)
    room.showNormal()
    room.resize(*size)
    assert room.stage.sight.scale == pytest.approx(min(size[1] / 720, size[0] / 960))
    QTest.keyClick(room, Qt.Key.Key_Right)
    for number in range(len(room.cards)):
        QTest.keyClicks(room, "0" + str(number + 1))
        with writing() as texts:
            room.grab()
        assert {one.text for one in texts if one.px < 18 * 0.99} == set()
        assert faults_of(texts) == []


def test_esc_leads_back_and_the_lab_lives_on(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    room = presenting(window, qtbot)
    QTest.keyClick(room, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.findChild(Viewing).presenting is None)  # type: ignore[union-attr]
    QTest.qWait(10)
    window.run("go_to_start")
    window.run("play")
    window.run("play")
    assert window.stage.sight.moment == window.session.view.playhead.moment
