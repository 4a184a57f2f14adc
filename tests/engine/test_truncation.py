"""Truncated backpropagation: each loss's error goes back through at most k steps."""

import numpy as np
import pytest

from rnnviz.engine.cell import Cell
from rnnviz.engine.cells import find_cell
from rnnviz.engine.errors import EngineError
from rnnviz.engine.gradients import Gradients, backward
from rnnviz.engine.heads import CRF, Softmax
from rnnviz.engine.inputs import Tokens, Vectors
from rnnviz.engine.layers import Direction, Layer
from rnnviz.engine.losses import LossSteps
from rnnviz.engine.network import Form, Network
from rnnviz.engine.trace import Trace
from tests.engine.support import Values, every_cell, random_weights, run, series, tagger

LSTM, GRU = find_cell("lstm"), find_cell("gru")
every_direction = pytest.mark.parametrize("direction", ["forward", "backward", "both"])


def assert_same(one: Gradients, other: Gradients) -> None:
    np.testing.assert_allclose(one.weights.vector, other.weights.vector, rtol=1e-11, atol=1e-14)
    for path in one.paths():
        np.testing.assert_allclose(one[path], other[path], rtol=1e-11, atol=1e-14, err_msg=path)


@every_cell
@every_direction
def test_as_many_steps_as_there_are_cut_nothing(cell: Cell, direction: Direction) -> None:
    trace = run(tagger(cell, layers=2, direction=direction), (5,))
    for k in (5, 6, 100):
        short = backward(trace, truncate=k)
        assert_same(short, backward(trace))
        assert short.cut is not None
        assert short.cut.limit == k
        assert not np.any(list(short.cut.norms.values()))


@pytest.mark.parametrize("form", ["many-to-one", "many-to-many"])
def test_one_step_is_enough_for_one_step(form: Form) -> None:
    trace = run(Network(Vectors(2), (Layer(GRU, 2, "both"),), Softmax(2), form), (1,))
    assert_same(backward(trace, truncate=1), backward(trace))


def windows(trace: Trace, k: int) -> Values:
    """The weights' gradient, made by hand: a short run for each loss, from the states it found.

    `L_s` of a network that had begun at step s - k + 1 with the states that were there.
    """
    network = trace.network
    assert isinstance(network, Network)
    total = np.zeros(network.layout.size)
    for s in range(trace.steps):
        start = max(0, s - k + 1)
        states = {path: trace[f"{path}_prev"][start] for path in network.state_paths}
        x, answers = trace.batch.inputs[start : s + 1, 0], trace.batch.targets[start : s + 1, 0]
        short = network.forward(trace.weights, network.batch([x], [answers], states))
        total += backward(short, "last").weights.vector
    return total


@every_cell
@pytest.mark.parametrize("k", [1, 2, 3])
def test_it_is_a_sum_of_short_runs_from_given_states(cell: Cell, k: int) -> None:
    trace = run(tagger(cell, layers=2), (6,))
    short = backward(trace, truncate=k)
    np.testing.assert_allclose(short.weights.vector, windows(trace, k), rtol=1e-11, atol=1e-14)
    assert not np.allclose(short.weights.vector, backward(trace).weights.vector)


@pytest.mark.parametrize("steps", ["last", (1, 4), (-1, 0)], ids=str)
def test_chosen_losses(steps: LossSteps) -> None:
    trace = run(tagger(LSTM), (6,))
    short = backward(trace, steps, truncate=2)
    total = np.zeros(trace.weights.layout.size)
    for s in (5,) if isinstance(steps, str) else steps:
        total += backward(trace, (s,), truncate=2).weights.vector
    np.testing.assert_allclose(short.weights.vector, total, rtol=1e-11, atol=1e-14)


@every_direction
def test_the_error_of_the_last_step_stops(direction: Direction) -> None:
    """One answer from the last state of each direction: k steps of each get a gradient."""
    network = Network(Vectors(2), (Layer(LSTM, 3, direction),), Softmax(2), "many-to-one")
    trace = run(network, (6,))
    gradients = backward(trace, truncate=2)
    reached = {"forward": (4, 5), "backward": (0, 1)}
    for way in network.layers[0].directions:
        seen = np.flatnonzero(gradients[f"layer0/{way}/a_g"].any(axis=(1, 2)))
        assert tuple(seen.tolist()) == reached[way]
    assert gradients.cut is not None
    assert all(norm > 0.0 for norms in gradients.cut.norms.values() for norm in norms)


@every_direction
def test_the_error_of_one_loss_stops(direction: Direction) -> None:
    trace = run(tagger(LSTM, direction=direction), (6,))
    gradients = backward(trace, (3,), truncate=2)
    reached = {"forward": (2, 3), "backward": (3, 4)}
    for way in trace.runs["layer0"].layer.directions:
        seen = np.flatnonzero(gradients[f"layer0/{way}/a_g"].any(axis=(1, 2)))
        assert tuple(seen.tolist()) == reached[way]


@every_direction
def test_each_score_of_a_crf_goes_back_k_steps(direction: Direction) -> None:
    """The loss of a path is one, but it enters at every step, and travels on from there."""
    trace = run(tagger(GRU, head=CRF(2), direction=direction), (5,))
    assert_same(backward(trace, truncate=5), backward(trace))
    short = backward(trace, truncate=1)
    d_read = backward(trace)["layer0/output"]
    for way in trace.runs["layer0"].layer.directions:
        part = f"layer0/{way}"
        columns = slice(3, 6) if (direction, way) == ("both", "backward") else slice(0, 3)
        np.testing.assert_allclose(short[f"{part}/h"], d_read[:, :, columns], rtol=1e-12)


def test_what_was_cut_is_what_would_have_gone_on() -> None:
    """The norm of dL_s/d(the states from which its short run begins), of each loss s."""
    trace = run(tagger(LSTM), (6,))
    network, k = trace.network, 2
    assert isinstance(network, Network)
    cut = backward(trace, truncate=k).cut
    assert cut is not None
    norms = cut.norms["layer0/forward"]
    assert len(norms) == 6
    for s in range(6):
        start = max(0, s - k + 1)
        states = {path: trace[f"{path}_prev"][start] for path in network.state_paths}
        x, answers = trace.batch.inputs[start : s + 1, 0], trace.batch.targets[start : s + 1, 0]
        short = network.forward(trace.weights, network.batch([x], [answers], states))
        found = [backward(short, "last").initial(path) for path in network.state_paths]
        assert norms[s] == pytest.approx(np.linalg.norm(found) if start else 0.0, rel=1e-11)


def test_nothing_is_cut_of_steps_without_a_loss() -> None:
    trace = run(tagger(LSTM), (6,))
    cut = backward(trace, (4,), truncate=2).cut
    assert cut is not None
    assert [norm > 0.0 for norm in cut.norms["layer0/forward"]] == [s == 4 for s in range(6)]


def test_embeddings_and_shares_are_truncated_too() -> None:
    network = Network(Tokens(4, 2), (Layer(LSTM, 2), Layer(GRU, 2)), Softmax(3))
    trace = run(network, (6,))
    gradients = backward(trace, truncate=2)
    np.testing.assert_allclose(gradients.weights.vector, windows_of_tokens(trace, 2), atol=1e-13)
    for path in trace.weights:
        np.testing.assert_allclose(
            gradients.share(path).sum(axis=0), gradients.weights[path], atol=1e-13, err_msg=path
        )


def windows_of_tokens(trace: Trace, k: int) -> Values:
    network = trace.network
    assert isinstance(network, Network)
    total = np.zeros(network.layout.size)
    for s in range(trace.steps):
        start = max(0, s - k + 1)
        states = {path: trace[f"{path}_prev"][start] for path in network.state_paths}
        tokens = trace.batch.inputs[start : s + 1, 0].tolist()
        answers = trace.batch.targets[start : s + 1, 0].tolist()
        short = network.forward(trace.weights, network.batch(tokens, answers, states))
        total += backward(short, "last").weights.vector
    return total


def test_a_gradient_in_place_of_the_loss_is_truncated_too() -> None:
    network = tagger(LSTM)
    trace = run(network, (6,))
    plain = backward(trace)
    d_read = np.array(plain["layer0/output"])
    given = backward(trace, d_read=d_read, truncate=2)
    from_loss = backward(trace, truncate=2)
    for path in from_loss.weights:
        if path.startswith("layer0"):
            np.testing.assert_allclose(given.weights[path], from_loss.weights[path], rtol=1e-11)
    other = backward(trace, d_read=2.0 * d_read, truncate=2)
    np.testing.assert_allclose(other.weights.vector, 2.0 * given.weights.vector, rtol=1e-11)


def test_a_gradient_in_place_of_the_loss_needs_no_head() -> None:
    network = Network(Vectors(2), (Layer(LSTM, 3),), None)
    weights = random_weights(network)
    trace = network.forward(weights, network.batch(series((5,), 2)))
    d_read = np.ones((5, 1, 3))
    short = backward(trace, d_read=d_read, truncate=5)
    np.testing.assert_allclose(
        short.weights.vector, backward(trace, d_read=d_read).weights.vector, rtol=1e-12
    )


@pytest.mark.parametrize("k", [0, -1, 1.5, "2", True])
def test_a_wrong_number_of_steps(k: object) -> None:
    trace = run(tagger(LSTM), (3,))
    with pytest.raises(EngineError, match="truncate"):
        backward(trace, truncate=k)  # type: ignore[arg-type]


def test_several_rows_are_an_error() -> None:
    with pytest.raises(EngineError, match="2 rows came"):
        backward(run(tagger(LSTM), (3, 2)), truncate=1)


def test_a_gradient_of_the_last_states_is_an_error() -> None:
    """It belongs to no loss, so there is no step from which to count."""
    trace = run(tagger(LSTM), (4,))
    with pytest.raises(EngineError, match="d_final"):
        backward(trace, d_final={"layer0/forward/h": np.ones((1, 3))}, truncate=2)
