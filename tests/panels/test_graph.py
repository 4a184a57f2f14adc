"""The unrolled graph through the hands and eyes of a person."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from rnnviz.document.document import Document
from rnnviz.document.edits import SetCell
from rnnviz.engine.cell import Cell
from rnnviz.engine.cells import CELLS
from rnnviz.panels.canvas.text import number
from rnnviz.panels.graph import GraphPanel
from rnnviz.panels.graph.items import GateBar, InputCell, StateCell
from rnnviz.panels.picture import PicturePanel
from tests.panels.looking import Looked, look_at, sample

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
    return [item for _, item in picture(looked).hits.places if isinstance(item, kind)]


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
