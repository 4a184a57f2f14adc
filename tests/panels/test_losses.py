"""The matrix of losses and steps: its numbers are the engine's, a row shows its loss alone."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from rnnviz.document.document import Document
from rnnviz.document.edits import SetCell, SetClip, SetToken, SetTruncation
from rnnviz.document.evaluate import Evaluation
from rnnviz.document.new import new_document
from rnnviz.document.single_losses import one_loss
from rnnviz.engine.cell import Cell
from rnnviz.engine.cells import CELLS
from rnnviz.engine.itemised import loss_matrix
from rnnviz.panels.canvas.text import size
from rnnviz.panels.losses import LossMatrixPanel
from rnnviz.panels.losses.items import Cell as At
from rnnviz.panels.losses.items import Compute, Row
from rnnviz.panels.losses.matrix import reach
from rnnviz.session.moments import Moment
from tests.document import documents
from tests.panels.looking import Looked, sample, shown_panels
from tests.panels.mouse import click, hover, place_of

Show = Callable[..., tuple[Looked, LossMatrixPanel]]


@pytest.fixture
def look() -> Iterator[Show]:
    yield from shown_panels(LossMatrixPanel, (256, 174))


def evaluation_of(panel: LossMatrixPanel) -> Evaluation:
    found = panel.sight.evaluation
    assert found is not None
    return found


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: cell.name)
def test_every_number_is_the_engines(cell: Cell, look: Show) -> None:
    _, panel = look(SetCell(cell).apply(sample("not_happy")))
    expected = loss_matrix(evaluation_of(panel).trace, f"layer0/forward/{cell.states[0]}")
    assert panel.values is not None
    np.testing.assert_array_equal(panel.values, expected)
    for k in range(4):
        for t in range(4):
            text = panel.text_of(At(k, t))
            if t > k:
                assert "does not depend" in text
                assert expected[k, t] == 0
            else:
                assert text.endswith(f"= {size(float(expected[k, t]))}")


def test_of_the_state_that_is_selected(look: Show) -> None:
    looked, panel = look()
    looked.session.view.selector.select(path="layer0/forward/c")
    panel.grab()
    expected = loss_matrix(evaluation_of(panel).trace, "layer0/forward/c")
    np.testing.assert_array_equal(panel.values, expected)


def test_a_click_shows_a_loss_alone_and_another_the_whole(look: Show) -> None:
    looked, panel = look()
    click(panel, At(2, 1))
    assert looked.session.view.selector.selection.loss_step == 2
    click(panel, Row(1))
    assert looked.session.view.selector.selection.loss_step == 1
    click(panel, Row(1))
    assert looked.session.view.selector.selection.loss_step is None


def test_what_was_before_the_edit(look: Show) -> None:
    looked, panel = look()
    before = panel.values
    assert before is not None
    looked.session.apply(SetToken(2, "very"))
    panel.grab()
    assert panel.before is not None
    assert panel.before.values is before
    assert f"before {size(float(before[3, 2]))}" in panel.text_of(At(3, 2))
    assert "before" not in panel.text_of(At(0, 0))
    looked.session.apply(SetClip("norm", 1.0))
    panel.grab()
    assert panel.before is None


def test_hovering_lights_the_step(look: Show) -> None:
    looked, panel = look()
    hover(panel, place_of(panel, At(3, 1)))
    spot = looked.session.view.selector.hover
    assert spot is not None
    assert (spot.path, spot.step) == ("layer0/forward/h", 1)


def test_of_two_directions_both_halves_are_full(look: Show) -> None:
    _, panel = look(sample("pos_bilstm"))
    trace = evaluation_of(panel).trace
    one, other = (loss_matrix(trace, f"layer0/{way}/h") for way in ("forward", "backward"))
    assert panel.values is not None
    np.testing.assert_allclose(panel.values, np.hypot(one, other))
    assert (panel.values > 0).all()
    assert "both directions" in panel.text_of(At(0, 7))


@pytest.mark.parametrize("name", ["adding_10_lstm", "ner_crf"])
def test_a_single_loss_has_a_single_row(name: str, look: Show) -> None:
    looked, panel = look(sample(name))
    evaluation = evaluation_of(panel)
    assert evaluation.gradients is not None
    assert panel.values is not None
    assert panel.values.shape == (1, evaluation.trace.steps)
    click(panel, At(0, 1))
    assert looked.session.view.selector.selection.loss_step is None  # there is none but this


def test_a_truncated_loss_reaches_no_further(look: Show, qtbot: QtBot) -> None:
    _, panel = look(SetTruncation(2).apply(sample("not_happy")))
    qtbot.waitUntil(lambda: panel.values is not None, timeout=5000)
    assert panel.values is not None
    assert panel.values[3, 1] == 0
    for k in range(4):
        single = one_loss(evaluation_of(panel), k)
        assert single is not None
        np.testing.assert_allclose(panel.values[k], single.norms("layer0/forward/h"))


def test_an_encoder_is_reached_by_every_loss_of_the_decoder(look: Show) -> None:
    looked, panel = look(documents.translator())
    looked.session.view.selector.select(path="encoder/layer0/forward/h")
    panel.grab()
    evaluation = evaluation_of(panel)
    assert panel.values is not None
    assert panel.values.shape == (evaluation.trace.steps, evaluation.document.steps)
    assert "= " in panel.text_of(At(0, evaluation.document.steps - 1))
    looked.session.view.selector.select(path="decoder/layer1/forward/h")
    panel.grab()
    assert panel.values.shape == (evaluation.trace.steps, evaluation.trace.steps)
    assert "does not depend" in panel.text_of(At(0, 1))


@pytest.mark.parametrize("name", ["tagger", "translator", "chain of tags", "unshared"])
def test_nothing_is_hatched_that_can_hold_a_number(name: str, look: Show) -> None:
    document = documents.document(name)
    looked, panel = look(document)
    for part in ("layer0/forward", "layer1/forward", "layer0/backward", "encoder/layer0/forward"):
        looked.session.view.selector.select(path=f"{part}/h")
        panel.grab()
        values, asked = panel.values, panel.question
        if values is None or asked is None or asked.reach == "all":
            continue
        empty = np.triu(values, 1) if asked.reach == "past" else np.tril(values, -1)
        assert not empty.any()


def test_a_layer_below_two_directions_is_reached_from_everywhere() -> None:
    assert reach(documents.tagger(), "layer0/forward") == "all"
    assert reach(sample("not_happy"), "layer0/forward") == "past"
    assert reach(documents.translator(), "decoder/layer0/forward") == "past"


def long(steps: int, units: int) -> Document:
    document = new_document("lstm", units, ("yes", "no"), form="many-to-many", labels=("Y", "N"))
    return document.changed(sequence=("no",) * steps, targets=("Y",) * steps)


def test_a_long_one_is_computed_behind(look: Show, qtbot: QtBot) -> None:
    _, panel = look(long(100, 8))
    assert panel.values is None
    qtbot.waitUntil(lambda: panel.values is not None, timeout=10_000)
    expected = loss_matrix(evaluation_of(panel).trace, "layer0/forward/h")
    np.testing.assert_array_equal(panel.values, expected)
    panel.grab()
    assert panel.hits.at(panel.hits.box_of(At(70, 20)).center()) == At(70, 20)  # type: ignore[union-attr]


def test_a_very_long_one_only_when_asked_for(look: Show, qtbot: QtBot) -> None:
    _, panel = look(long(600, 2))
    qtbot.wait(250)
    assert panel.values is None, "it was not asked for"
    click(panel, Compute())
    qtbot.waitUntil(lambda: len(panel.table()) == 601, timeout=20_000)


@pytest.mark.parametrize("kind", documents.KINDS)
@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("room", [(220, 120), (1200, 300)], ids=str)
def test_everything_can_be_drawn(kind: str, theme: str, room: tuple[int, int], look: Show) -> None:
    looked, panel = look(documents.document(kind), look=theme, size=room)
    asked = panel.question
    for phase in looked.session.view.playhead.story.phases:
        looked.session.view.playhead.go_to(Moment(phase, 0))
        panel.grab()
    evaluation = panel.sight.evaluation
    assert (asked is None) is (evaluation is None or evaluation.gradients is None)
    if asked is not None and panel.values is not None:
        assert panel.values.shape == (len(asked.rows), len(asked.columns))
        assert len(panel.table()) == len(asked.rows) + 1
        assert all(panel.text_of(At(k, 0)) for k in range(len(asked.rows)))
