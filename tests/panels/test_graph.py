"""The unrolled graph through the hands and eyes of a person."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from rnnviz.document.document import Document
from rnnviz.document.edits import (
    DeleteToken,
    PasteTokens,
    SetAttention,
    SetCell,
    SetDirection,
    SetHidden,
    SetLayers,
    SetTargets,
    SetTask,
    SetToken,
)
from rnnviz.engine.cell import Cell
from rnnviz.engine.cells import CELLS
from rnnviz.engine.weights import Weights
from rnnviz.panels.canvas.text import number, size
from rnnviz.panels.graph import GraphPanel
from rnnviz.panels.graph.folded import share_of
from rnnviz.panels.graph.items import (
    AddChip,
    Badge,
    CellBox,
    Chip,
    GateBar,
    InputCell,
    OutputRow,
    Road,
    StateCell,
    UndoButton,
    UnitChip,
    ZoomButton,
)
from rnnviz.panels.graph.saying import caption_of
from rnnviz.panels.losing import Losses
from rnnviz.panels.picture import PicturePanel
from rnnviz.session.selection import Spot
from tests.panels.looking import Looked, look_at, sample
from tests.panels.mouse import click, drag, hover, place_of, wheel

Maker = Callable[..., Looked]


@pytest.fixture
def graph(request: pytest.FixtureRequest) -> Maker:
    """Makes graphs that are stopped at the end."""

    def make(
        document: Document | None = None, size: tuple[int, int] = (872, 544), look: str = "dark"
    ) -> Looked:
        looked = look_at(GraphPanel, document, size, look)
        request.addfinalizer(looked.session.stop)
        looked.panel.grab()
        return looked

    return make


def picture(looked: Looked) -> PicturePanel:
    panel = looked.panel
    assert isinstance(panel, PicturePanel)
    return panel


def items(looked: Looked, kind: type) -> list[Any]:
    """What there is to point at, in the middle of every 3 px."""
    panel = picture(looked)
    places = [item for _, item in panel.hits.places]
    for field in panel.hits.fields:
        y, x = field.box.center().y(), field.box.left() + 1
        while x < field.box.right():
            places.append(field.at(QPointF(x, y)))
            x += 3
    return list(dict.fromkeys(item for item in places if isinstance(item, kind)))


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: cell.name)
def test_every_number_is_that_of_the_trace(graph: Maker, cell: Cell) -> None:
    document = SetCell(cell.name).apply(sample("not_happy"))
    looked = graph(document)
    looked.go_to("forward", 2)
    looked.panel.grab()
    panel, trace = picture(looked), looked.session.frame.trace
    assert trace is not None
    states = items(looked, StateCell)
    assert len(states) >= 4 * 6
    for item in states:
        value = float(trace[item.path][item.step, 0, item.unit])
        assert panel.text_of(item).endswith(f"= {number(value)}")
    bars = items(looked, GateBar)
    assert {bar.step for bar in bars} == {0, 1, 3}
    for bar in bars:
        value = float(trace[f"{bar.part}/{bar.symbol}"][bar.step, 0, 0])
        assert panel.text_of(bar).endswith(f"= {number(value)}")
    inputs = items(looked, InputCell)
    assert len(inputs) == 4 * 4
    for item in inputs:
        value = float(trace["layer0/x"][item.step, 0, item.unit])
        assert panel.text_of(item).endswith(f"= {number(value)}")


@pytest.mark.parametrize(
    "name",
    ["agreement_gru", "adding_150_rnn", "pos_bilstm", "ner_crf", "sentiment_lstm", "clicks"],
)
def test_every_sample_is_drawn(graph: Maker, name: str) -> None:
    looked = graph(sample(name), look="light")
    for phase in ("forward", "loss", "backward", "update"):
        step = looked.session.view.playhead.story.steps - 1 if phase == "loss" else 0
        looked.go_to(phase, step)
        image = looked.panel.grab().toImage()
        assert not image.isNull()
        pixels = np.frombuffer(image.constBits(), np.uint32)
        assert len(np.unique(pixels)) > 50


# ------------------------------------------------------------------------------------ gestures


def words(looked: Looked) -> tuple[str, ...]:
    sequence = looked.session.frame.document.sequence
    assert isinstance(sequence, tuple)
    return sequence


def panel_of(looked: Looked) -> GraphPanel:
    assert isinstance(looked.panel, GraphPanel)
    return looked.panel


def test_a_word_is_typed_over_its_chip(graph: Maker) -> None:
    looked = graph()
    panel = panel_of(looked)
    click(panel, Chip(0, 2))
    assert panel.field.isVisible()
    assert panel.field.text() == "not"
    QTest.keyClicks(panel.field, "very")
    QTest.keyClick(panel.field, Qt.Key.Key_Return)
    assert words(looked) == ("I", "am", "very", "happy")
    assert not panel.field.isVisible()
    looked.session.undo()
    assert words(looked) == ("I", "am", "not", "happy")


def test_esc_leaves_the_word(graph: Maker) -> None:
    looked = graph()
    panel = panel_of(looked)
    click(panel, Chip(0, 2))
    QTest.keyClicks(panel.field, "very")
    QTest.keyClick(panel.field, Qt.Key.Key_Escape)
    assert words(looked) == ("I", "am", "not", "happy")
    assert not panel.field.isVisible()
    assert not panel.field.words.isVisible()


def test_fitting_words_are_listed_and_taken_with_the_arrows(graph: Maker) -> None:
    looked = graph()
    panel = panel_of(looked)
    click(panel, Chip(0, 3))
    QTest.keyClicks(panel.field, "sa")
    shown = [panel.field.words.item(n).text() for n in range(panel.field.words.count())]
    assert "sad" in shown
    QTest.keyClick(panel.field, Qt.Key.Key_Down)
    QTest.keyClick(panel.field, Qt.Key.Key_Return)
    assert words(looked)[3] == shown[0]


def test_an_unknown_word_can_be_added_to_the_vocabulary(graph: Maker) -> None:
    looked = graph()
    panel = panel_of(looked)
    click(panel, Chip(0, 3))
    QTest.keyClicks(panel.field, "flabbergasted")
    last = panel.field.words.item(panel.field.words.count() - 1)
    assert "flabbergasted" in last.text()
    spot = panel.field.words.visualItemRect(last).center()
    QTest.mouseClick(panel.field.words.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    document = looked.session.frame.document
    assert document.vocabulary is not None
    assert document.vocabulary[-1] == "flabbergasted"
    assert words(looked)[3] == "flabbergasted"
    looked.session.undo()
    assert words(looked)[3] == "happy"


def test_several_words_become_several_steps(graph: Maker) -> None:
    looked = graph()
    panel = panel_of(looked)
    click(panel, Chip(0, 2))
    QTest.keyClicks(panel.field, "not very")
    QTest.keyClick(panel.field, Qt.Key.Key_Return)
    assert words(looked) == ("I", "am", "not", "very", "happy")
    looked.session.undo()
    assert words(looked) == ("I", "am", "not", "happy")


def test_a_word_is_dragged_to_another_place(graph: Maker) -> None:
    looked = graph()
    panel = panel_of(looked)
    drag(panel, Chip(0, 0), place_of(panel, Chip(0, 1)), place_of(panel, Chip(0, 3)))
    assert words(looked) == ("am", "not", "happy", "I")
    drag(panel, Chip(0, 0), place_of(panel, Chip(0, 2)), drop=False)
    QTest.keyClick(panel, Qt.Key.Key_Escape)
    assert words(looked) == ("am", "not", "happy", "I")


def test_the_wheel_takes_the_next_word(graph: Maker) -> None:
    looked = graph()
    panel = panel_of(looked)
    vocabulary = [w for w in looked.session.frame.document.vocabulary or () if w != "<unk>"]
    wheel(panel, place_of(panel, Chip(0, 2)), 1)
    wheel(panel, place_of(panel, Chip(0, 2)), 1)
    assert words(looked)[2] == vocabulary[(vocabulary.index("not") + 2) % len(vocabulary)]
    looked.session.undo()
    assert words(looked)[2] == "not"


def test_keys_insert_delete_and_edit(graph: Maker) -> None:
    looked = graph()
    panel = panel_of(looked)
    looked.go_to("forward", 2)
    panel.grab()
    QTest.keyClick(panel, Qt.Key.Key_Delete)
    assert words(looked) == ("I", "am", "happy")
    QTest.keyClick(panel, Qt.Key.Key_Insert)
    QTest.keyClicks(panel.field, "so")
    QTest.keyClick(panel.field, Qt.Key.Key_Return)
    assert words(looked) == ("I", "am", "so", "happy")
    QTest.keyClick(panel, Qt.Key.Key_F2)
    assert panel.field.isVisible()
    QTest.keyClick(panel.field, Qt.Key.Key_Escape)


def test_a_whole_sentence_is_pasted(graph: Maker) -> None:
    looked = graph()
    QApplication.clipboard().setText("I'm not sad.")
    QTest.keyClick(looked.panel, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert words(looked) == ("I", "'m", "not", "sad", ".")
    looked.session.undo()
    assert words(looked) == ("I", "am", "not", "happy")


def test_the_plus_and_the_empty_sentence_take_words(graph: Maker) -> None:
    looked = graph()
    panel = panel_of(looked)
    click(panel, AddChip())
    QTest.keyClicks(panel.field, "today")
    QTest.keyClick(panel.field, Qt.Key.Key_Return)
    assert words(looked) == ("I", "am", "not", "happy", "today")
    for _ in range(5):
        panel.grab()
        QTest.keyClick(panel, Qt.Key.Key_Delete)
    assert words(looked) == ()
    panel.grab()
    click(panel, AddChip())
    QTest.keyClicks(panel.field, "I am sad")
    QTest.keyClick(panel.field, Qt.Key.Key_Return)
    assert words(looked) == ("I", "am", "sad")
    panel.grab()
    assert panel.hits.box_of(Chip(0, 2)) is not None


def test_a_gate_is_held_by_a_drag_and_released(graph: Maker) -> None:
    looked = graph()
    panel = panel_of(looked)
    looked.go_to("forward", 2)
    panel.grab()
    bar = GateBar("layer0/forward", 0, "f")
    box = panel.hits.box_of(bar)
    assert box is not None
    top = QPoint(round(box.center().x()), round(box.top()) - 4)
    drag(panel, bar, QPoint(top.x(), round(box.center().y())), top)
    holds = looked.session.frame.document.holds
    assert [(h.path, h.step, h.value, h.unit) for h in holds] == [("layer0/forward/f", 0, 1.0, 0)]
    trace = looked.session.frame.trace
    assert trace is not None
    assert trace["layer0/forward/f"][0, 0, 0] == 1.0
    panel.grab()
    assert panel.text_of(bar).endswith("held")
    release = panel.gestures.menu(bar)[0]
    assert release.text() == "Release"
    release.trigger()
    assert looked.session.frame.document.holds == ()


def test_the_bar_of_a_relu_follows_the_pointer_and_holds_nothing_below_0(graph: Maker) -> None:
    looked = graph(SetCell("rnn_relu").apply(sample("not_happy")))
    panel = panel_of(looked)
    looked.go_to("forward", 2)
    panel.grab()
    bar = GateBar("layer0/forward", 0, "h")
    box = panel.hits.box_of(bar)
    assert box is not None
    x = round(box.center().x())
    drag(panel, bar, QPoint(x, round(box.center().y()) + 9), QPoint(x, round(box.bottom()) + 9))
    assert [h.value for h in looked.session.frame.document.holds] == [0.0]
    three_quarters = round(box.bottom() - box.height() * 0.75)
    drag(panel, bar, QPoint(x, round(box.center().y()) - 9), QPoint(x, three_quarters))
    value = looked.session.frame.document.holds[-1].value
    assert share_of("relu", value) == pytest.approx(0.5, abs=0.05)
    texts = [action.text() for action in panel.gestures.menu(bar)]
    assert "Hold at 0" in texts
    assert "Hold at −1" not in texts


def test_a_target_is_set_on_an_output(graph: Maker) -> None:
    looked = graph()
    panel = panel_of(looked)
    looked.go_to("forward", 3)
    panel.grab()
    click(panel, OutputRow(3, 2))
    assert looked.session.frame.document.targets == ("neutral", "neutral", "negative", "positive")
    click(panel, OutputRow(3, 2))
    assert looked.session.frame.document.targets == ("neutral", "neutral", "negative", None)


def test_cells_strips_and_units_select(graph: Maker) -> None:
    looked = graph()
    panel = panel_of(looked)
    looked.go_to("forward", 2)
    panel.grab()
    click(panel, CellBox("layer0/forward", 0))
    assert looked.stage.sight.moment.step == 0
    click(panel, StateCell("layer0/forward/h", 0, 4))
    assert looked.stage.sight.selection.unit == 4
    click(panel, UnitChip(1))
    assert looked.stage.sight.selection.unit == 1
    drag(panel, UnitChip(1), place_of(panel, UnitChip(3)), place_of(panel, UnitChip(5)))
    assert looked.stage.sight.selection.unit == 5
    QTest.keyClick(panel, Qt.Key.Key_3)
    assert looked.stage.sight.selection.unit == 2
    for key, symbol in zip("figoch", "figoch", strict=True):
        QTest.keyClicks(panel, key)
        assert looked.stage.sight.selection.symbol == symbol
    QTest.keyClick(panel, Qt.Key.Key_Down)
    assert looked.stage.sight.selection.unit == 3


def test_loss_and_zoom_are_commands(graph: Maker) -> None:
    looked = graph()
    panel = panel_of(looked)
    heard: list[tuple[str, object]] = []
    panel.command_requested.connect(lambda name, what: heard.append((name, what)))
    click(panel, Badge(1))
    assert heard == [("show_panel", "losses")]
    assert looked.stage.sight.moment.phase == "loss"
    looked.go_to("forward", 1)
    panel.grab()
    wheel(panel, place_of(panel, CellBox("layer0/forward", 0)), 1)
    wheel(panel, place_of(panel, CellBox("layer0/forward", 0)), -1)
    QTest.keyClick(panel, Qt.Key.Key_Return)
    assert heard[1:] == [("zoom", 3), ("zoom", 1), ("zoom", 3)]


def test_the_graph_is_scaled_and_fitted(graph: Maker) -> None:
    looked = graph()
    panel = panel_of(looked)
    click(panel, ZoomButton("larger"))
    assert panel.look.plan is not None
    assert panel.look.plan.scale == pytest.approx(1.25)
    QTest.mouseDClick(panel, Qt.MouseButton.LeftButton, pos=QPoint(4, panel.height() - 4))
    panel.grab()
    assert panel.look.plan.scale == 1.0


def test_numbers_that_are_read_are_dragged(graph: Maker) -> None:
    looked = graph(sample("adding_10_gru"))
    panel = panel_of(looked)
    item = InputCell(0, 0, 0)
    before = looked.session.frame.document.sequence
    spot = place_of(panel, item)
    drag(panel, item, QPoint(spot.x() + 10, spot.y()), QPoint(spot.x() + 30, spot.y()))
    after = looked.session.frame.document.sequence
    assert isinstance(before, np.ndarray)
    assert isinstance(after, np.ndarray)
    assert after[0, 0] > before[0, 0]
    looked.session.undo()
    assert looked.session.frame.document.sequence is before


# -------------------------------------------------------------------------------- the way back


def test_edges_bear_what_flows_back(graph: Maker) -> None:
    looked = graph()
    panel = panel_of(looked)
    looked.go_to("backward", 1)
    panel.grab()
    evaluation = looked.session.frame.evaluation
    assert evaluation is not None
    assert evaluation.gradients is not None
    gradients, trace = evaluation.gradients, evaluation.trace
    part = "layer0/forward"
    for step in (0, 1, 2):
        through = gradients[f"{part}/c"][step + 1, 0] * trace[f"{part}/f"][step + 1, 0]
        said = panel.text_of(Road(part, "c", step))
        assert said.endswith(f"norm {size(float(np.linalg.norm(through)), 3)}")
        rest = gradients[f"{part}/h"][step, 0] - gradients["layer0/output"][step, 0]
        said = panel.text_of(Road(part, "h", step))
        assert said.endswith(f"norm {size(float(np.linalg.norm(rest)), 3)}")


def test_a_chosen_loss_alone_flows_back(graph: Maker) -> None:
    looked = graph()
    panel = panel_of(looked)
    looked.go_to("backward", 0)
    panel.grab()
    whole = panel.text_of(Road("layer0/forward", "h", 0))
    looked.session.view.selector.select(loss_step=1)
    panel.grab()
    alone = panel.text_of(Road("layer0/forward", "h", 0))
    assert alone != whole
    assert panel.text_of(Road("layer0/forward", "h", 2)).endswith("norm 0.000")


def caption(looked: Looked) -> str:
    panel = panel_of(looked)
    told = panel.look.told(panel.sight)
    assert told is not None
    return caption_of(told).text


def test_the_sentence_is_computed(graph: Maker) -> None:
    looked = graph()
    looked.go_to("forward", 2)
    trace = looked.session.frame.trace
    assert trace is not None
    f, c = (float(trace[f"layer0/forward/{s}"][2, 0, 0]) for s in "fc")
    before = float(trace["layer0/forward/c"][1, 0, 0])
    said = caption(looked)
    assert f"keeps {number(100 * f, 0)} %" in said
    assert f"writes {number(c - f * before)}" in said
    assert f"from {number(before)} to {number(c)}" in said
    looked.go_to("backward", 1)
    gradients = looked.session.frame.gradients
    assert gradients is not None
    norms = np.linalg.norm(gradients["layer0/forward/h"][:, 0], axis=1)
    assert f"{number(100 * norms[1] / norms.max(), 0)} % of the gradient" in caption(looked)
    looked.go_to("loss", 3)
    assert f"The loss is {number(trace.loss())}" in caption(looked)


@pytest.mark.parametrize("cell", ["rnn", "gru", "gru_pytorch", "lstm_1997", "rnn_relu"])
def test_every_cell_has_a_sentence(graph: Maker, cell: str) -> None:
    looked = graph(SetCell(cell).apply(sample("not_happy")))
    looked.go_to("forward", 2)
    said = caption(looked)
    assert "Unit 1" in said
    assert "writes" in said


# ------------------------------------------------------------------------------- every document


def variants() -> dict[str, Document]:
    base = sample("not_happy")
    both = SetDirection("both").apply(base)
    written = SetTask("many-to-many unaligned", "softmax", ("je", "suis", "triste")).apply(base)
    told = SetTargets(("je", "suis", "triste")).apply(written)
    one = DeleteToken(0).apply(DeleteToken(0).apply(DeleteToken(0).apply(base)))
    return {
        "three layers": SetLayers(3).apply(base),
        "two layers both ways": SetLayers(2).apply(both),
        "three layers both ways": SetLayers(3).apply(both),
        "encoder and decoder": told,
        "attention": SetAttention(4).apply(told),
        "free decoder": written,
        "one step": one,
        "no step": DeleteToken(0).apply(one),
        "one unit": SetHidden(1).apply(base),
        "many units": SetHidden(256).apply(base),
        "one to many": SetTask("one-to-many", "softmax", base.vocabulary or ()).apply(base),
        "no head": SetTask("many-to-many", None, ()).apply(base),
        "no targets": SetTargets(None).apply(base),
        "long": PasteTokens(" ".join(["I am not happy"] * 250)).apply(base),
    }


VARIANTS = (
    "three layers",
    "two layers both ways",
    "three layers both ways",
    "encoder and decoder",
    "attention",
    "free decoder",
    "one step",
    "no step",
    "one unit",
    "many units",
    "one to many",
    "no head",
    "no targets",
    "long",
)


SIZES = ((712, 364), (872, 544), (1900, 1100))


@pytest.mark.parametrize(
    ("name", "size"), [(name, SIZES[place % 3]) for place, name in enumerate(VARIANTS)]
)
def test_every_network_is_drawn_in_every_size(
    graph: Maker, name: str, size: tuple[int, int]
) -> None:
    looked = graph(variants()[name], size=size)
    panel, playhead = picture(looked), looked.session.view.playhead
    story = playhead.story
    for stage in {0, story.stages // 2, story.stages - 2}:
        for zoom in (1, 2, 3):
            looked.stage.change(zoom=zoom)
            playhead.go_to(story.rest(max(0, min(stage, story.stages - 1))))
            panel.grab()
            for box, item in panel.hits.places:
                assert panel.rect().adjusted(-13, -13, 13, 13).contains(box.toRect()), item
                assert isinstance(panel.text_of(item), str)


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e300])
def test_what_overflows_is_named(graph: Maker, value: float) -> None:
    base = sample("not_happy")
    vector = base.weights.vector.copy()
    vector[:] = value
    weights = Weights(base.weights.layout, vector)
    looked = graph(base.changed(weights=weights), look="light")
    for phase in ("forward", "backward"):
        for zoom in (1, 3, 2):
            looked.stage.change(zoom=zoom)
            looked.go_to(phase, 1)
            looked.panel.grab()
    looked.go_to("forward", 2)
    looked.panel.grab()
    heard: list[str] = []
    looked.panel.command_requested.connect(lambda name, _: heard.append(name))
    if not np.isfinite(value):
        assert "overflow" in caption(looked).lower()
        click(panel_of(looked), UndoButton())
        assert heard == ["undo"]


def test_operations_appear_one_after_the_other(graph: Maker) -> None:
    looked = graph()
    panel = panel_of(looked)
    looked.go_to("forward", 1)
    playhead = looked.session.view.playhead
    playhead.next_operation()
    panel.grab()
    assert "stands at" in caption(looked)
    playhead.next_step()
    assert "keeps" in caption(looked)


def test_the_numbers_go_to_a_spreadsheet_and_to_a_screen_reader(graph: Maker) -> None:
    looked = graph()
    panel = panel_of(looked)
    looked.go_to("forward", 2)
    panel.grab()
    assert "keeps" in panel.accessibleDescription()
    assert panel.gestures.table is not None
    rows = panel.gestures.table()
    trace = looked.session.frame.trace
    assert trace is not None
    assert len(rows) == 5
    assert list(rows[3][:2]) == [3, "not"]
    assert rows[3][2] == trace["layer0/forward/f"][2, 0, 0]


def test_hovering_lights_the_same_number_elsewhere(graph: Maker) -> None:
    looked = graph()
    panel = panel_of(looked)
    item = StateCell("layer0/forward/h", 1, 3)
    before = panel.grab().toImage()
    hover(panel, place_of(panel, item))
    assert looked.stage.sight.hover == Spot("layer0/forward/h", 3, 1)
    assert panel.grab().toImage() != before


def test_what_was_before_the_edit_stays_as_a_ghost(graph: Maker) -> None:
    looked = graph()
    looked.go_to("forward", 3)
    looked.session.apply(SetToken(2, "very"))
    with_ghost = looked.panel.grab().toImage()
    looked.session.clear_ghost()
    assert looked.panel.grab().toImage() != with_ghost


def test_edges_show_no_gradient_of_another_loss_while_one_is_computed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked = look_at(GraphPanel, None, (872, 544))
    panel = looked.panel
    assert isinstance(panel, GraphPanel)
    looked.go_to("backward", 1)
    panel.grab()
    told = panel.look.told(looked.stage.sight)
    assert told is not None
    assert told.flow is not None
    monkeypatch.setattr(Losses, "find", lambda *_: None)
    looked.session.view.selector.select(loss_step=0)
    told = panel.look.told(looked.stage.sight)
    assert told is not None
    assert told.flow is None
    panel.grab()
