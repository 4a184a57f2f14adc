"""Keras: what it stored, files in its layouts against its equations, and code for it."""

import importlib.util
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnviz.document.errors import FileError
from rnnviz.document.interchange.found import Found
from rnnviz.document.interchange.keras_code import keras_code, write_keras
from rnnviz.document.interchange.keras_file import read_keras
from rnnviz.document.interchange.model import ExportError, Model
from rnnviz.engine.cell import Cell
from rnnviz.engine.heads import Softmax
from rnnviz.engine.inputs import Tokens, Vectors
from rnnviz.engine.losses import softmax
from rnnviz.engine.network import Network
from tests.document.interchange import samples

h5py = pytest.importorskip("h5py")

from tests.document.interchange import keras_layouts as layouts  # noqa: E402

STORED = Path(__file__).parent / "keras_files"
INPUTS, UNITS, STEPS = 3, 2, 5


def only(found: list[Found]) -> Found:
    (one,) = found
    return one


def network_of(model: Model) -> Network:
    assert isinstance(model.network, Network)
    return model.network


# -------------------------------------------------------------------------- files that Keras wrote


@pytest.mark.parametrize("name", ["classifier", "tagger"])
@pytest.mark.parametrize("suffix", ["keras", "h5"])
def test_what_keras_computed_comes_out_again(name: str, suffix: str) -> None:
    stored = np.load(STORED / "outputs.npz", allow_pickle=False)
    model = only(read_keras(STORED / f"{name}.{suffix}")).model()
    found = samples.outputs(model, list(stored["x"]))
    if name == "classifier":
        assert model.network.head == Softmax(2)
        found = softmax(found)[0]
    else:
        found = found.swapaxes(0, 1)
    assert len(model.network.layers) == 2
    assert found.shape == stored[name].shape
    assert np.abs(found - stored[name]).max() < 1e-6


# ---------------------------------------------------------------------- layouts made with h5py

VARIANTS: dict[str, tuple[str, dict[str, Any], str]] = {
    "rnn": ("SimpleRNN", {"activation": "tanh"}, "rnn"),
    "relu": ("SimpleRNN", {"activation": "relu"}, "rnn_relu"),
    "lstm": ("LSTM", {"activation": "tanh", "recurrent_activation": "sigmoid"}, "lstm"),
    "lstm without bias": ("LSTM", {"use_bias": False}, "lstm"),
    "gru after": ("GRU", {"reset_after": True}, "gru_pytorch+d"),
    "gru before": ("GRU", {"reset_after": False}, "gru_swapped"),
    "gru after without bias": ("GRU", {"reset_after": True, "use_bias": False}, "gru_pytorch"),
    "gru of old": ("GRU", {}, "gru_swapped"),
}
WRITERS: dict[str, Callable[..., None]] = {
    "keras 2": layouts.keras_2,
    "keras 3": layouts.keras_3,
    "keras 3, named": lambda file, layers: layouts.keras_3(file, layers, named=True),
}


def made(kind: str, config: dict[str, Any], seed: int, inputs: int = INPUTS) -> layouts.Group:
    after = bool(config.get("reset_after"))
    return layouts.weights(kind, inputs, UNITS, seed, config.get("use_bias", True), after)


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("both", [False, True])
@pytest.mark.parametrize("variant", VARIANTS)
def test_every_layer_in_every_layout(variant: str, both: bool, writer: str, tmp_path: Path) -> None:
    kind, config, cell = VARIANTS[variant]
    config = config | {"return_sequences": True}
    directions = {"forward": made(kind, config, 1)}
    layer = layouts.spec(kind, "rec", **config)
    if both:
        directions["backward"] = made(kind, config, 2)
        layer = layouts.spec("Bidirectional", "rec", layer=layer, merge_mode="concat")
    WRITERS[writer](tmp_path / "m", [(layer, directions)])
    found = only(read_keras(tmp_path / "m"))
    model = found.model()
    network = network_of(model)
    assert (found.name, network.form) == ("rec", "many-to-many")
    assert network.layers[0].cell.name == cell
    x = np.random.default_rng(3).normal(size=(STEPS, INPUTS))
    options = {"relu": variant == "relu", "after": bool(config.get("reset_after"))}
    expected = layouts.run(kind, directions["forward"], x, **options)
    if both:
        back = layouts.run(kind, directions["backward"], x[::-1], **options)[::-1]
        expected = np.concatenate([expected, back], axis=1)
    computed = network.forward(model.weights, network.batch(x))["layer0/output"][:, 0]
    assert np.abs(expected).max() > 0.1
    assert np.abs(computed - expected).max() < 1e-12


def stack(**more: Any) -> list[tuple[dict[str, Any], dict[str, layouts.Group]]]:
    """Embedding, two LSTMs with dropout between them, and a dense layer."""
    rng = np.random.default_rng(5)
    first = layouts.spec("LSTM", "one", return_sequences=True)
    second = layouts.spec("LSTM", "two", return_sequences=more.pop("sequences", False))
    dense: dict[str, Any] = {"units": 2, "activation": "softmax"} | more
    kernel = rng.normal(size=(UNITS, dense["units"])).astype("f4")
    bias = rng.normal(size=dense["units"]).astype("f4")
    return [
        (layouts.spec("InputLayer", "in"), {}),
        (
            layouts.spec("Embedding", "words"),
            {"forward": {"embeddings": rng.normal(size=(7, INPUTS))}},
        ),
        (layouts.spec("Dropout", "drop"), {}),
        (first, {"forward": layouts.weights("LSTM", INPUTS, UNITS, 6)}),
        (layouts.spec("SpatialDropout1D", "drop2"), {}),
        (second, {"forward": layouts.weights("LSTM", UNITS, UNITS, 7)}),
        (layouts.spec("Dense", "out", **dense), {"forward": {"kernel": kernel, "bias": bias}}),
    ]


@pytest.mark.parametrize("writer", WRITERS)
def test_a_whole_model(writer: str, tmp_path: Path) -> None:
    layers = stack()
    WRITERS[writer](tmp_path / "m", layers)
    found = only(read_keras(tmp_path / "m"))
    model = found.model()
    network = network_of(model)
    assert found.name == "one + two"
    assert network.input == Tokens(7, INPUTS)
    assert network.head == Softmax(2)
    assert network.form == "many-to-one"
    tokens = [3, 1, 4, 1, 5]
    x = layers[1][1]["forward"]["embeddings"][tokens]
    h = layouts.run(
        "LSTM", layers[5][1]["forward"], layouts.run("LSTM", layers[3][1]["forward"], x)
    )
    dense = layers[6][1]["forward"]
    expected = h[-1] @ dense["kernel"].astype("f8") + dense["bias"]
    assert np.abs(samples.outputs(model, tokens)[0, 0] - expected).max() < 1e-12


def test_a_dense_layer_at_every_step(tmp_path: Path) -> None:
    layers = stack(sequences=True)
    dense = layers.pop()
    wrapped = layouts.spec("TimeDistributed", "out", layer=dense[0], units=2)
    layouts.keras_2(tmp_path / "m.h5", [*layers, (wrapped, dense[1])])
    model = only(read_keras(tmp_path / "m.h5")).model()
    assert network_of(model).form == "many-to-many"
    assert np.array_equal(model.weights["head/V"], dense[1]["forward"]["kernel"].T)


def test_one_sigmoid_is_two_classes(tmp_path: Path) -> None:
    layouts.keras_3(tmp_path / "m", stack(units=1, activation="sigmoid"))
    model = only(read_keras(tmp_path / "m")).model()
    assert model.network.head == Softmax(2)
    logits = samples.outputs(model, [1, 2, 3])[0, 0]
    assert logits[0] == 0
    assert softmax(logits)[1] == pytest.approx(layouts.sigmoid(logits[1]))
    assert "sigmoid" in " ".join(model.notes)


def test_a_dense_layer_that_we_do_not_have_is_left_out_and_said(tmp_path: Path) -> None:
    layouts.keras_3(tmp_path / "m", stack(activation="relu"))
    model = only(read_keras(tmp_path / "m")).model()
    assert model.network.head is None
    assert "activation=relu" in " ".join(model.notes)


def test_something_between_breaks_the_chain(tmp_path: Path) -> None:
    layers = stack(sequences=True)
    layers.insert(4, (layouts.spec("LayerNormalization", "norm"), {}))
    layouts.keras_2(tmp_path / "m.h5", layers)
    found = {one.name: one for one in read_keras(tmp_path / "m.h5")}
    assert set(found) == {"one", "two"}
    assert network_of(found["one"].model()).input == Tokens(7, INPUTS)
    assert network_of(found["two"].model()).input == Vectors(UNITS)


def functional(file: Path, second_reads: str) -> None:
    """The stack as a functional model in which the second LSTM reads some layer."""
    layers = stack(sequences=True)
    layouts.keras_2(file, layers)
    below = {
        "words": "in",
        "drop": "words",
        "one": "drop",
        "drop2": "one",
        "two": second_reads,
        "out": "two",
    }
    entries = []
    for config, _ in layers:
        name = config["config"]["name"]
        nodes = [[[below[name], 0, 0, {}]]] if name in below else []
        entries.append(config | {"name": name, "inbound_nodes": nodes})
    with h5py.File(file, "r+") as h5:
        config = {"name": "f", "layers": entries}
        h5.attrs["model_config"] = json.dumps({"class_name": "Functional", "config": config})


def test_a_functional_model_is_followed(tmp_path: Path) -> None:
    functional(tmp_path / "m.h5", "drop2")
    assert only(read_keras(tmp_path / "m.h5")).name == "one + two"
    functional(tmp_path / "m.h5", "drop")
    assert [one.name for one in read_keras(tmp_path / "m.h5")] == ["one", "two"]


def test_weights_alone_are_read_by_their_shapes(tmp_path: Path) -> None:
    layers = stack()[:4] + stack()[6:]
    layouts.keras_3_weights(tmp_path / "m.weights.h5", layers)
    found = only(read_keras(tmp_path / "m.weights.h5"))
    model = found.model(form="many-to-one")
    assert network_of(model).input == Tokens(7, INPUTS)
    assert model.network.head == Softmax(2)
    assert "no configuration" in " ".join(found.notes)
    layouts.keras_3(tmp_path / "m.keras", [*layers[:3], *stack()[3:4], *layers[4:]])
    layers[3][0]["config"]["return_sequences"] = False
    layouts.keras_3(tmp_path / "m.keras", layers)
    whole = only(read_keras(tmp_path / "m.keras")).model()
    assert np.array_equal(whole.weights.vector, model.weights.vector)


def test_weights_alone_of_the_older_form(tmp_path: Path) -> None:
    both = layouts.spec("Bidirectional", "rec", layer=layouts.spec("GRU", "x"))
    directions = {
        way: layouts.weights("GRU", INPUTS, UNITS, seed, after=True)
        for seed, way in enumerate(("forward", "backward"))
    }
    layouts.keras_2(tmp_path / "m.h5", [(both, directions)])
    with h5py.File(tmp_path / "m.h5", "r+") as h5:
        del h5.attrs["model_config"]
    model = only(read_keras(tmp_path / "m.h5")).model()
    assert model.network.layers[0].cell.name == "gru_pytorch+d"
    expected = directions["backward"]["kernel"][:, UNITS : 2 * UNITS].T
    assert np.array_equal(model.weights["layer0/backward/W_r"], expected)


# ---------------------------------------------------------------------------- what does not go


def recurrent(kind: str = "LSTM", wrapper: dict[str, Any] | None = None, **config: Any) -> Any:
    layer = layouts.spec(kind, "rec", **config)
    arrays = {"forward": layouts.weights("LSTM", INPUTS, UNITS, 1)}
    if wrapper is not None:
        layer = layouts.spec("Bidirectional", "rec", layer=layer, **wrapper)
        arrays["backward"] = arrays["forward"]
    return [(layer, arrays)]


@pytest.mark.parametrize(
    ("layers", "expected"),
    [
        (recurrent(activation="elu"), "activation=elu"),
        (recurrent(activation={"class_name": "Custom", "config": {}}), "activation=Custom"),
        (recurrent(recurrent_activation="hard_sigmoid"), "recurrent_activation=hard_sigmoid"),
        (recurrent(wrapper={"merge_mode": "sum"}), "merge_mode=sum"),
        (recurrent(wrapper={}, go_backwards=True), "go_backwards"),
        (recurrent(go_backwards=True, return_sequences=True), "go_backwards"),
        (recurrent("CuDNNLSTM"), "a CuDNNLSTM is not supported"),
        (recurrent("ConvLSTM2D", wrapper={}), "ConvLSTM2D in a Bidirectional"),
        (recurrent("GRU"), r"\(2, 8\), expected \(units, 3 \* units\)"),
        ([(layouts.spec("LSTM", "rec"), {})], "weights are missing"),
        ([(layouts.spec("Bidirectional", "rec"), {})], "without a layer"),
        ([(layouts.spec("Dense", "d", units=1), {})], "its layers are Dense"),
        ([], "its layers are none"),
    ],
)
def test_what_is_not_supported_is_named(layers: Any, expected: str, tmp_path: Path) -> None:
    layouts.keras_2(tmp_path / "m.h5", layers)
    with pytest.raises(FileError, match=expected):
        read_keras(tmp_path / "m.h5")


def test_a_lone_backward_layer(tmp_path: Path) -> None:
    layouts.keras_2(tmp_path / "m.h5", recurrent(go_backwards=True))
    model = only(read_keras(tmp_path / "m.h5")).model()
    assert network_of(model).layers[0].direction == "backward"
    x = np.random.default_rng(1).normal(size=(STEPS, INPUTS))
    trace = network_of(model).forward(model.weights, network_of(model).batch(x))
    arrays = layouts.weights("LSTM", INPUTS, UNITS, 1)
    expected = layouts.run("LSTM", arrays, x[::-1])[-1]
    assert np.abs(trace.read[0, 0] - expected).max() < 1e-12


@pytest.mark.parametrize(
    "change",
    [
        {"kernel": (INPUTS, 7)},
        {"kernel": (8,)},
        {"kernel": (0, 8)},
        {"bias": (7,)},
        {"bias": (2, 8)},
        {"bias": (1, 1, 8)},
        {"recurrent_kernel": (UNITS, 9)},
        {"recurrent_kernel": (8,)},
    ],
    ids=str,
)
def test_shapes_that_do_not_fit(change: dict[str, tuple[int, ...]], tmp_path: Path) -> None:
    layers = recurrent()
    layers[0][1]["forward"] = layers[0][1]["forward"] | {
        name: np.ones(shape, "f4") for name, shape in change.items()
    }
    layouts.keras_2(tmp_path / "m.h5", layers)
    with pytest.raises(FileError, match="rec: "):
        read_keras(tmp_path / "m.h5")


# --------------------------------------------------------------------------------------- code

REFUSED = ("lstm_peephole", "lstm_1997", "lstm_coupled")
KEPT = [c for c in samples.EVERY_CELL if not c.name.startswith(REFUSED)]


@pytest.mark.parametrize("cell", samples.EVERY_CELL, ids=lambda c: c.name)
def test_code_for_every_cell_or_a_refusal(cell: Cell) -> None:
    for model in (samples.classifier(cell, "both", 2), samples.forecast(cell, "backward")):
        if cell not in KEPT:
            with pytest.raises(ExportError, match="cell LSTM"):
                keras_code(model)
        else:
            compile(keras_code(model), "model.py", "exec")


NETWORKS_REFUSED = {
    "backward tags": "peepholes",
    "mixed": "LSTM of 1997",
    "unshared": "each step",
    "crf": "a CRF",
    "generator": "peepholes",
    "single step": "LSTM of 1997",
    "own cell": "Leaky unit",
    "translator": "encoder-decoder",
    "attention": "encoder-decoder",
}


@pytest.mark.parametrize("name", samples.variants())
def test_code_for_every_network_or_a_refusal(name: str) -> None:
    model = samples.variants()[name]
    if name not in NETWORKS_REFUSED:
        compile(keras_code(model), "model.py", "exec")
        return
    with pytest.raises(ExportError, match=NETWORKS_REFUSED[name]):
        keras_code(model)


@pytest.mark.parametrize("direction", ["forward", "backward", "both"])
@pytest.mark.parametrize("cell", KEPT, ids=lambda c: c.name)
def test_the_code_computes_the_same(
    cell: Cell, direction: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    pytest.importorskip("keras")
    for model in (samples.classifier(cell, direction, 2), samples.tagger(cell, direction)):
        write_keras(model, tmp_path / "m.py")
        place = importlib.util.spec_from_file_location("m", tmp_path / "m.py")
        assert place is not None
        assert place.loader is not None
        module = importlib.util.module_from_spec(place)
        monkeypatch.setattr(sys, "dont_write_bytecode", True)
        place.loader.exec_module(module)
        network = network_of(model)
        sequences = samples.inputs(network)
        expected = samples.outputs(model, sequences)
        expected = expected[0] if network.single else expected.swapaxes(0, 1)
        found = module.keras.ops.convert_to_numpy(module.model(np.stack(sequences)))
        assert np.abs(found - expected).max() < 2e-6
