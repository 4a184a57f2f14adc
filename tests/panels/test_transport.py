"""The transport: one scrubber over the whole story; the pointer goes wherever it is put."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu

from rnnviz.document.document import Document
from rnnviz.document.edits import SetCell, SetDirection, SetTask
from rnnviz.document.new import new_document
from rnnviz.engine.cells import CELLS
from rnnviz.engine.weights import Weights
from rnnviz.panels.transport import TransportPanel
from rnnviz.panels.transport.track import Track
from rnnviz.session.moments import Moment
from tests.panels.looking import Looked, look_at, sample
from tests.session.support import Heard

WIDE = (1200, 60)


def transport(document: Document | None = None, size: tuple[int, int] = WIDE) -> Looked:
    looked = look_at(TransportPanel, document, size)
    QApplication.processEvents()
    looked.panel.grab()
    return looked


def track_of(looked: Looked) -> Track:
    panel = looked.panel
    assert isinstance(panel, TransportPanel)
    (area,) = panel.hits.fields
    return Track(looked.session.view.playhead.story, area.box.left() + 8, area.box.right() - 8)


def point_of(looked: Looked, moment: Moment) -> QPoint:
    box = looked.panel.hits.box_of(moment)  # type: ignore[attr-defined]
    assert box is not None
    return QPoint(round(box.center().x()), round(box.center().y()))


def turn(looked: Looked, notches: float) -> None:
    at = QPointF(600, 36)
    event = QWheelEvent(
        at,
        looked.panel.mapToGlobal(at),
        QPoint(),
        QPoint(0, round(120 * notches)),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(looked.panel, event)


@pytest.mark.parametrize("name", ["not_happy", "pos_bilstm", "agreement_lstm"])
def test_a_click_jumps_to_every_operation(name: str) -> None:
    looked = transport(sample(name), (1800, 60))
    story = looked.session.view.playhead.story
    for moment in list(story.moments())[::7]:
        QTest.mouseClick(looked.panel, Qt.MouseButton.LeftButton, pos=point_of(looked, moment))
        now = looked.session.view.playhead.moment
        assert (now.phase, now.step) == (moment.phase, moment.step)
        assert abs(now.operation - moment.operation) <= 1


def test_a_drag_scrubs_through_the_story_and_beyond_its_ends_and_esc_goes_back() -> None:
    looked = transport()
    track, panel = track_of(looked), looked.panel
    seen = Heard(looked.session.moment_changed)
    QTest.mousePress(panel, Qt.MouseButton.LeftButton, pos=QPoint(round(track.left) + 4, 37))
    for x in range(round(track.left) + 4, round(track.right) + 60, 3):
        QTest.mouseMove(panel, QPoint(x, 37))
    assert looked.stage.sight.moment == looked.stage.sight.story.last
    told = [now for now, _ in seen]
    assert told == sorted(told)
    assert len(told) > 150
    QTest.mouseMove(panel, QPoint(0, 37))
    assert looked.stage.sight.moment == looked.stage.sight.story.first
    QTest.mouseMove(panel, QPoint(600, 37))
    QTest.keyClick(panel, Qt.Key.Key_Escape)
    assert looked.stage.sight.moment == looked.stage.sight.story.first
    QTest.mouseRelease(panel, Qt.MouseButton.LeftButton, pos=QPoint(600, 37))


def test_the_wheel_steps_and_parts_of_a_notch_add_up() -> None:
    looked = transport()
    asked = Heard(looked.panel.command_requested)
    turn(looked, 1)
    turn(looked, -2)
    for _ in range(4):
        turn(looked, 0.25)
    assert [name for name, _ in asked] == [
        "next_step",
        "previous_step",
        "previous_step",
        "next_step",
    ]


def test_every_button_has_a_name_and_a_size_and_asks_for_its_command() -> None:
    looked = transport()
    asked = Heard(looked.panel.command_requested)
    buttons = [b for b in looked.panel.findChildren(QAbstractButton) if b.isVisible()]
    for button in buttons:
        assert button.accessibleName()
        assert button.width() >= 24
        assert button.height() >= 24
        if button.accessibleName() != "More speeds":
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert [tuple(one) for one in asked] == [
        ("go_to_start", None),
        ("previous_operation", None),
        ("play", None),
        ("next_operation", None),
        ("go_to_end", None),
        ("set_speed", 0.5),
        ("set_speed", 1.0),
        ("set_speed", 2.0),
    ]


def test_a_button_with_the_keyboard_keeps_space_and_enter() -> None:
    looked = transport()
    asked = Heard(looked.panel.command_requested)
    end = next(
        b for b in looked.panel.findChildren(QAbstractButton) if b.objectName() == "go_to_end"
    )
    end.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(end, Qt.Key.Key_Space)
    QTest.keyClick(end, Qt.Key.Key_Return)
    assert [name for name, _ in asked] == ["go_to_end", "go_to_end"]


def test_the_menu_offers_every_speed_and_another_speed_is_shown() -> None:
    looked = transport()
    asked = Heard(looked.panel.command_requested)
    more = next(
        b for b in looked.panel.findChildren(QAbstractButton) if b.accessibleName() == "More speeds"
    )
    QTest.mouseClick(more, Qt.MouseButton.LeftButton)
    (menu,) = looked.panel.findChildren(QMenu)
    assert [a.text() for a in menu.actions()] == ["0.25×", "0.5×", "1×", "2×", "4×", "8×"]
    menu.actions()[-1].trigger()
    menu.close()
    assert [tuple(one) for one in asked] == [("set_speed", 8.0)]
    looked.session.view.playhead.set_speed(8.0)
    assert (more.text(), more.isChecked()) == ("8×", True)


def test_play_turns_into_pause_and_a_drag_stops_the_clock() -> None:
    looked = transport()
    play = next(b for b in looked.panel.findChildren(QAbstractButton) if b.objectName() == "play")
    assert play.accessibleName() == "Play"
    looked.session.view.playhead.play()
    assert play.accessibleName() == "Pause"
    asked = Heard(looked.panel.command_requested)
    QTest.mousePress(looked.panel, Qt.MouseButton.LeftButton, pos=QPoint(400, 37))
    QTest.mouseMove(looked.panel, QPoint(430, 37))
    QTest.mouseRelease(looked.panel, Qt.MouseButton.LeftButton, pos=QPoint(430, 37))
    assert [name for name, _ in asked] == ["play"]
    looked.session.view.playhead.pause()


def test_a_tip_names_the_step_the_word_and_the_operation() -> None:
    looked = transport()
    panel = looked.panel
    assert isinstance(panel, TransportPanel)
    story = looked.session.view.playhead.story
    last = story.operations("forward", 2) - 1
    loss = looked.session.frame.evaluation.loss  # type: ignore[union-attr]
    assert panel.text_of(Moment("forward", 2, 0)).startswith("t = 3 “not”")
    assert "c3 = f3 · c2 + i3 · g3" in panel.text_of(Moment("forward", 2, last - 6))
    assert "∂L/∂" in panel.text_of(Moment("backward", 1, 6))
    assert panel.text_of(Moment("loss", 3, 0)) == f"Loss  L = {loss:.3f}"
    assert "weights" in panel.text_of(Moment("update", 0, 0))


@pytest.mark.parametrize("name", ["pos_bilstm", "ner_crf"])
def test_a_layer_that_reads_both_ways_has_two_tracks_and_the_lower_runs_back(name: str) -> None:
    looked = transport(sample(name))
    panel, story = looked.panel, looked.session.view.playhead.story
    assert panel.height() == 74
    box = panel.hits.box_of(Moment("forward", 1, 3))  # type: ignore[attr-defined]
    upper = box.center().toPoint()
    track = track_of(looked)
    lower = QPoint(round(track.mirrored(upper.x())), panel.height() - upper.y())
    for point in (upper, lower):
        looked.go_to("forward", story.steps - 1)
        QTest.mouseClick(panel, Qt.MouseButton.LeftButton, pos=point)
        assert looked.stage.sight.moment.step == 1
    assert lower.x() > upper.x()


def test_a_layer_that_only_reads_backward_names_the_step_that_it_reads() -> None:
    document = SetDirection("backward").apply(sample("not_happy"))
    looked = transport(document)
    panel = looked.panel
    assert isinstance(panel, TransportPanel)
    assert panel.height() == 60
    assert panel.text_of(Moment("forward", 0, 0)).startswith("t = 4 “happy”")


def test_an_encoder_is_told_before_and_gets_its_gradients_after() -> None:
    document = SetTask("many-to-many unaligned", labels=("je", "suis")).apply(sample("not_happy"))
    looked = transport(document)
    phases = looked.session.view.playhead.story.phases
    assert phases[:2] == ("encode", "forward")
    track = track_of(looked)
    assert [span.phase for span in track.spans] == list(phases)
    assert looked.panel.text_of(Moment("encode", 1, 0)).startswith("t = 2 “am”")  # type: ignore[attr-defined]


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: cell.name)
@pytest.mark.parametrize("steps", [0, 1, 1000])
def test_it_shows_any_length_of_any_cell(cell: object, steps: int) -> None:
    base = new_document("lstm", 3)
    words = tuple((base.vocabulary or ())[n % 4] for n in range(steps))
    document = SetCell(cell).apply(base.changed(sequence=words, targets=None))  # type: ignore[arg-type]
    looked = transport(document)
    panel = looked.panel
    assert isinstance(panel, TransportPanel)
    image = panel.grab().toImage()
    assert len({image.pixel(x, 37) for x in range(210, 1000)}) > 1
    buttons = [b for b in panel.findChildren(QAbstractButton) if b.objectName()]
    assert all(b.isEnabled() is (steps > 0) for b in buttons)
    assert bool(panel.hits.fields) is (steps > 0)


def test_a_thousand_steps_are_exact() -> None:
    base = new_document("rnn", 2)
    words = tuple((base.vocabulary or ())[n % 4] for n in range(1000))
    looked = transport(base.changed(sequence=words, targets=None))
    track = track_of(looked)
    for step in (0, 1, 499, 500, 998, 999):
        looked.go_to("forward", step)
        moment = looked.stage.sight.moment
        assert moment.step == step
        assert track.at(track.x(moment) - 1e-6) == moment


def test_weights_that_are_no_numbers_change_nothing(look: object) -> None:
    document = sample("not_happy")
    broken = np.full_like(document.weights.vector, np.nan)
    document = document.changed(weights=Weights(document.weights.layout, broken))
    looked = look_at(TransportPanel, document, WIDE, look.name)  # type: ignore[attr-defined]
    looked.go_to("backward", 1)
    assert not looked.panel.grab().isNull()
    assert looked.panel.text_of(Moment("loss", 3, 0)) == "Loss  L = nan"  # type: ignore[attr-defined]


@pytest.mark.parametrize("wide", [220, 320, 430, 599, 700, 1024, 3840])
def test_at_any_width_the_parts_stand_beside_each_other(wide: int) -> None:
    looked = transport(size=(wide, 60))
    track = track_of(looked)
    right = [
        b.geometry().right()
        for b in looked.panel.findChildren(QAbstractButton)
        if b.isVisible() and b.objectName()
    ]
    assert track.left > max(right)
    assert track.right <= wide
    assert all(span.right > span.left for span in track.spans)


def test_presenting_it_is_large_and_has_no_speeds() -> None:
    looked = transport()
    looked.stage.change(present=True)
    assert looked.panel.height() == 118
    looked.panel.resize(1280, 118)
    shown = [b for b in looked.panel.findChildren(QAbstractButton) if b.isVisible()]
    assert len(shown) == 5
    assert min(b.width() for b in shown) >= 48
