"""The picture of a cell: its numbers are the trace's, and it tells no more than has been told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from rnnviz.app.window.stage import Stage
from rnnviz.document.document import Document
from rnnviz.document.edits import HoldQuantity, SetCell, SetHidden
from rnnviz.document.single_losses import one_loss
from rnnviz.engine.cell import PREVIOUS, Cell
from rnnviz.engine.cells import CELLS
from rnnviz.engine.weights import Weights
from rnnviz.panels.canvas.colour import qcolor
from rnnviz.panels.canvas.hit import HitMap
from rnnviz.panels.canvas.theme import Theme, theme
from rnnviz.panels.cell import CellPicture
from rnnviz.panels.cell.items import READER, CellNode, CellWire
from rnnviz.panels.cell.layout import diagram_of
from rnnviz.panels.cell.told import Step
from rnnviz.panels.gestures import Item
from rnnviz.panels.graph import GraphPanel
from rnnviz.panels.sight import Sight, Zoom
from rnnviz.session.moments import Moment, Phase
from rnnviz.session.selection import Spot
from rnnviz.session.session import Session
from tests.panels.looking import look_at, sample
from tests.panels.test_cell_layout import OWN
from tests.session.support import Inline

PART, STEP, UNIT = "layer0/forward", 2, 5
every_cell = pytest.mark.parametrize("cell", [*CELLS, *OWN], ids=lambda cell: cell.name)


def seen(
    document: Document,
    phase: Phase = "forward",
    operation: int | None = None,
    zoom: Zoom = 2,
    look: Theme | None = None,
) -> Sight:
    """What is seen of a document while its third step is told."""
    session = Session(document, executors=lambda _: Inline())
    stage = Stage(session, look or theme("dark"))
    playhead = session.view.playhead
    last = playhead.story.operations(phase, STEP) - 1
    playhead.go_to(Moment(phase, STEP, last if operation is None else operation))
    session.view.selector.select(path=f"{PART}/h", unit=UNIT)
    sight = replace(stage.sight, zoom=zoom)
    session.stop()
    return sight


def with_cell(cell: Cell) -> Document:
    return SetCell(cell).apply(sample("not_happy"))


def drawn(sight: Sight, size: tuple[int, int] = (408, 256)) -> tuple[QImage, HitMap[Item]]:
    image = QImage(*size, QImage.Format.Format_RGB32)
    image.fill(qcolor(sight.theme.colours.bg0))
    hits: HitMap[Item] = HitMap()
    with QPainter(image) as painter:
        CellPicture().draw(painter, QRectF(0, 0, *size), sight, PART, STEP, hits)
    return image, hits


def wires(hits: HitMap[Item]) -> list[CellWire]:
    return [item for _, item in hits.places if isinstance(item, CellWire)]


def said(item: CellWire | CellNode, sight: Sight) -> str:
    return "".join(run.text for run in CellPicture().describe(item, sight))


@every_cell
@pytest.mark.parametrize("zoom", [2, 3])
def test_every_number_on_a_wire_is_that_of_the_trace(cell: Cell, zoom: Zoom) -> None:
    sight = seen(with_cell(cell), zoom=zoom)
    _, hits = drawn(sight, (1072, 690) if zoom == 3 else (408, 256))
    told = CellPicture().told(sight, PART, STEP)
    assert set(cell.quantities) <= {item.name for item in wires(hits)}
    evaluation = sight.evaluation
    assert evaluation is not None
    for item in wires(hits):
        value = float(evaluation.trace[f"{PART}/{item.name}"][STEP, 0, item.unit])
        assert told.step.values[item.name][item.unit] == pytest.approx(value)
        text = said(item, sight)
        assert (
            text.split("=")[-1].strip().replace("\N{MINUS SIGN}", "-").startswith(_short(value))
        ), (item, text)


def _short(value: float) -> str:
    if value and abs(value) < 0.0095:
        return f"{value:.0e}"[: 2 if value > 0 else 3].rstrip(".")
    return f"{value:.2f}"


@every_cell
def test_on_the_way_back_the_numbers_are_the_gradients(cell: Cell) -> None:
    sight = seen(with_cell(cell), "backward")
    _, hits = drawn(sight)
    told, evaluation = CellPicture().told(sight, PART, STEP), sight.evaluation
    assert evaluation is not None
    assert evaluation.gradients is not None
    checked = 0
    for item in wires(hits):
        if item.name in cell.quantities:
            wanted = evaluation.gradients[f"{PART}/{item.name}"][STEP, 0]
            assert np.allclose(told.step.adjoints[item.name], wanted, atol=1e-12)
            checked += 1
    assert checked >= len(cell.states)


@every_cell
def test_a_state_receives_what_the_next_step_sends_and_what_reads_it(cell: Cell) -> None:
    sight = seen(with_cell(cell), "backward")
    evaluation = sight.evaluation
    assert evaluation is not None
    whole = evaluation.gradients
    now = Step(evaluation, PART, STEP, whole)
    before = Step(evaluation, PART, STEP - 1, whole)
    for state in cell.states:
        record = next(one for one in before.backward if one.name == state)
        other = [part.value for part in record.split.parts if part.kind != "next"]
        total = now.adjoints[state + PREVIOUS] + sum(other)
        assert np.allclose(total, before.adjoints[state], atol=1e-12)


def test_operation_by_operation_more_is_told() -> None:
    document = sample("not_happy")
    story = seen(document).story
    before: set[str] = set()
    for operation in range(story.operations("forward", STEP)):
        sight = seen(document, operation=operation)
        now = {item.name for item in wires(drawn(sight)[1])}
        assert before <= now
        before = now
        if operation == 0:
            assert now == {"h_prev", "c_prev"}
    assert {"f", "i", "g", "o", "c", "h", "f * c_prev", "i * g"} <= before


def test_on_the_way_back_too() -> None:
    document = sample("not_happy")
    counts = []
    for operation in range(seen(document, "backward").story.operations("backward", STEP)):
        sight = seen(document, "backward", operation)
        told = CellPicture().told(sight, PART, STEP)
        counts.append(len(told.passed))
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]


def test_a_product_with_a_matrix_is_told_in_its_gate() -> None:
    told = CellPicture().told(seen(sample("not_happy"), operation=1), PART, STEP)
    assert told.last in {node.name for node in diagram_of(told.step.cell).nodes}


def test_the_gradient_from_the_answer_comes_down_the_way_out() -> None:
    sight = seen(sample("not_happy"), "backward")
    _, hits = drawn(sight)
    item = next(item for item in wires(hits) if item.name == READER)
    told = CellPicture().told(sight, PART, STEP)
    along = told.step.arriving
    assert sum(part.value[UNIT] for part in along) == pytest.approx(told.from_reader[UNIT])  # type: ignore[index]
    assert "from the loss" in said(item, sight)


@pytest.mark.parametrize("phase", ["forward", "backward"])
@pytest.mark.parametrize("zoom", [2, 3])
def test_all_that_can_be_pointed_at_says_something(phase: Phase, zoom: Zoom, look: Theme) -> None:
    sight = seen(sample("not_happy"), phase, zoom=zoom, look=look)
    _, hits = drawn(sight, (1072, 690))
    assert len(hits.places) > 15
    for _, item in hits.places:
        assert said(item, sight), item  # type: ignore[arg-type]


def test_the_formula_of_a_wire_has_its_numbers() -> None:
    text = said(CellWire(PART, "f * c_prev", STEP, UNIT), seen(sample("not_happy")))
    assert text.startswith("f3 · c2 = ")
    assert text.count("=") == 2


def test_many_units_are_seen_through_a_window_around_the_selected_one() -> None:
    document = SetHidden(40).apply(sample("not_happy"))
    sight = seen(document, zoom=3)
    sight = replace(sight, selection=replace(sight.selection, unit=20))
    units = {item.unit for item in wires(drawn(sight, (1072, 690))[1]) if item.name == "f"}
    assert 20 in units
    assert len(units) < 40
    assert max(units) - min(units) == len(units) - 1


def test_a_held_gate_has_a_pin() -> None:
    free = sample("not_happy")
    held = HoldQuantity(f"{PART}/f", STEP, 0.5, unit=UNIT).apply(free)
    value = CellPicture().told(seen(held), PART, STEP).step.values["f"][UNIT]
    assert value == 0.5
    other = HoldQuantity(f"{PART}/f", STEP, 0.5, unit=UNIT - 1).apply(free)
    box = next(b for b, item in drawn(seen(held))[1].places if _is(item, "f"))
    corner = box.toAlignedRect().adjusted(-3, -3, 3, 3)
    assert drawn(seen(held))[0].copy(corner) != drawn(seen(other))[0].copy(corner)


def _is(item: Item, name: str) -> bool:
    return isinstance(item, CellWire) and item.name == name


def test_what_the_mouse_is_over_elsewhere_is_lit() -> None:
    sight = seen(sample("not_happy"))
    lit = replace(sight, hover=Spot(f"{PART}/f", UNIT, STEP))
    assert drawn(lit)[0] != drawn(sight)[0]
    assert drawn(replace(sight, hover=Spot(f"{PART}/f", UNIT, STEP + 1)))[0] == drawn(sight)[0]


@every_cell
@pytest.mark.parametrize("phase", ["forward", "backward"])
def test_no_number_is_no_crash(cell: Cell, phase: Phase) -> None:
    document = with_cell(cell)
    layout = document.weights.layout
    sight = seen(document.changed(weights=Weights(layout, np.full(layout.size, np.nan))), phase)
    image, _ = drawn(sight)
    hatched = {image.pixelColor(x, 250).name() for x in range(140, 260)}
    assert len(hatched) > 1
    whole, _ = drawn(seen(document, phase))
    assert len({whole.pixelColor(x, 250).name() for x in range(140, 260)}) == 1


@pytest.mark.parametrize("size", [(300, 200), (620, 420), (1072, 690)])
def test_it_fills_a_canvas_of_any_size(size: tuple[int, int], look: Theme) -> None:
    for phase in ("forward", "backward"):
        sight = seen(sample("not_happy"), phase, zoom=3, look=look)
        image, hits = drawn(sight, size)
        assert hits.places
        assert len({image.pixel(x, size[1] // 2) for x in range(size[0])}) > 5


def test_gestures_ask_for_edits(qtbot: object) -> None:  # noqa: ARG001
    from rnnviz.panels.graph.panel import GraphPanel
    from tests.panels.looking import look_at

    looked = look_at(GraphPanel, size=(872, 544))
    looked.go_to("forward", STEP)
    item = CellWire(PART, "f", STEP, looked.session.view.selector.selection.unit)
    picture = CellPicture()
    asked: list[HoldQuantity] = []
    looked.panel.edit_requested.connect(asked.append)
    drag = picture.drag(item, QPointF(100, 100), looked.panel)
    assert drag is not None
    drag.move(QPointF(100, 80), Qt.KeyboardModifier.NoModifier)
    drag.drop()
    assert asked
    assert asked[-1].path == f"{PART}/f"
    assert looked.session.store.document.holds
    looked.session.stop()


def test_on_the_way_back_of_one_loss_the_gradients_are_its_own() -> None:
    whole = seen(sample("not_happy"), "backward")
    sight = replace(whole, selection=replace(whole.selection, loss_step=3))
    evaluation = sight.evaluation
    assert evaluation is not None
    assert evaluation.gradients is not None
    alone = one_loss(evaluation, 3)
    assert alone is not None
    picture = CellPicture()
    picture.told(whole, PART, STEP)
    told = picture.told(sight, PART, STEP)
    for name in ("h", "c", "f"):
        path = f"{PART}/{name}"
        assert np.allclose(told.step.adjoints[name], alone[path][STEP, 0], atol=1e-12)
        assert not np.allclose(alone[path][STEP, 0], evaluation.gradients[path][STEP, 0])


def test_a_gradient_that_is_not_computed_yet_is_not_shown() -> None:
    sight = seen(sample("not_happy"), "backward")
    told = CellPicture(lambda *_: None).told(sight, PART, STEP)
    assert not told.goes_back
    assert told.shows("h")


def test_a_drag_holds_a_gate_within_what_it_can_be() -> None:
    looked = look_at(GraphPanel, None, (872, 544))
    panel = looked.panel
    assert isinstance(panel, GraphPanel)
    looked.go_to("forward", STEP)
    panel.grab()
    item = CellWire(PART, "f", STEP, 0)
    drag = panel.look.cell.drag(item, QPointF(0, 0), panel)
    assert drag is not None
    drag.move(QPointF(0, -900), Qt.KeyboardModifier.NoModifier)
    assert [hold.value for hold in looked.session.store.document.holds] == [1.0]
    drag.move(QPointF(0, 900), Qt.KeyboardModifier.NoModifier)
    assert [hold.value for hold in looked.session.store.document.holds] == [0.0]
