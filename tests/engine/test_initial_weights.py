"""The first weights of whole networks: their kinds, seeds and errors."""

import math

import numpy as np
import pytest

from rnnviz.engine.cell import Cell
from rnnviz.engine.cells import CELLS, find_cell
from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.engine.errors import EngineError
from rnnviz.engine.heads import CRF, Softmax
from rnnviz.engine.initial_weights import Initialisation, initial_weights, is_recurrent
from rnnviz.engine.initialise import spectral_radius
from rnnviz.engine.inputs import Tokens, Vectors
from rnnviz.engine.layers import Layer
from rnnviz.engine.network import Network

LSTM = find_cell("lstm")
cells = pytest.mark.parametrize("cell", CELLS, ids=lambda cell: cell.name)


def network(cell: Cell = LSTM, unshared: int | None = None) -> Network:
    return Network(Tokens(7, 3), (Layer(cell, 5, "both", unshared=unshared),), CRF(4))


def translator() -> EncoderDecoder:
    encoder = (Layer(LSTM, 4, "both"),)
    decoder = (Layer(find_cell("gru"), 6),)
    return EncoderDecoder(Tokens(7, 3), encoder, Tokens(8, 3), decoder, attention=5)


def test_a_seed_gives_the_same_bits() -> None:
    first, again = (initial_weights(network(), 3).vector for _ in range(2))
    assert first.tobytes() == again.tobytes()
    assert not np.array_equal(first, initial_weights(network(), 4).vector)


def test_a_seed_gives_these_numbers_for_ever() -> None:
    weights = initial_weights(Network(Vectors(3), (Layer(LSTM, 5),), Softmax(4)), 3)
    assert weights["layer0/forward/W_f"][0, 0].hex() == "-0x1.b5f45525d4392p-1"
    assert weights["head/V"][3, 4].hex() == "-0x1.2aba9c633da3ap-1"


def test_a_weight_starts_the_same_whatever_else_there_is() -> None:
    small = initial_weights(Network(Vectors(3), (Layer(LSTM, 5),), Softmax(4)), 1)
    layers = (Layer(LSTM, 5), Layer(find_cell("gru"), 5))
    large = initial_weights(Network(Vectors(3), layers, CRF(4)), 1)
    for path in small:
        np.testing.assert_array_equal(small[path], large[path], err_msg=path)


def test_weights_of_one_shape_differ() -> None:
    weights = initial_weights(network())
    matrices = [weights[f"layer0/{d}/W_{g}"] for d in ("forward", "backward") for g in "fiog"]
    assert len({matrix.tobytes() for matrix in matrices}) == len(matrices)


def test_float32_is_float64_rounded() -> None:
    double, single = (initial_weights(network(), 2, dtype=t) for t in ("float64", np.float32))
    assert single.vector.dtype == np.float32
    np.testing.assert_array_equal(single.vector, double.vector.astype(np.float32))


@cells
def test_recurrent_matrices_are_known_in_every_cell(cell: Cell) -> None:
    slabs = network(cell).layout.slabs
    recurrent = {path for slab in slabs if is_recurrent(slab) for path in slab.paths}
    assert recurrent == {p for p in network(cell).layout.paths if "/U" in p}
    assert recurrent


@cells
def test_recurrent_matrices_begin_orthogonal(cell: Cell) -> None:
    weights = initial_weights(network(cell))
    for path in (p for p in weights if "/U" in p):
        np.testing.assert_allclose(weights[path] @ weights[path].T, np.eye(5), atol=1e-14)


@pytest.mark.parametrize("unshared", [None, 3])
@cells
def test_spectral_radius(cell: Cell, unshared: int | None) -> None:
    scheme = Initialisation(recurrent="xavier_normal", spectral_radius=0.8)
    weights = initial_weights(network(cell, unshared), scheme=scheme)
    for path in (p for p in weights if "/U" in p):
        for matrix in weights[path].reshape(-1, 5, 5):
            assert spectral_radius(matrix) == pytest.approx(0.8, abs=1e-12)


def test_the_forget_gate_has_a_bias_of_its_own() -> None:
    scheme = Initialisation(bias=0.25, forget_bias=2.0)
    weights = initial_weights(network(), scheme=scheme)
    biases = {p: set(weights[p]) for p in weights if p.rpartition("/")[2][:2] in ("b_", "d")}
    biases |= {p: set(weights[p]) for p in ("head/start", "head/end")}
    assert len(biases) == 2 * 4 + 3
    for path, values in biases.items():
        assert values == {2.0 if path.endswith("b_f") else 0.25}, path
    plain = initial_weights(network(), scheme=Initialisation(bias=0.25, forget_bias=None))
    assert set(plain["layer0/forward/b_f"]) == {0.25}


@cells
def test_the_first_step_of_an_unshared_layer_is_the_shared_one(cell: Cell) -> None:
    shared, unshared = (initial_weights(network(cell, steps)) for steps in (None, 3))
    for path in (p for p in shared if p.startswith("layer0")):
        assert unshared[path].shape == (3, *shared[path].shape)
        np.testing.assert_array_equal(unshared[path][0], shared[path], err_msg=path)
        if "/b" not in path and "/d" not in path:
            assert not np.array_equal(unshared[path][1], unshared[path][0]), path


def test_kinds_of_an_encoder_decoder() -> None:
    scheme = Initialisation("zeros", ("identity", 0.5), ("normal", 0.1), "he_normal", bias=3.0)
    weights = initial_weights(translator(), scheme=scheme)
    for path in weights:
        part, _, name = path.rpartition("/")
        value = weights[path]
        if name.startswith("W") or name == "B":
            assert not value.any(), path
        elif name.startswith("U"):
            np.testing.assert_array_equal(value, 0.5 * np.eye(*value.shape), err_msg=path)
        elif name[0] in "bd":
            assert set(value.ravel()) == {1.0 if name == "b_f" else 3.0}, path
        elif path == "attention/v":
            assert 0 < np.abs(value).max() <= 1 / math.sqrt(5)
        else:
            assert (part, name) in {("source", "E"), ("target", "E"), ("head", "V")}
            assert value.all()
    assert np.abs(weights["source/E"]).max() < 0.5


def test_a_crf_begins_without_a_liking_for_any_transition() -> None:
    assert not initial_weights(network())["head/A"].any()
    scheme = Initialisation(transitions=("uniform", 0.1))
    assert initial_weights(network(), scheme=scheme)["head/A"].all()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"recurrent": "orthogonl"}, "recurrent: 'orthogonl' is not known"),
        ({"input": ("he_normal", 2.0)}, "input: .* he_normal takes no number"),
        ({"embedding": ("normal", 0.0)}, "embedding: the deviation 0.0"),
        ({"head": ("uniform", math.inf)}, "head: the bound inf"),
        ({"vector": "orthogonal"}, "vector: 'orthogonal' is not known"),
        ({"bias": math.nan}, "bias: nan"),
        ({"forget_bias": math.inf}, "forget_bias: inf"),
        ({"spectral_radius": 0.0}, "spectral_radius: 0.0 came, expected a number above 0"),
    ],
)
def test_wrong_schemes_are_named(settings: dict[str, object], message: str) -> None:
    with pytest.raises(EngineError, match=message):
        Initialisation(**settings)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", [-1, 1.5, True])
def test_wrong_seeds_are_named(seed: int) -> None:
    with pytest.raises(EngineError, match=f"seed: {seed}"):
        initial_weights(network(), seed)


@pytest.mark.parametrize("dtype", [np.float16, "int64", "nonsense", None])
def test_wrong_precisions_are_named(dtype: str) -> None:
    with pytest.raises(EngineError, match=r"dtype: .* expected float32 or float64"):
        initial_weights(network(), dtype=dtype)


def test_a_matrix_of_zeros_has_no_spectral_radius_to_scale() -> None:
    scheme = Initialisation(recurrent="zeros", spectral_radius=0.9)
    with pytest.raises(EngineError, match=r"spectral_radius: layer0/\w+/U_\w begins as zeros"):
        initial_weights(network(), scheme=scheme)
