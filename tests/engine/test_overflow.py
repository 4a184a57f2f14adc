"""Numbers that leave their range are data: where they first do is reported, nothing is printed."""

import numpy as np
import pytest

from rnnviz.engine.cell import Cell
from rnnviz.engine.cells import find_cell
from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.engine.gradients import Gradients, backward
from rnnviz.engine.heads import CRF, Regression, Softmax
from rnnviz.engine.inputs import Tokens, Vectors
from rnnviz.engine.itemised import loss_matrix
from rnnviz.engine.layers import Direction, Layer
from rnnviz.engine.network import Network
from rnnviz.engine.trace import Trace
from rnnviz.engine.weights import Weights
from tests.engine.support import batch_of, every_cell, random_weights, run, tagger

RELU, LSTM, RNN = find_cell("rnn_relu"), find_cell("lstm"), find_cell("rnn")
PART = "layer0/forward"


def exploding(
    direction: Direction = "forward", growth: float = 1e100, lengths: tuple[int, ...] = (8,)
) -> Trace:
    """States that grow by a factor at each step: 1, growth, growth^2, ..."""
    network = Network(Vectors(1), (Layer(RELU, 2, direction),), Softmax(2))
    weights = Weights(network.layout, np.zeros(network.layout.size))
    for way in network.layers[0].directions:
        weights = weights.replace(
            {f"layer0/{way}/U": growth * np.eye(2), f"layer0/{way}/b": [1.0, 0.0]}
        )
    weights = weights.replace({"head/V": np.ones((2, network.layers[0].outputs))})
    return network.forward(weights, batch_of(network, lengths))


def test_all_is_finite() -> None:
    trace = run(tagger(LSTM))
    assert trace.overflow is None
    assert backward(trace).overflow is None


def test_the_first_step_is_reported() -> None:
    trace = exploding()
    h = trace[f"{PART}/h"]
    np.testing.assert_allclose(h[:4, 0, 0], [1.0, 1e100, 1e200, 1e300], rtol=1e-12)
    assert np.isinf(h[4, 0, 0])
    found = trace.overflow
    assert found is not None
    assert (found.path, found.step, found.row, found.unit) == (f"{PART}/a_h", 4, 0, 0)


def test_a_layer_that_reads_backward_overflows_at_earlier_steps() -> None:
    trace = exploding("backward")
    found = trace.overflow
    assert found is not None
    assert (found.path, found.step) == ("layer0/backward/a_h", 3)


@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_rows_of_unequal_length(direction: Direction) -> None:
    """The row that overflows is named as the caller knows it."""
    trace = exploding(direction, lengths=(3, 7, 8))
    found = trace.overflow
    assert found is not None
    steps = {"forward": (4, 4), "backward": (2, 3)}[direction]
    assert found.step == steps[found.row - 1]
    assert found.row in (1, 2)
    value = trace[found.path]
    assert not np.isfinite(value[found.step, found.row, found.unit])
    assert np.isfinite(value[:, 0]).all()


@pytest.mark.parametrize("head", [Softmax(2), Regression(2), CRF(2)], ids=lambda h: h.kind)
def test_everything_can_still_be_read(head: Softmax | Regression | CRF) -> None:
    network = Network(Vectors(1), (Layer(RELU, 2), Layer(LSTM, 2, "both")), head)
    weights = random_weights(network).replace(
        {f"{PART}/U": np.full((2, 2), 1e150), f"{PART}/b": [1.0, 1.0]}
    )
    batch = batch_of(network, (6, 4))
    trace = network.forward(weights, batch)
    gradients = backward(trace)
    for path in trace.paths():
        assert trace[path].shape
    for path in gradients.paths():
        assert gradients[path].shape
        assert gradients.norms(path).shape
    for path in trace.weights:
        if path not in ("head/A", "head/start", "head/end"):
            assert gradients.share(path).shape
    assert isinstance(trace.loss(), float)
    assert trace.decoded.shape
    assert trace.overflow is not None
    assert gradients.overflow is not None
    gradients.clip_norm(1.0)
    gradients.clip_value(1.0)
    single = network.forward(weights, batch_of(network, (5,)))
    for k in (1, 2, 9):
        assert backward(single, truncate=k).cut is not None
    for path in ("layer0/x", f"{PART}/h", "layer1/backward/c"):
        assert loss_matrix(single, path).shape


@every_cell
def test_weights_too_large_for_any_cell(cell: Cell) -> None:
    for value in (1e300, np.inf, np.nan, -1e308):
        network = Network(Vectors(2), (Layer(cell, 2, "both"),), Softmax(2))
        weights = Weights(network.layout, np.full(network.layout.size, value))
        trace = network.forward(weights, batch_of(network, (4, 3)))
        gradients = backward(trace)
        for path in gradients.paths():
            assert gradients[path].shape == trace[path].shape
        assert trace.overflow is not None or np.isfinite(value)


def test_float32_overflows_earlier() -> None:
    large = exploding(growth=1e20)
    assert large.overflow is None
    small = large.network.forward(large.weights.astype(np.float32), large.batch)
    assert small.overflow is not None
    assert small.overflow.step == 2
    huge = large.weights.replace({f"{PART}/U": np.full((2, 2), 1e300)})
    assert np.isinf(huge.astype(np.float32)[f"{PART}/U"]).all()
    assert np.isinf(small.weights.replace({f"{PART}/U": np.full((2, 2), 1e300)})[f"{PART}/U"]).all()


def test_the_first_overflow_may_be_the_input() -> None:
    network = tagger(LSTM)
    x = np.zeros((4, 2))
    x[2, 1] = np.nan
    trace = network.forward(random_weights(network), network.batch([x]))
    found = trace.overflow
    assert found is not None
    assert (found.path, found.step, found.row, found.unit) == ("layer0/x", 2, 0, 1)


def test_the_first_overflow_may_be_a_residual_sum() -> None:
    network = Network(Vectors(1), (Layer(RELU, 1, residual=True),), None)
    weights = Weights(network.layout, np.array([1.0, 0.0, 0.0]))
    trace = network.forward(weights, network.batch([[[1.0], [1.7e308]]]))
    found = trace.overflow
    assert found is not None
    assert (found.path, found.step) == ("layer0/output", 1)


def test_the_first_overflow_may_be_the_output() -> None:
    network = tagger(RNN)
    weights = random_weights(network)
    weights = weights.replace({"head/V": np.full((3, 3), 1.7e308), f"{PART}/b": np.full(3, 9.0)})
    found = network.forward(weights, batch_of(network, (3,))).overflow
    assert found is not None
    assert found.path == "head/outputs"


def test_attention_that_overflows() -> None:
    network = EncoderDecoder(Tokens(3, 2), (Layer(RNN, 2),), Tokens(4, 2), (Layer(RNN, 2),), 2)
    weights = random_weights(network).replace({"attention/v": [np.inf, 1.0]})
    trace = network.forward(weights, network.batch([[0, 1, 2]], [[2, 3]]))
    found = trace.overflow
    assert found is not None
    assert (found.path, found.step) == ("attention/scores", 0)
    gradients = backward(trace)
    assert gradients.overflow is not None
    for path in gradients.paths():
        assert gradients[path].shape == trace[path].shape


def last_loss(direction: Direction) -> Gradients:
    """The gradient of the loss that is read last.

    The states are 1e-320, 1e-220, ..., 1e180; so is the error of the last, and on its way back it
    is multiplied by 1e100 at each step.
    """
    network = Network(Vectors(1), (Layer(RELU, 2, direction),), Regression(1))
    part = f"layer0/{direction}"
    weights = Weights(network.layout, np.zeros(network.layout.size)).replace(
        {
            f"{part}/U": [[0.0, 1e100], [1e100, 0.0]],
            f"{part}/b": [1e-320, 1e-320],
            "head/V": [[1.0, 1.0]],
        }
    )
    trace = network.forward(weights, network.batch([np.zeros((6, 1))], [np.ones((6, 1))]))
    assert trace.overflow is None
    return backward(trace, "last" if direction == "forward" else (0,))


@pytest.mark.parametrize(("direction", "step"), [("forward", 3), ("backward", 2)])
def test_the_step_at_which_the_gradient_overflows(direction: Direction, step: int) -> None:
    """1e180 at the step of the loss, 1e280 at the next, then inf: first two steps further back."""
    gradients = last_loss(direction)
    part = f"layer0/{direction}"
    bad = np.flatnonzero(~np.isfinite(gradients[f"{part}/h"]).all(axis=(1, 2)))
    assert (bad.max() if direction == "forward" else bad.min()) == step
    found = gradients.overflow
    assert found is not None
    assert (found.path, found.step) == (f"{part}/h", step)


def test_a_weight_whose_gradient_overflows_is_named() -> None:
    """Each step's share is finite, their sum is not."""
    network = Network(Vectors(1), (Layer(RNN, 1),), None)
    trace = network.forward(Weights(network.layout, np.zeros(3)), network.batch([np.ones((4, 1))]))
    gradients = backward(trace, d_read=np.full((4, 1, 1), 1e308))
    assert np.isfinite(gradients[f"{PART}/h"]).all()
    found = gradients.overflow
    assert found is not None
    assert found.path in (f"{PART}/W", f"{PART}/b")


def test_a_gradient_of_given_infinities_is_no_warning() -> None:
    network = tagger(LSTM, residual=False)
    trace = run(network, (4, 3))
    d_read = np.full(trace.read.shape, 1e308)
    d_read[1] = -np.inf
    gradients = backward(trace, d_read=d_read)
    for path in gradients.paths():
        if not path.startswith("head"):
            assert gradients[path].shape
    for path in trace.weights:
        if path.startswith("layer"):
            assert gradients.share(path).shape
    assert gradients.overflow is not None


def test_what_overflows_before_the_first_step() -> None:
    network = Network(Vectors(1), (Layer(RELU, 1, "backward"),), None)
    weights = Weights(network.layout, np.array([0.0, 1e200, 1e-300]))  # W, U, b
    trace = network.forward(weights, network.batch([np.zeros((2, 1)), np.zeros((1, 1))]))
    d_read = np.zeros((2, 2, 1))
    d_read[0, 1] = 1e200
    found = backward(trace, d_read=d_read).overflow
    assert found is not None
    assert (found.path, found.step, found.row) == ("layer0/backward/h_prev", 0, 1)
    assert np.isinf(backward(trace, d_read=d_read).initial("layer0/backward/h")[1, 0])
