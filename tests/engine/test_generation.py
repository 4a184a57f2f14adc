"""Networks that are fed their own answers."""

import numpy as np
import pytest

from rnnviz.engine.cell import Cell
from rnnviz.engine.cells import CELLS, find_cell
from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.engine.errors import EngineError
from rnnviz.engine.generation import Sampling, generate, translate
from rnnviz.engine.heads import Regression, Softmax
from rnnviz.engine.holds import Hold
from rnnviz.engine.inputs import Tokens, Vectors
from rnnviz.engine.layers import Layer
from rnnviz.engine.network import Network
from rnnviz.engine.weights import Weights


def random_weights(network: Network | EncoderDecoder, seed: int = 0) -> Weights:
    rng = np.random.default_rng(seed)
    return Weights(network.layout, rng.standard_normal(network.layout.size))


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: cell.name)
def test_each_token_is_the_most_probable_after_those_before(cell: Cell) -> None:
    layers = (Layer(cell, 4), Layer(cell, 3))
    network = Network(Tokens(6, 3), layers, Softmax(6), "one-to-many")
    weights = random_weights(network)
    written = generate(network, weights, [2], 7)
    everything = [2, *written.sequence]
    for step in range(7):
        alone = network.forward(weights, network.batch(everything[: step + 1]))
        assert alone.decoded[-1, 0] == everything[step + 1]
    assert written.trace.steps == 7
    assert not written.stopped


def test_numbers_are_fed_back() -> None:
    network = Network(Vectors(2), (Layer(find_cell("gru"), 3),), Regression(2), "one-to-many")
    weights = random_weights(network)
    written = generate(network, weights, np.zeros((1, 2)), 5)
    np.testing.assert_allclose(written.sequence, written.trace["head/outputs"][:, 0], atol=1e-14)
    np.testing.assert_allclose(written.trace["layer0/x"][1:, 0], written.sequence[:-1], atol=1e-14)


def test_the_initial_state_speaks() -> None:
    network = Network(Tokens(5), (Layer(find_cell("rnn"), 3),), Softmax(5), "one-to-many")
    weights = random_weights(network, 3)
    low, high = (
        generate(network, weights, [0], 6, initial={"layer0/forward/h": h}).trace
        for h in (np.full(3, -0.9), np.full(3, 0.9))
    )
    assert np.abs(low["head/outputs"][0] - high["head/outputs"][0]).max() > 0.1
    np.testing.assert_allclose(high["layer0/forward/h_prev"][0, 0], 0.9)


def test_temperature_and_seed() -> None:
    network = Network(Tokens(6), (Layer(find_cell("lstm"), 4),), Softmax(6), "one-to-many")
    weights = random_weights(network)
    draw = [generate(network, weights, [1], 12, Sampling(1.5, s)).sequence for s in (1, 1, 2)]
    assert draw[0] == draw[1] != draw[2]
    cold = generate(network, weights, [1], 12, Sampling(1e-6, 5)).sequence
    assert cold == generate(network, weights, [1], 12).sequence


def test_it_stops_at_the_stop_token() -> None:
    network = Network(Tokens(4), (Layer(find_cell("rnn"), 3),), Softmax(4), "one-to-many")
    weights = random_weights(network)
    first = generate(network, weights, [0], 5).sequence[0]
    written = generate(network, weights, [0], 5, stop=first)
    assert written.sequence == (first,)
    assert written.stopped


@pytest.mark.parametrize("attention", [None, 3])
def test_a_free_decoder_reads_its_own_tokens(attention: int | None) -> None:
    cell = find_cell("gru")
    network = EncoderDecoder(
        Tokens(6, 3), (Layer(cell, 4, "both"),), Tokens(7, 3), (Layer(cell, 5),), attention
    )
    weights = random_weights(network, 1)
    written = translate(network, weights, [1, 2, 3], 6)
    assert 1 <= len(written.sequence) <= 6
    assert written.stopped == (written.sequence[-1] == network.stop)
    read = [network.start, *written.sequence[:-1]]
    assert written.trace.batch.inputs[:, 0].tolist() == read
    assert written.trace.decoded[:, 0].tolist() == list(written.sequence)


def test_a_hold_in_a_free_decoder() -> None:
    cell = find_cell("rnn")
    network = EncoderDecoder(Tokens(5), (Layer(cell, 3),), Tokens(5), (Layer(cell, 3),))
    weights = random_weights(network, 2)
    hold = Hold("decoder/layer0/forward/h", 0, 0.25, 1)
    written = translate(network, weights, [1, 2], 4, holds=[hold])
    assert written.trace["decoder/layer0/forward/h"][0, 0, 1] == 0.25


def test_wrong_arguments_are_named() -> None:
    cell = find_cell("rnn")
    aligned = Network(Tokens(4), (Layer(cell, 3),), Softmax(3))
    with pytest.raises(EngineError, match="cannot read what it writes"):
        generate(aligned, random_weights(aligned), [0], 3)
    both = Network(Tokens(4), (Layer(cell, 3, "both"),), Softmax(4))
    with pytest.raises(EngineError, match="read forward"):
        generate(both, random_weights(both), [0], 3)
    fits = Network(Tokens(4), (Layer(cell, 3),), Softmax(4))
    with pytest.raises(EngineError, match="length: 0 came"):
        generate(fits, random_weights(fits), [0], 0)
    with pytest.raises(EngineError, match="empty sequence"):
        generate(fits, random_weights(fits), [], 2)
    with pytest.raises(EngineError, match="temperature"):
        Sampling(float("nan"))
