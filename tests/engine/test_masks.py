"""Rows of unequal length: padding is neither computed nor counted, and rows do not meet."""

import numpy as np
import pytest

from rnnviz.engine.batch import Batch
from rnnviz.engine.cell import Cell, define
from rnnviz.engine.cells import find_cell
from rnnviz.engine.gradients import backward
from rnnviz.engine.heads import CRF, Head, Regression, Softmax
from rnnviz.engine.inputs import Input, Tokens, Vectors
from rnnviz.engine.layers import Direction, Layer
from rnnviz.engine.network import Form, Network
from rnnviz.engine.order import Order
from tests.engine.support import batch_of, every_cell, quantities, random_weights, tagger

LSTM, GRU = find_cell("lstm"), find_cell("gru")
LENGTHS = (3, 6, 1, 4, 6)


def one_by_one(network: Network, lengths: tuple[int, ...]) -> None:
    """A batch gives each row what the row gives alone, and the mean of their gradients."""
    weights, batch = random_weights(network), batch_of(network, lengths)
    together = network.forward(weights, batch)
    gradients = backward(together)
    total = np.zeros(network.layout.size)
    for row, length in enumerate(lengths):
        single = network.single
        answers = batch.targets[:1, row] if single else batch.targets[:length, row]
        own = answers[0] if single else [answers]
        rows = [batch.inputs[:length, row]]
        alone = network.forward(weights, network.batch(rows, [own] if single else own))
        found = backward(alone)
        total += found.weights.vector
        for path in quantities(together):
            np.testing.assert_allclose(
                together[path][:length, row], alone[path][:, 0], atol=1e-13, err_msg=path
            )
            np.testing.assert_allclose(
                len(lengths) * gradients[path][:length, row], found[path][:, 0], atol=1e-13
            )
            assert not gradients[path][length:, row].any(), f"{path}: a gradient at the padding"
        for path in network.state_paths:
            np.testing.assert_allclose(together.final(path)[row], alone.final(path)[0], atol=1e-13)
            initial = len(lengths) * gradients.initial(path)[row]
            np.testing.assert_allclose(initial, found.initial(path)[0], atol=1e-13)
        assert together.losses()[:, row].sum() == pytest.approx(alone.loss())
        steps = len(alone.predictions)
        np.testing.assert_allclose(together.predictions[:steps, row], alone.predictions[:, 0])
    np.testing.assert_allclose(gradients.weights.vector, total / len(lengths), atol=1e-13)


@every_cell
def test_every_cell(cell: Cell) -> None:
    one_by_one(tagger(cell, layers=2, direction="both"), (2, 4, 1))


SHAPES: tuple[tuple[Input, Head, Form, Direction], ...] = (
    (Tokens(5), Softmax(3), "many-to-one", "both"),
    (Tokens(5, 3), CRF(3), "many-to-many", "both"),
    (Vectors(3), Regression(2), "many-to-many", "backward"),
    (Vectors(3), Regression(2), "many-to-one", "backward"),
)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda s: f"{s[0]}-{s[1].kind}-{s[2]}")
def test_every_shape(shape: tuple[Input, Head, Form, Direction]) -> None:
    reads, head, form, direction = shape
    layers = (Layer(LSTM, 4, direction), Layer(GRU, 4, direction))
    one_by_one(Network(reads, layers, head, form), LENGTHS)


def test_residual_connections() -> None:
    layers = (Layer(LSTM, 2, "both"), Layer(GRU, 2, "both", residual=True))
    one_by_one(Network(Tokens(3, 4), layers, Softmax(2)), LENGTHS)


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("lengths", [None, (3, 6, 1, 4, 6), (6, 5, 1, 1, 1)], ids=str)
def test_an_order_is_there_and_back_again(reverse: bool, lengths: tuple[int, ...] | None) -> None:
    order = Order(6, reverse, None if lengths is None else np.array(lengths))
    array = np.random.default_rng(0).standard_normal((6, 5, 2))
    np.testing.assert_array_equal(order.outward(order.inward(array)), array)
    np.testing.assert_array_equal(order.inward(order.outward(array)), array)
    np.testing.assert_array_equal(order.rows_outward(order.rows_inward(array[0])), array[0])
    rows = order.rows_inward(np.arange(5))
    for place, row in enumerate(rows):
        for step in range(order.length(int(row))):
            mirrored = order.mirrored(step, int(row))
            assert order.mirrored(mirrored, int(row)) == step
            np.testing.assert_array_equal(order.inward(array)[mirrored, place], array[step, row])
    if order.counts is not None:
        assert order.counts == sorted(order.counts, reverse=True)
        assert sum(order.counts) == sum(lengths or ())
    states = np.concatenate([np.zeros((1, 5, 2)), order.inward(array)])
    last = [array[0 if reverse else order.length(row) - 1, row] for row in range(5)]
    np.testing.assert_array_equal(order.last(states), last)


@pytest.mark.parametrize("head", [Softmax(3), Regression(3), CRF(3)], ids=lambda h: h.kind)
def test_what_stands_at_the_padding_does_not_matter(head: Head) -> None:
    network = Network(Vectors(2), (Layer(LSTM, 3, "both"), Layer(GRU, 3)), head)
    weights, clean = random_weights(network), batch_of(network, (2, 4))
    inputs = clean.inputs.copy()
    inputs[2:, 0] = 1e6
    answers = clean.targets.copy()
    answers[2:, 0] = 2
    dirty = Batch(inputs, clean.lengths, answers)
    one, other = network.forward(weights, clean), network.forward(weights, dirty)
    assert one.loss() == other.loss()
    np.testing.assert_array_equal(backward(one).weights.vector, backward(other).weights.vector)


def test_a_given_gradient_at_the_padding_does_not_matter() -> None:
    layers = (Layer(LSTM, 2, "both"), Layer(GRU, 2, "both", residual=True))
    network = Network(Tokens(3, 4), layers, None)
    trace = network.forward(random_weights(network), batch_of(network, (2, 4)))
    d_read = np.random.default_rng(0).standard_normal((4, 2, 4))
    masked = d_read.copy()
    masked[2:, 0] = 0.0
    one, other = backward(trace, d_read=d_read), backward(trace, d_read=masked)
    np.testing.assert_array_equal(one.weights.vector, other.weights.vector)
    for path in one.paths():
        np.testing.assert_array_equal(one[path], other[path], err_msg=path)


def test_the_padding_of_what_flows_between_the_layers_is_zero() -> None:
    network = Network(Tokens(3), (Layer(LSTM, 3, "both"), Layer(GRU, 2)), Softmax(2))
    trace = network.forward(random_weights(network), batch_of(network, (2, 4)))
    for path in ("layer0/x", "layer0/output", "layer1/x", "layer1/output"):
        assert not trace[path][2:, 0].any()
        assert trace[path][3, 1].any()


def test_equal_lengths_need_no_mask() -> None:
    network = tagger(GRU)
    batch = batch_of(network, (4, 4))
    assert batch.lengths is None
    explicit = Batch(batch.inputs, np.array([4, 4]), batch.targets)
    weights = random_weights(network)
    one, other = network.forward(weights, batch), network.forward(weights, explicit)
    np.testing.assert_array_equal(one["head/outputs"], other["head/outputs"])
    np.testing.assert_allclose(
        backward(one).weights.vector, backward(other).weights.vector, rtol=1e-12
    )


@every_cell
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_rows_of_a_single_unit(cell: Cell, dtype: type) -> None:
    """Columns that lie far apart in memory, which NumPy treats in a way of its own."""
    network = Network(Vectors(2), (Layer(cell, 1),), Softmax(2))
    weights = random_weights(network).astype(dtype)
    together = network.forward(weights, batch_of(network, (4,) * 5))
    for row in range(5):
        x = together.batch.inputs[:, row]
        alone = network.forward(weights, network.batch([x], [together.batch.targets[:, row]]))
        for path in quantities(together):
            np.testing.assert_allclose(together[path][:, row], alone[path][:, 0], rtol=1e-5)


def test_columns_of_eight_single_units() -> None:
    lines = [f"g{k} = tanh(W{k} @ x + U{k} @ h_prev)" for k in range(7)]
    lines += ["f = sigmoid(W @ x + b)", "h = " + " * ".join(f"g{k}" for k in range(7)) + " + f"]
    cell = define("eight", "Eight sums", "\n".join(lines))
    one_by_one(Network(Vectors(2), (Layer(cell, 1),), Softmax(2)), (3, 3, 3))
