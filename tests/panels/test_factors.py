"""The factors from step to step: their numbers, their sentences, the unit that is chosen."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from rnnviz.document.document import Document
from rnnviz.document.edits import SetCell, SetToken
from rnnviz.document.new import new_document
from rnnviz.engine.cell import Cell
from rnnviz.engine.cells import CELLS
from rnnviz.engine.jacobians import highway, path_jacobian, step_jacobian
from rnnviz.panels.canvas.text import size
from rnnviz.panels.factors import FactorsPanel
from rnnviz.panels.factors.items import AtStep, Compute, OtherUnit
from rnnviz.panels.factors.numbers import of_power, sentences
from rnnviz.session.moments import Moment
from tests.document import documents
from tests.panels.looking import Looked, look_at, sample
from tests.panels.mouse import click, hover, place_of, wheel

Show = Callable[..., tuple[Looked, FactorsPanel]]


@pytest.fixture
def look(qtbot: QtBot) -> Iterator[Show]:
    """Show a document in the panel; `wait` until the full factors are there."""
    open_ones: list[Looked] = []

    def shown(
        document: Document | None = None, wait: bool = True, **parts: Any
    ) -> tuple[Looked, FactorsPanel]:
        looked = look_at(FactorsPanel, document, parts.pop("size", (316, 174)), **parts)
        open_ones.append(looked)
        panel = looked.panel
        assert isinstance(panel, FactorsPanel)
        if wait:
            qtbot.waitUntil(lambda: panel.full is not None, timeout=10_000)
        panel.grab()
        return looked, panel

    yield shown
    for looked in open_ones:
        looked.session.stop()
        shiboken6.delete(looked.panel)


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: cell.name)
def test_every_number_is_the_engines(cell: Cell, look: Show) -> None:
    _, panel = look(SetCell(cell).apply(sample("not_happy")))
    about, full = panel.about, panel.full
    assert about is not None
    assert full is not None
    trace, part = about.evaluation.trace, "layer0/forward"
    for step in range(4):
        text = panel.text_of(AtStep(step))
        whole = path_jacobian(trace, part, step, 3).norm
        assert 10.0 ** full.powers[step] == pytest.approx(whole)
        if step:
            jacobian = step_jacobian(trace, part, step)
            assert f"all paths × {size(jacobian.norm)}" in text
            radius = np.abs(np.linalg.eigvals(jacobian.matrix)).max()
            assert f"radius {size(float(radius))}" in text
    if about.road is None:
        assert not any(highway(trace, part, state).any() for state in cell.states)
    else:
        factors = highway(trace, part, about.road.state)
        assert f"road × {size(float(factors[2, 0]))}" in panel.text_of(AtStep(2))


def test_the_sentence_is_computed(look: Show) -> None:
    _, panel = look()
    about, full = panel.about, panel.full
    assert about is not None
    assert full is not None
    total = float(full.powers[0])
    long, short, shortest = sentences(full.powers, about, "all paths:")
    mean, left = of_power(total / 3), of_power(total)
    assert long == f"all paths: × {mean} a step; after 3 steps {left} is left"
    assert mean in short
    assert left in short
    assert mean in shortest


@pytest.mark.parametrize(
    ("power", "text"),
    [(0.0, "1.00"), (-700.0, "1e−700"), (-700.3, "5e−701"), (-np.inf, "0"), (np.nan, "nan")],
)
def test_numbers_that_are_too_small(power: float, text: str) -> None:
    assert of_power(power) == text


def test_the_unit_is_chosen(look: Show) -> None:
    looked, panel = look()
    click(panel, OtherUnit(1))
    assert looked.session.view.selector.selection.unit == 1
    wheel(panel, place_of(panel, AtStep(1)), -2)
    assert panel.unit == 3
    QTest.keyClick(panel, Qt.Key.Key_Up)
    assert panel.unit == 2
    about = panel.about
    assert about is not None
    assert about.road is not None
    factor = float(about.road.factors[2, 2])
    assert f"road × {size(factor)}" in panel.text_of(AtStep(2))
    panel.grab()
    click(panel, OtherUnit(-1))
    assert panel.unit == 1


def test_a_click_goes_there_and_hovering_lights_it(look: Show) -> None:
    looked, panel = look()
    hover(panel, place_of(panel, AtStep(2)))
    spot = looked.session.view.selector.hover
    assert spot is not None
    assert (spot.path, spot.step) == ("layer0/forward/c", 2)
    click(panel, AtStep(1))
    moment = looked.session.view.playhead.moment
    assert (moment.phase, moment.step) == ("backward", 1)


def test_what_was_before_the_edit(look: Show) -> None:
    looked, panel = look()
    before = panel.about
    plain = panel.grab().toImage()
    looked.session.apply(SetToken(2, "very"))
    panel.grab()
    assert panel.before is before
    assert panel.about is not before
    looked.session.apply(SetToken(2, "not"))
    assert panel.grab().toImage() != plain, "the curves before are dotted"


def test_from_the_end_the_first_is_the_last(look: Show) -> None:
    looked, panel = look(sample("pos_bilstm"))
    looked.session.view.selector.select(path="layer0/backward/h")
    about = panel.about
    assert about is not None
    assert about.first == 7
    assert about.road is not None
    assert not about.road.powers[0].any()


def long(steps: int, units: int) -> Document:
    document = new_document("lstm", units, ("yes", "no"), form="many-to-many", labels=("Y", "N"))
    return document.changed(sequence=("no",) * steps, targets=("Y",) * steps)


def test_what_takes_long_is_asked_for(look: Show, qtbot: QtBot) -> None:
    _, panel = look(long(1000, 80), wait=False)
    assert panel.full is None
    assert panel.about is not None
    assert panel.about.seconds > 1
    assert panel.hits.box_of(Compute()) is not None
    assert "left of the end" in panel.text_of(AtStep(500))
    qtbot.wait(200)
    assert panel.full is None


def test_what_takes_a_while_is_computed_behind(look: Show) -> None:
    _, panel = look(long(200, 4))
    assert panel.full is not None
    assert len(panel.table()) == 201


@pytest.mark.parametrize("kind", documents.KINDS)
@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("room", [(220, 120), (1200, 300)], ids=str)
def test_everything_can_be_drawn(kind: str, theme: str, room: tuple[int, int], look: Show) -> None:
    document = documents.document(kind)
    looked, panel = look(document, wait=bool(document.steps), look=theme, size=room)
    assert (panel.about is None) is not bool(document.steps)
    for phase in looked.session.view.playhead.story.phases:
        looked.session.view.playhead.go_to(Moment(phase, 0))
        panel.grab()
    for step in range(panel.about.steps if panel.about else 0):
        assert panel.text_of(AtStep(step)).startswith("t = ")
