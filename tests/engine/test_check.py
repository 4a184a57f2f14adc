"""The gradient check passes what is right, and finds what is wrong and where."""

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from rnnviz.engine import check
from rnnviz.engine.arrays import Array
from rnnviz.engine.cell import Cell, define
from rnnviz.engine.cells import CELLS, find_cell
from rnnviz.engine.check import Coverage, check_gradients, check_steps
from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.engine.errors import EngineError
from rnnviz.engine.gradients import Gradients, backward
from rnnviz.engine.heads import CRF, Head, Regression, Softmax
from rnnviz.engine.holds import Hold
from rnnviz.engine.inputs import Tokens, Vectors
from rnnviz.engine.layers import Layer
from rnnviz.engine.losses import LossSteps
from rnnviz.engine.network import Form, Network
from rnnviz.engine.trace import Trace
from rnnviz.engine.weights import Weights

LSTM = find_cell("lstm")


def weights_of(network: Network | EncoderDecoder, size: float = 0.5) -> Weights:
    rng = np.random.default_rng(3)
    return Weights(network.layout, rng.normal(0, size, network.layout.size))


def small(cell: Cell = LSTM, dtype: type = np.float64) -> Trace:
    """Three tokens, a tag for each."""
    network = Network(Tokens(3), (Layer(cell, 2),), Softmax(2))
    weights = weights_of(network).astype(dtype)
    return network.forward(weights, network.batch([0, 1, 2], [0, 1, 0]))


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: cell.name)
def test_every_cell_stacked_in_both_directions_with_a_mask(cell: Cell) -> None:
    network = Network(Tokens(5, 2), (Layer(cell, 3, "both"), Layer(cell, 2)), Softmax(3))
    batch = network.batch([[0, 1, 2, 3, 4], [1, 2, 3]], [[0, 1, 2, 0, 1], [1, 0, 2]])
    trace = network.forward(weights_of(network), batch)

    result = check_gradients(trace, coverage=Coverage(weights=100, values=3))

    assert result.passed
    assert result.error < 1e-7
    assert result.skipped == 0
    assert result.unchecked == ()
    found = {(path.kind, path.path) for path in result.paths}
    gradients = backward(trace)
    previous = {path + "_prev" for path in network.state_paths}
    values = set(gradients.paths()) - previous
    assert found == (
        {("weight", path) for path in network.layout.paths}
        | {("initial", path) for path in network.state_paths}
        | {("value", path) for path in values}
    )
    assert all(path.checked >= 1 for path in result.paths)
    padding = [c for c in worsts(result) if c.kind == "value" and c.index[0] > 2]
    assert all(comparison.index[1] == 0 for comparison in padding)


def worsts(result: check.CheckResult) -> list[check.Comparison]:
    return [path.worst for path in result.paths if path.worst is not None]


@pytest.mark.parametrize(
    ("head", "form", "targets", "steps"),
    [
        (Softmax(3), "many-to-one", 2, None),
        (Softmax(3), "many-to-many", [0, 1, 2, -1, 1], None),
        (Softmax(3), "many-to-many", [0, 1, 2, 0, 1], "last"),
        (Softmax(3), "many-to-many", [0, 1, 2, 0, 1], (0, -2)),
        (Regression(2), "many-to-many", np.ones((5, 2)), None),
        (CRF(3), "many-to-many", [0, 1, 2, 0, 1], None),
    ],
)
def test_heads_and_losses(head: Head, form: Form, targets: object, steps: LossSteps | None) -> None:
    network = Network(Vectors(2), (Layer(LSTM, 3, "both"),), head, form)
    x = np.random.default_rng(0).normal(size=(5, 2))
    trace = network.forward(weights_of(network), network.batch(x, targets))
    result = check_gradients(trace, steps, Coverage(weights=60, values=4))
    assert result.error < 1e-7
    assert result.unchecked == ()


@pytest.mark.parametrize("attention", [None, 3])
def test_an_encoder_decoder(attention: int | None) -> None:
    layers = (Layer(LSTM, 2), Layer(LSTM, 2))
    network = EncoderDecoder(Tokens(5, 2), layers, Tokens(6, 2), layers, attention)
    batch = network.batch([[0, 1, 2, 3], [1, 2]], [[2, 3], [3, 5, 4]])
    result = check_gradients(
        network.forward(weights_of(network), batch), coverage=Coverage(weights=200, values=3)
    )
    assert result.error < 1e-7
    read_by_others = {"encoder/layer1/output", "context"}
    if attention is not None:
        read_by_others.add("decoder/layer1/output")
        assert "attention/scores" in {path.path for path in result.paths}
    assert set(result.unchecked) == read_by_others


def test_given_initial_states_and_holds() -> None:
    network = Network(Tokens(4), (Layer(LSTM, 2), Layer(LSTM, 2, residual=True)), Softmax(2))
    initial = {"layer0/forward/c": [0.5, -2.0]}
    holds = (
        Hold("layer0/forward/f", 2, 0.0),
        Hold("layer1/x", 1, 0.7, unit=1),
        Hold("layer1/forward/h", 3, -0.2, unit=0),
    )
    batch = network.batch([0, 1, 2, 3, 1], [0, 1, 0, 1, 1], initial)
    trace = network.forward(weights_of(network), batch, holds)
    result = check_gradients(trace, coverage=Coverage(values=20))
    assert result.error < 1e-7
    outputs = next(path for path in result.paths if path.path == "layer0/output")
    assert outputs.total == 5 * 2 - 1, "what is held above does not reach its layer"


def test_unshared_weights() -> None:
    network = Network(Tokens(3), (Layer(LSTM, 2, "both", unshared=3),), Softmax(2))
    trace = network.forward(weights_of(network), network.batch([0, 2, 1], [0, 1, 1]))
    result = check_gradients(trace, coverage=Coverage(values=1000))
    assert result.error < 1e-7
    assert result.checked == result.total


def test_all_is_checked_where_it_is_little_and_a_seeded_sample_where_it_is_much() -> None:
    trace = small()
    everything = check_gradients(trace, coverage=Coverage(values=1000))
    assert everything.checked == everything.total
    weights = [path for path in everything.paths if path.kind == "weight"]
    assert sum(path.checked for path in weights) == trace.network.parameter_count

    few = Coverage(weights=40, values=2, seed=1)
    sample = check_gradients(trace, coverage=few)
    of_weights = sum(path.checked for path in sample.paths if path.kind == "weight")
    assert 25 <= of_weights <= 50
    assert sample.total == everything.total
    assert check_gradients(trace, coverage=few) == sample
    other = check_gradients(trace, coverage=replace(few, seed=2))
    assert [c.index for c in worsts(other)] != [c.index for c in worsts(sample)]


def test_float32_is_checked_in_float64() -> None:
    result = check_gradients(small(dtype=np.float32))
    assert result.error < 1e-7


# ------------------------------------------------------------------------- it finds what is wrong


class Tampered:
    """Gradients with one number changed."""

    def __init__(self, true: Gradients, kind: str, path: str, factor: float) -> None:
        self.true, self.kind, self.path, self.factor = true, kind, path, factor
        self.trace = true.trace
        self.weights = true.weights
        if kind == "weight":
            self.weights = true.weights.replace({path: self.changed(true.weights[path])})

    def changed(self, array: Array) -> Array:
        """The largest number times the factor."""
        copy = array.copy()
        copy[np.unravel_index(np.abs(copy).argmax(), copy.shape)] *= self.factor
        return copy

    def paths(self) -> tuple[str, ...]:
        return self.true.paths()

    def initial(self, path: str) -> Array:
        array = self.true.initial(path)
        return self.changed(array) if (self.kind, self.path) == ("initial", path) else array

    def __getitem__(self, path: str) -> Array:
        array = self.true[path]
        return self.changed(array) if (self.kind, self.path) == ("value", path) else array


@pytest.mark.parametrize("factor", [1 + 1e-4, -1.0, 0.0, math.nan, math.inf])
@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("weight", "layer0/forward/U_f"),
        ("weight", "head/d"),
        ("initial", "layer0/forward/c"),
        ("value", "layer0/x"),
        ("value", "layer0/forward/a_i"),
        ("value", "layer0/forward/tanh(c)"),
        ("value", "layer0/forward/h"),
        ("value", "layer0/output"),
        ("value", "head/outputs"),
    ],
)
def test_a_wrong_gradient_is_found(
    monkeypatch: pytest.MonkeyPatch, kind: str, path: str, factor: float
) -> None:
    monkeypatch.setattr(
        check, "backward", lambda *given: Tampered(backward(*given), kind, path, factor)
    )
    trace = small()
    result = check_gradients(trace, coverage=Coverage(values=1000))
    assert not result.passed
    assert result.worst is not None
    assert (result.worst.kind, result.worst.path) == (kind, path)
    assert math.isnan(result.worst.analytic) or result.worst.analytic != result.worst.numeric
    if math.isfinite(factor):
        assert result.error == pytest.approx(abs(1 - factor) / max(1, abs(factor)), rel=1e-3)
        others = [p.worst.error for p in result.paths if p.worst and p.path != path]
        assert max(others) < 1e-7
    else:
        assert result.error == math.inf


def test_the_comparison_shows_both_numbers() -> None:
    trace = small()
    gradients = backward(trace)
    for found in worsts(check_gradients(trace)):
        if found.kind == "weight":
            assert found.analytic == gradients.weights[found.path][found.index]
        elif found.kind == "value":
            assert found.analytic == gradients[found.path][found.index]
        assert found.numeric == pytest.approx(found.analytic, abs=1e-9)


# --------------------------------------------------------------------- where differences are hard


def test_the_kink_of_relu_is_stepped_over_or_skipped() -> None:
    network = Network(Vectors(1), (Layer(find_cell("rnn_relu"), 2),), Regression(1))

    def checked(bias: float) -> check.CheckResult:
        weights = Weights(network.layout, np.full(network.layout.size, 0.5))
        weights = weights.replace({"layer0/forward/b": [bias, bias]})
        batch = network.batch(np.array([[-1.0]]), np.array([[3.0]]))
        return check_gradients(network.forward(weights, batch))

    near = checked(0.5 + 1e-5)
    assert near.passed
    assert near.skipped == 0
    on = checked(0.5)
    assert on.passed
    assert on.skipped > 0
    assert on.checked > 0


def test_a_network_that_swings_fast_is_checked_with_smaller_steps() -> None:
    network = Network(Vectors(3), (Layer(find_cell("rnn"), 8),), Softmax(2))
    x = np.random.default_rng(1).normal(size=(60, 3))
    weights = weights_of(network, 3.0)
    trace = network.forward(weights, network.batch(x, [1] * 60))
    result = check_gradients(trace, coverage=Coverage(values=4))
    assert result.passed
    assert result.checked > 100


def test_a_cell_of_the_reader() -> None:
    cell = define(
        "own",
        "Own",
        """
        f = sigmoid(W_f @ x + U_f @ h_prev + b_f)
        n = tanh(W_n @ x + U_n @ (f * h_prev) + b_n)
        h = f * n + (1 - f) * h_prev
        """,
    )
    assert check_gradients(small(cell)).error < 1e-7


# -------------------------------------------------------------------------- progress and mistakes


def test_progress_counts_up_to_the_end_and_can_be_cancelled() -> None:
    steps = list(check_steps(small()))
    total = steps[-1].total
    assert [step.done for step in steps] == list(range(total + 1))
    checking: Iterator[check.CheckProgress] = check_steps(small())
    assert next(checking) == (0, total)
    checking.close()  # type: ignore[attr-defined]
    assert list(checking) == []


@pytest.mark.parametrize(
    ("trace", "words"),
    [
        (lambda: Network(Tokens(2), (Layer(LSTM, 2),)), "head"),
        (lambda: Network(Tokens(2), (Layer(LSTM, 2),), Softmax(2)), "targets"),
    ],
)
def test_without_a_loss_there_is_nothing_to_check(trace: object, words: str) -> None:
    network = trace()  # type: ignore[operator]
    made = network.forward(weights_of(network), network.batch([0, 1]))
    with pytest.raises(EngineError, match=words):
        check_gradients(made)


def test_dropout_and_overflow_are_refused() -> None:
    network = Network(Tokens(2), (Layer(LSTM, 2, dropout=0.5),), Softmax(2))
    batch = network.batch([0, 1], [0, 1])
    dropped = network.forward(weights_of(network), batch, rng=np.random.default_rng(0))
    with pytest.raises(EngineError, match="dropout"):
        check_gradients(dropped)
    broken = weights_of(network).replace({"layer0/forward/b_f": [math.nan, 0.0]})
    with pytest.raises(EngineError, match=r"first inf or nan is in layer0/forward/a_f at step 0"):
        check_gradients(network.forward(broken, batch))


@pytest.mark.parametrize("wrong", [{"weights": 0}, {"values": 0}, {"seed": -1}])
def test_a_sampling_of_nothing_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(EngineError, match="coverage"):
        Coverage(**wrong)
