"""Gradients of whole networks beside finite differences: every cell, every shape of network."""

import numpy as np
import pytest

from rnnviz.engine.cell import Cell
from rnnviz.engine.cells import find_cell
from rnnviz.engine.gradients import backward
from rnnviz.engine.heads import CRF, Head, Regression, Softmax
from rnnviz.engine.inputs import Input, Tokens, Vectors
from rnnviz.engine.layers import Direction, Layer
from rnnviz.engine.losses import LossSteps
from rnnviz.engine.network import Form, Network
from tests.engine.support import (
    assert_agree,
    assert_initial_states_agree,
    assert_values_agree,
    assert_weights_agree,
    batch_of,
    central,
    every_cell,
    moved,
    quantities,
    random_weights,
    run,
    tagger,
)

LSTM, GRU = find_cell("lstm"), find_cell("gru")


@every_cell
@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_every_weight_of_two_layers_on_rows_of_unequal_length(
    cell: Cell, direction: Direction
) -> None:
    trace = run(tagger(cell, layers=2, direction=direction), (3, 5))
    assert_weights_agree(trace, backward(trace))


@every_cell
def test_every_weight_in_both_directions(cell: Cell) -> None:
    network = tagger(cell, 2, layers=2, direction="both")
    trace = run(network, (4, 2))
    assert_weights_agree(trace, backward(trace))


@every_cell
def test_every_value_at_every_step(cell: Cell) -> None:
    network = Network(Vectors(2), (Layer(cell, 2), Layer(cell, 2, "backward")), Softmax(2))
    trace = run(network, (3, 4))
    gradients = backward(trace)
    assert_values_agree(trace, gradients, quantities(trace))
    assert_initial_states_agree(trace, gradients)


@every_cell
def test_residual_connections_in_both_directions(cell: Cell) -> None:
    layers = (Layer(cell, 2, "both"), Layer(cell, 2, "both", residual=True))
    network = Network(Tokens(3), layers, Regression(2))
    trace = run(network, (4, 2), seed=3)
    gradients = backward(trace)
    assert_weights_agree(trace, gradients)
    assert_values_agree(trace, gradients, ["layer1/x", "layer0/forward/h", "layer0/backward/h"])


@every_cell
@pytest.mark.parametrize("direction", ["forward", "backward", "both"])
def test_weights_of_their_own_at_each_step(cell: Cell, direction: Direction) -> None:
    network = Network(Vectors(2), (Layer(cell, 2, direction, unshared=3),), Softmax(2))
    trace = run(network, (3, 3))
    gradients = backward(trace)
    assert_weights_agree(trace, gradients)
    assert_values_agree(trace, gradients, quantities(trace))
    for path in trace.weights:
        if path.startswith("layer0"):
            share = gradients.share(path)
            np.testing.assert_allclose(share, gradients.weights[path], rtol=1e-12, atol=1e-14)


SHAPES: tuple[tuple[Input, Head, Form, Direction], ...] = (
    (Tokens(4), Softmax(3), "many-to-one", "forward"),
    (Tokens(4, 2), Softmax(3), "many-to-one", "both"),
    (Tokens(4, 2), Softmax(3), "many-to-many", "backward"),
    (Tokens(4, 2), CRF(3), "many-to-many", "both"),
    (Tokens(4), CRF(2), "many-to-many", "forward"),
    (Vectors(2), Regression(2), "many-to-one", "backward"),
    (Vectors(2), Regression(1), "many-to-many", "both"),
    (Vectors(3), CRF(2), "many-to-many", "backward"),
    (Tokens(4, 3), Softmax(4), "one-to-many", "forward"),
)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda s: f"{s[0]}-{s[1].kind}-{s[2]}-{s[3]}")
@pytest.mark.parametrize("lengths", [(4, 4), (2, 5, 3)], ids=["equal", "unequal"])
def test_inputs_heads_and_forms(
    shape: tuple[Input, Head, Form, Direction], lengths: tuple[int, ...]
) -> None:
    reads, head, form, direction = shape
    network = Network(reads, (Layer(LSTM, 3), Layer(GRU, 2, direction)), head, form)
    trace = run(network, lengths)
    gradients = backward(trace)
    assert_weights_agree(trace, gradients)
    assert_values_agree(trace, gradients, ["layer0/x", "layer0/forward/c", "layer1/x"])
    for path in trace.weights:
        if path not in ("head/A", "head/start", "head/end"):
            share = gradients.share(path)
            assert share.shape[1:] == trace.weights[path].shape
            total = share.sum(axis=0)
            np.testing.assert_allclose(total, gradients.weights[path], rtol=1e-11, atol=1e-13)


def test_one_step_is_a_feed_forward_network() -> None:
    network = Network(Vectors(2), (Layer(GRU, 3),), Softmax(3), "one-to-one")
    trace = run(network, (1, 1, 1))
    assert trace["head/outputs"].shape == (1, 3, 3)
    assert_weights_agree(trace, backward(trace))


@every_cell
def test_the_shares_of_the_steps_add_up(cell: Cell) -> None:
    trace = run(tagger(cell, layers=2, direction="both"), (3, 5))
    gradients = backward(trace)
    for path in trace.weights:
        share = gradients.share(path)
        np.testing.assert_allclose(
            share.sum(axis=0), gradients.weights[path], rtol=1e-11, atol=1e-13, err_msg=path
        )


@every_cell
def test_a_share_is_the_gradient_of_the_weight_of_one_step(cell: Cell) -> None:
    """What a step contributes is what it would receive, had it weights of its own."""
    shared = Network(Vectors(2), (Layer(cell, 2, "both"),), Softmax(2))
    apart = Network(Vectors(2), (Layer(cell, 2, "both", unshared=4),), Softmax(2))
    weights = random_weights(shared)
    copies = {
        path: np.broadcast_to(array, apart_shape)
        for path, array in weights.items()
        for apart_shape in [random_weights(apart)[path].shape]
    }
    batch = batch_of(shared, (4,))
    of_shared = backward(shared.forward(weights, batch))
    of_apart = backward(apart.forward(random_weights(apart).replace(copies), batch))
    for path in weights:
        if path.startswith("layer0"):
            np.testing.assert_allclose(
                of_shared.share(path), of_apart.weights[path], rtol=1e-11, atol=1e-14
            )


STEPS: tuple[LossSteps, ...] = ("last", "every", (0,), (0, 2), (-1,), (-2, 0), ())


@pytest.mark.parametrize("steps", STEPS, ids=str)
def test_losses_on_chosen_steps(steps: LossSteps) -> None:
    trace = run(tagger(LSTM, 2, direction="both"), (3, 5))
    gradients = backward(trace, steps)
    assert_weights_agree(trace, gradients, steps)
    assert_values_agree(trace, gradients, ["layer0/forward/f", "layer0/backward/c"], steps)


def test_the_losses_of_the_steps_add_up() -> None:
    trace = run(tagger(GRU), (3, 5))
    losses = trace.losses()
    assert losses.shape == (5, 2)
    assert trace.loss() == pytest.approx(losses.sum() / 2)
    assert trace.loss((1, 2)) == pytest.approx(losses[1:3].sum() / 2)
    assert trace.loss("last") == pytest.approx((losses[2, 0] + losses[4, 1]) / 2)
    assert trace.loss((-2,)) == pytest.approx((losses[1, 0] + losses[3, 1]) / 2)
    assert not losses[3:, 0].any()


@pytest.mark.parametrize("head", [Softmax(3), Regression(2)], ids=lambda h: h.kind)
def test_steps_without_a_target_do_not_count(head: Head) -> None:
    network = tagger(GRU, head=head)
    whole = batch_of(network, (4,))
    answers = whole.targets[:, 0].tolist()
    answers[1] = -1 if isinstance(head, Softmax) else [np.nan, np.nan]
    batch = network.batch([whole.inputs[:, 0]], [answers])
    trace = network.forward(random_weights(network), batch)
    assert trace.losses()[1, 0] == 0.0
    assert not backward(trace)["head/outputs"][1].any()
    assert trace.loss() == pytest.approx(trace.loss((0, 2, 3)))
    assert_weights_agree(trace, backward(trace))


@pytest.mark.parametrize("head", [Softmax(3), Regression(3), CRF(3)], ids=lambda h: h.kind)
def test_the_gradient_of_the_outputs(head: Head) -> None:
    """A bias of the head moves the outputs of all steps: its gradient is their sum."""
    trace = run(tagger(LSTM, head=head), (4, 2))
    gradients = backward(trace)
    assert_agree(
        gradients["head/outputs"].sum(axis=(0, 1)), gradients.weights["head/d"], "head/outputs"
    )
    through = gradients["head/outputs"] @ trace.weights["head/V"]
    np.testing.assert_allclose(gradients["layer0/output"], through, rtol=1e-12, atol=1e-15)


@every_cell
@pytest.mark.parametrize("direction", ["forward", "both"])
def test_dropout_with_one_mask(cell: Cell, direction: Direction) -> None:
    """The gradient is that of the network with the units that were dropped, and no other."""
    layers = (Layer(cell, 3, direction, dropout=0.5), Layer(cell, 2, direction, dropout=0.25))
    network = Network(Tokens(3), layers, Softmax(2))
    weights, batch = random_weights(network), batch_of(network, (4, 3))

    def forward(index: int, by: float) -> float:
        rng = np.random.default_rng(7)
        return network.forward(moved(weights, index, by), batch, rng=rng).loss()

    trace = network.forward(weights, batch, rng=np.random.default_rng(7))
    gradients = backward(trace)
    assert (trace["layer0/output"] == 0.0).any()
    assert trace.loss() != network.forward(weights, batch).loss()
    for index in range(0, network.layout.size, 3):
        numeric = central(lambda by, i=index: forward(i, by))  # type: ignore[misc]
        analytic = gradients.weights.vector[index]
        path, place = network.layout.where(index)
        assert_agree(np.array([analytic]), np.array([numeric]), f"{path} {place}")


def test_dropout_keeps_the_expected_output() -> None:
    network = Network(Vectors(2), (Layer(LSTM, 40, dropout=0.4),), None)
    weights, batch = random_weights(network), batch_of(network, (50,))
    plain = network.forward(weights, batch)["layer0/output"]
    dropped = network.forward(weights, batch, rng=np.random.default_rng(0))["layer0/output"]
    kept = dropped != 0.0
    assert kept.mean() == pytest.approx(0.6, abs=0.05)
    np.testing.assert_allclose(dropped[kept], plain[kept] / 0.6)


def test_initial_states_are_given_or_zero() -> None:
    network = Network(Vectors(2), (Layer(LSTM, 3, "both"), Layer(GRU, 2)), Softmax(2))
    rng = np.random.default_rng(4)
    states = {
        "layer0/forward/c": rng.standard_normal((2, 3)),
        "layer0/backward/h": rng.standard_normal((2, 3)),
        "layer1/forward/h": rng.standard_normal(2),
    }
    plain = batch_of(network, (3, 4))
    rows = [plain.inputs[:n, b] for b, n in enumerate((3, 4))]
    answers = [plain.targets[:n, b] for b, n in enumerate((3, 4))]
    batch = network.batch(rows, answers, states)
    trace = network.forward(random_weights(network), batch)
    np.testing.assert_array_equal(trace["layer0/forward/c_prev"][0], states["layer0/forward/c"])
    last = trace["layer0/backward/h_prev"]
    np.testing.assert_array_equal(last[2, 0], states["layer0/backward/h"][0])
    np.testing.assert_array_equal(last[3, 1], states["layer0/backward/h"][1])
    np.testing.assert_array_equal(trace["layer1/forward/h_prev"][0, 1], states["layer1/forward/h"])
    assert not trace["layer0/forward/h_prev"][0].any()
    gradients = backward(trace)
    assert_initial_states_agree(trace, gradients)
    assert_weights_agree(trace, gradients)


def test_the_last_states_of_rows_of_unequal_length() -> None:
    trace = run(Network(Vectors(2), (Layer(LSTM, 3, "both"),), Softmax(2)), (2, 5, 3))
    c = trace["layer0/forward/c"]
    expected = np.stack([c[1, 0], c[4, 1], c[2, 2]])
    np.testing.assert_array_equal(trace.final("layer0/forward/c"), expected)
    np.testing.assert_array_equal(trace.final("layer0/backward/h"), trace["layer0/backward/h"][0])


@every_cell
def test_a_gradient_of_the_last_states_alone(cell: Cell) -> None:
    """`d_final` is the gradient of a loss that reads the last states, here their weighted sum."""
    network = Network(Vectors(2), (Layer(cell, 2, "both"),), None)
    weights, batch = random_weights(network), batch_of(network, (2, 4))
    rng = np.random.default_rng(5)
    functional = {path: rng.standard_normal((2, 2)) for path in network.state_paths}

    def loss(index: int, by: float) -> float:
        trace = network.forward(moved(weights, index, by), batch)
        return float(sum((a * trace.final(path)).sum() for path, a in functional.items()))

    trace = network.forward(weights, batch)
    gradients = backward(trace, d_read=np.zeros((4, 2, 4)), d_final=functional)
    numeric = [
        central(lambda by, i=i: loss(i, by))  # type: ignore[misc]
        for i in range(network.layout.size)
    ]
    assert_agree(gradients.weights.vector, np.array(numeric), "weights")


@every_cell
@pytest.mark.parametrize("direction", ["forward", "both"])
def test_float32_stays_float32(cell: Cell, direction: Direction) -> None:
    layers = (Layer(cell, 3, direction, dropout=0.1), Layer(cell, 3, direction))
    network = Network(Vectors(2), layers, Softmax(2))
    exact = random_weights(network)
    batch = batch_of(network, (5, 3))
    trace = network.forward(exact.astype(np.float32), batch, rng=np.random.default_rng(0))
    gradients = backward(trace)
    assert gradients.weights.vector.dtype == np.float32
    for path in trace.paths():
        assert trace[path].dtype == np.float32, path
    for path in gradients.paths():
        assert gradients[path].dtype == np.float32, path
    for path in trace.weights:
        assert gradients.share(path).dtype == np.float32, path
    for path in network.state_paths:
        assert trace.final(path).dtype == np.float32
        assert gradients.initial(path).dtype == np.float32
    assert trace.losses().dtype == np.float32
    reference = network.forward(exact, batch, rng=np.random.default_rng(0))
    assert trace.loss() == pytest.approx(reference.loss(), rel=1e-5)
    np.testing.assert_allclose(
        gradients.weights.vector, backward(reference).weights.vector, rtol=1e-3, atol=1e-5
    )


@pytest.mark.parametrize("head", [Softmax(3), Regression(3), CRF(3)], ids=lambda h: h.kind)
def test_heads_in_float32(head: Head) -> None:
    network = tagger(LSTM, head=head)
    weights = random_weights(network).astype(np.float32)
    trace = network.forward(weights, batch_of(network, (4, 2)))
    gradients = backward(trace)
    assert trace.predictions.dtype == trace.losses().dtype == np.float32
    assert gradients["head/outputs"].dtype == gradients.weights.vector.dtype == np.float32


def test_long_sequences_are_gone_back_in_blocks() -> None:
    """A sequence of so many steps that the coefficients are computed in several pieces."""
    network = Network(Vectors(1), (Layer(LSTM, 6),), Softmax(2), "many-to-one")
    trace = run(network, (1500,))
    gradients = backward(trace)
    numeric = [
        central(
            lambda by, i=i: network.forward(  # type: ignore[misc]
                moved(trace.weights, i, by), trace.batch
            ).loss()
        )
        for i in range(0, network.layout.size, 31)
    ]
    assert_agree(gradients.weights.vector[::31], np.array(numeric), "weights")
