"""The gates: every number is the trace's, a drag holds one, and everything can be taken back."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from rnnviz.document.edits import HoldQuantity, ReplaceWeights, SetCell, SetToken
from rnnviz.document.new import new_document
from rnnviz.engine.cell import Cell
from rnnviz.engine.cells import CELLS
from rnnviz.engine.holds import Hold
from rnnviz.engine.roles import roles
from rnnviz.panels.canvas.text import number
from rnnviz.panels.gates import GatesPanel
from rnnviz.panels.gates.items import Badge, ViewButton
from rnnviz.panels.gates.items import Cell as At
from rnnviz.panels.overflow import OverflowWord
from rnnviz.panels.parts import PartChip
from rnnviz.session.selection import Spot
from tests.document import documents
from tests.panels.looking import Looked, sample, shown_panels
from tests.panels.mouse import click, drag, hover, place_of, wheel

Show = Callable[..., tuple[Looked, GatesPanel]]
F = "layer0/forward/f"


@pytest.fixture
def show() -> Iterator[Show]:
    yield from shown_panels(GatesPanel, (288, 174), undoes=True)


def value(panel: GatesPanel, path: str, unit: int, step: int) -> float:
    assert panel.sight.evaluation is not None
    return float(panel.sight.evaluation.trace[path][step, 0, unit])


def holds(looked: Looked) -> tuple[Hold, ...]:
    return looked.session.store.document.holds


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: cell.name)
def test_every_number_is_the_traces(cell: Cell, show: Show) -> None:
    _, panel = show(SetCell(cell).apply(sample("not_happy")))
    names = [role.name for role in roles(cell)]
    assert [block.role.name for block in panel.seen.blocks] == names
    for block in panel.seen.blocks:
        for unit in range(panel.seen.units):
            for step in range(panel.seen.steps):
                shown = number(value(panel, block.path, unit, step))
                text = panel.text_of(At(block.path, unit, step))
                assert text.endswith(f"{step + 1} unit {unit + 1} = {shown}")


def test_the_gates_are_those_of_the_equations() -> None:
    kinds = {c.name: "".join(r.name[0] for r in roles(c)) for c in CELLS}
    assert kinds["lstm"] == "figo"
    assert kinds["gru"] == kinds["gru_pytorch"] == "zrn"
    assert kinds["rnn"] == "ha"
    assert kinds["lstm_1997"] == "igo"


def test_what_is_under_the_pointer_is_what_is_drawn_there(show: Show) -> None:
    looked, panel = show()
    for block in panel.seen.blocks:
        for unit in range(6):
            item = At(block.path, unit, 2)
            assert panel.hits.at(panel.hits.box_of(item).center()) == item  # type: ignore[union-attr]
    hover(panel, place_of(panel, At(F, 5, 2)))
    assert looked.stage.sight.hover == Spot(F, 5, 2)


def test_a_click_selects_quantity_unit_and_step(show: Show) -> None:
    looked, panel = show()
    click(panel, At("layer0/forward/g", 3, 1))
    selection = looked.session.view.selector.selection
    assert (selection.path, selection.unit, selection.step) == ("layer0/forward/g", 3, 1)
    click(panel, Badge(F))
    assert looked.session.view.selector.selection.path == F
    assert not holds(looked)


def test_a_drag_holds_the_gate_and_is_one_step_of_undo(show: Show) -> None:
    looked, panel = show()
    item = At(F, 5, 2)
    start = place_of(panel, item)
    first = value(panel, F, 5, 2)
    drag(panel, item, *(start - QPoint(0, y) for y in (6, 20, 300)))
    assert value(panel, F, 5, 2) == 1.0 != first
    assert len(looked.session.store.labels) == 1
    assert "held" in panel.text_of(item)
    assert f"before {number(first)}" in panel.text_of(item)
    looked.session.store.undo()
    assert not holds(looked)
    assert value(panel, F, 5, 2) == first


def test_esc_during_a_drag_takes_it_back(show: Show) -> None:
    looked, panel = show()
    start = place_of(panel, At(F, 1, 1))
    drag(panel, At(F, 1, 1), start - QPoint(0, 9), start + QPoint(0, 300), drop=False)
    assert value(panel, F, 1, 1) == 0.0
    QTest.keyClick(panel, Qt.Key.Key_Escape)
    assert not holds(looked)


def test_the_menu_holds_and_releases(show: Show) -> None:
    looked, panel = show()
    item = At(F, 0, 1)

    def choose(name: str) -> None:
        found = {action.text(): action for action in panel.gestures.menu(item)}
        found[name].trigger()
        panel.grab()

    for name, expected in (("Hold at 0", 0.0), ("Hold at 1", 1.0)):
        choose(name)
        assert value(panel, F, 0, 1) == expected
    choose("Release")
    assert not holds(looked)
    looked.session.apply(HoldQuantity(F, 3, 0.5))
    choose("Release all of f")
    assert not holds(looked)


def test_the_wheel_enlarges_the_rows_around_the_pointer(show: Show) -> None:
    _, panel = show()
    before = panel.hits.box_of(At(F, 3, 1))
    wheel(panel, place_of(panel, At(F, 3, 1)), 2)
    after = panel.hits.box_of(At(F, 3, 1))
    assert before is not None
    assert after is not None
    assert after.height() > before.height()
    assert panel.hits.box_of(At(F, 0, 1)) is None or panel.hits.box_of(At(F, 5, 1)) is None
    wheel(panel, place_of(panel, At(F, 3, 1)), -9)
    assert panel.hits.box_of(At(F, 0, 1)) is not None
    assert panel.hits.box_of(At(F, 5, 1)) is not None


def test_the_bars_show_every_unit_of_the_step(show: Show) -> None:
    looked, panel = show()
    looked.go_to("forward", 2)
    click(panel, ViewButton())
    assert [panel.hits.box_of(At(F, unit, 2)) is not None for unit in range(6)] == [True] * 6
    assert panel.hits.box_of(At(F, 0, 1)) is None
    start = place_of(panel, At(F, 4, 2))
    drag(panel, At(F, 4, 2), start + QPoint(0, 9), start + QPoint(0, 200))
    assert value(panel, F, 4, 2) == 0.0
    QTest.keyClick(panel, Qt.Key.Key_B)
    panel.grab()
    assert panel.hits.box_of(At(F, 0, 1)) is not None


def test_keys_walk_change_and_release(show: Show) -> None:
    looked, panel = show()
    looked.session.view.selector.select(path=F, unit=2, step=2)
    QTest.keyClick(panel, Qt.Key.Key_Down)
    QTest.keyClick(panel, Qt.Key.Key_Right)  # belongs to the story
    selection = looked.session.view.selector.selection
    assert (selection.path, selection.unit, selection.step) == (F, 3, 2)
    first = value(panel, F, 3, 2)
    QTest.keyClick(panel, Qt.Key.Key_Minus)
    assert value(panel, F, 3, 2) == pytest.approx(max(first - 0.05, 0), abs=1e-4)
    QTest.keyClick(panel, Qt.Key.Key_Delete)
    assert value(panel, F, 3, 2) == first


def test_only_what_an_edit_changed_is_marked(show: Show) -> None:
    looked, panel = show()
    looked.session.apply(SetToken(2, "very"))
    assert "before" not in panel.text_of(At(F, 0, 1))
    changed = panel.seen.block(F).changed  # type: ignore[union-attr]
    assert changed is not None
    assert not changed[:2].any()
    unit = int(np.argmax(changed[2]))
    assert "before" in panel.text_of(At(F, unit, 2))


def test_chips_change_the_part_and_its_numbers(show: Show) -> None:
    looked, panel = show(sample("pos_bilstm"))
    click(panel, PartChip("layer0/backward"))
    assert looked.session.view.selector.selection.part == "layer0/backward"
    block = panel.seen.blocks[0]
    assert block.path == "layer0/backward/f"
    shown = number(value(panel, block.path, 1, 4))
    assert panel.text_of(At(block.path, 1, 4)).endswith(shown)


def test_overflow_is_said_and_taken_back(show: Show) -> None:
    looked, panel = show()
    vector = np.full_like(looked.session.store.document.weights.vector, np.nan)
    looked.session.apply(ReplaceWeights(vector))
    panel.grab()
    word = OverflowWord(0)
    assert "too large" in panel.text_of(word)
    click(panel, word)
    assert np.isfinite(looked.session.store.document.weights.vector).all()


@pytest.mark.parametrize("look", ["dark", "light"])
@pytest.mark.parametrize("size", [(220, 120), (288, 174), (900, 700)])
def test_nothing_leaves_the_panel(size: tuple[int, int], look: str, show: Show) -> None:
    _, panel = show(sample("ner_crf"), size=size, look=look)
    place = panel.chart.place
    assert 0 <= place.top < place.foot <= size[1] - 14
    assert place.columns.right <= size[0]
    assert all(box.right() <= size[0] for box, _ in panel.hits.places)
    assert all(box.top() >= 0 and box.bottom() <= size[1] for box, _ in panel.hits.places)


@pytest.mark.parametrize("steps", [1, 1000])
def test_few_and_many_steps_and_units(steps: int, show: Show) -> None:
    units = 256 if steps > 1 else 1
    words = tuple(("I", "am", "not", "happy")[n % 4] for n in range(steps))
    _, panel = show(new_document("lstm", units, words))
    item = At(F, units - 1, steps - 1)
    assert panel.text_of(item).endswith(number(value(panel, F, units - 1, steps - 1)))
    assert panel.hits.box_of(item) is not None


def test_an_empty_sentence_has_fields_without_numbers(show: Show) -> None:
    _, panel = show(documents.empty())
    assert panel.seen.steps == 0
    assert all(isinstance(item, Badge) for _, item in panel.hits.places)
    assert panel.text_of(At(F, 0, 0)) == ""


def test_the_table_holds_every_number(show: Show) -> None:
    _, panel = show()
    assert panel.gestures.table is not None
    rows = panel.gestures.table()
    assert len(rows) == 5
    assert rows[3][1] == "not"
    assert rows[3][2] == value(panel, F, 0, 2)


def test_esc_takes_back_nothing_that_the_drag_did_not_do(show: Show) -> None:
    held = HoldQuantity(F, 1, 1.0, 2)
    looked, panel = show()
    looked.session.apply(held)
    item = At(F, 2, 1)
    drag(panel, item, place_of(panel, item) - QPoint(0, 30), drop=False)  # it is open already
    assert panel.is_dragging
    QTest.keyClick(panel, Qt.Key.Key_Escape)
    assert [hold.value for hold in holds(looked)] == [1.0]


def test_an_overflow_of_a_layer_that_reads_backward_began_at_its_end(show: Show) -> None:
    looked, panel = show(sample("pos_bilstm"))
    looked.session.view.selector.select(path="layer0/backward/f")
    vector = np.full_like(looked.session.store.document.weights.vector, np.nan)
    looked.session.apply(ReplaceWeights(vector))
    panel.grab()
    word = next(item for _, item in panel.hits.places if isinstance(item, OverflowWord))
    assert word.step == looked.session.store.document.steps - 1
