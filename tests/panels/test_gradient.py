"""The gradient's chart: its numbers are the engine's, its lines are dragged, nothing is hidden."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest

from rnnviz.document.document import Clip
from rnnviz.document.edits import (
    ReplaceWeights,
    SetCell,
    SetClip,
    SetLayers,
    SetToken,
    SetTruncation,
)
from rnnviz.document.evaluate import Evaluation
from rnnviz.document.single_losses import one_loss
from rnnviz.engine.cell import Cell
from rnnviz.engine.cells import CELLS
from rnnviz.panels.canvas.text import size
from rnnviz.panels.gradient import GradientPanel
from rnnviz.panels.gradient.items import (
    AtStep,
    ClipHandle,
    PartLabel,
    TruncationEnd,
    WeightsMark,
)
from rnnviz.panels.overflow import OverflowWord
from rnnviz.session.moments import Moment
from tests.document import documents
from tests.panels.looking import Looked, sample, shown_panels
from tests.panels.mouse import click, drag, hover, place_of, wheel

Show = Callable[..., tuple[Looked, GradientPanel]]


@pytest.fixture
def look() -> Iterator[Show]:
    yield from shown_panels(GradientPanel, (332, 174))


def evaluation_of(panel: GradientPanel) -> Evaluation:
    found = panel.sight.evaluation
    assert found is not None
    return found


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: cell.name)
def test_every_number_is_the_engines(cell: Cell, look: Show) -> None:
    _, panel = look(SetCell(cell).apply(sample("not_happy")))
    gradients = evaluation_of(panel).gradients
    assert gradients is not None
    assert [curve.state for curve in panel.seen.curves] == list(cell.states)
    for curve in panel.seen.curves:
        assert curve.values == gradients.norms(curve.path).tolist()
        for step, value in enumerate(curve.values):
            assert f" = {size(value)}" in panel.text_of(AtStep(step))
    norm = float(np.linalg.norm(gradients.weights.vector))
    assert size(norm) in panel.text_of(WeightsMark())


def test_the_ratio_is_to_the_next_step(look: Show) -> None:
    _, panel = look()
    values = panel.seen.curves[0].values
    assert f"× {size(values[1] / values[2])} of t = 3" in panel.text_of(AtStep(1))
    assert "×" not in panel.text_of(AtStep(3))


def test_a_drag_of_the_clip_line_is_one_step_of_undo(look: Show) -> None:
    looked, panel = look()
    x = place_of(panel, ClipHandle()).x()
    axis = panel.place.axis
    drag(panel, ClipHandle(), *(QPoint(x, round(axis.y(v))) for v in (100.0, 10.0, 0.5)))
    clip = looked.session.store.document.clip
    assert clip.kind == "norm"
    assert clip.limit == pytest.approx(0.5, rel=0.2)
    assert float(f"{clip.limit:.1e}") == clip.limit
    assert len(looked.session.store.labels) == 1
    clipped = evaluation_of(panel).clipped()
    assert clipped is not None
    assert size(clipped[1].norm_after) in panel.text_of(WeightsMark())
    assert "clipped" in panel.text_of(WeightsMark())


def test_esc_puts_the_clip_line_back_and_leaves_no_trace(look: Show) -> None:
    looked, panel = look(SetClip("value", 2.0).apply(sample("not_happy")))
    x = place_of(panel, ClipHandle()).x()
    drag(panel, ClipHandle(), QPoint(x, 60), QPoint(x, 90), drop=False)
    assert looked.session.store.document.clip != Clip("value", 2.0)
    QTest.keyClick(panel, Qt.Key.Key_Escape)
    assert looked.session.store.document.clip == Clip("value", 2.0)
    assert not looked.session.store.labels


def test_dragged_off_the_top_it_is_gone(look: Show) -> None:
    looked, panel = look(SetClip("norm", 2.0).apply(sample("not_happy")))
    x = place_of(panel, ClipHandle()).x()
    drag(panel, ClipHandle(), QPoint(x, 40), QPoint(x, -20))
    assert looked.session.store.document.clip.kind == "none"
    assert len(looked.session.store.labels) == 1
    panel.grab()
    assert "No clipping" in panel.text_of(ClipHandle())


def test_a_double_click_removes_it_and_brings_it_back(look: Show) -> None:
    looked, panel = look(SetClip("norm", 2.0).apply(sample("not_happy")))
    for kind in ("none", "norm"):
        QTest.mouseDClick(panel, Qt.MouseButton.LeftButton, pos=place_of(panel, ClipHandle()))
        panel.grab()
        assert looked.session.store.document.clip == Clip(kind, 2.0)


def test_keys_move_the_clip_line(look: Show) -> None:
    looked, panel = look(SetClip("norm", 1.0).apply(sample("not_happy")))
    QTest.keyClick(panel, Qt.Key.Key_Down)
    assert looked.session.store.document.clip.limit < 1.0
    QTest.keyClick(panel, Qt.Key.Key_Up)
    QTest.keyClick(panel, Qt.Key.Key_Up)
    assert looked.session.store.document.clip.limit > 1.0


def test_clipping_does_not_touch_the_curves(look: Show) -> None:
    looked, panel = look()
    before = [curve.values for curve in panel.seen.curves]
    looked.session.apply(SetClip("norm", 1e-3))
    assert [curve.values for curve in panel.seen.curves] == before
    assert not panel.seen.before


def test_a_click_goes_to_the_way_back_of_the_step(look: Show) -> None:
    looked, panel = look()
    click(panel, AtStep(1))
    moment = looked.session.view.playhead.moment
    assert (moment.phase, moment.step) == ("backward", 1)
    assert looked.session.view.playhead.story.rests(moment)
    assert panel.at == 1


def test_of_a_layer_that_reads_from_the_end_the_step_is_mirrored(look: Show) -> None:
    looked, panel = look(sample("pos_bilstm"))
    looked.session.view.selector.select(path="layer0/backward/h")
    panel.grab()
    click(panel, AtStep(2))
    assert panel.at == 2
    assert looked.session.view.playhead.moment == replace(
        looked.session.view.playhead.moment, phase="backward", step=5
    )
    assert {curve.path for curve in panel.seen.curves} == {
        "layer0/backward/h",
        "layer0/backward/c",
        "layer0/forward/h",
    }


def test_hovering_lights_the_step_everywhere(look: Show) -> None:
    looked, panel = look()
    hover(panel, place_of(panel, AtStep(2)))
    spot = looked.session.view.selector.hover
    assert spot is not None
    assert (spot.path, spot.step) == ("layer0/forward/h", 2)


def test_the_loss_of_one_step_alone(look: Show) -> None:
    looked, panel = look()
    looked.session.view.selector.select(loss_step=1)
    panel.grab()
    single = one_loss(evaluation_of(panel), 1)
    assert single is not None
    for curve in panel.seen.curves:
        assert curve.values == single.norms(curve.path).tolist()
    assert panel.seen.curves[0].values[2:] == [0.0, 0.0]
    assert panel.caption == "Gradient of L₂"
    panel.resize(600, 174)
    looked.session.view.selector.select(loss_step=2)
    assert panel.caption == "Gradient of L₃ (“not”)"
    looked.session.view.selector.select(loss_step=None)
    assert panel.caption == "Gradient"


def test_what_was_before_the_edit(look: Show) -> None:
    looked, panel = look()
    before = [curve.values for curve in panel.seen.curves]
    looked.session.apply(SetToken(2, "very"))
    panel.grab()
    assert [curve.values for curve in panel.seen.before] == before
    assert [curve.values for curve in panel.seen.curves] != before


def test_other_layers_are_thin_and_can_be_chosen(look: Show) -> None:
    looked, panel = look(SetLayers(2).apply(sample("not_happy")))
    looked.session.view.selector.select(path="layer1/forward/h")
    panel.grab()
    assert panel.caption == "Gradient  2 →"
    click(panel, PartLabel("layer0/forward"))
    assert looked.session.view.selector.selection.part == "layer0/forward"
    assert [curve.path for curve in panel.seen.curves if curve.kind == "thin"] == [
        "layer1/forward/h"
    ]


def test_the_wheel_zooms_and_a_double_click_resets(look: Show) -> None:
    _, panel = look()
    at = place_of(panel, AtStep(2))
    usual = panel.scale.ends(panel.sight.theme)
    wheel(panel, at, 2)
    low, high = panel.scale.ends(panel.sight.theme)
    assert high - low < usual[1] - usual[0]
    assert 10.0**low < panel.seen.curves[0].values[2] < 10.0**high
    wheel(panel, at, -4)
    assert panel.scale.ends(panel.sight.theme)[0] < usual[0]
    QTest.mouseDClick(panel, Qt.MouseButton.LeftButton, pos=at)
    assert panel.scale.ends(panel.sight.theme) == usual


def test_the_end_of_a_truncation_is_dragged(look: Show) -> None:
    looked, panel = look(SetTruncation(1).apply(sample("not_happy")))
    looked.go_to("forward", 3)
    panel.grab()
    drag(panel, TruncationEnd(), place_of(panel, AtStep(2)), place_of(panel, AtStep(1)))
    assert looked.session.store.document.truncate == 3
    assert len(looked.session.store.labels) == 1
    assert "3 steps" in panel.text_of(TruncationEnd())


def test_presented_it_is_larger_and_is_used_in_the_same_way(look: Show) -> None:
    looked, panel = look(size=(900, 300))
    small = place_of(panel, AtStep(1))
    looked.stage.change(present=True)
    panel.grab()
    assert panel.room.width() == pytest.approx(900 / 18 * 11)
    assert place_of(panel, AtStep(1)) != small
    click(panel, AtStep(1))
    assert panel.at == 1
    x, axis = place_of(panel, ClipHandle()).x(), panel.place.axis
    drag(panel, ClipHandle(), QPoint(x, 80), QPoint(x, round(axis.y(0.1) * panel.grown)))
    assert looked.session.store.document.clip.limit == pytest.approx(0.1, rel=0.2)


def test_the_legend_names_what_is_drawn_and_grows_too(look: Show) -> None:
    looked, panel = look()

    def legend() -> QImage:
        image = QImage(600, 60, QImage.Format.Format_RGB32)
        image.fill(0)
        assert panel.legend is not None
        with QPainter(image) as painter:
            panel.legend(painter, QRectF(10, 5, 580, 50))
        return image

    plain = legend()
    looked.session.apply(SetToken(2, "very"))
    assert legend() != plain, "it names the curves before the edit"
    edited = legend()
    looked.stage.change(present=True)
    assert legend() != edited


def test_the_menu_cuts_and_shows(look: Show) -> None:
    looked, panel = look()
    named = {action.text(): action for action in panel.gestures.menu(None)}
    named["Clip each number of it"].trigger()
    assert looked.session.store.document.clip.kind == "value"
    named["Truncate after 2 steps"].trigger()
    assert looked.session.store.document.truncate == 2
    again = {action.text(): action for action in panel.gestures.menu(None)}
    again["Do not truncate"].trigger()
    assert looked.session.store.document.truncate is None


def test_overflow_is_said_and_taken_back(look: Show) -> None:
    looked, panel = look()
    vector = looked.session.store.document.weights.vector
    looked.session.apply(ReplaceWeights(np.full_like(vector, 1e308)))
    panel.grab()
    word = next(item for _, item in panel.hits.places if isinstance(item, OverflowWord))
    assert "nan" in panel.text_of(AtStep(1))
    with_undo: list[tuple[str, object]] = []
    panel.command_requested.connect(lambda name, argument: with_undo.append((name, argument)))
    click(panel, word)
    assert with_undo == [("undo", None)]


@pytest.mark.parametrize("kind", documents.KINDS)
@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("room", [(220, 120), (1200, 300)], ids=str)
def test_everything_can_be_drawn(kind: str, theme: str, room: tuple[int, int], look: Show) -> None:
    looked, panel = look(documents.document(kind), look=theme, size=room)
    empty = panel.sight.evaluation is None or panel.sight.evaluation.gradients is None
    assert bool(panel.seen.curves) is not empty
    for _, item in panel.hits.places:
        assert panel.text_of(item)
    for phase in looked.session.view.playhead.story.phases:
        looked.session.view.playhead.go_to(Moment(phase, 0))
        panel.grab()


def test_a_thousand_steps(look: Show) -> None:
    document = sample("not_happy").changed(sequence=("not",) * 1000, targets=None)
    targets = (*[None] * 999, "negative")
    _, panel = look(document.changed(targets=targets))
    assert panel.seen.steps == 1000
    assert panel.hits.at(panel.place.columns.box(777, 20, 100).center()) == AtStep(777)
    assert f"t = {778}" in panel.text_of(AtStep(777))


def test_of_one_loss_alone_the_mark_of_all_weights_is_not_shown(look: Show) -> None:
    looked, panel = look()
    assert panel.hits.box_of(WeightsMark()) is not None
    looked.session.view.selector.select(loss_step=1)
    panel.grab()
    assert panel.hits.box_of(WeightsMark()) is None
