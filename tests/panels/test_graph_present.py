"""The graph before a room: all is large and true, and clicks change nothing by accident."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from rnnviz.document.document import Document
from rnnviz.document.edits import PasteTokens, SetCell
from rnnviz.engine.cell import Cell
from rnnviz.engine.cells import CELLS
from rnnviz.engine.weights import Weights
from rnnviz.panels.canvas.text import number, size
from rnnviz.panels.graph import GraphPanel
from rnnviz.panels.graph.items import CellBox, Chip, GateBar, OutputRow, StateCell, StateNorm
from tests.app.window.texts import Written, faults_of, writing
from tests.panels.looking import Looked, look_at, sample
from tests.panels.mouse import click, drag
from tests.panels.test_graph import VARIANTS, variants

Maker = Callable[..., Looked]
SMALLEST = 18
LANE = "layer0/forward"
CARD = 448
"""Px that a card covers at the right."""


@pytest.fixture
def room(request: pytest.FixtureRequest) -> Maker:
    """Makes graphs for a room, which are stopped at the end."""

    def make(
        document: Document | None = None,
        size: tuple[int, int] = (1280, 602),
        look: str = "light",
        scale: float = 1.0,
    ) -> Looked:
        looked = look_at(GraphPanel, document, size, look)
        request.addfinalizer(looked.session.stop)
        looked.stage.change(present=True, scale=scale)
        looked.panel.grab()
        return looked

    return make


def panel_of(looked: Looked) -> GraphPanel:
    assert isinstance(looked.panel, GraphPanel)
    return looked.panel


def written(looked: Looked) -> list[Written]:
    with writing() as found:
        looked.panel.grab()
    return found


def said(looked: Looked) -> str:
    return " ".join(one.text for one in written(looked))


def check(looked: Looked) -> None:
    """Nothing is small, cut off or over something else."""
    texts = written(looked)
    assert [one for one in texts if one.px < SMALLEST - 0.01] == []
    assert faults_of(texts) == []


# --------------------------------------------------------------------------------- what is seen


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: cell.name)
def test_the_numbers_of_every_cell_are_those_of_the_trace(room: Maker, cell: Cell) -> None:
    looked = room(SetCell(cell.name).apply(sample("not_happy")))
    looked.session.view.selector.select(unit=4)
    looked.go_to("forward", 2)
    texts = [one.text for one in written(looked)]
    trace = looked.session.frame.trace
    assert trace is not None
    state = (*cell.states[1:], cell.states[0])[0]
    for step in range(3):
        assert number(float(trace[f"{LANE}/{state}"][step, 0, 4])) in texts
    assert texts.count("?") == 1
    assert "3 / 4" in texts
    for step in range(3):
        row = trace.predictions[step, 0]
        assert looked.stage.sight.document.answers[int(row.argmax())] in texts
        assert number(float(row.max())) in texts


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: cell.name)
@pytest.mark.parametrize("look", ["light", "dark"])
def test_nothing_of_any_cell_is_small_or_cut(room: Maker, cell: Cell, look: str) -> None:
    looked = room(SetCell(cell.name).apply(sample("not_happy")), look=look)
    looked.panel.setContentsMargins(0, 0, CARD, 0)
    for phase, step in (("forward", 2), ("loss", 3), ("backward", 1), ("update", 0)):
        looked.go_to(phase, step)
        check(looked)


@pytest.mark.parametrize(
    "shape", [(1280, 602, 1.0), (1024, 642, 1.0667), (3840, 1806, 3.0), (1000, 480, 1.0)]
)
@pytest.mark.parametrize("name", ["pos_bilstm", "adding_150_lstm", "translation_attention"])
def test_samples_stand_on_every_screen(
    room: Maker, name: str, shape: tuple[int, int, float]
) -> None:
    looked = room(sample(name), shape[:2], scale=shape[2])
    playhead = looked.session.view.playhead
    for stage in (0, playhead.story.stages // 3, playhead.story.stages - 2):
        playhead.go_to(playhead.story.rest(stage))
        check(looked)
        boxes = [box for box, _ in panel_of(looked).hits.places]
        assert all(looked.panel.rect().contains(box.center().toPoint()) for box in boxes)


@pytest.mark.parametrize("name", VARIANTS)
def test_every_network_degrades_without_small_letters(room: Maker, name: str) -> None:
    looked = room(variants()[name], look="dark")
    looked.panel.setContentsMargins(0, 0, CARD, 0)
    playhead = looked.session.view.playhead
    story = playhead.story
    for stage in {0, story.stages // 2, story.stages - 2}:
        playhead.go_to(story.rest(max(0, min(stage, story.stages - 1))))
        check(looked)
        for _, item in panel_of(looked).hits.places:
            assert isinstance(panel_of(looked).text_of(item), str)


def test_a_long_sentence_keeps_the_step_in_view(room: Maker) -> None:
    looked = room(PasteTokens(" ".join(["I am not happy"] * 10)).apply(sample("not_happy")))
    for step in (0, 17, 39):
        looked.go_to("forward", step)
        texts = [one.text for one in written(looked)]
        assert f"{step + 1} / 40" in texts
        chips = [i for _, i in panel_of(looked).hits.places if isinstance(i, Chip)]
        assert Chip(0, step) in chips
        assert 8 <= len(chips) <= 12
        box = panel_of(looked).hits.box_of(CellBox(LANE, step))
        assert box is not None
        assert box.width() >= 100


def test_the_way_back_has_one_number_a_column(room: Maker) -> None:
    looked = room()
    looked.go_to("backward", 1)
    texts = [one.text for one in written(looked)]
    gradients = looked.session.frame.evaluation.gradients  # type: ignore[union-attr]
    assert gradients is not None
    for step in (1, 2, 3):
        assert size(float(np.linalg.norm(gradients[f"{LANE}/h"][step, 0]))) in texts
    states = [i for _, i in panel_of(looked).hits.places if isinstance(i, StateNorm)]
    assert [item.step for item in states] == [1, 2, 3]
    for item in states:
        norm = gradients.norms(f"{LANE}/{item.state}")[item.step]
        assert panel_of(looked).text_of(item).endswith(f"norm {size(float(norm), 3)}")


@pytest.mark.parametrize("value", [np.nan, 1e300])
def test_what_overflows_is_named(room: Maker, value: float) -> None:
    base = sample("not_happy")
    weights = Weights(base.weights.layout, np.full_like(base.weights.vector, value))
    looked = room(base.changed(weights=weights))
    for phase in ("forward", "backward"):
        looked.go_to(phase, 2)
        check(looked)
    looked.go_to("forward", 2)
    assert ("overflow" in said(looked)) == np.isnan(value)


def test_operations_appear_one_after_the_other(room: Maker) -> None:
    looked = room()
    playhead = looked.session.view.playhead
    looked.go_to("forward", 1)
    before = looked.panel.grab().toImage()
    seen = [before]
    for _ in range(playhead.story.operations("forward", 2)):
        playhead.next_operation()
        seen.append(looked.panel.grab().toImage())
    assert sum(a != b for a, b in pairwise(seen)) >= 4
    assert "keeps" in said(looked)


@pytest.mark.parametrize("name", ["not_happy", "sentiment_gru", "agreement_rnn", "weather"])
def test_a_cell_fills_the_picture(room: Maker, name: str) -> None:
    looked = room(sample(name))
    looked.stage.change(zoom=3)
    for phase in ("forward", "backward"):
        looked.go_to(phase, 2)
        texts = written(looked)
        assert [one for one in texts if one.px < SMALLEST - 0.01] == []
        assert [fault for fault in faults_of(texts) if "outside" in fault or "cut" in fault] == []
    assert len({one.text for one in texts if "." in one.text}) >= 2


# ------------------------------------------------------------------------------------- the hand


def test_clicks_choose_a_step_and_change_nothing(room: Maker) -> None:
    looked = room()
    panel, before = panel_of(looked), looked.session.frame.document
    looked.go_to("forward", 3)
    panel.grab()
    click(panel, CellBox(LANE, 0))
    assert looked.stage.sight.moment.step == 0
    click(panel, Chip(0, 2))
    assert looked.stage.sight.moment.step == 2
    click(panel, OutputRow(1, 1))
    assert looked.stage.sight.moment.step == 1
    click(panel, StateCell(f"{LANE}/h", 1, 4))
    assert looked.stage.sight.selection.unit == 4
    assert looked.session.frame.document is before
    assert not panel.field.isVisible()


def test_a_word_is_changed_by_a_second_click(room: Maker) -> None:
    looked = room(scale=1.5, size=(1920, 903))
    panel = panel_of(looked)
    looked.go_to("forward", 2)
    panel.grab()
    click(panel, Chip(0, 2))
    assert panel.field.isVisible()
    assert panel.field.font().pixelSize() >= 30
    QTest.keyClicks(panel.field, "very")
    QTest.keyClick(panel.field, Qt.Key.Key_Return)
    assert looked.session.frame.document.sequence == ("I", "am", "very", "happy")


def test_a_gate_is_held_by_a_drag(room: Maker) -> None:
    looked = room(scale=1.5, size=(1920, 903))
    panel, bar = panel_of(looked), GateBar(LANE, 2, "f")
    looked.go_to("forward", 2)
    panel.grab()
    box = panel.hits.box_of(bar)
    assert box is not None
    x = round(box.center().x())
    middle, foot = QPoint(x, round(box.center().y())), QPoint(x, round(box.bottom()) + 9)
    drag(panel, bar, middle + QPoint(0, 20), foot)
    (hold,) = looked.session.frame.document.holds
    assert (hold.path, hold.step, hold.value) == (f"{LANE}/f", 2, 0.0)
    texts = said(looked)
    assert "keeps 0 %" in texts


def test_the_keys_of_the_window_are_left_to_it(room: Maker) -> None:
    looked = room(sample("sentiment_gru"))
    looked.session.view.selector.select(unit=1)
    before = looked.stage.sight.selection
    for key in "1234bzt":
        QTest.keyClicks(looked.panel, key)
    assert looked.stage.sight.selection == before
    QTest.keyClick(looked.panel, Qt.Key.Key_Down)
    assert looked.stage.sight.selection.unit == 2
