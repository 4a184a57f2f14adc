"""ONNX: what onnxruntime computes from a file and what we compute from it, both ways round."""

import itertools
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnviz.document.errors import FileError
from rnnviz.document.interchange.found import Found
from rnnviz.document.interchange.model import ExportError, Model
from rnnviz.document.interchange.onnx_file import read_onnx
from rnnviz.document.interchange.onnx_writing import write_onnx
from rnnviz.engine.cell import Cell
from rnnviz.engine.inputs import Tokens
from rnnviz.engine.layers import Direction, Layer
from rnnviz.engine.network import Network
from tests.document.interchange import samples

onnx = pytest.importorskip("onnx")
ort = pytest.importorskip("onnxruntime")

HELD = tuple(c for c in samples.EVERY_CELL if not c.name.startswith("lstm_1997"))
TOLERANCE = 2e-6
REFUSED = {
    "mixed": "LSTM of 1997",
    "single step": "LSTM of 1997",
    "unshared": "each step",
    "own cell": "Leaky unit",
    "translator": "encoder-decoder",
    "attention": "encoder-decoder",
}


def only(found: list[Found]) -> Found:
    (one,) = found
    return one


def computed(file: Path, sequences: Any) -> dict[str, samples.Values]:
    """All outputs of the file, by onnxruntime."""
    session = ort.InferenceSession(file.read_bytes(), providers=["CPUExecutionProvider"])
    (entry,) = session.get_inputs()
    x = np.stack(sequences, axis=1)
    x = x.astype(np.int64 if entry.name == "tokens" else np.float32)
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(None, {entry.name: x}), strict=True))


def assert_computes(model: Model, file: Path) -> None:
    """The file gives in onnxruntime what the engine gives."""
    network = model.network
    assert isinstance(network, Network)
    sequences = samples.inputs(network)
    found = computed(file, sequences)["hidden" if network.head is None else "outputs"]
    expected = samples.outputs(model, sequences)
    expected = expected[0] if network.single else expected
    assert found.shape == expected.shape
    assert np.abs(expected).max() > 0.05
    assert np.abs(found - expected).max() < TOLERANCE


# ------------------------------------------------------------------------------------- writing


@pytest.mark.parametrize("direction", ["forward", "backward", "both"])
@pytest.mark.parametrize("cell", HELD, ids=lambda c: c.name)
def test_every_cell_computes_the_same_in_onnxruntime(
    cell: Cell, direction: Direction, tmp_path: Path
) -> None:
    for model in (
        samples.classifier(cell, direction, 2),
        samples.tagger(cell, direction),
        samples.forecast(cell, direction),
    ):
        write_onnx(model, tmp_path / "m.onnx")
        onnx.checker.check_model(str(tmp_path / "m.onnx"), full_check=True)
        assert_computes(model, tmp_path / "m.onnx")


@pytest.mark.parametrize("name", samples.variants())
def test_every_network_computes_the_same_or_is_refused(name: str, tmp_path: Path) -> None:
    model = samples.variants()[name]
    if name in REFUSED:
        with pytest.raises(ExportError, match=REFUSED[name]):
            write_onnx(model, tmp_path / "m.onnx")
        assert not list(tmp_path.iterdir())
        return
    write_onnx(model, tmp_path / "m.onnx")
    assert_computes(model, tmp_path / "m.onnx")


def test_layers_of_different_cells_and_sizes(tmp_path: Path) -> None:
    cells = [c for c in HELD if c.name in ("gru", "lstm_peephole+d", "rnn_relu")]
    ways: tuple[Direction, ...] = ("both", "backward", "forward")
    layers = tuple(Layer(cell, 3, way) for cell, way in zip(cells, ways, strict=True))
    model = samples.model(Network(Tokens(len(samples.WORDS), 3), layers, None, "many-to-one"))
    write_onnx(model, tmp_path / "m.onnx")
    assert_computes(model, tmp_path / "m.onnx")


def test_initial_states_are_written(tmp_path: Path) -> None:
    plain = samples.tagger(next(c for c in HELD if c.name == "lstm+d"))
    states = {"layer0/backward/c": np.arange(4.0), "layer0/forward/h": -np.ones(4)}
    model = Model(plain.network, plain.weights, initial=states)
    write_onnx(model, tmp_path / "m.onnx", np.float64)
    samples.assert_same(only(read_onnx(tmp_path / "m.onnx")).model(), model)
    write_onnx(model, tmp_path / "m.onnx")
    again = only(read_onnx(without_description(tmp_path / "m.onnx"))).model()
    for path, value in states.items():
        assert np.array_equal(again.initial[path], value)
    network = model.network
    assert isinstance(network, Network)
    sequences = samples.inputs(network)
    rows = {path: np.tile(value, (3, 1)) for path, value in states.items()}
    batch = network.batch(sequences, initial=rows)
    expected = network.forward(model.weights, batch).logits
    assert expected is not None
    found = computed(tmp_path / "m.onnx", sequences)["outputs"]
    assert np.abs(found - expected).max() < TOLERANCE


def test_predictions_are_probabilities_and_a_crf_keeps_its_scores(tmp_path: Path) -> None:
    model = samples.tagger(HELD[0])
    write_onnx(model, tmp_path / "m.onnx")
    sequences = samples.inputs(model.network)  # type: ignore[arg-type]
    found = computed(tmp_path / "m.onnx", sequences)
    assert set(found) == {"outputs", "predictions"}
    assert np.allclose(found["predictions"].sum(axis=-1), 1.0, atol=1e-6)
    crf = samples.variants()["crf"]
    write_onnx(crf, tmp_path / "crf.onnx")
    found = computed(tmp_path / "crf.onnx", sequences)
    assert set(found) == {"outputs", "transitions", "start", "end"}
    assert np.allclose(found["transitions"], crf.weights["head/A"])


@pytest.mark.parametrize("cell", HELD, ids=lambda c: c.name)
def test_every_cell_comes_back_to_the_last_bit(cell: Cell, tmp_path: Path) -> None:
    for model in (samples.classifier(cell, "both", 2), samples.forecast(cell)):
        write_onnx(model, tmp_path / "m.onnx", np.float64)
        samples.assert_same(only(read_onnx(tmp_path / "m.onnx")).model(), model)


@pytest.mark.parametrize("name", sorted(set(samples.variants()) - set(REFUSED)))
def test_every_network_comes_back_to_the_last_bit(name: str, tmp_path: Path) -> None:
    model = samples.variants()[name]
    write_onnx(model, tmp_path / "m.onnx", np.float64)
    samples.assert_same(only(read_onnx(tmp_path / "m.onnx")).model(), model)


def test_equal_models_give_equal_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_onnx(samples.classifier(HELD[2]), tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


# ----------------------------------------------------- reading what any other program might write


def without_description(file: Path) -> Path:
    model = onnx.load(file)
    del model.metadata_props[:]
    other = file.with_name("plain.onnx")
    onnx.save(model, other)
    return other


@pytest.mark.parametrize("cell", HELD, ids=lambda c: c.name)
def test_without_our_description_the_same_function_is_read(cell: Cell, tmp_path: Path) -> None:
    for make in (samples.classifier, samples.tagger):
        model = make(cell, "both", 2)
        write_onnx(model, tmp_path / "m.onnx", np.float64)
        again = only(read_onnx(without_description(tmp_path / "m.onnx"))).model()
        assert len(again.network.layers) == 2
        assert again.network.form == model.network.form
        assert again.network.head == model.network.head
        sequences = samples.inputs(model.network)  # type: ignore[arg-type]
        difference = samples.outputs(again, sequences) - samples.outputs(model, sequences)
        assert np.abs(difference).max() < 1e-13


@pytest.mark.parametrize(
    ("old", "new"),
    [('"hidden":4', '"hidden":5'), ('"cell":"lstm"', '"cell":"gru"'), ('"format":1', '"format":9')],
)
def test_a_description_that_does_not_fit_is_passed_over(old: str, new: str, tmp_path: Path) -> None:
    cell = next(c for c in HELD if c.name == "lstm")
    write_onnx(samples.classifier(cell), tmp_path / "m.onnx")
    model = onnx.load(tmp_path / "m.onnx")
    assert old in model.metadata_props[0].value
    model.metadata_props[0].value = model.metadata_props[0].value.replace(old, new)
    onnx.save(model, tmp_path / "m.onnx")
    found = only(read_onnx(tmp_path / "m.onnx"))
    assert found.exact is None
    assert "does not fit" in " ".join(found.notes)
    assert found.model().network.layers[0].cell.name == "lstm"


OPERATORS: dict[str, tuple[str, int, dict[str, Any]]] = {
    "rnn": ("RNN", 1, {}),
    "relu": ("RNN", 1, {"activations": ["Relu"]}),
    "gru": ("GRU", 3, {}),
    "gru reset after": ("GRU", 3, {"linear_before_reset": 1}),
    "lstm": ("LSTM", 4, {}),
    "lstm peephole": ("LSTM", 4, {}),
    "lstm coupled": ("LSTM", 4, {"input_forget": 1}),
    "named": ("LSTM", 4, {"activations": ["sigmoid", "TANH", "Tanh"]}),
}
H, I = 3, 2  # noqa: E741 - the letters of ONNX's documentation


def node(
    kind: str, direction: str, dtype: Any = np.float32, **more: Any
) -> tuple[Any, dict[str, samples.Values]]:
    """A node with random weights in the order of ONNX's documentation, and the weights."""
    operator, gates, attributes = OPERATORS[kind]
    count = 2 if direction == "bidirectional" else 1
    rng = np.random.default_rng(sum(map(ord, kind + direction)))
    shapes = {"W": (gates * H, I), "R": (gates * H, H), "B": (2 * gates * H,)}
    if kind == "lstm peephole":
        shapes["P"] = (3 * H,)
    weights = {n: rng.normal(0, 0.6, (count, *shape)).astype(dtype) for n, shape in shapes.items()}
    given: dict[str, Any] = {"direction": direction, "hidden_size": H} | attributes | more
    if "way" in given:
        given["direction"] = given.pop("way")
    if "activations" in given:
        given["activations"] = given["activations"] * count
    inputs = ["X", "W", "R", "B", "", "", "", "P"] if "P" in weights else ["X", "W", "R", "B"]
    return onnx.helper.make_node(operator, inputs, ["Y", "Y_h"], name="it", **given), weights


def graph(nodes: list[Any], weights: dict[str, samples.Values], **more: Any) -> Any:
    """A model around some nodes that reads X and gives Y."""
    from onnx import TensorProto, helper, numpy_helper

    made = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info("X", TensorProto.FLOAT, ["T", "N", I])],
        [helper.make_tensor_value_info("Y", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(array, name) for name, array in weights.items()],
    )
    opset = [helper.make_opsetid("", 17), helper.make_opsetid("other", 1)]
    return helper.make_model(made, opset_imports=opset, ir_version=8, **more)


def read(made: Any, folder: Path) -> list[Found]:
    onnx.save(made, folder / "m.onnx")
    return read_onnx(folder / "m.onnx")


def run_node(found: Found, x: samples.Values) -> samples.Values:
    model = found.model()
    assert isinstance(model.network, Network)
    batch = model.network.batch(list(x.swapaxes(0, 1)))
    return model.network.forward(model.weights, batch)["layer0/output"]


@pytest.mark.parametrize("direction", ["forward", "reverse", "bidirectional"])
@pytest.mark.parametrize("kind", OPERATORS)
def test_gates_are_read_in_the_order_of_onnx(kind: str, direction: str, tmp_path: Path) -> None:
    it, weights = node(kind, direction)
    made = graph([it], weights)
    x = np.random.default_rng(1).normal(size=(5, 2, I)).astype(np.float32)
    session = ort.InferenceSession(made.SerializeToString(), providers=["CPUExecutionProvider"])
    found = only(read(made, tmp_path))
    assert found.name == "it"
    expected = session.run(["Y"], {"X": x})[0]
    expected = expected.transpose(0, 2, 1, 3).reshape(5, 2, -1)
    assert np.abs(run_node(found, x) - expected).max() < TOLERANCE


def backend_cases() -> dict[str, Any]:
    """The cases that the onnx package generates for its backends."""
    import importlib

    cases: dict[str, Any] = {}

    def collect(node: Any, inputs: Any, outputs: Any, name: str, **_: Any) -> None:
        cases[name] = (node, inputs, outputs)

    for family in ("rnn", "gru", "lstm"):
        module = importlib.import_module(f"onnx.backend.test.case.node.{family}")
        before, module.expect = module.expect, collect  # type: ignore[attr-defined]
        try:
            for thing in vars(module).copy().values():
                for export in (n for n in dir(thing) if n.startswith("export")):
                    getattr(thing, export)()
        finally:
            module.expect = before  # type: ignore[attr-defined]
    return cases


CASES = backend_cases()


def test_the_backend_cases_are_there() -> None:
    kinds = {case[0].op_type for case in CASES.values()}
    assert kinds == {"RNN", "GRU", "LSTM"}
    assert len(CASES) >= 13


@pytest.mark.parametrize("name", CASES)
def test_the_backend_cases_of_onnx(name: str, tmp_path: Path) -> None:
    made_node, inputs, outputs = CASES[name]
    arrays = dict(zip((n for n in made_node.input if n), inputs, strict=True))
    x = arrays.pop("X")
    weights = {n: a for n, a in arrays.items() if n != "sequence_lens"}
    if "sequence_lens" in arrays:
        weights["sequence_lens"] = arrays["sequence_lens"]
    found = only(read(graph([made_node], weights), tmp_path))
    model = found.model()
    network = model.network
    assert isinstance(network, Network)
    batch_first = any(a.name == "layout" and a.i for a in made_node.attribute)
    x = x if batch_first else x.swapaxes(0, 1)
    lengths = arrays.get("sequence_lens", np.full(len(x), x.shape[1]))
    trace = network.forward(
        model.weights, network.batch([row[:n] for row, n in zip(x, lengths, strict=True)])
    )
    named = dict(zip((n for n in made_node.output if n), outputs, strict=True))
    checked = 0
    for place, output in enumerate(made_node.output):
        if not output:
            continue
        checked += 1
        expected = named[output]
        if batch_first:
            expected = expected.swapaxes(0, 1) if place else expected.transpose(1, 2, 0, 3)
        state = network.layers[0].cell.states[max(place - 1, 0)]
        for i, direction in enumerate(network.layers[0].directions):
            path = f"layer0/{direction}/{state}"
            if place:
                assert np.allclose(trace.final(path), expected[i], rtol=0, atol=1e-6)
            else:
                assert np.allclose(trace[path], expected[:, i], rtol=0, atol=1e-6)
    assert checked


# ------------------------------------------------------------------- where constants come from


def constant(name: str, array: samples.Values) -> Any:
    return onnx.helper.make_node(
        "Constant", [], [name], value=onnx.numpy_helper.from_array(np.asarray(array))
    )


def makers(w: samples.Values) -> dict[str, tuple[list[Any], dict[str, samples.Values]]]:
    """Ways in which a graph may come by the constant `W`: nodes and initialisers."""
    make = onnx.helper.make_node
    top, bottom = np.split(w, [4], axis=1)
    ints = {
        name: np.array(values) for name, values in (("zero", [0]), ("three", [3]), ("one", [1]))
    }
    return {
        "constant": ([constant("W", w)], {}),
        "identity": ([make("Identity", ["a"], ["b"]), make("Identity", ["b"], ["W"])], {"a": w}),
        "transpose": ([make("Transpose", ["a"], ["W"], perm=[0, 2, 1])], {"a": w.swapaxes(1, 2)}),
        "transpose all": ([make("Transpose", ["a"], ["W"])], {"a": w.T}),
        "unsqueeze": ([make("Unsqueeze", ["a", "zero"], ["W"])], {"a": w[0], "zero": ints["zero"]}),
        "squeeze": ([make("Squeeze", ["a", "three"], ["W"])], {"a": w[..., None], **ints}),
        "concat": ([make("Concat", ["a", "b"], ["W"], axis=1)], {"a": top, "b": bottom}),
        "slice": (
            [make("Slice", ["a", "zero", "three", "one"], ["W"])],
            {"a": np.concatenate([w, w], axis=1), **ints, "three": np.array([w.shape[1]])},
        ),
        "slice backward": (
            [make("Slice", ["a", "last", "before", "one", "step"], ["W"])],
            {
                "a": np.ascontiguousarray(w[:, ::-1]),
                "last": np.array([-1]),
                "before": np.array([-(10**9)]),
                "one": ints["one"],
                "step": np.array([-1]),
            },
        ),
        "cast": ([make("Cast", ["a"], ["W"], to=1)], {"a": w.astype(np.float64)}),
        "half": ([make("Cast", ["a"], ["W"], to=1)], {"a": w.astype(np.float16)}),
        "reshape": (
            [make("Reshape", ["a", "shape"], ["W"])],
            {"a": w.reshape(w.shape[1], 1, -1), "shape": np.array([1, -1, w.shape[2]])},
        ),
    }


@pytest.mark.parametrize("maker", makers(np.zeros((1, 12, 2), np.float32)))
def test_weights_are_found_behind_nodes_that_only_move_them(maker: str, tmp_path: Path) -> None:
    made, weights = node("lstm", "forward")
    w = weights.pop("W")
    nodes, more = makers(w)[maker]
    model = graph([*nodes, made], weights | more)
    found = only(read(model, tmp_path))
    expected = w.astype(np.float16) if maker == "half" else w
    assert np.array_equal(found.model().weights["layer0/forward/W_o"], expected[0, H : 2 * H])
    x = np.random.default_rng(1).normal(size=(5, 2, I)).astype(np.float32)
    session = ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    assert np.abs(run_node(found, x) - session.run(["Y"], {"X": x})[0][:, 0]).max() < TOLERANCE


def test_weights_that_are_computed_are_named(tmp_path: Path) -> None:
    made, weights = node("gru", "forward")
    weights["a"] = weights.pop("R")
    model = graph([onnx.helper.make_node("Add", ["a", "a"], ["R"]), made], weights)
    with pytest.raises(FileError, match="R is computed by Add when the model runs"):
        read(model, tmp_path)


def body(nodes: list[Any], outputs: list[str], name: str = "body", **more: Any) -> Any:
    from onnx import TensorProto, helper

    values = [helper.make_tensor_value_info(o, TensorProto.FLOAT, None) for o in outputs]
    return helper.make_graph(nodes, name, more.get("inputs", []), values, more.get("held", []))


def hidden_in(place: str) -> Any:
    """A model with a GRU in a body; its weights stand outside."""
    from onnx import TensorProto, helper, numpy_helper

    made, weights = node("gru", "forward")
    flag = constant("flag", np.array(True))
    empty = body([constant("no", np.zeros((1, 1), np.float32))], ["no"], "empty")
    held = [numpy_helper.from_array(weights.pop("B"), "B")] if place != "function" else []
    inner = body([made], ["Y"], held=held)
    branch = helper.make_node("If", ["flag"], ["Y"], "if", then_branch=inner, else_branch=empty)
    if place == "if":
        return graph([flag, branch], weights)
    if place == "nested":
        outer = body([constant("flag", np.array(True)), branch], ["Y"], "outer")
        again = helper.make_node(
            "If", ["flag2"], ["Y"], "if2", then_branch=outer, else_branch=empty
        )
        return graph([constant("flag2", np.array(True)), again], weights)
    if place == "loop":
        step = helper.make_tensor_value_info("step", TensorProto.INT64, [])
        go = helper.make_tensor_value_info("go", TensorProto.BOOL, [])
        inner = body(
            [helper.make_node("Identity", ["go"], ["still"]), made],
            ["still", "Y"],
            inputs=[step, go],
            held=held,
        )
        inner.output[0].type.tensor_type.elem_type = TensorProto.BOOL
        return graph([flag, helper.make_node("Loop", ["", "flag"], ["Y"], body=inner)], weights)
    scanned = body(
        [made],
        ["Y"],
        inputs=[helper.make_tensor_value_info("X", TensorProto.FLOAT, None)],
        held=held,
    )
    scan = helper.make_node("Scan", ["X"], ["Y"], body=scanned, num_scan_inputs=1)
    return graph([scan], weights)


@pytest.mark.parametrize("place", ["if", "nested", "loop", "scan"])
def test_nodes_are_found_inside_bodies(place: str, tmp_path: Path) -> None:
    found = only(read(hidden_in(place), tmp_path))
    expected = node("gru", "forward")[1]
    model = found.model()
    assert np.array_equal(model.weights["layer0/forward/U_r"], expected["R"][0, H : 2 * H])
    assert np.array_equal(model.weights["layer0/forward/d_n"], expected["B"][0, -H:])


def test_a_node_in_a_function_is_named(tmp_path: Path) -> None:
    made, weights = node("gru", "forward")
    function = onnx.helper.make_function(
        "other", "F", list(made.input), ["Y"], [made], [onnx.helper.make_opsetid("", 17)]
    )
    call = onnx.helper.make_node("F", list(made.input), ["Y"], domain="other")
    with pytest.raises(FileError, match="W is given when the model runs"):
        read(graph([call], weights, functions=[function]), tmp_path)


# -------------------------------------------------------------------------- what is not supported


@pytest.mark.parametrize(
    ("kind", "more", "expected"),
    [
        ("lstm", {"clip": 3.0}, "clip=3"),
        ("gru", {"activations": ["HardSigmoid", "Tanh"]}, "activations=HardSigmoid, Tanh"),
        ("rnn", {"activations": ["Sigmoid"]}, "activations=Sigmoid"),
        ("lstm", {"activations": ["Sigmoid", "Tanh", "Relu"]}, "Relu"),
        ("lstm peephole", {"input_forget": 1}, "input_forget"),
        ("lstm", {"invented": 1}, "invented"),
        ("lstm", {"hidden_size": 4}, "hidden_size=4"),
        ("lstm", {"way": "sideways"}, "sideways"),
        ("lstm", {"way": "bidirectional"}, "expected 3 axes"),
    ],
)
def test_what_is_not_supported_is_named(
    kind: str, more: dict[str, Any], expected: str, tmp_path: Path
) -> None:
    made, weights = node(kind, "forward", **more)
    with pytest.raises(FileError, match=expected) as caught:
        read(graph([made], weights), tmp_path)
    assert "it: " in str(caught.value)


def test_two_directions_with_different_functions_are_named(tmp_path: Path) -> None:
    made, weights = node("rnn", "bidirectional")
    made.attribute.append(onnx.helper.make_attribute("activations", ["Tanh", "Relu"]))
    with pytest.raises(FileError, match="the same in both directions"):
        read(graph([made], weights), tmp_path)


def test_a_clip_that_cuts_nothing_is_no_clip(tmp_path: Path) -> None:
    made, weights = node("lstm", "forward", clip=float(np.finfo(np.float32).max))
    assert only(read(graph([made], weights), tmp_path)).layers[0].hidden == H


def test_one_node_that_cannot_be_read_does_not_hide_another(tmp_path: Path) -> None:
    bad, _ = node("lstm", "forward", clip=1.0)
    good, weights = node("lstm", "forward")
    bad.name, bad.output[0], bad.output[1] = "bad", "Z", "Z_h"
    found = only(read(graph([bad, good], weights), tmp_path))
    assert found.name == "it"
    assert "LSTM bad: clip=1" in " ".join(found.notes)


def test_states_from_outside_are_noted_and_constant_ones_kept(tmp_path: Path) -> None:
    from onnx import TensorProto, helper

    made, weights = node("lstm", "bidirectional")
    made.input.extend(["lengths", "h", "c"])
    state = np.stack([np.tile(np.arange(3.0), (4, 1)), np.zeros((4, 3))]).astype(np.float32)
    model = graph([made], weights | {"c": state})
    for name, kind in (("lengths", TensorProto.INT32), ("h", TensorProto.FLOAT)):
        model.graph.input.append(helper.make_tensor_value_info(name, kind, None))
    found = only(read(model, tmp_path))
    notes = " ".join(found.notes)
    assert "sequence_lens is given when the model runs" in notes
    assert "initial_h is given when the model runs" in notes
    assert "initial_c" not in notes
    assert {p: a.tolist() for p, a in found.model().initial.items()} == {
        "layer0/forward/c": [0.0, 1.0, 2.0]
    }
    state[0, 1] = 7.0
    with pytest.raises(FileError, match="another value for each row"):
        read(graph([made], weights | {"c": state, "h": state * 0, "lengths": state}), tmp_path)


def test_a_lone_node_of_another_domain_is_not_ours(tmp_path: Path) -> None:
    made, weights = node("lstm", "forward")
    made.domain = "other"
    with pytest.raises(FileError, match="no RNN, LSTM or GRU node"):
        read(graph([made], weights), tmp_path)
    made.op_type, made.domain = "DynamicQuantizeLSTM", "com.microsoft"
    with pytest.raises(FileError, match="DynamicQuantizeLSTM it is not an operator of ONNX"):
        read(graph([made], weights), tmp_path)


def test_an_embedding_that_does_not_fit_is_said(tmp_path: Path) -> None:
    made, weights = node("rnn", "forward")
    made.input[0] = "rows"
    gather = onnx.helper.make_node("Gather", ["E", "X"], ["rows"])
    for rows, expected in (
        (np.ones((9, I + 1), np.float32), r"E \(9, 3\) does not fit"),
        (np.ones((65_537, I), np.float32), "out of range"),
    ):
        found = only(read(graph([gather, made], weights | {"E": rows}), tmp_path))
        assert found.embeddings == ()
        assert re.search(expected, " ".join(found.notes))


def test_two_nodes_with_something_between_are_two_models(tmp_path: Path) -> None:
    first, weights = node("rnn", "forward")
    make = onnx.helper.make_node
    second = make("RNN", ["Z", "W2", "R"], ["Q"], "second", hidden_size=H)
    weights["W2"] = np.ones((1, H, H), np.float32)
    weights["axis"] = np.array([1])
    squeeze = make("Squeeze", ["Y", "axis"], ["S"])
    with_relu = [first, squeeze, make("Relu", ["S"], ["Z"]), second]
    assert len(read(graph(with_relu, weights), tmp_path)) == 2
    direct = [first, squeeze, make("Identity", ["S"], ["Z"]), second]
    assert len(only(read(graph(direct, weights), tmp_path)).layers) == 2


# ------------------------------------------------------------- what PyTorch's own exporter writes


@pytest.mark.parametrize(
    ("kind", "both", "last"),
    list(itertools.product(("RNN", "LSTM", "GRU"), (False, True), (False, True))),
)
@pytest.mark.filterwarnings("ignore")
def test_what_pytorch_exports_is_read_whole(
    kind: str, both: bool, last: bool, tmp_path: Path
) -> None:
    torch = pytest.importorskip("torch")

    class Net(torch.nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.emb = torch.nn.Embedding(9, 4)
            self.rnn = getattr(torch.nn, kind)(4, 5, 2, bidirectional=both, batch_first=True)
            self.out = torch.nn.Linear(10 if both else 5, 3)

        def forward(self, x: Any) -> Any:
            output, hidden = self.rnn(self.emb(x))
            if not last:
                return self.out(output)
            hidden = hidden[0] if kind == "LSTM" else hidden
            top = torch.cat([hidden[-2], hidden[-1]], 1) if both else hidden[-1]
            return self.out(top)

    torch.manual_seed(1)
    net, x = Net().eval(), torch.randint(0, 9, (2, 6))
    file = tmp_path / "m.onnx"
    torch.onnx.export(net, (x,), str(file), dynamo=False, opset_version=17)
    found = only(read_onnx(file))
    model = found.model()
    assert isinstance(model.network, Network)
    assert model.network.form == ("many-to-one" if last else "many-to-many")
    assert len(model.network.layers) == 2
    computed_here = samples.outputs(model, list(x.numpy()))
    expected = net(x).detach().numpy()
    found_outputs = computed_here[0] if last else computed_here.swapaxes(0, 1)
    assert np.abs(found_outputs - expected).max() < 1e-6
