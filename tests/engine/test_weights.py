"""Weights by path: one vector, read-only views, replaced as a whole."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from rnnviz.engine.cell import Cell
from rnnviz.engine.cells import find_cell
from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.engine.errors import EngineError, ShapeError, UnknownError
from rnnviz.engine.heads import CRF
from rnnviz.engine.inputs import Tokens, Vectors
from rnnviz.engine.layers import Layer
from rnnviz.engine.network import Network
from rnnviz.engine.weights import Weights
from tests.engine.support import batch_of, every_cell, random_weights, tagger

LSTM, GRU = find_cell("lstm"), find_cell("gru")


def numbered(network: Network | EncoderDecoder) -> Weights:
    return Weights(network.layout, np.arange(network.layout.size, dtype=np.float64))


@every_cell
@pytest.mark.parametrize("unshared", [None, 3])
def test_each_number_has_one_path(cell: Cell, unshared: int | None) -> None:
    layer = Layer(cell, 3, "both", unshared=unshared)
    network = Network(Tokens(4, 2), (layer, Layer(cell, 2, unshared=unshared)), CRF(3))
    weights = numbered(network)
    seen = np.concatenate([array.ravel() for array in weights.values()])
    np.testing.assert_array_equal(np.sort(seen), np.arange(network.layout.size))
    for parameter in cell.parameters:
        for part, inputs in (("layer0/forward", 2), ("layer0/backward", 2), ("layer1/forward", 6)):
            shape = parameter.shape(inputs, 2 if part.startswith("layer1") else 3)
            expected = shape if unshared is None else (unshared, *shape)
            assert weights[f"{part}/{parameter.name}"].shape == expected


def test_paths_and_shapes() -> None:
    network = Network(Tokens(5, 2), (Layer(LSTM, 3), Layer(GRU, 4, "backward")), CRF(2))
    shapes = {path: array.shape for path, array in random_weights(network).items()}
    expected: dict[str, tuple[int, ...]] = {"embedding/E": (5, 2)}
    for gate in "fiog":
        part = "layer0/forward"
        expected |= {
            f"{part}/W_{gate}": (3, 2),
            f"{part}/U_{gate}": (3, 3),
            f"{part}/b_{gate}": (3,),
        }
    for gate in "zrn":
        part = "layer1/backward"
        expected |= {
            f"{part}/W_{gate}": (4, 3),
            f"{part}/U_{gate}": (4, 4),
            f"{part}/b_{gate}": (4,),
        }
    expected |= {"head/V": (2, 4), "head/d": (2,)}
    expected |= {"head/A": (2, 2), "head/start": (2,), "head/end": (2,)}
    assert shapes == expected
    assert len(random_weights(network)) == len(expected)
    assert isinstance(random_weights(network), Mapping)


def test_one_hot_tokens_and_vectors_have_no_embedding() -> None:
    for reads in (Tokens(4), Vectors(4)):
        network = Network(reads, (Layer(GRU, 3),), None)
        assert not any(path.startswith(("embedding", "head")) for path in network.layout.paths)
        assert random_weights(network)["layer0/forward/W_z"].shape == (3, 4)


def test_where_is_the_other_way_round() -> None:
    network = tagger(LSTM, direction="both", unshared=2)
    weights = numbered(network)
    for index in range(0, network.layout.size, 7):
        path, place = network.layout.where(index)
        assert weights[path][place] == index
    for index in (-1, network.layout.size):
        with pytest.raises(EngineError, match="index"):
            network.layout.where(index)


def test_replace_changes_what_it_says_and_nothing_else() -> None:
    network = tagger(LSTM)
    weights = random_weights(network)
    before = weights.vector.copy()
    W = np.ones((3, 2))
    changed = weights.replace({"layer0/forward/W_i": W, "head/d": [1, 2, 3]})
    np.testing.assert_array_equal(changed["layer0/forward/W_i"], W)
    assert changed["head/d"].tolist() == [1.0, 2.0, 3.0]
    np.testing.assert_array_equal(weights.vector, before)
    for path in weights:
        if path not in ("layer0/forward/W_i", "head/d"):
            np.testing.assert_array_equal(changed[path], weights[path])
    W[0] = 7.0
    assert (changed["layer0/forward/W_i"] == 1.0).all(), "the array is copied"


def test_nothing_can_be_written() -> None:
    network = tagger(GRU)
    weights = random_weights(network)
    for array in (weights.vector, *weights.values()):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0.0
    with pytest.raises(AttributeError):
        weights.vector = np.zeros(3)  # type: ignore[misc]
    with pytest.raises(TypeError):
        weights["head/d"] = np.zeros(3)  # type: ignore[index]


def test_nothing_that_a_pass_gives_can_be_written() -> None:
    network = tagger(LSTM, direction="both")
    batch = batch_of(network, (4, 3))
    trace = network.forward(random_weights(network), batch)
    arrays: dict[str, Any] = {path: trace[path] for path in trace.paths()}
    arrays |= {"losses": trace.losses(), "predictions": trace.predictions, "read": trace.read}
    arrays |= {path: trace.final(path) for path in network.state_paths}
    arrays |= {"inputs": batch.inputs, "targets": batch.targets, "lengths": batch.lengths}
    arrays |= {"expression": trace["layer0/forward/f * c_prev"], "decoded": trace.decoded}
    for name, array in arrays.items():
        assert not array.flags.writeable, name


def test_given_arrays_are_copied() -> None:
    """What the caller does with an array afterwards changes nothing."""
    network = Network(Vectors(2), (Layer(GRU, 3),), None)
    x, h = np.ones((4, 2)), np.ones((1, 3))
    batch = network.batch([x], initial={"layer0/forward/h": h})
    weights = random_weights(network)
    before = np.array(network.forward(weights, batch)["layer0/output"])
    x[...], h[...] = 5.0, 5.0
    np.testing.assert_array_equal(network.forward(weights, batch)["layer0/output"], before)
    assert x.flags.writeable
    assert h.flags.writeable


def test_another_precision() -> None:
    network = tagger(LSTM)
    weights = random_weights(network)
    single = weights.astype(np.float32)
    assert single.vector.dtype == np.float32
    np.testing.assert_array_equal(single.vector, weights.vector.astype(np.float32))
    assert single.replace({"head/d": [0.1, 0.2, 0.3]}).vector.dtype == np.float32


def test_unknown_paths() -> None:
    weights = random_weights(tagger(LSTM))
    assert "head/d" in weights
    assert "head/q" not in weights
    for path in ("head/q", "", "layer0/forward", "layer0/forward/f"):
        with pytest.raises(UnknownError, match="path"):
            weights[path]
        with pytest.raises(UnknownError, match="path"):
            weights.replace({path: 0.0})
    assert weights.get("head/q") is None


def test_other_shapes() -> None:
    network = tagger(LSTM)
    weights = random_weights(network)
    value: object
    for value in (np.zeros(4), np.zeros((3, 1)), 0.0, []):
        with pytest.raises(ShapeError, match="head/d"):
            weights.replace({"head/d": value})
    wrong: object
    for wrong in ("abc", [[1.0], [1.0, 2.0]], None, {}, ["a"] * 3):
        with pytest.raises(EngineError, match="head/d"):
            weights.replace({"head/d": wrong})
    with pytest.raises(ShapeError, match="vector"):
        Weights(network.layout, np.zeros(3))


@pytest.mark.parametrize("dtype", [np.int64, np.float16, np.complex128, object, bool])
def test_another_kind_of_numbers(dtype: type) -> None:
    network = tagger(LSTM)
    with pytest.raises(EngineError, match="float64"):
        Weights(network.layout, np.zeros(network.layout.size, dtype))
    with pytest.raises(EngineError, match="float64"):
        random_weights(network).astype(dtype)


def test_what_is_no_vector() -> None:
    network = tagger(LSTM)
    for wrong in (None, [0.0] * network.layout.size, "abc", np.zeros((network.layout.size, 1))):
        with pytest.raises(EngineError, match="vector"):
            Weights(network.layout, wrong)  # type: ignore[arg-type]


def test_weights_of_another_network() -> None:
    network, other = tagger(LSTM, 3), tagger(LSTM, 4)
    batch = batch_of(network, (3,))
    with pytest.raises(EngineError, match="another network"):
        network.forward(random_weights(other), batch)
    with pytest.raises(EngineError, match="another network"):
        network.forward(random_weights(tagger(GRU, 3)), batch)
    twin = tagger(LSTM, 3)
    assert network.forward(random_weights(twin), batch).loss() == pytest.approx(
        network.forward(random_weights(network), batch).loss()
    )
    wrong: object
    for wrong in (None, {}, random_weights(network).vector):
        with pytest.raises(EngineError, match="weights"):
            network.forward(wrong, batch)  # type: ignore[arg-type]
