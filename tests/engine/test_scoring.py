"""Scores against the same numbers counted by hand."""

from typing import Any

import numpy as np
import pytest

from rnnviz.engine.batching import Samples
from rnnviz.engine.cells import find_cell
from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.engine.errors import EngineError
from rnnviz.engine.heads import CRF, Head, Regression, Softmax
from rnnviz.engine.initial_weights import initial_weights
from rnnviz.engine.inputs import Tokens, Vectors
from rnnviz.engine.layers import Layer
from rnnviz.engine.network import Network
from rnnviz.engine.recipes import Per
from rnnviz.engine.scoring import evaluate

GRU = (Layer(find_cell("gru"), 4),)
LENGTHS = (4, 1, 3, 4, 2, 6)


def tagger(head: Head) -> tuple[Network, Samples]:
    rng = np.random.default_rng(0)
    words = [rng.integers(0, 3, length) for length in LENGTHS]
    return Network(Tokens(3), GRU, head), Samples(words, [2 - word for word in words])


def series(outputs: int = 2) -> tuple[Network, Samples]:
    rng = np.random.default_rng(0)
    rows = [rng.normal(size=(length, 3)) for length in LENGTHS]
    answers = [np.cumsum(row[:, :outputs], axis=0) + 7 for row in rows]
    return Network(Vectors(3), GRU, Regression(outputs)), Samples(rows, answers)


@pytest.mark.parametrize("head", [Softmax(3), CRF(3)], ids=["softmax", "crf"])
def test_classes(head: Head) -> None:
    network, samples = tagger(head)
    if isinstance(head, Softmax):
        samples.targets[3][1] = -1
    weights = initial_weights(network, 1)
    confusion, losses = np.zeros((3, 3), int), []
    for word, tags in zip(samples.inputs, samples.targets, strict=True):
        trace = network.forward(weights, network.batch([word], [tags]))
        losses.append(trace.loss())
        for right, answer in zip(tags, trace.decoded[:, 0], strict=True):
            if right >= 0:
                confusion[right, answer] += 1
    score = evaluate(network, weights, samples)
    assert score.confusion is not None
    np.testing.assert_array_equal(score.confusion, confusion)
    assert (score.n, score.rows) == (confusion.sum(), len(LENGTHS))
    assert score.accuracy == np.trace(confusion) / confusion.sum()
    assert score.loss == pytest.approx(sum(losses) / confusion.sum(), rel=1e-13)
    assert score.r2 is None
    per_row = evaluate(network, weights, samples, per="row")
    assert per_row.loss == pytest.approx(np.mean(losses), rel=1e-13)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_numbers(dtype: str) -> None:
    network, samples = series()
    samples.targets[0][2, 1] = np.nan
    samples.targets[1][0, :] = np.nan
    weights = initial_weights(network, 1, dtype=dtype)
    answers = [
        network.forward(weights, network.batch([row], dtype=dtype))["head/predictions"][:, 0]
        for row in samples.inputs
    ]
    right = np.concatenate(samples.targets)
    error = np.concatenate(answers) - right
    score = evaluate(network, weights, samples)
    tolerance = 1e-12 if dtype == "float64" else 1e-5
    spread = np.nansum((right - np.nanmean(right, axis=0)) ** 2)
    assert score.r2 == pytest.approx(1 - np.nansum(error**2) / spread, rel=tolerance)
    assert score.n == sum(LENGTHS) - 1
    assert score.loss == pytest.approx(np.nansum(error**2) / 2 / score.n, rel=tolerance)
    assert score.accuracy is None
    assert score.confusion is None


def test_equal_targets_have_no_variance_to_explain() -> None:
    network, samples = series(1)
    equal = Samples(samples.inputs, [np.full(length, 0.1) for length in LENGTHS])
    assert evaluate(network, initial_weights(network), equal).r2 is None


@pytest.mark.parametrize("steps", ["last", (0,), (-1,)])
def test_chosen_steps(steps: Any) -> None:
    network, samples = tagger(Softmax(3))
    weights = initial_weights(network)
    place = 0 if steps == (0,) else -1
    losses = [
        network.forward(weights, network.batch([word], [tags])).losses()[place, 0]
        for word, tags in zip(samples.inputs, samples.targets, strict=True)
    ]
    score = evaluate(network, weights, samples, loss_steps=steps)
    assert score.n == len(LENGTHS)
    assert score.loss == pytest.approx(np.mean(losses), rel=1e-13)


def test_long_samples_are_scored_in_small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    network, samples = tagger(CRF(3))
    weights = initial_weights(network)
    whole = evaluate(network, weights, samples)
    monkeypatch.setattr("rnnviz.engine.scoring._NUMBERS", 1)
    sizes = []
    forward = Network.forward

    def counted(self: Network, weights: Any, batch: Any) -> Any:
        sizes.append(batch.rows)
        return forward(self, weights, batch)

    monkeypatch.setattr(Network, "forward", counted)
    pieces = evaluate(network, weights, samples)
    assert sizes == [1] * len(LENGTHS)
    assert pieces.loss == pytest.approx(whole.loss, rel=1e-13)
    np.testing.assert_array_equal(pieces.confusion, whole.confusion)


def test_a_translation() -> None:
    network = EncoderDecoder(Tokens(3), GRU, Tokens(5), GRU, attention=2)
    samples = Samples([[0, 1], [2]], [[2, 3, 2], [4]])
    score = evaluate(network, initial_weights(network), samples)
    assert score.confusion is not None
    np.testing.assert_array_equal(score.confusion.sum(axis=1), [0, 2, 2, 1, 1])
    assert (score.n, score.rows) == (6, 2)


def test_many_classes_are_not_confused() -> None:
    network = Network(Tokens(3), GRU, Softmax(501))
    score = evaluate(network, initial_weights(network), Samples([[0, 1]], [[500, 0]]))
    assert score.confusion is None
    assert score.accuracy in (0, 0.5, 1)


def test_no_targets_no_loss() -> None:
    network, _ = tagger(Softmax(3))
    score = evaluate(network, initial_weights(network), Samples([[0, 1]], [[-1, -1]]))
    assert np.isnan(score.loss)
    assert (score.n, score.accuracy) == (0, None)


def test_errors_name_the_argument() -> None:
    network, samples = tagger(Softmax(3))
    other = initial_weights(Network(Tokens(3), GRU, Softmax(4)))
    with pytest.raises(EngineError, match="weights: those of another network"):
        evaluate(network, other, samples)
    headless = Network(Tokens(3), GRU)
    with pytest.raises(EngineError, match="head"):
        evaluate(headless, initial_weights(headless), samples)
    wrong: Per = "steps"  # type: ignore[assignment]
    with pytest.raises(EngineError, match="per: 'steps' is not known"):
        evaluate(network, initial_weights(network), samples, wrong)
