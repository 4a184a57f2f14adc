"""Parameter sharing, shown by its absence: how many numbers with and without it."""

import numpy as np
import pytest

from rnnviz.engine.cell import Cell
from rnnviz.engine.cells import find_cell
from rnnviz.engine.errors import EngineError
from rnnviz.engine.heads import Softmax
from rnnviz.engine.inputs import Tokens, Vectors
from rnnviz.engine.layers import Direction, Layer
from rnnviz.engine.network import Network
from tests.engine.support import batch_of, every_cell, random_weights

COUNTS = {
    "rnn": (1, 0, 1),
    "rnn_relu": (1, 0, 1),
    "lstm": (4, 0, 4),
    "lstm_peephole": (4, 3, 4),
    "lstm_1997": (3, 0, 3),
    "lstm_coupled": (3, 0, 3),
    "gru": (3, 0, 3),
    "gru_reset_after": (3, 0, 4),
    "gru_swapped": (3, 0, 3),
    "gru_pytorch": (3, 0, 4),
}
"""Matrices of each kind, peepholes, biases."""


@every_cell
@pytest.mark.parametrize(("inputs", "hidden"), [(1, 1), (3, 5), (7, 2)])
def test_the_count_of_each_cell(cell: Cell, inputs: int, hidden: int) -> None:
    matrices, peepholes, biases = COUNTS[cell.name]
    expected = matrices * (hidden * inputs + hidden * hidden) + (peepholes + biases) * hidden
    assert cell.parameter_count(inputs, hidden) == expected
    assert Network(Vectors(inputs), (Layer(cell, hidden),), None).parameter_count == expected


@every_cell
@pytest.mark.parametrize("direction", ["forward", "backward", "both"])
def test_without_sharing_the_count_grows_with_the_length(cell: Cell, direction: Direction) -> None:
    shared = Network(Vectors(3), (Layer(cell, 4, direction),), None).parameter_count
    for length in (1, 2, 5, 20):
        layer = Layer(cell, 4, direction, unshared=length)
        apart = Network(Vectors(3), (layer,), None)
        assert apart.parameter_count == length * shared
        assert random_weights(apart).vector.size == length * shared


def test_with_sharing_the_count_is_that_of_the_parts() -> None:
    lstm, gru = find_cell("lstm"), find_cell("gru")
    network = Network(Tokens(10, 3), (Layer(lstm, 4, "both"), Layer(gru, 5)), Softmax(2))
    parts = 10 * 3 + 2 * lstm.parameter_count(3, 4) + gru.parameter_count(8, 5) + 2 * 5 + 2
    assert network.parameter_count == parts
    apart = Network(Tokens(10, 3), (Layer(lstm, 4, "both", unshared=6), Layer(gru, 5)), Softmax(2))
    assert apart.parameter_count == parts + 5 * 2 * lstm.parameter_count(3, 4)


@every_cell
@pytest.mark.parametrize("direction", ["forward", "backward", "both"])
def test_the_same_weights_at_each_step_are_the_shared_ones(
    cell: Cell, direction: Direction
) -> None:
    shared = Network(Vectors(2), (Layer(cell, 3, direction),), Softmax(2))
    apart = Network(Vectors(2), (Layer(cell, 3, direction, unshared=4),), Softmax(2))
    weights = random_weights(shared)
    start = random_weights(apart)
    copies = {path: np.broadcast_to(array, start[path].shape) for path, array in weights.items()}
    batch = batch_of(shared, (4, 4))
    one, other = shared.forward(weights, batch), apart.forward(start.replace(copies), batch)
    for path in one.paths():
        np.testing.assert_allclose(other[path], one[path], rtol=1e-12, atol=1e-14)


def test_step_t_uses_the_weights_of_step_t_in_both_directions() -> None:
    network = Network(Vectors(2), (Layer(find_cell("rnn"), 2, "both", unshared=3),), None)
    weights = random_weights(network)
    trace = network.forward(weights, batch_of(network, (3, 3)))
    for way in ("forward", "backward"):
        part = f"layer0/{way}"
        W, U, b = (weights[f"{part}/{name}"] for name in "WUb")
        for step in range(3):
            expected = (
                trace["layer0/x"][step] @ W[step].T
                + trace[f"{part}/h_prev"][step] @ U[step].T
                + b[step]
            )
            np.testing.assert_allclose(trace[f"{part}/a_h"][step], expected, rtol=1e-12)
            tree = trace[f"{part}/W @ x + U @ h_prev + b"]
            np.testing.assert_allclose(tree[step], expected, rtol=1e-12)


def test_weights_for_each_step_fit_no_other_length() -> None:
    network = Network(Vectors(2), (Layer(find_cell("gru"), 3, unshared=4),), None)
    weights = random_weights(network)
    for lengths in ((3,), (5, 5)):
        with pytest.raises(EngineError, match="unshared weights are for 4"):
            network.forward(weights, batch_of(network, lengths))
    with pytest.raises(EngineError, match="equal length"):
        network.forward(weights, batch_of(network, (4, 3)))
