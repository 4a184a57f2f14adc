"""Outputs and loss: what is answered, what is right, what it costs; a click sets a target."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from rnnviz.document.document import Document
from rnnviz.document.edits import SetCell, SetLossSteps, SetTargets, SetTask, SetToken
from rnnviz.document.new import new_document
from rnnviz.engine.cells import CELLS
from rnnviz.engine.weights import Weights
from rnnviz.panels.canvas.text import number, size
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.gestures import Item
from rnnviz.panels.outputs import OutputsPanel
from rnnviz.panels.outputs.items import (
    AnswerAt,
    Choice,
    ClassAt,
    LossAt,
    NumberAt,
    PathScore,
    TargetPoint,
    Total,
)
from rnnviz.session.selection import Spot
from tests.panels.looking import Looked, look_at, sample
from tests.session.support import Heard

SIZE = (316, 172)


def outputs(
    document: Document | None = None, size: tuple[int, int] = SIZE, look: str = "dark"
) -> Looked:
    looked = look_at(OutputsPanel, document, size, look)
    looked.session.view.playhead.go_to_end()
    QApplication.processEvents()
    looked.panel.grab()
    return looked


def panel_of(looked: Looked) -> OutputsPanel:
    assert isinstance(looked.panel, OutputsPanel)
    return looked.panel


def place(looked: Looked, item: Item) -> QPoint:
    box = panel_of(looked).hits.box_of(item)
    assert box is not None, item
    return QPoint(round(box.center().x()), round(box.center().y()))


def click(looked: Looked, item: Item) -> None:
    QTest.mouseClick(looked.panel, Qt.MouseButton.LeftButton, pos=place(looked, item))
    QApplication.processEvents()
    looked.panel.grab()


def series() -> Document:
    """A network that forecasts a sine."""
    curve = np.sin(np.arange(13) / 2)[:, None]
    document = new_document("gru", 4, sequence=curve[:-1]).changed(columns=("y",))
    document = SetTask("many-to-many", "regression", labels=("y",)).apply(document)
    return SetTargets(curve[1:]).apply(document)


def decoder() -> Document:
    document = SetTask("many-to-many unaligned", labels=("je", "suis", "content")).apply(
        sample("not_happy")
    )
    return SetTargets(("je", "suis")).apply(document)


def test_a_click_sets_a_target_and_the_same_again_takes_it_away() -> None:
    looked = outputs()
    store = looked.session.store
    click(looked, ClassAt(2, 2))
    assert store.document.targets == ("neutral", "neutral", "positive", "negative")
    click(looked, ClassAt(2, 2))
    assert store.document.targets == ("neutral", "neutral", None, "negative")
    looked.session.undo()
    looked.session.undo()
    assert store.document.targets == ("neutral", "neutral", "negative", "negative")


def test_without_targets_the_first_click_makes_them() -> None:
    looked = outputs(SetTargets(None).apply(sample("not_happy")))
    assert looked.session.frame.gradients is None
    click(looked, ClassAt(1, 0))
    assert looked.session.store.document.targets == (None, "negative", None, None)
    click(looked, ClassAt(1, 0))
    assert looked.session.store.document.targets is None


def test_a_box_lets_the_loss_of_a_step_count_or_not_but_never_none() -> None:
    looked = outputs()
    hints = Heard(looked.panel.refused)
    seen = []
    for item in (LossAt(0), LossAt(1), LossAt(2), LossAt(3), Choice("every"), Choice("last")):
        click(looked, item)
        seen.append(looked.session.store.document.loss_steps)
    assert seen == [(1, 2, 3), (2, 3), "last", "last", "every", "last"]
    assert hints == [("The loss of one step at least has to count.",)]


def test_every_number_is_that_of_the_trace() -> None:
    looked = outputs()
    panel, trace = panel_of(looked), looked.session.frame.trace
    assert trace is not None
    logits = trace["head/outputs"][:, 0]
    losses = trace.losses()[:, 0]
    for step in range(4):
        for output, name in enumerate(("negative", "neutral", "positive")):
            said = panel.text_of(ClassAt(step, output))
            assert f"p({name}) = {number(float(trace.predictions[step, 0, output]), 3)}" in said
            assert f"logit {number(float(logits[step, output]), 3)}" in said
        assert size(float(losses[step]), 3) in panel.text_of(LossAt(step))
    assert size(trace.loss("every"), 3) in panel.text_of(Total())
    assert panel.text_of(AnswerAt(2)).endswith("answer negative, right")


def test_a_wrong_answer_says_what_is_right() -> None:
    document = SetTargets(("positive", None, "negative", "negative")).apply(sample("not_happy"))
    looked = outputs(document)
    assert (
        panel_of(looked).text_of(AnswerAt(0)).endswith("answer neutral, wrong: positive is right")
    )
    assert panel_of(looked).text_of(AnswerAt(1)).endswith("answer neutral")


def test_a_click_on_an_answer_looks_at_its_step() -> None:
    looked = outputs()
    click(looked, AnswerAt(1))
    assert looked.stage.sight.selection.step == 1


def test_a_crf_draws_the_best_path_and_says_its_score() -> None:
    looked = outputs(sample("ner_crf"))
    panel = panel_of(looked)
    answers = panel.answers
    assert answers is not None
    chain = answers.chain
    assert chain.tags.tolist() == looked.session.frame.trace.decoded[:, 0].tolist()  # type: ignore[union-attr]
    assert chain.score >= chain.single_score
    said = panel.text_of(PathScore())
    assert number(chain.score, 3) in said
    assert number(chain.single_score, 3) in said
    assert panel.hits.box_of(PathScore()) is not None
    assert panel.hits.box_of(LossAt(0)) is None


def test_a_single_answer_is_a_list_to_click_in() -> None:
    looked = outputs(sample("sentiment_gru"))
    before = looked.session.store.document.targets
    click(looked, ClassAt(0, 1))
    after = looked.session.store.document.targets
    assert (before, after) == (("negative",), ("positive",))


def test_a_target_of_a_curve_is_dragged_in_one_step_of_undo_and_esc_takes_it_back() -> None:
    looked = outputs(series(), (420, 240))
    store, panel = looked.session.store, looked.panel
    start = place(looked, TargetPoint(4, 0))
    first = store.document.targets
    QTest.mousePress(panel, Qt.MouseButton.LeftButton, pos=start)
    for dy in range(5, 40, 5):
        QTest.mouseMove(panel, start + QPoint(0, dy))
    QTest.mouseRelease(panel, Qt.MouseButton.LeftButton, pos=start + QPoint(0, 35))
    assert store.index == 1
    changed = np.asarray(store.document.targets) - np.asarray(first)
    assert changed[4, 0] < -0.1
    assert np.count_nonzero(changed) == 1
    looked.session.undo()
    panel.grab()
    QTest.mousePress(panel, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(panel, start + QPoint(0, 20))
    assert store.index == 1
    QTest.keyClick(panel, Qt.Key.Key_Escape)
    assert store.index == 0
    np.testing.assert_array_equal(np.asarray(store.document.targets), np.asarray(first))


def test_the_wheel_and_a_double_click_change_a_target_of_a_curve() -> None:
    looked = outputs(series(), (420, 240))
    store = looked.session.store
    first = np.asarray(store.document.targets)[6, 0]
    turn(looked, place(looked, TargetPoint(6, 0)), 1)
    assert np.asarray(store.document.targets)[6, 0] == pytest.approx(first + 0.01, abs=1e-6)
    looked.panel.grab()
    QTest.mouseDClick(looked.panel, Qt.MouseButton.LeftButton, pos=place(looked, TargetPoint(6, 0)))
    assert np.isnan(np.asarray(store.document.targets)[6, 0])
    looked.panel.grab()
    click(looked, NumberAt(6, 0))
    answered = looked.session.frame.trace.predictions[6, 0, 0]  # type: ignore[union-attr]
    assert np.asarray(store.document.targets)[6, 0] == pytest.approx(answered, rel=1e-3)


def test_a_forecast_is_known_by_its_targets() -> None:
    looked = outputs(series())
    answers = panel_of(looked).answers
    assert answers is not None
    assert answers.forecasts
    other = SetTargets(np.zeros((12, 1))).apply(series())
    later = panel_of(outputs(other)).answers
    assert later is not None
    assert not later.forecasts


def test_the_text_of_a_decoder_is_changed_by_clicks() -> None:
    looked = outputs(decoder(), (420, 220))
    store, names = looked.session.store, decoder().answers
    click(looked, ClassAt(1, names.index("content")))
    assert store.document.targets == ("je", "content")
    click(looked, ClassAt(2, names.index("suis")))
    assert store.document.targets == ("je", "content", "suis")
    click(looked, ClassAt(1, names.index("</s>")))
    assert store.document.targets == ("je",)
    click(looked, ClassAt(0, names.index("<s>")))
    assert store.document.targets == ("je",)


def test_a_number_that_is_pointed_at_elsewhere_is_lit() -> None:
    looked = outputs()
    plain = looked.panel.grab().toImage()
    looked.session.view.selector.set_hover(Spot("head/predictions", 1, 2))
    assert looked.panel.grab().toImage() != plain
    hovered = Heard(looked.panel.hover_requested)
    at = QPointF(place(looked, ClassAt(1, 2)))
    none = Qt.MouseButton.NoButton
    moved = QMouseEvent(
        QEvent.Type.MouseMove,
        at,
        looked.panel.mapToGlobal(at),
        none,
        none,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(looked.panel, moved)
    assert hovered[-1] == (Spot("head/predictions", 2, 1),)


def test_what_is_not_told_yet_is_dimmed_and_the_ghost_is_drawn() -> None:
    looked = outputs()
    whole = looked.panel.grab().toImage()
    looked.go_to("forward", 0)
    early = looked.panel.grab().toImage()
    assert early != whole
    looked.session.view.playhead.go_to_end()
    looked.session.apply(SetToken(2, "very"))
    with_ghost = looked.panel.grab().toImage()
    looked.session.clear_ghost()
    assert looked.panel.grab().toImage() != with_ghost


def test_the_score_on_held_out_data_stands_in_the_legend_until_the_weights_change() -> None:
    looked = outputs()
    assert looked.panel.legend is not None
    changed = Heard(looked.panel.caption_changed)
    document = looked.session.store.document
    layout, vector = document.weights.layout, document.weights.vector * 0.5
    looked.session.open(document.changed(weights=Weights(layout, vector), score=None))
    assert changed


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: cell.name)
@pytest.mark.parametrize("head", ["softmax", "regression", "crf"])
def test_it_draws_every_cell_and_head(cell: object, head: str, look: Theme) -> None:
    document = SetCell(cell).apply(sample("not_happy"))  # type: ignore[arg-type]
    document = SetTask("many-to-many", head, labels=("a", "b")).apply(document)  # type: ignore[arg-type]
    looked = outputs(document, look=look.name)
    image = looked.panel.grab().toImage()
    colours = {image.pixel(x, y) for x in range(0, 316, 3) for y in range(0, 172, 3)}
    assert len(colours) > 2


@pytest.mark.parametrize("steps", [0, 1, 1000])
def test_it_draws_any_length(steps: int) -> None:
    document = SetTask("many-to-many", labels=("a", "b")).apply(new_document("rnn", 3))
    words = tuple((document.vocabulary or ())[n % 4] for n in range(steps))
    targets = tuple(document.answers[n % 2] for n in range(steps)) or None
    looked = outputs(document.changed(sequence=words, targets=targets))
    panel = panel_of(looked)
    if steps:
        assert panel.hits.box_of(ClassAt(steps - 1, 0)) is not None
    else:
        assert panel.answers is None
        assert not panel.hits.fields


@pytest.mark.parametrize("name", ["not_happy", "ner_crf", "adding_10_lstm"])
def test_weights_that_are_no_numbers_are_hatched(name: str, look: Theme) -> None:
    document = sample(name)
    layout = document.weights.layout
    document = document.changed(weights=Weights(layout, np.full(layout.size, np.nan)))
    looked = outputs(document, look=look.name)
    assert "nan" in panel_of(looked).text_of(Total())
    assert not looked.panel.grab().isNull()


@pytest.mark.parametrize("wide", [220, 320, 900])
@pytest.mark.parametrize("high", [60, 120, 180])
@pytest.mark.parametrize("name", ["not_happy", "clicks", "ner_crf", "adding_10_lstm"])
def test_nothing_lies_outside_or_upon_each_other(wide: int, high: int, name: str) -> None:
    looked = outputs(sample(name), (wide, high))
    hits = panel_of(looked).hits
    boxes = [box for box, _ in hits.places] + [field.box for field in hits.fields]
    for box in boxes:
        assert box.left() >= 0
        assert box.right() <= wide
        assert box.top() >= 0
    kinds = (Choice, Total, PathScore)
    foot = [box for box, item in hits.places if isinstance(item, kinds)]
    for one in foot:
        for other in foot:
            assert one is other or not one.intersects(other)


def turn(looked: Looked, at: QPoint, notches: int) -> None:
    point = QPointF(at)
    turned = QWheelEvent(
        point,
        looked.panel.mapToGlobal(point),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(looked.panel, turned)
    looked.panel.grab()


def test_the_wheel_goes_through_a_long_list_so_that_any_class_can_be_the_target() -> None:
    document = sample("not_happy")
    document = SetTask("one-to-many", labels=document.vocabulary or ()).apply(document)
    looked = outputs(document)
    answers = panel_of(looked).answers
    assert answers is not None
    last = int(np.argmin(answers.values[3]))
    assert panel_of(looked).hits.box_of(ClassAt(3, last)) is None
    first = int(np.argmax(answers.values[3]))
    at = place(looked, ClassAt(3, first))
    turn(looked, at, -400)
    click(looked, ClassAt(3, last))
    targets = looked.session.store.document.targets
    assert isinstance(targets, tuple)
    assert targets[3] == answers.names[last]
    turn(looked, at, 400)
    assert panel_of(looked).hits.box_of(ClassAt(3, first)) is not None


def test_a_right_click_offers_the_losses_and_to_begin_without_targets() -> None:
    looked = outputs()
    actions = panel_of(looked).gestures.menu(None)
    assert [a.text() for a in actions] == [
        "Loss at every step",
        "Loss at the last step",
        "Remove all targets",
    ]
    actions[1].trigger()
    assert looked.session.store.document.loss_steps == "last"
    actions[2].trigger()
    assert looked.session.store.document.targets is None
    assert not panel_of(looked).gestures.menu(None)


def test_the_table_holds_every_output() -> None:
    looked = outputs()
    table = looked.panel.gestures.table  # type: ignore[attr-defined]
    rows = table()
    assert rows[0][:5] == ["step", "word", "negative", "neutral", "positive"]
    assert rows[3][1] == "not"
    assert rows[3][-1] is True


def test_the_loss_may_count_at_the_last_step_alone() -> None:
    looked = outputs(SetLossSteps("last").apply(sample("not_happy")))
    assert panel_of(looked).text_of(LossAt(0)).endswith("does not count")
    assert panel_of(looked).text_of(LossAt(3)).endswith("counts")
