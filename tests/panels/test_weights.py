"""The panel of weights: typed, dragged, wheeled, pasted, and every number is the engine's."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from rnnviz.document.document import Document
from rnnviz.document.edits import (
    ReplaceWeights,
    SetCell,
    SetDirection,
    SetHidden,
    SetUnshared,
    SetWeight,
)
from rnnviz.document.new import new_document
from rnnviz.engine.cell import Cell as CellKind
from rnnviz.engine.cells import CELLS
from rnnviz.engine.initialise import spectral_radius
from rnnviz.engine.text import number as written
from rnnviz.panels.canvas.text import number
from rnnviz.panels.gestures import Item
from rnnviz.panels.weights import WeightsPanel
from rnnviz.panels.weights.anew import Anew
from rnnviz.panels.weights.grid import Cell
from rnnviz.panels.weights.items import Button, KnobItem, ModeItem, ShareItem, TabItem
from tests.document import documents
from tests.panels.looking import Looked, sample, shown_panels
from tests.panels.mouse import hover
from tests.session.support import Heard

Show = Callable[..., tuple[Looked, WeightsPanel]]
W, U, B = (f"layer0/forward/{name}_f" for name in "WUb")


@pytest.fixture
def look() -> Iterator[Show]:
    yield from shown_panels(WeightsPanel, (328, 328), undoes=True)


def weights(looked: Looked) -> Any:
    return looked.session.store.document.weights


def place_of(panel: WeightsPanel, item: Item) -> QPoint:
    panel.grab()
    box = panel.hits.box_of(item)
    assert box is not None, item
    return box.center().toPoint()


def click(panel: WeightsPanel, item: Item) -> None:
    QTest.mouseClick(panel, Qt.MouseButton.LeftButton, pos=place_of(panel, item))
    panel.grab()


def drag(panel: WeightsPanel, item: Item, *ways: QPoint, drop: bool = True) -> None:
    at = place_of(panel, item)
    QTest.mousePress(panel, Qt.MouseButton.LeftButton, pos=at)
    for way in ways:
        mouse_move(panel, at + way)
    if drop:
        QTest.mouseRelease(panel, Qt.MouseButton.LeftButton, pos=at + ways[-1])
    panel.grab()


def mouse_move(panel: WeightsPanel, at: QPoint) -> None:
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(at),
        panel.mapToGlobal(QPointF(at)),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(panel, event)


def wheel(panel: WeightsPanel, item: Item, notches: int, shift: bool = False) -> None:
    at = QPointF(place_of(panel, item))
    event = QWheelEvent(
        at,
        panel.mapToGlobal(at),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(panel, event)
    panel.grab()


def key(panel: WeightsPanel, which: Qt.Key, held: Any = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(panel, which, held)
    panel.grab()


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: cell.name)
def test_every_number_is_the_documents_and_the_engines(cell: CellKind, look: Show) -> None:
    document = SetCell(cell).apply(new_document("lstm", 3))
    looked, panel = look(document)
    evaluation = looked.session.frame.evaluation
    assert evaluation is not None
    assert evaluation.gradients is not None
    seen = set()
    face = panel.face()
    assert face is not None
    for place in range(len(face.tabs)):
        panel.open_tab(place)
        panel.grab()
        shown = panel.face()
        assert shown is not None
        for path in shown.shown.tab.paths:
            seen.add(path)
            array, gradient = document.weights[path], evaluation.gradients.weights[path]
            index = (1,) * array.ndim
            text = panel.text_of(Cell(path, 1, 1 if array.ndim > 1 else 0))
            assert f" = {number(float(array[index]), 3)}" in text
            assert text.endswith(f"∂L/∂ = {written(float(gradient[index]), 3)}")
    assert seen == set(document.weights)


def test_a_click_selects_the_weight_and_its_unit(look: Show) -> None:
    looked, panel = look()
    click(panel, Cell(U, 5, 4))
    assert looked.stage.sight.selection.weight == (U, (5, 4))
    assert looked.stage.sight.selection.unit == 5
    value = float(weights(looked)[U][5, 4])
    assert panel.text_of(Button("field")).startswith(f"U_f 6,5 = {number(value, 3)}")


def test_a_tab_selects_the_gate(look: Show) -> None:
    looked, panel = look()
    click(panel, TabItem(3))
    assert looked.stage.sight.selection.path == "layer0/forward/o"
    looked.session.view.selector.select(path="layer0/forward/i")
    panel.grab()
    face = panel.face()
    assert face is not None
    assert face.tabs[face.tab] == "i"


def test_the_selection_opens_the_tab(look: Show) -> None:
    looked, panel = look()
    for path, label in (("head/outputs", "V"), ("layer0/x", "E"), ("layer0/forward/g", "g")):
        looked.session.view.selector.select(path=path)
        panel.grab()
        face = panel.face()
        assert face is not None
        assert face.tabs == ("f", "i", "g", "o", "E", "V")
        assert face.tabs[face.tab] == label


def test_a_drag_changes_a_weight_as_one_step_and_esc_takes_it_back(look: Show) -> None:
    looked, panel = look()
    before = float(weights(looked)[U][2, 3])
    drag(panel, Cell(U, 2, 3), QPoint(0, -10), QPoint(0, -30))
    assert weights(looked)[U][2, 3] == pytest.approx(before + 0.3)
    assert looked.session.store.index == 1
    looked.session.undo()
    assert weights(looked)[U][2, 3] == before
    drag(panel, Cell(U, 2, 3), QPoint(0, 20), drop=False)
    assert weights(looked)[U][2, 3] != before
    key(panel, Qt.Key.Key_Escape)
    assert weights(looked)[U][2, 3] == before
    assert looked.session.store.undo_text == ""


def test_typing(look: Show) -> None:
    looked, panel = look()
    click(panel, Cell(U, 0, 1))
    click(panel, Button("field"))
    assert panel.entry.isVisible()
    panel.entry.selectAll()
    QTest.keyClicks(panel.entry, "0,25")
    QTest.keyClick(panel.entry, Qt.Key.Key_Return)
    assert weights(looked)[U][0, 1] == 0.25
    assert not panel.entry.isVisible()


def test_a_number_that_is_only_looked_at_keeps_all_its_digits(look: Show) -> None:
    looked, panel = look()
    before = looked.session.store.document
    click(panel, Button("field"))
    QTest.keyClick(panel.entry, Qt.Key.Key_Return)
    assert looked.session.store.document is before
    assert not panel.entry.isVisible()


@pytest.mark.parametrize(
    ("typed", "value"), [("1.5", 1.5), ("0.25", 0.25), ("-0.5", -0.5), (".5", 0.5), ("-2", -2.0)]
)
def test_a_number_is_typed_over_the_selected_weight(look: Show, typed: str, value: float) -> None:
    looked, panel = look()
    click(panel, Cell(U, 0, 1))
    for sign in typed:
        QTest.keyClicks(panel.entry if panel.entry.isVisible() else panel, sign)
    assert panel.entry.isVisible()
    QTest.keyClick(panel.entry, Qt.Key.Key_Return)
    assert weights(looked)[U][0, 1] == pytest.approx(value)


def test_what_is_no_number_leaves_the_old_value(look: Show) -> None:
    looked, panel = look()
    said = Heard(panel.refused)
    before = weights(looked).vector.copy()
    for bad in ("two", "", "1e999", "nan", "1_000"):
        key(panel, Qt.Key.Key_F2)
        panel.entry.selectAll()
        QTest.keyClick(panel.entry, Qt.Key.Key_Delete)
        QTest.keyClicks(panel.entry, bad)
        QTest.keyClick(panel.entry, Qt.Key.Key_Return)
        assert panel.entry.is_wrong
        assert said
        assert bad in said.pop()[0]
        QTest.keyClick(panel.entry, Qt.Key.Key_Escape)
        assert not panel.entry.isVisible()
    assert (weights(looked).vector == before).all()


def test_what_is_typed_is_kept_when_the_field_is_left(look: Show, qapp: QApplication) -> None:
    looked, panel = look()
    panel.activateWindow()
    assert QTest.qWaitForWindowActive(panel)
    click(panel, Cell(U, 1, 2))
    click(panel, Button("field"))
    panel.entry.selectAll()
    QTest.keyClicks(panel.entry, "0.75")
    panel.setFocus(Qt.FocusReason.MouseFocusReason)
    qapp.processEvents()
    assert weights(looked)[U][1, 2] == 0.75
    click(panel, Button("field"))
    panel.entry.selectAll()
    QTest.keyClicks(panel.entry, "x")
    panel.setFocus(Qt.FocusReason.MouseFocusReason)
    qapp.processEvents()
    assert weights(looked)[U][1, 2] == 0.75
    assert not panel.entry.isVisible()


def test_while_something_is_typed_no_shortcut_takes_a_key(look: Show) -> None:
    _, panel = look()
    click(panel, Button("field"))
    event = QKeyEvent(
        QEvent.Type.ShortcutOverride, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier
    )
    event.ignore()
    QApplication.sendEvent(panel.entry, event)
    assert event.isAccepted()


def test_the_wheel(look: Show) -> None:
    looked, panel = look()
    before = float(weights(looked)[W][1, 1])
    wheel(panel, Cell(W, 1, 1), 1)
    wheel(panel, Cell(W, 1, 1), 1)
    assert weights(looked)[W][1, 1] == pytest.approx(before + 0.2)
    wheel(panel, Button("field"), -3, shift=True)
    assert weights(looked)[W][1, 1] == pytest.approx(before + 0.17)
    assert looked.session.store.index == 1
    looked.session.undo()
    assert weights(looked)[W][1, 1] == before


def test_keys_move_and_change(look: Show) -> None:
    looked, panel = look()
    click(panel, Cell(W, 1, 3))
    key(panel, Qt.Key.Key_Right)
    key(panel, Qt.Key.Key_Down)
    assert looked.stage.sight.selection.weight == (U, (2, 0))
    before = float(weights(looked)[U][2, 0])
    key(panel, Qt.Key.Key_Plus)
    assert weights(looked)[U][2, 0] == pytest.approx(before + 0.1)
    key(panel, Qt.Key.Key_Minus)
    key(panel, Qt.Key.Key_Minus)
    assert weights(looked)[U][2, 0] == pytest.approx(before - 0.1)
    key(panel, Qt.Key.Key_0)
    assert weights(looked)[U][2, 0] == 0
    key(panel, Qt.Key.Key_Left)
    assert looked.stage.sight.selection.weight == (W, (2, 3))


def test_copy_and_paste_as_a_spreadsheet_has_it(look: Show) -> None:
    looked, panel = look()
    click(panel, Cell(U, 1, 1))
    key(panel, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    text = QApplication.clipboard().text()
    rows = [[float(cell) for cell in line.split("\t")] for line in text.split("\n")]
    assert (np.array(rows) == weights(looked)[U]).all()
    held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    key(panel, Qt.Key.Key_C, held)
    row = [float(number) for number in QApplication.clipboard().text().split("\t")]
    assert row == weights(looked)[U][1].tolist()
    QApplication.clipboard().setText("\n".join("\t".join(["0,5"] * 6) for _ in range(6)))
    key(panel, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert (weights(looked)[U] == 0.5).all()
    QApplication.clipboard().setText("1\t2\t3\t4\t5\t6")
    key(panel, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert weights(looked)[U][1].tolist() == [1, 2, 3, 4, 5, 6]
    assert looked.session.store.index == 2


@pytest.mark.parametrize("text", ["", "1\t2", "a\tb", "1\n2\n3", "1\t2\n3", "1e400"])
def test_a_paste_that_does_not_fit_says_so_and_changes_nothing(look: Show, text: str) -> None:
    looked, panel = look()
    click(panel, Cell(U, 1, 1))
    said, before = Heard(panel.refused), weights(looked)
    QApplication.clipboard().setText(text)
    key(panel, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert weights(looked) is before
    assert len(said) == 1
    assert said[0][0].endswith(".")
    assert "\n" not in said[0][0]


def test_the_sliders_are_one_step_each_and_go_back(look: Show) -> None:
    looked, panel = look()
    before = weights(looked)[U].copy()
    drag(panel, KnobItem("radius"), QPoint(-20, 0), QPoint(-90, 0))
    radius = spectral_radius(weights(looked)[U])
    assert radius != pytest.approx(spectral_radius(before))
    assert panel.text_of(KnobItem("radius")).startswith(
        f"Spectral radius of U_f = {number(radius)}"
    )
    assert looked.session.store.index == 1
    at = place_of(panel, KnobItem("radius"))
    QTest.mouseDClick(panel, Qt.MouseButton.LeftButton, pos=at)
    assert (weights(looked)[U] == before).all()
    drag(panel, KnobItem("forget"), QPoint(30, 0), QPoint(40, 0))
    assert len(set(weights(looked)[B].tolist())) == 1
    assert panel.text_of(KnobItem("forget")).startswith(
        f"Mean of b_f = {number(float(weights(looked)[B].mean()))}"
    )
    assert looked.session.store.index == 3
    looked.session.go_to(0)
    assert (weights(looked)[U] == before).all()


def test_a_click_on_a_slider_jumps_there(look: Show) -> None:
    looked, panel = look()
    click(panel, KnobItem("forget"))
    assert weights(looked)[B].mean() == pytest.approx(0, abs=0.06)


def test_the_wheel_on_a_slider(look: Show) -> None:
    looked, panel = look()
    before = float(weights(looked)[B].mean())
    wheel(panel, KnobItem("forget"), 2)
    assert weights(looked)[B].mean() == pytest.approx(before + 0.1, abs=1e-4)


def test_shares_of_the_steps_add_up(look: Show) -> None:
    looked, panel = look()
    click(panel, Cell(U, 2, 2))
    click(panel, ModeItem("share"))
    gradients = looked.session.frame.gradients
    assert gradients is not None
    shares = gradients.share(U)[:, 2, 2]
    for step, share in enumerate(shares):
        text = panel.text_of(ShareItem(step))
        assert text == f"step {step + 1}: {written(float(share), 3)}"
    face = panel.face()
    assert face is not None
    assert face.shares is not None
    assert face.shares.sum() == pytest.approx(gradients.weights[U][2, 2])
    click(panel, ShareItem(1))
    assert looked.stage.sight.selection.step == 1


def test_gradients_as_colours_change_the_picture(look: Show) -> None:
    _, panel = look()
    values = panel.grab().toImage()
    click(panel, ModeItem("gradient"))
    sizes = panel.grab().toImage()
    click(panel, Button("legend"))
    signed = panel.grab().toImage()
    assert values != sizes
    assert sizes != signed


def test_what_was_before_the_edit(look: Show) -> None:
    looked, panel = look()
    panel.grab()
    before = float(weights(looked)[U][3, 3])
    looked.session.apply(SetWeight(U, (3, 3), 1.5))
    panel.open_tab(0)
    panel.grab()
    assert f"(was {number(before, 3)})" in panel.text_of(Cell(U, 3, 3))
    assert "was" not in panel.text_of(Cell(U, 3, 2))


def test_the_menu(look: Show) -> None:
    looked, panel = look()
    click(panel, Cell(U, 1, 1))
    click(panel, Button("menu"))
    menu = panel.findChild(QMenu)
    assert menu is not None
    actions = {action.text(): action for action in menu.actions()}
    actions["Set U_f to zero"].trigger()
    assert not weights(looked)[U].any()
    actions["Set U_f to the identity"].trigger()
    assert (weights(looked)[U] == np.eye(6)).all()
    actions["Draw U_f anew…"].trigger()
    popover = panel.findChild(Anew)
    assert popover is not None
    popover.scheme.setCurrentIndex(popover.scheme.findData("orthogonal"))
    popover.seed.setValue(7)
    popover.draw.click()
    assert np.allclose(weights(looked)[U] @ weights(looked)[U].T, np.eye(6))
    popover.close()
    menu.close()


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 5), st.integers(0, 5)), max_size=8))
@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_whatever_is_done_can_be_undone(look: Show, acts: list[tuple[int, int, int]]) -> None:
    looked, panel = look()
    before, picture = looked.session.store.document, panel.grab().toImage()
    for kind, row, column in acts:
        cell = Cell(U, row, column)
        match kind:
            case 0:
                drag(panel, cell, QPoint(0, 7 * (column - 2)), QPoint(3, 9))
            case 1:
                wheel(panel, cell, row - 3)
            case 2:
                click(panel, cell)
                key(panel, Qt.Key.Key_0 if column % 2 else Qt.Key.Key_Plus)
            case 3:
                drag(panel, KnobItem("radius"), QPoint(-9 * row, 0), QPoint(8 * column, 0))
            case 4:
                wheel(panel, KnobItem("forget"), row - 2)
            case 5:
                click(panel, KnobItem("radius" if row % 2 else "forget"))
            case _:
                drag(panel, cell, QPoint(0, 11), drop=False)
                key(panel, Qt.Key.Key_Escape)
                QTest.mouseRelease(panel, Qt.MouseButton.LeftButton)
    looked.session.go_to(0)
    looked.session.view.selector.select(weight=None, unit=0)
    looked.session.view.selector.set_hover(None)
    assert looked.session.store.document is before
    assert panel.grab().toImage() == picture


def _overflown() -> Document:
    document = sample("not_happy")
    vector = document.weights.vector.copy()
    vector[::7] = np.nan
    vector[3::7] = np.inf
    return ReplaceWeights(vector).apply(document)


CASES: dict[str, Callable[[], Document]] = {
    "empty": lambda: new_document("lstm", 3, sequence=()).changed(targets=None),
    "one step": lambda: new_document("gru", 1, sequence=("I",)),
    "overflow": _overflown,
    "float32": lambda: documents.forecast(np.float32),
    "crf": lambda: sample("ner_crf"),
    "both ways": lambda: SetDirection("both").apply(new_document("lstm", 3)),
    "large": lambda: SetHidden(130).apply(new_document("lstm", 3)),
    "no targets": lambda: new_document("rnn", 4).changed(targets=None),
    "series": lambda: sample("adding_150_lstm"),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("size", [(328, 328), (220, 120), (500, 800)])
def test_everything_can_be_drawn(look: Show, name: str, size: tuple[int, int]) -> None:
    _, panel = look(CASES[name](), size=size, look="light" if size[0] == 220 else "dark")
    face = panel.face()
    assert face is not None
    for place in range(len(face.tabs)):
        panel.open_tab(place)
        for mode in ("value", "gradient", "share"):
            panel.view.mode = mode
            image = panel.grab().toImage()
            assert len({image.pixel(x, 20) for x in range(0, size[0], 2)}) > 2
            for box, item in panel.hits.places:
                assert panel.text_of(item)
                assert box.left() >= -1
                assert box.right() <= size[0] + 1


def test_unshared_weights_are_those_of_the_step(look: Show) -> None:
    document = SetUnshared(True).apply(new_document("lstm", 3))
    looked, panel = look(document)
    looked.go_to("forward", 2)
    panel.grab()
    array = document.weights["layer0/forward/U_f"]
    assert array.ndim == 3
    text = panel.text_of(Cell("layer0/forward/U_f", 1, 2))
    assert f" = {number(float(array[2, 1, 2]), 3)}" in text
    click(panel, Cell("layer0/forward/U_f", 1, 2))
    assert looked.stage.sight.selection.weight == ("layer0/forward/U_f", (2, 1, 2))
    key(panel, Qt.Key.Key_0)
    changed = weights(looked)["layer0/forward/U_f"]
    assert changed[2, 1, 2] == 0
    assert changed[1, 1, 2] == array[1, 1, 2]


def test_a_weight_that_is_selected_elsewhere_comes_into_view(look: Show) -> None:
    looked, panel = look()
    looked.session.view.selector.select(path="layer0/forward/f")
    panel.grab()
    looked.session.view.selector.select(weight=("embedding/E", (140, 2)))
    panel.grab()
    face = panel.face()
    assert face is not None
    assert face.tabs[face.tab] == "E"
    assert panel.hits.box_of(Cell("embedding/E", 140, 2)) is not None
    looked.session.view.selector.select(path="layer0/forward/o")
    panel.grab()
    face = panel.face()
    assert face is not None
    assert face.tabs[face.tab] == "o"


def test_large_matrices_scroll_and_the_cell_stays_in_view(look: Show) -> None:
    _, panel = look(CASES["large"]())
    for _ in range(3):
        key(panel, Qt.Key.Key_Down)
    face = panel.face()
    assert face is not None
    assert face.places.grid.box_of(face.shown.chosen) is not None
    for _ in range(60):
        QTest.keyClick(panel, Qt.Key.Key_Down)
        QTest.keyClick(panel, Qt.Key.Key_Right)
    panel.grab()
    face = panel.face()
    assert face is not None
    assert face.shown.chosen.row == 63
    assert face.places.grid.box_of(face.shown.chosen) is not None
    assert face.places.grid.shown_rows.start > 0


def lit_share(panel: WeightsPanel) -> int:
    """The step whose bar of the shares stands out."""
    face = panel.face()
    assert face is not None
    assert face.shares is not None
    step = face.shown.at(len(face.shares))
    assert step is not None
    return step


def test_the_shares_of_a_layer_that_reads_backward_follow_the_story(look: Show) -> None:
    looked, panel = look(sample("pos_bilstm"))
    looked.session.view.selector.select(path="layer0/backward/f")
    click(panel, ModeItem("share"))
    steps = looked.session.store.document.steps
    for read in range(steps):
        looked.go_to("forward", read)
        assert lit_share(panel) == steps - 1 - read
    looked.session.view.selector.select(step=1)
    assert lit_share(panel) == 1


def test_pointing_at_a_weight_lights_its_unit_where_the_layer_reads(look: Show) -> None:
    looked, panel = look(sample("pos_bilstm"))
    looked.session.view.selector.select(path="layer0/backward/f")
    looked.go_to("forward", 0)
    hover(panel, place_of(panel, Cell("layer0/backward/U_f", 2, 1)))
    spot = looked.stage.sight.hover
    last = looked.session.store.document.steps - 1
    assert spot is not None
    assert (spot.path, spot.unit, spot.step) == ("layer0/backward/f", 2, last)


def test_the_embedding_frames_what_the_encoder_reads_and_nothing_while_the_decoder_writes(
    look: Show,
) -> None:
    looked, panel = look(documents.translator())
    looked.session.view.selector.select(path="encoder/layer0/x")
    document = looked.session.store.document
    for step in range(document.steps):
        looked.go_to("encode", step)
        face = panel.face()
        assert face is not None
        assert face.shown.tab.paths == ("source/E",)
        assert face.shown.unit_row == document.ids[step]
    looked.go_to("forward", 1)
    face = panel.face()
    assert face is not None
    assert face.shown.unit_row is None


def test_each_of_two_tabs_with_the_same_letter_can_be_opened(look: Show) -> None:
    looked, panel = look(documents.translator(), size=(700, 400))
    looked.session.view.selector.select(path="encoder/layer0/forward/z")
    face = panel.face()
    assert face is not None
    same = [place for place, label in enumerate(face.tabs) if label == "B"]
    assert len(same) > 1
    for place in same:
        panel.open_tab(place)
        face = panel.face()
        assert face is not None
        assert face.tab == place
