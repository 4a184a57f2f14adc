"""The inspector: its lines are the engine's, they are copied, held and kept, nothing is clipped."""

import gc
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from rnnviz.document.document import Clip, Document
from rnnviz.document.edits import (
    HoldQuantity,
    ReplaceWeights,
    SetCell,
    SetDirection,
    SetHidden,
    SetLayers,
    SetToken,
)
from rnnviz.document.new import new_document
from rnnviz.document.single_losses import one_loss
from rnnviz.document.what_if import largest_changes
from rnnviz.engine.cell import Cell
from rnnviz.engine.cells import CELLS
from rnnviz.engine.holds import Hold
from rnnviz.engine.story import backward_story, equation_lines, forward_story, gradient_lines
from rnnviz.engine.text import number as written
from rnnviz.panels.gestures import Item
from rnnviz.panels.inspector import InspectorPanel, background
from rnnviz.panels.inspector.bars import Bars
from rnnviz.panels.inspector.equation import Equation
from rnnviz.panels.inspector.items import (
    AnswerItem,
    ButtonItem,
    ChoiceItem,
    LineItem,
    LossItem,
    OutcomeItem,
    ResultItem,
    TermItem,
    TokenItem,
    WeightItem,
)
from rnnviz.session.moments import Moment
from rnnviz.session.selection import Spot
from tests.document import documents
from tests.panels.looking import Looked, sample, shown_panels
from tests.session.support import Heard

Show = Callable[..., tuple[Looked, InspectorPanel]]
F = "layer0/forward/f"


@pytest.fixture
def look() -> Iterator[Show]:
    yield from shown_panels(InspectorPanel, (328, 420), undoes=True)


def holds(looked: Looked) -> tuple[Hold, ...]:
    return looked.session.store.document.holds


def select(looked: Looked, **parts: Any) -> None:
    looked.session.view.selector.select(**parts)
    looked.panel.grab()


def go(looked: Looked, phase: str, step: int = 0, operation: int | None = None) -> None:
    if operation is None:
        looked.go_to(phase, step)
    else:
        looked.session.view.playhead.go_to(Moment(phase, step, operation))  # type: ignore[arg-type]
    looked.panel.grab()


def place_of(panel: InspectorPanel, item: Item) -> QPoint:
    panel.grab()
    box = panel.hits.box_of(item)
    assert box is not None, item
    return box.center().toPoint()


def click(panel: InspectorPanel, item: Item) -> None:
    QTest.mouseClick(panel, Qt.MouseButton.LeftButton, pos=place_of(panel, item))
    panel.grab()


def drag(panel: InspectorPanel, item: Item, way: QPoint, drop: bool = True) -> None:
    at = place_of(panel, item)
    QTest.mousePress(panel, Qt.MouseButton.LeftButton, pos=at)
    for part in (0.5, 1.0):
        point = QPointF(at) + QPointF(way) * part
        event = QMouseEvent(
            QEvent.Type.MouseMove,
            point,
            panel.mapToGlobal(point),
            Qt.MouseButton.NoButton,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(panel, event)
    if drop:
        QTest.mouseRelease(panel, Qt.MouseButton.LeftButton, pos=at + way)
    panel.grab()


def wheel(panel: InspectorPanel, notches: int) -> None:
    at = QPointF(20, 20)
    event = QWheelEvent(
        at,
        panel.mapToGlobal(at),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(panel, event)
    panel.grab()


def lines_on(panel: InspectorPanel) -> tuple[str, ...]:
    account = panel.page.account
    assert account is not None
    return account.lines[0].texts


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: cell.name)
def test_every_quantity_forward_and_back_is_the_engines(cell: Cell, look: Show) -> None:
    document = SetCell(cell).apply(new_document("lstm", 3))
    looked, panel = look(document)
    evaluation = looked.session.frame.evaluation
    assert evaluation is not None
    assert evaluation.gradients is not None
    part = "layer0/forward"
    for quantity in cell.quantities:
        select(looked, path=f"{part}/{quantity}", unit=1)
        go(looked, "forward", 2)
        lines = equation_lines(evaluation.trace, part, 2, quantity, 1)
        assert lines_on(panel) == lines.texts
        for place, term in enumerate(lines.terms):
            assert panel.text_of(TermItem(0, place)).endswith(f"= {written(term.value)}")
        go(looked, "backward", 2)
        back = gradient_lines(evaluation.gradients, part, 2, quantity, 1)
        assert lines_on(panel) == back.lines.texts
        terms = back.source_terms or back.lines.terms
        for place, term in enumerate(terms):
            assert panel.text_of(TermItem(0, place)).endswith(f"= {written(term.value, 3)}")


def test_it_follows_the_operation_under_the_playhead(look: Show) -> None:
    looked, panel = look()
    evaluation = looked.session.frame.evaluation
    assert evaluation is not None
    assert evaluation.gradients is not None
    select(looked, path=F, unit=5)
    forward = forward_story(evaluation.trace, "layer0/forward", 1)
    for place, operation in enumerate(forward[:-1]):
        go(looked, "forward", 1, place)
        account = panel.page.account
        assert account is not None
        assert account.operation is not None
        assert account.operation.name == operation.name
    back = backward_story(evaluation.gradients, "layer0/forward", 1)
    for place, record in enumerate(back[:-1]):
        go(looked, "backward", 1, place)
        account = panel.page.account
        assert account is not None
        assert account.operation is not None
        assert account.operation.name == record.name


def test_a_click_on_a_line_copies_the_equation(look: Show) -> None:
    looked, panel = look()
    select(looked, path=F, unit=5)
    go(looked, "forward", 2)
    said = Heard(panel.refused)
    click(panel, LineItem(0, 1))
    assert QApplication.clipboard().text() == "\n".join(lines_on(panel))
    assert lines_on(panel)[0] in said[0][0]
    QApplication.clipboard().setText("")
    QTest.keyClick(panel, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == "\n".join(lines_on(panel))


def test_the_menu_copies_latex_and_pytorch(look: Show) -> None:
    looked, panel = look()
    select(looked, path=F, unit=5)
    go(looked, "forward", 2)
    at = place_of(panel, LineItem(0, 0))
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, panel.mapToGlobal(at))
    QApplication.sendEvent(panel, event)
    menu = panel.findChild(QMenu)
    assert menu is not None
    actions = {action.text(): action for action in menu.actions()}
    actions["Copy as LaTeX"].trigger()
    first = QApplication.clipboard().text().split("\\\\\n")[0].strip()
    assert first == r"f_{3} = \sigma(W_{f} x_{3} + U_{f} h_{2} + b_{f})"
    actions["Copy the cell as PyTorch"].trigger()
    assert "torch.sigmoid(x @ W_f.T" in QApplication.clipboard().text()
    menu.close()


def test_a_drag_on_the_result_holds_the_gate_and_esc_takes_it_back(look: Show) -> None:
    looked, panel = look()
    select(looked, path=F, unit=5)
    go(looked, "forward", 2)
    evaluation = looked.session.frame.evaluation
    assert evaluation is not None
    before = float(evaluation.trace[F][2, 0, 5])
    drag(panel, ResultItem(0), QPoint(0, -20))
    (hold,) = holds(looked)
    assert (hold.path, hold.step, hold.unit) == (F, 2, 5)
    assert hold.value == pytest.approx(before + 0.2)
    assert looked.session.store.index == 1
    click(panel, ButtonItem("release"))
    assert holds(looked) == ()
    looked.session.go_to(0)
    drag(panel, ResultItem(0), QPoint(0, -500), drop=False)
    assert [hold.value for hold in holds(looked)] == [1.0]
    QTest.keyClick(panel, Qt.Key.Key_Escape)
    assert holds(looked) == ()
    assert looked.session.store.index == 0


def test_a_result_is_typed(look: Show) -> None:
    looked, panel = look()
    select(looked, path="layer0/forward/c", unit=1)
    go(looked, "forward", 1)
    click(panel, ResultItem(0))
    panel.entry.selectAll()
    QTest.keyClicks(panel.entry, "-1.5")
    QTest.keyClick(panel.entry, Qt.Key.Key_Return)
    (hold,) = holds(looked)
    assert (hold.path, hold.value) == ("layer0/forward/c", -1.5)


def test_an_input_vector_is_changed_by_a_drag(look: Show) -> None:
    looked, panel = look(documents.forecast())
    select(looked, path="layer0/x", unit=1)
    go(looked, "forward", 0)
    drag(panel, ResultItem(0), QPoint(0, -50))
    sequence = looked.session.store.document.sequence
    assert isinstance(sequence, np.ndarray)
    assert sequence[0, 1] == pytest.approx(-2.5)
    looked.session.undo()
    assert looked.session.store.undo_text == ""


def test_the_bias_in_the_line_is_changed_there(look: Show) -> None:
    looked, panel = look()
    select(looked, path=F, unit=5)
    go(looked, "forward", 2)
    item = WeightItem("layer0/forward/b_f", (5,))
    click(panel, item)
    panel.entry.selectAll()
    QTest.keyClicks(panel.entry, "2")
    QTest.keyClick(panel.entry, Qt.Key.Key_Return)
    assert looked.session.store.document.weights["layer0/forward/b_f"][5] == 2.0
    drag(panel, item, QPoint(0, 50))
    assert looked.session.store.document.weights["layer0/forward/b_f"][5] == pytest.approx(1.5)
    looked.session.undo()
    looked.session.undo()
    assert looked.session.store.undo_text == ""


def test_outputs_show_probability_and_loss(look: Show) -> None:
    looked, panel = look(size=(328, 700))
    select(looked, path="head/outputs", unit=1)
    go(looked, "forward", 3)
    account = panel.page.account
    assert account is not None
    assert [lines.name for lines in account.lines] == ["y", "p", "L"]
    trace = looked.session.frame.trace
    assert trace is not None
    assert account.lines[1].value == pytest.approx(trace.predictions[3, 0, 1])
    target = looked.session.store.document.targets
    assert isinstance(target, tuple)
    assert f"[{target[3]}]" in account.lines[2].texts[0]
    for unit, share in enumerate(trace.predictions[3, 0]):
        assert f"= {share:.3f}" in panel.text_of(AnswerItem(unit))
    click(panel, AnswerItem(2))
    assert looked.stage.sight.selection.unit == 2


def test_the_loss_and_its_steps(look: Show) -> None:
    looked, panel = look()
    go(looked, "loss", 3)
    trace, document = looked.session.frame.trace, looked.session.store.document
    assert trace is not None
    losses = trace.losses(document.loss_steps)[:, 0]
    for step, loss in enumerate(losses):
        assert panel.text_of(LossItem(step)).endswith(f"= {written(float(loss), 3)}")
    click(panel, LossItem(2))
    assert looked.stage.sight.selection.loss_step == 2


@pytest.mark.parametrize("clip", [Clip(), Clip("norm", 0.01), Clip("value", 1e-3)])
def test_an_update_is_shown_and_kept_as_one_step(look: Show, clip: Clip) -> None:
    document = sample("not_happy").changed(clip=clip)
    looked, panel = look(document)
    go(looked, "update")
    update = panel.page.update
    evaluation = looked.session.frame.evaluation
    assert update is not None
    assert evaluation is not None
    assert evaluation.gradients is not None
    cut = evaluation.clipped()
    gradient = evaluation.gradients.weights if cut is None else cut[0]
    rate = document.recipe.optimiser.learning_rate
    assert np.allclose(update.weights.vector, document.weights.vector - rate * gradient.vector)
    ((path, index),) = largest_changes(update, 1)
    assert abs(gradient[path][index]) == np.abs(gradient.vector).max()
    assert panel.text_of(WeightItem(path, index))
    click(panel, WeightItem(path, index))
    assert looked.stage.sight.selection.weight == (path, index)
    click(panel, ButtonItem("keep"))
    after = looked.session.frame.evaluation
    assert after is not None
    assert after.loss == pytest.approx(update.after)
    assert looked.session.store.undo_text == "Keep one update"
    looked.session.undo()
    assert looked.session.store.document.weights is document.weights


def test_clamping_is_computed_only_where_it_is_shown(look: Show) -> None:
    looked, panel = look()
    select(looked, path=F, unit=5)
    go(looked, "forward", 2)
    assert panel.hits.box_of(ChoiceItem(0.0)) is None
    looked.stage.change(zoom=3)
    panel.grab()
    document = looked.session.store.document
    assert isinstance(document.targets, tuple)
    unit = document.answers.index(document.targets[3] or "")
    for value in (0.0, 1.0):
        held = HoldQuantity(F, 2, value).apply(document)
        trace = held.network.forward(held.weights, held.batch(), held.holds)
        text = panel.text_of(OutcomeItem(value))
        assert text == f"f = {value:g}: {trace.predictions[3, 0, unit]:.3f}"
    click(panel, ChoiceItem(0.0))
    (hold,) = holds(looked)
    assert (hold.value, hold.unit) == (0.0, None)
    click(panel, ChoiceItem(None))
    assert holds(looked) == ()


def test_both_directions_say_what_they_have_read(look: Show) -> None:
    looked, panel = look(sample("pos_bilstm"))
    select(looked, path="layer0/output", unit=2)
    go(looked, "forward", 2)
    sequence = looked.session.store.document.sequence
    words = [str(sequence[step]) for step in range(len(sequence))]
    for step in range(3):
        assert panel.text_of(TokenItem("forward", step)) == f"t = {step + 1}: {words[step]}"
    for step in range(2, len(sequence)):
        assert panel.text_of(TokenItem("backward", step)) == f"t = {step + 1}: {words[step]}"
    assert "[h₃→; h₃←]" in lines_on(panel)[0]
    select(looked, path="head/outputs", unit=2)
    assert lines_on(panel)[0] == "y₃ = V [h₃→; h₃←] + d"
    select(looked, path="layer0/output", unit=2)
    click(panel, TokenItem("backward", 5))
    assert looked.stage.sight.selection.step == 5


def test_what_was_before_the_edit(look: Show) -> None:
    looked, panel = look()
    select(looked, path=F, unit=5)
    go(looked, "forward", 2)
    plain = panel.grab().toImage()
    before = lines_on(panel)
    looked.session.apply(SetToken(2, "very"))
    panel.grab()
    assert lines_on(panel) != before
    changed = [bar for b in panel.page.blocks if isinstance(b, Bars) for bar in b.bars]
    assert [bar.before is not None for bar in changed] == [True, False, False]
    assert panel.grab().toImage() != plain


def test_what_takes_long_is_computed_beside(
    look: Show, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background, "AT_ONCE", 0)
    looked, panel = look()
    go(looked, "update")
    assert panel.page.update is None
    qtbot.waitUntil(lambda: panel.page.update is not None)
    looked.stage.change(zoom=3)
    select(looked, path=F, unit=5)
    go(looked, "forward", 2)
    assert panel.hits.box_of(OutcomeItem(0.0)) is None

    def shown() -> bool:
        panel.grab()
        return panel.hits.box_of(OutcomeItem(0.0)) is not None

    qtbot.waitUntil(shown)


def test_old_numbers_are_let_go(look: Show) -> None:
    looked, panel = look()
    select(looked, path=F, unit=5)
    go(looked, "forward", 2)
    old = weakref.ref(looked.session.frame.evaluation)
    panel.hide()
    for word in ("very", "so", "not"):
        looked.session.apply(SetToken(2, word))
    gc.collect()
    assert old() is None


def test_a_pin_keeps_it_there(look: Show) -> None:
    looked, panel = look()
    select(looked, path=F, unit=5)
    go(looked, "forward", 2)
    pinned = lines_on(panel)
    click(panel, ButtonItem("pin"))
    select(looked, path="layer0/forward/c", unit=1)
    assert lines_on(panel) == pinned
    click(panel, ButtonItem("pin"))
    assert lines_on(panel) != pinned


def test_what_the_mouse_is_over_elsewhere_is_lit(look: Show) -> None:
    looked, panel = look()
    select(looked, path=F, unit=5)
    go(looked, "forward", 2)
    plain = panel.grab().toImage()
    looked.session.view.selector.set_hover(Spot(F, 5, 2))
    assert panel.grab().toImage() != plain
    looked.session.view.selector.set_hover(Spot(F, 4, 2))
    assert panel.grab().toImage() == plain


def test_the_wheel_scrolls_what_has_no_room(look: Show) -> None:
    looked, panel = look(size=(328, 150))
    select(looked, path="head/outputs", unit=1)
    go(looked, "forward", 3)
    assert panel.hits.box_of(LineItem(2, 0)) is None
    for _ in range(12):
        wheel(panel, -1)
    assert panel.hits.box_of(LineItem(2, 0)) is not None
    for _ in range(14):
        wheel(panel, 1)
    assert panel.hits.box_of(LineItem(0, 0)) is not None


def _overflown() -> Document:
    document = sample("not_happy")
    vector = document.weights.vector.copy()
    vector[::7] = np.nan
    return ReplaceWeights(vector).apply(document)


CASES: dict[str, Callable[[], Document]] = {
    "empty": lambda: new_document("lstm", 3, sequence=()).changed(targets=None),
    "one step": lambda: new_document("gru", 1, sequence=("I",)),
    "overflow": _overflown,
    "float32": lambda: documents.forecast(np.float32),
    "crf": documents.chain_of_tags,
    "both ways, stacked": lambda: SetLayers(3).apply(
        SetDirection("both").apply(new_document("lstm", 3))
    ),
    "no targets": lambda: new_document("rnn", 4).changed(targets=None),
    "series": lambda: sample("adding_150_lstm"),
    "encoder and decoder": documents.translator,
    "free decoder": documents.free_translator,
    "unshared": documents.unshared,
    "states only": documents.states_only,
    "residual": documents.residual,
    "own cell": documents.own_cell,
    "large": lambda: SetHidden(64).apply(new_document("lstm", 3)),
}


def test_overflow_is_said_and_undone(look: Show) -> None:
    looked, panel = look()
    vector = looked.session.store.document.weights.vector.copy()
    vector[:] = np.nan
    looked.session.apply(ReplaceWeights(vector))
    select(looked, path=F, unit=1)
    go(looked, "forward", 2)
    click(panel, ButtonItem("undo"))
    assert np.isfinite(looked.session.store.document.weights.vector).all()
    assert panel.hits.box_of(ButtonItem("undo")) is None


@pytest.mark.parametrize("name", CASES)
def test_everything_can_be_drawn_and_nothing_is_clipped(look: Show, name: str) -> None:
    for size, theme in (((328, 300), "dark"), ((220, 120), "light")):
        looked, panel = look(CASES[name](), size=size, look=theme)
        story = looked.session.view.playhead.story
        paths = ["", "head/outputs", "layer0/x", "layer0/output", "layer0/forward/f"]
        if name.endswith("decoder"):
            paths += ["attention/weights", "context", "encoder/layer0/forward/z"]
        for path in paths:
            if path:
                select(looked, path=path, unit=1)
            for stage in {0, story.stages // 2, max(story.stages - 3, 0), story.stages - 1}:
                looked.session.view.playhead.go_to(story.rest(stage))
                image = panel.grab().toImage()
                assert len({image.pixel(x, 14) for x in range(0, size[0])}) > 2
                for box, item in panel.hits.places:
                    assert panel.text_of(item), item
                    assert box.left() >= 0
                    assert box.right() <= size[0], item


def test_a_thousand_steps(look: Show) -> None:
    vectors = np.random.default_rng(0).normal(size=(1000, 3))
    document = new_document("lstm", 4, sequence=vectors)
    looked, panel = look(document)
    go(looked, "forward", 700)
    assert lines_on(panel)
    go(looked, "backward", 700)
    assert lines_on(panel)


def test_what_a_gradient_was_is_that_of_the_same_loss(look: Show) -> None:
    looked, panel = look()
    select(looked, path="layer0/forward/h", unit=2)
    looked.session.view.selector.select(loss_step=2)
    go(looked, "backward", 1)
    first = looked.session.frame.evaluation
    assert first is not None
    old = one_loss(first, 2)
    assert old is not None
    looked.session.apply(SetToken(1, "very"))
    panel.grab()
    account = panel.page.account
    assert account is not None
    assert account.subject.loss_step == 2
    was = written(float(old["layer0/forward/h"][account.subject.step, 0, 2]), 3)
    boxes = [block for block in panel.page.blocks if isinstance(block, Equation)]
    assert boxes[0].before == f"was {was}"


def test_the_only_loss_of_a_network_is_not_called_that_of_its_first_step(look: Show) -> None:
    looked, panel = look(documents.small())
    steps = looked.session.store.document.steps
    assert looked.session.store.document.network.single
    go(looked, "loss", steps - 1)
    assert panel.text_of(LossItem(0)).startswith(f"t = {steps}")
    looked.session.view.selector.select(loss_step=0)
    go(looked, "backward", 0)
    account = panel.page.account
    assert account is not None
    assert account.subject.loss_step is None
