"""Weights under PyTorch's names: what PyTorch stored, what we write, and what does not fit."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from rnnviz.document.errors import FileError
from rnnviz.document.interchange.found import Found
from rnnviz.document.interchange.model import Model
from rnnviz.document.interchange.safetensors_file import read_safetensors, write_safetensors
from rnnviz.engine.cell import Cell
from rnnviz.engine.errors import EngineError
from rnnviz.engine.heads import Regression, Softmax
from rnnviz.engine.inputs import Tokens, Vectors
from rnnviz.engine.network import Network
from tests.document.interchange import samples
from tests.references import cases, load

LAYER_CASES = [name for name in cases("nn_")]


def stored(case: str, prefix: str = "") -> dict[str, Any]:
    """The tensors of a stored PyTorch layer under the names that it gave them."""
    _, arrays = load(case)
    names = [n for n in arrays if n.startswith(("weight_", "bias_"))]
    return {prefix + name: np.array(arrays[name]) for name in names}


def only(found: list[Found]) -> Found:
    (one,) = found
    return one


def plain(path: Path) -> Path:
    """The same tensors without our description, as another program would write them."""
    other = path.with_name("plain.safetensors")
    save_file(load_file(path), other)
    return other


# ------------------------------------------------------------------------ against PyTorch's values


@pytest.mark.parametrize("case", LAYER_CASES)
def test_what_pytorch_computed_comes_out_again(case: str, tmp_path: Path) -> None:
    meta, arrays = load(case)
    file = tmp_path / "m.safetensors"
    save_file(stored(case, "encoder.rnn."), file)
    model = only(read_safetensors(file)).model(relu=meta["variant"] == "relu")
    network = model.network
    assert isinstance(network, Network)
    lengths = meta["lengths"] or [meta["sizes"]["T"]] * meta["sizes"]["B"]
    rows = [arrays["input"][:n, row] for row, n in enumerate(lengths)]
    parts = [f"layer{k}/{d}" for k, layer in enumerate(network.layers) for d in layer.directions]
    initial = {}
    if meta["states_given"]:
        initial = {
            f"{part}/{state}": arrays[f"{state}_0"][i]
            for i, part in enumerate(parts)
            for state in network.layers[0].cell.states
        }
    trace = network.forward(model.weights, network.batch(rows, initial=initial))
    for row, length in enumerate(lengths):
        expected = arrays["output"][:length, row]
        top = trace[f"layer{len(network.layers) - 1}/output"]
        assert np.allclose(top[:length, row], expected, rtol=0, atol=1e-12)
    for state in network.layers[0].cell.states:
        for i, part in enumerate(parts):
            assert np.allclose(trace.final(f"{part}/{state}"), arrays[f"{state}_n"][i], atol=1e-12)


@pytest.mark.parametrize("case", LAYER_CASES[::3])
def test_both_biases_are_kept_and_come_out_as_they_were(case: str, tmp_path: Path) -> None:
    tensors = stored(case)
    save_file(tensors, tmp_path / "in.safetensors")
    relu = load(case)[0]["variant"] == "relu"
    model = only(read_safetensors(tmp_path / "in.safetensors")).model(relu=relu)
    assert all(layer.cell.name.endswith("+d") for layer in model.network.layers)
    write_safetensors(model, tmp_path / "out.safetensors")
    written = load_file(tmp_path / "out.safetensors")
    assert {name.removeprefix("rnn."): a.tolist() for name, a in written.items()} == {
        name: a.tolist() for name, a in tensors.items()
    }


def test_a_second_bias_of_zeros_needs_no_second_symbol(tmp_path: Path) -> None:
    tensors = stored("nn_lstm_1_layer_forward_equal")
    tensors["bias_hh_l0"][:] = 0.0
    save_file(tensors, tmp_path / "m.safetensors")
    model = only(read_safetensors(tmp_path / "m.safetensors")).model()
    assert model.network.layers[0].cell.name == "lstm"


@pytest.mark.parametrize("kind", ["rnn_tanh", "lstm", "gru"])
def test_layers_without_biases_have_biases_of_zero(kind: str, tmp_path: Path) -> None:
    tensors = stored(f"nn_{kind}_1_layer_forward_equal")
    save_file({n: a for n, a in tensors.items() if "bias" not in n}, tmp_path / "m.safetensors")
    model = only(read_safetensors(tmp_path / "m.safetensors")).model()
    biases = [a for path, a in model.weights.items() if path.split("/")[-1][0] in "bd"]
    assert biases
    assert not any(a.any() for a in biases)
    assert model.weights["layer0/forward/" + model.network.layers[0].cell.parameters[0].name].any()


def test_a_single_cell_is_a_layer(tmp_path: Path) -> None:
    tensors = stored("nn_gru_1_layer_forward_equal", "net.gru_cell.")
    tensors = {name.removesuffix("_l0"): array for name, array in tensors.items()}
    save_file(tensors, tmp_path / "m.safetensors")
    found = only(read_safetensors(tmp_path / "m.safetensors"))
    assert found.name == "net.gru_cell"
    assert found.model().network.layers[0].cell.name == "gru_pytorch+d"


# ---------------------------------------------------------------------------- what stands around


def around(**more: Any) -> dict[str, Any]:
    """A bidirectional LSTM of 5 units a direction that reads 4, with what `more` adds."""
    rng = np.random.default_rng(0)
    shapes = {name: rng.normal(size=shape) for name, shape in more.items()}
    tensors = {name.replace("__", "."): array for name, array in shapes.items()}
    return stored("nn_lstm_1_layer_bidirectional_equal", "lstm.") | tensors


def read_one(tensors: dict[str, Any], folder: Path, **choices: Any) -> Any:
    save_file(tensors, folder / "m.safetensors")
    return only(read_safetensors(folder / "m.safetensors")).model(**choices)


def test_an_embedding_and_a_linear_layer_are_found_by_shape(tmp_path: Path) -> None:
    tensors = around(words__weight=(9, 4), out__weight=(3, 10), out__bias=(3,), odd__weight=(3, 7))
    model = read_one(tensors, tmp_path, form="many-to-one")
    assert model.network.input == Tokens(9, 4)
    assert model.network.head == Softmax(3)
    assert model.network.form == "many-to-one"
    assert np.array_equal(model.weights["embedding/E"], tensors["words.weight"])
    assert np.array_equal(model.weights["head/V"], tensors["out.weight"])
    assert np.array_equal(model.weights["head/d"], tensors["out.bias"])


def test_one_output_is_a_number_unless_the_caller_says_otherwise(tmp_path: Path) -> None:
    tensors = around(out__weight=(1, 10), out__bias=(1,))
    assert read_one(tensors, tmp_path).network.head == Regression(1)
    assert read_one(tensors, tmp_path, answers="classes").network.head == Softmax(1)


def test_of_several_that_fit_none_is_taken_without_a_choice(tmp_path: Path) -> None:
    tensors = around(a__weight=(9, 4), b__weight=(8, 4), c__weight=(2, 10), c__bias=(2,))
    model = read_one(tensors, tmp_path)
    assert model.network.input == Vectors(4)
    assert "a.weight, b.weight" in " ".join(model.notes)
    chosen = read_one(tensors, tmp_path, embedding="b.weight", head="")
    assert chosen.network.input == Tokens(8, 4)
    assert chosen.network.head is None
    with pytest.raises(EngineError, match=r"a\.weight"):
        read_one(tensors, tmp_path, embedding="none")


def test_an_embedding_and_a_linear_layer_of_one_width_are_told_apart(tmp_path: Path) -> None:
    case = stored("nn_lstm_2_layers_forward_equal", "l.")
    tensors = {n: a for n, a in case.items() if n.endswith("_l1")}
    tensors = {n.replace("_l1", "_l0"): a for n, a in tensors.items()}
    more = {"emb.weight": np.ones((6, 5)), "fc.weight": np.ones((2, 5))}
    model = read_one(tensors | more, tmp_path)
    assert model.network.input == Tokens(6, 5)
    assert model.network.head == Softmax(2)
    single = read_one(tensors | {"x.weight": np.ones((6, 5))}, tmp_path)
    assert single.network.input == Tokens(6, 5)
    assert single.network.head is None


def test_an_embedding_that_is_too_large_is_said(tmp_path: Path) -> None:
    model = read_one(around(words__weight=(65_537, 4)), tmp_path)
    assert model.network.input == Vectors(4)
    assert "words.weight has 65537 rows" in " ".join(model.notes)


def test_several_in_one_file_are_listed(tmp_path: Path) -> None:
    tensors = stored("nn_gru_1_layer_forward_equal", "encoder.")
    tensors |= stored("nn_lstm_2_layers_bidirectional_equal", "decoder.rnn.")
    save_file(tensors, tmp_path / "m.safetensors")
    found = {one.name: one for one in read_safetensors(tmp_path / "m.safetensors")}
    assert set(found) == {"encoder", "decoder.rnn"}
    assert found["decoder.rnn"].summary == (
        "LSTM, 2 layers of 5 units in both directions, reads vectors of 4"
    )
    assert len(found["encoder"].model().network.layers) == 1


def test_relu_is_a_choice_of_the_vanilla_cell_alone(tmp_path: Path) -> None:
    save_file(stored("nn_lstm_1_layer_forward_equal"), tmp_path / "m.safetensors")
    with pytest.raises(EngineError, match="relu"):
        only(read_safetensors(tmp_path / "m.safetensors")).model(relu=True)


# ----------------------------------------------------------------------------------- round trips


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("cell", samples.EVERY_CELL, ids=lambda c: c.name)
def test_every_cell_comes_back(cell: Cell, dtype: Any, tmp_path: Path) -> None:
    for number, model in enumerate(
        (samples.classifier(cell, "both", 2), samples.tagger(cell), samples.forecast(cell))
    ):
        file = tmp_path / f"{number}.safetensors"
        write_safetensors(model, file)
        found = only(read_safetensors(file))
        assert "rnnviz" in found.summary
        samples.assert_same(found.model(), model)
        assert found.model(dtype=dtype).weights.vector.dtype == dtype


@pytest.mark.parametrize("name", samples.variants())
def test_every_network_comes_back(name: str, tmp_path: Path) -> None:
    model = samples.variants()[name]
    write_safetensors(model, tmp_path / "m.safetensors")
    samples.assert_same(only(read_safetensors(tmp_path / "m.safetensors")).model(), model)


def test_initial_states_come_back(tmp_path: Path) -> None:
    plain_model = samples.tagger(samples.EVERY_CELL[2])
    states = {"layer0/backward/c": np.arange(4.0)}
    model = Model(plain_model.network, plain_model.weights, initial=states)
    write_safetensors(model, tmp_path / "m.safetensors")
    samples.assert_same(only(read_safetensors(tmp_path / "m.safetensors")).model(), model)


@pytest.mark.parametrize(
    "name", ["rnn", "rnn_relu+d", "lstm+d", "gru_pytorch", "gru_reset_after+d"]
)
def test_other_programs_read_the_same_function(name: str, tmp_path: Path) -> None:
    cell = next(c for c in samples.EVERY_CELL if c.name == name)
    model = samples.classifier(cell, "both", 2)
    write_safetensors(model, tmp_path / "m.safetensors")
    found = only(read_safetensors(plain(tmp_path / "m.safetensors")))
    again = found.model(form="many-to-one", relu="relu" in name)
    sequences = samples.inputs(model.network)  # type: ignore[arg-type]
    difference = samples.outputs(again, sequences) - samples.outputs(model, sequences)
    assert np.abs(difference).max() < 1e-14


def test_equal_models_give_equal_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_safetensors(samples.classifier(samples.EVERY_CELL[2]), tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_the_names_are_those_of_pytorch(tmp_path: Path) -> None:
    write_safetensors(samples.tagger(samples.EVERY_CELL[2]), tmp_path / "m.safetensors")
    written = load_file(tmp_path / "m.safetensors")
    assert set(written) == {
        "embedding.weight",
        "fc.weight",
        "fc.bias",
        *(
            f"rnn.{kind}_l0{way}"
            for kind in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
            for way in ("", "_reverse")
        ),
    }


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"hidden":4', '"hidden":5'),
        ('"hidden":4', '"hidden":1000000000'),
        ('"hidden":4', '"hidden":-4'),
        ('"cell":"lstm"', '"cell":"gru"'),
        ('"cell":"lstm"', '"cell":"lstm_1997"'),
        ('"cell":"lstm"', '"cell":"unknown"'),
        ('"format":1', '"format":2'),
        ('"format":1', '"format":1,"more":2'),
        ('"size":7', '"size":8'),
        ('["negative","positive"]', '["one"]'),
        ('{"format', '{"f'),
    ],
)
def test_a_description_that_does_not_fit_is_passed_over(old: str, new: str, tmp_path: Path) -> None:
    file = tmp_path / "m.safetensors"
    write_safetensors(samples.classifier(samples.EVERY_CELL[2]), file)
    raw = file.read_bytes()
    length = int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8 : 8 + length])
    assert old in header["__metadata__"]["rnnviz"]
    text = header["__metadata__"]["rnnviz"].replace(old, new)
    save_file(load_file(file), file, {"rnnviz": text})
    found = only(read_safetensors(file))
    assert found.exact is None
    assert "does not fit" in found.notes[0]
    assert found.model().network.layers[0].cell.name == "lstm"


# ------------------------------------------------------------------------------ PyTorch, if there


def test_pytorch_loads_what_we_write(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    from safetensors.torch import load_file as load_torch

    kinds = {"rnn": "RNN", "rnn_relu": "RNN", "lstm": "LSTM", "gru_pytorch": "GRU"}
    for name, kind in kinds.items():
        cell = next(c for c in samples.EVERY_CELL if c.name == name + "+d")
        model = samples.tagger(cell, "both", 2)
        write_safetensors(model, tmp_path / "m.safetensors")
        options = {"nonlinearity": "relu"} if name == "rnn_relu" else {}
        layer = getattr(torch.nn, kind)(3, 4, 2, bidirectional=True, **options).double()
        tensors = load_torch(tmp_path / "m.safetensors")
        own = {n.removeprefix("rnn."): t for n, t in tensors.items() if n.startswith("rnn.")}
        layer.load_state_dict(own)
        x = np.random.default_rng(2).normal(size=(5, 1, 3))
        with torch.no_grad():
            expected = layer(torch.from_numpy(x))[0].numpy()
        network = Network(Vectors(3), model.network.layers)
        of_layers = {p: a for p, a in model.weights.items() if p.startswith("layer")}
        weights = samples.weights(network).replace(of_layers)
        trace = network.forward(weights, network.batch(x[:, 0]))
        assert np.allclose(trace["layer1/output"], expected, rtol=0, atol=1e-12)


def test_half_precision_is_read(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    from safetensors.torch import save_file as save_torch

    layer = torch.nn.GRU(3, 4)
    for dtype in (torch.bfloat16, torch.float16):
        state = {name: t.to(dtype) for name, t in layer.state_dict().items()}
        save_torch(state, tmp_path / "m.safetensors")
        model = only(read_safetensors(tmp_path / "m.safetensors")).model()
        expected = state["weight_ih_l0"].float().numpy()[4:8]
        assert np.array_equal(model.weights["layer0/forward/W_z"], expected)


# --------------------------------------------------------------------------- wrong names and shapes


def broken(**changes: Any) -> dict[str, Any]:
    """The tensors of a GRU with some replaced; None leaves one out."""
    tensors = stored("nn_gru_2_layers_bidirectional_equal", "rnn.")
    for name, change in changes.items():
        array = tensors.pop(f"rnn.{name}", None)
        if change is not None:
            tensors[f"rnn.{name}"] = change(array)
    return tensors


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"weight_hr_l0": lambda _: np.ones((2, 5))}, "proj_size"),
        ({"weight_hh_l0": lambda a: np.ascontiguousarray(a.T)}, r"\(5, 15\)"),
        ({"weight_ih_l0": lambda a: np.ascontiguousarray(a.T)}, r"\(4, 15\)"),
        ({"weight_hh_l0": lambda a: a[:10]}, r"\(10, 5\)"),
        ({"weight_hh_l0": None}, "weight_hh is missing"),
        ({"bias_hh_l0": None}, "one of the two biases"),
        ({"bias_hh_l0": lambda a: a[:-1]}, "expected 15 rows"),
        ({"bias_hh_l0": lambda a: a[:, None]}, "expected 15 rows"),
        ({"weight_ih_l0": lambda _: np.ones((15, 0))}, "axes of 1 to 65536"),
        ({"weight_hh_l0": lambda _: np.ones((0, 0))}, "axes of 1 to 65536"),
        ({"weight_hh_l0": lambda _: np.ones((1, 1, 15, 5, 1))}, "at most 4 axes"),
        ({"weight_ih_l0": lambda _: np.ones((15, 70_000), np.float32)}, "axes of 1 to 65536"),
        ({"weight_hh_l0": lambda a: a.ravel()}, "expected a matrix"),
        (
            {"weight_ih_l1": lambda a: a[:, :5]},
            r"reads 5 units, the one below it gives 10|\(5, 10\)",
        ),
        ({"weight_ih_l0": lambda a: a.astype(np.int8)}, "I8"),
        (
            {
                "weight_hh_l0_raw": lambda _: np.ones((15, 5)),
                "weight_hh_l0": None,
            },
            "weight drop",
        ),
        (
            {
                f"{kind}_l1_reverse": None
                for kind in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
            },
            "layer 1 has no backward weights",
        ),
        (
            {
                f"{kind}_l1{way}": None
                for kind in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
                for way in ("", "_reverse")
            }
            | {
                "weight_ih_l7": lambda _: np.ones((15, 10)),
                "weight_hh_l7": lambda _: np.ones((15, 5)),
            },
            "layer 1 has no forward weights",
        ),
    ],
)
def test_what_is_wrong_is_named(changes: dict[str, Any], expected: str, tmp_path: Path) -> None:
    save_file(broken(**changes), tmp_path / "m.safetensors")
    with pytest.raises(FileError, match=expected) as caught:
        read_safetensors(tmp_path / "m.safetensors")
    assert str(caught.value).startswith("m.safetensors: ")


def test_one_broken_module_does_not_hide_another(tmp_path: Path) -> None:
    tensors = broken(weight_hr_l0=lambda _: np.ones((2, 5)))
    tensors |= stored("nn_lstm_1_layer_forward_equal", "good.")
    save_file(tensors, tmp_path / "m.safetensors")
    found = only(read_safetensors(tmp_path / "m.safetensors"))
    assert found.name == "good"
    assert "proj_size" in " ".join(found.notes)


def test_a_file_without_recurrent_layers_says_what_it_has(tmp_path: Path) -> None:
    save_file({"conv.weight": np.ones((2, 2))}, tmp_path / "m.safetensors")
    with pytest.raises(FileError, match=r"conv\.weight"):
        read_safetensors(tmp_path / "m.safetensors")


def test_nan_is_read_and_said(tmp_path: Path) -> None:
    tensors = stored("nn_gru_1_layer_forward_equal")
    tensors["weight_ih_l0"][0, 0] = np.nan
    save_file(tensors, tmp_path / "m.safetensors")
    assert "nan" in " ".join(only(read_safetensors(tmp_path / "m.safetensors")).notes)
