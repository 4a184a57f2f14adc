"""The highway: the terms are the trace's, and they add up to the state."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from rnnviz.document.edits import HoldQuantity, ReplaceWeights, SetCell, SetToken
from rnnviz.document.new import new_document
from rnnviz.engine.cell import Cell, define
from rnnviz.engine.cells import CELLS
from rnnviz.engine.roles import balance
from rnnviz.engine.text import formula
from rnnviz.panels.canvas.text import number
from rnnviz.panels.highway import HighwayPanel
from rnnviz.panels.highway.items import Sum, UnitName
from rnnviz.panels.overflow import OverflowWord
from rnnviz.panels.parts import PartChip
from rnnviz.session.selection import Spot
from tests.document import documents
from tests.panels.looking import Looked, sample, shown_panels
from tests.panels.mouse import click, hover, place_of, wheel

Show = Callable[..., tuple[Looked, HighwayPanel]]
LEAKY = define("leaky", "Leaky", "n = tanh(W @ x + U @ h_prev + b)\nh = h_prev + a * (n - h_prev)")


@pytest.fixture
def show() -> Iterator[Show]:
    yield from shown_panels(HighwayPanel, (284, 174), undoes=True)


@pytest.mark.parametrize("cell", [*CELLS, LEAKY], ids=lambda cell: cell.name)
def test_the_terms_are_the_traces_and_add_up(cell: Cell, show: Show) -> None:
    _, panel = show(SetCell(cell).apply(sample("not_happy")))
    assert panel.sight.evaluation is not None
    trace, seen = panel.sight.evaluation.trace, panel.seen
    for addend in seen.addends:
        value = trace[f"layer0/forward/{formula(addend.expression)}"][:, 0]
        assert np.array_equal(np.abs(value), np.abs(addend.values))
    total = sum(addend.values for addend in seen.addends)
    assert np.allclose(total, seen.total, atol=1e-12)
    for step in range(4):
        text = panel.text_of(Sum(1, step))
        assert f" = {number(float(seen.total[step, 1]))}" in text
        for addend in seen.addends:
            assert number(abs(float(addend.values[step, 1]))) in text


@pytest.mark.parametrize(
    ("name", "state", "kept", "caption"),
    [
        ("lstm", "c", ["f * c_prev"], "Cell-state highway"),
        ("lstm_1997", "c", ["c_prev"], "Cell-state highway"),
        ("gru", "h", ["(1 - z) * h_prev"], "Hidden state: kept and new"),
        ("gru_pytorch", "h", ["z * h_prev"], "Hidden state: kept and new"),
        ("rnn", "h", [], "Hidden state: the sum before tanh"),
    ],
)
def test_what_is_kept_follows_from_the_equations(
    name: str, state: str, kept: list[str], caption: str, show: Show
) -> None:
    cell = next(cell for cell in CELLS if cell.name == name)
    found = balance(cell)
    assert found.state == state
    assert [formula(term.expression) for term in found.terms if term.kept] == kept
    looked, panel = show()
    looked.session.apply(SetCell(cell))
    assert panel.caption == caption


def test_the_tip_is_the_sum_in_numbers(show: Show) -> None:
    _, panel = show()
    kept, wrote = (float(addend.values[2, 5]) for addend in panel.seen.addends)
    sign = "−" if wrote < 0 else "+"
    total = number(float(panel.seen.total[2, 5]))
    expected = f"c3 = {number(kept)} kept {sign} {number(abs(wrote))} wrote = {total}"
    assert panel.text_of(Sum(5, 2)).startswith(expected)


def test_a_click_selects_the_unit_whose_row_grows(show: Show) -> None:
    looked, panel = show()
    before = panel.chart.place.row(3)
    click(panel, Sum(3, 1))
    selection = looked.session.view.selector.selection
    assert (selection.path, selection.unit, selection.step) == ("layer0/forward/c", 3, 1)
    after = panel.chart.place.row(3)
    assert before is not None
    assert after is not None
    assert after.high == pytest.approx(2.7 * before.high)
    click(panel, UnitName(4))
    assert looked.session.view.selector.selection.unit == 4
    hover(panel, place_of(panel, Sum(4, 2)))
    assert looked.stage.sight.hover == Spot("layer0/forward/c", 4, 2)


def test_the_wheel_changes_the_amplitude_and_keys_walk(show: Show) -> None:
    looked, panel = show()
    scale = panel.chart.place.rows[0].scale
    wheel(panel, place_of(panel, Sum(2, 2)), 2)
    assert panel.chart.place.rows[0].scale == pytest.approx(scale * 1.25**2)
    QTest.keyClick(panel, Qt.Key.Key_0)
    assert panel.chart.place.rows[0].scale == pytest.approx(scale)
    QTest.keyClick(panel, Qt.Key.Key_Down)
    QTest.keyClick(panel, Qt.Key.Key_Right)  # belongs to the story
    selection = looked.session.view.selector.selection
    assert (selection.unit, selection.step) == (1, None)


def test_of_many_units_those_around_the_selected_one_are_shown(show: Show) -> None:
    looked, panel = show(new_document("lstm", 64))
    looked.session.view.selector.select(unit=40)
    panel.grab()
    units = [row.unit for row in panel.chart.place.rows]
    assert 40 in units
    assert len(units) < 12
    assert units == list(range(units[0], units[0] + len(units)))
    looked.stage.change(present=True)
    assert len(panel.chart.place.rows) < len(units)


def test_before_and_held_are_said(show: Show) -> None:
    looked, panel = show()
    old = float(panel.seen.total[2, 0])
    looked.session.apply(SetToken(2, "very"))
    panel.grab()
    assert f"before {number(old)}" in panel.text_of(Sum(0, 2))
    assert "before" not in panel.text_of(Sum(0, 1))
    looked.session.apply(HoldQuantity("layer0/forward/c", 1, 0.5, 0))
    panel.grab()
    assert "but held: 0.50" in panel.text_of(Sum(0, 1))


def test_a_layer_that_reads_backward_keeps_what_stands_at_the_right(show: Show) -> None:
    looked, panel = show(sample("pos_bilstm"))
    click(panel, PartChip("layer0/backward"))
    assert panel.seen.reads_backward
    assert panel.sight.evaluation is not None
    trace = panel.sight.evaluation.trace
    f, c = (trace[f"layer0/backward/{name}"][:, 0] for name in "fc")
    assert np.allclose(panel.seen.addends[0].values[:-1], f[:-1] * c[1:])
    assert looked.session.view.selector.selection.part == "layer0/backward"


def test_overflow_is_said_and_taken_back(show: Show) -> None:
    looked, panel = show()
    vector = np.full_like(looked.session.store.document.weights.vector, np.inf)
    looked.session.apply(ReplaceWeights(vector))
    panel.grab()
    word = next(item for _, item in panel.hits.places if isinstance(item, OverflowWord))
    click(panel, word)
    assert np.isfinite(looked.session.store.document.weights.vector).all()


@pytest.mark.parametrize("look", ["dark", "light"])
@pytest.mark.parametrize("size", [(220, 120), (284, 174), (900, 700)])
@pytest.mark.parametrize("name", ["not_happy", "sentiment_rnn", "ner_crf"])
def test_nothing_leaves_the_panel(name: str, size: tuple[int, int], look: str, show: Show) -> None:
    _, panel = show(sample(name), size=size, look=look)
    place = panel.chart.place
    assert 0 < place.top < place.foot <= size[1] - 14
    assert place.rows[-1].foot == pytest.approx(place.foot)
    for row in place.rows:
        assert row.top < row.zero < row.foot
    assert all(box.left() >= 0 and box.right() <= size[0] for box, _ in panel.hits.places)


@pytest.mark.parametrize("steps", [1, 1000])
def test_few_and_many_steps_and_units(steps: int, show: Show) -> None:
    units = 256 if steps > 1 else 1
    words = tuple(("I", "am", "not", "happy")[n % 4] for n in range(steps))
    _, panel = show(new_document("lstm", units, words))
    total = float(panel.seen.total[steps - 1, units - 1])
    assert f"= {number(total)}" in panel.text_of(Sum(units - 1, steps - 1))


def test_an_empty_sentence_has_rows_without_bars(show: Show) -> None:
    _, panel = show(documents.empty())
    assert panel.seen.steps == 0
    assert panel.text_of(Sum(0, 0)) == ""
    assert {type(item) for _, item in panel.hits.places} == {UnitName}
