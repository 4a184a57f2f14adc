"""Encoder, context vector, bridge, attention and decoder: values, layout and all gradients."""

from typing import Any, Literal

import numpy as np
import pytest

from rnnviz.engine.cell import Cell
from rnnviz.engine.cells import find_cell
from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.engine.gradients import backward
from rnnviz.engine.holds import Hold
from rnnviz.engine.inputs import Tokens, Vectors
from rnnviz.engine.itemised import loss_matrix
from rnnviz.engine.layers import Layer
from rnnviz.engine.trace import Trace
from tests.engine.support import (
    Values,
    assert_agree,
    assert_values_agree,
    assert_weights_agree,
    central,
    every_cell,
    moved,
    quantities,
    random_weights,
    sentences,
)

LSTM, GRU, RNN = find_cell("lstm"), find_cell("gru"), find_cell("rnn")
SOURCES, TARGETS = (2, 3, 1), (1, 2, 1)
WEIGHTS, SCORES, CONTEXT = "attention/weights", "attention/scores", "attention/context"
Bridge = Literal["linear", "copy"]
attention_or_none = pytest.mark.parametrize("attention", [None, 3], ids=["plain", "attention"])


def model(cell: Cell, attention: int | None, bridge: Bridge = "linear") -> EncoderDecoder:
    """Two layers on each side; with the linear bridge the encoder reads in both directions."""
    if bridge == "copy":
        layers = (Layer(cell, 2), Layer(cell, 1))
        return EncoderDecoder(Tokens(4, 2), layers, Tokens(5, 2), layers, attention, "copy")
    encoder = (Layer(cell, 1, "both"), Layer(cell, 1, "both", residual=True))
    decoder = (Layer(cell, 2), Layer(cell, 2, residual=True))
    return EncoderDecoder(Tokens(4, 2), encoder, Tokens(5, 2), decoder, attention)


def traced(
    network: EncoderDecoder,
    sources: tuple[int, ...] = SOURCES,
    answers: tuple[int, ...] = TARGETS,
    holds: tuple[Hold, ...] = (),
) -> Trace:
    source = sentences(sources, network.source.size if isinstance(network.source, Vectors) else 4)
    target = [[2 + token % 3 for token in row] for row in sentences(answers, 9, 5)]
    return network.forward(random_weights(network), network.batch(source, target), holds)


@every_cell
@attention_or_none
def test_every_weight(cell: Cell, attention: int | None) -> None:
    """Sources and answers of unequal length, sorted differently."""
    trace = traced(model(cell, attention), (3, 2), (1, 2))
    assert_weights_agree(trace, backward(trace))


@pytest.mark.parametrize("bridge", ["linear", "copy"])
@pytest.mark.parametrize("cell", [LSTM, GRU], ids=lambda cell: cell.name)
@attention_or_none
def test_every_value(cell: Cell, attention: int | None, bridge: Bridge) -> None:
    trace = traced(model(cell, attention, bridge))
    gradients = backward(trace)
    assert_weights_agree(trace, gradients)
    assert_values_agree(trace, gradients, quantities(trace))
    if attention is not None:
        assert_values_agree(trace, gradients, [CONTEXT])


@pytest.mark.parametrize("path", [SCORES, WEIGHTS])
def test_the_gradient_of_scores_and_weights(path: str) -> None:
    trace = traced(model(LSTM, 3))
    gradients = backward(trace)
    source = trace.batch.source
    assert source is not None
    value = trace[path]
    for step, row, place in np.ndindex(*value.shape):
        if step > TARGETS[row] or place >= SOURCES[row]:
            assert gradients[path][step, row, place] == 0.0
            continue
        index = (step, row, place)

        def loss(by: float, at: tuple[int, int, int] = index) -> float:
            hold = Hold(path, at[0], float(value[at]) + by, at[2], at[1])
            return trace.network.forward(trace.weights, trace.batch, [hold]).loss()

        assert_agree(gradients[path][index], np.asarray(central(loss)), f"{path} {index}")


@pytest.mark.parametrize("attention", [None, 2])
def test_one_row_and_one_step(attention: int | None) -> None:
    network = EncoderDecoder(Vectors(2), (Layer(GRU, 3),), Tokens(3), (Layer(GRU, 2),), attention)
    batch = network.batch(np.array([[0.5, -1.0]]), [2])
    trace = network.forward(random_weights(network), batch)
    assert trace.steps == 2
    assert_weights_agree(trace, backward(trace))


def test_the_decoder_is_taught_with_the_right_tokens() -> None:
    network = model(GRU, None)
    batch = network.batch([[0, 1, 2], [3]], [[2, 3], [4, 2, 3]])
    start, stop = network.start, network.stop
    assert batch.inputs.tolist() == [[start, start], [2, 4], [3, 2], [0, 3]]
    assert batch.targets.tolist() == [[2, 4], [3, 2], [stop, 3], [-1, stop]]
    assert batch.lengths is not None
    assert batch.lengths.tolist() == [3, 4]
    assert batch.source is not None
    assert batch.source.lengths is not None
    assert batch.source.lengths.tolist() == [3, 1]


def test_without_targets_the_decoder_reads_the_start_alone() -> None:
    network = model(GRU, 3)
    batch = network.batch([[0, 1, 2], [3]])
    trace = network.forward(random_weights(network), batch)
    assert trace.steps == 1
    assert batch.inputs.tolist() == [[network.start, network.start]]
    assert trace.predictions.shape == (1, 2, 5)


def test_attention_is_a_distribution_over_the_source() -> None:
    trace = traced(model(LSTM, 3))
    weights = trace[WEIGHTS]
    assert weights.shape == (3, 3, 3)
    for row, (source, answer) in enumerate(zip(SOURCES, TARGETS, strict=True)):
        steps = answer + 1
        np.testing.assert_allclose(weights[:steps, row].sum(axis=1), 1.0, rtol=1e-14)
        assert (weights[:steps, row, :source] > 0.0).all()
        assert not weights[:, row, source:].any()
        assert not weights[steps:, row].any()


def test_the_context_of_a_step_is_the_weighted_sum_of_the_encoder_outputs() -> None:
    trace = traced(model(LSTM, 3))
    values = trace["encoder/layer1/output"]
    expected = np.einsum("tbs,sbu->tbu", trace[WEIGHTS], values)
    np.testing.assert_allclose(trace[CONTEXT], expected, rtol=1e-12, atol=1e-15)
    x = trace["decoder/layer0/x"]
    np.testing.assert_array_equal(x[:, :, 2:], trace[CONTEXT])
    embedded = trace.weights["target/E"][trace.batch.inputs]
    np.testing.assert_array_equal(x[0, :, :2], embedded[0])


def test_scores_are_those_of_the_equation() -> None:
    trace = traced(model(LSTM, 3))
    w, values = trace.weights, trace["encoder/layer1/output"]
    query = trace["decoder/layer1/forward/h_prev"]
    for step, row in ((0, 0), (2, 1), (1, 2)):
        keys = values[: SOURCES[row], row] @ w["attention/W_k"].T
        squashed = np.tanh(keys + w["attention/W_q"] @ query[step, row])
        np.testing.assert_allclose(
            trace[SCORES][step, row, : SOURCES[row]], squashed @ w["attention/v"], rtol=1e-12
        )


def test_the_context_vector_is_the_last_output_of_each_direction() -> None:
    trace = traced(model(GRU, None))
    output = trace["encoder/layer1/output"]
    for row, length in enumerate(SOURCES):
        expected = np.r_[output[length - 1, row, :1], output[0, row, 1:]]
        np.testing.assert_array_equal(trace["context"][0, row], expected)
    w = trace.weights
    start = np.tanh(trace["context"][0] @ w["bridge/layer1/h/B"].T + w["bridge/layer1/h/b"])
    np.testing.assert_allclose(trace["decoder/layer1/forward/h_prev"][0], start, rtol=1e-13)


@attention_or_none
def test_the_copying_bridge_hands_over_the_last_states(attention: int | None) -> None:
    trace = traced(model(LSTM, attention, "copy"))
    for number, state in ((0, "h"), (0, "c"), (1, "h"), (1, "c")):
        given = trace.final(f"encoder/layer{number}/forward/{state}")
        taken = trace[f"decoder/layer{number}/forward/{state}_prev"][0]
        np.testing.assert_array_equal(taken, given)
    assert not any(path.startswith("bridge") for path in trace.weights)


@attention_or_none
def test_rows_do_not_know_each_other(attention: int | None) -> None:
    network = model(LSTM, attention)
    source = sentences(SOURCES, 4)
    target = [[2] * n for n in TARGETS]
    weights = random_weights(network)
    together = network.forward(weights, network.batch(source, target))
    total = np.zeros(network.layout.size)
    for row in range(3):
        alone = network.forward(weights, network.batch([source[row]], [target[row]]))
        assert together.losses()[:, row].sum() == pytest.approx(alone.loss())
        total += backward(alone).weights.vector
        steps, seen = TARGETS[row] + 1, SOURCES[row]
        for path in ("decoder/layer1/output", "head/outputs"):
            np.testing.assert_allclose(together[path][:steps, row], alone[path][:, 0], atol=1e-13)
        if attention is not None:
            found = together[WEIGHTS][:steps, row, :seen]
            np.testing.assert_allclose(found, alone[WEIGHTS][:, 0], atol=1e-13)
    np.testing.assert_allclose(backward(together).weights.vector, total / 3, atol=1e-12)


HOLDS: dict[str, tuple[Hold, ...]] = {
    WEIGHTS: (Hold(WEIGHTS, 1, 0.5, unit=0), Hold(WEIGHTS, 1, 0.5, unit=1, row=0)),
    SCORES: (Hold(SCORES, 0, 2.0, unit=1), Hold(SCORES, 2, -1.0, row=1)),
    CONTEXT: (Hold(CONTEXT, 1, 0.3, unit=0), Hold(CONTEXT, 0, -0.2, row=2)),
    "decoder/layer0/x": (Hold("decoder/layer0/x", 1, 0.3), Hold("decoder/layer0/x", 0, 0.1, 3)),
    "decoder/layer1/x": (Hold("decoder/layer1/x", 1, 0.3, unit=1),),
    "decoder/layer1/forward/h": (Hold("decoder/layer1/forward/h", 0, 0.4),),
    "decoder/layer0/forward/f": (Hold("decoder/layer0/forward/f", 1, 0.9, row=1),),
    "decoder/layer0/forward/a_o": (Hold("decoder/layer0/forward/a_o", 1, 0.9, unit=1),),
    "encoder/layer0/backward/c": (Hold("encoder/layer0/backward/c", 1, 0.7, row=1),),
    "encoder/layer1/x": (Hold("encoder/layer1/x", 0, -0.7),),
}


@pytest.mark.parametrize("path", HOLDS)
def test_holds(path: str) -> None:
    network = model(LSTM, 3)
    trace = traced(network, holds=HOLDS[path])
    for hold in HOLDS[path]:
        rows = slice(None) if hold.row is None else hold.row
        units = slice(None) if hold.unit is None else hold.unit
        held = trace[path][hold.step, rows, units]
        assert (held == hold.value).all()
    gradients = backward(trace)
    assert_weights_agree(trace, gradients)
    paths = ["decoder/layer1/forward/h", "decoder/layer0/x", "encoder/layer0/backward/c"]
    assert_values_agree(trace, gradients, paths)


def test_holding_a_weight_does_not_change_the_others() -> None:
    """A held attention weight stands as it is; the others are not scaled to make up for it."""
    plain, held = traced(model(GRU, 3)), traced(model(GRU, 3), holds=(Hold(WEIGHTS, 1, 0.9, 0),))
    np.testing.assert_array_equal(held[WEIGHTS][1, :, 1:], plain[WEIGHTS][1, :, 1:])
    assert (held[WEIGHTS][1, :, 0] == 0.9).all()


@attention_or_none
def test_dropout_with_one_mask(attention: int | None) -> None:
    layers = (Layer(GRU, 3, dropout=0.4), Layer(GRU, 3, dropout=0.4, residual=True))
    network = EncoderDecoder(Tokens(4, 2), layers, Tokens(5, 2), layers, attention)
    weights = random_weights(network)
    batch = network.batch(sentences((3, 2), 4), [[2, 3], [4]])

    def loss(index: int, by: float) -> float:
        rng = np.random.default_rng(3)
        return network.forward(moved(weights, index, by), batch, rng=rng).loss()

    gradient = backward(network.forward(weights, batch, rng=np.random.default_rng(3)))
    indices = range(0, network.layout.size, 5)
    numeric = [central(lambda by, i=i: loss(i, by)) for i in indices]  # type: ignore[misc]
    assert_agree(gradient.weights.vector[::5], np.array(numeric), "weights")


@attention_or_none
def test_shares_add_up(attention: int | None) -> None:
    trace = traced(model(LSTM, attention))
    gradients = backward(trace)
    for path in trace.weights:
        if path.startswith(("bridge", "attention")):
            continue  # a bridge is crossed once; the attention's weights have no step of a layer
        np.testing.assert_allclose(
            gradients.share(path).sum(axis=0), gradients.weights[path], atol=1e-13, err_msg=path
        )


@attention_or_none
@pytest.mark.parametrize("bridge", ["linear", "copy"])
def test_a_gradient_of_the_last_states(attention: int | None, bridge: Bridge) -> None:
    """A loss that reads the last states of encoder and decoder alone."""
    network = model(LSTM, attention, bridge)
    trace = traced(network)
    rng = np.random.default_rng(2)
    functional = {
        path: rng.standard_normal(trace.final(path).shape) for path in network.state_paths
    }

    def loss(index: int, by: float) -> float:
        found = network.forward(moved(trace.weights, index, by), trace.batch)
        return float(sum((a * found.final(path)).sum() for path, a in functional.items()))

    nothing = np.zeros(trace.read.shape)
    gradients = backward(trace, d_read=nothing, d_final=functional)
    indices = range(0, network.layout.size, 7)
    numeric = [central(lambda by, i=i: loss(i, by)) for i in indices]  # type: ignore[misc]
    assert_agree(gradients.weights.vector[::7], np.array(numeric), "weights")


@attention_or_none
@pytest.mark.parametrize("bridge", ["linear", "copy"])
def test_the_itemised_matrix(attention: int | None, bridge: Bridge) -> None:
    """Each loss alone: |dL_s/d(value at t)|, in the decoder and back in the encoder."""
    trace = traced(model(LSTM, attention, bridge), (3,), (2,))
    paths = ["decoder/layer1/forward/h", "decoder/layer0/x", "encoder/layer0/forward/c", "context"]
    paths += [] if attention is None else [WEIGHTS, SCORES, CONTEXT]
    alone = [backward(trace, (s,)) for s in range(trace.steps)]
    for path in paths:
        expected = np.stack([np.linalg.norm(g[path][:, 0], axis=-1) for g in alone])
        np.testing.assert_allclose(loss_matrix(trace, path), expected, atol=1e-14, err_msg=path)


@attention_or_none
def test_float32(attention: int | None) -> None:
    network = model(LSTM, attention)
    batch = network.batch(sentences(SOURCES, 4), [[2] * n for n in TARGETS])
    trace = network.forward(random_weights(network).astype(np.float32), batch)
    gradients = backward(trace)
    for path in trace.paths():
        assert trace[path].dtype == np.float32, path
    for path in gradients.paths():
        assert gradients[path].dtype == np.float32, path
    assert gradients.weights.vector.dtype == np.float32


@attention_or_none
def test_every_path_has_a_value_and_a_gradient_of_its_shape(attention: int | None) -> None:
    trace = traced(model(LSTM, attention))
    gradients = backward(trace)
    assert set(trace.paths()) - set(gradients.paths()) == {"head/predictions"}
    for path in gradients.paths():
        shown: Any = trace[path]
        found: Values = gradients[path]
        assert found.shape == shown.shape, path
        assert not shown.flags.writeable
        assert not found.flags.writeable
