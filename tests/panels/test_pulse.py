"""The pulse runs during play, along the wire that was told last, and only if things may move."""

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from rnnviz.panels.graph import GraphPanel
from rnnviz.panels.pulse import Pulse, along
from tests.panels.looking import Looked, look_at


def test_along_a_way() -> None:
    way = ((0.0, 0.0), (10.0, 0.0), (10.0, 30.0))
    assert along(way, 0.0) == (0.0, 0.0)
    assert along(way, 0.25) == (10.0, 0.0)
    assert along(way, 0.625) == (10.0, 15.0)
    assert along(way, 1.0) == (10.0, 30.0)


def pulse(looked: Looked) -> Pulse:
    found = looked.panel.findChild(Pulse)
    assert isinstance(found, Pulse)
    return found


@pytest.mark.parametrize("motion", [True, False])
def test_a_dot_runs_while_the_story_plays(motion: bool, qtbot: QtBot) -> None:
    looked = look_at(GraphPanel, size=(870, 540))
    qtbot.addWidget(looked.panel)
    playhead = looked.session.view.playhead
    looked.stage.change(motion=motion)
    looked.go_to("forward", 2)
    assert not pulse(looked).isVisible()
    playhead.go_to_start()
    playhead.set_speed(8.0)
    playhead.play()
    seen: set[tuple[int, int]] = set()

    def watch() -> bool:
        dot = pulse(looked)
        if dot.isVisible():
            seen.add((dot.x(), dot.y()))
        return playhead.moment.step == 1

    qtbot.waitUntil(watch, timeout=10_000)
    assert bool(len(seen) > 3) is motion
    playhead.pause()
    QApplication.processEvents()
    assert not pulse(looked).isVisible()
    looked.session.stop()
