"""The PyTorch module that we write compiles; where torch is there it computes the same."""

import ast
import importlib.util
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnviz.document.interchange.model import ExportError, Model
from rnnviz.document.interchange.torch_code import pytorch_code, write_pytorch
from rnnviz.engine import crf
from rnnviz.engine.cell import Cell, define
from rnnviz.engine.inputs import Vectors
from rnnviz.engine.layers import Direction, Layer
from rnnviz.engine.network import Network
from tests.document.interchange import samples

REFUSED = {"unshared": "each step", "translator": "encoder-decoder", "attention": "encoder-decoder"}
VARIANTS = samples.variants()


def run(model: Model, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The written module, loaded with its weights."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    write_pytorch(model, folder / "net.py")
    assert {file.name for file in folder.iterdir()} == {"net.py", "net.safetensors"}
    place = importlib.util.spec_from_file_location("net", folder / "net.py")
    assert place is not None
    assert place.loader is not None
    module = importlib.util.module_from_spec(place)
    place.loader.exec_module(module)
    return module.load()


def assert_computes(model: Model, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    torch = pytest.importorskip("torch")
    net = run(model, folder, monkeypatch)
    network = model.network
    assert isinstance(network, Network)
    sequences = samples.inputs(network)
    expected = samples.outputs(model, sequences)
    expected = expected[0] if network.single else expected.swapaxes(0, 1)
    with torch.no_grad():
        found = net(torch.from_numpy(np.stack(sequences))).numpy()
    assert found.shape == expected.shape
    assert np.abs(expected).max() > 0.05
    assert np.abs(found - expected).max() < 1e-13


@pytest.mark.parametrize("direction", ["forward", "backward", "both"])
@pytest.mark.parametrize("cell", samples.EVERY_CELL, ids=lambda c: c.name)
def test_every_cell_computes_the_same(
    cell: Cell, direction: Direction, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for model in (
        samples.classifier(cell, direction, 2),
        samples.tagger(cell, direction),
        samples.forecast(cell, direction),
    ):
        compile(pytorch_code(model), "net.py", "exec")
        assert_computes(model, tmp_path, monkeypatch)


@pytest.mark.parametrize("name", VARIANTS)
def test_every_network_computes_the_same_or_is_refused(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name in REFUSED:
        with pytest.raises(ExportError, match=REFUSED[name]):
            write_pytorch(VARIANTS[name], tmp_path / "net.py")
        assert not list(tmp_path.iterdir())
        return
    compile(pytorch_code(VARIANTS[name]), "net.py", "exec")
    assert_computes(VARIANTS[name], tmp_path, monkeypatch)


def test_initial_states_are_refused_by_name() -> None:
    model = samples.classifier(samples.EVERY_CELL[0])
    states = {"layer0/forward/h": np.ones(4)}
    with pytest.raises(ExportError, match="initial states"):
        pytorch_code(Model(model.network, model.weights, initial=states))


def test_the_classifier_is_that_of_the_lesson() -> None:
    """The module and the names of section 14 of the subject."""
    text = pytorch_code(samples.classifier(samples.EVERY_CELL[0], title="Sentiment"))
    for line in (
        "class RNNClassifier(nn.Module):",
        "self.embedding = nn.Embedding(vocab_size, embed_dim)",
        "self.rnn = nn.RNN(",
        "input_size=embed_dim,",
        "hidden_size=hidden_dim,",
        "batch_first=True,",
        "self.fc = nn.Linear(hidden_dim, num_classes)",
        "# x: [batch_size, seq_len]",
        "embedded = self.embedding(x)",
        "output, hidden = self.rnn(embedded)",
        "last_hidden = hidden[-1]",
        "logits = self.fc(last_hidden)",
        "return logits",
    ):
        assert line in text


def test_the_tagger_reads_every_output() -> None:
    text = pytorch_code(samples.tagger(samples.EVERY_CELL[2]))
    assert "class RNNTagger(nn.Module):" in text
    assert "output, (hidden, cell) = self.rnn(embedded)" in text
    assert "logits = self.fc(output)" in text


def test_a_crf_finds_the_best_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    torch = pytest.importorskip("torch")
    model = VARIANTS["crf"]
    net = run(model, tmp_path, monkeypatch)
    network = model.network
    assert isinstance(network, Network)
    sequences = samples.inputs(network, rows=9)
    emissions = samples.outputs(model, sequences)
    scores = crf.CRFParameters(*(model.weights[f"head/{n}"] for n in ("A", "start", "end")))
    expected = crf.viterbi(scores, emissions, np.full(9, len(emissions))).tags
    found = net.decode(torch.from_numpy(np.stack(sequences))).numpy()
    assert np.array_equal(found, expected.T)
    assert not np.array_equal(found, emissions.argmax(axis=2).T)


def test_a_generator_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    torch = pytest.importorskip("torch")
    model = VARIANTS["generator"]
    net = run(model, tmp_path, monkeypatch)
    found = net.generate(torch.tensor([[1, 2]]), 5).tolist()[0]
    assert found[:2] == [1, 2]
    for length in range(2, 7):
        logits = samples.outputs(model, np.array(found[:length]))
        assert found[length] == logits[-1, 0].argmax()


def test_the_module_runs_as_a_program(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    import subprocess

    write_pytorch(samples.classifier(samples.EVERY_CELL[2]), tmp_path / "net.py")
    command = [sys.executable, "-B", "net.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] in ("negative", "positive")


def test_single_precision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    torch = pytest.importorskip("torch")
    model = samples.model(samples.forecast(samples.EVERY_CELL[2]).network, np.float32)
    net = run(model, tmp_path, monkeypatch)
    x = np.random.default_rng(1).normal(size=(1, 5, 2)).astype(np.float32)
    with torch.no_grad():
        found = net(torch.from_numpy(x)).numpy()
    assert found.dtype == np.float32
    assert np.abs(found[0] - samples.outputs(model, list(x))[:, 0]).max() < 1e-6


# --------------------------------------------------------------------- words that want to be code

HOSTILE = (
    '"); import os; os.mkdir("canary"); ("',
    "'''\nimport os\nos.mkdir('canary')\n'''",
    '"""',
    "\\",
    "a\nb\r\u2028c",
    "\x00\x1b[31m",
    "\u202etxt.py",
)


def constants(tree: ast.AST) -> set[str]:
    return {
        n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)
    }


def test_words_stay_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = samples.classifier(samples.EVERY_CELL[2])
    for title in HOSTILE:
        model = Model(plain.network, plain.weights, HOSTILE, (HOSTILE[0], HOSTILE[1]), title)
        text = pytorch_code(model, f"{'x' * 5}{HOSTILE[0].replace('/', '')}.safetensors")
        tree = ast.parse(text)
        assert set(HOSTILE) <= constants(tree)
        names = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
        assert names == {"torch", "torch.nn"}
    if importlib.util.find_spec("torch") is not None:
        monkeypatch.chdir(tmp_path)
        (tmp_path / "out").mkdir()
        run(model, tmp_path / "out", monkeypatch)
        assert [file.name for file in tmp_path.iterdir()] == ["out"]


def own(name: str, title: str, equations: str, reference: str = "") -> Model:
    cell = define(name, title, equations, reference=reference)
    return samples.model(Network(Vectors(2), (Layer(cell, 3),)))


def test_a_cell_of_strangers_stays_a_comment() -> None:
    model = own("x\ny", HOSTILE[1], "h = tanh(W @ x + U @ h_prev)", HOSTILE[0])
    tree = ast.parse(pytorch_code(model))
    classes = {n.name for n in ast.walk(tree) if isinstance(n, ast.ClassDef)}
    assert classes == {"XYCell", "Steps", "RNNEncoder"}
    called = {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
    assert "mkdir" not in called


def test_symbols_that_mean_something_else_are_refused() -> None:
    for symbol in ("train", "torch", "half"):
        model = own("c", "C", f"h = tanh(W @ x + U @ h_prev + {symbol})")
        with pytest.raises(ExportError, match=symbol):
            pytorch_code(model)


def test_cells_of_like_names_have_classes_of_their_own() -> None:
    first = define("a-b", "A", "h = tanh(W @ x + U @ h_prev)")
    second = define("a+b", "B", "h = relu(W @ x + U @ h_prev)")
    third = define("爱", "C", "h = sigmoid(W @ x + U @ h_prev)")
    layers = tuple(Layer(cell, 2) for cell in (first, second, third))
    text = pytorch_code(samples.model(Network(Vectors(2), layers)))
    for name in ("class ABCell", "class Cell1", "class Cell2"):
        assert name in text
