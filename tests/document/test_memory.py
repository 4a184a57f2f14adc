"""The memory that is said is about the memory that is taken, and too much is refused."""

import tracemalloc
from collections import OrderedDict

import numpy as np
import pytest

from rnnviz.document import memory
from rnnviz.engine import rooms
from rnnviz.engine.cell import Cell
from rnnviz.engine.cells import CELLS
from rnnviz.engine.errors import EngineError
from rnnviz.engine.gradients import backward
from rnnviz.engine.initial_weights import initial_weights
from rnnviz.engine.inputs import Vectors
from rnnviz.engine.notebook import forward, network


@pytest.fixture(autouse=True)
def no_room_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms, "_rooms", OrderedDict())


def taken(cell: Cell, steps: int, layers: int = 1, hidden: int = 48) -> tuple[int, int]:
    made = network(cell, Vectors(16), hidden, layers=layers)
    x = np.random.default_rng(0).normal(size=(steps, 16))
    tracemalloc.start()
    try:
        trace = forward(made, initial_weights(made), x)
        backward(trace, d_read=np.ones_like(trace.read))
        return tracemalloc.get_traced_memory()[1], memory.needed(made, steps)
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: cell.name)
@pytest.mark.parametrize("layers", [1, 3])
def test_the_estimate_is_near_what_is_taken(cell: Cell, layers: int) -> None:
    real, told = taken(cell, 600, layers)
    assert 0.75 * real < told < 1.5 * real


def test_the_weights_alone_are_estimated_too() -> None:
    real, told = taken(CELLS[2], 2, hidden=300)
    assert 0.75 * real < told < 1.5 * real


def test_what_the_machine_has_not_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "of_machine", lambda: 100 << 20)
    memory.check(90 << 20, "model")
    with pytest.raises(EngineError, match=r"model: it takes about 91 MB .* machine has 100 MB"):
        memory.check(91 << 20, "model")
    monkeypatch.setattr(memory, "of_machine", lambda: None)
    memory.check(1 << 60, "model")


def test_the_machine_has_memory() -> None:
    there = memory.of_machine()
    assert there is None or there > 1 << 28


@pytest.mark.parametrize(
    ("count", "words"),
    [(5, "5 bytes"), (2048, "2.0 KB"), (15 << 20, "15 MB"), (3 << 29, "1.5 GB")],
)
def test_bytes_are_said(count: int, words: str) -> None:
    assert memory.said(count) == words
