"""A cell with two biases computes what the plain one does with their sum; its name finds it."""

import numpy as np
import pytest

from rnnviz.engine.cell import Cell, define
from rnnviz.engine.cells import CELLS, find_cell
from rnnviz.engine.errors import UnknownError
from rnnviz.engine.inputs import Vectors
from rnnviz.engine.layers import Layer
from rnnviz.engine.network import Network
from rnnviz.engine.two_biases import with_recurrent_biases
from rnnviz.engine.weights import Weights

HIDDEN, INPUTS, STEPS = 4, 3, 6


def gained(cell: Cell) -> set[str]:
    both = {p.name for p in with_recurrent_biases(cell).parameters}
    return both - {p.name for p in cell.parameters}


def random_weights(network: Network) -> Weights:
    vector = np.random.default_rng(3).normal(0, 0.5, network.layout.size)
    return Weights(network.layout, vector)


@pytest.mark.parametrize("cell", CELLS, ids=lambda c: c.name)
def test_the_two_biases_add_up(cell: Cell) -> None:
    both = Network(Vectors(INPUTS), (Layer(with_recurrent_biases(cell), HIDDEN, "both"),))
    one = Network(Vectors(INPUTS), (Layer(cell, HIDDEN, "both"),))
    weights = random_weights(both)
    summed = {}
    for path in one.layout.paths:
        part, _, name = path.rpartition("/")
        twin = "d" + name[1:]
        extra = weights[f"{part}/{twin}"] if name[0] == "b" and twin in gained(cell) else 0.0
        summed[path] = weights[path] + extra
    plain = Weights(one.layout, np.zeros(one.layout.size)).replace(summed)
    x = np.random.default_rng(4).normal(size=(STEPS, INPUTS))
    first = both.forward(weights, both.batch(x))["layer0/output"]
    second = one.forward(plain, one.batch(x))["layer0/output"]
    assert np.abs(first).max() > 0.1
    assert np.allclose(first, second, rtol=0, atol=1e-14)


@pytest.mark.parametrize("cell", CELLS, ids=lambda c: c.name)
def test_it_is_found_again_by_its_name(cell: Cell) -> None:
    both = with_recurrent_biases(cell)
    assert find_cell(both.name) is both
    assert with_recurrent_biases(both) is both
    assert both.states == cell.states


def test_where_biases_are_gained() -> None:
    assert gained(find_cell("rnn")) == {"d"}
    assert gained(find_cell("lstm")) == {"d_f", "d_i", "d_o", "d_g"}
    assert gained(find_cell("gru")) == {"d_z", "d_r", "d_n"}
    assert gained(find_cell("gru_pytorch")) == {"d_z", "d_r"}


def test_a_cell_without_biases_stays_as_it_is() -> None:
    cell = define("bare", "Bare", "h = tanh(W @ x + U @ h_prev)")
    assert with_recurrent_biases(cell) is cell


@pytest.mark.parametrize("name", ["lstm+d+d", "+d", "nothing+d", "lstm+e"])
def test_other_names_are_unknown(name: str) -> None:
    with pytest.raises(UnknownError):
        find_cell(name)
