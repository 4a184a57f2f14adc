"""A real trained model: the voice detector silero-vad, fetched from its package."""

import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnviz.document.interchange.found import Found
from rnnviz.document.interchange.onnx_file import read_onnx
from rnnviz.document.interchange.safetensors_file import read_safetensors
from rnnviz.engine.network import Network
from tests.document.interchange.samples import Values

pytestmark = pytest.mark.network
onnx = pytest.importorskip("onnx")
ort = pytest.importorskip("onnxruntime")

PACKAGE = "silero-vad==6.2.3"
UNITS = 128


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("silero")
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "-q",
        "--no-deps",
        "-d",
        str(place),
        PACKAGE,
    ]
    subprocess.run(command, check=True)
    (wheel,) = place.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if name.endswith((".onnx", ".safetensors")):
                (place / Path(name).name).write_bytes(archive.read(name))
    return place


def run_here(found: Found, x: Values, h: Values, c: Values) -> dict[str, Values]:
    """The hidden states of one sequence `[time, units]`, and both last states."""
    model = found.model()
    assert isinstance(model.network, Network)
    given = {"layer0/forward/h": h, "layer0/forward/c": c}
    trace = model.network.forward(model.weights, model.network.batch(x, initial=given))
    return {
        "h": trace["layer0/output"][:, 0],
        "hn": trace.final("layer0/forward/h")[0],
        "cn": trace.final("layer0/forward/c")[0],
    }


def assert_close(found: dict[str, Values], expected: dict[str, Values]) -> None:
    for name, values in expected.items():
        assert np.abs(values).max() > 0.01
        assert np.abs(found[name] - values).max() < 1e-5


def test_the_one_lstm_of_the_sequence_model(folder: Path) -> None:
    file = folder / "silero_vad_16k_sequence.onnx"
    (found,) = read_onnx(file)
    assert "LSTM, 1 layer of 128 units" in found.summary
    whole = onnx.load(file)
    (lstm,) = (node for node in whole.graph.node if node.op_type == "LSTM")
    for name in (lstm.input[0], lstm.output[0]):
        whole.graph.output.append(
            onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None)
        )
    session = ort.InferenceSession(whole.SerializeToString(), providers=["CPUExecutionProvider"])
    rng = np.random.default_rng(1)
    fed: dict[str, Values] = {}
    for entry in session.get_inputs():
        shape = [n if isinstance(n, int) else 6 for n in entry.shape]
        if entry.name in ("h", "c"):
            shape = [1, 1, UNITS]
        elif len(shape) > 1:
            shape[0] = 1
        fed[entry.name] = rng.normal(0, 0.3, shape).astype(np.float32)
    wanted = [lstm.input[0], lstm.output[0], "hn", "cn"]
    x, y, hn, cn = session.run(wanted, fed)
    assert x.shape[1] == 1
    computed = run_here(found, x[:, 0], fed["h"][0, 0], fed["c"][0, 0])
    assert_close(computed, {"h": y[:, 0, 0], "hn": hn.reshape(-1), "cn": cn.reshape(-1)})


def bodies(graph: Any) -> Iterator[Any]:
    yield graph
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.type == onnx.AttributeProto.GRAPH:
                yield from bodies(attribute.g)


def alone(whole: list[Any], lstm: Any) -> Any:
    """An LSTM with the nodes that its weights come from, as a model of its own."""
    makers = {output: node for body in whole for node in body.node for output in node.output}
    used, todo = set(), list(lstm.input[1:4])
    while todo:
        name = todo.pop()
        used.add(name)
        todo += makers[name].input
    ordered = [node for body in whole for node in body.node if used & set(node.output)]
    x, h, c = lstm.input[0], lstm.input[5], lstm.input[6]
    value = onnx.helper.make_tensor_value_info
    kind = onnx.TensorProto.FLOAT
    graph = onnx.helper.make_graph(
        [*ordered, lstm],
        "alone",
        [value(name, kind, [None, 1, UNITS]) for name in (x, h, c)],
        [value(name, kind, None) for name in lstm.output],
    )
    return onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 16)])


def test_the_four_lstms_inside_the_branches(folder: Path) -> None:
    file = folder / "silero_vad.onnx"
    found = {one.name: one for one in read_onnx(file)}
    assert len(found) == 4
    rng = np.random.default_rng(2)
    seen = 0
    whole = list(bodies(onnx.load(file).graph))
    for body in whole:
        for lstm in (node for node in body.node if node.op_type == "LSTM"):
            seen += 1
            session = ort.InferenceSession(
                alone(whole, lstm).SerializeToString(), providers=["CPUExecutionProvider"]
            )
            x = rng.normal(size=(7, 1, UNITS)).astype(np.float32)
            h, c = rng.normal(size=(2, 1, 1, UNITS)).astype(np.float32)
            fed = {lstm.input[0]: x, lstm.input[5]: h, lstm.input[6]: c}
            y, hn, cn = session.run(None, fed)
            computed = run_here(found[lstm.name], x[:, 0], h[0, 0], c[0, 0])
            assert_close(computed, {"h": y[:, 0, 0], "hn": hn[0, 0], "cn": cn[0, 0]})
    assert seen == 4


def test_the_cell_of_the_safetensors_file(folder: Path) -> None:
    (found,) = read_safetensors(folder / "silero_vad_16k.safetensors")
    assert found.name == "lstm_cell"
    assert found.model().network.layers[0].cell.name == "lstm+d"
    torch = pytest.importorskip("torch")
    from safetensors.torch import load_file

    cell = torch.nn.LSTMCell(UNITS, UNITS)
    tensors = load_file(folder / "silero_vad_16k.safetensors")
    prefix = "lstm_cell."
    own = {n.removeprefix(prefix): t for n, t in tensors.items() if n.startswith(prefix)}
    cell.load_state_dict(own)
    torch.manual_seed(3)
    h, c = torch.randn(2, 1, UNITS)
    x = torch.randn(5, 1, UNITS)
    computed = run_here(found, x[:, 0].numpy(), h[0].numpy(), c[0].numpy())
    for step in range(len(x)):
        h, c = cell(x[step], (h, c))
        assert np.abs(computed["h"][step] - h[0].detach().numpy()).max() < 1e-5
